//! What becomes of an obligation that a document gives to another agency.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::obligation::{Obligation, State};

/// Who answers for it from then on. The agency to which it is given may owe, or have owed, the same itself; a task is never
/// owed twice by one agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Fate {
    /// The other agency owes it, on the same terms.
    TakenOver,
    /// The other owes the same, and answers for both.
    Joined,
    /// The other has done the same already: nobody owes it any more, and nobody reports on it.
    AlreadyDone {
        /// The day on which it was done.
        on: Option<NaiveDate>,
    },
    /// The other owes the same, but not now: nobody does, until the other's own is owed again.
    AtRest {
        /// How the other's own stands.
        state: State,
    },
}

impl Fate {
    /// With an agency that owes, or owed, this of the same milestone itself.
    #[must_use]
    pub fn beside(own: &Obligation) -> Self {
        match own.state {
            State::Open => Self::Joined,
            State::Done => Self::AlreadyDone { on: own.done_on },
            state @ (State::Asleep | State::Suspended | State::Cancelled) => Self::AtRest { state },
        }
    }

    /// Whether the other agency owes it now.
    #[must_use]
    pub fn is_owed(self) -> bool {
        matches!(self, Self::TakenOver | Self::Joined)
    }
}
