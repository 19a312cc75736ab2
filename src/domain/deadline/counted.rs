//! A counted term -> its last day (DESIGN rule 4).

use chrono::{Days, Months, NaiveDate};

use super::fixed::Reader;
use super::outcome::{Draft, NotUnderstood};
use super::sentence::Sentence;
use super::term::{Anchor, Body, Bound, Term, Unit};
use crate::domain::plan::MilestoneKind;

impl Sentence<'_> {
    /// A counted term (rule 4), or the event it waits for.
    pub fn counted(&self, term: &Term, follows_issue: bool) -> Result<Draft, NotUnderstood> {
        let reader = self.reader();
        let Body::Count {
            n,
            unit,
            anchor,
            after,
        } = term.body
        else {
            return reader.refuse("not a counted term");
        };
        let from = match anchor {
            Anchor::Issue { year, bare }
                if year.is_none_or(|year| year == self.context.year)
                    && !(bare && follows_issue) =>
            {
                self.context.issued_on
            }
            Anchor::Day(day) | Anchor::BackFrom(day) => Some(reader.day(day)?),
            Anchor::EndOf(span) => Some(reader.span(&span)?.1),
            _ => None,
        };
        let Some(from) = from.filter(|_| term.bound <= Bound::After) else {
            return Ok(self.dateless(
                MilestoneKind::Event,
                None,
                "counts from an event that has no date yet (rules 4 and 9)",
            ));
        };
        if after || term.bound == Bound::From {
            return reader.refuse("after so many days there is no last day");
        }
        if matches!(anchor, Anchor::BackFrom(_)) {
            return self.counted_back(from, n, unit);
        }
        let (due_on, words) = reader.last_day(from, n, unit)?;
        let opens_on = from
            .checked_add_days(Days::new(1))
            .map(|day| day.min(due_on));
        let rule = format!(
            "{n} {words} counted from {from}, that day not counted; a last day off moves to the next working day (rule 4)"
        );
        let label = self
            .clause
            .label(self.text, self.tokens, self.clause.first_term());
        Ok(Draft {
            kind: MilestoneKind::Due,
            label,
            written: self.written(),
            opens_on,
            due_on: Some(due_on),
            rule,
        })
    }
    /// "chậm nhất 10 ngày trước ngày 23/5": a limit before a day that is written.
    fn counted_back(&self, from: NaiveDate, n: u32, unit: Unit) -> Result<Draft, NotUnderstood> {
        let reader = self.reader();
        let calendar = self.context.calendar;
        let due_on = match unit {
            Unit::Day => from.checked_sub_days(Days::new(u64::from(n))),
            Unit::Week => from.checked_sub_days(Days::new(7 * u64::from(n))),
            Unit::WorkingDay => Some(calendar.working_days_before(from, n)),
            Unit::Month => from.checked_sub_months(Months::new(n)),
            Unit::Hour | Unit::Year => None,
        };
        let Some(due_on) = due_on else {
            return reader.refuse("such a term before a day has no date");
        };
        Ok(Draft {
            kind: MilestoneKind::Due,
            label: self
                .clause
                .label(self.text, self.tokens, self.clause.first_term()),
            written: self.written(),
            opens_on: Some(reader.opening(due_on)),
            due_on: Some(due_on),
            rule: format!("{n} {} before {from}, counted back (rule 4)", words(unit)),
        })
    }
}

impl Reader<'_> {
    /// The last day of a term and the name of its unit: the first day is not counted, and a last day off moves on.
    pub fn last_day(
        &self,
        from: NaiveDate,
        n: u32,
        unit: Unit,
    ) -> Result<(NaiveDate, &'static str), NotUnderstood> {
        let calendar = self.context.calendar;
        let months = match unit {
            Unit::Year => n.saturating_mul(12),
            _ => n,
        };
        let due_on = match unit {
            Unit::Day => calendar.term_of_days(from, n),
            Unit::Week => calendar.term_of_days(from, n.saturating_mul(7)),
            Unit::WorkingDay => calendar.working_days_after(from, n),
            Unit::Month | Unit::Year => match from.checked_add_months(Months::new(months)) {
                Some(last) => calendar.working_day_not_before(last),
                None => return self.refuse("too long a term"),
            },
            Unit::Hour => return self.refuse("hours count from a moment, not from a day"),
        };
        Ok((due_on, words(unit)))
    }
}

/// A unit in English.
fn words(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "days",
        Unit::Hour => "hours",
        Unit::WorkingDay => "working days",
        Unit::Week => "weeks",
        Unit::Month => "months",
        Unit::Year => "years",
    }
}
