//! What is finished is something else: a thing that is made beside the work, or the work of one place among many.

use super::classes::Classes;
use super::clauses::Clause;
use super::evidence::Findings;
use super::plainness::has;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What finishes something.
const FINISHES: Classes = Classes::of(&[Role::Done, Role::Act, Role::Step]);

/// What says that something has happened.
const TOLD: Classes = Classes::of(&[
    Role::Done,
    Role::Act,
    Role::Step,
    Role::Perfect,
    Role::Already,
]);

/// How far behind its verb an object begins at most.
const REACH: usize = 2;

/// What names the work itself.
const WORK: Classes = Classes::of(&[Role::Task, Role::Document, Role::Item, Role::Product]);

/// Before a place: it is where something was sent or held, or a level of many.
const LEADS: Classes = Classes::of(&[
    Role::Toward,
    Role::Superior,
    Role::Own,
    Role::Digits,
    Role::Number,
]);

/// "Đã làm xong băng rôn", "đã nộp đơn xin nghỉ phép", "đã nhập xong số liệu xã Tam Mỹ".
pub(super) fn is_of_something_else(findings: &Findings<'_>) -> bool {
    let mut told = findings
        .clauses
        .iter()
        .filter(|clause| has(findings, clause, TOLD))
        .peekable();
    let is_else = |clause: &Clause| {
        is_beside(findings.view, clause) || is_of_one_place(findings.view, clause)
    };
    told.peek().is_some() && told.all(is_else)
}

/// A thing beside the work, right behind its verb or where no work is named.
fn is_beside(view: &View, clause: &Clause) -> bool {
    let beside = |at: usize| view.is(at, Role::Beside);
    let Some(first) = (clause.start..clause.end).find(|at| beside(*at)) else {
        return false;
    };
    let object = (first.saturating_sub(REACH)..first).any(|at| view.begins(at).any(FINISHES));
    object || !view.classes_in(clause.start..clause.end).any(WORK)
}

/// A place with its name behind what is finished.
fn is_of_one_place(view: &View, clause: &Clause) -> bool {
    let verb = (clause.start..clause.end).rfind(|at| view.begins(*at).any(FINISHES));
    let Some(verb) = verb else {
        return false;
    };
    (verb + 1..clause.end).any(|at| {
        let Some(name) = view.role(at, Role::Place).filter(|name| *name < clause.end) else {
            return false;
        };
        let named = match view.tokens[name].kind {
            Kind::Number(_) => true,
            Kind::Word => view.begins(name).is_empty() && !view.is_covered(name),
            _ => false,
        };
        let led = (at.saturating_sub(2)..at).any(|before| view.begins(before).any(LEADS));
        named && !led && !view.classes_in(clause.start..clause.end).has(Role::Whole)
    })
}
