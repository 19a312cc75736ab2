//! What documents changed of a plan within some days, so that the totals of two digests add up.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Account, Span};
use crate::domain::history::{Uncounted, at_end_of, first_day_of, plan_day_of};

/// How many obligations documents changed, as each stood at the end of the days beside how it stood before them: what was
/// changed and changed back in between is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Amended {
    /// The plan's own day is another.
    pub moved: usize,
    /// Held.
    pub suspended: usize,
    /// No longer held, ended, or given away.
    pub resumed: usize,
    /// Ended.
    pub cancelled: usize,
    /// Given to another agency.
    pub transferred: usize,
    /// Given back to the agency whose it was.
    pub given_back: usize,
    /// Not there before: added to the plan, or taken over from another agency.
    pub taken: usize,
    /// Has a day now that its event has come.
    pub begun: usize,
}

/// What documents changed within these days.
#[must_use]
pub fn amended(accounts: &[Account<'_>], span: Span) -> Amended {
    let mut all = Amended::default();
    for Account {
        obligation,
        entries,
    } in accounts
    {
        if entries.iter().all(|entry| entry.amends.is_none()) {
            continue;
        }
        let state = |day| at_end_of(obligation, entries, day).uncounted(obligation.kind, true);
        let plan_day = |day: NaiveDate| {
            let first = first_day_of(obligation, entries, day);
            first.map(|first| plan_day_of(first, entries, day))
        };
        let within = |on: NaiveDate| on > span.since && on <= span.until;
        let is_new = entries.iter().any(|entry| entry.begins && within(entry.on));
        let (was, is) = (state(span.since), state(span.until));
        let count = match (was, is) {
            (_, None | Some(Uncounted::Continuous)) if is_new => &mut all.taken,
            (was, is) if was == is => {
                let is_moved = is.is_none() && plan_day(span.since) != plan_day(span.until);
                all.moved += usize::from(is_moved);
                continue;
            }
            // It goes back to whoever owed it, or came and went between two digests.
            (None, Some(Uncounted::Ungiven)) => &mut all.given_back,
            (_, Some(Uncounted::Ungiven)) => continue,
            (_, Some(Uncounted::Suspended)) => &mut all.suspended,
            (_, Some(Uncounted::Cancelled)) => &mut all.cancelled,
            (_, Some(Uncounted::Transferred)) => &mut all.transferred,
            (Some(Uncounted::Asleep), None) => &mut all.begun,
            (Some(was), _) if was.is_held() => &mut all.resumed,
            _ => continue,
        };
        *count += 1;
    }
    all
}
