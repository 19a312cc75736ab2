//! Expressions with a date of their own -> first and last day.

use chrono::{Datelike, Days, NaiveDate};

use super::outcome::{Context, NotUnderstood};
use super::term::{Body, Bound, Day, Edge, Nth, Scale, Span, Term, Year};
use super::weeks::{week_in, weekday_in};
use crate::domain::plan::Before;

/// A stretch of days with the words that explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub opens_on: NaiveDate,
    pub due_on: NaiveDate,
    pub rule: String,
}

/// Reads dates in the light of one plan.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub context: &'a Context<'a>,
    /// The words of the expression, for a refusal.
    pub words: &'a str,
}

/// "Từ ngày 15 tháng 12 năm trước đến ngày 14 tháng 3": what a report covers.
const FIGURES: &str =
    "it begins in the year before, so it may say which figures are meant, not when they are due";

impl Reader<'_> {
    /// The failure that names the expression.
    pub fn refuse<T>(&self, reason: &str) -> Result<T, NotUnderstood> {
        Err(NotUnderstood::new(self.words, reason))
    }

    /// The windows of one expression, in the order of the text.
    pub fn windows(&self, term: &Term) -> Result<Vec<Window>, NotUnderstood> {
        match &term.body {
            Body::Days(days) => days.iter().map(|day| self.day_window(term, *day)).collect(),
            Body::DaySpan(first, _) if first.year == Year::Previous => self.refuse(FIGURES),
            Body::DaySpan(first, last) if term.bound == Bound::Before => {
                match (first.day, last.day) {
                    (Nth::First | Nth::WeekFirst(_), _)
                    | (Nth::Number(11), Nth::Number(20))
                    | (Nth::Number(21), Nth::Last) => {
                        let due_on = previous(self.day(*first)?);
                        Ok(vec![Window {
                            opens_on: self.opening(due_on),
                            due_on,
                            rule: "before a part of a month, so the day before it (rule 3)"
                                .to_owned(),
                        }])
                    }
                    _ => self.refuse("before a stretch of days"),
                }
            }
            Body::DaySpan(first, last) => {
                let (opens_on, due_on) = (self.day(*first)?, self.day(*last)?);
                Ok(vec![self.stretch(opens_on, due_on)?])
            }
            Body::Spans { windows, .. } => windows
                .iter()
                .map(|span| self.span_window(term.bound, span))
                .collect(),
            Body::FromTo(first, _) if begins_in_the_year_before(first) => self.refuse(FIGURES),
            Body::FromTo(first, last) => {
                let first = self.bounds(first)?;
                let last = self.bounds(last)?;
                Ok(vec![self.stretch(first.0, last.1)?])
            }
            Body::EdgeOf(edge, span) => Ok(vec![self.edge_window(term.bound, *edge, span)?]),
            _ => self.refuse("no date can be worked out"),
        }
    }

    /// First and last day of an expression, whatever its preposition.
    pub fn bounds(&self, body: &Body) -> Result<(NaiveDate, NaiveDate), NotUnderstood> {
        match body {
            Body::Days(days) if let [day] = days[..] => self.day(day).map(|day| (day, day)),
            Body::DaySpan(first, last) => Ok((self.day(*first)?, self.day(*last)?)),
            Body::Spans { windows, .. } if let [span] = &windows[..] => self.span(span),
            Body::EdgeOf(edge, span) => self.edge(*edge, span).map(|day| (day, day)),
            Body::FromTo(first, last) => Ok((self.bounds(first)?.0, self.bounds(last)?.1)),
            _ => self.refuse("no single stretch of time"),
        }
    }

    /// A window from two written ends.
    fn stretch(&self, opens_on: NaiveDate, due_on: NaiveDate) -> Result<Window, NotUnderstood> {
        if due_on < opens_on {
            return self.refuse("it ends before it begins");
        }
        let rule = format!("one window from {opens_on} to {due_on}, due on its last day (rule 3)");
        Ok(Window {
            opens_on,
            due_on,
            rule,
        })
    }

    fn day_window(&self, term: &Term, written: Day) -> Result<Window, NotUnderstood> {
        let day = self.day(written)?;
        let year = if written.year == Year::Absent {
            ", in the plan's year because no year is written"
        } else {
            ""
        };
        let (due_on, rule) = match (term.bound, term.clock, self.context.before) {
            (Bound::Before, true, _) => (
                day,
                format!("before an hour of {day}, so that day itself (rule 3){year}"),
            ),
            (Bound::Before, false, Before::Exclusive) => (
                previous(day),
                format!("before {day}, so the day before it (rule 3){year}"),
            ),
            (Bound::Before, false, Before::Inclusive) => (
                day,
                format!("before {day}, which this plan counts in (rule 3){year}"),
            ),
            _ => (day, format!("the date {day} itself (rule 3){year}")),
        };
        Ok(Window {
            opens_on: self.opening(due_on),
            due_on,
            rule,
        })
    }

    fn span_window(&self, bound: Bound, span: &Span) -> Result<Window, NotUnderstood> {
        let (first, last) = self.span(span)?;
        let name = name(span, first, last);
        if bound == Bound::Before {
            let due_on = previous(first);
            let rule = format!("before {name}, so the day before its first (rule 3)");
            return Ok(Window {
                opens_on: self.opening(due_on),
                due_on,
                rule,
            });
        }
        let opens_on = if bound == Bound::By {
            self.opening(last)
        } else {
            first
        };
        let rule = format!("{name}, due on its last day (rule 3)");
        Ok(Window {
            opens_on,
            due_on: last,
            rule,
        })
    }

    fn edge_window(&self, bound: Bound, edge: Edge, span: &Span) -> Result<Window, NotUnderstood> {
        if bound == Bound::Before {
            return self.refuse("before a part of a period, which has no date");
        }
        let due_on = self.edge(edge, span)?;
        let (first, last) = self.span(span)?;
        let part = match edge {
            Edge::Early => "beginning",
            Edge::Middle => "middle",
            Edge::Late => "end",
        };
        let rule = format!(
            "the {part} of {}, {due_on} (rule 3; Civil Code art. 146)",
            name(span, first, last)
        );
        // "Đầu tháng 5" is due on the day on which its month begins: it is a fixed date like any other.
        let opens_on = if bound == Bound::By || due_on == first {
            self.opening(due_on)
        } else {
            first
        };
        Ok(Window {
            opens_on,
            due_on,
            rule,
        })
    }

    /// A term without a start: from the first day of the plan's year or the day after the issue, but never after its end.
    pub fn opening(&self, due_on: NaiveDate) -> NaiveDate {
        self.context.opening().unwrap_or(due_on).min(due_on)
    }

    /// The year in numbers.
    pub fn year(&self, year: Year) -> i32 {
        year.number(self.context.year)
    }

    /// A day in the calendar.
    pub fn day(&self, day: Day) -> Result<NaiveDate, NotUnderstood> {
        let (first, last) = self.month(self.year(day.year), day.month)?;
        match self.nth(day.day, first, last) {
            Some(date) => Ok(date),
            None if matches!(day.day, Nth::WeekFirst(_) | Nth::WeekLast(_)) => {
                self.refuse("the weeks of that month can be counted in two ways")
            }
            None => self.refuse("that month has no such day"),
        }
    }

    /// The day of a month; `None` if the month is too short.
    pub fn nth(&self, nth: Nth, first: NaiveDate, last: NaiveDate) -> Option<NaiveDate> {
        match nth {
            Nth::Number(day) => first.with_day(day),
            Nth::First => Some(first),
            Nth::Last => Some(last),
            Nth::FirstWorking => Some(self.context.calendar.working_day_not_before(first)),
            Nth::LastWorking => Some(self.context.calendar.working_day_not_after(last)),
            Nth::Weekday { day, turn } => weekday_in(day, turn, first, last),
            Nth::WeekFirst(turn) => week_in(turn, first, last).map(|week| week.0),
            Nth::WeekLast(turn) => week_in(turn, first, last).map(|week| week.1),
        }
    }

    /// First and last day of a month.
    pub fn month(&self, year: i32, month: u32) -> Result<(NaiveDate, NaiveDate), NotUnderstood> {
        let first = NaiveDate::from_ymd_opt(year, month, 1);
        let next = if month == 12 {
            NaiveDate::from_ymd_opt(year.saturating_add(1), 1, 1)
        } else {
            NaiveDate::from_ymd_opt(year, month + 1, 1)
        };
        match (first, next) {
            (Some(first), Some(next)) => Ok((first, previous(next))),
            _ => self.refuse("there is no such month"),
        }
    }

    /// First and last day of a span.
    pub fn span(&self, span: &Span) -> Result<(NaiveDate, NaiveDate), NotUnderstood> {
        let (first, _) = self.month(self.year(span.first_year), span.first)?;
        let (_, last) = self.month(self.year(span.last_year), span.last)?;
        Ok((first, last))
    }

    /// Beginning, middle and end of a period: the 1st, 15th and last of a month, 30 June for the middle of a year
    /// (Civil Code 2015, art. 146); a quarter likewise, its middle the 15th of its second month.
    pub fn edge(&self, edge: Edge, span: &Span) -> Result<NaiveDate, NotUnderstood> {
        let (first, last) = self.span(span)?;
        Ok(match (edge, span.scale) {
            (Edge::Early, _) => first,
            (Edge::Late, _) => last,
            (Edge::Middle, Scale::Month) => first + Days::new(14),
            (Edge::Middle, Scale::Quarter) => {
                self.month(first.year(), first.month() + 1)?.0 + Days::new(14)
            }
            (Edge::Middle, Scale::Months | Scale::Year) => self.month(first.year(), 6)?.1,
        })
    }
}

/// The day before.
pub(super) fn previous(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// A period in English words.
fn name(span: &Span, first: NaiveDate, last: NaiveDate) -> String {
    const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];
    let quarter = |month: u32| {
        usize::try_from((month - 1) / 3)
            .ok()
            .and_then(|index| QUARTERS.get(index))
            .copied()
            .unwrap_or("?")
    };
    let (from, to) = (first.year(), last.year());
    match span.scale {
        Scale::Month if (first.month(), from) == (last.month(), to) => {
            format!("month {} of {from}", span.first)
        }
        Scale::Month => format!(
            "one window from month {} of {from} to month {} of {to}",
            span.first, span.last
        ),
        Scale::Quarter if span.last == span.first + 2 && from == to => {
            format!("quarter {} of {from}", quarter(span.first))
        }
        Scale::Quarter => {
            format!(
                "one window from quarter {} of {from} to quarter {} of {to}",
                quarter(span.first),
                quarter(span.last)
            )
        }
        Scale::Months => format!("months {} to {} of {from}", span.first, span.last),
        Scale::Year if from == to => format!("year {from}"),
        Scale::Year => format!("one window from {from} to {to}"),
    }
}

fn begins_in_the_year_before(body: &Body) -> bool {
    match body {
        Body::Days(days) => days.iter().any(|day| day.year == Year::Previous),
        Body::DaySpan(first, _) => first.year == Year::Previous,
        Body::Spans { windows, .. } => {
            let mut windows = windows.iter();
            windows.any(|span| span.first_year == Year::Previous)
        }
        _ => false,
    }
}
