//! Lists that run on in time: "tháng 12 và tháng 01 năm sau" goes from the plan's year into the next, and a year that is
//! written once, at the end, never makes a list run backwards.

use super::cursor::Cursor;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Day, Nth, Scale, Span, Year};

/// Why a list is not read.
const BACKWARDS: &str = "the list runs backwards in time, so a year may be missing";

impl Year {
    /// The year in numbers.
    pub fn number(self, plan_year: i32) -> i32 {
        match self {
            Self::Number(year) => year,
            Self::Absent | Self::Plan | Self::Every => plan_year,
            Self::Next => plan_year.saturating_add(1),
            Self::Previous => plan_year.saturating_sub(1),
        }
    }

    /// The year of what is listed before something of this year: the same, or the one before where the list would
    /// otherwise run `backwards`. `None` where that year is over when the plan's begins.
    fn listed_before(self, backwards: bool, plan_year: i32) -> Option<Self> {
        match self {
            Self::Number(year) if backwards && year > plan_year => Some(Self::Number(year - 1)),
            Self::Next if backwards => Some(Self::Plan),
            Self::Number(_) | Self::Previous if backwards => None,
            written => Some(written),
        }
    }
}

impl Cursor<'_> {
    /// A year that is given once at the end of a list of days applies to those before.
    pub fn settle_days(&self, start: usize, list: &mut [Day]) -> Result<(), NotUnderstood> {
        let mut later: Option<Day> = None;
        for day in list.iter_mut().rev() {
            if let Some(next) = later.filter(|_| day.year == Year::Absent) {
                let backwards = place(*day) >= place(next);
                match next.year.listed_before(backwards, self.plan_year) {
                    Some(year) => day.year = year,
                    None => return self.refuse(start, BACKWARDS),
                }
            }
            later = Some(*day);
        }
        self.check_more_years(start)?;
        let on = |day: Day| (day.year.number(self.plan_year), place(day));
        let back = |pair: &[Day]| pair[1].year == Year::Absent && on(pair[0]) > on(pair[1]);
        if list.windows(2).any(back) {
            return self.refuse(start, BACKWARDS);
        }
        Ok(())
    }

    /// The same for a list of periods, and for the two ends of each.
    pub fn settle_spans(&self, start: usize, list: &mut [Span]) -> Result<(), NotUnderstood> {
        let mut later: Option<Span> = None;
        for span in list.iter_mut().rev() {
            if let Some(next) = later.filter(|_| span.last_year == Year::Absent) {
                let backwards = span.last >= next.first;
                match next.first_year.listed_before(backwards, self.plan_year) {
                    Some(year) => span.last_year = year,
                    None => return self.refuse(start, BACKWARDS),
                }
            }
            if let (Year::Number(year), Year::Absent) = (span.first_year, span.last_year) {
                // "Quý III/2023 - Quý I"
                let turns = span.last < span.first;
                span.last_year = Year::Number(year.saturating_add(i32::from(turns)));
            }
            if span.first_year == Year::Absent {
                let backwards = span.first > span.last;
                span.first_year = match span.last_year.listed_before(backwards, self.plan_year) {
                    Some(year) => year,
                    None => return self.refuse(start, ENDS_FIRST),
                };
            }
            if self.ends_first(span) {
                return self.refuse(start, ENDS_FIRST);
            }
            later = Some(*span);
        }
        if list.iter().all(|span| span.scale != Scale::Year) {
            self.check_more_years(start)?;
        }
        let ends = |span: &Span| (span.last_year.number(self.plan_year), span.last);
        let begins = |span: &Span| (span.first_year.number(self.plan_year), span.first);
        let back =
            |pair: &[Span]| pair[1].first_year == Year::Absent && ends(&pair[0]) > begins(&pair[1]);
        if list.windows(2).any(back) {
            return self.refuse(start, BACKWARDS);
        }
        Ok(())
    }

    /// "tháng 6 và tháng 12 năm 2024, 2025": years without a unit behind a list with its own.
    fn check_more_years(&self, start: usize) -> Result<(), NotUnderstood> {
        let joint = self.is_mark(0, &[',', '&']) || self.is(0, Key::And);
        let year = joint && self.four_digits(1).is_some() && !self.is_mark(2, &['/', '-', '.']);
        if year {
            return self.refuse(start, "which of the years each of them is for");
        }
        Ok(())
    }

    fn ends_first(&self, span: &Span) -> bool {
        match (span.first_year, span.last_year) {
            (Year::Every, _) | (_, Year::Every) => {
                span.first_year == span.last_year && span.first > span.last
            }
            (first, last) => {
                (first.number(self.plan_year), span.first)
                    > (last.number(self.plan_year), span.last)
            }
        }
    }
}

/// Why a period is not read.
const ENDS_FIRST: &str = "the period ends before it begins";

/// Where in its year a day lies, as far as that can be told without a calendar.
pub(super) fn place(day: Day) -> (u32, u32) {
    match day.day {
        Nth::Number(number) => (day.month, number),
        Nth::Last | Nth::LastWorking => (day.month, 31),
        _ => (day.month, 1),
    }
}

/// Neighbouring periods of a list joined into one window (DESIGN rule 3), also where the year turns between them.
pub(super) fn merged(each: &[Span], plan_year: i32) -> Vec<Span> {
    let mut windows: Vec<Span> = Vec::new();
    for span in each {
        match windows.last_mut() {
            Some(open) if follows(open, span, plan_year) => {
                open.last = span.last;
                open.last_year = match span.last_year {
                    Year::Absent if open.first_year != Year::Absent => Year::Plan,
                    year => year,
                };
            }
            _ => windows.push(*span),
        }
    }
    windows
}

fn follows(open: &Span, next: &Span, plan_year: i32) -> bool {
    let (own, other) = (open.last_year, next.first_year);
    if own == other {
        return open.last + 1 == next.first;
    }
    let turns = own.number(plan_year).saturating_add(1) == other.number(plan_year);
    let comes_round = own == Year::Every || other == Year::Every;
    turns && !comes_round && open.last == 12 && next.first == 1
}
