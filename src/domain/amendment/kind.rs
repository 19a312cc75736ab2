//! The words for what a document does.

use serde::{Deserialize, Serialize};

/// What was done, as the ledger, the database and the templates name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Due on another day.
    Due,
    /// Suspended.
    Suspended,
    /// Owed again.
    Resumed,
    /// Owed no longer.
    Cancelled,
    /// Its event has happened.
    Begun,
    /// Given to another agency.
    Transferred,
    /// Taken over from another agency.
    Received,
    /// What another agency gave up is this one's already, owed or done: it is told that it answers for both.
    Joined,
    /// A task that was added to the plan.
    Added,
    /// An earlier change was taken back.
    Revoked,
}

impl Kind {
    /// Each of them.
    pub const ALL: [Self; 10] = [
        Self::Due,
        Self::Suspended,
        Self::Resumed,
        Self::Cancelled,
        Self::Begun,
        Self::Transferred,
        Self::Received,
        Self::Joined,
        Self::Added,
        Self::Revoked,
    ];

    /// The word of the event in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due-amended",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Cancelled => "cancelled",
            Self::Begun => "begun",
            Self::Transferred => "transferred",
            Self::Received => "received",
            Self::Joined => "joined",
            Self::Added => "added",
            Self::Revoked => "amendment-revoked",
        }
    }

    /// The value of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
