//! What becomes of what waits for a decision when a document changes what it is about.
//!
//! Nothing that a person asked or claimed ends without a word: whoever asked, whoever decides and the ledger are told which of
//! these it is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Kind, Terms};
use crate::domain::obligation::{Pending, State};

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// It waits as before.
    Waits,
    /// The document has decided it.
    Answered,
    /// It is decided once the obligation is owed again.
    Rests,
    /// It waits again, with the obligation.
    Returns,
    /// It waits with the agency that owes the obligation from now on.
    Moves,
    /// Nobody decides it any more: what it asked for is of no use.
    Ends,
}

impl Request {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::Waits,
        Self::Answered,
        Self::Rests,
        Self::Returns,
        Self::Moves,
        Self::Ends,
    ];

    /// The word in the ledger, in JSON and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Answered => "answered",
            Self::Rests => "rests",
            Self::Returns => "returns",
            Self::Moves => "moves",
            Self::Ends => "ends",
        }
    }

    /// What waits, or waited, of an obligation that was changed so, and what becomes of it. `is_taken_over`: an agency that did
    /// not owe it itself owes it now, on the same terms.
    #[must_use]
    pub fn after(
        kind: Kind,
        was: &Terms,
        now: &Terms,
        is_taken_over: bool,
    ) -> Option<(Pending, Self)> {
        let becomes = match (was.pending, now.pending) {
            (None, None) => return None,
            (_, Some(pending)) if kind == Kind::Received => return Some((pending, Self::Moves)),
            (None, Some(_)) => Self::Returns,
            (Some(_), Some(_)) => Self::Waits,
            (Some(_), None) => match (kind, now.state) {
                // That it is somebody else's has been heard.
                (Kind::Transferred, _) if was.pending == Some(Pending::Reassignment) => {
                    Self::Answered
                }
                (Kind::Transferred, _) if is_taken_over => Self::Moves,
                (_, State::Suspended) => Self::Rests,
                (Kind::Due | Kind::Resumed, _) => Self::Answered,
                _ => Self::Ends,
            },
        };
        Some((now.pending.or(was.pending)?, becomes))
    }
}

/// A wish for more time is granted by a document that gives as much; one that names no day, by any day later than now.
pub(super) fn still_waits(
    pending: Option<Pending>,
    due_on: Option<NaiveDate>,
    was_due_on: Option<NaiveDate>,
    asked_until: Option<NaiveDate>,
) -> Option<Pending> {
    let is_granted = match asked_until {
        Some(asked) => due_on >= Some(asked),
        None => due_on > was_due_on,
    };
    pending.filter(|pending| *pending != Pending::Extension || !is_granted)
}
