//! What an agency says is another's, told in the words by which it said so.

use super::Line;
use crate::domain::history::{Saying, Standing};
use crate::domain::obligation::{Pending, State};

/// Whether its agency says that it is another's, and nobody has given it to another.
pub(super) fn is_disowned(standing: &Standing) -> bool {
    let stood = standing.stood;
    stood.state == State::Open && stood.pending == Some(Pending::Reassignment)
}

/// What an agency says is another's, in the words by which it said so; what it says of the work since is told after them, and a
/// difficulty stands where difficulties do.
pub(super) fn in_its_own_words(told: Line) -> Line {
    let Some(refusal) = &told.asked else {
        return told;
    };
    let refusal = Saying {
        on: refusal.on,
        blocked: false,
        quote: refusal.quote.clone(),
        takes_back: None,
        returned: None,
    };
    let since = told.said.clone();
    Line {
        later: since.filter(|last| !last.blocked && !refusal.quote.ends_with(last.quote.trim())),
        said: Some(refusal),
        ..told
    }
}
