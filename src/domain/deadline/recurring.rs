//! Expressions that come round -> one occurrence per period of the plan's year.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::fixed::{Reader, previous};
use super::outcome::NotUnderstood;
use super::pairs::{is_each, is_years};
use super::term::{Body, Bound, Cycle, Edge, Nth, Place, Term, Year};
use crate::domain::plan::Before;

/// One period of a recurring duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub cycle: Cycle,
    /// First day of the period.
    pub opens_on: NaiveDate,
    /// Last day of the period: what a longer period that ends with it replaces.
    pub period_end: NaiveDate,
    /// Last compliant day.
    pub due_on: NaiveDate,
    /// The period in the words of a label: "quý III".
    pub period: String,
    pub rule: String,
}

/// A limit within a period: which day, and how the preposition counts it.
struct Limit<'t> {
    terms: Vec<&'t Term>,
}

/// The occurrences of a clause, dates ascending. A longer period replaces the shorter that ends with it (rule 7).
pub(super) fn occurrences(
    reader: &Reader,
    terms: &[Term],
) -> Result<Vec<Occurrence>, NotUnderstood> {
    let limit = Limit {
        terms: terms.iter().filter(|term| is_limit(term)).collect(),
    };
    if let Some(Body::Weekday(day)) = limit
        .terms
        .iter()
        .map(|term| &term.body)
        .find(|body| matches!(body, Body::Weekday(_)))
    {
        return reader.weekly(*day, &limit);
    }
    let named: Vec<Cycle> = terms
        .iter()
        .flat_map(|term| cycles_of(&term.body))
        .filter(|cycle| *cycle != Cycle::Stage)
        .collect();
    let marked = terms
        .iter()
        .any(|term| matches!(term.body, Body::Cycles { marked: true, .. }));
    let cycles = if named.is_empty() {
        limit.cycles(reader)?
    } else {
        named.clone()
    };
    let lone_half = !marked && named[..] == [Cycle::Half] && limit.terms.is_empty();
    if lone_half {
        return reader.refuse("six months may be a term or a period");
    }
    let mut periods: Vec<Occurrence> = Vec::new();
    for cycle in cycles {
        periods.extend(reader.periods(cycle)?);
    }
    replace_shorter(&mut periods);
    reader.frame(terms, &mut periods)?;
    limit.apply(reader, &mut periods, named.is_empty())?;
    periods.sort_by_key(|occurrence| (occurrence.due_on, occurrence.period_end));
    Ok(periods)
}

/// Removes every period that ends on the same day as a longer one.
pub(super) fn replace_shorter(periods: &mut Vec<Occurrence>) {
    let kept = periods.clone();
    periods.retain(|own| {
        !kept
            .iter()
            .any(|other| other.period_end == own.period_end && other.cycle > own.cycle)
    });
    periods.dedup_by(|a, b| a.cycle == b.cycle && a.period_end == b.period_end);
}

fn cycles_of(body: &Body) -> Vec<Cycle> {
    match body {
        Body::Cycles { cycles, .. } => cycles.clone(),
        _ => Vec::new(),
    }
}

fn is_limit(term: &Term) -> bool {
    match &term.body {
        Body::Days(_) | Body::LoneDay(_) | Body::EdgeOf(..) => term.bound != Bound::From,
        body @ Body::Spans { .. } => !is_years(body) && term.bound != Bound::From,
        body => is_each(body),
    }
}

impl Limit<'_> {
    /// The cycle that the limit itself implies: "tháng cuối quý" is quarterly, "15/12 hằng năm" yearly.
    fn cycles(&self, reader: &Reader) -> Result<Vec<Cycle>, NotUnderstood> {
        let implied = |term: &&Term| match &term.body {
            Body::DayOfEach(_, Place::EachMonth | Place::NextMonth)
            | Body::MonthOfEach(Place::NextMonth) => Some(Cycle::Month),
            Body::DayOfEach(..) | Body::MonthOfEach(_) => Some(Cycle::Quarter),
            Body::EdgeOfEach {
                cycle,
                marked: true,
                ..
            } => Some(*cycle),
            Body::Days(_) | Body::Spans { .. } => Some(Cycle::Year),
            _ => None,
        };
        match self.terms.iter().map(implied).collect::<Option<Vec<_>>>() {
            Some(cycles) if !cycles.is_empty() => Ok(cycles),
            _ => reader.refuse("it is not said of which period"),
        }
    }

    /// Moves every period's due day from its end to the limit.
    fn apply(
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
                Body::Days(_) | Body::Spans { .. } | Body::EdgeOf(..)
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
                Body::Spans { each, .. } => Body::Spans {
                    windows: each.clone(),
                    each: each.clone(),
                },
                body => body.clone(),
            };
            for window in reader.windows(&Term {
                body,
                ..(*term).clone()
            })? {
                dues.push((window.due_on, window.rule));
            }
        }
        dues.sort();
        periods.sort_by_key(|occurrence| occurrence.period_end);
        let yearly = periods.len() == 1 && periods[0].cycle == Cycle::Year;
        if yearly && dues.len() > 1 && (implied || self.terms.len() == 1) {
            let year = periods.remove(0);
            periods.extend(dues.into_iter().map(|(due_on, rule)| Occurrence {
                due_on,
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
        for (occurrence, (due_on, rule)) in periods.iter_mut().zip(dues) {
            let latest = occurrence.period_end + Days::new(62);
            if due_on < occurrence.opens_on || due_on > latest {
                return reader.refuse("the date lies outside the period");
            }
            occurrence.due_on = due_on;
            occurrence.rule = format!("{}; {rule}", occurrence.rule);
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// The periods of a cycle in the plan's year, due on their last days.
    fn periods(&self, cycle: Cycle) -> Result<Vec<Occurrence>, NotUnderstood> {
        const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];
        let year = self.context.year;
        let spans: Vec<(u32, u32, String)> = match cycle {
            Cycle::Month => (1..=12)
                .map(|month| (month, month, format!("tháng {month}")))
                .collect(),
            Cycle::Quarter => (1..)
                .step_by(3)
                .zip(QUARTERS)
                .map(|(first, name)| (first, first + 2, format!("quý {name}")))
                .collect(),
            Cycle::Half => vec![
                (1, 6, "6 tháng".to_owned()),
                (7, 12, "6 tháng cuối năm".to_owned()),
            ],
            Cycle::Nine => vec![(1, 9, "9 tháng".to_owned())],
            Cycle::Year => vec![(1, 12, "năm".to_owned())],
            Cycle::Week | Cycle::Stage => return self.refuse("a period that is not defined"),
        };
        let words = match cycle {
            Cycle::Month => "each month",
            Cycle::Quarter => "each quarter",
            Cycle::Half => "each half-year",
            Cycle::Nine => "the first nine months",
            _ => "each year",
        };
        spans
            .into_iter()
            .map(|(first, last, period)| {
                let (opens_on, _) = self.month(year, first)?;
                let (_, period_end) = self.month(year, last)?;
                let rule = format!("{words}, due on its last day, {period_end} (rules 3 and 7)");
                Ok(Occurrence {
                    cycle,
                    opens_on,
                    period_end,
                    due_on: period_end,
                    period,
                    rule,
                })
            })
            .collect()
    }

    /// "hằng quý năm 2020", "hằng năm, giai đoạn 2021-2025", "từ năm 2021 hằng quý": only the periods inside.
    fn frame(&self, terms: &[Term], periods: &mut Vec<Occurrence>) -> Result<(), NotUnderstood> {
        for term in terms {
            if term.bound == Bound::From || (is_years(&term.body) && !is_each(&term.body)) {
                let (first, last) = self.bounds(&term.body)?;
                let last = if term.bound == Bound::From {
                    NaiveDate::MAX
                } else {
                    last
                };
                periods.retain(|occurrence| {
                    occurrence.period_end >= first && occurrence.opens_on <= last
                });
            }
        }
        if periods.is_empty() {
            return self.refuse("no period lies in the plan's year");
        }
        Ok(())
    }

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
            (Place::EachMonth, Cycle::Month) | (Place::EndOfReport, _) => month_after(0),
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

    /// Every such weekday of the plan's year.
    fn weekly(&self, day: u32, limit: &Limit) -> Result<Vec<Occurrence>, NotUnderstood> {
        let strict = limit
            .terms
            .iter()
            .any(|term| term.bound == Bound::Before && !term.clock)
            && self.context.before == Before::Exclusive;
        let (start, end) = (
            self.month(self.context.year, 1)?.0,
            self.month(self.context.year, 12)?.1,
        );
        let wanted = u8::try_from(day.saturating_sub(1))
            .ok()
            .and_then(|day| Weekday::try_from(day).ok());
        if limit.terms.len() != 1 {
            return self.refuse("more than one limit for the same weeks");
        }
        let days = start
            .iter_days()
            .take_while(|at| *at <= end)
            .filter(|at| Some(at.weekday()) == wanted);
        Ok(days
            .map(|at| Occurrence {
                cycle: Cycle::Week,
                opens_on: at - Days::new(u64::from(at.weekday().num_days_from_monday())),
                period_end: at,
                due_on: if strict { previous(at) } else { at },
                period: format!("tuần {}", at.iso_week().week()),
                rule: format!("every week, by the weekday named, {at} (rules 3 and 7)"),
            })
            .collect())
    }
}

/// Whether a clause of these expressions recurs.
pub(super) fn recurs(terms: &[Term]) -> bool {
    let settled = terms.iter().any(|term| match &term.body {
        Body::Days(days) => days.iter().any(|day| matches!(day.year, Year::Number(_))),
        Body::Spans { .. } => !is_years(&term.body) && !is_each(&term.body),
        Body::DaySpan(..) | Body::FromTo(..) => true,
        _ => false,
    });
    let marked = terms
        .iter()
        .any(|term| matches!(term.body, Body::Cycles { marked: true, .. }));
    let cycles = terms
        .iter()
        .any(|term| matches!(term.body, Body::Cycles { .. }));
    let each = terms.iter().any(|term| is_each(&term.body));
    marked || each || (cycles && !settled)
}
