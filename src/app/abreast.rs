//! Whether everything that people wrote while nothing ran has been fetched and dealt with: only then is a morning planned,
//! so that nobody is reminded of what was answered, and the brief and the digest of one morning say the same.
//!
//! It is waited for, not insisted on: a provider that cannot be reached holds up no morning.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a morning waits for what may have been answered.
const PATIENCE: Duration = Duration::from_secs(20);

/// Which channels still bring what waited there when the daemon started. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Abreast(Arc<Mutex<Behind>>);

#[derive(Debug, Default)]
struct Behind {
    /// The names of the readers that have not fetched everything yet.
    readers: BTreeSet<String>,
    /// When somebody first wanted to know it.
    asked_at: Option<Instant>,
}

/// One reader's own end: it is behind until it says otherwise or is dropped. The default is not behind.
#[derive(Debug, Default)]
pub struct Fetching(Option<(Abreast, String)>);

impl Abreast {
    /// A reader that has fetched nothing yet.
    pub(super) fn begin(&self, name: String) -> Fetching {
        self.behind().readers.insert(name.clone());
        Fetching(Some((self.clone(), name)))
    }

    /// Whether to wait a little longer: a reader is behind, or what it brought `is_undone`, and patience has not ended.
    pub(super) fn is_awaited(&self, is_undone: bool) -> bool {
        self.is_awaited_at(is_undone, Instant::now())
    }

    fn is_awaited_at(&self, is_undone: bool, now: Instant) -> bool {
        let mut behind = self.behind();
        if behind.readers.is_empty() && !is_undone {
            behind.asked_at = None;
            return false;
        }
        let asked_at = *behind.asked_at.get_or_insert(now);
        let is_patient = now.saturating_duration_since(asked_at) < PATIENCE;
        if !is_patient {
            // Said once; the next morning has patience of its own.
            behind.asked_at = None;
            let readers: Vec<_> = std::mem::take(&mut behind.readers).into_iter().collect();
            tracing::warn!(
                readers = readers.join(" "),
                is_undone,
                "not everything that people may have written could be read: the day is planned without it"
            );
        }
        is_patient
    }

    fn behind(&self) -> std::sync::MutexGuard<'_, Behind> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fetching {
    /// Whether it is still behind.
    pub(super) fn is_behind(&self) -> bool {
        self.0.is_some()
    }

    /// All that waited has been fetched, or it is not this reader's to fetch.
    pub(super) fn is_over(&mut self) {
        if let Some((abreast, name)) = self.0.take() {
            abreast.behind().readers.remove(&name);
        }
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.is_over();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_morning_waits_until_every_reader_has_fetched_and_all_is_dealt_with() {
        let abreast = Abreast::default();
        assert!(!abreast.is_awaited(false), "nothing is read");
        let mut telegram = abreast.begin("telegram:1".to_owned());
        let mailbox = abreast.begin("imap:1".to_owned());
        assert!(abreast.is_awaited(false));
        telegram.is_over();
        assert!(abreast.is_awaited(false));
        drop(mailbox);
        assert!(abreast.is_awaited(true), "what came in is not dealt with");
        assert!(!abreast.is_awaited(false));
    }

    #[test]
    fn a_reader_that_brings_nothing_holds_up_no_morning_for_long() {
        let abreast = Abreast::default();
        let fetching = abreast.begin("telegram:1".to_owned());
        let start = Instant::now();
        assert!(abreast.is_awaited_at(false, start));
        assert!(abreast.is_awaited_at(false, start + PATIENCE / 2));
        assert!(!abreast.is_awaited_at(false, start + PATIENCE));
        let next_day = start + PATIENCE * 100;
        assert!(!abreast.is_awaited_at(false, next_day), "it was given up");
        assert!(abreast.is_awaited_at(true, next_day));
        assert!(!abreast.is_awaited_at(true, next_day + PATIENCE));
        assert!(fetching.is_behind());
    }
}
