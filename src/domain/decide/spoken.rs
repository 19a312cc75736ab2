//! The works and documents that words name -> the tasks that ask for them.

use super::choose::{Chosen, Hints, is_due_within, is_of_kind, kind_of_document};
use super::content::nearest;
use super::reading::Reading;
use super::situation::{Owed, Situation};
use crate::domain::reply::{Intent, Work};
use crate::domain::spelling::{plain, words};

/// Those of which all works are named that the words speak of; nothing where no work is spoken of, or none of these asks for all.
/// "Báo cáo quý" is said of the report that is of nothing but its quarter, where there is one.
pub(super) fn speak_of<'a>(
    pool: &[&'a Owed],
    hints: Hints<'_>,
    situation: &Situation<'_>,
) -> Vec<&'a Owed> {
    if hints.works.is_empty() {
        return Vec::new();
    }
    let speaks = |owed: &&Owed| asks_for_all(owed, hints);
    let spoken_of: Vec<&Owed> = pool.iter().copied().filter(speaks).collect();
    unmarked(&spoken_of, hints, situation).map_or(spoken_of, |only| vec![only])
}

/// The only one of several that is of nothing but its time, where the words tell no more of it either.
pub(super) fn unmarked<'a>(
    several: &[&'a Owed],
    hints: Hints<'_>,
    situation: &Situation<'_>,
) -> Option<&'a Owed> {
    let [work] = hints.works else { return None };
    let said = work.time?;
    let is_plain = |owed: &&&Owed| {
        let mut times = situation.of_a_time.iter();
        times.any(|(id, time)| *id == owed.id() && time.may_be(said))
    };
    let plain: Vec<&Owed> = several.iter().filter(is_plain).copied().collect();
    let task = &plain.first()?.obligation.milestone.task;
    if plain
        .iter()
        .any(|owed| owed.obligation.milestone.task != *task)
    {
        return None;
    }
    // Of several quarters the one that is named, or else the one that was due first.
    let is_within = |owed: &&Owed| {
        let first = owed.obligation.original_due_on;
        let mut periods = hints.periods.iter();
        periods.any(|period| first.is_some_and(|day| period.first <= day && day <= period.last))
    };
    let mut of_its_time = plain.iter().copied().filter(is_within);
    match hints.periods {
        [] => plain
            .iter()
            .copied()
            .min_by_key(|owed| owed.obligation.due_on),
        _ => of_its_time.next().filter(|_| of_its_time.next().is_none()),
    }
}

/// The tasks that a few words call: by the works that they name, or else by any two words that are also theirs.
pub(super) fn called_by<'a>(
    text: &str,
    reading: &Reading<'_>,
    pool: &[&'a Owed],
    situation: &Situation<'_>,
) -> Vec<&'a Owed> {
    let works = reading.read(text, situation).details.works;
    let hints = Hints {
        works: &works,
        ..Hints::of(Intent::Progress)
    };
    let spoken_of = speak_of(pool, hints, situation);
    if spoken_of.is_empty() {
        nearest(text, pool)
    } else {
        spoken_of
    }
}

/// Whether a task asks for all works that are named.
fn asks_for_all(owed: &Owed, hints: Hints<'_>) -> bool {
    let words = words_of(owed);
    // "Báo cáo kết quả thực hiện kế hoạch" asks for no plan.
    let outcome = words_in([outcome_of(owed)]);
    hints.works.iter().all(|work| {
        let within = if work.is_document { &outcome } else { &words };
        is_named(work, within) || is_named_apart(work, &words)
    })
}

/// Whether what is told is of what a task asks for. "Đợt kiểm tra làm xong rồi" finishes no report on it.
pub(super) fn is_asked_for(owed: &Owed, hints: Hints<'_>) -> bool {
    let outcome = words_in([outcome_of(owed)]);
    // "Kế hoạch rà soát" begins with the kind of its document.
    let begins_with_it = |work: &Work| {
        let name: Vec<&str> = work.name.split(' ').collect();
        name.len() > 2 && outcome.windows(2).any(|words| words == &name[..2])
    };
    let names_document = hints
        .works
        .iter()
        .any(|work| work.is_document || begins_with_it(work))
        || hints
            .document
            .and_then(kind_of_document)
            .is_some_and(|kind| is_of_kind(owed, kind));
    let is_finished = hints.intent == Intent::Done && owed.is_document;
    asks_for_all(owed, hints) && (names_document || !is_finished)
}

/// The only one that is left, unless other work is spoken of: nothing of this one, a kind of document that it does not ask
/// for, or more of another one, be it done.
pub(super) fn unless_other_work<'a>(
    only: &'a Owed,
    hints: Hints<'_>,
    situation: &Situation<'a>,
) -> Chosen<'a> {
    let named = |owed: &Owed| {
        let words = words_of(owed);
        let works = hints.works.iter();
        works
            .filter(|work| is_named(work, &words))
            .collect::<Vec<_>>()
    };
    let own = named(only);
    let is_document = |work: &Work| work.is_document;
    let other_document =
        hints.works.iter().any(is_document) && !own.iter().any(|work| work.is_document);
    let task = &only.obligation.milestone.task;
    let others = situation.owed.iter();
    let more_of_another = others
        .filter(|owed| owed.obligation.milestone.task != *task)
        .any(|owed| named(owed).len() > own.len());
    let speaks_of_other = own.is_empty() || other_document || more_of_another;
    let mut of_task = situation.owed.iter();
    let several =
        of_task.any(|owed| owed.obligation.milestone.task == *task && owed.id() != only.id());
    let of_other_time = several && !is_due_within(only, hints);
    if !hints.works.is_empty() && speaks_of_other || of_other_time {
        Chosen::Perhaps(only)
    } else {
        Chosen::One(only)
    }
}

/// The words of an obligation, in lower case and without diacritics.
fn words_of(owed: &Owed) -> Vec<String> {
    words_in([&owed.content, &owed.label, &owed.product])
}

/// Whether the pairs of words of a long name are all among these: "kế hoạch rà soát" in "kế hoạch … chất lượng rà soát".
fn is_named_apart(work: &Work, among: &[String]) -> bool {
    let name: Vec<&str> = work.name.split(' ').collect();
    let pairs = name.chunks(2);
    name.len() > 2
        && pairs
            .into_iter()
            .all(|pair| among.windows(pair.len()).any(|words| words == pair))
}

/// What is to come out of it: its label, or its product where it has none.
pub(super) fn outcome_of(owed: &Owed) -> &str {
    if owed.label.is_empty() {
        &owed.product
    } else {
        &owed.label
    }
}

fn words_in<'c>(
    cells: impl IntoIterator<Item = &'c (impl AsRef<str> + ?Sized + 'c)>,
) -> Vec<String> {
    cells
        .into_iter()
        .flat_map(|cell| words(cell.as_ref()))
        .map(|word| plain(&word.key))
        .collect()
}

/// Whether a word is no word but the first letters of some: "tthc".
fn is_abbreviation(word: &str) -> bool {
    const LEAST_LETTERS: usize = 3;
    word.len() >= LEAST_LETTERS && !word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// Whether a work is named among these words, or by the letters that they begin with: "kh" is "kế hoạch".
fn is_named(work: &Work, among: &[String]) -> bool {
    let name: Vec<&str> = work.name.split(' ').collect();
    let written = || among.windows(name.len()).any(|words| words == name);
    let letters = || {
        let letters: Vec<char> = work.name.chars().collect();
        let begins = |(word, letter): (&String, &char)| word.starts_with(*letter);
        let mut runs = among.windows(letters.len());
        runs.any(|words| words.iter().zip(&letters).all(begins))
    };
    let may_be_letters = work.is_document || is_abbreviation(&work.name);
    written() || name.len() == 1 && may_be_letters && letters()
}
