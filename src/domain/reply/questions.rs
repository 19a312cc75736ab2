//! "II.2 xong chưa", "tới đâu rồi", "sản phẩm là gì", "có mấy việc trễ": a question, though no mark says so.

use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::completion::Completion;
use super::evidence::{Evidence, Findings};
use super::grammar::{Match, Sense};
use super::roles::Role;
use super::told::has_no_rest;

/// Whether a pattern says that something is asked of the plan.
fn asks_of_plan(found: &Match) -> bool {
    matches!(
        found.sense,
        Sense::Asks | Sense::AsksOfAll | Sense::AsksOfLate
    )
}

/// Whether a clause asks something of the plan.
fn asks_of_plan_in(clause: &Clause, matches: &[Match]) -> bool {
    let mut asked = matches.iter().filter(|found| asks_of_plan(found));
    asked.any(|found| clause.start <= found.start && found.start < clause.end)
}

/// Marks the clauses that ask something of the plan, as a question mark does.
pub(super) fn mark_questions(clauses: &mut [Clause], matches: &[Match]) {
    for clause in clauses {
        clause.asked |= asks_of_plan_in(clause, matches);
    }
}

/// Whether the text asks something of the plan, and says of nothing that it is finished.
pub(super) fn is_asked_of_plan(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let is_finished = |(state, _): &(Completion, usize)| matches!(state, Completion::Finished(_));
    let mut asked = findings.matches.iter().filter(|found| asks_of_plan(found));
    asked.any(|found| clause_at(findings.clauses, found.start).is_some())
        && !evidence.completions.iter().any(is_finished)
}

/// Whether the text asks how it stands with something, and nothing else: "II.2 xong chưa anh", "II.2 tới đâu rồi".
pub(super) fn is_asked(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let view = findings.view;
    let question = |clause: &Clause| {
        let asked = evidence
            .completions_of(clause)
            .any(|state| *state == Completion::Asked);
        let asks = if asked { Role::YesNo } else { Role::HowFar };
        let last = (clause.start..clause.end).rfind(|at| view.is(*at, asks))?;
        Some((last, view.role(last, asks)?))
    };
    let asks = |clause: &Clause| {
        question(clause).is_some_and(|(start, end)| {
            let (mut before, mut after) = (*clause, *clause);
            (before.end, after.start) = (start, end);
            has_no_rest(view, &before) && has_no_rest(view, &after)
        })
    };
    !findings.clauses.is_empty() && findings.clauses.iter().all(asks)
}

impl Findings<'_> {
    /// Whether a clause asks something of the plan.
    pub(super) fn asks_of_plan_in(&self, clause: &Clause) -> bool {
        asks_of_plan_in(clause, self.matches)
    }

    /// "II.2 xong chưa": asked, though it ends as "II.2 thì chưa" does; but "II.2 xong II.9 chưa" and "chứng từ đủ, quyết toán
    /// chưa" tell of two.
    pub(super) fn asks_whether(&self, found: &Match, clause: &Clause, evidence: &Evidence) -> bool {
        let finishes = Classes::of(&[Role::Done, Role::Act]);
        let mut places = clause.start..clause.end;
        let told = places.find(|at| self.view.begins(*at).any(finishes));
        let asked = evidence
            .completions_of(clause)
            .any(|state| *state == Completion::Asked);
        told.is_some_and(|told| {
            let another = (clause.start..told).any(|at| self.view.is(at, Role::Task));
            let (sentence, _) = self.sentence(clause);
            let before = self.view.classes_in(sentence..clause.start);
            asked
                && found.end > told
                && !(another && found.start > told)
                && !before.any(finishes | Classes::of(&[Role::Already, Role::Whole]))
        })
    }
}
