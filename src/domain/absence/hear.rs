//! Words of a person -> on which days they are away, or that they are back.
//!
//! What is heard is asked back before anything is redirected, so a clear sentence is enough; one that names a task is a
//! report and is left alone.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use crate::domain::directory::name_key;
use crate::domain::reply::{Intent, Reader};
use crate::domain::spelling::{Piece, pieces, plain};

/// Words that may stand before "nghỉ phép": "dạ em báo anh em xin".
const LEAD_IN: usize = 8;

/// The words; which they are is data (`messages/vi/lexicon/absences.toml`).
#[derive(Clone, Debug, Default)]
pub struct Words {
    away: HashSet<Vec<String>>,
    back: HashSet<Vec<String>>,
    rest: HashSet<Vec<String>>,
    own: HashSet<String>,
    hence: HashSet<Vec<String>>,
    from: HashSet<String>,
    until: HashSet<String>,
    days: HashSet<String>,
    week: HashSet<String>,
    monday: String,
    friday: String,
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
    /// May say that the writer is away, where nothing stands before it but [`Word::Own`] and days: others rest too.
    Rest,
    /// The writer, and what may stand between the writer, the days and what they do.
    Own,
    /// What follows is a wish, or something else than days of an absence.
    Hence,
    /// The first day follows.
    From,
    /// The last day follows.
    Until,
    /// A part of a day.
    Day,
    /// Begins what is a whole week.
    Week,
}

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Away on these days; without a last day it has to be said.
    Away(Option<(NaiveDate, NaiveDate)>),
    /// Somebody who is named is away: the writer by name, or another person.
    Somebody,
    /// Back today.
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

    /// The first and the last day of a week at work, as they are named before it.
    #[must_use]
    pub fn with_week(self, monday: &str, friday: &str) -> Self {
        Self {
            monday: monday.to_owned(),
            friday: friday.to_owned(),
            ..self
        }
    }

    fn is_of_days(&self, key: &String) -> bool {
        [&self.from, &self.until, &self.days]
            .iter()
            .any(|words| words.contains(key))
    }

    /// Adds a phrase. One word without its diacritics may be another: it counts only as it is written.
    pub fn add(&mut self, word: Word, phrase: &str) {
        let keys = name_key(phrase);
        let unmarked: Vec<String> = keys.iter().map(|key| plain(key)).collect();
        let (phrases, words) = match word {
            Word::Away => (Some(&mut self.away), None),
            Word::Back => (Some(&mut self.back), None),
            Word::Rest => (Some(&mut self.rest), None),
            Word::Own => (None, Some(&mut self.own)),
            Word::Hence => (Some(&mut self.hence), None),
            Word::From => (None, Some(&mut self.from)),
            Word::Until => (None, Some(&mut self.until)),
            Word::Day => (None, Some(&mut self.days)),
            Word::Week => (None, Some(&mut self.week)),
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
        "vang" => {
            return Heard::Away(match said(rest, today, words, reader) {
                Said::Days(from, to) => Some((from, to)),
                Said::Partly | Said::Nothing => None,
            });
        }
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
            .map(|end| (from, end))
    };
    let found = |phrases| (0..keys.len().min(LEAD_IN)).find_map(|from| ends_at(phrases, from));
    if text.contains('?') || !reader.understand(text, today).refs.is_empty() {
        return Heard::Nothing;
    }
    if found(&words.back).is_some() && keys.len() <= LEAD_IN {
        let named = groups(text, today, words, reader);
        if named.iter().all(|one| one.first == Some(today)) {
            return Heard::Back;
        }
        // "mai em đi làm lại": until when they are away has to be said.
        return Heard::Away(None);
    }
    match found(&words.away) {
        Some(phrase) => match after(text, &pieces, phrase, today, words, reader) {
            Heard::Nothing => own_absence(text, &pieces, today, words, reader),
            Heard::Away(_) if is_named(text, &pieces[..=phrase.0], words) => Heard::Somebody,
            heard => heard,
        },
        None => own_absence(text, &pieces, today, words, reader),
    }
}

/// "chị Hạnh" just before what they do: people speak of themselves so too, and nobody knows here who is called what. "Chị Hạnh ơi, …"
/// and "thưa anh Tuấn, …" speak to somebody.
fn is_named(text: &str, up_to: &[Piece<'_>], words: &Words) -> bool {
    let [.., address, name, does] = up_to else {
        return false;
    };
    let between = &text[name.start + name.text.len()..does.start];
    let is_name = name.text.starts_with(char::is_uppercase)
        && !words.own.contains(&name.key)
        && !words.is_of_days(&name.key);
    is_name && between.trim().is_empty() && words.own.contains(&address.key)
}

/// What follows when the days stand behind these words.
fn after(
    text: &str,
    pieces: &[Piece<'_>],
    (from, end): (usize, usize),
    today: NaiveDate,
    words: &Words,
    reader: &Reader,
) -> Heard {
    // "nghỉ từ mai": "từ" belongs to the days.
    let is_of_days = |at: &usize| words.is_of_days(&pieces[*at].key);
    let end = (from + 1..end).find(is_of_days).unwrap_or(end);
    // With what parts it from the days: a comma begins another clause.
    let last = &pieces[end - 1];
    away_on(&said(
        &text[last.start + last.text.len()..],
        today,
        words,
        reader,
    ))
}

fn away_on(said: &Said) -> Heard {
    match *said {
        Said::Days(from, to) => Heard::Away(Some((from, to))),
        // "nghỉ phép từ 16/3": until when has to be said.
        Said::Partly => Heard::Away(None),
        Said::Nothing => Heard::Nothing,
    }
}

/// The writer says of themselves, and of nobody else, that they rest or are away: behind the days ("từ 20/1 đến 5/2 tôi nghỉ,
/// chị Lan làm thay", "tuần sau tôi đi vắng") or before them ("mình nghỉ tết từ 20/1 đến 31/1"). Whoever else is named before
/// it is who rests ("chị Lan nghỉ", "cả nước nghỉ tết"); and where a wish, a report or an obstacle follows, that is what is
/// said.
fn own_absence(
    text: &str,
    pieces: &[Piece<'_>],
    today: NaiveDate,
    words: &Words,
    reader: &Reader,
) -> Heard {
    let is_before = |piece: &Piece<'_>| {
        piece.is_number || words.own.contains(&piece.key) || words.is_of_days(&piece.key)
    };
    let phrase_at = |from: usize, lists: &[&HashSet<Vec<String>>]| {
        let longest = (from + 1..=pieces.len().min(from + 4)).rev();
        longest.into_iter().find(|end| {
            let words = pieces[from..*end].iter();
            let keys: Vec<String> = words.map(|one| one.key.clone()).collect();
            lists.iter().any(|list| list.contains(&keys))
        })
    };
    // "xin" is a word of the writer, and begins "xin nghỉ": what reaches furthest says it, "nghỉ việc riêng".
    let begun = (0..pieces.len())
        .take_while(|at| *at == 0 || is_before(&pieces[at - 1]))
        .filter_map(|at| phrase_at(at, &[&words.rest, &words.away]).map(|end| (at, end)))
        .max_by_key(|(_, end)| *end);
    let Some((from, end)) = begun else {
        return Heard::Nothing;
    };
    let is_hence = |at| phrase_at(at, &[&words.hence]).is_some_and(|until| until > end);
    let last = &pieces[end - 1];
    let behind = &text[last.start + last.text.len()..];
    let says = reader.understand(behind, today).intent;
    if (from..pieces.len()).any(is_hence) || says == Intent::Done {
        return Heard::Nothing;
    }
    match after(text, pieces, (from, end), today, words, reader) {
        Heard::Nothing if matches!(says, Intent::Progress | Intent::Blocked) => Heard::Nothing,
        Heard::Nothing => away_on(&said(&text[..pieces[from].start], today, words, reader)),
        heard => heard,
    }
}

/// What a text says of days.
enum Said {
    Days(NaiveDate, NaiveDate),
    /// Not both ends.
    Partly,
    Nothing,
}

/// The words of one day or one week, with the days that they are.
struct Group {
    text: String,
    start: usize,
    /// Whether the last day is named.
    is_until: bool,
    /// The day, or the first of the week; `None` for what needs the other end: "từ 16 đến 20/3".
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
}

/// Every group of words that is a day or may be one, in the order of the text.
fn groups(text: &str, today: NaiveDate, words: &Words, reader: &Reader) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut open, mut is_until) = (false, false);
    let mut pieces = pieces(text).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        // "16/3" ends a day: "/vang 16/3 20/3" names two.
        let ends = groups
            .last()
            .is_some_and(|group| group.text.ends_with(|c: char| c.is_ascii_digit()));
        // "từ mai tới thứ Sáu", but "tuần tới".
        let is_day = |piece: &Piece<'_>| piece.is_number || words.days.contains(&piece.key);
        let is_bound = words.until.contains(&piece.key)
            && (!open || !is_day(&piece) || pieces.peek().is_some_and(is_day));
        if is_bound || !is_day(&piece) {
            (open, is_until) = (false, is_bound);
        } else if let Some(group) = groups
            .last_mut()
            .filter(|_| open && !(ends && piece.is_number))
        {
            group.text.push(' ');
            group.text.push_str(piece.text);
        } else {
            groups.push(Group {
                text: piece.text.to_owned(),
                start: piece.start,
                is_until,
                first: None,
                last: None,
            });
            open = true;
        }
    }
    let read = |group: &str| {
        let behind = |start: &str| reader.understand(&format!("{start} {group}"), today).date;
        behind(&words.wish).or_else(|| behind(&words.since))
    };
    for group in &mut groups {
        let mut keys = name_key(&group.text).into_iter();
        let is_week = keys.next().is_some_and(|key| words.week.contains(&key));
        (group.first, group.last) = if is_week {
            let of_week = |day: &str| read(&format!("{day} {}", group.text));
            (of_week(&words.monday), of_week(&words.friday))
        } else {
            let day = read(&group.text);
            (day, day)
        };
    }
    let is_number = |group: &Group| group.text.ends_with(|c: char| c.is_ascii_digit());
    groups.retain(|one| one.first.is_some() || is_number(one));
    groups
}

/// The first and the last day that a text names.
fn said(text: &str, today: NaiveDate, words: &Words, reader: &Reader) -> Said {
    let groups = groups(text, today, words, reader);
    let mut named = groups.iter();
    let Some(first) = named.next() else {
        return Said::Nothing;
    };
    let before = &text[..first.start];
    let says_from = pieces(before)
        .iter()
        .any(|piece| words.from.contains(&piece.key));
    if let Some(second) = named.next()
        && (second.is_until
            || says_from
            || text.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    {
        let date = || {
            // "từ 16 đến 20/3"
            let date: u32 = first.text.split_whitespace().next_back()?.parse().ok()?;
            second.last?.with_day(date)
        };
        return match first.first.or_else(date).zip(second.last) {
            Some((from, to)) => Said::Days(from, to),
            None => Said::Partly,
        };
    }
    // "đang nghỉ phép, tuần sau em báo cáo": the day is of something else.
    if !says_from && before.contains([',', ';', '.', ':', '\n']) {
        return Said::Nothing;
    }
    match (first.first, first.last) {
        _ if says_from => Said::Partly,
        // "nghỉ ốm đến thứ Sáu"
        (_, Some(last)) if first.is_until => Said::Days(today, last),
        (Some(from), Some(to)) => Said::Days(from.max(today.min(to)), to),
        _ => Said::Partly,
    }
}
