//! Words of a person -> on which days they are away, or that they are back.
//!
//! What is heard is asked back before anything is redirected, so a clear sentence is enough; one that names a task is a
//! report and is left alone.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use crate::domain::directory::name_key;
use crate::domain::reply::Reader;
use crate::domain::spelling::{pieces, plain};

/// Words that may stand before "nghỉ phép": "dạ em báo anh em xin".
const LEAD_IN: usize = 8;

/// The words; which they are is data (`messages/vi/lexicon/absences.toml`).
#[derive(Clone, Debug, Default)]
pub struct Words {
    away: HashSet<Vec<String>>,
    back: HashSet<Vec<String>>,
    from: HashSet<String>,
    days: HashSet<String>,
    wish: String,
    since: String,
}

/// What a word of [`Words`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Somebody is away.
    Away,
    /// Somebody is back.
    Back,
    /// The first day follows.
    From,
    /// A part of a day.
    Day,
}

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Away on these days; without a last day it has to be said.
    Away(Option<(NaiveDate, NaiveDate)>),
    /// Back.
    Back,
    /// Something else.
    Nothing,
}

impl Words {
    /// No words yet. A day is read as the sentence that it completes: behind `wish` when it is to come, behind `since` when it
    /// is past.
    #[must_use]
    pub fn new(wish: &str, since: &str) -> Self {
        Self {
            wish: wish.to_owned(),
            since: since.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a phrase. One word without its diacritics may be another: it counts only as it is written.
    pub fn add(&mut self, word: Word, phrase: &str) {
        let keys = name_key(phrase);
        let unmarked: Vec<String> = keys.iter().map(|key| plain(key)).collect();
        let (phrases, words) = match word {
            Word::Away => (Some(&mut self.away), None),
            Word::Back => (Some(&mut self.back), None),
            Word::From => (None, Some(&mut self.from)),
            Word::Day => (None, Some(&mut self.days)),
        };
        if let Some(phrases) = phrases {
            if keys.len() > 1 {
                phrases.insert(unmarked);
            }
            phrases.insert(keys);
        } else if let Some(words) = words {
            words.extend(unmarked);
            words.extend(keys);
        }
    }
}

/// What follows from a text that was written on `today`.
#[must_use]
pub fn hear(text: &str, today: NaiveDate, words: &Words, reader: &Reader) -> Heard {
    let (command, rest) = match text.trim().strip_prefix('/') {
        Some(rest) => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        None => ("", text),
    };
    match command.split('@').next().unwrap_or_default() {
        "" => {}
        "vang" => return Heard::Away(days(rest, today, words, reader)),
        "trolai" => return Heard::Back,
        _ => return Heard::Nothing,
    }
    let pieces = pieces(text);
    let keys: Vec<String> = pieces.iter().map(|piece| piece.key.clone()).collect();
    let ends_at = |phrases: &HashSet<Vec<String>>, from: usize| {
        let longest = (from + 1..=keys.len().min(from + 4)).rev();
        longest
            .into_iter()
            .find(|end| phrases.contains(&keys[from..*end]))
    };
    let found = |phrases| (0..keys.len().min(LEAD_IN)).find_map(|from| ends_at(phrases, from));
    if text.contains('?') || !reader.understand(text, today).refs.is_empty() {
        return Heard::Nothing;
    }
    if found(&words.back).is_some() && keys.len() <= LEAD_IN {
        return Heard::Back;
    }
    let Some(end) = found(&words.away) else {
        return Heard::Nothing;
    };
    let Some(first) = pieces.get(end) else {
        return Heard::Nothing;
    };
    let rest = &text[first.start..];
    match days(rest, today, words, reader) {
        Some(days) => Heard::Away(Some(days)),
        // "nghỉ phép từ 16/3": until when has to be said.
        None if rest.contains(|c: char| c.is_ascii_digit()) => Heard::Away(None),
        None => Heard::Nothing,
    }
}

/// The first and the last day that a text names.
fn days(
    text: &str,
    today: NaiveDate,
    words: &Words,
    reader: &Reader,
) -> Option<(NaiveDate, NaiveDate)> {
    let mut groups: Vec<String> = Vec::new();
    let (mut open, mut says_from) = (false, false);
    for piece in pieces(text) {
        says_from |= words.from.contains(&piece.key);
        // "16/3" ends a day: "/vang 16/3 20/3" names two.
        let ends = groups
            .last()
            .is_some_and(|group| group.ends_with(|c: char| c.is_ascii_digit()));
        if !(piece.is_number || words.days.contains(&piece.key)) {
            open = false;
        } else if let Some(group) = groups
            .last_mut()
            .filter(|_| open && !(ends && piece.is_number))
        {
            group.push(' ');
            group.push_str(piece.text);
        } else {
            groups.push(piece.text.to_owned());
            open = true;
        }
    }
    let read = |group: &str| {
        let behind = |start: &str| reader.understand(&format!("{start} {group}"), today).date;
        behind(&words.wish).or_else(|| behind(&words.since))
    };
    let mut named = groups.iter();
    let (first, second) = (named.next()?, named.next());
    let last = second.and_then(|group| read(group));
    let from = read(first).or_else(|| {
        // "từ 16 đến 20/3"
        let date: u32 = first.split_whitespace().next_back()?.parse().ok()?;
        last?.with_day(date)
    })?;
    match (second, last) {
        (_, Some(to)) => Some((from, to)),
        (None, None) if !says_from => Some((from, from)),
        _ => None,
    }
}
