//! What is asked after the question that was answered: of all that messages left open, nothing is lost.

use std::mem::discriminant;

use chrono::NaiveDate;

use super::act::{Act, Change, Stand, What};
use super::answer::Decision;
use super::question::{Question, QuestionKind};
use super::situation::Situation;
use crate::domain::obligation::Pending;

/// More questions than these are put to nobody, one after the other: the oldest give way.
const MOST_BEHIND: usize = 7;

/// The same, with what waits to be asked behind the question that waited, and that one itself where another one is put before it
/// is answered: the next of it once the first is answered or dropped.
pub(super) fn going_on(mut decision: Decision, situation: &Situation<'_>) -> Decision {
    let Some(asked) = situation.asked else {
        return decision;
    };
    let answer = &mut decision.answer;
    let question = &mut answer.question;
    let waits_on = match question {
        Some(question) => question.is_again(asked),
        None => !decision.forgets,
    };
    if waits_on {
        // Whoever only looks, asks or thanks is reminded of it.
        if question.is_none() && decision.changes.is_empty() && !asked.options.is_empty() {
            *question = Some(asked.clone());
            answer.again = true;
        }
        // Of what was reported by itself meanwhile it is not asked any more.
        let left = without(asked, &decision.changes);
        if answer.question.is_none() && left.as_ref() != Some(asked) {
            decision.forgets |= left.is_none();
            answer.again = left.is_some();
            answer.question = left;
        }
        return decision;
    }
    let changes = &decision.changes;
    let is_settled = |question: &Question| {
        let mut about = question.about.iter();
        about.all(|id| changes.iter().any(|change| change.obligation == *id))
    };
    let put: Vec<&Question> = question
        .iter()
        .flat_map(|one| std::iter::once(one).chain(&one.then))
        .collect();
    let is_put_anew = |old: &Question| put.iter().any(|new| says_as_much(new, old));
    let makes_room = !put.is_empty() && !decision.forgets && situation.asks();
    let overtaken = makes_room.then(|| Question {
        then: Vec::new(),
        ..asked.clone()
    });
    let then = asked.then.iter().filter(|_| !decision.forgets_rest);
    let behind = overtaken.iter().chain(then);
    let behind: Vec<Question> = behind
        .filter(|old| !is_settled(old) && !is_put_anew(old) && still_stands(old, situation))
        .filter_map(|old| without(old, changes))
        .take(MOST_BEHIND)
        .collect();
    for old in behind {
        queue(question, old);
    }
    decision
}

/// The same without what was reported of by itself since: whoever took one of three tasks out does not say it of all three any more.
/// Each answer keeps its number: one that speaks of nothing else stays.
fn without(question: &Question, changes: &[Change]) -> Option<Question> {
    let is_left = |act: &Act| {
        changes
            .iter()
            .all(|change| change.obligation != act.obligation)
    };
    let mut left = question.clone();
    for acts in &mut left.options {
        if acts.iter().any(is_left) {
            acts.retain(is_left);
        }
    }
    let still_asks = question.options.iter().flatten().any(is_left);
    (question.options.is_empty() || still_asks).then_some(left)
}

/// Whether the newer question comes of words that say the same once more, and no less: "đang làm", "kế hoạch đang làm".
fn says_as_much(new: &Question, old: &Question) -> bool {
    if (new.kind, old.kind) != (QuestionKind::Which, QuestionKind::Which) {
        return new.kind == old.kind && new.about == old.about;
    }
    let first = |question: &'_ Question| question.options.iter().flatten().next().cloned();
    let (Some(new), Some(old)) = (first(new), first(old)) else {
        return false;
    };
    let keeps_files = old.files.iter().all(|file| new.files.contains(file));
    let is_alike = discriminant(&new.what) == discriminant(&old.what);
    let (new, old) = (told(&new.what), told(&old.what));
    let mut pairs = old.iter().zip(&new);
    keeps_files && is_alike && pairs.all(|(old, new)| old.is_none() || old == new)
}

/// What words told beside that a task is done, under way, or needs more time.
fn told(what: &What) -> [Option<String>; 3] {
    let day = |day: &NaiveDate| day.to_string();
    match what {
        What::Done { on, document } => {
            let dated = document.as_ref().map(|_| day(on));
            [document.clone(), dated, None]
        }
        What::Progress {
            percent,
            expected_on,
            document,
        } => {
            let percent = percent.map(|percent| percent.to_string());
            [percent, expected_on.as_ref().map(day), document.clone()]
        }
        What::Extension { until } => [until.as_ref().map(day), None, None],
        What::Snooze { until } => [Some(day(until)), None, None],
        What::Evidence(proof) => [proof.document.clone(), proof.on.as_ref().map(day), None],
        What::Undo { event } => [Some(event.to_string()), None, None],
        What::Blocked | What::Reassign | What::Handed | What::Ack => [None, None, None],
    }
}

/// Whether nothing was reported since of all that it asks about.
fn still_stands(question: &Question, situation: &Situation<'_>) -> bool {
    let about = question.about.iter();
    let mut about = about.filter_map(|id| situation.find(*id));
    match question.kind {
        QuestionKind::Document => about.any(|owed| owed.document.is_none() && owed.claim.is_some()),
        QuestionKind::Until => about.any(|owed| {
            owed.asked.is_none() && owed.obligation.pending == Some(Pending::Extension)
        }),
        QuestionKind::Which
        | QuestionKind::Sure
        | QuestionKind::InTime
        | QuestionKind::TakeBack
        | QuestionKind::Replace => {
            let mut acts = question.options.iter().filter_map(|acts| acts.first());
            acts.any(|act| {
                let owed = situation.find(act.obligation);
                owed.is_some_and(|owed| act.stand == Stand::of(&owed.obligation))
            })
        }
        QuestionKind::RemindOn | QuestionKind::Listed => true,
    }
}

/// Puts a question behind those that were asked before it. One question at a time is asked, in the order in which they arose; those
/// that may be passed over, as they want words, last.
pub(super) fn queue(asked: &mut Option<Question>, question: Question) {
    let before = asked.take();
    let mut all = Vec::new();
    for mut one in before.into_iter().chain([question]) {
        let then = std::mem::take(&mut one.then);
        all.push(one);
        all.extend(then);
    }
    all.sort_by_key(|one| one.options.is_empty());
    let mut all = all.into_iter();
    *asked = all.next();
    if let Some(first) = asked {
        first.then = all.collect();
    }
}
