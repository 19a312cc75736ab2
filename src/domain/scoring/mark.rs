//! One obligation, as it counts in a period.

use chrono::NaiveDate;
use serde::Serialize;

use super::period::Period;
use super::rules::Rules;
use crate::domain::calendar::Calendar;
use crate::domain::digest::Account;
use crate::domain::history::{Saying, on_morning};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::{Standing, State};
use crate::domain::plan::MilestoneKind;

/// An obligation with its ledger and what the plan says of it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The obligation and its ledger.
    pub account: Account<'a>,
    /// The label of its milestone: whether it is a report is read from it.
    pub label: &'a str,
    /// Whether the files still say that it is owed: what they do not, nobody is reminded of.
    pub is_owed: bool,
}

/// How one obligation counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub obligation: ObligationId,
    /// Of which milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// Its due day, with the extensions of that time: it decides the period and what is late.
    pub due_on: NaiveDate,
    /// Its due day as the plan gave it: whether it was kept is scored too.
    pub original_due_on: NaiveDate,
    /// The day of its completion.
    pub done_on: Option<NaiveDate>,
    /// The official word.
    pub standing: Standing,
    /// Working days that it is, or was finished, late; 0 when it is not.
    pub days_late: i64,
    /// Whether anything was heard of it: a completion or a word that still holds.
    pub is_answered: bool,
    /// What was said of it last.
    pub said: Option<Saying>,
    /// What it weighs.
    pub weight: u32,
    /// Whether it is a report.
    pub is_report: bool,
}

impl Mark {
    /// Whether it scores: it is done, or its day is over.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.standing != Standing::OpenOnTime
    }

    /// Whether it was finished, or is still open, after its due day.
    #[must_use]
    pub fn is_late(&self) -> bool {
        matches!(self.standing, Standing::DoneLate | Standing::OpenLate)
    }

    /// Whether more time was given.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.due_on > self.original_due_on
    }

    /// Whether it needed no more time than the plan gave: it was not extended, or was done by the first day all the same.
    #[must_use]
    pub fn keeps_original_day(&self) -> bool {
        !self.is_extended()
            || self
                .done_on
                .is_some_and(|done| done <= self.original_due_on)
    }
}

/// Why an obligation does not count in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// "Thường xuyên": it is never due.
    Continuous,
    /// Its event has not come: it has no day yet.
    Asleep,
    /// Held by a document.
    Suspended,
    /// Ended by a document.
    Cancelled,
    /// Due before its agency joined.
    BeforeJoining,
    /// The files no longer say that it is owed, and it was not done.
    Gone,
    /// The plan's day lies in the period, an extension moved it beyond.
    MovedBeyond,
}

/// How the obligation counts in `period` on the morning of `day`; `None` when it has nothing to do with the period.
pub(super) fn mark(
    case: &Case<'_>,
    rules: &Rules,
    period: &Period,
    day: NaiveDate,
    calendar: &Calendar,
) -> Option<Result<Mark, LeftOut>> {
    let Account {
        obligation,
        entries,
    } = case.account;
    let standing = on_morning(obligation, entries, day);
    let original = obligation.original_due_on.or(standing.due_on);
    let (Some(due_on), Some(original_due_on)) = (standing.due_on, original) else {
        let why = match obligation.kind {
            MilestoneKind::Continuous => LeftOut::Continuous,
            MilestoneKind::Due | MilestoneKind::Event => LeftOut::Asleep,
        };
        return Some(Err(why));
    };
    if !period.holds(due_on) {
        let is_moved = period.holds(original_due_on) && due_on > period.to;
        return is_moved.then_some(Err(LeftOut::MovedBeyond));
    }
    let stood = standing.stood;
    let why_not = match stood.state {
        State::Asleep => Some(LeftOut::Asleep),
        State::Suspended => Some(LeftOut::Suspended),
        State::Cancelled => Some(LeftOut::Cancelled),
        State::Open if !case.is_owed => Some(LeftOut::Gone),
        State::Open | State::Done => {
            (!rules.answers_for(&obligation.agency, due_on)).then_some(LeftOut::BeforeJoining)
        }
    };
    if let Some(why) = why_not {
        return Some(Err(why));
    }
    // A completion whose day nobody gave counts from the day before: it was in the ledger that morning.
    let done_on = (stood.state == State::Done)
        .then(|| stood.done_on.or_else(|| day.pred_opt()))
        .flatten();
    let word = match done_on {
        Some(done) if done <= due_on => Standing::DoneOnTime,
        Some(_) => Standing::DoneLate,
        None if day <= due_on => Standing::OpenOnTime,
        None => Standing::OpenLate,
    };
    let until = done_on.unwrap_or(day);
    let days_late = match word {
        Standing::DoneLate | Standing::OpenLate => {
            calendar.working_days_between(due_on, until).max(1)
        }
        Standing::DoneOnTime | Standing::OpenOnTime => 0,
    };
    let is_report = rules.is_report(case.label);
    Some(Ok(Mark {
        obligation: obligation.id,
        milestone: obligation.milestone.clone(),
        agency: obligation.agency.clone(),
        due_on,
        original_due_on,
        done_on,
        standing: word,
        days_late,
        is_answered: done_on.is_some() || standing.said.is_some(),
        said: standing.said,
        weight: rules.weight(&obligation.plan, &obligation.milestone.task, is_report),
        is_report,
    }))
}
