//! What a text is made of, before anything is understood.

use chrono::NaiveDate;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// A whole number.
    Number(u32),
    /// A number with a per-cent sign.
    Percent(u32),
    /// Two or three numbers that can be a date: "15/4", "04-3-2020".
    Day(Numeric),
    /// An hour: "10h", "7:30".
    Hour,
    /// A task in normal form.
    Task(String),
    /// A document number in standard form.
    Document(String),
    /// An address on the web or a mail address.
    Link,
    /// ✅ and the like.
    Check,
    /// 👍 and the like.
    Thumb,
    /// ❌, 👎 and ⏳: not done, or under way.
    Open,
    /// Any other picture.
    Picture,
    /// A punctuation mark; every dash is '-', every quote '"', every ellipsis '…'.
    Mark(char),
}

/// A date as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeric {
    /// Day of the month.
    pub day: u32,
    /// Month.
    pub month: u32,
    /// Year, where written.
    pub year: Option<i32>,
}

impl Numeric {
    /// The date, in the given year where none is written.
    pub(super) fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year.unwrap_or(year), self.month, self.day)
    }
}

/// How far a word may stand for another that differs in diacritics only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slack {
    /// It is what it is.
    None,
    /// Within a group of words that fits otherwise.
    InGroup,
    /// Anywhere: the text is typed without diacritics.
    Anywhere,
    /// It stands for no word: nobody knows it, and it is no syllable of the language ("cuwha").
    Unreadable,
}

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte in the clean text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Its exact spelling; empty for what is no word.
    pub exact: String,
    /// The same without diacritics.
    pub plain: String,
    /// Starts with a capital letter.
    pub capital: bool,
    /// Written with a zero before its first digit that counts.
    pub leads_with_zero: bool,
    /// White space before it.
    pub gap: bool,
    /// What else it may stand for.
    pub slack: Slack,
}

impl Token {
    /// Whether it is this mark.
    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// Its number, if it is one.
    pub(super) fn number(&self) -> Option<u32> {
        match self.kind {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }
}
