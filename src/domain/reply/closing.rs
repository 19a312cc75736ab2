//! Thanks and regards at the end of a report, which say nothing of the work: what is told last is what stands before them.

use super::classes::Classes;
use super::clauses::Clause;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What closes a text.
const CLOSES: Classes = Classes::of(&[Role::Thanks, Role::Regards]);

/// What may stand before them.
const BEFORE: Classes = Classes::of(&[Role::Polite, Role::Courtesy, Role::Own, Role::Humble]);

/// What is no part of them.
const SAYS_MORE: Classes = Classes::of(&[
    Role::Task,
    Role::Item,
    Role::Paper,
    Role::Product,
    Role::Document,
    Role::Date,
    Role::Percent,
    Role::Done,
    Role::Act,
    Role::Step,
    Role::Not,
    Role::NotYet,
    Role::Still,
    Role::Wait,
    Role::Will,
    Role::If,
    Role::Wh,
    Role::QuestionMark,
]);

/// Where the thanks begin in a text that says more before them, in sentences of their own.
pub(super) fn closing(view: &View, clauses: &[Clause]) -> Option<usize> {
    let begins = |at: usize| at > 0 && clauses[at].sentence != clauses[at - 1].sentence;
    let mut places = (1..clauses.len()).rev();
    let mut first = None;
    for place in places.by_ref() {
        if !thanks(view, &clauses[place]) {
            break;
        }
        if begins(place) {
            first = Some(place);
        }
    }
    first.map(|place| view.tokens[clauses[place].start].start)
}

fn thanks(view: &View, clause: &Clause) -> bool {
    let mut places = clause.start..clause.end;
    let first = places.find(|at| !view.begins(*at).any(BEFORE) || view.begins(*at).any(CLOSES));
    let is_mark = |at: usize| matches!(view.tokens[at].kind, Kind::Mark(_) | Kind::Picture);
    match first {
        Some(at) if view.begins(at).any(CLOSES) => !view.classes_in(at..clause.end).any(SAYS_MORE),
        Some(at) => (at..clause.end).all(is_mark) && at > clause.start,
        None => false,
    }
}
