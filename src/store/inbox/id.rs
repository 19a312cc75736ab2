//! A row of the inbox, as the ledger and our own messages name it.

use std::fmt;

/// A row of the inbox by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InboxId(pub i64);

impl InboxId {
    /// What the ledger calls it, as the source of what follows from it.
    #[must_use]
    pub fn source(self) -> String {
        format!("inbox:{self}")
    }

    /// Our id of the message that answers it.
    #[must_use]
    pub fn message_id(self, domain: &str) -> String {
        format!("<answer.{self}@{domain}>")
    }

    /// What a message of ours answers, by our id of it; `None` where it answers nothing.
    #[must_use]
    pub fn answered_by(message_id: &str) -> Option<Self> {
        let (number, _) = message_id.strip_prefix("<answer.")?.split_once('@')?;
        number.parse().ok().map(Self)
    }
}

impl fmt::Display for InboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
