//! When in its period a recurring duty is due: "trước ngày 20 tháng cuối quý", "(gửi trước ngày 15/6)".

use chrono::{Datelike, Days, NaiveDate};

use super::fixed::{Reader, previous};
use super::outcome::NotUnderstood;
use super::pairs::{is_each, is_years};
use super::recurring::Occurrence;
use super::term::{Body, Bound, Cycle, Edge, Nth, Place, Term};
use crate::domain::plan::Before;

/// A limit within a period: which day, and how the preposition counts it.
pub(super) struct Limit<'t> {
    pub terms: Vec<&'t Term>,
    /// Neighbouring periods of a list are one window, because no report is due for each.
    pub one_window: bool,
}

impl Limit<'_> {
    /// The cycle that the limit itself implies: "tháng cuối quý" is quarterly, "15/12 hằng năm" yearly.
    pub fn cycles(&self, reader: &Reader) -> Result<Vec<Cycle>, NotUnderstood> {
        let implied = |term: &&Term| match &term.body {
            Body::AfterEach { cycles, .. } => Some(cycles.clone()),
            Body::DayOfEach(_, Place::EachMonth | Place::NextMonth) => Some(vec![Cycle::Month]),
            // "Tháng sau" alone is that of one month, nobody knows which.
            Body::DayOfEach(_, Place::AfterReport | Place::ReportMonth)
            | Body::MonthOfEach(Place::ReportMonth | Place::NextMonth) => None,
            Body::DayOfEach(..) | Body::MonthOfEach(_) => Some(vec![Cycle::Quarter]),
            Body::EdgeOfEach {
                cycle,
                marked: true,
                ..
            } => Some(vec![*cycle]),
            Body::Days(_) | Body::DaySpan(..) | Body::Spans { .. } => Some(vec![Cycle::Year]),
            _ => None,
        };
        match self.terms.iter().map(implied).collect::<Option<Vec<_>>>() {
            Some(cycles) if !cycles.is_empty() => Ok(cycles.concat()),
            _ => reader.refuse("it is not said of which period"),
        }
    }

    /// Moves every period's due day from its end to the limit.
    pub fn apply(
        &self,
        reader: &Reader,
        periods: &mut Vec<Occurrence>,
        implied: bool,
    ) -> Result<(), NotUnderstood> {
        let Some(first) = self.terms.first() else {
            return Ok(());
        };
        let dated = |term: &&Term| {
            matches!(
                term.body,
                Body::Days(_) | Body::DaySpan(..) | Body::Spans { .. } | Body::EdgeOf(..)
            )
        };
        if self.terms.iter().all(dated) {
            return self.dates(reader, periods, implied);
        }
        if self.terms.len() > 1 {
            return reader.refuse("more than one limit for the same periods");
        }
        let template = std::mem::take(periods);
        let monthly = template
            .iter()
            .any(|occurrence| occurrence.cycle == Cycle::Month);
        for occurrence in template {
            for (due_on, words) in reader.limit(first, &occurrence, monthly)? {
                let rule = format!("{}; {words}", occurrence.rule);
                periods.push(Occurrence {
                    due_on,
                    rule,
                    ..occurrence.clone()
                });
            }
        }
        Ok(())
    }

    /// "hằng năm (trước ngày 15/12)", "6 tháng, năm (15/6 và 15/12)": one written date for each period.
    fn dates(
        &self,
        reader: &Reader,
        periods: &mut Vec<Occurrence>,
        implied: bool,
    ) -> Result<(), NotUnderstood> {
        let mut dues = Vec::new();
        for term in &self.terms {
            let body = match &term.body {
                Body::Spans { each, .. } if !(implied && self.one_window) => Body::Spans {
                    windows: each.clone(),
                    each: each.clone(),
                },
                body => body.clone(),
            };
            for window in reader.windows(&Term {
                body,
                ..(*term).clone()
            })? {
                let opens_on = matches!(term.body, Body::DaySpan(..)).then_some(window.opens_on);
                dues.push((window.due_on, window.rule, opens_on));
            }
        }
        dues.sort();
        periods.sort_by_key(|occurrence| occurrence.period_end);
        let yearly = periods.len() == 1 && periods[0].cycle == Cycle::Year;
        if yearly && dues.len() > 1 && (implied || self.terms.len() == 1) {
            let year = periods.remove(0);
            periods.extend(dues.into_iter().map(|(due_on, rule, opens_on)| Occurrence {
                due_on,
                opens_on: opens_on.unwrap_or(year.opens_on),
                period: format!("tháng {}", due_on.month()),
                rule: format!("{}; {rule}", year.rule),
                ..year.clone()
            }));
            return Ok(());
        }
        let half = dues.len() == 1
            && periods.len() == 2
            && periods
                .iter()
                .all(|occurrence| occurrence.cycle == Cycle::Half);
        if half {
            periods.remove(usize::from(dues[0].0.month() <= 8));
        }
        if periods.len() != dues.len() {
            return reader.refuse("the dates do not match the periods one by one");
        }
        for (occurrence, (due_on, rule, opens_on)) in periods.iter_mut().zip(dues) {
            let grace = match occurrence.cycle {
                Cycle::Year => 366,
                _ => 62,
            };
            let latest = occurrence.period_end + Days::new(grace);
            if due_on < occurrence.opens_on || due_on > latest {
                return reader.refuse("the date lies outside the period");
            }
            occurrence.due_on = due_on;
            occurrence.opens_on = opens_on.unwrap_or(occurrence.opens_on);
            occurrence.rule = format!("{}; {rule}", occurrence.rule);
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Where the limit puts the due day of one period.
    fn limit(
        &self,
        term: &Term,
        of: &Occurrence,
        monthly: bool,
    ) -> Result<Vec<(NaiveDate, String)>, NotUnderstood> {
        let month_after = |months: u32| {
            let index = of.period_end.month0() + months;
            let years = i32::try_from(index / 12).unwrap_or(0);
            self.month(of.period_end.year().saturating_add(years), index % 12 + 1)
        };
        let back = |months: u32| {
            of.period_end
                .month()
                .checked_sub(months)
                .filter(|month| *month > 0)
        };
        let place = |place: Place| match (place, of.cycle) {
            (Place::EachMonth | Place::EndOfReport | Place::ReportMonth, _) => month_after(0),
            (Place::NextMonth, Cycle::Month) | (Place::AfterReport, _) => month_after(1),
            (Place::NextMonth, _) => month_after(1),
            (Place::OfQuarter(nth), cycle) if cycle > Cycle::Month => match back(3 - nth) {
                Some(month) => self.month(of.period_end.year(), month),
                None => self.refuse("the month lies outside the period"),
            },
            (Place::OfNextQuarter(nth), cycle) if cycle > Cycle::Month => month_after(nth),
            _ => self.refuse("the limit does not fit the period"),
        };
        match &term.body {
            Body::DayOfEach(days, at) => {
                let (first, last) = place(*at)?;
                days.iter()
                    .map(|day| self.limited(term, *day, first, last))
                    .collect()
            }
            Body::LoneDay(days) => {
                if !monthly {
                    return self.refuse("it is not said in which month");
                }
                let (first, last) = month_after(0)?;
                days.iter()
                    .map(|day| self.limited(term, *day, first, last))
                    .collect()
            }
            Body::MonthOfEach(at) => {
                let (first, last) = place(*at)?;
                let due = if term.bound == Bound::Before {
                    previous(first)
                } else {
                    last
                };
                Ok(vec![(due, format!("in the month of {first}"))])
            }
            Body::AfterEach { n, unit, cycles }
                if term.bound <= Bound::By && (cycles.is_empty() || cycles.contains(&of.cycle)) =>
            {
                let (due, words) = self.last_day(of.period_end, *n, *unit)?;
                let rule = format!(
                    "{n} {words} after the period ends; a last day off moves to the next working day (rule 4)"
                );
                Ok(vec![(due, rule)])
            }
            Body::EdgeOfEach { edge, cycle, .. }
                if *cycle == of.cycle && term.bound != Bound::Before =>
            {
                let due = match (edge, cycle) {
                    (Edge::Early, _) => of.opens_on,
                    (Edge::Late, _) => of.period_end,
                    (Edge::Middle, Cycle::Month) => of.opens_on + Days::new(14),
                    (Edge::Middle, _) => return self.refuse("the middle of a period has no date"),
                };
                Ok(vec![(
                    due,
                    "a part of the period (Civil Code art. 146)".to_owned(),
                )])
            }
            _ => self.refuse("the limit does not fit the period"),
        }
    }

    /// A day of a month as a limit. A month too short for the day gives its last one.
    fn limited(
        &self,
        term: &Term,
        nth: Nth,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<(NaiveDate, String), NotUnderstood> {
        let strict =
            term.bound == Bound::Before && !term.clock && self.context.before == Before::Exclusive;
        let back = |day: NaiveDate| if strict { previous(day) } else { day };
        let (due, words) = match nth {
            Nth::Number(day) => {
                let wanted = if strict { day - 1 } else { day };
                match (wanted, first.with_day(wanted)) {
                    (0, _) => (
                        previous(first),
                        "before the 1st of the month, so the day before it".to_owned(),
                    ),
                    (_, Some(due)) if strict => {
                        (due, format!("before day {day}, so day {wanted} (rule 3)"))
                    }
                    (_, Some(due)) => (due, format!("day {day} of the month (rule 3)")),
                    (_, None) => (
                        last,
                        format!("day {day}, but the month is shorter: its last day (rule 3)"),
                    ),
                }
            }
            other => match self.nth(other, first, last) {
                Some(day) => (
                    back(day),
                    "a day of the month named by its place (rule 3)".to_owned(),
                ),
                None => return self.refuse("that month has no such day"),
            },
        };
        Ok((due, words))
    }
}

/// Whether the expression can be a limit.
pub(super) fn is_limit(term: &Term) -> bool {
    match &term.body {
        Body::Days(_) | Body::LoneDay(_) | Body::EdgeOf(..) | Body::DaySpan(..) => {
            term.bound != Bound::From
        }
        body @ Body::Spans { .. } => !is_years(body) && term.bound != Bound::From,
        body => is_each(body),
    }
}
