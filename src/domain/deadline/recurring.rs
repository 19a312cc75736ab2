//! Expressions that come round -> one occurrence per period of the plan's year.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use super::exceptions::{chooses, is_frame, limits};
use super::fixed::{Reader, previous};
use super::limits::Limit;
use super::outcome::NotUnderstood;
use super::pairs::{is_each, is_years};
use super::periods::cycles_of_list;
use super::term::{Body, Bound, Cycle, Place, Term, Year};
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

/// What "6 tháng" without a word of recurrence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoneHalf {
    /// "sơ kết 6 tháng": the first.
    Reviewed,
    /// "báo cáo 6 tháng, báo cáo năm": both, of which the year's report replaces the second.
    Beside,
    /// Nobody knows.
    Unclear,
}

/// The occurrences of a clause, dates ascending. A longer period replaces the shorter that ends with it (rule 7).
/// Six months with nothing else are the first half-year where it is reviewed, both where other periods stand beside them.
pub(super) fn occurrences(
    reader: &Reader,
    terms: &[Term],
    lone: LoneHalf,
    one_window: bool,
) -> Result<Vec<Occurrence>, NotUnderstood> {
    let apart = terms
        .iter()
        .position(|term| matches!(term.body, Body::Apart(_)))
        .unwrap_or(terms.len());
    let (terms, apart) = terms.split_at(apart);
    let limit = Limit {
        terms: limits(terms),
        one_window,
    };
    if let Some(Body::Weekdays(days)) = limit
        .terms
        .iter()
        .map(|term| &term.body)
        .find(|body| matches!(body, Body::Weekdays(_)))
    {
        let mut weeks = reader.weekly(days, &limit)?;
        reader.frame(terms, &mut weeks)?;
        return Ok(weeks);
    }
    let named: Vec<Cycle> = terms
        .iter()
        .flat_map(|term| {
            if chooses(terms, term) {
                cycles_of_list(&term.body)
            } else {
                cycles_of(&term.body)
            }
        })
        .filter(|cycle| *cycle != Cycle::Stage)
        .collect();
    let monthly = |term: &Term| matches!(term.body, Body::DayOfEach(_, Place::EachMonth));
    let leads = terms.first().is_some_and(monthly);
    if terms.iter().any(monthly) && !named.is_empty() && !named.contains(&Cycle::Month) && !leads {
        return reader.refuse("the limit does not fit the period");
    }
    let marked = terms
        .iter()
        .any(|term| matches!(term.body, Body::Cycles { marked: true, .. }));
    let cycles = if named.is_empty() {
        limit.cycles(reader)?
    } else {
        named.clone()
    };
    let lone_half =
        !marked && matches!(named[..], [Cycle::Half | Cycle::Nine]) && limit.terms.is_empty();
    if lone_half && lone == LoneHalf::Unclear {
        return reader.refuse("so many months may be a term or a period");
    }
    let mut periods: Vec<Occurrence> = Vec::new();
    for cycle in cycles
        .into_iter()
        .chain(leads.then_some(Cycle::Month))
        .collect::<BTreeSet<_>>()
    {
        periods.extend(reader.periods(cycle)?);
    }
    if lone_half && lone == LoneHalf::Reviewed {
        periods.truncate(1);
    }
    reader.choose(terms, &mut periods)?;
    replace_shorter(&mut periods);
    reader.frame(terms, &mut periods)?;
    let mut singled = reader.set_apart(apart, &mut periods)?;
    if !periods.is_empty() {
        limit.apply(reader, &mut periods, named.is_empty())?;
    }
    periods.append(&mut singled);
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
}

fn cycles_of(body: &Body) -> Vec<Cycle> {
    match body {
        Body::Cycles { cycles, .. } => cycles.clone(),
        _ => Vec::new(),
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
            let framed = is_frame(terms, term);
            if framed || term.bound == Bound::From || (is_years(&term.body) && !is_each(&term.body))
            {
                let (first, last) = self.bounds(&term.body)?;
                let last = if term.bound == Bound::From {
                    NaiveDate::MAX
                } else {
                    last
                };
                periods.retain(|occurrence| {
                    let ends = match occurrence.cycle {
                        Cycle::Week => occurrence.due_on,
                        _ => occurrence.opens_on,
                    };
                    occurrence.period_end >= first && ends <= last
                });
            }
        }
        if periods.is_empty() {
            return self.refuse("no period lies in the plan's year");
        }
        Ok(())
    }

    /// All such weekdays of the plan's year.
    fn weekly(&self, days: &[u32], limit: &Limit) -> Result<Vec<Occurrence>, NotUnderstood> {
        let strict = limit
            .terms
            .iter()
            .any(|term| term.bound == Bound::Before && !term.clock)
            && self.context.before == Before::Exclusive;
        let (start, end) = (
            self.month(self.context.year, 1)?.0,
            self.month(self.context.year, 12)?.1,
        );
        if limit.terms.len() != 1 {
            return self.refuse("more than one limit for the same weeks");
        }
        let wanted = start
            .iter_days()
            .take_while(|at| *at <= end)
            .filter(|at| days.contains(&at.weekday().number_from_monday()));
        Ok(wanted
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
    let chosen = terms
        .iter()
        .any(|term| matches!(term.body, Body::Except(_) | Body::Apart(_)));
    let marked = terms
        .iter()
        .any(|term| matches!(term.body, Body::Cycles { marked: true, .. }));
    let cycles = terms
        .iter()
        .any(|term| matches!(term.body, Body::Cycles { .. }));
    let each = terms.iter().any(|term| is_each(&term.body));
    marked || each || chosen || (cycles && !settled)
}
