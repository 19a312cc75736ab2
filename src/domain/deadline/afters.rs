//! Terms that begin where a period ends: "10 ngày sau khi kết thúc quý", "10 ngày đầu tháng 5".

use chrono::NaiveDate;

use super::cursor::{Cursor, Parsed};
use super::lexicon::Key;
use super::term::{Anchor, Body, Bound, Day, Edge, Nth, Span, Unit, Year};

impl Cursor<'_> {
    /// "sau khi kết thúc quý", "kể từ ngày kết thúc quý I/2024" behind "10 ngày": every period, or that one.
    pub fn after_period(&mut self, n: u32, unit: Unit, after: bool) -> Parsed<Body> {
        let start = self.at;
        self.skip(&[Key::From, Key::After, Key::When]);
        self.eat(Key::Day);
        if !self.eat_any(&[Key::Until, Key::Late, Key::Last]) {
            self.at = start;
            return Ok(None);
        }
        self.skip(&[Key::Last, Key::Of, Key::Plural, Key::Every]);
        let mut cycles = Vec::new();
        if !self.eat(Key::ReportPeriod) {
            loop {
                let before = self.at;
                if !(cycles.is_empty() || self.eat_mark(&[',', '/']) || self.eat(Key::And)) {
                    break;
                }
                let Some((cycle, width)) = self.cycle(false) else {
                    self.at = before;
                    break;
                };
                cycles.push(cycle);
                self.at += width;
            }
            if !cycles.is_empty() && self.is_word(0, "báo cáo") {
                self.at += 1;
            }
            if cycles.is_empty() {
                return match self.one_span()? {
                    Some(span) if self.closes() => Ok(Some(Body::Count {
                        n,
                        unit,
                        anchor: Anchor::EndOf(span),
                        after,
                    })),
                    _ => {
                        self.at = start;
                        Ok(None)
                    }
                };
            }
        }
        if after || !self.closes() {
            self.at = start;
            return Ok(None);
        }
        Ok(Some(Body::AfterEach { n, unit, cycles }))
    }

    fn closes(&self) -> bool {
        self.ends_here() || self.is_mark(0, &[',']) || self.is(0, Key::And)
    }

    /// "hai ngày 28, 29/9": the days are counted and then named.
    pub fn counted_days(&mut self, bound: Bound) -> Parsed<Body> {
        let start = self.at;
        let Some(n) = self
            .numeral(0)
            .filter(|_| self.is(1, Key::Day) && self.small(2).is_some() && bound <= Bound::By)
        else {
            return Ok(None);
        };
        self.at += 1;
        let body = self.days(bound)?;
        if let Some(Body::Days(days)) = &body
            && let [first, .., last] = days[..]
            && u32::try_from(days.len()) == Ok(n)
            && days.windows(2).all(|pair| pair[0].precedes(pair[1]))
        {
            return Ok(Some(Body::DaySpan(first, last)));
        }
        self.at = start;
        Ok(None)
    }

    /// "từ ngày 26/11-28/11/2019" behind "3 ngày": the stretch, if it has as many days.
    pub fn days_counted_out(&mut self, n: u32) -> Parsed<Body> {
        let start = self.at;
        if self.is(0, Key::From)
            && let Some((_, Body::DaySpan(first, last))) = self.dated()?
            && self.closes()
            && self.length(first, last) == Some(i64::from(n))
        {
            return Ok(Some(Body::DaySpan(first, last)));
        }
        self.at = start;
        Ok(None)
    }

    /// How many days there are from one day to another.
    fn length(&self, first: Day, last: Day) -> Option<i64> {
        let date = |day: Day| {
            let (Nth::Number(number), Year::Number(year)) = (day.day, day.year) else {
                return None;
            };
            NaiveDate::from_ymd_opt(year, day.month, number)
        };
        let plan = Year::Number(self.plan_year);
        let (first, last) = (date(first.or_year(plan))?, date(last.or_year(plan))?);
        Some((last - first).num_days() + 1)
    }

    /// "quý III" behind "05 ngày đầu": of its first month.
    fn part_of_quarter(&mut self, day: Nth) -> Parsed<Body> {
        if !(self.is(0, Key::Quarter) && self.numeral(1).is_some()) {
            return Ok(None);
        }
        let date = |day, span: Span| Day {
            day,
            month: span.first,
            year: span.first_year,
        };
        let span = self.one_span()?;
        Ok(span.map(|span| Body::DaySpan(date(Nth::First, span), date(day, span))))
    }

    /// "10 ngày đầu tháng 5", "05 ngày đầu của tháng sau", "10 ngày cuối tháng 6".
    pub fn part_of_month(&mut self, bound: Bound) -> Parsed<Body> {
        let start = self.at;
        let late = self.is(2, Key::Late);
        let days = self
            .small(0)
            .filter(|days| (1..=28).contains(days) && self.is(1, Key::Day) && bound <= Bound::By);
        let Some(days) = days.filter(|_| late || self.is(2, Key::Early)) else {
            return Ok(None);
        };
        self.at += 3;
        self.skip(&[Key::First, Key::Last, Key::Of]);
        if !late && let Some(body) = self.part_of_quarter(Nth::Number(days))? {
            return Ok(Some(body));
        }
        if !late && let Some(body) = self.place_of_days(&[Nth::Number(days)])? {
            return Ok(Some(body));
        }
        if self.is(0, Key::Month)
            && let Some(span) = self.one_span()?
        {
            let day = |day| Day {
                day,
                month: span.first,
                year: span.first_year,
            };
            return Ok(Some(if late {
                Body::EdgeOf(Edge::Late, span)
            } else {
                Body::DaySpan(day(Nth::First), day(Nth::Number(days)))
            }));
        }
        self.at = start;
        Ok(None)
    }
}
