//! Days: "15/9", "ngày 20 tháng 11 năm 2025", "ngày 20 của tháng cuối quý", "ngày 15-20/6".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, Bound, Day, Nth, Place, Year};

/// What "tháng cuối …" names: a place in every cycle, or one month.
pub(super) enum MonthName {
    Each(Place),
    One(u32, Year),
}

impl Cursor<'_> {
    /// An expression whose smallest unit is the day.
    pub fn days(&mut self, bound: Bound) -> Parsed<Body> {
        let start = self.at;
        self.weekday_of_a_date();
        let Some((days, named)) = self.day_numbers()? else {
            self.at = start;
            return Ok(None);
        };
        if named && let Some(body) = self.place_of_days(&days)? {
            return Ok(Some(body));
        }
        let [first] = days[..] else {
            return Ok(Some(Body::LoneDay(days)));
        };
        let Some(list) = self.list_of_days(start, first, named, bound)? else {
            let body = self.lone_or_span(first)?;
            if named
                || (matches!(body, Body::DaySpan(..))
                    && (bound != Bound::Bare || self.begins_clause(start)))
            {
                return Ok(Some(body));
            }
            self.at = start;
            return Ok(None);
        };
        if let [first] = list[..]
            && let Some(last) = self.end_of_span()?
        {
            return Ok(Some(Body::DaySpan(first.or_year(last.year), last)));
        }
        Ok(Some(Body::Days(list)))
    }

    /// "thứ Sáu, ngày 15/3": the weekday says nothing new.
    fn weekday_of_a_date(&mut self) {
        let start = self.at;
        if self.eat(Key::Sunday)
            || (self.eat(Key::Nth) && self.numeral(0).is_some() && {
                self.at += 1;
                true
            })
        {
            self.eat_mark(&[',', '(']);
            if self.is(0, Key::Day) || (self.small(0).is_some() && self.is_mark(1, &['/'])) {
                return;
            }
        }
        self.at = start;
    }

    /// "ngày 20", "ngày 15 và 30", "ngày làm việc cuối cùng", or a number that may begin a date.
    fn day_numbers(&mut self) -> Parsed<(Vec<Nth>, bool)> {
        let start = self.at;
        let working = self.eat(Key::WorkingDay);
        let named = working || self.eat(Key::Day);
        if named && self.is_any(0, &[Key::Early, Key::First, Key::Late, Key::Last]) {
            let first = self.is_any(0, &[Key::Early, Key::First]);
            self.at += 1;
            self.eat(Key::Last);
            return Ok(Some((
                vec![match (first, working) {
                    (true, false) => Nth::First,
                    (true, true) => Nth::FirstWorking,
                    (false, false) => Nth::Last,
                    (false, true) => Nth::LastWorking,
                }],
                true,
            )));
        }
        let Some(day) = self.small(0).filter(|_| !working) else {
            self.at = start;
            return Ok(None);
        };
        self.at += 1;
        if named && !(1..=31).contains(&day) {
            return self.refuse(start, "no month has such a day");
        }
        let mut days = vec![Nth::Number(day)];
        while named
            && (self.is_mark(0, &[',', '&']) || self.is(0, Key::And))
            && let ahead = 1 + usize::from(self.is(1, Key::Day))
            && let Some(other) = self.small(ahead)
            && !self.is_mark(ahead + 1, &['/', '-', '.'])
            && !(self.is(ahead + 1, Key::Month) && self.numeral(ahead + 2).is_some())
            && self.is_any(ahead + 1, &[Key::Every, Key::Of, Key::And, Key::Month])
        {
            days.push(Nth::Number(other));
            self.at += ahead + 1;
        }
        Ok(Some((days, named)))
    }

    /// What follows "ngày 20" when it is not a month's number: "hằng tháng", "của tháng cuối quý".
    fn place_of_days(&mut self, days: &[Nth]) -> Parsed<Body> {
        let start = self.at;
        self.eat_mark(&[',']);
        self.skip(&[Key::Of, Key::In]);
        let plural = self.is(0, Key::Plural) && self.is(1, Key::Month) && self.numeral(2).is_none();
        if self.eat(Key::Every) || (plural && self.eat(Key::Plural)) {
            if self.eat(Key::Month) {
                return Ok(Some(Body::DayOfEach(days.to_vec(), Place::EachMonth)));
            }
            if self.is_any(0, &[Key::Quarter, Key::Week]) {
                return self.refuse(start, "it is not said in which month of the period");
            }
            self.at = start;
            return Ok(None);
        }
        match self.month_name()? {
            Some(MonthName::Each(place)) => Ok(Some(Body::DayOfEach(days.to_vec(), place))),
            Some(MonthName::One(month, year)) => {
                let days = days.iter().map(|day| Day {
                    day: *day,
                    month,
                    year,
                });
                Ok(Some(Body::Days(days.collect())))
            }
            None => {
                let ordinal = matches!(
                    days,
                    [Nth::First | Nth::Last | Nth::FirstWorking | Nth::LastWorking]
                );
                if ordinal && let Some(body) = self.edge_day(days)? {
                    return Ok(Some(body));
                }
                self.at = start;
                Ok(None)
            }
        }
    }

    /// "ngày làm việc cuối cùng của tháng 6", "… của quý", "… của năm".
    fn edge_day(&mut self, days: &[Nth]) -> Parsed<Body> {
        if self.is_any(0, &[Key::Quarter, Key::Month]) && self.numeral(1).is_none() {
            let place = if self.is(0, Key::Month) {
                Place::EachMonth
            } else {
                Place::OfQuarter(if matches!(days, [Nth::Last | Nth::LastWorking]) {
                    3
                } else {
                    1
                })
            };
            self.at += 1;
            return Ok(Some(Body::DayOfEach(days.to_vec(), place)));
        }
        let late = matches!(days, [Nth::Last | Nth::LastWorking]);
        match self.one_span()? {
            Some(span) => {
                let (month, year) = if late {
                    (span.last, span.last_year)
                } else {
                    (span.first, span.first_year)
                };
                let days = days.iter().map(|day| Day {
                    day: *day,
                    month,
                    year,
                });
                Ok(Some(Body::Days(days.collect())))
            }
            None => Ok(None),
        }
    }

    /// "tháng cuối (của) quý (sau)", "tháng sau", "tháng cuối kỳ báo cáo", "tháng cuối quý I/2020".
    pub fn month_name(&mut self) -> Parsed<MonthName> {
        let start = self.at;
        if !self.eat(Key::Month) {
            return Ok(None);
        }
        if self.eat_any(&[Key::After, Key::Next]) {
            self.skip(&[Key::Next, Key::Adjacent, Key::Of]);
            let place = if self.eat(Key::ReportPeriod) {
                Place::AfterReport
            } else {
                Place::NextMonth
            };
            return Ok(Some(MonthName::Each(place)));
        }
        let nth = if self.eat(Key::Early) || self.eat(Key::First) {
            1
        } else if self.eat(Key::Late) || self.eat(Key::Last) {
            3
        } else if self.is(0, Key::Nth)
            && let Some(nth @ 1..=3) = self.numeral(1)
        {
            self.at += 2;
            nth
        } else if self.eat(Key::Middle) {
            2
        } else {
            self.at = start;
            return Ok(None);
        };
        self.skip(&[Key::First, Key::Last, Key::Of, Key::In]);
        self.eat(Key::Every);
        if self.eat(Key::ReportPeriod) {
            return if nth == 3 {
                Ok(Some(MonthName::Each(Place::EndOfReport)))
            } else {
                self.refuse(start, "which month of the reporting period is not said")
            };
        }
        if self.is(0, Key::Quarter) && self.numeral(1).is_some() {
            let Some(span) = self.one_span()? else {
                self.at = start;
                return Ok(None);
            };
            return Ok(Some(MonthName::One(span.first + nth - 1, span.first_year)));
        }
        if self.eat(Key::Quarter) {
            let next = self.is_any(0, &[Key::After, Key::Next]) && !self.time_follows(1);
            if next {
                self.at += 1;
                self.skip(&[Key::Next, Key::Adjacent]);
            }
            self.eat(Key::ReportPeriod);
            let place = if next {
                Place::OfNextQuarter(nth)
            } else {
                Place::OfQuarter(nth)
            };
            return Ok(Some(MonthName::Each(place)));
        }
        if self.is(0, Key::Year) && nth != 2 {
            let year = self.year()?;
            if year == Year::Absent {
                self.eat(Key::Year);
            }
            return Ok(Some(MonthName::One(if nth == 3 { 12 } else { 1 }, year)));
        }
        self.at = start;
        Ok(None)
    }

    /// A date whose day was just read, and those listed after it.
    fn list_of_days(
        &mut self,
        start: usize,
        first: Nth,
        named: bool,
        bound: Bound,
    ) -> Result<Option<Vec<Day>>, NotUnderstood> {
        let Some(first) = self.rest_of_date(start, first, named, bound)? else {
            return Ok(None);
        };
        let mut list = vec![first];
        loop {
            let before = self.at;
            let joined = self.eat_mark(&[',', '&']) || self.eat(Key::And);
            self.eat(Key::Day);
            let month_only = self.eat(Key::Month)
                || !matches!(
                    self.kind(1),
                    Some(Kind::Mark('/' | '.' | '-') | Kind::Key(Key::Month))
                );
            let next = match (joined, self.small(0), self.numeral(0)) {
                (true, _, Some(month))
                    if month_only && self.in_words(start) && self.stands_alone(1) =>
                {
                    self.at += 1;
                    let day = list[0].day;
                    let year = self.year()?;
                    Some(self.checked(before, Day { day, month, year })?)
                }
                (true, Some(day), _) if !month_only => {
                    self.at += 1;
                    self.rest_of_date(before, Nth::Number(day), true, bound)?
                }
                _ => None,
            };
            let Some(next) = next else {
                self.at = before;
                break;
            };
            list.push(next);
        }
        let mut year = Year::Absent;
        for day in list.iter_mut().rev() {
            *day = day.or_year(year);
            year = day.year;
        }
        Ok(Some(list))
    }

    /// Whether the date that began at `start` was written with "tháng".
    fn in_words(&self, start: usize) -> bool {
        self.tokens[start..self.at]
            .iter()
            .any(|token| token.kind == Kind::Key(Key::Month))
    }

    /// Whether the element of a list ends `ahead`: nothing, punctuation, a year or another element follows.
    pub fn stands_alone(&self, ahead: usize) -> bool {
        match self.kind(ahead) {
            None | Some(Kind::Mark(',' | ';' | ')' | '(' | ':' | '&' | '+')) => true,
            Some(Kind::Mark('.')) => self.small(ahead + 1).is_none() || !self.tight(ahead + 1),
            Some(Kind::Mark('-')) => true,
            Some(Kind::Mark('/')) => {
                self.four_digits(ahead + 1).is_some() || self.is(ahead + 1, Key::Year)
            }
            Some(Kind::Key(Key::And | Key::Year | Key::Every | Key::Until | Key::Of | Key::In)) => {
                true
            }
            Some(Kind::Number { digits: 4, .. }) => true,
            _ => false,
        }
    }

    /// "/9", "/9/2020", "tháng 9 năm 2020" after the number of the day.
    fn rest_of_date(&mut self, start: usize, day: Nth, named: bool, bound: Bound) -> Parsed<Day> {
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
            && bound != Bound::Bare
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
        let tight = self.tight(0) && self.tight(1);
        let full = self.is_mark(2, &[separator]) && self.four_digits(3).is_some();
        let clear = full || named || bound != Bound::Bare || self.begins_clause(start);
        if !(separator == '/' || tight)
            || !clear
            || (separator != '/' && !full && !named && bound == Bound::Bare)
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
        let year = self.year()?;
        self.checked(start, Day { day, month, year }).map(Some)
    }

    /// Whether nothing that could own a fraction like "1/3" stands before the token at `start`.
    fn begins_clause(&self, start: usize) -> bool {
        match start.checked_sub(1).map(|before| self.tokens[before].kind) {
            None | Some(Kind::Mark(_)) => true,
            Some(Kind::Key(key)) => !matches!(
                key,
                Key::Number | Key::Counted | Key::Document | Key::Idiom | Key::Report
            ),
            _ => false,
        }
    }

    fn checked(&self, start: usize, date: Day) -> Result<Day, NotUnderstood> {
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

    /// "đến ngày 30/6", "- 30/3/2019" after the first day of a span.
    fn end_of_span(&mut self) -> Parsed<Day> {
        let start = self.at;
        if self.eat_mark(&['-']) || self.eat(Key::Until) {
            self.skip(&[Key::Is, Key::Until]);
            let named = self.eat(Key::Day);
            if let Some(day) = self.small(0) {
                self.at += 1;
                if let Some(last) = self.rest_of_date(
                    start,
                    Nth::Number(day),
                    named || self.is_mark(0, &['/']),
                    Bound::By,
                )? {
                    return Ok(Some(last));
                }
            }
        }
        self.at = start;
        Ok(None)
    }

    /// "ngày 15 đến ngày 30/6" or just "ngày 20".
    fn lone_or_span(&mut self, first: Nth) -> Result<Body, NotUnderstood> {
        Ok(match self.end_of_span()? {
            Some(last) => Body::DaySpan(Day { day: first, ..last }, last),
            None => Body::LoneDay(vec![first]),
        })
    }
}
