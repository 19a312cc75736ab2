//! The words, and a text as units of them.

use std::collections::{HashMap, HashSet};

use crate::domain::directory::name_key;
use crate::domain::spelling::{Piece, pieces, plain};

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sense {
    /// Nothing of its own.
    Filler,
    /// What was told before is wrong.
    Mistake,
    /// What stands beside it is right.
    Right,
    /// What follows is denied, up to what is right instead.
    NotThis,
    /// What follows is right instead.
    Instead,
    /// The number of a document stands beside it.
    Number,
    /// A kind of document.
    Kind,
    /// A day follows.
    DayLead,
    /// A part of a day.
    Day,
    /// Not now.
    Later,
    /// A document has not left.
    Unsent,
    /// Before now.
    Past,
    /// The number is obtained, or told.
    Get,
    /// So much more follows.
    More,
    /// Counted from today.
    FromNow,
    /// Days are counted.
    Days,
    /// Weeks are.
    Weeks,
    /// Months are.
    Months,
    /// Something else is counted: offices, papers, people.
    Counted,
    /// A half of what is counted.
    Half,
    /// Between a count and what it counts.
    About,
    /// A reason follows.
    Because,
    /// Something is not done, or has to be done once more.
    NotYet,
    /// A place in an order follows.
    Nth,
    /// The first ones of an order.
    First,
    /// The last ones of it.
    Last,
    /// A task of a list.
    Item,
    /// How a task stands.
    Status,
    /// What follows is not wanted any more.
    Drop,
    /// More time that was asked for.
    Wish,
    /// What may stand beside both.
    WishBeside,
    /// What follows is left out.
    Except,
    /// "thì": between what is left out and what is said of all others.
    ExceptEnd,
    /// "ra": what is left out ends there.
    ExceptOut,
    /// All of it.
    All,
    /// All that is left, or all that was shown.
    Rest,
    /// All that nothing else is said of.
    Left,
    /// Behind it stands what is not done yet.
    Remains,
    /// Beside a day: it is enough.
    Enough,
    /// Between two of several.
    And,
    /// Something else is told of the next task.
    Over,
    /// Not later than it was due.
    InTime,
    /// Later than that.
    Late,
    /// Files that were sent.
    File,
    /// The task follows to which they belong.
    Moved,
}

/// A sentence that a few words complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// Before a document.
    Issued,
    /// Before a day that is past.
    Since,
    /// Before a day until which more time is asked for.
    Until,
    /// Before a day on which to remind.
    Remind,
    /// Before the number of a task.
    Task,
}

/// The words; which they are is data (`messages/vi/lexicon/terse.toml`).
#[derive(Clone, Debug, Default)]
pub struct Terse {
    phrases: HashMap<Sense, Phrases>,
    frames: HashMap<Frame, String>,
    counts: Vec<String>,
    places: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Phrases {
    exact: HashSet<Vec<String>>,
    plain: HashSet<Vec<String>>,
    longest: usize,
}

/// Words that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit<'t> {
    pub(super) is: Is,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// A phrase.
    Word(Sense),
    /// Digits alone: `15`.
    Digits(u32),
    /// Digits with other signs: `12/3`, `20/BC-UBND`, `II.2`.
    Signs,
    /// Something else.
    Other,
}

impl Unit<'_> {
    pub(super) fn is_one_of(&self, senses: &[Sense]) -> bool {
        matches!(self.is, Is::Word(sense) if senses.contains(&sense))
    }

    /// Whether it is written as a day is: `12/3`, `12-3-2020`, `12.3`.
    pub(super) fn is_day_like(&self) -> bool {
        self.is == Is::Signs
            && self
                .text
                .chars()
                .all(|c| c.is_ascii_digit() || "/-.".contains(c))
    }

    /// Whether it is written as the number of a document is: `20/BC-UBND`.
    pub(super) fn is_document_like(&self) -> bool {
        let (number, sign) = self.text.split_once('/').unwrap_or(("", ""));
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        self.is == Is::Signs && is_number && sign.starts_with(char::is_alphabetic)
    }
}

impl Terse {
    /// Adds a phrase.
    pub fn add(&mut self, sense: Sense, phrase: &str) {
        let keys = name_key(phrase);
        let phrases = self.phrases.entry(sense).or_default();
        phrases.longest = phrases.longest.max(keys.len());
        phrases
            .plain
            .insert(keys.iter().map(|key| plain(key)).collect());
        phrases.exact.insert(keys);
    }

    /// Sets what stands before a few words of that kind.
    pub fn set(&mut self, frame: Frame, words: &str) {
        self.frames.insert(frame, words.to_owned());
    }

    /// Adds the word of the next count, from one.
    pub fn add_count(&mut self, word: &str) {
        self.counts.extend(name_key(word));
    }

    /// Adds the word of the next place in an order, from the first.
    pub fn add_place(&mut self, word: &str) {
        self.places.extend(name_key(word));
    }

    /// The place that a word or digits say, from one.
    pub(super) fn place(&self, unit: &Unit<'_>) -> Option<usize> {
        let keys = name_key(unit.text);
        let place = match keys.as_slice() {
            [key] => self.places.iter().position(|place| place == key),
            _ => None,
        };
        let place = place.map(|at| at + 1);
        place.or_else(|| usize::try_from(self.count(unit)?).ok())
    }

    /// The sentence that these words complete.
    #[must_use]
    pub fn completed(&self, frame: Frame, words: &str) -> String {
        format!("{} {words}", self.before(frame))
    }

    /// Whether a text has the word with which that frame begins: "nhắc".
    #[must_use]
    pub fn names(&self, frame: Frame, text: &str) -> bool {
        let first = name_key(self.before(frame)).into_iter().next();
        let word = first.map(|word| plain(&word));
        word.is_some_and(|word| name_key(text).iter().any(|key| plain(key) == word))
    }

    pub(super) fn before(&self, frame: Frame) -> &str {
        self.frames.get(&frame).map_or("", String::as_str)
    }

    /// The count that a word or digits say.
    pub(super) fn count(&self, unit: &Unit<'_>) -> Option<u32> {
        if let Is::Digits(number) = unit.is {
            return Some(number);
        }
        let keys = name_key(unit.text);
        let [key] = keys.as_slice() else { return None };
        let place = self.counts.iter().position(|count| count == key)?;
        u32::try_from(place + 1).ok()
    }

    /// A text as units of these senses: at each place the longest phrase, of two that are as long the one whose sense stands
    /// first.
    pub(super) fn units<'t>(&self, text: &'t str, senses: &[Sense]) -> Vec<Unit<'t>> {
        let unmarked = text.is_ascii();
        let pieces = pieces(text);
        let mut units = Vec::new();
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            let (taken, is) = if piece.is_number {
                (1, numeral(piece))
            } else {
                let found = senses.iter().rev().filter_map(|sense| {
                    Some((
                        self.longest(*sense, &pieces[at..], unmarked)?,
                        Is::Word(*sense),
                    ))
                });
                found
                    .max_by_key(|(taken, _)| *taken)
                    .unwrap_or((1, Is::Other))
            };
            let last = &pieces[at + taken - 1];
            units.push(Unit {
                is,
                text: &text[piece.start..last.start + last.text.len()],
                start: piece.start,
            });
            at += taken;
        }
        units
    }

    /// How many of these pieces are the longest phrase that begins them.
    fn longest(&self, sense: Sense, pieces: &[Piece<'_>], unmarked: bool) -> Option<usize> {
        let phrases = self.phrases.get(&sense)?;
        let words = pieces.iter().take_while(|piece| !piece.is_number);
        let keys: Vec<String> = words
            .take(phrases.longest)
            .map(|one| one.key.clone())
            .collect();
        (1..=keys.len()).rev().find(|length| {
            let phrase = &keys[..*length];
            phrases.exact.contains(phrase) || unmarked && phrases.plain.contains(phrase)
        })
    }
}

fn numeral(piece: &Piece<'_>) -> Is {
    match piece.text.parse() {
        Ok(number) if piece.text.len() <= 4 => Is::Digits(number),
        _ => Is::Signs,
    }
}
