//! Days: "15/9", "ngày 20 tháng 11 năm 2025", "ngày 20 của tháng cuối quý", "ngày 15-20/6".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
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
            && (bound != Bound::Bare || (self.begins_clause(start) && self.year_follows(2)))
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
        if counts && !named && bound == Bound::Bare && year == Year::Absent {
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

    /// Whether "năm 2021" stands `ahead`.
    fn year_follows(&self, ahead: usize) -> bool {
        self.is(ahead, Key::Year) && self.four_digits(ahead + 1).is_some()
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
