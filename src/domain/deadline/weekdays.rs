//! Weekdays: "thứ Sáu, ngày 15/3", "thứ Hai đầu tiên hằng tháng", "hằng tuần, trước 15h thứ Năm".

use chrono::{Datelike, NaiveDate};

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, Scan};
use super::term::{Body, Bound, Day, Nth, Year};

impl Cursor<'_> {
    /// An expression whose smallest unit is the day, behind the weekday it may be written with.
    pub fn days(&mut self, bound: Bound) -> Parsed<Body> {
        let start = self.at;
        let Some((weekday, opened)) = self.weekday_of_a_date() else {
            let body = self.days_alone(bound)?;
            if let Some(Body::Days(days)) = &body
                && let [day] = days[..]
            {
                self.weekday_behind(start, day)?;
            }
            return Ok(body);
        };
        let body = self.days_alone(bound)?;
        if body.is_none() || (opened && !self.eat_mark(&[')'])) {
            self.at = start;
            return Ok(None);
        }
        if let Some(Body::Days(days)) = &body
            && let [day] = days[..]
            && self.falls_on(day).is_some_and(|falls| falls != weekday)
        {
            return self.refuse(start, "the date is not on that day of the week");
        }
        Ok(body)
    }

    /// "(thứ Ba)", ", thứ Ba" behind a date: steps over it.
    fn weekday_behind(&mut self, start: usize, day: Day) -> Result<(), NotUnderstood> {
        let behind = self.at;
        let opened = self.eat_mark(&['(']);
        self.eat_mark(&[',']);
        let weekday = self.weekday_name();
        let closed = if opened {
            self.eat_mark(&[')'])
        } else {
            self.ends_here()
        };
        match weekday.filter(|_| closed) {
            Some(weekday) if self.falls_on(day).is_some_and(|falls| falls != weekday) => {
                self.refuse(start, "the date is not on that day of the week")
            }
            Some(_) => Ok(()),
            None => {
                self.at = behind;
                Ok(())
            }
        }
    }

    /// 1 = Monday; `None` where the day is not a number.
    fn falls_on(&self, day: Day) -> Option<u32> {
        let Nth::Number(number) = day.day else {
            return None;
        };
        let year = match day.year {
            Year::Number(year) => year,
            Year::Absent => self.plan_year,
            _ => return None,
        };
        let date = NaiveDate::from_ymd_opt(year, day.month, number)?;
        Some(date.weekday().number_from_monday())
    }

    /// "thứ Sáu, ngày 15/3", "thứ Năm (10/3/2022)": the weekday, and whether a parenthesis was opened.
    fn weekday_of_a_date(&mut self) -> Option<(u32, bool)> {
        let start = self.at;
        self.eat(Key::Day);
        if let Some(weekday) = self.weekday_name() {
            self.eat_mark(&[',']);
            let opened = self.eat_mark(&['(']);
            if self.is(0, Key::Day) || (self.small(0).is_some() && self.is_mark(1, &['/'])) {
                return Some((weekday, opened));
            }
        }
        self.at = start;
        None
    }

    /// "thứ Hai", "chủ nhật": 1 = Monday.
    fn weekday_name(&mut self) -> Option<u32> {
        if self.eat(Key::Sunday) {
            return Some(7);
        }
        let day = self.numeral(1).filter(|day| (2..=7).contains(day))?;
        if !self.is(0, Key::Nth) {
            return None;
        }
        self.at += 2;
        Some(day - 1)
    }

    /// "ngày thứ 4 hằng tuần", "thứ Hai đầu tiên hằng tháng", "thứ Sáu cuối cùng của tháng 6".
    pub fn weekday(&mut self) -> Parsed<Body> {
        let start = self.at;
        if self.is(0, Key::Every) && self.is(1, Key::Week) {
            return self.weekdays_of_each_week();
        }
        self.eat(Key::Day);
        let Some(day) = self.weekday_name() else {
            self.at = start;
            return Ok(None);
        };
        let named = self.at;
        let days = self.more_weekdays(day);
        self.skip(&[Key::Of]);
        if self.eat(Key::Every) && self.eat(Key::Week) {
            return Ok(Some(Body::Weekdays(days)));
        }
        self.at = named;
        if self.is_any(0, &[Key::First, Key::Last, Key::Nth])
            && let Some(turn) = self.turn()
        {
            let nth = Nth::Weekday { day, turn };
            if let Some(body) = self.place_of_days(&[nth])? {
                return Ok(Some(body));
            }
        }
        self.at = start;
        Ok(None)
    }

    /// ", thứ Năm" behind "thứ Ba".
    fn more_weekdays(&mut self, first: u32) -> Vec<u32> {
        let mut days = vec![first];
        loop {
            let before = self.at;
            let joined = self.eat_mark(&[',', '&']) | self.eat(Key::And);
            let Some(day) = self.weekday_name().filter(|_| joined) else {
                self.at = before;
                return days;
            };
            days.push(day);
        }
    }

    /// "hằng tuần, trước 15h thứ Sáu", "hằng tuần (thứ Hai)".
    fn weekdays_of_each_week(&mut self) -> Parsed<Body> {
        let start = self.at;
        self.at += 2;
        let opened = self.eat_mark(&['(']);
        self.eat_mark(&[',', ':']);
        let Some(days) = self.bounded_weekdays() else {
            self.at = start;
            return Ok(None);
        };
        if opened && !self.eat_mark(&[')']) {
            self.at = start;
            return Ok(None);
        }
        Ok(Some(Body::Weekdays(days)))
    }

    fn bounded_weekdays(&mut self) -> Option<Vec<u32>> {
        let (before, clock) = self.day_bound();
        if ["sáng", "chiều"].iter().any(|part| self.is_word(0, part)) {
            self.at += 1;
        }
        self.eat(Key::Day);
        let day = self.weekday_name()?;
        let days = self.more_weekdays(day);
        let ends = self.ends_here() || self.is_mark(0, &[',']);
        (ends && (clock || !before)).then_some(days)
    }
}

impl Scan<'_> {
    /// "ngày 20/8/2024 (trước 17h00)": an hour of the day before it, which changes nothing unless the day itself is
    /// out of the limit.
    pub fn hour_behind(&mut self) -> Result<bool, NotUnderstood> {
        let Some(Item::Term(day)) = self.items.last() else {
            return Ok(false);
        };
        let start = self.cursor.at;
        let mut cursor = self.cursor;
        let opened = cursor.eat_mark(&['(']);
        cursor.eat_mark(&[',']);
        cursor.skip(&[Key::Before, Key::Latest, Key::Until, Key::In]);
        if cursor.is_word(0, "lúc") {
            cursor.at += 1;
        }
        let there = matches!(
            day.body,
            Body::Days(_) | Body::Weekdays(_) | Body::DayOfEach(..)
        ) && cursor.hour().is_some()
            && (!opened || cursor.eat_mark(&[')']))
            && cursor.ends_here();
        if !there {
            return Ok(false);
        }
        if day.bound == Bound::Before {
            return cursor.refuse(start, "before a day and before an hour of it");
        }
        self.words(start, cursor.at);
        self.cursor.at = cursor.at;
        Ok(true)
    }

    /// A weekday that no rule has read: "vào thứ Hai" is not "secondly", and the cell says more than its other dates.
    pub fn check_weekday(&self) -> Result<(), NotUnderstood> {
        let cursor = &self.cursor;
        let mut name = *cursor;
        if !cursor.is(0, Key::Nth) || name.weekday_name().is_none() {
            return Ok(());
        }
        let written = &cursor.text[cursor.tokens[cursor.at].end..cursor.tokens[name.at - 1].end];
        let capital = cursor.tokens[name.at - 1].capital && written != written.to_uppercase();
        let led = match cursor.previous().map(|token| token.kind) {
            Some(Kind::Key(key)) => matches!(
                key,
                Key::Day
                    | Key::In
                    | Key::Before
                    | Key::Until
                    | Key::Latest
                    | Key::Every
                    | Key::From
            ),
            _ => false,
        };
        let recurs = name.is_any(
            0,
            &[
                Key::Every,
                Key::Week,
                Key::Early,
                Key::Late,
                Key::First,
                Key::Last,
            ],
        );
        let session = cursor.previous().is_some_and(|token| {
            matches!(
                token.kind,
                Kind::Key(Key::Session | Key::Counted | Key::Times)
            )
        });
        if led || recurs || (capital && !session) {
            return cursor.refuse(cursor.at, "a day of the week without its date");
        }
        Ok(())
    }
}
