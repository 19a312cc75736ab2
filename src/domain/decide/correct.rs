//! A message that its sender has edited -> what changes: the earlier words count as if they had not been written.
//!
//! What both texts say stays as it is recorded, with its day. What only the earlier one said is taken back, what only
//! the later one says is recorded. What somebody has changed since stays, and is said to.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::act::{Change, Stand, What};
use super::answer::{Decision, Note, Recorded, Refused, Why};
use super::question::{Question, QuestionKind};
use super::situation::{Owed, OwnChange, Situation};
use crate::domain::ids::ObligationId;

/// A statement that was recorded from the earlier words and not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its event in the ledger.
    pub event: i64,
    /// About which obligation.
    pub obligation: ObligationId,
    /// What was said.
    pub what: What,
    /// How the obligation stood before.
    pub before: Stand,
    /// How it stood after.
    pub after: Stand,
    /// Whether nothing else was said of the obligation since.
    pub is_last: bool,
    /// Whether it took the place of a completion that another message claimed, to which it gave its day or its document.
    pub proves: bool,
}

/// What follows from an edit: `earlier` is what was recorded from the message as it was written on `written_on`, oldest
/// first; `read` is what follows from its new words in a situation. `None` when they say the same.
#[must_use]
pub fn correct(
    earlier: &[Earlier],
    written_on: NaiveDate,
    situation: &Situation<'_>,
    read: impl Fn(&Situation<'_>) -> Decision,
) -> Option<Decision> {
    if let [only] = earlier
        && only.proves
        && can_be_undone(only, situation)
    {
        return proved_anew(only, situation, read);
    }
    let restored = restored(earlier, situation);
    let question = question_of(earlier);
    let as_if_unwritten = |today| Situation {
        today,
        owed: &restored,
        asked: question.as_ref(),
        own_changes: &[],
        just_undone: None,
        undone_lately: None,
        ..*situation
    };
    // "hôm nay" of an unchanged part is still the day on which it was written.
    let then = read(&as_if_unwritten(written_on));
    if says_the_same(earlier, &then) {
        return None;
    }
    let kept: BTreeSet<ObligationId> = earlier
        .iter()
        .map(|one| one.obligation)
        .filter(|id| said_of(earlier, *id).eq(changed_in(&then, *id)))
        .collect();
    let mut decision = read(&as_if_unwritten(situation.today));
    let is_kept = |id: &ObligationId| kept.contains(id);
    decision.changes.retain(|one| !is_kept(&one.obligation));
    let recorded = &mut decision.answer.recorded;
    recorded.retain(|one| !is_kept(&one.obligation));
    let gone: Vec<&Earlier> = earlier
        .iter()
        .filter(|one| !is_kept(&one.obligation))
        .collect();
    leave_what_changed_since(&gone, situation, &mut decision);
    take_back(&gone, situation, &mut decision);
    Some(decision)
}

/// The edit of an answer that gave a completion its day or its document: the completion stands, and is asked about once more.
fn proved_anew(
    only: &Earlier,
    situation: &Situation<'_>,
    read: impl Fn(&Situation<'_>) -> Decision,
) -> Option<Decision> {
    let question = document_of_question(only.obligation);
    let own = situation.own_changes.iter();
    let own = own.filter(|change| change.obligation == only.obligation);
    let own_changes: Vec<OwnChange> = own.cloned().collect();
    let decision = read(&Situation {
        asked: Some(&question),
        own_changes: &own_changes,
        just_undone: None,
        undone_lately: None,
        ..*situation
    });
    let was = document_of(&only.what);
    let adds_nothing = |change: &Change| match &change.what {
        What::Evidence(evidence) => evidence.document.as_deref() == was,
        _ => false,
    };
    let is_same = !decision.changes.is_empty() && decision.changes.iter().all(adds_nothing);
    (!is_same).then_some(decision)
}

/// The question for the number of the document of that obligation.
fn document_of_question(about: ObligationId) -> Question {
    Question::new(QuestionKind::Document, vec![about], "")
}

/// The obligations as they stood before the earlier words, where that can be restored.
fn restored(earlier: &[Earlier], situation: &Situation<'_>) -> Vec<Owed> {
    let mut restored = situation.owed.to_vec();
    let replaceable = earlier.iter().filter(|one| can_be_undone(one, situation));
    for one in replaceable.rev() {
        let Some(owed) = restored.iter_mut().find(|owed| owed.id() == one.obligation) else {
            continue;
        };
        *owed = owed.standing(one.before);
        if document_of(&one.what).is_some() {
            owed.document = None;
        }
    }
    restored
}

fn can_be_undone(one: &Earlier, situation: &Situation<'_>) -> bool {
    let now = situation.find(one.obligation);
    one.is_last && now.is_some_and(|owed| Stand::of(&owed.obligation) == one.after)
}

fn document_of(what: &What) -> Option<&str> {
    match what {
        What::Done { document, .. } | What::Progress { document, .. } => document.as_deref(),
        What::Evidence(evidence) => evidence.document.as_deref(),
        _ => None,
    }
}

/// The number of a document alone answered a question; so does the number that takes its place.
fn question_of(earlier: &[Earlier]) -> Option<Question> {
    match earlier {
        [only] if matches!(only.what, What::Evidence(_)) => {
            Some(document_of_question(only.obligation))
        }
        _ => None,
    }
}

fn says_the_same(earlier: &[Earlier], then: &Decision) -> bool {
    let answer = &then.answer;
    let asks_anew = answer
        .question
        .as_ref()
        .is_some_and(|question| matches!(question.kind, QuestionKind::Which | QuestionKind::Sure));
    let nothing_else = answer.refused.is_empty() && answer.note.is_none() && !asks_anew;
    let same = |id: ObligationId| said_of(earlier, id).eq(changed_in(then, id));
    !earlier.is_empty()
        && nothing_else
        && earlier.iter().all(|one| same(one.obligation))
        && then.changes.iter().all(|one| same(one.obligation))
}

fn said_of(earlier: &[Earlier], id: ObligationId) -> impl Iterator<Item = &What> {
    let of_it = earlier.iter().filter(move |one| one.obligation == id);
    of_it.map(|one| &one.what)
}

fn changed_in(decision: &Decision, id: ObligationId) -> impl Iterator<Item = &What> {
    let of_it = decision
        .changes
        .iter()
        .filter(move |one| one.obligation == id);
    of_it.map(|one| &one.what)
}

/// Nothing is said anew of what the earlier words changed and somebody has changed since.
fn leave_what_changed_since(gone: &[&Earlier], situation: &Situation<'_>, decision: &mut Decision) {
    let locked: BTreeSet<ObligationId> = gone
        .iter()
        .filter(|one| !can_be_undone(one, situation))
        .map(|one| one.obligation)
        .collect();
    let is_locked = |id: &ObligationId| locked.contains(id);
    let answer = &mut decision.answer;
    let refused: BTreeSet<ObligationId> = decision
        .changes
        .iter()
        .map(|one| one.obligation)
        .filter(is_locked)
        .collect();
    decision.changes.retain(|one| !is_locked(&one.obligation));
    answer.recorded.retain(|one| !is_locked(&one.obligation));
    answer.refused.extend(refused.into_iter().map(|id| Refused {
        obligation: Some(id),
        named: String::new(),
        why: Why::ChangedSince,
    }));
}

/// Takes back, newest first, before anything is said anew. What is said anew is told, and not that it was taken back.
fn take_back(gone: &[&Earlier], situation: &Situation<'_>, decision: &mut Decision) {
    let replaceable = gone.iter().filter(|one| can_be_undone(one, situation));
    let undone: Vec<Change> = replaceable
        .rev()
        .map(|one| Change {
            obligation: one.obligation,
            what: What::Undo { event: one.event },
            before: one.after,
            after: one.before,
            files: Vec::new(),
        })
        .collect();
    if undone.is_empty() {
        return;
    }
    let answer = &mut decision.answer;
    answer.corrects = true;
    // "nhầm" in the place of what was wrong.
    answer.note = answer.note.filter(|note| *note != Note::NothingToUndo);
    answer.refused.retain(|one| one.why != Why::NothingToUndo);
    let said_anew = |id| decision.changes.iter().any(|one| one.obligation == id);
    let mut told: Vec<Recorded> = Vec::new();
    for one in &undone {
        let is_told = told
            .iter()
            .any(|before| before.obligation == one.obligation);
        if !is_told && !said_anew(one.obligation) {
            told.push(Recorded {
                obligation: one.obligation,
                what: one.what.clone(),
                capped: false,
                replaces: None,
                files: 0,
                was: None,
                moved_from: None,
            });
        }
    }
    answer.recorded.splice(0..0, told);
    decision.changes.splice(0..0, undone);
}

#[cfg(test)]
mod tests;
