//! What is said to a question that waits: a number, a name, a day, "đúng", "giữ nguyên".

use super::act::{Evidence, What};
use super::answer::{Decision, Note, Why};
use super::choose::{Hints, may_mean};
use super::conversation::{Talk, choice};
use super::question::{Question, QuestionKind};
use super::situation::{Owed, Situation};
use super::spoken::speak_of;
use super::verdict::verdict;
use super::which::chosen_by_name;
use crate::domain::reply::{Intent, Says, Understanding};

/// What follows where it is an answer to what was asked; `None` where it says something of its own.
pub(super) fn answered(
    text: &str,
    understood: &Understanding,
    situation: &Situation<'_>,
) -> Option<Decision> {
    declined(understood, situation)
        .or_else(|| answered_in_words(understood, situation))
        .or_else(|| chosen_by_name(text, understood, situation))
        .or_else(|| takes_back(understood, situation).then(|| choice(1, situation)))
        .or_else(|| not_yet(text, understood, situation))
}

/// "Chưa", "chưa, mới 60%" to "is it done?": how far the task is that was asked about.
fn not_yet(text: &str, understood: &Understanding, situation: &Situation<'_>) -> Option<Decision> {
    let question = situation
        .asked
        .filter(|question| question.kind == QuestionKind::Sure)?;
    let [only] = question.about.as_slice() else {
        return None;
    };
    let is_plain = understood.intent == Intent::Progress
        && understood.sure
        && understood.refs.is_empty()
        && understood.parts.is_empty();
    let offered = question.options.first().and_then(|acts| acts.first());
    let may_be_done = offered.is_some_and(|act| act.what.completes());
    if !is_plain || !may_be_done {
        return None;
    }
    let owed = situation.find(*only)?;
    // "Còn kế hoạch chờ ký" is said of another one.
    let hints = Hints::of_all(understood);
    let calls_another =
        !understood.details.works.is_empty() && speak_of(&[owed], hints, situation).is_empty();
    if calls_another {
        return None;
    }
    let mut talk = Talk::new(text, situation);
    talk.decision.forgets = true;
    let progress = What::Progress {
        percent: understood.percent,
        expected_on: understood.date,
        document: None,
    };
    talk.record(owed, verdict(owed, progress, situation.today));
    Some(talk.decision)
}

/// What is said of a question that is dropped: some were asked after something was recorded.
pub(super) fn dropped(question: &Question) -> Note {
    match question.kind {
        QuestionKind::Document
        | QuestionKind::Until
        | QuestionKind::TakeBack
        | QuestionKind::Replace => Note::Kept,
        QuestionKind::Which
        | QuestionKind::Sure
        | QuestionKind::InTime
        | QuestionKind::RemindOn
        | QuestionKind::Listed => Note::Dropped,
    }
}

/// "Không", "giữ nguyên", "chưa có số"; and "xong rồi" to "is that to be taken back?".
fn declined(understood: &Understanding, situation: &Situation<'_>) -> Option<Decision> {
    let question = situation.asked.filter(|_| situation.asks())?;
    let note = match (question.kind, understood.details.says) {
        (QuestionKind::Document, Some(Says::No | Says::NoNumber)) => Note::NumberLater,
        _ if !situation.files.is_empty() => return None,
        (_, Some(Says::No)) => dropped(question),
        (QuestionKind::Sure | QuestionKind::Which, _)
            if is_denied(understood, question, situation) =>
        {
            dropped(question)
        }
        (QuestionKind::TakeBack, _) if insists(understood, question, situation) => {
            dropped(question)
        }
        _ => return None,
    };
    let mut talk = Talk::new(&question.quote, situation);
    talk.decision.forgets = true;
    let says_no = understood.details.says == Some(Says::No) || understood.intent == Intent::Undo;
    if question.kind == QuestionKind::Sure && says_no && !question.rest.is_empty() {
        talk.ask_of_the_rest(question);
        return Some(talk.decision);
    }
    // What waits behind it is dropped too: the next "nhầm" means what was recorded.
    talk.decision.forgets_rest = understood.intent == Intent::Undo;
    let is_mistake = understood.intent == Intent::Undo && question.kind == QuestionKind::Which;
    if is_mistake && talk.ask_of_the_last_report() {
        return Some(talk.decision);
    }
    talk.note(note);
    if let Some(owed) = question.about.first().and_then(|id| situation.find(*id))
        && !situation.files.is_empty()
    {
        let page = What::Evidence(Evidence {
            document: None,
            on: None,
        });
        talk.record(owed, verdict(owed, page, situation.today));
    }
    Some(talk.decision)
}

/// "Nhầm" to "is it done?": no, and nothing that was recorded before is meant.
fn is_denied(understood: &Understanding, question: &Question, situation: &Situation<'_>) -> bool {
    understood.intent == Intent::Undo && is_about(understood, question, situation)
}

/// Whether what was reported is said once more, and nothing beside it.
fn insists(understood: &Understanding, question: &Question, situation: &Situation<'_>) -> bool {
    understood.intent == Intent::Done
        && understood.sure
        && understood.doc.is_none()
        && is_about(understood, question, situation)
}

/// "Nhầm" to the completion that is asked about.
fn takes_back(understood: &Understanding, situation: &Situation<'_>) -> bool {
    let asked = situation.asked;
    let question = asked.filter(|question| question.kind == QuestionKind::TakeBack);
    question.is_some_and(|question| {
        understood.intent == Intent::Undo && is_about(understood, question, situation)
    })
}

/// Whether no other task is named than those that are asked about.
fn is_about(understood: &Understanding, question: &Question, situation: &Situation<'_>) -> bool {
    let is_asked_about = |named: &String| {
        let mut about = question.about.iter().filter_map(|id| situation.find(*id));
        about.any(|owed| may_mean(owed, named))
    };
    understood.parts.is_empty() && understood.refs.iter().all(is_asked_about)
}

/// The answer to a question that is answered in words: the number of a document, a day.
fn answered_in_words(understood: &Understanding, situation: &Situation<'_>) -> Option<Decision> {
    let question = situation.asked?;
    let owed = situation.find(*question.about.first()?)?;
    if understood.refs.len() > 1 || !is_about(understood, question, situation) {
        return None;
    }
    let asks_day = matches!(question.kind, QuestionKind::Until | QuestionKind::RemindOn);
    let says_else = matches!(understood.intent, Intent::Done | Intent::Undo);
    let puts_off = understood.intent == Intent::Snooze && understood.sure;
    let asks_for_time = understood.intent == Intent::Extension && understood.sure;
    if asks_day && !says_else && understood.date.is_none() && understood.details.no_day {
        let mut again = Decision::noted(Note::NoSuchDay);
        again.answer.question = Some(question.clone());
        return Some(again);
    }
    // A bare number says nothing else: whatever it was taken for, nobody is sure of it.
    let is_bare = match understood.intent {
        Intent::Done | Intent::Unknown | Intent::Ack => true,
        Intent::Progress => !understood.sure,
        _ => false,
    };
    let what = match question.kind {
        QuestionKind::Document if is_bare => return given(owed, understood, question, situation),
        // "Để mai nhắc lại": until when more time is wanted is still to be said.
        QuestionKind::Until if puts_off => What::Snooze {
            until: understood.date.filter(|day| *day > situation.today)?,
        },
        QuestionKind::RemindOn if asks_for_time => return None,
        QuestionKind::Until if !says_else => What::Extension {
            until: Some(understood.date?),
        },
        QuestionKind::RemindOn if !says_else => What::Snooze {
            until: understood.date?,
        },
        _ => return None,
    };
    let mut talk = Talk::new(&question.quote, situation);
    talk.record(owed, verdict(owed, what, situation.today));
    // A day that is too early is no answer: another one still is.
    let mut refused = talk.decision.answer.refused.iter();
    let is_too_early = refused.any(|one| one.why == Why::NotLater);
    talk.decision.forgets = !(is_too_early || question.kind == QuestionKind::Until && puts_off);
    Some(talk.decision)
}

/// The number of a document, its day, or both, to the question for them. Without a number it is still asked for.
fn given(
    owed: &Owed,
    understood: &Understanding,
    question: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let (document, on) = (understood.doc.clone(), understood.date);
    let on = on.filter(|day| document.is_some() || *day <= situation.today);
    if document.is_none() && (on.is_none() || owed.claim.is_none()) {
        return None;
    }
    let mut talk = Talk::new(&question.quote, situation);
    talk.decision.forgets = document.is_some();
    if document.is_none() {
        talk.decision.answer.question = Some(question.clone());
    }
    talk.prove(owed, document, on);
    if on.is_none() && understood.details.no_day {
        talk.note(Note::NoSuchDay);
    }
    Some(talk.decision)
}
