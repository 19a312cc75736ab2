//! Does a text say nothing but that the task is finished?
//!
//! Each word must fill a slot of a report: who, which task or document, finished, when, to whom, by which way, a courtesy.
//! Where a word is left over, who knows what it does to the others.

use super::classes::Classes;
use super::clauses::Clause;
use super::completion::{Completion, is_bare, is_sign};
use super::evidence::{Evidence, Findings, Strength};
use super::intent::Intent;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What fills a slot of a report.
const SLOTS: Classes = Classes::of(&[
    Role::Polite,
    Role::Own,
    Role::Greeting,
    Role::SignOff,
    Role::Humble,
    Role::Courtesy,
    Role::Item,
    Role::Task,
    Role::Group,
    Role::NumberSign,
    Role::Paper,
    Role::Product,
    Role::Document,
    Role::Done,
    Role::Act,
    Role::Perfect,
    Role::Already,
    Role::AndThen,
    Role::Toward,
    Role::Other,
    Role::Way,
    Role::Counted,
    Role::Date,
    Role::Day,
    Role::Since,
    Role::Last,
    Role::End,
    Role::Hours,
]);

/// Whom or what a name follows.
const NAMED: Classes = Classes::of(&[Role::Polite, Role::Counted, Role::Own]);

/// Whether the text is a report and nothing else.
pub(super) fn is_told(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let view = findings.view;
    let finished = |clause: &Clause| {
        evidence
            .completions_of(clause)
            .any(|state| matches!(state, Completion::Finished(_)))
    };
    let dated = |clause: &Clause| {
        let classes = view.classes_in(clause.start..clause.end);
        classes.any(Classes::of(&[Role::Date, Role::Percent, Role::Half]))
    };
    let marked = findings
        .clauses
        .iter()
        .filter(|clause| finished(clause))
        .all(|clause| is_marked(view, clause) && !is_bare(view, clause));
    let other = [
        Intent::Reassign,
        Intent::Undo,
        Intent::Blocked,
        Intent::Extension,
    ]
    .iter()
    .any(|intent| evidence.strength(*intent) > Strength::None);
    marked
        && !other
        && findings
            .clauses
            .iter()
            .filter(|clause| !findings.is_blank_field(clause))
            .all(|clause| has_no_rest(view, clause) && (finished(clause) || !dated(clause)))
}

/// "đã nộp", "nộp rồi", "xong": but not "rồi em nộp", which is to come.
fn is_marked(view: &View, clause: &Clause) -> bool {
    let acts = Classes::of(&[Role::Done, Role::Act]);
    (clause.start..clause.end).any(|at| {
        let said = view.begins(at).any(acts);
        let before = (clause.start..at)
            .any(|before| is_sign(view, before) && !view.is(before, Role::Already));
        let after = (at + 1..clause.end).any(|after| view.is(after, Role::Already));
        said && (view.is(at, Role::Done) || before || after)
    })
}

/// Whether every word of a clause fills a slot.
pub(super) fn has_no_rest(view: &View, clause: &Clause) -> bool {
    let mut filled = clause.start;
    for at in clause.start..clause.end {
        // "nhập 200 hồ sơ": of how many?
        if view.is(at, Role::Digits) && view.is(at + 1, Role::Counted) {
            return false;
        }
        let reach = view
            .hits_at(at)
            .iter()
            .filter(|hit| SLOTS.holds(hit.class) && hit.end <= clause.end)
            .map(|hit| hit.end)
            .max();
        filled = filled.max(reach.unwrap_or(at));
        let token = &view.tokens[at];
        let name = token.capital
            && view.begins(at).is_empty()
            && at.checked_sub(1).is_some_and(|before| {
                view.begins(before).any(NAMED) || view.tokens[before].capital
            });
        match token.kind {
            Kind::Word if at < filled || name => {}
            Kind::Word | Kind::Mark('?' | '"' | '…' | '/') | Kind::Percent(_) => return false,
            _ => {}
        }
    }
    true
}
