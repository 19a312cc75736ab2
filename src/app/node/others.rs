//! What this node has seen of the leases of others, by the clock that nobody sets.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::duty::Duty;
use crate::store::leases::Lease;

/// How long a duty is left alone that another node has.
const LEFT_ALONE: Duration = Duration::from_secs(2);

/// The leases of others, as they were seen.
#[derive(Debug, Default)]
pub(super) struct Others {
    seen: HashMap<Duty, Seen>,
}

#[derive(Debug)]
struct Seen {
    lease: Lease,
    /// Since when it has stood as it stands.
    since: Instant,
    /// When it was looked at last.
    at: Instant,
}

impl Others {
    /// Another node has this lease.
    pub(super) fn saw(&mut self, duty: &Duty, lease: &Lease, at: Instant) {
        let before = self.seen.remove(duty).filter(|seen| seen.lease == *lease);
        let since = before.map_or(at, |seen| seen.since);
        let lease = lease.clone();
        self.seen.insert(duty.clone(), Seen { lease, since, at });
    }

    /// It has it no more.
    pub(super) fn forget(&mut self, duty: &Duty) {
        self.seen.remove(duty);
    }

    /// Whether it was asked for a moment ago.
    pub(super) fn are_left_alone(&self, duty: &Duty, now: Instant) -> bool {
        let seen = self.seen.get(duty);
        seen.is_some_and(|seen| now < seen.at + LEFT_ALONE)
    }

    /// The end of a lease that has stood still for as long as it lasts: nobody renews it, and an end that lies ahead is that
    /// of a clock that was.
    pub(super) fn still(&self, duty: &Duty, now: Instant) -> Option<DateTime<Utc>> {
        let seen = self.seen.get(duty)?;
        let lasts = seen.lease.lasts().to_std().unwrap_or_default();
        (seen.since + lasts <= now).then_some(seen.lease.held_until)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// A lease of 25 seconds that was renewed so many seconds after the beginning of time, by its holder's clock.
    fn lease(renewed: i64) -> Lease {
        Lease {
            name: "day".into(),
            owner: "a".into(),
            held_until: DateTime::UNIX_EPOCH + TimeDelta::seconds(renewed + 25),
            lasts_ms: 25_000,
        }
    }

    #[test]
    fn one_that_stands_still_for_as_long_as_it_lasts_is_nobodys() {
        let (mut others, begin) = (Others::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(others.still(&Duty::Day, at(100)), None, "never seen");
        for seconds in [0, 10, 24] {
            others.saw(&Duty::Day, &lease(3600), at(seconds));
            assert_eq!(others.still(&Duty::Day, at(seconds)), None);
        }
        assert_eq!(others.still(&Duty::Desk, at(25)), None);
        let end = lease(3600).held_until;
        assert_eq!(others.still(&Duty::Day, at(25)), Some(end));
        others.forget(&Duty::Day);
        assert_eq!(others.still(&Duty::Day, at(25)), None);
    }

    #[test]
    fn one_that_is_renewed_stays_its_holders_however_wrong_the_clock_is() {
        let (mut others, begin) = (Others::default(), Instant::now());
        for round in 0..30_u32 {
            let at = begin + 3 * round * Duration::from_secs(1);
            assert_eq!(others.still(&Duty::Day, at), None);
            others.saw(&Duty::Day, &lease(86_400 + 3 * i64::from(round)), at);
        }
    }

    #[test]
    fn what_another_has_is_asked_for_again_after_a_moment() {
        let (mut others, now) = (Others::default(), Instant::now());
        assert!(!others.are_left_alone(&Duty::Day, now));
        others.saw(&Duty::Day, &lease(0), now);
        assert!(others.are_left_alone(&Duty::Day, now + LEFT_ALONE / 2));
        assert!(!others.are_left_alone(&Duty::Day, now + LEFT_ALONE));
    }
}
