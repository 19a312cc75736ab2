//! Weeks of a month and tens of days: "tuần 2 tháng 4", "trung tuần tháng 8".
//!
//! A week of a month has a last day only where counting by sevens and counting by the calendar agree.

use chrono::{Datelike, Days, NaiveDate};

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::term::{Body, Day, Nth, Turn};

impl Cursor<'_> {
    /// "đầu tiên", "thứ hai", "cuối cùng" behind a weekday or a week.
    pub fn turn(&mut self) -> Option<Turn> {
        let turn = if self.eat_any(&[Key::First, Key::Early]) {
            self.eat(Key::First);
            Turn::Nth(1)
        } else if self.eat_any(&[Key::Last, Key::Late]) {
            self.eat(Key::Last);
            Turn::Last
        } else if self.is(0, Key::Nth) {
            let place = self.numeral(1).filter(|place| (1..=5).contains(place))?;
            self.at += 2;
            Turn::Nth(place)
        } else {
            return None;
        };
        Some(turn)
    }

    /// "tuần 2 tháng 4/2024", "tuần đầu của tháng 7", "tuần thứ ba tháng 6".
    pub fn week_of_month(&mut self) -> Parsed<Body> {
        let start = self.at;
        if !self.eat(Key::Week) {
            return Ok(None);
        }
        let parted = start.checked_sub(1).is_some_and(|at| {
            let part = Cursor { at, ..*self };
            part.is_any(0, &[Key::Early, Key::Middle, Key::Late])
        });
        if parted {
            return self.refuse(start, "a part of a week");
        }
        let numbered = self.numeral(0).filter(|week| (1..=5).contains(week));
        let turn = self.turn().or_else(|| {
            let week = numbered?;
            self.at += 1;
            Some(Turn::Nth(week))
        });
        if let Some(turn) = turn {
            self.skip(&[Key::Of, Key::In]);
            if self.is(0, Key::Month)
                && self.numeral(1).is_some()
                && let Some(span) = self.one_span()?
            {
                let day = |day| Day {
                    day,
                    month: span.first,
                    year: span.first_year,
                };
                return Ok(Some(Body::DaySpan(
                    day(Nth::WeekFirst(turn)),
                    day(Nth::WeekLast(turn)),
                )));
            }
        }
        self.at = start;
        Ok(None)
    }

    /// "thượng tuần tháng 5", "hạ tuần hằng tháng": days 1 to 10, 11 to 20, 21 to the last.
    pub fn ten_days(&mut self) -> Parsed<Body> {
        let start = self.at;
        let Some(Kind::Key(Key::Tenth(tenth))) = self.kind(0) else {
            return Ok(None);
        };
        self.at += 1;
        let (first, last) = match tenth {
            1 => (Nth::First, Nth::Number(10)),
            2 => (Nth::Number(11), Nth::Number(20)),
            _ => (Nth::Number(21), Nth::Last),
        };
        self.skip(&[Key::Of]);
        if self.is(0, Key::Month)
            && self.numeral(1).is_some()
            && let Some(span) = self.one_span()?
        {
            let day = |day| Day {
                day,
                month: span.first,
                year: span.first_year,
            };
            return Ok(Some(Body::DaySpan(day(first), day(last))));
        }
        match self.place_of_days(&[last])? {
            Some(body) => Ok(Some(body)),
            None => self.refuse(start, "it is not said of which month"),
        }
    }
}

/// The first, second, … or last of such weekdays of a month.
pub(super) fn weekday_in(
    day: u32,
    turn: Turn,
    first: NaiveDate,
    last: NaiveDate,
) -> Option<NaiveDate> {
    let found = match turn {
        Turn::Nth(nth) => {
            let ahead = (day + 7 - first.weekday().number_from_monday()) % 7;
            first + Days::new(u64::from(ahead + 7 * nth.checked_sub(1)?))
        }
        Turn::Last => {
            let back = (last.weekday().number_from_monday() + 7 - day) % 7;
            last - Days::new(u64::from(back))
        }
    };
    (found <= last).then_some(found)
}

/// First and last day of a week of a month, where every way of counting gives the same.
pub(super) fn week_in(
    turn: Turn,
    first: NaiveDate,
    last: NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let opens = match turn {
        Turn::Nth(nth) if first.weekday().num_days_from_monday() == 0 => {
            first + Days::new(u64::from(7 * nth.checked_sub(1)?))
        }
        Turn::Last if last.weekday().num_days_from_monday() == 6 => last - Days::new(6),
        _ => return None,
    };
    let closes = opens + Days::new(6);
    (closes <= last).then_some((opens, closes))
}
