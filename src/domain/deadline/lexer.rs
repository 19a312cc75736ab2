//! Characters -> tokens: keywords, other words, numbers, punctuation and document numbers.
//!
//! Undoes the accidents of typing ("quýI/2020", "tháng12", "trước30/6") and takes document numbers
//! ("2922/QĐ-UBND", "57-NQ/TW", "ISO 9001:2015") out of the way, so that the grammar never sees a date in them.

use super::lexicon::{self, DOCUMENT_TYPES, Key, LONGEST};
use super::repairs::{mistyped, repaired};
use super::text::{canonical, roman};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a fixed group of words.
    Key(Key),
    /// Any other word.
    Word,
    /// A roman numeral, I to XII, that is not glued to anything.
    Roman(u32),
    /// A number of at most nine digits.
    Number {
        /// Its value.
        value: u32,
        /// How many digits were written: "05" has two.
        digits: usize,
    },
    /// The number of a document or a standard.
    Code,
    /// One punctuation mark; every dash is '-', every bullet '•'.
    Mark(char),
}

/// A token and where it stands in the cleaned cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// White space before it.
    pub gap: bool,
    /// A line break before it, or the beginning of the cell.
    pub new_line: bool,
    /// Starts with a capital letter.
    pub capital: bool,
}

/// The tokens of a cleaned cell.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let unaccented = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .all(|c| c.is_ascii());
    let merged = merge(text, &atoms(text, unaccented), unaccented);
    repaired(text, merged)
}

/// Single words, numbers, marks and codes.
fn atoms(text: &str, unaccented: bool) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut gap, mut new_line) = (true, true);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            gap = true;
            new_line |= c == '\n';
            at += c.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (kind, length) = if let Some(length) = code_length(rest, found.last()) {
            (Kind::Code, length)
        } else if let Some(number) = mistyped(
            rest,
            found
                .last()
                .map(|token: &Token| token.kind)
                .filter(|_| !gap),
        ) {
            number
        } else if c.is_ascii_digit() {
            number(rest)
        } else if c.is_alphabetic() {
            let length = run(rest, |c| {
                c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)
            });
            (
                Kind::Word,
                glued(&rest[..length], unaccented).unwrap_or(length),
            )
        } else if rest.starts_with("->") || rest.starts_with("=>") {
            (Kind::Mark('-'), 2)
        } else {
            (Kind::Mark(mark(c)), c.len_utf8())
        };
        found.push(Token {
            kind,
            start: at,
            end: at + length,
            gap,
            new_line,
            capital: c.is_uppercase(),
        });
        at += length;
        (gap, new_line) = (false, false);
    }
    found
}

/// Joins fixed groups of words into keywords, the longest first.
fn merge(text: &str, atoms: &[Token], unaccented: bool) -> Vec<Token> {
    let mut merged = Vec::with_capacity(atoms.len());
    let mut at = 0;
    while let Some(first) = atoms.get(at) {
        let words: Vec<&str> = atoms[at..]
            .iter()
            .take(LONGEST)
            .take_while(|token| token.kind == Kind::Word)
            .map(|token| &text[token.start..token.end])
            .collect();
        let group = (1..=words.len()).rev().find_map(|length| {
            lexicon::find(&words[..length], unaccented).map(|key| (length, key))
        });
        let (length, kind) = match (group, words.first()) {
            (Some((length, key)), _) => (length, Kind::Key(key)),
            (None, Some(word)) => match shortened(text, word, &atoms[at + 1..]) {
                Some(key) => (3, Kind::Key(key)),
                None => (1, lone_word(word, atoms.get(at + 1))),
            },
            (None, None) => (1, first.kind),
        };
        let end = atoms[at + length - 1].end;
        merged.push(Token {
            kind,
            end,
            ..*first
        });
        at += length;
    }
    merged
}

/// Groups of words that people shorten to the first letters of one, a stroke or a point, and the other: "th/xuyên".
const SHORTENED: &[(&str, &str, Key)] = &[
    ("k", "từ", Key::From),
    ("th", "xuyên", Key::Continuous),
    ("t", "xuyên", Key::Continuous),
    ("đ", "kỳ", Key::Periodic),
];

/// What "k/từ" or "th/xuyên" stands for.
fn shortened(text: &str, word: &str, after: &[Token]) -> Option<Key> {
    let [stroke, rest, ..] = after else {
        return None;
    };
    let joined = matches!(stroke.kind, Kind::Mark('/' | '.')) && !stroke.gap && !rest.gap;
    let (word, rest) = (canonical(word), canonical(&text[rest.start..rest.end]));
    let group = SHORTENED
        .iter()
        .find(|(first, last, _)| canonical(first) == word && canonical(last) == rest)?;
    joined.then_some(group.2)
}

/// A word outside the lexicon: a roman numeral, "quy", "thang", "ngay" typed without accents before a numeral, or
/// just a word.
fn lone_word(word: &str, next: Option<&Token>) -> Kind {
    if let Some(value) = roman(word) {
        return Kind::Roman(value);
    }
    let digits_follow = next.is_some_and(|token| matches!(token.kind, Kind::Number { .. }));
    if digits_follow && word.eq_ignore_ascii_case("ngay") {
        return Kind::Key(Key::Day);
    }
    let numeral_follows =
        next.is_some_and(|token| matches!(token.kind, Kind::Number { .. } | Kind::Word));
    match lexicon::find(&[word], true) {
        Some(key @ (Key::Quarter | Key::Month)) if numeral_follows && word.is_ascii() => {
            Kind::Key(key)
        }
        _ => Kind::Word,
    }
}

/// Length of the first word when two were written as one: "quýIV", "trướcngày", "QIV".
fn glued(word: &str, unaccented: bool) -> Option<usize> {
    if matches!(word, "QI" | "QII" | "QIII" | "QIV") {
        return Some(1);
    }
    let known = |part: &str| lexicon::find(&[part], unaccented);
    if known(word).is_some() || roman(word).is_some() {
        return None;
    }
    word.char_indices()
        .map(|(split, _)| split)
        .skip(2)
        .find(|split| {
            let (left, right) = word.split_at(*split);
            match known(left) {
                Some(Key::Quarter | Key::Month) => roman(right).is_some() || known(right).is_some(),
                Some(Key::Before | Key::In | Key::Until | Key::Day) => {
                    known(right).is_some() && right.chars().count() > 2
                }
                Some(Key::Every) => matches!(
                    known(right),
                    Some(Key::Week | Key::Month | Key::Quarter | Key::Year)
                ),
                _ => lexicon::find(&[left, right], false).is_some_and(|key| {
                    matches!(
                        key,
                        Key::Continuous | Key::OnDemand | Key::Periodic | Key::Finish
                    )
                }),
            }
        })
}

fn number(rest: &str) -> (Kind, usize) {
    let digits = run(rest, |c| c.is_ascii_digit());
    match rest[..digits].parse() {
        Ok(value) if digits <= 9 => (Kind::Number { value, digits }, digits),
        _ => (Kind::Word, digits),
    }
}

fn mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' => '-',
        '~' | '→' | '>' | '÷' => '-',
        '•' | '·' | '●' | '▪' | '*' | '►' | '✓' | '◦' => '•',
        '；' => ';',
        '，' => ',',
        '：' => ':',
        '[' | '{' => '(',
        ']' | '}' => ')',
        '∕' | '⁄' => '/',
        other => other,
    }
}

fn run(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

/// Length of a document number at the beginning of `rest`, if one stands there.
fn code_length(rest: &str, before: Option<&Token>) -> Option<usize> {
    let digits = run(rest, |c| c.is_ascii_digit());
    if digits == 0 || before.is_some_and(|token| token.kind == Kind::Mark('/')) {
        return None;
    }
    let mut at = digits;
    if rest[at..].starts_with(':') {
        let year = run(&rest[at + 1..], |c| c.is_ascii_digit());
        return (digits >= 4 && year == 4).then_some(at + 1 + year);
    }
    at += run(&rest[at..], |c| c.is_ascii_lowercase()).min(1);
    if rest[at..].starts_with(['/', '-']) {
        let year = run(&rest[at + 1..], |c| c.is_ascii_digit());
        if year == 4 && rest[at + 5..].starts_with(['/', '-']) {
            at += 5;
        }
    }
    rest[at..].starts_with(['/', '-']).then_some(())?;
    let head = at + 1;
    let first = segment(&rest[head..])?;
    at = head + first;
    let kind = &rest[head..at];
    let mut segments = 1;
    while rest[at..].starts_with(['-', '/', '&']) {
        let wrapped = run(&rest[at + 1..], char::is_whitespace);
        let Some(length) = segment(&rest[at + 1 + wrapped..])
            .filter(|_| wrapped == 0 || rest[at..].starts_with('-'))
        else {
            break;
        };
        at += 1 + wrapped + length;
        segments += 1;
    }
    let named = DOCUMENT_TYPES.contains(&kind) || kind.contains(|c: char| c.is_ascii_digit());
    (named || segments > 1).then_some(at)
}

/// Length of one part of a document number: at least two capitals, nothing accented but Đ.
fn segment(rest: &str) -> Option<usize> {
    let length = run(rest, |c| {
        c.is_ascii_alphanumeric() || matches!(c, 'Đ' | 'đ')
    });
    let part = &rest[..length];
    let closed = !rest[length..].starts_with(char::is_alphabetic);
    let capitals = part.chars().filter(|c| c.is_uppercase()).count();
    let starts = part.starts_with(char::is_uppercase);
    (closed && starts && capitals >= 1 && (capitals >= 2 || length == 1)).then_some(length)
}
