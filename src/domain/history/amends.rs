//! How a line of the ledger changed the plan itself, or gave an obligation its first day.

use crate::domain::amendment::Kind;

/// How a line made an obligation one with a due day, or one without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dating {
    /// It gave the first: the event happened for which the obligation waited.
    Begins,
    /// It took the day away: it was taken back that the event had happened.
    Ends,
}

/// How a line changed the plan itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amends {
    /// By a document: the due day that it gave is the plan's own from then on, and no extension.
    Forward,
    /// It took back what a document had changed: the plan's own day is again what it was before.
    Back,
}

impl Amends {
    /// As a line of that word does.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        if kind == Kind::Revoked.as_str() {
            Self::Back
        } else {
            Self::Forward
        }
    }
}
