//! Numbers that were mistyped, written in words, or written twice, as one token each: "3O/6", "06 (sáu)", "thứ Năm",
//! "hai nghìn không trăm mười". Marks that stand for others are those of [`separators`](super::separators).

use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::text::canonical;

/// Letters that stand for a digit on a bad scan or under a quick finger.
const DIGITS_MISTYPED: &[(char, char)] = &[('O', '0'), ('o', '0'), ('l', '1'), ('I', '1')];

/// A number with such letters in it, and its length: only where a stroke or "tháng" makes it part of a date.
pub(super) fn mistyped(rest: &str, touches: Option<Kind>) -> Option<(Kind, usize)> {
    let digit = |c: char| {
        let fixed = DIGITS_MISTYPED.iter().find(|(typed, _)| *typed == c);
        fixed.map_or(c.is_ascii_digit().then_some(c), |(_, digit)| Some(*digit))
    };
    let digits: String = rest.chars().take(5).map_while(digit).collect();
    let written = &rest[..digits.len()];
    let after = &rest[digits.len()..];
    let stroke = touches == Some(Kind::Mark('/'));
    let opens = written.starts_with(|c: char| c.is_ascii_digit())
        || (touches.is_none() && after.starts_with('/'));
    let goes_on = after.starts_with('/')
        || after.starts_with(char::is_whitespace) && after.trim_start().starts_with("tháng");
    let mixed = written.contains(|c: char| c.is_ascii_digit())
        && written.contains(|c: char| c.is_alphabetic());
    let closed = !after.starts_with(char::is_alphanumeric);
    if !(mixed && closed && digits.len() <= 4 && (stroke || (opens && goes_on))) {
        return None;
    }
    let value = digits.parse().ok()?;
    Some((
        Kind::Number {
            value,
            digits: digits.len(),
        },
        digits.len(),
    ))
}

/// The tokens with every number that takes several of them made one.
pub(super) fn repaired(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut repaired = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let place = Place {
            text,
            tokens: &tokens,
            at,
        };
        let (kind, width) = place
            .said_twice()
            .or_else(|| place.year_in_words())
            .or_else(|| place.five())
            .or_else(|| place.months_behind())
            .or_else(|| place.working_day())
            .or_else(|| place.unaccented_from())
            .or_else(|| place.separator())
            .unwrap_or((token.kind, 1));
        repaired.push(Token {
            kind,
            end: tokens[at + width - 1].end,
            ..*token
        });
        at += width;
    }
    repaired
}

/// A token among the others.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub at: usize,
}

impl Place<'_> {
    pub fn kind(&self, ahead: usize) -> Option<Kind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    pub fn before(&self) -> Option<Kind> {
        Some(self.tokens.get(self.at.checked_sub(1)?)?.kind)
    }

    fn is_word(&self, ahead: usize, words: &[&str]) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| {
            let written = canonical(&self.text[token.start..token.end]);
            words.iter().any(|word| canonical(word) == written)
        })
    }

    /// "6T đầu năm", "BC 6T, 9T": a letter behind the figure of a half-year or of nine months.
    fn months_behind(&self) -> Option<(Kind, usize)> {
        let counted = matches!(
            self.before(),
            Some(Kind::Number {
                value: 3 | 6 | 9,
                ..
            })
        );
        let bounded = matches!(
            self.kind(1),
            None | Some(Kind::Key(Key::Early | Key::Late | Key::And) | Kind::Mark(',' | ';' | ')'))
        );
        let behind = !self.tokens[self.at].gap && self.is_word(0, &["t"]);
        (counted && bounded && behind).then_some((Kind::Key(Key::Month), 1))
    }

    /// "10 ngày l/v": short for "ngày làm việc".
    fn working_day(&self) -> Option<(Kind, usize)> {
        let short = self.kind(0) == Some(Kind::Key(Key::Day))
            && self.is_word(1, &["l"])
            && self.kind(2) == Some(Kind::Mark('/'))
            && self.is_word(3, &["v"]);
        short.then_some((Kind::Key(Key::WorkingDay), 4))
    }

    /// "tu thang 4": what begins a clause before a period is no number.
    fn unaccented_from(&self) -> Option<(Kind, usize)> {
        let token = &self.tokens[self.at];
        let begins = matches!(self.before(), None | Some(Kind::Mark(_)));
        let period = matches!(
            self.kind(1),
            Some(Kind::Key(Key::Month | Key::Quarter | Key::Day | Key::Year))
        );
        let written = self.text[token.start..token.end].eq_ignore_ascii_case("tu");
        (written && begins && period).then_some((Kind::Key(Key::From), 1))
    }

    /// "06 (sáu)": the figure and the same in words.
    fn said_twice(&self) -> Option<(Kind, usize)> {
        let figure @ Kind::Number { value, .. } = self.kind(0)? else {
            return None;
        };
        let words = match self.kind(2)? {
            Kind::Key(Key::Numeral(words)) => words,
            Kind::Key(Key::Year) => 5,
            _ => return None,
        };
        let enclosed =
            self.kind(1) == Some(Kind::Mark('(')) && self.kind(3) == Some(Kind::Mark(')'));
        (enclosed && words == value).then_some((figure, 4))
    }

    /// "hai nghìn không trăm hai mươi tư" after "năm".
    fn year_in_words(&self) -> Option<(Kind, usize)> {
        let thousands = self.kind(0) == Some(Kind::Key(Key::Numeral(2)))
            && self.is_word(1, &["nghìn", "ngàn"])
            && self.before() == Some(Kind::Key(Key::Year));
        if !thousands {
            return None;
        }
        let mut width = 2;
        if self.is_word(width, &["không"]) && self.is_word(width + 1, &["trăm"]) {
            width += 2;
        }
        width += usize::from(self.is_word(width, &["linh", "lẻ"]));
        let Kind::Key(Key::Numeral(rest)) = self.kind(width)? else {
            return None;
        };
        // "mười năm" may be meant for "mười lăm"
        let clear = self.kind(width + 1) != Some(Kind::Key(Key::Year));
        let value = 2000 + rest;
        clear.then_some((Kind::Number { value, digits: 4 }, width + 1))
    }

    /// "ngày trước", "ngày làm việc kể từ" after "chậm nhất năm".
    fn counts_days(&self) -> bool {
        let days = matches!(self.kind(1), Some(Kind::Key(Key::Day | Key::WorkingDay)));
        let from = matches!(
            self.kind(2),
            Some(Kind::Key(Key::Before | Key::After | Key::From | Key::When))
        );
        days && from
    }

    /// "thứ Năm", "tháng năm năm 2016", "ngày mùng năm tháng sáu", "chậm nhất năm ngày trước": here "năm" is five.
    fn five(&self) -> Option<(Kind, usize)> {
        if self.kind(0) != Some(Kind::Key(Key::Year)) {
            return None;
        }
        let year = |ahead| matches!(self.kind(ahead), Some(Kind::Number { digits: 4, .. }));
        let five = match self.before()? {
            Kind::Key(Key::Nth) => !year(1),
            Kind::Key(Key::Latest | Key::Within | Key::Filler | Key::Is) => self.counts_days(),
            Kind::Key(Key::Month) => self.kind(1) == Some(Kind::Key(Key::Year)) && year(2),
            Kind::Key(Key::Day) => self.kind(1) == Some(Kind::Key(Key::Month)) && !year(1),
            _ => false,
        };
        five.then_some((Kind::Key(Key::Numeral(5)), 1))
    }
}
