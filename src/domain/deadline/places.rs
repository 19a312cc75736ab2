//! Days and months by their place in a period: "ngày 20 hằng tháng", "tháng cuối quý", "tháng sau kỳ báo cáo".

use chrono::Datelike;

use super::cursor::{Cursor, Parsed};
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::term::{Body, Day, Nth, Place, Scale, Span, Turn, Year};

/// What "tháng cuối …" names: a place in every cycle, or months of a year.
pub(super) enum MonthName {
    Each(Place),
    These(Vec<(u32, Year)>),
}

impl Cursor<'_> {
    /// What follows "ngày 20" when it is not a month's number: "hằng tháng", "của tháng cuối quý".
    pub fn place_of_days(&mut self, days: &[Nth]) -> Parsed<Body> {
        let start = self.at;
        if self.eat_mark(&[',']) && self.cycle_with_its_own_limit() {
            self.at = start;
            return Ok(None);
        }
        self.skip(&[Key::Of, Key::In]);
        if self.tokens[self.at - 1].kind == Kind::Key(Key::Of) && self.is_month_reported() {
            self.at += 1;
            return Ok(Some(Body::DayOfEach(days.to_vec(), Place::EachMonth)));
        }
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
            Some(MonthName::These(months)) => {
                let dates = months.into_iter().flat_map(|(month, year)| {
                    days.iter().map(move |day| Day {
                        day: *day,
                        month,
                        year,
                    })
                });
                Ok(Some(Body::Days(dates.collect())))
            }
            None => {
                let ordinal = matches!(
                    days,
                    [Nth::First
                        | Nth::Last
                        | Nth::FirstWorking
                        | Nth::LastWorking
                        | Nth::Weekday { .. }]
                );
                if ordinal && let Some(body) = self.edge_day(days)? {
                    return Ok(Some(body));
                }
                self.at = start;
                Ok(None)
            }
        }
    }

    /// "hằng quý trước ngày 20 …" behind "ngày 20,": another recurrence begins, with another limit.
    fn cycle_with_its_own_limit(&self) -> bool {
        let cycle = self.is_any(1, &[Key::Month, Key::Quarter, Key::Year]);
        let limit = [Key::Before, Key::Latest, Key::Day, Key::Until];
        self.is(0, Key::Every) && cycle && self.is_any(2, &limit)
    }

    /// Whether "tháng" stands here without a number, behind a report of each month and of nothing else.
    fn is_month_reported(&self) -> bool {
        let mut after = *self;
        after.at += 1;
        if !(self.is(0, Key::Month) && (after.ends_here() || after.is_mark(0, &[',']))) {
            return false;
        }
        let before = self.clause_before();
        before
            .iter()
            .any(|token| token.kind == Kind::Key(Key::Report))
            && self.reports_only(self.at, Key::Month)
    }

    /// Whether the clause before the token at `start` says that something comes round with this unit, and names no
    /// other period.
    fn reports_only(&self, start: usize, unit: Key) -> bool {
        let place = Cursor { at: start, ..*self };
        let before = place.clause_before();
        let reported = |pair: &[Token]| {
            matches!(
                pair[0].kind,
                Kind::Key(Key::Report | Key::Every | Key::Periodic | Key::By)
            ) && pair[1].kind == Kind::Key(unit)
        };
        let period = |token: &&Token| {
            matches!(
                token.kind,
                Kind::Key(Key::Month | Key::Quarter | Key::Year | Key::WholeYear | Key::Week)
            )
        };
        before.windows(2).any(reported) && before.iter().filter(period).count() == 1
    }

    /// "quý", "quý báo cáo", "sau khi kết thúc quý" behind "tháng liền kề sau": steps over it, if no number follows.
    fn ended_quarter(&mut self) -> bool {
        let start = self.at;
        self.skip(&[Key::After, Key::When, Key::Until, Key::Every]);
        if self.is(0, Key::Quarter) && self.numeral(1).is_none() && !self.time_follows(1) {
            self.at += 1;
            let reported = self.is_word(0, "báo cáo") || self.is(0, Key::ReportPeriod);
            self.at += usize::from(reported);
            return true;
        }
        self.at = start;
        false
    }

    /// "các tháng cuối quý", "quý cuối cùng của năm" behind "trừ": the periods of the year that are
    /// meant.
    pub fn periods_by_place(&mut self) -> Parsed<Vec<Span>> {
        let start = self.at;
        self.eat(Key::Plural);
        if let Some(quarter) = self.quarter_by_place()? {
            return Ok(Some(vec![quarter]));
        }
        let month = |month, year| Span::one(Scale::Month, month, month, year);
        let quarterly = |nth: u32| {
            let months = (0..4).map(|quarter| month(3 * quarter + nth, Year::Absent));
            Ok(Some(months.collect()))
        };
        if !(self.is(0, Key::Month) && self.numeral(1).is_some()) {
            match self.month_name()? {
                Some(MonthName::Each(Place::OfQuarter(nth))) => return quarterly(nth),
                Some(MonthName::These(months)) => {
                    let spans = months.into_iter().map(|(number, year)| month(number, year));
                    return Ok(Some(spans.collect()));
                }
                _ => {}
            }
        }
        self.at = start;
        Ok(None)
    }

    /// "ngày làm việc cuối cùng của tháng 6", "… của quý", "… của năm".
    fn edge_day(&mut self, days: &[Nth]) -> Parsed<Body> {
        if self.is_any(0, &[Key::Quarter, Key::Month]) && self.numeral(1).is_none() {
            let place = if self.is(0, Key::Month) {
                Place::EachMonth
            } else {
                Place::OfQuarter(if is_late(days) { 3 } else { 1 })
            };
            self.at += 1;
            return Ok(Some(Body::DayOfEach(days.to_vec(), place)));
        }
        let late = is_late(days);
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

    /// "Hằng tháng: trước ngày 03 tháng liền kề": what comes every month is due when the month is over.
    fn comes_every_month(&self) -> bool {
        let monthly = |pair: &[Token]| {
            pair[0].kind == Kind::Key(Key::Every) && pair[1].kind == Kind::Key(Key::Month)
        };
        self.clause_before().windows(2).any(monthly)
    }

    /// "tháng cuối (của) quý (sau)", "tháng sau", "tháng cuối kỳ báo cáo", "tháng cuối quý I/2020".
    pub fn month_name(&mut self) -> Parsed<MonthName> {
        let start = self.at;
        if !self.eat(Key::Month) {
            return Ok(None);
        }
        if self.eat_any(&[Key::After, Key::Next]) {
            self.skip(&[Key::Next, Key::Adjacent, Key::Of, Key::After]);
            if self.ended_quarter() {
                return Ok(Some(MonthName::Each(Place::OfNextQuarter(1))));
            }
            if self.is(0, Key::Quarter)
                && let Some(span) = self.one_span()?
            {
                return Ok(Some(MonthName::These(vec![month_after(span)])));
            }
            let place = if self.eat(Key::ReportPeriod) {
                Place::AfterReport
            } else {
                let reported = self.is(0, Key::Month) && self.is_word(1, "báo cáo");
                self.at += if reported { 2 } else { 0 };
                Place::NextMonth
            };
            return Ok(Some(MonthName::Each(place)));
        }
        if self.is(0, Key::Adjacent) && self.comes_every_month() {
            self.at += 1;
            return Ok(Some(MonthName::Each(Place::NextMonth)));
        }
        if self.is_word(0, "này") {
            let Some(issued) = self.issued_on else {
                return self.refuse(start, "which month this is follows from the day of signing");
            };
            self.at += 1;
            let year = Year::Number(issued.year());
            return Ok(Some(MonthName::These(vec![(issued.month(), year)])));
        }
        if self.is_word(0, "báo cáo") {
            self.at += 1;
            return Ok(Some(MonthName::Each(Place::ReportMonth)));
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
        if nth == 1 && self.is_any(0, &[Key::After, Key::When]) && self.ended_quarter() {
            return Ok(Some(MonthName::Each(Place::OfNextQuarter(1))));
        }
        if (self.ends_here() || self.is_mark(0, &[','])) && self.reports_only(start, Key::Quarter) {
            return Ok(Some(MonthName::Each(Place::OfQuarter(nth))));
        }
        if self.eat(Key::ReportPeriod) {
            return if nth == 3 {
                Ok(Some(MonthName::Each(Place::EndOfReport)))
            } else {
                self.refuse(start, "which month of the reporting period is not said")
            };
        }
        if self.is(0, Key::Quarter) && self.numeral(1).is_some() {
            let quarters = self.list_of_quarters(start)?;
            let months = quarters
                .into_iter()
                .map(|span| (span.first + nth - 1, span.first_year));
            return Ok(Some(MonthName::These(months.collect())));
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
            let month = if nth == 3 { 12 } else { 1 };
            return Ok(Some(MonthName::These(vec![(month, year)])));
        }
        self.at = start;
        Ok(None)
    }
}

/// Whether the day is counted from the end of its period.
fn is_late(days: &[Nth]) -> bool {
    matches!(
        days,
        [Nth::Last
            | Nth::LastWorking
            | Nth::Weekday {
                turn: Turn::Last,
                ..
            }]
    )
}

/// The month after a quarter: "tháng liền sau quý IV" is January of the next year.
fn month_after(span: Span) -> (u32, Year) {
    match (span.last, span.last_year) {
        (12, Year::Number(year)) => (1, Year::Number(year.saturating_add(1))),
        (12, _) => (1, Year::Next),
        (last, year) => (last + 1, year),
    }
}
