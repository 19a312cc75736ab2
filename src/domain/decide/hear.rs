//! Words -> what follows from them, read in the light of what was asked and shown.

use super::What;
use super::answer::{Decision, Note};
use super::at_once::{all_but, all_but_in_words, of_all};
use super::belated::{beside_the_last_report, reason_of_the_last_wish, wished_day_put_right};
use super::choose::{is_of_kind, kind_of_document};
use super::command::parse_command;
use super::confirmed::completed_instead_of_confirmed;
use super::conversation::{Talk, choice, decide, decide_command};
use super::denied::another_was_meant;
use super::following::goes_on_with;
use super::going_on::going_on;
use super::in_time::day_told;
use super::in_words::heard_apart;
use super::numbered::{chosen, is_ambiguous, parse_number};
use super::proof;
use super::question::{Question, QuestionKind};
use super::reading::Reading;
use super::situation::{Owed, Situation};
use super::verdict::verdict;
use super::which::told_of_which;
use crate::domain::reply::{Intent, Understanding};

/// What follows from a text.
#[must_use]
pub fn hear(text: &str, reading: &Reading<'_>, situation: &Situation<'_>) -> Decision {
    let asked = wants_this_kind(text, reading, situation);
    let asked = asked.as_ref().or(situation.asked);
    let of_a_time = reading.of_a_time(situation);
    let situation = &Situation {
        asked,
        of_a_time: &of_a_time,
        ..*situation
    };
    going_on(heard(text, reading, situation), situation)
}

fn heard(text: &str, reading: &Reading<'_>, situation: &Situation<'_>) -> Decision {
    let number = parse_number(text);
    if situation.is_numbered()
        && let Some(number) = number
    {
        return choice(number, situation);
    }
    if let Some(question) = situation.asked
        && number.is_some_and(|number| is_ambiguous(number, text, question.kind, situation))
    {
        let mut again = Decision::noted(Note::BareNumber);
        again.answer.question = Some(question.clone());
        return again;
    }
    let text = match parse_command(text) {
        Ok(command) => return decide_command(&command, situation),
        Err(sentence) => sentence,
    };
    let understood = reading.understand(&text, situation);
    let kind = situation.asked.map(|question| question.kind);
    if let Some(decision) = chosen(&text, number, &understood, reading, situation) {
        return decision;
    }
    let refs = &understood.refs;
    let corrected = reading
        .terse
        .corrected(&text, refs, situation.today, reading.reader);
    let whole = |number: &str, owed: &Owed| {
        let given = reading.given(number, &understood, owed, situation);
        given.and_then(|given| given.document)
    };
    let corrected =
        corrected.and_then(|one| proof::corrected(&text, &one, &understood, whole, situation));
    if let Some(decision) = corrected {
        return decision;
    }
    if let Some(decision) = of_what_was_said(&text, &understood, reading, situation) {
        return decision;
    }
    if reading.terse.drops_wish(&text, refs) {
        let mut talk = Talk::new(&text, situation);
        if talk.take_wish_back(refs) {
            return talk.decision;
        }
    }
    if !situation.asks()
        && let Some(decision) = beside_the_last_report(&text, &understood, reading, situation)
    {
        return decision;
    }
    if let Some(of_all) = reading.terse.all_but(&text, refs)
        && reading.understand(of_all, situation).intent == Intent::Done
    {
        return all_but(&text, refs, situation);
    }
    if refs.is_empty()
        && let Some(decision) = all_but_in_words(&text, reading, situation)
    {
        return decision;
    }
    if let Some(decision) = of_all(&text, &understood, reading.terse, situation) {
        return decision;
    }
    if situation.files.is_empty()
        && let [named] = refs.as_slice()
        && understood.intent != Intent::Ask
        && reading.terse.files_are_of(&text, refs)
    {
        let mut talk = Talk::new(&text, situation);
        talk.put_files(named);
        return talk.decision;
    }
    if kind == Some(QuestionKind::Until)
        && let Some(decision) = reason(&text, &understood, reading, situation)
    {
        return decision;
    }
    let speaks_of_rest = reading.terse.rest_from(&text).is_some();
    if (understood.refs.is_empty() || speaks_of_rest)
        && let Some(decision) = heard_apart(&text, reading, situation)
    {
        return decision;
    }
    let mut understood = reading.in_the_light(&text, understood, situation);
    if reading.terse.is_mistake(&text) {
        (understood.intent, understood.sure) = (Intent::Undo, true);
        understood.details.says = None;
    }
    let more_time = reading.terse.shift(&text, false);
    let situation = Situation {
        more_time,
        denies: reading.terse.denies(&text),
        ..*situation
    };
    decide(&text, &understood, &situation)
}

/// What completes, puts right or gives a reason for what was said or asked before.
fn of_what_was_said(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    told_of_which(text, understood, reading, situation)
        .or_else(|| completed_instead_of_confirmed(text, understood, reading, situation))
        .or_else(|| day_told(text, understood, reading, situation))
        .or_else(|| wished_day_put_right(text, understood, reading, situation))
        .or_else(|| reason_of_the_last_wish(text, understood, reading, situation))
        .or_else(|| another_was_meant(text, reading, situation))
        .or_else(|| goes_on_with(text, understood, reading, situation))
}

/// "15/BC" while the number of a plan is asked for, and behind it that of a report: the question that it answers comes first.
fn wants_this_kind(
    text: &str,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Question> {
    let wants_number = |question: &Question| question.kind == QuestionKind::Document;
    let asked = situation.asked.filter(|asked| wants_number(asked))?;
    if !asked.then.iter().any(wants_number) {
        return None;
    }
    let understood = reading.understand(text, situation);
    let kind = kind_of_document(understood.doc.as_deref()?)?;
    let fits = |question: &Question| {
        let owed = question.about.first().and_then(|id| situation.find(*id));
        wants_number(question) && owed.is_some_and(|owed| is_of_kind(owed, kind))
    };
    let is_other = !fits(asked) && understood.refs.is_empty();
    let place = asked.then.iter().position(fits).filter(|_| is_other)?;
    asked.with_first(place)
}

/// "Vì chờ hướng dẫn của Bộ" to "until when?": why is kept, and the day is still wanted.
fn reason(
    text: &str,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let question: &Question = situation.asked?;
    let owed = situation.find(*question.about.first()?)?;
    let says_else = matches!(
        understood.intent,
        Intent::Done | Intent::Undo | Intent::Snooze | Intent::Ask
    );
    let names_day = understood.date.is_some() || reading.terse.shift(text, true).is_some();
    if says_else || names_day || !understood.refs.is_empty() || !reading.terse.is_reason(text) {
        return None;
    }
    let mut talk = Talk::new(text, situation);
    let wish = What::Extension { until: None };
    talk.record(owed, verdict(owed, wish, situation.today));
    if talk.decision.answer.refused.is_empty() {
        talk.note(Note::ReasonKept);
        talk.decision.answer.question = Some(question.clone());
    }
    Some(talk.decision)
}
