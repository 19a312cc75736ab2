//! On what a rung falls, reckoned backwards: from a day to the dates of the obligations on which it falls that day.
//!
//! This is how the auditor knows what had to be told, and the rule it guards is that nothing which fell due is lost. It must
//! not know how the planner finds that out: of the [`Ladder`] it reads what the file says, and of the [`Calendar`] only
//! whether a day is worked. An error there, or a day of the next rung that was set wrongly, is then no error here.

use chrono::{Datelike, Days, NaiveDate};

use super::calendar::Calendar;
use super::ids::RungId;
use super::ladder::{Audience, DayUnit, Ladder, When};
use super::obligation::{Obligation, State};
use super::plan::MilestoneKind;

/// How far a working day may lie: no calendar closes the offices for longer.
const FARTHEST: usize = 366;

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

impl Span {
    fn has(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }
}

/// A rung on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Falling<'a> {
    /// Which.
    pub rung: &'a RungId,
    /// Who hears of it.
    pub tell: &'a [Audience],
    /// The day.
    pub on: NaiveDate,
    counts: Counts,
}

/// From which dates a rung counts to its day.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Counts {
    /// The window opens on one of these days.
    Opening(Span),
    /// One of these is the last working day that complies. On the day itself it stands however late the window opens.
    Reminder { act_by: Span, itself: bool },
    /// The due day is among these.
    Lateness(Vec<Span>),
    /// Continuous work whose window opened on one of these days.
    Status(Span),
    /// It was due before, and began to be followed on one of these days.
    Start(Vec<NaiveDate>),
}

/// The rungs of `ladder` that fall on `day`, a working day, of obligations that were due on `earliest` or later.
#[must_use]
pub fn falling<'a>(
    ladder: &'a Ladder,
    day: NaiveDate,
    earliest: NaiveDate,
    calendar: &Calendar,
) -> Vec<Falling<'a>> {
    let rungs = ladder.rungs.iter().filter_map(|rung| {
        Some(Falling {
            rung: &rung.id,
            tell: &rung.tell,
            on: day,
            counts: counts(rung.when, day, earliest, calendar)?,
        })
    });
    let status = is_status_day(day, ladder.status.before, calendar).then(|| Falling {
        rung: &ladder.status.id,
        tell: &ladder.status.tell,
        on: day,
        counts: Counts::Status(Span {
            first: NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day),
            last: day,
        }),
    });
    let start = Falling {
        rung: &ladder.start.id,
        tell: &ladder.start.tell,
        on: day,
        counts: Counts::Start(starts(day, ladder.start.every, earliest, calendar)),
    };
    rungs.chain(status).chain([start]).collect()
}

/// The first days, after `earliest`, from which `day` is so many working days away as one is asked again after.
fn starts(day: NaiveDate, every: u32, earliest: NaiveDate, calendar: &Calendar) -> Vec<NaiveDate> {
    let before = |from: &NaiveDate| worked_before(*from, every.max(1), calendar);
    let days = std::iter::successors(Some(day), before);
    days.take_while(|day| *day > earliest).collect()
}

fn counts(when: When, day: NaiveDate, earliest: NaiveDate, calendar: &Calendar) -> Option<Counts> {
    Some(match when {
        When::Opens => Counts::Opening(Span {
            first: worked_before(day, 1, calendar)?.succ_opt()?,
            last: day,
        }),
        When::Before { days: 0, .. } => Counts::Reminder {
            act_by: Span {
                first: day,
                last: day,
            },
            itself: true,
        },
        When::Before {
            days,
            unit: DayUnit::Working,
        } => {
            let act_by = worked_after(day, days, calendar)?;
            Counts::Reminder {
                act_by: Span {
                    first: act_by,
                    last: act_by,
                },
                itself: false,
            }
        }
        When::Before {
            days,
            unit: DayUnit::Calendar,
        } => Counts::Reminder {
            act_by: Span {
                first: day.checked_add_days(Days::new(u64::from(days)))?,
                last: until_worked(day, calendar)?.checked_add_days(Days::new(u64::from(days)))?,
            },
            itself: false,
        },
        When::Late { days, every } => {
            Counts::Lateness(lateness(day, days, every, earliest, calendar))
        }
    })
}

/// The due days of which `day` is the `days`-th working day after, or one of the repetitions.
fn lateness(
    day: NaiveDate,
    days: u32,
    every: Option<u32>,
    earliest: NaiveDate,
    calendar: &Calendar,
) -> Vec<Span> {
    let mut spans = Vec::new();
    let (mut from, mut steps) = (day, days);
    while let Some(first) = worked_before(from, steps, calendar) {
        let Some(last) = until_worked(first, calendar) else {
            break;
        };
        spans.push(Span { first, last });
        match every {
            Some(every) if every > 0 && first > earliest => (from, steps) = (first, every),
            _ => break,
        }
    }
    spans
}

/// Whether on `day` the status of the quarter is asked: so many working days before its last one.
fn is_status_day(day: NaiveDate, before: u32, calendar: &Calendar) -> bool {
    let month = day.month0() / 3 * 3 + 3;
    let next = match month {
        12 => NaiveDate::from_ymd_opt(day.year() + 1, 1, 1),
        month => NaiveDate::from_ymd_opt(day.year(), month + 1, 1),
    };
    let last = next.and_then(|next| worked_before(next, 1, calendar));
    let asked = last.and_then(|last| worked_before(last, before, calendar));
    asked == Some(day)
}

/// The `count`-th working day after `day`.
fn worked_after(day: NaiveDate, count: u32, calendar: &Calendar) -> Option<NaiveDate> {
    (0..count).try_fold(day, |day, _| {
        let mut later = day.iter_days().skip(1).take(FARTHEST);
        later.find(|day| calendar.is_working_day(*day))
    })
}

/// The `count`-th working day before `day`.
fn worked_before(day: NaiveDate, count: u32, calendar: &Calendar) -> Option<NaiveDate> {
    (0..count).try_fold(day, |day, _| {
        let mut earlier = day.iter_days().rev().skip(1).take(FARTHEST);
        earlier.find(|day| calendar.is_working_day(*day))
    })
}

/// The last day before the working day that follows `day`.
fn until_worked(day: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    worked_after(day, 1, calendar)?.pred_opt()
}

impl Falling<'_> {
    /// The days on which a window opens of what this may fall on.
    #[must_use]
    pub fn opening(&self) -> Option<Span> {
        match self.counts {
            Counts::Opening(span) | Counts::Status(span) => Some(span),
            Counts::Reminder { .. } | Counts::Lateness(_) | Counts::Start(_) => None,
        }
    }

    /// The due days of what this may fall on.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Vec<Span> {
        match &self.counts {
            Counts::Opening(_) | Counts::Status(_) | Counts::Start(_) => Vec::new(),
            // Between the last day that is worked and the due day no other is.
            Counts::Reminder { act_by, .. } => until_worked(act_by.last, calendar)
                .map(|last| Span { last, ..*act_by })
                .into_iter()
                .collect(),
            Counts::Lateness(spans) => spans.clone(),
        }
    }

    /// Whether it falls on this obligation.
    #[must_use]
    pub fn falls_on(&self, one: &Obligation, calendar: &Calendar) -> bool {
        let is_continuous = one.kind == MilestoneKind::Continuous;
        if one.state != State::Open || is_continuous != matches!(self.counts, Counts::Status(_)) {
            return false;
        }
        if let Counts::Status(opened) = self.counts {
            return one.opens_on.is_some_and(|day| opened.has(day));
        }
        let Some(due_on) = one.due_on else {
            return false;
        };
        // Of what was due before, only the days of grace count: on which it is asked, and from whose end it is late.
        if let Some(watch) = one.due_before() {
            return match &self.counts {
                Counts::Start(starts) => {
                    self.on <= watch.settle_by && starts.contains(&watch.since)
                }
                Counts::Lateness(spans) => spans.iter().any(|span| span.has(watch.settle_by)),
                Counts::Opening(_) | Counts::Reminder { .. } | Counts::Status(_) => false,
            };
        }
        let last = || worked_before(due_on.succ_opt().unwrap_or(due_on), 1, calendar);
        let Some(by) = one.act_by.or_else(last) else {
            return false;
        };
        match &self.counts {
            Counts::Opening(opens) => {
                self.on <= by && one.opens_on.is_some_and(|day| opens.has(day))
            }
            Counts::Reminder { act_by, itself } => {
                let is_open = one.opens_on.is_none_or(|day| day <= self.on);
                act_by.has(by) && (*itself || is_open)
            }
            Counts::Lateness(spans) => spans.iter().any(|span| span.has(due_on)),
            Counts::Status(_) | Counts::Start(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
