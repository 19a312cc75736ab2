//! The ledger since the last digest -> the digest of the agency that monitors a plan.
//!
//! Pure: [`digest`] is given every obligation with its ledger and answers with what has changed, what has not, and what
//! waits for somebody. Names and words are for whoever renders it.

mod amended;
mod completed;
mod disowned;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::history::{Asked, Entry, Refusal, Saying, Standing, at_end_of};
use super::ids::{AgencyCode, MilestoneId, ObligationId};
use super::obligation::{Obligation, Pending, Standing as Word, State};
use super::register::difficulties as reported;
pub use amended::{Amended, amended};
use completed::counts_as_done;
pub use completed::{Completed, completed};
use disowned::{in_its_own_words, is_disowned};
pub use task::{LateTask, by_task};

/// The days that it looks ahead.
pub const AHEAD: u64 = 14;

/// An obligation with its ledger, oldest line first.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The obligation as it stands now.
    pub obligation: &'a Obligation,
    /// Its ledger.
    pub entries: &'a [Entry],
}

/// The five numbers of a first screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Completed, on time or late; what has no due day ("thường xuyên") is not counted.
    pub done: usize,
    /// Open and overdue, and not for want of a decision.
    pub late: usize,
    /// Open, not overdue, and due within [`AHEAD`] days.
    pub due_soon: usize,
    /// An extension or a completion that waits for a decision.
    pub waiting: usize,
    /// How much of that is past its due day, and not late for that ([`Word::Waiting`]).
    pub past_due: usize,
    /// Overdue, and never answered ([`Standing::is_silent`]).
    pub silent: usize,
    /// Due before anybody was reminded here, and not known how it ended ([`Word::Unclear`]).
    pub unclear: usize,
}

/// One obligation as a digest names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub obligation: ObligationId,
    /// Of which milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// Its due day; what is done all year has none, and can wait for a decision or report a difficulty all the same.
    pub due_on: Option<NaiveDate>,
    /// Working days that it is late; 0 when it is not.
    pub days_late: i64,
    /// What was said of it last.
    pub said: Option<Saying>,
    /// Of a difficulty, and of what is said to be another's: what was said of it last, where that is something else.
    pub later: Option<Saying>,
    /// Of these two: whether all that is told of it was told by the digest before.
    pub is_same: bool,
    /// Where that is a wish for more time that was not granted: the decision.
    pub refused: Option<Refusal>,
    /// What waits for a decision, in the words in which it was asked for; or what is said to be another's, in those that say so.
    pub asked: Option<Asked>,
    /// What it waits for.
    pub pending: Option<Pending>,
    /// Of what is late and was due before anybody was reminded here: the last day on which its agency was asked how it ended,
    /// from which it is late.
    pub asked_by: Option<NaiveDate>,
}

impl Line {
    /// Of what is late: whether nothing was ever heard of it. What is late is open, and answered when something was said of it.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.said.is_none()
    }

    /// The day of the newest words that are told of it.
    fn newest(&self) -> Option<NaiveDate> {
        let told = self.said.iter().chain(&self.later);
        told.map(|said| said.on).max()
    }
}

/// What an agency owes late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateAgency {
    /// Who.
    pub agency: AgencyCode,
    /// What, the longest late first.
    pub lines: Vec<Line>,
}

/// What is due of a milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMilestone {
    /// Which.
    pub milestone: MilestoneId,
    /// When.
    pub due_on: NaiveDate,
    /// Who owes it and has not finished.
    pub agencies: Vec<AgencyCode>,
}

/// The days that a digest looks back on. What one digest counted last is where the next begins: no day falls between two of
/// them, and none into both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The last day that the digest before it counted.
    pub since: NaiveDate,
    /// The last day that it counts.
    pub until: NaiveDate,
}

impl Span {
    /// Of the digest on the morning of `day`, when the one before it was made on the morning of `before`: each counts up to
    /// the end of the day before.
    #[must_use]
    pub fn between(before: NaiveDate, day: NaiveDate) -> Self {
        let eve = |day: NaiveDate| day.pred_opt().unwrap_or(day);
        let until = eve(day);
        Self {
            since: eve(before).min(eve(until)),
            until,
        }
    }

    /// The morning on which it is made.
    #[must_use]
    pub fn morning(&self) -> NaiveDate {
        self.until.succ_opt().unwrap_or(self.until)
    }

    /// Its first day.
    #[must_use]
    pub fn from(&self) -> NaiveDate {
        self.since.succ_opt().unwrap_or(self.since)
    }

    /// Whether it is a week, as most are; a holiday or an outage makes it longer or shorter.
    #[must_use]
    pub fn is_week(&self) -> bool {
        (self.until - self.since).num_days() == 7
    }
}

/// A digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The days that it looks back on.
    pub span: Span,
    /// How things stand at the end of the last of them.
    pub now: Numbers,
    /// How they stood when the digest before it counted; `None` when the plan is younger.
    pub before: Option<Numbers>,
    /// How what is done came from what was done then.
    pub completed: Completed,
    /// What documents changed of the plan since.
    pub amended: Amended,
    /// Overdue, and not so at the digest before it, by agency in the order in which they were given.
    pub newly_late: Vec<LateAgency>,
    /// Overdue then already, of agencies of which that has changed since or which spoke, by agency; the longest first.
    pub long_late: Vec<LateAgency>,
    /// Agencies that owe late what they owed late then, and of which nothing was heard since; the longest first.
    pub unchanged: Vec<LateAgency>,
    /// Difficulties of what is open, the newest first: those that were said last, and those of these days whatever was said after.
    pub difficulties: Vec<Line>,
    /// What its agency says is another's, and nobody has given to another.
    pub disowned: Vec<Line>,
    /// Extensions and completions that wait for a decision, the nearest due day first.
    pub decisions: Vec<Line>,
    /// What is due within [`AHEAD`] days, by milestone.
    pub due_soon: Vec<DueMilestone>,
}

/// The digest of these days, of a plan that was issued on `issued_on`.
#[must_use]
pub fn digest(
    accounts: &[Account<'_>],
    issued_on: NaiveDate,
    span: Span,
    calendar: &Calendar,
) -> Digest {
    let Span { since, until } = span;
    // Told on a morning: what was due the day before is late.
    let (morning, morning_before) = (span.morning(), span.from());
    let (mut now, mut before) = (Numbers::default(), Numbers::default());
    let (mut late, mut difficulties, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
    let mut disowned = Vec::new();
    let mut late_before: LateBefore<'_> = BTreeMap::new();
    let mut due: DueSoon<'_> = BTreeMap::new();
    for account in accounts {
        let Account {
            obligation,
            entries,
        } = account;
        let then = at_end_of(obligation, entries, since);
        before.add(&then, morning_before, since);
        if then.is_late(morning_before) {
            let of_agency = late_before.entry(&obligation.agency).or_default();
            of_agency.insert(obligation.id);
        }
        let standing = at_end_of(obligation, entries, until);
        now.add(&standing, morning, until);
        let lists = [
            (standing.is_late(morning), &mut late),
            (standing.is_undecided(), &mut decisions),
        ];
        for (belongs, list) in lists {
            if belongs {
                list.push(line(obligation, &standing, morning, calendar));
            }
        }
        if is_disowned(&standing) {
            let told = line(obligation, &standing, morning, calendar);
            disowned.push(in_its_own_words(told));
        }
        if standing.stood.state == State::Open {
            // What was said after it does not cover it up in its own week.
            let days = (span.from(), until);
            for said in reported(&standing, entries, days, until) {
                difficulties.push(Line {
                    later: standing.said.clone().filter(|last| last != said),
                    said: Some(said.clone()),
                    ..line(obligation, &standing, morning, calendar)
                });
            }
        }
        if let Some(due_on) = standing
            .due_on
            .filter(|_| is_due_soon(&standing, morning, until))
        {
            let of_milestone = due.entry((due_on, &obligation.milestone)).or_default();
            of_milestone.push(obligation.agency.clone());
        }
    }
    let (newly, long): (Vec<Line>, Vec<Line>) = late
        .into_iter()
        .partition(|line| !was_late(&late_before, line));
    let (long_late, unchanged) = what_changed(long, &late_before, since);
    // There was a digest before it, and what it told need not be read again.
    let before = (issued_on <= since).then_some(before);
    for line in difficulties.iter_mut().chain(&mut disowned) {
        line.is_same = before.is_some() && line.newest() <= Some(since);
    }
    difficulties.sort_by_key(|line| std::cmp::Reverse(line.said.as_ref().map(|said| said.on)));
    decisions.sort_by_key(|line| (line.due_on.is_none(), line.due_on));
    Digest {
        span,
        now,
        before,
        completed: completed(accounts, span),
        amended: amended(accounts, span),
        newly_late: by_agency(newly),
        long_late,
        unchanged,
        difficulties,
        disowned,
        decisions,
        due_soon: due_soon(due),
    }
}

/// What each agency owed late at the last digest.
type LateBefore<'a> = BTreeMap<&'a AgencyCode, BTreeSet<ObligationId>>;

/// Who owes what is due soon, by day and milestone.
type DueSoon<'a> = BTreeMap<(NaiveDate, &'a MilestoneId), Vec<AgencyCode>>;

fn was_late(before: &LateBefore<'_>, line: &Line) -> bool {
    let of_agency = before.get(&line.agency);
    of_agency.is_some_and(|late| late.contains(&line.obligation))
}

/// Whether it is due on the morning on which it is told, or within [`AHEAD`] days after the last day that is counted.
fn is_due_soon(standing: &Standing, morning: NaiveDate, until: NaiveDate) -> bool {
    let end = until.checked_add_days(Days::new(AHEAD)).unwrap_or(until);
    let due = standing.due_on;
    standing.stood.state == State::Open && due.is_some_and(|due| due >= morning && due <= end)
}

impl Numbers {
    /// Counts one obligation as it stood at the end of `until`, and is told on the morning after.
    fn add(&mut self, standing: &Standing, morning: NaiveDate, until: NaiveDate) {
        self.done += usize::from(counts_as_done(standing));
        self.late += usize::from(standing.is_late(morning));
        self.due_soon += usize::from(is_due_soon(standing, morning, until));
        self.waiting += usize::from(standing.is_undecided());
        self.past_due += usize::from(standing.word(morning) == Some(Word::Waiting));
        self.silent += usize::from(standing.is_silent(morning));
        self.unclear += usize::from(standing.word(morning) == Some(Word::Unclear));
    }
}

fn line(obligation: &Obligation, standing: &Standing, day: NaiveDate, calendar: &Calendar) -> Line {
    Line {
        obligation: obligation.id,
        milestone: obligation.milestone.clone(),
        agency: obligation.agency.clone(),
        due_on: standing.due_on,
        days_late: standing.days_late(day, calendar),
        said: standing.said.clone(),
        later: None,
        is_same: false,
        refused: standing.refused.clone(),
        asked: standing.asked.clone(),
        pending: standing.stood.pending,
        asked_by: standing.asked_by(day),
    }
}

/// The agencies in the order in which they were given, each with what it owes for longest first: that need not be what was due
/// first, as some is counted from the last day of grace, and some ends with a claim.
fn by_agency(lines: Vec<Line>) -> Vec<LateAgency> {
    let mut places: BTreeMap<AgencyCode, usize> = BTreeMap::new();
    let mut agencies: Vec<LateAgency> = Vec::new();
    for line in lines {
        let place = *places.entry(line.agency.clone()).or_insert_with(|| {
            let agency = line.agency.clone();
            agencies.push(LateAgency {
                agency,
                lines: Vec::new(),
            });
            agencies.len() - 1
        });
        agencies[place].lines.push(line);
    }
    for one in &mut agencies {
        one.lines
            .sort_by_key(|line| (std::cmp::Reverse(line.days_late), line.due_on));
    }
    agencies
}

/// The same, the longest first; equal ones in the order in which they were given.
fn longest_first(mut agencies: Vec<LateAgency>) -> Vec<LateAgency> {
    agencies.sort_by_key(|one| {
        (
            std::cmp::Reverse(longest(&one.lines)),
            std::cmp::Reverse(one.lines.len()),
        )
    });
    agencies
}

/// Working days that the latest of these is late.
fn longest(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.days_late).max().unwrap_or(0)
}

/// Parts what is overdue for long from the agencies of which that is the same as at the last digest. What they owe newly late
/// stands on its own.
fn what_changed(
    long: Vec<Line>,
    before: &LateBefore<'_>,
    since: NaiveDate,
) -> (Vec<LateAgency>, Vec<LateAgency>) {
    let all = longest_first(by_agency(long)).into_iter();
    all.partition(|one| {
        let ids: BTreeSet<ObligationId> = one.lines.iter().map(|line| line.obligation).collect();
        let heard = one.lines.iter().any(|line| {
            let on = line.said.as_ref().map(|said| said.on);
            on.is_some_and(|on| on > since)
        });
        heard || before.get(&one.agency) != Some(&ids)
    })
}

fn due_soon(due: DueSoon<'_>) -> Vec<DueMilestone> {
    due.into_iter()
        .map(|((due_on, milestone), agencies)| DueMilestone {
            milestone: milestone.clone(),
            due_on,
            agencies,
        })
        .collect()
}

#[cfg(test)]
mod tests;
