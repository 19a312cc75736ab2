//! One obligation, as it counts in a period.

use chrono::NaiveDate;
use serde::Serialize;

use super::rules::Rules;
use crate::domain::calendar::Calendar;
use crate::domain::digest::Account;
use crate::domain::history::{Saying, Standing as Stands, Uncounted, at_end_of, plan_day_of};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::{Pending, Standing, State};
use crate::domain::period::Period;

/// An obligation with its ledger and what the plan says of it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The obligation and its ledger.
    pub account: Account<'a>,
    /// The label of its milestone: whether it is a report is read from it.
    pub label: &'a str,
    /// Whether the files still say that it is owed: what they do not, nobody is reminded of.
    pub is_owed: bool,
    /// Whether any message told its agency of it.
    pub is_told: bool,
}

/// What became of the day that the plan itself gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanDay {
    /// It was done by then.
    Kept,
    /// It was not, and an extension does not change that.
    Missed,
    /// That day is still to come, or the decision on a claim to have kept it is, or what became of it is asked still.
    Ahead,
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
    /// Its due day as the plan first gave it.
    pub original_due_on: NaiveDate,
    /// Its due day as the plan gives it, with the documents that have amended the plan and without extensions: whether
    /// it was kept is scored too.
    pub plan_due_on: NaiveDate,
    /// Whether it was.
    pub plan_day: PlanDay,
    /// The day of its completion.
    pub done_on: Option<NaiveDate>,
    /// The official word.
    pub standing: Standing,
    /// Working days that it is, or was finished, late; 0 when it is not.
    pub days_late: i64,
    /// Of what is late and was due before anybody was reminded here: the last day of grace, from which its days are counted.
    pub asked_by: Option<NaiveDate>,
    /// Whether anything was heard of it that holds: a completion or a word.
    pub is_answered: bool,
    /// Whether nothing was, and no message told its agency of it: that is no silence.
    pub is_untold: bool,
    /// What was said of it last.
    pub said: Option<Saying>,
    /// What waits for a decision still, and the day of that.
    pub undecided: Option<(Pending, Option<NaiveDate>)>,
    /// What it weighs.
    pub weight: u32,
    /// Whether it is a report.
    pub is_report: bool,
}

impl Mark {
    /// Whether it scores: it is done, or its day is over, no decision on it is wanting, and it was not over before anybody was
    /// reminded here and is asked about still.
    #[must_use]
    pub fn counts(&self) -> bool {
        !matches!(
            self.standing,
            Standing::OpenOnTime | Standing::Waiting | Standing::Unclear
        )
    }

    /// Whether it was finished, or is still open, after its due day.
    #[must_use]
    pub fn is_late(&self) -> bool {
        matches!(self.standing, Standing::DoneLate | Standing::OpenLate)
    }

    /// Whether more time was given.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.due_on > self.plan_due_on
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
    /// Given to another agency by a document.
    Transferred,
    /// Due before its agency joined, took it over, or was given it.
    BeforeJoining,
    /// The files no longer say that it is owed, and it was not done.
    Gone,
    /// The plan's first day lies in the period; an extension or a document moved it beyond.
    MovedBeyond,
}

impl From<Uncounted> for LeftOut {
    fn from(why: Uncounted) -> Self {
        match why {
            Uncounted::Gone => Self::Gone,
            Uncounted::Suspended => Self::Suspended,
            Uncounted::Cancelled => Self::Cancelled,
            Uncounted::Transferred | Uncounted::Ungiven | Uncounted::Ahead => Self::Transferred,
            Uncounted::Continuous => Self::Continuous,
            Uncounted::Asleep => Self::Asleep,
        }
    }
}

/// How the obligation counts in `period` at the end of `day`; `None` when it has nothing to do with the period.
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
    let mut standing = at_end_of(obligation, entries, day);
    // A completion whose day nobody gave counts from the day of the count: it was in the ledger by then.
    if standing.stood.state == State::Done {
        standing.stood.done_on = standing.stood.done_on.or(Some(day));
    }
    let uncounted = standing.uncounted(obligation.kind, case.is_owed);
    if uncounted.is_some_and(Uncounted::is_nowhere) {
        return None;
    }
    let is_asleep = standing.stood.state == State::Asleep;
    let Some(due_on) = standing.due_on.filter(|_| !is_asleep) else {
        return uncounted.map(|why| Err(why.into()));
    };
    let original_due_on = obligation.original_due_on.unwrap_or(due_on);
    if !period.holds(due_on) {
        let is_moved = period.holds(original_due_on) && due_on > period.to;
        return is_moved.then_some(Err(LeftOut::MovedBeyond));
    }
    let uncounted = uncounted.map(LeftOut::from);
    if let Some(why) = uncounted.or_else(|| came_after(case, rules, due_on, day)) {
        return Some(Err(why));
    }
    let word = standing.word(day)?;
    let plan_due_on = plan_day_of(original_due_on, entries, day);
    let is_report = rules.is_report(case.label);
    Some(Ok(Mark {
        obligation: obligation.id,
        milestone: obligation.milestone.clone(),
        agency: obligation.agency.clone(),
        due_on,
        original_due_on,
        plan_due_on,
        plan_day: plan_day(&standing, plan_due_on, day),
        done_on: standing.stood.done_on,
        standing: word,
        days_late: standing.days_late(day, calendar),
        asked_by: standing.asked_by(day),
        is_answered: standing.is_answered() && !standing.only_takes_back(),
        is_untold: standing.is_silent(day) && !case.is_told,
        undecided: standing
            .stood
            .pending
            .filter(|_| standing.is_undecided())
            .map(|pending| (pending, standing.day_asked())),
        said: standing.said,
        weight: rules.weight(&obligation.plan, &obligation.milestone.task, is_report),
        is_report,
    }))
}

/// What became of the plan's own day by `day`.
fn plan_day(standing: &Stands, plan_due_on: NaiveDate, day: NaiveDate) -> PlanDay {
    // More time was needed, whatever is decided; a claim may be true.
    let is_claimed = standing.stood.pending == Some(Pending::Acceptance)
        && standing.word(day) == Some(Standing::Waiting);
    let is_unclear = standing.word(day) == Some(Standing::Unclear);
    match standing.stood.done_on {
        Some(done) if done <= plan_due_on => PlanDay::Kept,
        None if day <= plan_due_on || is_claimed || is_unclear => PlanDay::Ahead,
        Some(_) | None => PlanDay::Missed,
    }
}

/// Whether it was due before its agency could answer for it.
fn came_after(
    case: &Case<'_>,
    rules: &Rules,
    due_on: NaiveDate,
    day: NaiveDate,
) -> Option<LeftOut> {
    let Account {
        obligation,
        entries,
    } = case.account;
    let earlier = entries.iter().filter(|entry| entry.on <= day);
    let begun = earlier.filter(|entry| entry.begins).map(|entry| entry.on);
    let came_after = begun.max().is_some_and(|begun| due_on < begun) && {
        // What came back was its own before it was given away.
        let when_due = at_end_of(obligation, entries, due_on);
        when_due.is_ahead || when_due.is_given_away || when_due.is_ungiven
    };
    (came_after || !rules.answers_for(&obligation.agency, due_on)).then_some(LeftOut::BeforeJoining)
}
