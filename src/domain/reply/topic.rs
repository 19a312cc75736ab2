//! "Kế hoạch thì xong": "thì" behind nothing but the name of a task tells of it, and is no condition.

use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::grammar::{Match, Sense};
use super::roles::Role;
use super::view::View;

/// What calls a task.
const CALLS: Classes = Classes::of(&[
    Role::Task,
    Role::Item,
    Role::Paper,
    Role::Product,
    Role::Named,
]);

/// What may stand beside it without saying anything of it.
const BESIDE: Classes = Classes::of(&[
    Role::Polite,
    Role::But,
    Role::Own,
    Role::This,
    Role::NumberSign,
    Role::Digits,
    Role::Regular,
]);

/// Whether nothing stands in a clause before `end` but what calls a task.
fn is_topic(view: &View, clause: &Clause, end: usize) -> bool {
    let mut places = clause.start..end;
    let names = CALLS.or(BESIDE);
    view.classes_in(places.clone()).any(CALLS)
        && places.all(|at| view.begins(at).any(names) || view.is_covered(at))
}

/// Without what "thì xong" behind a topic was taken for.
pub(super) fn without_topics(found: Vec<Match>, view: &View, clauses: &[Clause]) -> Vec<Match> {
    let tells = |one: &Match| {
        one.sense == Sense::NotDone
            && view.tokens[one.start].plain == "thi"
            && view.is(one.start + 1, Role::Done)
            && clause_at(clauses, one.start).is_some_and(|clause| is_topic(view, clause, one.start))
    };
    found.into_iter().filter(|one| !tells(one)).collect()
}
