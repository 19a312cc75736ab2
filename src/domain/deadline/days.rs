//! Days: "15/9", "ngày 20 tháng 11 năm 2025", "ngày 20 của tháng cuối quý", "ngày 15-20/6".

use super::cursor::{Cursor, Parsed};
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, Bound, Day, Nth, Year};

impl Cursor<'_> {
    /// An expression whose smallest unit is the day, without a weekday.
    pub fn days_alone(&mut self, bound: Bound) -> Parsed<Body> {
        let start = self.at;
        if let Some(date) = self.iso_date()? {
            return Ok(Some(Body::Days(vec![date])));
        }
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
        if named && let Some(body) = self.until_day_of_each(first)? {
            return Ok(Some(body));
        }
        if named && let Some(days) = self.more_days_of_a_month(first)? {
            return Ok(Some(Body::Days(days)));
        }
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
            return Ok(Some(Body::DaySpan(
                first.before(last, self.plan_year),
                last,
            )));
        }
        Ok(Some(Body::Days(list)))
    }

    /// "ngày 20", "ngày 15 và 30", "ngày làm việc cuối cùng", or a number that may begin a date.
    fn day_numbers(&mut self) -> Parsed<(Vec<Nth>, bool)> {
        let start = self.at;
        if self.is(0, Key::Plural) && self.is(1, Key::Day) && self.small(2).is_some() {
            self.at += 1;
        }
        let working = self.eat(Key::WorkingDay);
        let named = working || self.eat(Key::Day);
        if named && self.small(1).is_some() {
            self.eat_mark(&[':']);
        }
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
        let spelled = self.numeral(0).filter(|_| {
            let each = self.is(1, Key::Every) && self.is(2, Key::Month);
            named && ((self.is(1, Key::Month) && self.numeral(2).is_some()) || each)
        });
        let Some(day) = self.small(0).or(spelled).filter(|_| !working) else {
            self.at = start;
            return Ok(None);
        };
        self.at += 1;
        if named && !(1..=31).contains(&day) {
            return self.refuse(start, "no month has such a day");
        }
        let mut days = vec![Nth::Number(day)];
        let first = self.at;
        while named
            && (self.is_mark(0, &[',', '&']) || self.is(0, Key::And))
            && let ahead = 1 + usize::from(self.is(1, Key::Day))
            && let Some(other) = self.small(ahead)
            && !self.is_mark(ahead + 1, &['/', '-', '.'])
            && !(self.is(ahead + 1, Key::Month) && self.numeral(ahead + 2).is_some())
        {
            days.push(Nth::Number(other));
            self.at += ahead + 1;
        }
        if !self.is_any(0, &[Key::Every, Key::Of, Key::Month]) {
            days.truncate(1);
            self.at = first;
        }
        Ok(Some((days, named)))
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
        self.settle_days(start, &mut list)?;
        Ok(Some(list))
    }

    /// Whether the date that began at `start` was written with "tháng".
    fn in_words(&self, start: usize) -> bool {
        self.tokens[start..self.at]
            .iter()
            .any(|token| token.kind == Kind::Key(Key::Month))
    }

    /// Whether the element of a list ends `ahead`: nothing, punctuation, a year, another element or a
    /// line with a capital follows.
    pub fn stands_alone(&self, ahead: usize) -> bool {
        let next_line = |token: &Token| token.new_line && token.capital;
        if self.peek(ahead).is_some_and(next_line) {
            return true;
        }
        match self.kind(ahead) {
            None | Some(Kind::Mark(',' | ';' | ')' | '(' | ':' | '&' | '+')) => true,
            Some(Kind::Mark('.')) => self.small(ahead + 1).is_none() || !self.tight(ahead + 1),
            Some(Kind::Mark('-')) => true,
            Some(Kind::Mark('/')) => {
                self.four_digits(ahead + 1).is_some() || self.is(ahead + 1, Key::Year)
            }
            Some(Kind::Key(
                Key::And | Key::Year | Key::Every | Key::Until | Key::Of | Key::In | Key::Regards,
            )) => true,
            Some(Kind::Number { digits: 4, .. }) => true,
            _ => false,
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

    /// "2024-09-15".
    fn iso_date(&mut self) -> Parsed<Day> {
        let start = self.at;
        let Some(year) = self.four_digits(0) else {
            return Ok(None);
        };
        let tight = (1..5).all(|ahead| self.tight(ahead));
        if let (true, Some(month), Some(Kind::Number { value, digits: 2 })) =
            (tight, self.small(2), self.kind(4))
            && self.is_mark(1, &['-'])
            && self.is_mark(3, &['-'])
        {
            self.at += 5;
            let day = Nth::Number(value);
            let year = Year::Number(year);
            return self.checked(start, Day { day, month, year }).map(Some);
        }
        Ok(None)
    }

    /// ", 27 và 28/6/2024" after "ngày 26".
    fn more_days_of_a_month(&mut self, first: Nth) -> Parsed<Vec<Day>> {
        let start = self.at;
        let mut days = vec![first];
        while self.eat_mark(&[',', '&']) || self.eat(Key::And) {
            self.eat(Key::Day);
            let (Some(Nth::Number(earlier)), Some(later)) = (days.last(), self.small(0)) else {
                break;
            };
            if *earlier >= later {
                break;
            }
            self.at += 1;
            let last = Nth::Number(later);
            if let Some(last) = self.rest_of_date(start, last, true, Bound::By)? {
                let days = days.into_iter().chain([last.day]);
                return Ok(Some(days.map(|day| Day { day, ..last }).collect()));
            }
            days.push(last);
        }
        self.at = start;
        Ok(None)
    }

    /// "đến ngày 25 hằng tháng" after "ngày 20": due on the later day.
    fn until_day_of_each(&mut self, first: Nth) -> Parsed<Body> {
        let start = self.at;
        if self.eat_mark(&['-']) || self.eat(Key::Until) {
            self.skip(&[Key::Is, Key::Until]);
            self.eat(Key::Day);
            if let (Nth::Number(first), Some(last)) = (first, self.small(0))
                && first < last
            {
                self.at += 1;
                if let Some(body @ Body::DayOfEach(..)) =
                    self.place_of_days(&[Nth::Number(last)])?
                {
                    return Ok(Some(body));
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
