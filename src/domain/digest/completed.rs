//! What was completed within some days, and what is not completed any more: a number that fell says both.

use serde::{Deserialize, Serialize};

use super::{Account, Span};
use crate::domain::history::{Standing, at_end_of};
use crate::domain::obligation::State;

/// How the number of what is completed came from the one before: this is that, with what was `gained` and without what was `lost`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Completed {
    /// Completed at the end of the days, and not before them.
    pub gained: usize,
    /// Completed before them, and not at their end: its report was taken back, or returned.
    pub lost: usize,
}

/// What was completed within these days, and what no longer is.
#[must_use]
pub fn completed(accounts: &[Account<'_>], span: Span) -> Completed {
    let mut all = Completed::default();
    for Account {
        obligation,
        entries,
    } in accounts
    {
        let is_done_on = |day| counts_as_done(&at_end_of(obligation, entries, day));
        match (is_done_on(span.since), is_done_on(span.until)) {
            (false, true) => all.gained += 1,
            (true, false) => all.lost += 1,
            _ => {}
        }
    }
    all
}

/// Whether it is among what is completed.
pub(super) fn counts_as_done(standing: &Standing) -> bool {
    standing.stood.state == State::Done && standing.due_on.is_some()
}
