//! Is it said that nothing is left to do?

use super::classes::Classes;
use super::clauses::Clause;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What may be left of the work; where money or people are not left, the work stands still.
const OF_WORK: Classes = Classes::of(&[Role::Item, Role::Piece, Role::Group]);

/// "Không phải mới chỉ xong dự thảo": that it is no more than that is denied, and nothing put in its place.
pub(super) fn denies_less(view: &View, clause: &Clause, next: Option<&Clause>) -> bool {
    let plain = |at: usize| view.tokens.get(at).map_or("", |token| token.plain.as_str());
    let from = clause.start + usize::from(matches!(plain(clause.start), "chu" | "cho"));
    let less = Classes::of(&[Role::Only, Role::Draft]);
    let denied = view
        .role(from, Role::Not)
        .filter(|end| plain(end - 1) == "phai");
    let instead =
        next.is_some_and(|next| next.sentence == clause.sentence && view.is(next.start, Role::But));
    denied.is_some_and(|end| {
        end < clause.end && view.classes_in(end..clause.end.min(end + 4)).any(less)
    }) && !instead
}

/// "Không còn khâu nào phải thực hiện", "không còn việc phải làm": whatever is named there is denied.
pub(super) fn leaves_nothing(view: &View, clause: &Clause) -> bool {
    let plain = |at: usize| view.tokens.get(at).map_or("", |token| token.plain.as_str());
    let leads = |at: &usize| {
        [Role::Polite, Role::Own, Role::But]
            .iter()
            .any(|role| view.is(*at, *role))
    };
    let Some(from) = (clause.start..clause.end).find(|at| !leads(at) || view.is(*at, Role::Not))
    else {
        return false;
    };
    let Some(left) = view
        .role(from, Role::Not)
        .filter(|end| plain(end - 1) == "con")
    else {
        return false;
    };
    let named = view
        .hits_at(left)
        .iter()
        .filter(|hit| OF_WORK.holds(hit.class) && hit.end <= clause.end)
        .map(|hit| hit.end)
        .max();
    named.is_some_and(|end| {
        end == clause.end
            || matches!(plain(end), "nao" | "gi" | "chi" | "phai" | "can" | "nua")
            || view.tokens[end].kind != Kind::Word
    })
}
