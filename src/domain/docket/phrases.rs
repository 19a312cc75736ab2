//! The words by which the monitor decides; which they are is data (`messages/vi/lexicon/orders.toml`).

use std::collections::{HashMap, HashSet};

use crate::domain::directory::name_key;
use crate::domain::spelling::{Piece, pieces, plain};

/// What a phrase of an order says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sense {
    /// Whatever is asked for is granted.
    Grant,
    /// More time is granted.
    Extend,
    /// Refused.
    Refuse,
    /// More time is refused.
    Deny,
    /// A completion is confirmed.
    Accept,
    /// A completion is returned.
    Return,
    /// A day follows.
    Until,
    /// A reason follows.
    Because,
    /// Whose it is follows.
    Of,
    /// Several agencies are meant.
    Many,
    /// Nothing of its own.
    Filler,
}

/// The phrases, by the keys of their words.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    exact: HashMap<Vec<String>, Sense>,
    /// Without diacritics; `None` where two senses are spelt alike.
    plain: HashMap<Vec<String>, Option<Sense>>,
    show: HashSet<Vec<String>>,
    days: HashSet<String>,
    /// Words that say nothing why.
    empty: HashSet<String>,
    /// Words of any phrase: beside a day they say what is decided, not why.
    ordering: HashSet<String>,
    longest: usize,
    wish: String,
}

impl Phrases {
    /// No phrases yet; `wish` stands before a day that is read as the sentence it completes.
    #[must_use]
    pub fn new(wish: &str) -> Self {
        Self {
            wish: wish.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a phrase.
    pub fn add(&mut self, sense: Sense, phrase: &str) {
        let keys = name_key(phrase);
        self.longest = self.longest.max(keys.len());
        let unmarked: Vec<String> = keys.iter().map(|key| plain(key)).collect();
        self.ordering.extend(unmarked.iter().chain(&keys).cloned());
        self.plain
            .entry(unmarked)
            .and_modify(|known| *known = known.filter(|known| *known == sense))
            .or_insert(Some(sense));
        self.exact.insert(keys, sense);
    }

    /// Adds words that alone ask for what waits.
    pub fn add_show(&mut self, phrase: &str) {
        let keys = name_key(phrase);
        self.show
            .insert(keys.iter().map(|key| plain(key)).collect());
        self.show.insert(keys);
    }

    /// Adds a word that days are written with.
    pub fn add_day(&mut self, word: &str) {
        for key in name_key(word) {
            self.days.insert(plain(&key));
            self.days.insert(key);
        }
    }

    /// Adds words that are no reason.
    pub fn add_empty(&mut self, phrase: &str) {
        for key in name_key(phrase) {
            self.empty.insert(plain(&key));
            self.empty.insert(key);
        }
    }

    /// Whether these words say why: two at least, and one of them more than "ok" or "rồi". A number is no word, nor is a single
    /// letter; no word of a day is more, and beside a day no word of an order: "thứ Sáu", "đến 30/4", "gia hạn đến tuần sau" say
    /// until when.
    #[must_use]
    pub fn is_reason(&self, text: &str) -> bool {
        let pieces = pieces(text);
        let is_day = |piece: &Piece<'_>| self.days.contains(&piece.key);
        // One such word may stand in any sentence ("việc này"); two in a row are a day.
        let has_day =
            pieces.iter().any(is_day_like) || pieces.windows(2).any(|both| both.iter().all(is_day));
        let words = pieces.iter().filter(|piece| !piece.is_number);
        let words: Vec<&String> = words
            .map(|piece| &piece.key)
            .filter(|key| plain(key).len() > 1)
            .collect();
        let orders = |key: &String| has_day && self.ordering.contains(key);
        let says_when = |key: &String| self.days.contains(key);
        let tells = |key: &&String| !(self.empty.contains(*key) || says_when(key) || orders(key));
        words.len() > 1 && words.iter().any(tells)
    }

    /// The sentence that a day completes.
    #[must_use]
    pub fn as_wish(&self, day: &str) -> String {
        format!("{} {day}", self.wish)
    }

    /// Whether these words alone ask for what waits. A slash before a command is no word.
    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        let text = text.trim().trim_start_matches('/');
        let text = text.split('@').next().unwrap_or(text);
        self.show.contains(&name_key(text))
    }

    pub(super) fn is_day(&self, key: &str) -> bool {
        self.days.contains(key)
    }

    /// The longest phrase that begins these words, and how many it takes.
    pub(super) fn longest(&self, keys: &[String], unmarked: bool) -> Option<(usize, Sense)> {
        let most = self.longest.min(keys.len());
        (1..=most).rev().find_map(|length| {
            let phrase = &keys[..length];
            let found = match self.exact.get(phrase) {
                Some(sense) => Some(*sense),
                None if unmarked => self.plain.get(phrase).copied().flatten(),
                None => None,
            };
            Some((length, found?))
        })
    }
}

/// `30/4`, `30-4-2020`, `30`: neither `50%` nor `12/KH-STP`.
fn is_day_like(piece: &Piece<'_>) -> bool {
    let is_sign = |c: char| c.is_ascii_digit() || "/-.".contains(c);
    piece.is_number && piece.text.chars().all(is_sign)
}
