//! A place among the tokens, and the small steps every rule of the grammar is made of.

use chrono::NaiveDate;

use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Year, text_of};
use super::text::is_same;

/// How many tokens back a clause is looked at.
const LONGEST_LINE: usize = 40;

/// What a rule of the grammar gives: it applies, it does not apply, or it applies and the cell is wrong.
pub(super) type Parsed<T> = Result<Option<T>, NotUnderstood>;

/// Reads tokens from left to right; a rule that does not apply leaves it where it was.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub at: usize,
    /// Reports or periods were named before: a bare "năm" in the same list is one of them.
    pub reports: bool,
    /// The plan's year, which alone tells what "30/6/22" means.
    pub plan_year: i32,
    /// The day of its signature, which alone tells what "tháng này" means.
    pub issued_on: Option<NaiveDate>,
}

impl<'a> Cursor<'a> {
    /// The token `ahead` places from here.
    pub fn peek(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + ahead)
    }

    /// Its kind.
    pub fn kind(&self, ahead: usize) -> Option<Kind> {
        self.peek(ahead).map(|token| token.kind)
    }

    /// The token before this place.
    pub fn previous(&self) -> Option<&'a Token> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    /// Whether the token `ahead` is this keyword.
    pub fn is(&self, ahead: usize, key: Key) -> bool {
        self.kind(ahead) == Some(Kind::Key(key))
    }

    /// Whether the token `ahead` is one of these keywords.
    pub fn is_any(&self, ahead: usize, keys: &[Key]) -> bool {
        keys.iter().any(|key| self.is(ahead, *key))
    }

    /// Whether the token `ahead` is this mark.
    pub fn is_mark(&self, ahead: usize, marks: &[char]) -> bool {
        matches!(self.kind(ahead), Some(Kind::Mark(mark)) if marks.contains(&mark))
    }

    /// Steps over this keyword.
    pub fn eat(&mut self, key: Key) -> bool {
        let there = self.is(0, key);
        self.at += usize::from(there);
        there
    }

    /// Steps over one of these keywords.
    pub fn eat_any(&mut self, keys: &[Key]) -> bool {
        let there = self.is_any(0, keys);
        self.at += usize::from(there);
        there
    }

    /// Steps over one of these marks.
    pub fn eat_mark(&mut self, marks: &[char]) -> bool {
        let there = self.is_mark(0, marks);
        self.at += usize::from(there);
        there
    }

    /// Steps over all of these keywords that follow one another.
    pub fn skip(&mut self, keys: &[Key]) {
        while self.eat_any(keys) {}
    }

    /// A number of at most two digits, `ahead` places from here.
    pub fn small(&self, ahead: usize) -> Option<u32> {
        match self.kind(ahead) {
            Some(Kind::Number { value, digits }) if digits <= 2 => Some(value),
            _ => None,
        }
    }

    /// A year in four digits, `ahead` places from here.
    pub fn four_digits(&self, ahead: usize) -> Option<i32> {
        match self.kind(ahead) {
            Some(Kind::Number { value, digits: 4 }) if (1990..=2099).contains(&value) => {
                i32::try_from(value).ok()
            }
            _ => None,
        }
    }

    /// A year in two digits that can only be the plan's own or the next, `ahead` places from here.
    pub fn two_digits(&self, ahead: usize) -> Option<i32> {
        let Some(Kind::Number { value, digits: 2 }) = self.kind(ahead) else {
            return None;
        };
        let value = i32::try_from(value).ok()?;
        [self.plan_year, self.plan_year.saturating_add(1)]
            .into_iter()
            .find(|year| year.rem_euclid(100) == value)
    }

    /// Whether the token `ahead` is this word, however it is spelled.
    pub fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.peek(ahead)
            .is_some_and(|token| is_same(&self.text[token.start..token.end], word))
    }

    /// A number in digits, roman, or words.
    pub fn numeral(&self, ahead: usize) -> Option<u32> {
        match self.kind(ahead) {
            Some(Kind::Roman(value) | Kind::Key(Key::Numeral(value))) => Some(value),
            _ => self.small(ahead),
        }
    }

    /// Whether the token `ahead` touches the one before it.
    pub fn tight(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|token| !token.gap)
    }

    /// The failure that names the words from `from` to a little after this place.
    pub fn refuse<T>(&self, from: usize, reason: &str) -> Result<T, NotUnderstood> {
        let to = (self.at + 1).clamp(from + 1, self.tokens.len().max(from + 1));
        let words = text_of(self.text, self.tokens, from, to.min(self.tokens.len()));
        Err(NotUnderstood::new(words, reason))
    }

    /// The year that belongs to the date or period just read; `Absent` if none is written.
    pub fn year(&mut self) -> Result<Year, NotUnderstood> {
        let start = self.at;
        if self.is_mark(0, &['/', '-', '.'])
            && let Some(year) = self.four_digits(1)
            && (!self.is_mark(0, &['.']) || self.tight(1) || self.peek(2).is_none())
            && !(self.is_mark(2, &['-']) && self.four_digits(3).is_some())
            && !self.is_mark(2, &['/'])
        {
            self.at += 2;
            return Ok(Year::Number(year));
        }
        if self.is_mark(0, &['/']) && matches!(self.kind(1), Some(Kind::Number { .. })) {
            self.at += 2;
            return self.refuse(start, "a year has four digits");
        }
        if let Some(year) = self.four_digits(0) {
            self.at += 1;
            return Ok(Year::Number(year));
        }
        if self.is_mark(0, &[','])
            && let Some(year) = self.four_digits(1)
            && matches!(self.kind(2), None | Some(Kind::Mark(';' | ')')))
        {
            self.at += 2;
            return Ok(Year::Number(year));
        }
        let comma = self.eat_mark(&[',', '/', '-']);
        if self.is_any(0, &[Key::Of, Key::In, Key::Plural])
            && self.is_any(1, &[Key::Year, Key::Every])
        {
            self.at += 1;
            if self.plain_year_follows() {
                self.at += 1;
                return Ok(Year::Plan);
            }
        }
        match self.year_in_words()? {
            Some(Year::Every) if comma && !self.ends_here() => {
                self.at = start;
                Ok(Year::Absent)
            }
            Some(year) => Ok(year),
            None => {
                self.at = start;
                Ok(Year::Absent)
            }
        }
    }

    /// "năm 2020", "năm sau", "hằng năm".
    fn year_in_words(&mut self) -> Parsed<Year> {
        let start = self.at;
        if self.eat(Key::Every) {
            if self.eat(Key::Year) {
                return Ok(Some(Year::Every));
            }
            self.at = start;
            return Ok(None);
        }
        if !self.eat(Key::Year) {
            return Ok(None);
        }
        if let Some(year) = self.four_digits(0) {
            let range = self.is_mark(1, &['-']) && self.four_digits(2).is_some();
            if !range {
                self.at += 1;
                return Ok(Some(Year::Number(year)));
            }
        }
        if self.eat(Key::This) {
            return Ok(Some(Year::Plan));
        }
        if self.is_any(0, &[Key::After, Key::Next])
            && self.is(1, Key::Year)
            && self.is_word(2, "báo cáo")
        {
            self.at += 3;
            return Ok(Some(Year::Next));
        }
        if self.is_any(0, &[Key::After, Key::Next]) && !self.time_follows(1) {
            self.at += 1;
            self.skip(&[Key::Next, Key::Adjacent]);
            return Ok(Some(Year::Next));
        }
        if self.is(0, Key::Before) && !self.time_follows(1) {
            self.at += 1;
            self.skip(&[Key::Adjacent]);
            return Ok(Some(Year::Previous));
        }
        if self.is(0, Key::Adjacent) && self.is_year_reported() {
            self.at += 3;
            return Ok(Some(Year::Next));
        }
        if self.is(0, Key::Adjacent) {
            return self.refuse(
                start,
                "\"liền kề\" may be the year before or the year after",
            );
        }
        self.at = start;
        Ok(None)
    }

    /// Whether "liền kề năm báo cáo" stands here and closes a clause: a report can only be sent when its year is over.
    fn is_year_reported(&self) -> bool {
        let after = Cursor {
            at: self.at + 3,
            ..*self
        };
        self.is(1, Key::Year)
            && self.is_word(2, "báo cáo")
            && (after.ends_here() || after.is_mark(0, &[',']))
    }

    /// The tokens of the clause before this place, a line of them at most.
    pub fn clause_before(&self) -> &'a [Token] {
        let farthest = self.at.saturating_sub(LONGEST_LINE);
        let before = &self.tokens[farthest..self.at];
        let closes = |token: &Token| matches!(token.kind, Kind::Mark(';' | '.' | '•'));
        let opens = |token: &Token| token.new_line;
        let start = before
            .iter()
            .rposition(|token| closes(token) || opens(token));
        &before[start.unwrap_or(0)..]
    }

    /// Whether nothing, or only punctuation, follows.
    pub fn ends_here(&self) -> bool {
        matches!(self.kind(0), None | Some(Kind::Mark(';' | '.' | ')')))
    }

    /// Whether "năm" stands here and neither a number nor "sau", "trước" follows.
    fn plain_year_follows(&self) -> bool {
        self.is(0, Key::Year)
            && self.four_digits(1).is_none()
            && !self.is_any(1, &[Key::After, Key::Next, Key::Before, Key::Adjacent])
    }

    /// Whether a date, an hour or a period begins `ahead`.
    pub fn time_follows(&self, ahead: usize) -> bool {
        self.small(ahead).is_some()
            || self.four_digits(ahead).is_some()
            || self.is_any(
                ahead,
                &[
                    Key::Day,
                    Key::WorkingDay,
                    Key::Week,
                    Key::Month,
                    Key::Quarter,
                    Key::Year,
                    Key::Early,
                    Key::Middle,
                    Key::Late,
                    Key::Nth,
                    Key::Stage,
                    Key::Every,
                    Key::WholeYear,
                    Key::Daily,
                ],
            )
    }
}
