//! Who speaks: a unit that introduces itself by its name is no other.

use super::roles::Role;
use super::spell::plain;
use super::token::Kind;
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
    let Some(unit) = name(unit).filter(|(at, _)| !view.is_others(*at)) else {
        return false;
    };
    (0..view.len().min(LONGEST_OPENING))
        .filter_map(name)
        .any(|speaker| view.is(speaker.1, Role::Humble) && plain(speaker).eq(plain(unit)))
}

/// "Sở Xây dựng đã gửi báo cáo 56/BC-SXD": whether the unit that is named somewhere is the one whose document is named,
/// in a text where nobody says "I".
pub(super) fn signs(view: &View, unit: usize, range: std::ops::Range<usize>) -> bool {
    let Some(end) = view
        .role(unit, Role::Other)
        .filter(|_| !view.is_others(unit))
    else {
        return false;
    };
    let beside = unit
        .checked_sub(1)
        .is_some_and(|before| matches!(view.tokens[before].plain.as_str(), "ben" | "phia"));
    // "qua" speaks of oneself in the south, and elsewhere leads to a way.
    let speaks = (0..view.len())
        .any(|at| view.is(at, Role::Own) && !view.is(at, Role::Toward) && !view.is(at, Role::Way));
    if beside || speaks {
        return false;
    }
    let words = &view.tokens[unit..end];
    let initials: String = match words {
        [abbreviation] => abbreviation.plain.clone(),
        words => words
            .iter()
            .filter_map(|word| word.plain.chars().next())
            .collect(),
    };
    // "118/NV-CCHC" is signed by a "Phòng Nội vụ".
    let short = initials.get(1..).filter(|short| short.len() > 1);
    view.tokens[range].iter().any(|token| match &token.kind {
        Kind::Document(number) => {
            plain(&number.to_lowercase())
                .split(['/', '-'])
                .skip(1)
                .any(|code| {
                    code.starts_with(&initials)
                        || short.is_some_and(|short| code.starts_with(short))
                })
        }
        _ => false,
    })
}
