//! A few words that call no task and come a moment after others: "lãnh đạo ký rồi", "90%", "vô sổ xong, số 66/KH-UBND". They go on
//! with what was just spoken of.

use super::act::{Act, What};
use super::answer::Decision;
use super::choose::{is_of_kind, kind_of_document};
use super::conversation::{Talk, said_by_choice};
use super::question::{Question, QuestionKind};
use super::reading::Reading;
use super::situation::{Owed, Situation};
use super::verdict::verdict;
use crate::domain::reply::{Intent, Understanding};

/// Whoever says more tells of something of its own.
const MOST_WORDS: usize = 14;

/// What follows where words go on with the task that was asked about, that waits to be placed, or of which something was recorded a
/// moment ago.
pub(super) fn goes_on_with(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let calls_none = understood.refs.is_empty()
        && understood.parts.is_empty()
        && understood.details.works.is_empty()
        && !understood.details.of_another
        && reading.terse.rest_from(text).is_none();
    let tells = match understood.intent {
        Intent::Done => understood.sure || understood.details.finishes(),
        intent => intent == Intent::Progress && understood.sure,
    };
    let is_short = text.split_whitespace().count() <= MOST_WORDS;
    if !(calls_none && tells && is_short) || situation.replies_to.is_some() {
        return None;
    }
    match situation.asked.filter(|_| situation.asks()) {
        Some(asked) if asked.kind == QuestionKind::Sure => {
            finished_since(understood, asked, situation)
        }
        Some(asked) if asked.kind == QuestionKind::Which => {
            told_once_more(text, understood, asked, situation)
        }
        Some(_) => None,
        None => of_the_last(text, understood, situation),
    }
}

/// "Ký rồi" to "is it under way?": it is done.
fn finished_since(
    understood: &Understanding,
    asked: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let [act] = asked.options.first()?.as_slice() else {
        return None;
    };
    let owed = situation.find(act.obligation)?;
    let is_open = matches!(act.what, What::Progress { .. });
    if !is_open || understood.intent != Intent::Done || !fits(owed, understood) {
        return None;
    }
    let act = Act {
        what: told(understood, situation),
        is_doubtful: !understood.sure,
        ..act.clone()
    };
    Some(said_by_choice(asked, &[act], situation))
}

/// "Lãnh đạo ký rồi" while it is asked which task "xong rồi" was about: the same report, and no second question.
fn told_once_more(
    text: &str,
    understood: &Understanding,
    asked: &Question,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let acts = asked.options.iter().filter_map(|acts| acts.first());
    let says_as_much = |act: &&Act| match act.what {
        What::Done { .. } => understood.intent == Intent::Done,
        What::Progress { .. } => true,
        _ => false,
    };
    let offered: Vec<(&Owed, Act)> = acts
        .filter(says_as_much)
        .filter_map(|act| {
            let owed = situation.find(act.obligation)?;
            let what = with_what_was_told(told(understood, situation), &act.what);
            let act = Act {
                what,
                ..act.clone()
            };
            fits(owed, understood).then_some((owed, act))
        })
        .collect();
    if offered.is_empty() {
        return None;
    }
    let joined = Question {
        quote: format!("{}; {}", asked.quote, text.trim()),
        ..asked.clone()
    };
    let mut talk = Talk::answering(&joined, situation);
    talk.ask_of_these(&joined, offered);
    Some(talk.decision)
}

/// What is told now, with what was told before and is not now.
fn with_what_was_told(now: What, before: &What) -> What {
    match (now, before) {
        (What::Done { on, document }, What::Done { document: was, .. }) => What::Done {
            on,
            document: document.or_else(|| was.clone()),
        },
        (
            What::Progress {
                percent,
                expected_on,
                document,
            },
            What::Progress {
                percent: share,
                expected_on: day,
                document: was,
            },
        ) => What::Progress {
            percent: percent.or(*share),
            expected_on: expected_on.or(*day),
            document: document.or_else(|| was.clone()),
        },
        (now, _) => now,
    }
}

/// Of the only task of the sender's last message, a moment ago: how far it is is recorded, that it is done is asked.
fn of_the_last(
    text: &str,
    understood: &Understanding,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let mut talk = Talk::new(text, situation);
    // "Rút lại", "mai gửi": of what was taken back a moment ago.
    let undone = situation.undone_lately.and_then(|id| situation.find(id));
    let owed = undone.or_else(|| talk.just_reported())?;
    let is_under_way = owed.is_open() && owed.claim.is_none() && owed.obligation.pending.is_none();
    if !is_under_way || !fits(owed, understood) {
        return None;
    }
    let what = told(understood, situation);
    if what.completes() {
        talk.ask_whether(&[(owed, what)], true);
    } else {
        talk.record(owed, verdict(owed, what, situation.today));
    }
    Some(talk.decision)
}

/// Whether a document that is named may be that of this task.
fn fits(owed: &Owed, understood: &Understanding) -> bool {
    let kind = understood.doc.as_deref().and_then(kind_of_document);
    kind.is_none_or(|kind| is_of_kind(owed, kind))
}

/// What is told.
fn told(understood: &Understanding, situation: &Situation<'_>) -> What {
    let document = understood.doc.clone();
    match understood.intent {
        Intent::Done => What::Done {
            on: understood
                .date
                .filter(|day| *day <= situation.today)
                .unwrap_or(situation.today),
            document,
        },
        _ => What::Progress {
            percent: understood.percent,
            expected_on: understood.date.filter(|day| *day >= situation.today),
            document,
        },
    }
}
