//! How plainly a text says that the task is done: the only thing that makes a "done" sure.

use super::clauses::Clause;
use super::completion::{Completion, is_bare};
use super::evidence::{Evidence, Findings, Strength};
use super::fields::Named;
use super::grammar::Sense;
use super::intent::Intent;
use super::lexicon::Classes;
use super::parts::groups;
use super::roles::Role;

/// Any of these in the clause that says "done", or in a later one, makes it unsure.
pub(super) const RISKS: Classes = Role::Not.bit()
    | Role::Hedge.bit()
    | Role::If.bit()
    | Role::Wait.bit()
    | Role::Still.bit()
    | Role::Only.bit()
    | Role::Draft.bit()
    | Role::Piece.bit()
    | Role::QuestionMark.bit();

/// Any of these anywhere.
const GRAVE: Classes = Role::QuestionMark.bit() | Role::If.bit() | Role::Private.bit();

/// How plainly a text says "done".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plainness {
    /// Something stands against it.
    No,
    /// Nothing does from the last word that it is finished; what was told before may be a story that is over.
    AtTheEnd,
    /// Nothing does in the whole text.
    Throughout,
}

/// How plainly the text says it.
pub(super) fn plainness(
    findings: &Findings<'_>,
    evidence: &Evidence,
    named: &[Named],
) -> Plainness {
    let finished = |(state, place): &(Completion, usize)| {
        matches!(state, Completion::Finished(_)).then_some(*place)
    };
    let (first, last) = match evidence.completions.last() {
        Some((Completion::Finished(_), last)) => (
            evidence
                .completions
                .iter()
                .find_map(finished)
                .unwrap_or(*last),
            *last,
        ),
        // "II.3 ✅": said without a verb.
        None if evidence.strength(Intent::Done) == Strength::Said => (0, 0),
        _ => return Plainness::No,
    };
    // Of several tasks, each must be said to be finished; one that is only called "this" is none of those named.
    let groups = groups(findings.view, findings.clauses, named);
    if let [this, named, ..] = groups.as_slice()
        && this.tasks.is_empty()
        && !named.tasks.is_empty()
        && this.clauses.iter().any(|clause| is_risky(findings, clause))
    {
        return Plainness::No;
    }
    let each = groups
        .iter()
        .filter(|group| !group.tasks.is_empty())
        .all(|group| {
            let (intent, strength) = findings.evidence(&group.clauses).ruling();
            intent == Intent::Done && strength == Strength::Said
        });
    if !each || evidence.doubt || !is_clean_from(findings, last) {
        return Plainness::No;
    }
    let classes = |clause: &Clause| findings.view.classes_in(clause.start..clause.end);
    let grave = findings
        .clauses
        .iter()
        .any(|clause| classes(clause) & GRAVE != 0);
    let others = Intent::ALL
        .into_iter()
        .filter(|intent| !matches!(intent, Intent::Done | Intent::Ack | Intent::Unknown))
        .any(|intent| evidence.strength(intent) == Strength::Said && !evidence.is_overcome(intent));
    let open = evidence.completions.iter().any(|(state, _)| {
        matches!(
            state,
            Completion::Forecast(_) | Completion::Asked | Completion::Supposed
        )
    });
    if open {
        return Plainness::No;
    }
    if grave || others || !is_clean_from(findings, first) {
        return Plainness::AtTheEnd;
    }
    Plainness::Throughout
}

/// Whether nothing from a clause on denies, narrows, asks or puts off.
fn is_clean_from(findings: &Findings<'_>, from: usize) -> bool {
    let put_off = findings
        .dates
        .iter()
        .any(|date| date.start >= from && date.past.is_none() && date.first >= findings.sent);
    let cancelled = findings
        .matches
        .iter()
        .any(|found| found.sense == Sense::NotDone && found.end > from);
    let risky = findings
        .clauses
        .iter()
        .filter(|clause| clause.start >= from)
        .any(|clause| clause.asked || is_risky(findings, clause) || is_bare(findings.view, clause));
    !put_off && !cancelled && !risky
}

/// "vẫn hoàn thành" is done in spite of something, and "còn" at the beginning only leads over: neither says "still".
fn is_risky(findings: &Findings<'_>, clause: &Clause) -> bool {
    let view = findings.view;
    let finishes =
        view.classes_in(clause.start..clause.end) & (Role::Done.bit() | Role::Act.bit()) != 0;
    view.hits_in(clause.start..clause.end).any(|hit| {
        let is_still = hit.class == Role::Still.class();
        let in_spite = is_still && (view.is(hit.end, Role::Done) || view.is(hit.end, Role::Act));
        let leads_over = is_still
            && finishes
            && hit.start == clause.start
            && hit.end == hit.start + 1
            && view.is(hit.start, Role::But);
        hit.class.bit() & (RISKS | GRAVE) != 0 && !in_spite && !leads_over
    })
}
