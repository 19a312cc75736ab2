//! The number and the day of a document that come after the report which they belong to, though nothing is asked any more.

use super::act::What;
use super::answer::{Decision, Note};
use super::choose::may_mean;
use super::confirmed::told;
use super::conversation::Talk;
use super::reading::Reading;
use super::situation::{Claim, Owed, OwnChange, Situation};
use super::verdict::verdict;
use crate::domain::obligation::Pending;
use crate::domain::reply::{Intent, Understanding};
use crate::domain::terse::Given;

/// "Ngày 31/3 nhé", "lát em gửi số" just after a report, though nothing was asked: the day of that completion, and no report
/// of another task.
pub(super) fn beside_the_last_report(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let named = understood
        .refs
        .iter()
        .filter(|named| !named.starts_with('#'));
    let owed = match named.collect::<Vec<_>>().as_slice() {
        [] => {
            let fresh = situation.own_changes.first().filter(|one| one.is_fresh);
            match fresh {
                Some(last) => situation
                    .find(last.obligation)
                    .filter(|owed| owed.claim.is_some())?,
                None => match without_a_number(understood, situation).as_slice() {
                    [] => return None,
                    [(only, _)] => *only,
                    several if reading.terse.is_number_alone(text) => {
                        let mut talk = Talk::new(text, situation);
                        talk.ask_of_which(several, understood.date, |_| understood.doc.clone());
                        return Some(talk.decision);
                    }
                    _ => return None,
                },
            }
        }
        [named] => {
            let called = situation.owed.iter().filter(|owed| may_mean(owed, named));
            let mut claimed = called.filter(|owed| owed.claim.is_some());
            claimed.next().filter(|_| claimed.next().is_none())?
        }
        _ => return None,
    };
    let mut talk = Talk::new(text, situation);
    if situation.files.is_empty() && reading.terse.comes_later(text) {
        talk.note(Note::Thanks);
        return Some(talk.decision);
    }
    let Given { document, on } = told(text, understood, reading, owed, situation)?;
    // A number for what has one, or needs none, is nobody knows what.
    if document.is_some() && (owed.document.is_some() || !owed.is_document) {
        return None;
    }
    talk.prove(owed, document, on);
    (talk.decision != Decision::default()).then_some(talk.decision)
}

/// "Nhầm, 20/4", or a moment later "à 12/4 nghe", after a wish for more time: until when it is wanted, and nothing is taken back.
pub(super) fn wished_day_put_right(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let last = situation.own_changes.first()?;
    let was_wish = last.after.pending == Some(Pending::Extension)
        && last.before.pending != Some(Pending::Extension);
    // "À 12/4 nghe" a moment after it gives another day as well.
    let is_anew = last.is_fresh && !situation.asks() && reading.terse.is_day_alone(text);
    let is_mistake = understood.intent == Intent::Undo;
    if !was_wish || !(is_mistake || is_anew) || !understood.parts.is_empty() {
        return None;
    }
    let owed = situation.find(last.obligation)?;
    let is_of_it = understood.refs.iter().all(|named| may_mean(owed, named));
    let rest = if is_mistake {
        reading.terse.after_mistake(text)
    } else {
        Some(text)
    };
    let rest = rest.filter(|_| is_of_it)?;
    let day = reading.day_wished(rest, situation)?;
    let mut talk = Talk::new(text, situation);
    let wish = What::Extension { until: Some(day) };
    talk.record(owed, verdict(owed, wish, situation.today));
    Some(talk.decision)
}

/// "Lí do dịch Covid" just after a wish for more time: why it is wanted.
pub(super) fn reason_of_the_last_wish(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let last = situation.own_changes.first();
    let last = last.filter(|last| last.is_fresh && !situation.asks())?;
    let owed = situation.find(last.obligation)?;
    let waits = |pending| pending == Some(Pending::Extension);
    let says_else = matches!(
        understood.intent,
        Intent::Done | Intent::Undo | Intent::Snooze | Intent::Ask
    );
    let is_wish = waits(last.after.pending) && waits(owed.obligation.pending);
    let is_plain = understood.refs.is_empty() && understood.date.is_none() && !says_else;
    if !is_wish || !is_plain || !reading.terse.is_reason(text) {
        return None;
    }
    let mut talk = Talk::new(text, situation);
    let wish = What::Extension { until: owed.asked };
    talk.record(owed, verdict(owed, wish, situation.today));
    Some(talk.decision)
}

/// What the sender has reported of late and no number was told of: one that was asked for may come a day later, when the
/// question waits no more.
fn without_a_number<'a>(
    understood: &Understanding,
    situation: &Situation<'a>,
) -> Vec<(&'a Owed, Claim)> {
    if understood.doc.is_none() {
        return Vec::new();
    }
    let ids = OwnChange::obligations(situation.own_changes.iter());
    let reported = ids.into_iter().filter_map(|id| situation.find(id));
    let lacking = reported.filter(|owed| owed.is_document && owed.document.is_none());
    lacking
        .filter_map(|owed| Some((owed, owed.claim?)))
        .collect()
}
