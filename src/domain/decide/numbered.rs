//! A number, a place, "đúng": the answers to a question that offers some, or to a list.

use super::answer::Decision;
use super::command::Command;
use super::conversation::{choice, decide_choices, decide_command};
use super::question::QuestionKind;
use super::reading::Reading;
use super::situation::Situation;
use super::which::chosen_as;
use crate::domain::reply::{Intent, Says, Understanding};

/// What follows where a text chooses among answers, or tasks of a list, and says nothing else.
pub(super) fn chosen(
    text: &str,
    number: Option<usize>,
    understood: &Understanding,
    reading: &Reading<'_>,
    situation: &Situation<'_>,
) -> Option<Decision> {
    let kind = situation.asked.map(|question| question.kind);
    let is_numbered = situation.is_numbered();
    let below_list = situation.asked.is_some_and(|question| question.below_list);
    if let Some(question) = situation
        .asked
        .filter(|_| is_numbered && kind == Some(QuestionKind::Which))
        // "1 và 3, còn 2 chưa": what is left is not chosen.
        && let Some(several) = reading
            .terse
            .several(text, question.offered())
            .or_else(|| reading.terse.these_and_not_others(text, question.offered()))
    {
        return Some(decide_choices(&several, question, situation));
    }
    if let Some(place) = place(text, reading, situation) {
        return Some(place);
    }
    // "2 thì chưa" says something of it, and "số 7" is none of three answers.
    let options = situation.asked.map_or(0, |question| question.options.len());
    let in_words = number_in_words(text, understood).filter(|number| {
        let is_offered = !is_numbered || (1..=options).contains(number);
        is_offered && reading.terse.beside_names(text).is_empty()
    });
    let in_words = number.or(in_words);
    if let Some(number) = in_words.filter(|_| is_numbered) {
        return Some(choice(number, situation));
    }
    if let Some(number) = in_words.filter(|number| below_list && situation.lists(*number))
        && let Some(decision) = chosen_as(&format!("#{number}"), situation)
    {
        return Some(decision);
    }
    // "vâng", "đúng rồi" to "is that right?" chooses what was understood. On a later day it may as well be the word that
    // keeps Zalo open: then the question is put once more.
    let is_yes_or_no = matches!(
        kind,
        Some(QuestionKind::Sure | QuestionKind::TakeBack | QuestionKind::Replace)
    );
    if is_yes_or_no && understood.details.says == Some(Says::Yes) {
        return Some(choice(usize::from(reading.asked_today), situation));
    }
    let wants_words = matches!(kind, Some(QuestionKind::Document));
    let number = number.filter(|number| !wants_words && situation.lists(*number))?;
    Some(decide_command(
        &Command::Show(format!("#{number}")),
        situation,
    ))
}

/// "Cái thứ hai", "cái cuối" to "which task?".
fn place(text: &str, reading: &Reading<'_>, situation: &Situation<'_>) -> Option<Decision> {
    let question = situation.asked?;
    if question.kind != QuestionKind::Which {
        return None;
    }
    if question.below_list {
        let place = reading.terse.chosen_place(text, situation.numbered.len())?;
        return chosen_as(&format!("#{place}"), situation);
    }
    let place = reading.terse.chosen_place(text, question.offered())?;
    Some(choice(place, situation))
}

/// "1", "2.", " 3) ": the number of an answer.
#[must_use]
pub fn parse_number(text: &str) -> Option<usize> {
    let text = text.trim().trim_end_matches(['.', ')']);
    (text.len() <= 2).then(|| text.parse().ok()).flatten()
}

/// "việc 2", "số 2 nhé": the number of an answer, in a few words that say nothing else.
fn number_in_words(text: &str, understood: &Understanding) -> Option<usize> {
    const MOST_WORDS: usize = 3;
    let said: Vec<&str> = text.split_whitespace().collect();
    let mut numbers = said.iter().filter_map(|word| parse_number(word));
    let number = numbers.next().filter(|_| numbers.next().is_none())?;
    let is_its = |named: &String| named.strip_prefix('#') == Some(number.to_string().as_str());
    let says_nothing_else = !understood.sure
        && matches!(
            understood.intent,
            Intent::Done | Intent::Unknown | Intent::Ack
        )
        && understood.refs.iter().all(is_its)
        && understood.parts.is_empty()
        && understood.date.is_none()
        && understood.doc.is_none();
    (said.len() <= MOST_WORDS && says_nothing_else).then_some(number)
}

/// "2" to the question for the number of a document: that number, or a place in a list that was shown before? "Số 2", "02" and
/// "15", where no list is as long, are numbers of documents.
pub(super) fn is_ambiguous(
    number: usize,
    text: &str,
    kind: QuestionKind,
    situation: &Situation<'_>,
) -> bool {
    const AS_OF_AN_ANSWER: usize = 9;
    let is_plain = !text.trim().starts_with('0');
    kind == QuestionKind::Document
        && is_plain
        && (number <= AS_OF_AN_ANSWER || situation.lists(number))
}
