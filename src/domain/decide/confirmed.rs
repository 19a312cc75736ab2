//! What answers "is that right?" without a yes: the number of the document, another day, why more time is wanted.
//!
//! Whoever tells the number of the plan that was asked about says that it is there, and whoever tells why or until when more time is
//! wanted says that it is.

use super::act::{Act, What};
use super::answer::{Decision, Note};
use super::choose::{is_of_kind, kind_of_document, may_mean};
use super::conversation::{Talk, said_by_choice};
use super::question::{Question, QuestionKind};
use super::reading::Reading;
use super::situation::{Owed, Situation};
use crate::domain::reply::{Intent, Understanding};
use crate::domain::terse::Given;

/// What follows where the report that is asked about is completed by what it lacked, or dropped by name.
pub(super) fn completed_instead_of_confirmed(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let asked = situation.asked.filter(|_| situation.files.is_empty())?;
    if !matches!(asked.kind, QuestionKind::Sure | QuestionKind::Which) {
        return None;
    }
    let is_wish = |act: &Act| matches!(act.what, What::Extension { .. });
    let all_wish = asked.options.iter().flatten().all(is_wish);
    if all_wish && reading.terse.drops_wish(text, &understood.refs) {
        let mut talk = Talk::answering(asked, situation);
        talk.note(Note::Dropped);
        return Some(talk.decision);
    }
    let [act] = asked.options.first()?.as_slice() else {
        return None;
    };
    let owed = situation.find(act.obligation)?;
    // "Số 27" is a number here, and no task of a list.
    let mut refs = understood
        .refs
        .iter()
        .filter(|named| !named.starts_with('#'));
    let is_plain = understood.parts.is_empty() && refs.all(|named| may_mean(owed, named));
    if asked.kind != QuestionKind::Sure || !is_plain {
        return None;
    }
    let what = match &act.what {
        What::Done { document: None, on } => {
            // "Lộn, ngày 25/3" puts the day right, and says that it is done.
            let told = reading.terse.after_mistake(text).unwrap_or(text);
            let Given { document, on: day } = given(told, understood, reading, owed, situation)?;
            let is_told = document.is_some() || reading.terse.is_day_alone(told);
            What::Done {
                on: day.filter(|_| is_told).unwrap_or(*on),
                document: Some(document).filter(|_| is_told)?,
            }
        }
        What::Extension { until } if reading.terse.is_reason(text) => What::Extension {
            until: until.or(understood.date),
        },
        What::Extension { until } => until_told(*until, text, understood, reading, situation)?,
        _ => return None,
    };
    let act = Act {
        what,
        ..act.clone()
    };
    let question = Question {
        quote: format!("{}; {}", asked.quote, text.trim()),
        ..asked.clone()
    };
    Some(said_by_choice(&question, &[act], situation))
}

/// The number of a document that may be that of this task, its day, or both.
pub(super) fn given(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    owed: &Owed,
    situation: &Situation<'_>,
) -> Option<Given> {
    let given = told(text, understood, reading, owed, situation)?;
    let kind = given.document.as_deref().and_then(kind_of_document);
    kind.is_none_or(|kind| is_of_kind(owed, kind))
        .then_some(given)
}

/// The same, of whatever kind it is.
pub(super) fn told(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    owed: &Owed,
    situation: &Situation<'_>,
) -> Option<Given> {
    let whole = || {
        let is_alone = reading.terse.is_number_alone(text);
        is_alone.then(|| Given {
            document: understood.doc.clone(),
            on: understood.date.filter(|day| *day <= situation.today),
        })
    };
    let given = reading.given(text, understood, owed, situation);
    given.or_else(whole)
}

/// Another day until which more time is wanted; the month alone of the day that was asked about says no other one.
fn until_told(
    until: Option<chrono::NaiveDate>,
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<What> {
    let says_else = matches!(
        understood.intent,
        Intent::Done | Intent::Undo | Intent::Ask | Intent::Blocked
    );
    if says_else {
        return None;
    }
    let told = reading.day_wished(text, situation)?;
    let within = |day: chrono::NaiveDate| {
        let mut months = understood.details.periods.iter();
        months.any(|month| month.first <= day && day <= month.last)
    };
    let same = until.filter(|day| within(*day));
    Some(What::Extension {
        until: Some(same.unwrap_or(told)),
    })
}
