//! What has none of the official words, and why: the one rule by which register, digest and ranking count.

use super::Standing;
use crate::domain::obligation::State;
use crate::domain::plan::MilestoneKind;

/// Why an obligation is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncounted {
    /// A later line gave it to its agency: there was nothing to count yet.
    Ahead,
    /// The files no longer say that it is owed, and it was not done.
    Gone,
    /// Held by a document.
    Suspended,
    /// Ended by a document.
    Cancelled,
    /// Given to another agency by a document.
    Transferred,
    /// A document gave it to its agency, and another took that back: it was never owed there.
    Ungiven,
    /// "Thường xuyên": it is never due, finished or not.
    Continuous,
    /// Its event has not come: it has no day yet.
    Asleep,
}

impl Uncounted {
    /// Whether a document holds it, ended it, or gave it away.
    #[must_use]
    pub fn is_held(self) -> bool {
        matches!(self, Self::Suspended | Self::Cancelled | Self::Transferred)
    }

    /// Whether its agency owes nothing of the kind: not yet, or it was never to. It is in no list, and counts for nothing.
    #[must_use]
    pub fn is_nowhere(self) -> bool {
        matches!(self, Self::Ahead | Self::Ungiven)
    }
}

impl Standing {
    /// Why it is not counted; `None` for what is. `is_owed` is whether the files still name it.
    #[must_use]
    pub fn uncounted(&self, kind: MilestoneKind, is_owed: bool) -> Option<Uncounted> {
        match self.stood.state {
            _ if self.is_ahead => Some(Uncounted::Ahead),
            State::Suspended => Some(Uncounted::Suspended),
            State::Cancelled if self.is_ungiven => Some(Uncounted::Ungiven),
            State::Cancelled if self.is_given_away => Some(Uncounted::Transferred),
            State::Cancelled => Some(Uncounted::Cancelled),
            State::Open | State::Asleep if !is_owed => Some(Uncounted::Gone),
            State::Asleep => Some(Uncounted::Asleep),
            State::Open | State::Done if self.due_on.is_some() => None,
            State::Open | State::Done => Some(match kind {
                MilestoneKind::Continuous => Uncounted::Continuous,
                MilestoneKind::Due | MilestoneKind::Event => Uncounted::Asleep,
            }),
        }
    }
}
