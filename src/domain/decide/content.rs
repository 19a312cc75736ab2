//! Words of a person -> the tasks whose content they speak of.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::choose::{Hints, is_due_within};
use super::situation::Owed;
use super::spoken::is_asked_for;
use crate::domain::ids::TaskId;
use crate::domain::spelling::{pieces, words};

/// How many words of its content speak of a task.
const ENOUGH: usize = 3;

/// How many of them at least tell it from most other tasks.
const TELLING: usize = 2;

/// The only obligation whose content shares enough words with the text: at least three, clearly more than any other, and some that
/// most tasks have not. It asks for all works that are named; and what is done is its document, where that is what it asks for.
pub(super) fn by_content<'a>(
    text: &str,
    open: &[&'a Owed],
    hints: Hints<'_>,
    today: NaiveDate,
) -> Option<&'a Owed> {
    // What stands in the number of a document speaks of nothing.
    let said = pieces(text).into_iter().filter(|piece| !piece.is_number);
    let said: HashSet<String> = said.map(|piece| piece.key).collect();
    let open = &without_later(open, hints, today);
    let contents: Vec<HashSet<String>> = open.iter().map(|owed| content_words(owed)).collect();
    let score = |content: &HashSet<String>| content.intersection(&said).count();
    let mut scored: Vec<(usize, usize)> = contents.iter().map(score).zip(0..).collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let place = match scored.as_slice() {
        [(best, place)] if *best >= ENOUGH => *place,
        [(best, place), (next, _), ..] if *best >= ENOUGH && *best >= next + 2 => *place,
        _ => return None,
    };
    let owed = open[place];
    let task = &owed.obligation.milestone.task;
    let others = open.iter().zip(&contents);
    let others: Vec<&HashSet<String>> = others
        .filter(|(other, _)| other.obligation.milestone.task != *task)
        .map(|(_, content)| content)
        .collect();
    let tells = |word: &&String| {
        let share = others
            .iter()
            .filter(|content| content.contains(*word))
            .count();
        share * 3 <= others.len()
    };
    let telling = contents[place].intersection(&said).filter(tells).count();
    (telling >= TELLING && is_asked_for(owed, hints)).then_some(owed)
}

/// Without the milestones of a task that have not begun, where one of it has and may be meant by its time.
fn without_later<'a>(open: &[&'a Owed], hints: Hints<'_>, today: NaiveDate) -> Vec<&'a Owed> {
    let has_begun = |owed: &&Owed| owed.has_opened(today) && is_due_within(owed, hints);
    let begun: HashSet<&TaskId> = open
        .iter()
        .filter(|owed| has_begun(owed))
        .map(|owed| &owed.obligation.milestone.task)
        .collect();
    let is_near =
        |owed: &&Owed| has_begun(owed) || !begun.contains(&owed.obligation.milestone.task);
    open.iter().copied().filter(is_near).collect()
}

/// Whether the words speak of that task, and no less of it than of any of these.
pub(super) fn speaks_rather_of(text: &str, task: &Owed, others: &[&Owed]) -> bool {
    let said: HashSet<String> = words(text).into_iter().map(|word| word.key).collect();
    let score = |owed: &Owed| content_words(owed).intersection(&said).count();
    let others = others.iter().map(|owed| score(owed)).max();
    score(task) >= ENOUGH.max(others.unwrap_or_default())
}

/// Those of which the text has the most pairs of neighbouring words; nothing where it has none.
pub(super) fn nearest<'a>(text: &str, pool: &[&'a Owed]) -> Vec<&'a Owed> {
    let said = pairs(text);
    let score = |owed: &Owed| {
        let cells = [&owed.content, &owed.label, &owed.product].into_iter();
        let own: HashSet<(String, String)> = cells.flat_map(|cell| pairs(cell)).collect();
        own.intersection(&said).count()
    };
    let scored: Vec<(usize, &Owed)> = pool.iter().map(|owed| (score(owed), *owed)).collect();
    let best = scored.iter().map(|(score, _)| *score).max();
    let nearest = scored
        .into_iter()
        .filter(|(score, _)| *score > 0 && Some(*score) == best);
    nearest.map(|(_, owed)| owed).collect()
}

/// Each two words that stand beside one another.
fn pairs(cell: &str) -> HashSet<(String, String)> {
    let words = words(cell);
    let next = words.iter().skip(1);
    words
        .iter()
        .zip(next)
        .filter(|(_, next)| !next.after_break)
        .map(|(word, next)| (word.key.clone(), next.key.clone()))
        .collect()
}

/// What a question in words may be about: at most three whose content shares its telling words, the likeliest first; nothing where
/// it may be more. A word tells the more the fewer tasks have it; one that most of them have tells nothing.
pub(super) fn spoken_of<'a>(text: &str, owed: &'a [Owed]) -> Vec<&'a Owed> {
    const MOST: usize = 3;
    const ENOUGH: usize = 2;
    let said: HashSet<String> = words(text).into_iter().map(|word| word.key).collect();
    let contents: Vec<HashSet<String>> = owed.iter().map(content_words).collect();
    let mut shares: HashMap<&str, usize> = HashMap::new();
    for word in contents.iter().flatten() {
        *shares.entry(word).or_default() += 1;
    }
    let weight = |word: &str| {
        let share = shares.get(word).copied().unwrap_or_default();
        owed.len().checked_div(share * 2).unwrap_or_default()
    };
    let mut scored: Vec<(usize, &Owed)> = contents
        .iter()
        .zip(owed)
        .filter_map(|(content, owed)| {
            let telling = content.intersection(&said).map(|word| weight(word));
            let telling: Vec<usize> = telling.filter(|weight| *weight > 0).collect();
            (telling.len() >= ENOUGH).then(|| (telling.iter().sum(), owed))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let best = scored.first().map_or(0, |(score, _)| *score);
    scored.retain(|(score, _)| score * 2 > best);
    if scored.len() > MOST {
        return Vec::new();
    }
    scored.into_iter().map(|(_, owed)| owed).collect()
}

fn content_words(owed: &Owed) -> HashSet<String> {
    let cells = [&owed.content, &owed.label].into_iter();
    cells
        .flat_map(|cell| words(cell))
        .map(|word| word.key)
        .collect()
}
