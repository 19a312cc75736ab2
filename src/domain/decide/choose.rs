//! A reference, or none, -> the obligation that is meant.

use std::collections::HashSet;

use super::situation::{Owed, Situation};
use crate::domain::reply::Intent;
use crate::domain::spelling::words;

/// How many obligations a person is asked to choose from.
const MOST_OPTIONS: usize = 8;

/// Which obligation is meant.
pub(super) enum Chosen<'a> {
    /// This one.
    One(&'a Owed),
    /// One of these; the most urgent first, never empty.
    OneOf(Vec<&'a Owed>),
    /// Nothing that this agency owes.
    Nothing,
}

/// What helps to tell milestones of one task apart.
#[derive(Clone, Copy)]
pub(super) struct Hints<'a> {
    pub(super) intent: Intent,
    /// Number of a document: `12/KH-SNV`.
    pub(super) document: Option<&'a str>,
}

/// The obligation that the sender calls `named`: `II.2`, `II.2/1`, `II.2/KH`, `IV.1.b`, `#2`.
pub(super) fn by_name<'a>(named: &str, hints: Hints<'_>, situation: &Situation<'a>) -> Chosen<'a> {
    if let Some(number) = named.strip_prefix('#') {
        return by_number(number, situation);
    }
    let (task, rest) = match named.split_once('/') {
        Some((task, rest)) => (task, Some(rest)),
        None => (named, None),
    };
    let of_task: Vec<&Owed> = situation
        .owed
        .iter()
        .filter(|owed| {
            owed.obligation
                .milestone
                .task
                .as_str()
                .eq_ignore_ascii_case(task)
        })
        .collect();
    let meant: Vec<&Owed> = match rest {
        Some(rest) => of_task
            .iter()
            .copied()
            .filter(|owed| is_milestone(owed, rest))
            .collect(),
        None => Vec::new(),
    };
    among(
        if meant.is_empty() { of_task } else { meant },
        hints,
        situation,
    )
}

/// The obligation meant when none is named: the only one that the sender was told of, the only one that is open, or the
/// only one whose content the words speak of.
pub(super) fn without_name<'a>(
    text: &str,
    hints: Hints<'_>,
    situation: &Situation<'a>,
) -> Chosen<'a> {
    let told: Vec<&Owed> = situation
        .told
        .iter()
        .filter_map(|id| situation.find(*id))
        .filter(|owed| owed.is_open())
        .collect();
    let open: Vec<&Owed> = situation
        .owed
        .iter()
        .filter(|owed| owed.is_open())
        .collect();
    let pool = if told.is_empty() { &open } else { &told };
    if let [only] = pool.as_slice() {
        return Chosen::One(only);
    }
    if let Some(spoken_of) = by_content(text, &open) {
        return Chosen::One(spoken_of);
    }
    let dated: Vec<&Owed> = pool
        .iter()
        .copied()
        .filter(|owed| owed.obligation.due_on.is_some() && owed.has_opened(situation.today))
        .collect();
    match dated.as_slice() {
        [only] if told.is_empty() => Chosen::One(only),
        _ if pool.is_empty() => Chosen::Nothing,
        [] => one_of(pool.clone()),
        _ => narrow(dated, hints),
    }
}

/// "việc 2": the second of what was shown with numbers, or in an order; where nothing was, it is asked which is meant. Numbers of
/// rows are shown to nobody and mean nothing here.
fn by_number<'a>(number: &str, situation: &Situation<'a>) -> Chosen<'a> {
    let place = number.parse::<usize>().ok();
    let place = place.and_then(|number| number.checked_sub(1));
    let by_place = place.and_then(|at| situation.numbered.get(at));
    if let Some(owed) = by_place.and_then(|id| situation.find(*id)) {
        return Chosen::One(owed);
    }
    let open: Vec<&Owed> = situation
        .owed
        .iter()
        .filter(|owed| owed.is_open())
        .collect();
    if open.is_empty() {
        Chosen::Nothing
    } else {
        one_of(open)
    }
}

/// Whether `II.2/1`, `II.2/KH` or `II.2` may mean this obligation; another milestone of its task never does.
pub(super) fn may_mean(owed: &Owed, named: &str) -> bool {
    let (task, rest) = named.split_once('/').unwrap_or((named, ""));
    task.eq_ignore_ascii_case(owed.obligation.milestone.task.as_str())
        && (rest.is_empty() || is_milestone(owed, rest))
}

/// Whether `rest` of `II.2/rest` names this milestone: its number, or the first letters of words of its label.
fn is_milestone(owed: &Owed, rest: &str) -> bool {
    rest.parse().ok() == Some(owed.obligation.milestone.number)
        || initials(&owed.label).contains(&rest.to_uppercase())
}

/// "Ban hành Kế hoạch" -> "BHKH".
fn initials(label: &str) -> String {
    words(label)
        .iter()
        .filter_map(|word| word.key.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

fn among<'a>(of_task: Vec<&'a Owed>, hints: Hints<'_>, situation: &Situation<'_>) -> Chosen<'a> {
    let open: Vec<&Owed> = of_task
        .iter()
        .copied()
        .filter(|owed| owed.is_open())
        .collect();
    match (open.as_slice(), of_task.as_slice()) {
        ([only], _) | ([], [only]) => return Chosen::One(only),
        // All are over: the one that was over last is what an answer is about.
        ([], [.., last]) => return Chosen::One(last),
        ([], []) => return Chosen::Nothing,
        _ => {}
    }
    let told: Vec<&Owed> = open
        .iter()
        .copied()
        .filter(|owed| situation.told.contains(&owed.id()))
        .collect();
    if let [only] = told.as_slice() {
        return Chosen::One(only);
    }
    let opened: Vec<&Owed> = open
        .iter()
        .copied()
        .filter(|owed| owed.has_opened(situation.today))
        .collect();
    narrow(if opened.is_empty() { open } else { opened }, hints)
}

/// Of several: the one whose label names the kind of the document; for anything but a completion the most urgent one.
fn narrow<'a>(candidates: Vec<&'a Owed>, hints: Hints<'_>) -> Chosen<'a> {
    if let [only] = candidates.as_slice() {
        return Chosen::One(only);
    }
    let kind = hints.document.and_then(kind_of_document);
    let named: Vec<&Owed> = candidates
        .iter()
        .copied()
        .filter(|owed| kind.is_some_and(|kind| initials(&owed.label).contains(kind)))
        .collect();
    if let [only] = named.as_slice() {
        return Chosen::One(only);
    }
    let same_task = candidates
        .iter()
        .all(|owed| owed.obligation.milestone.task == candidates[0].obligation.milestone.task);
    if same_task && hints.intent != Intent::Done {
        return Chosen::One(candidates[0]);
    }
    one_of(candidates)
}

fn one_of(mut candidates: Vec<&Owed>) -> Chosen<'_> {
    candidates.truncate(MOST_OPTIONS);
    Chosen::OneOf(candidates)
}

/// `KH` of `12/KH-SNV`.
fn kind_of_document(number: &str) -> Option<&str> {
    let (_, sign) = number.rsplit_once('/')?;
    let kind = sign.split('-').next()?;
    (!kind.is_empty()).then_some(kind)
}

/// The only obligation whose content shares enough words with the text: at least three, and clearly more than any other.
fn by_content<'a>(text: &str, open: &[&'a Owed]) -> Option<&'a Owed> {
    const ENOUGH: usize = 3;
    let said: HashSet<String> = words(text).into_iter().map(|word| word.key).collect();
    let score = |owed: &Owed| {
        let content: HashSet<String> = words(&owed.content)
            .into_iter()
            .chain(words(&owed.label))
            .map(|word| word.key)
            .collect();
        content.intersection(&said).count()
    };
    let mut scored: Vec<(usize, &Owed)> = open.iter().map(|owed| (score(owed), *owed)).collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scored.as_slice() {
        [(best, owed)] if *best >= ENOUGH => Some(owed),
        [(best, owed), (next, _), ..] if *best >= ENOUGH && *best >= next + 2 => Some(owed),
        _ => None,
    }
}
