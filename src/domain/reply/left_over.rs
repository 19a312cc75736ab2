//! "Hai bên ký rồi, còn Bưu điện tỉnh", "có 6 đầu việc, xong 4": what is left, though no word says that it is not done.

use super::classes::Classes;
use super::evidence::Findings;
use super::roles::Role;
use super::spell::exact;
use super::token::Kind;
use super::view::View;

/// What is told of the work by a clause: with any of these it says more than who or what is left.
const TOLD: Classes = Classes::of(&[
    Role::Task,
    Role::Done,
    Role::Act,
    Role::Not,
    Role::Perfect,
    Role::Already,
    Role::Deadline,
    Role::QuestionMark,
    Role::Document,
    Role::Date,
]);

/// Who, or how many, may be left.
const WHO: Classes = Classes::of(&[Role::Other, Role::Counted, Role::Piece, Role::Authority]);

/// Whether the last words only name who or what is left.
pub(super) fn names_who_is_left(findings: &Findings<'_>) -> bool {
    const MOST_WORDS: usize = 6;
    let view = findings.view;
    let [_, .., last] = findings.clauses else {
        return false;
    };
    let words = (last.start..last.end).filter(|at| view.tokens[*at].kind == Kind::Word);
    let count = words.count();
    let is_named =
        (last.start + 1..last.end).any(|at| view.begins(at).any(WHO) || view.tokens[at].capital);
    // "Chẳng còn khâu nào" leaves none.
    let is_denied = view.ends_before(last.start, Role::Not);
    view.tokens[last.start].exact == exact("còn")
        && !is_denied
        && is_named
        && !last.asked
        && (2..=MOST_WORDS).contains(&count)
        && !view.classes_in(last.start..last.end).any(TOLD)
}

/// Whether a bare number of what is finished is smaller than one that was counted before it.
pub(super) fn finishes_fewer(view: &View) -> bool {
    const COUNTS: Classes = Classes::of(&[Role::Counted, Role::Item, Role::Piece]);
    let counted = |at: usize| {
        let (count, end) = view.number(at)?;
        let of = end < view.len() && view.begins(end).any(COUNTS);
        of.then_some(count)
    };
    let finished = |at: usize| {
        let done = view.role(at, Role::Done).filter(|end| *end < view.len())?;
        let from = done + usize::from(view.tokens[done].plain == "duoc");
        let (count, end) = view.number(from).filter(|_| from < view.len())?;
        let ends = end == view.len()
            || view.tokens[end].kind != Kind::Word
            || view.is(end, Role::Already)
            || view.is(end, Role::Polite);
        ends.then_some(count)
    };
    let mut most = 0;
    (0..view.len()).any(|at| {
        let fewer = finished(at).is_some_and(|count| count < most);
        most = most.max(counted(at).unwrap_or_default());
        fewer
    })
}
