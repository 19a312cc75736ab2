//! Who speaks: a unit that introduces itself by its name is no other.

use super::roles::Role;
use super::view::View;

/// Within so many tokens the sender has said who writes.
const LONGEST_OPENING: usize = 60;

/// "Sở Tư pháp xin báo cáo": whether the unit that is named somewhere is the one that speaks at the beginning.
pub(super) fn introduces_itself(view: &View, unit: usize) -> bool {
    let name = |at: usize| {
        let end = view.role(at, Role::Other)?;
        Some((at, end))
    };
    let plain = |(start, end): (usize, usize)| {
        view.tokens[start..end]
            .iter()
            .map(|token| token.plain.as_str())
    };
    let Some(unit) = name(unit) else {
        return false;
    };
    (0..view.len().min(LONGEST_OPENING))
        .filter_map(name)
        .any(|speaker| view.is(speaker.1, Role::Humble) && plain(speaker).eq(plain(unit)))
}
