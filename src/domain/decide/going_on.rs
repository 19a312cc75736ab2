//! What is asked after the question that was answered: of all that a message left open, nothing is lost.

use super::act::Stand;
use super::answer::Decision;
use super::question::{Question, QuestionKind};
use super::situation::Situation;
use crate::domain::ids::ObligationId;

/// The same, with what waits to be asked behind the question that waited: the next of it once that one is answered, dropped
/// or makes room for another.
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
        return decision;
    }
    let changes = &decision.changes;
    let is_settled = |question: &Question| {
        let mut about = question.about.iter();
        about.all(|id| changes.iter().any(|change| change.obligation == *id))
    };
    let asked_anew: Vec<Vec<ObligationId>> = question
        .iter()
        .flat_map(|one| std::iter::once(one).chain(&one.then))
        .map(|one| one.about.clone())
        .collect();
    let waiting = asked.then.iter().filter(|one| {
        !is_settled(one) && !asked_anew.contains(&one.about) && still_stands(one, situation)
    });
    for waiting in waiting {
        queue(question, waiting.clone());
    }
    decision
}

/// Whether nothing was reported since of all that it asks about.
fn still_stands(question: &Question, situation: &Situation<'_>) -> bool {
    let about = question.about.iter();
    let mut about = about.filter_map(|id| situation.find(*id));
    match question.kind {
        QuestionKind::Document => about.any(|owed| owed.document.is_none()),
        QuestionKind::Which
        | QuestionKind::Sure
        | QuestionKind::TakeBack
        | QuestionKind::Replace => {
            let mut acts = question.options.iter().filter_map(|acts| acts.first());
            acts.any(|act| {
                let owed = situation.find(act.obligation);
                owed.is_some_and(|owed| act.stand == Stand::of(&owed.obligation))
            })
        }
        QuestionKind::Until | QuestionKind::RemindOn | QuestionKind::Listed => true,
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
