//! A counted term -> its last day (DESIGN rule 4).

use chrono::{Days, Months};

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
            Anchor::Day(day) => Some(reader.day(day)?),
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
        let calendar = self.context.calendar;
        let (due_on, words) = match unit {
            Unit::Day => (calendar.term_of_days(from, n), "days"),
            Unit::Week => (calendar.term_of_days(from, n.saturating_mul(7)), "weeks"),
            Unit::WorkingDay => (calendar.working_days_after(from, n), "working days"),
            Unit::Month | Unit::Year => {
                let months = if unit == Unit::Year {
                    n.saturating_mul(12)
                } else {
                    n
                };
                let Some(last) = from.checked_add_months(Months::new(months)) else {
                    return reader.refuse("too long a term");
                };
                (
                    calendar.working_day_not_before(last),
                    if unit == Unit::Year {
                        "years"
                    } else {
                        "months"
                    },
                )
            }
        };
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
}
