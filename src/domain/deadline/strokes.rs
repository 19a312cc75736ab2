//! The month behind the number of a day: "/9", "-9-2020", "tháng 9 năm 2020"; and when a stroke makes a fraction.

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Bound, Day, Nth, Year};

impl Cursor<'_> {
    /// "/9", "/9/2020", "tháng 9 năm 2020" after the number of the day.
    pub fn rest_of_date(
        &mut self,
        start: usize,
        day: Nth,
        named: bool,
        bound: Bound,
    ) -> Parsed<Day> {
        let before = self.at;
        if named
            && {
                self.eat_mark(&[',']);
                self.skip(&[Key::Of, Key::Plural]);
                self.is(0, Key::Month)
            }
            && let Some(month) = self.numeral(1)
        {
            self.at += 2;
            let year = self.year()?;
            return self.checked(start, Day { day, month, year }).map(Some);
        }
        self.at = before;
        if self.is(0, Key::Month)
            && let Some(month) = self.numeral(1)
            && matches!(day, Nth::Number(1..=31))
            && (bound != Bound::Bare
                || (self.begins_clause(start)
                    && (self.year_follows(2) || (is_no_term(day) && self.stands_alone(2)))))
        {
            self.at += 2;
            let year = self.year()?;
            return self.checked(start, Day { day, month, year }).map(Some);
        }
        let Some(Kind::Mark(separator @ ('/' | '-' | '.'))) = self.kind(0) else {
            return Ok(None);
        };
        let Some(month) = self.small(1) else {
            return Ok(None);
        };
        let spaced = separator == '-'
            && self.is_mark(2, &['-'])
            && self.four_digits(3).is_some()
            && (0..4).all(|ahead| !self.tight(ahead));
        if spaced && !named && matches!(day, Nth::Number(1..=12)) {
            return self.refuse(start, "a date, or months with their year");
        }
        let tight = spaced || (self.tight(0) && self.tight(1));
        let short = self
            .two_digits(3)
            .filter(|_| separator == '/' && self.tight(3) && !self.is_mark(4, &['/', '-']));
        let full = self.is_mark(2, &[separator]) && (self.four_digits(3).or(short)).is_some();
        let late = matches!(day, Nth::Number(13..=31))
            && separator == '/'
            && (day, month) != (Nth::Number(24), 7)
            && matches!(self.kind(2), None | Some(Kind::Mark(',' | ';' | ')')))
            && start
                .checked_sub(1)
                .is_some_and(|at| self.tokens[at].kind == Kind::Word);
        let clear = full
            || late
            || self.among_dates(start)
            || named
            || bound != Bound::Bare
            || self.begins_clause(start);
        if !(separator == '/' || tight)
            || !clear
            || (separator != '/'
                && !full
                && !named
                && bound == Bound::Bare
                && !(separator == '.' && self.is_dotted_day(start)))
        {
            return Ok(None);
        }
        if separator == '-' && self.is_mark(2, &['/']) {
            return Ok(None);
        }
        if !named && bound == Bound::Bare && !full && (day, month) == (Nth::Number(24), 7) {
            return self.refuse(start, "24/7 may be the hours of a service");
        }
        if self.is_mark(2, &[separator])
            && matches!(self.kind(3), Some(Kind::Number { .. }))
            && !full
            && (separator != '.' || self.tight(3))
        {
            self.at += 3;
            return self.refuse(start, "a year has four digits");
        }
        self.at += 2;
        if full && let Some(year) = short {
            self.at += 2;
            let year = Year::Number(year);
            return self.checked(start, Day { day, month, year }).map(Some);
        }
        let year = self.year()?;
        let counts = matches!(
            self.kind(0),
            Some(Kind::Word | Kind::Key(Key::Number | Key::Document | Key::Idiom))
        );
        let item = self.is_mark(1, &[')'])
            && self
                .peek(0)
                .is_some_and(|token| token.end - token.start <= 2);
        if counts && !item && !named && bound == Bound::Bare && year == Year::Absent {
            return self.refuse(start, "it may be a fraction or a date");
        }
        self.checked(start, Day { day, month, year }).map(Some)
    }

    /// "phát động 15/10, chấm 10/11, trao giải 20/11": ascending, each behind words and before a comma, and one of them
    /// no fraction.
    fn among_dates(&self, start: usize) -> bool {
        const REACH: usize = 15;
        let ends = |kind: &Kind| matches!(kind, Kind::Mark(';'));
        let (from, to) = (
            start.saturating_sub(REACH),
            (start + REACH).min(self.tokens.len()),
        );
        let kinds: Vec<Kind> = self.tokens[from..to]
            .iter()
            .map(|token| token.kind)
            .collect();
        let own = start - from;
        let first = kinds[..own].iter().rposition(ends).map_or(0, |at| at + 1);
        let last = kinds[own..]
            .iter()
            .position(ends)
            .map_or(kinds.len(), |at| own + at);
        let mut dates = Vec::new();
        for (at, kind) in kinds[..last].iter().enumerate().skip(first + 1) {
            if *kind != Kind::Mark('/') {
                continue;
            }
            let (
                Kind::Number { value: day, .. },
                Some(Kind::Number {
                    value: month,
                    digits: 1 | 2,
                }),
            ) = (kinds[at - 1], kinds.get(at + 1))
            else {
                return false;
            };
            let worded = at >= 2 && kinds[at - 2] == Kind::Word;
            let closed = matches!(
                kinds.get(at + 2),
                None | Some(Kind::Mark(',' | ';' | '.' | ')'))
            );
            if !(worded && closed && (1..=12).contains(month)) {
                return false;
            }
            dates.push((*month, day));
        }
        dates.len() > 1
            && dates.windows(2).all(|pair| pair[0] < pair[1])
            && dates.iter().any(|(_, day)| (13..=31).contains(day))
    }

    /// Whether nothing that could own a fraction like "1/3" stands before the token at `start`.
    pub fn begins_clause(&self, start: usize) -> bool {
        match start.checked_sub(1).map(|before| self.tokens[before].kind) {
            None | Some(Kind::Mark(_)) => true,
            Some(Kind::Key(key)) => !matches!(
                key,
                Key::Number | Key::Counted | Key::Document | Key::Idiom | Key::Report
            ),
            _ => false,
        }
    }

    /// Whether "năm 2021" stands `ahead`.
    fn year_follows(&self, ahead: usize) -> bool {
        self.is(ahead, Key::Year) && self.four_digits(ahead + 1).is_some()
    }

    /// "xong 15.6", or "15.6" and nothing else: no share and no amount stands so.
    fn is_dotted_day(&self, start: usize) -> bool {
        let led = match start.checked_sub(1).map(|at| self.tokens[at].kind) {
            None => true,
            Some(kind) => matches!(kind, Kind::Key(Key::Finish) | Kind::Mark(';' | '-' | '•')),
        };
        led && matches!(self.kind(2), None | Some(Kind::Mark(';' | ',' | ')')))
    }

    pub fn checked(&self, start: usize, date: Day) -> Result<Day, NotUnderstood> {
        const LONGEST: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let longest = date
            .month
            .checked_sub(1)
            .and_then(|month| LONGEST.get(usize::try_from(month).ok()?));
        match (longest, date.day) {
            (None, _) => self.refuse(start, "there is no such month"),
            (Some(longest), Nth::Number(day)) if !(1..=*longest).contains(&day) => {
                self.refuse(start, "that month has no such day")
            }
            _ => Ok(date),
        }
    }
}

/// "31 tháng 7": so many months are neither a term nor what a report is about.
fn is_no_term(day: Nth) -> bool {
    matches!(day, Nth::Number(4 | 5 | 7 | 8 | 10 | 11 | 13..=31))
}
