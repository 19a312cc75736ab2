//! Whether the parts of the daemon still get on: each says so as it goes, and whoever watches the process asks.
//!
//! A part that waits for the network says for how long it may be silent, which its own deadlines bound. So one that hangs,
//! on a lock, on a disk that does not answer, in a loop without an end, is told from one that waits, and no timer that
//! merely runs beside it vouches for it.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// The parts of one daemon. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<Mutex<Vec<Weak<Part>>>>);

/// One part's own end: it tells, until it is dropped. Clones tell for the same part; the default tells nobody.
#[derive(Clone, Debug, Default)]
pub struct Beat(Option<Arc<Part>>);

/// A part that has said nothing for longer than it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// Its name.
    pub part: String,
    /// How long it has been expected.
    pub since: Duration,
}

#[derive(Debug)]
struct Part {
    name: String,
    /// When it was last heard, or when it will be at the latest.
    expected: Mutex<Instant>,
}

impl Pulse {
    /// A part that begins now.
    #[must_use]
    pub fn begin(&self, name: impl Into<String>) -> Beat {
        let part = Arc::new(Part {
            name: name.into(),
            expected: Mutex::new(Instant::now()),
        });
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.retain(|part| part.strong_count() > 0);
        parts.push(Arc::downgrade(&part));
        Beat(Some(part))
    }

    /// The part that has been silent longest beyond `limit`, if any has.
    #[must_use]
    pub fn silent_beyond(&self, limit: Duration) -> Option<Silent> {
        self.silent_at(Instant::now(), limit)
    }

    fn silent_at(&self, now: Instant, limit: Duration) -> Option<Silent> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = parts.iter().filter_map(Weak::upgrade).map(|part| Silent {
            since: now.saturating_duration_since(part.expected()),
            part: part.name.clone(),
        });
        silent
            .max_by_key(|one| one.since)
            .filter(|one| one.since > limit)
    }
}

impl Beat {
    /// It gets on.
    pub fn now(&self) {
        self.silent_for(Duration::ZERO);
    }

    /// It gets on, and what it does next may take so long.
    pub fn silent_for(&self, longest: Duration) {
        self.expect_by(Instant::now() + longest);
    }

    fn expect_by(&self, expected: Instant) {
        if let Some(part) = &self.0 {
            *part.lock() = expected;
        }
    }
}

impl Part {
    fn expected(&self) -> Instant {
        *self.lock()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_mins(1);

    /// So many seconds after the parts began.
    fn at(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn a_part_that_says_nothing_is_named_and_the_others_do_not_speak_for_it() {
        let pulse = Pulse::default();
        let (sending, answering) = (pulse.begin("sending"), pulse.begin("answering"));
        assert_eq!(pulse.silent_at(at(50), LIMIT), None);
        answering.expect_by(at(50));
        let silent = pulse.silent_at(at(100), LIMIT).unwrap();
        assert_eq!(
            (silent.part.as_str(), silent.since.as_secs()),
            ("sending", 100)
        );
        sending.expect_by(at(100));
        assert_eq!(pulse.silent_at(at(105), LIMIT), None);
    }

    #[test]
    fn a_wait_that_was_announced_is_no_silence_until_it_is_over() {
        let pulse = Pulse::default();
        let reading = pulse.begin("reading");
        reading.silent_for(Duration::from_secs(90));
        assert_eq!(pulse.silent_at(at(149), LIMIT), None);
        assert_eq!(pulse.silent_at(at(152), LIMIT).unwrap().since.as_secs(), 62);
        reading.now();
        assert!(
            pulse.silent_at(at(152), LIMIT).is_some(),
            "it was heard earlier than it had to be"
        );
    }

    #[test]
    fn a_part_that_has_ended_is_not_waited_for() {
        let pulse = Pulse::default();
        let reading = pulse.begin("reading");
        let clone = reading.clone();
        drop(reading);
        assert!(
            pulse.silent_at(at(61), LIMIT).is_some(),
            "a clone is the same part"
        );
        drop(clone);
        assert_eq!(pulse.silent_at(at(61), LIMIT), None);
        Beat::default().now();
    }
}
