//! A whole account that must be silent for a while: its quota is used up, or it was told to wait.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::email::Room;
use crate::domain::delivery::Outcome;

/// Silence, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    /// For so long.
    pub(super) wait: Duration,
    /// Why, for the operator.
    pub(super) reason: String,
}

/// Whether the account is held. Asking message by message would only use up tries.
#[derive(Debug, Default)]
pub(super) struct Held {
    until: Mutex<Option<(Instant, String)>>,
}

impl Held {
    /// Begins a hold, says so to the operator once, and gives the outcome of the message that met it.
    pub(super) fn begin(&self, hold: Hold) -> Outcome {
        tracing::error!(seconds = hold.wait.as_secs(), "{}", hold.reason);
        *self.lock() = Some((Instant::now() + hold.wait, hold.reason.clone()));
        told_to_wait(hold.wait, hold.reason)
    }

    /// How much may be handed over now: nothing while the account is held.
    pub(super) fn room(&self) -> Room {
        match self.left() {
            Some((wait, _)) => Room::Shut { wait },
            None => Room::Free,
        }
    }

    /// The outcome of a message while the account is held.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.left().map(|(wait, reason)| told_to_wait(wait, reason))
    }

    /// How much longer, and why.
    fn left(&self) -> Option<(Duration, String)> {
        let mut until = self.lock();
        let (end, reason) = until.as_ref()?;
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            *until = None;
            return None;
        }
        Some((left, reason.clone()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Instant, String)>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told_to_wait(wait: Duration, reason: String) -> Outcome {
    Outcome::Retry {
        after: Some(wait),
        reason,
    }
}
