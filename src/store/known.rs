//! Up to when something is known: what is told of a past day knows nothing of what came after it.

use chrono::{DateTime, Utc};

/// An instant in the past, or now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    by: DateTime<Utc>,
    morning: DateTime<Utc>,
}

/// Later than anything that is stored.
const NEVER: DateTime<Utc> = DateTime::from_timestamp(253_402_214_400, 0).unwrap();

impl Known {
    /// All that is stored.
    pub const NOW: Self = Self {
        by: NEVER,
        morning: NEVER,
    };

    /// What was known at that instant, of a day that began on `morning`.
    #[must_use]
    pub fn by(instant: DateTime<Utc>, morning: DateTime<Utc>) -> Self {
        Self {
            by: instant,
            morning,
        }
    }

    /// Whether that is all that is stored.
    #[must_use]
    pub fn is_now(self) -> bool {
        self == Self::NOW
    }

    /// Whether what happened then is known.
    #[must_use]
    pub fn has(self, at: DateTime<Utc>) -> bool {
        at <= self.by
    }

    /// The instant.
    pub(super) fn instant(self) -> DateTime<Utc> {
        self.by
    }

    /// When its day began: messages that were queued before and had not left by then were given up.
    pub(super) fn morning(self) -> DateTime<Utc> {
        self.morning
    }
}
