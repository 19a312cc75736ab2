//! A week of the ledger -> the digest of the agency that monitors a plan.
//!
//! Pure: [`digest`] is given every obligation with its ledger and answers with what has changed, what has not, and what
//! waits for somebody. Names and words are for whoever renders it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::history::{Asked, Entry, Saying, Standing, on_morning};
use super::ids::{AgencyCode, MilestoneId, ObligationId};
use super::obligation::{Obligation, Pending, State};

/// The days that a digest looks back on.
pub const WEEK: u64 = 7;
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
    /// Completed, on time or late.
    pub done: usize,
    /// Open and overdue.
    pub late: usize,
    /// Open and due within [`AHEAD`] days.
    pub due_soon: usize,
    /// An extension or a completion that waits for a decision.
    pub waiting: usize,
    /// Overdue, and nobody has said anything since.
    pub silent: usize,
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
    /// Its due day.
    pub due_on: NaiveDate,
    /// Working days that it is late; 0 when it is not.
    pub days_late: i64,
    /// What was said of it last.
    pub said: Option<Saying>,
    /// What waits for a decision, in the words in which it was asked for.
    pub asked: Option<Asked>,
    /// What it waits for.
    pub pending: Option<Pending>,
}

/// What an agency owes late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateAgency {
    /// Who.
    pub agency: AgencyCode,
    /// What, the latest first.
    pub lines: Vec<Line>,
}

/// An agency that owes late what it owed late a week before, and of which nothing was heard since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnchangedAgency {
    /// Who.
    pub agency: AgencyCode,
    /// How much it owes late.
    pub count: usize,
    /// Working days that the latest of it is late.
    pub days_late: i64,
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

/// A digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The morning on which it is made.
    pub day: NaiveDate,
    /// How things stand.
    pub now: Numbers,
    /// How they stood a week before; `None` when the plan is younger.
    pub before: Option<Numbers>,
    /// Overdue since less than a week, by agency.
    pub newly_late: Vec<LateAgency>,
    /// Overdue for longer, of agencies of which something else changed, by agency; the longest first.
    pub long_late: Vec<LateAgency>,
    /// Agencies of which nothing changed within the week; the longest first.
    pub unchanged: Vec<UnchangedAgency>,
    /// Difficulties that were reported of what is open, the newest first.
    pub difficulties: Vec<Line>,
    /// Extensions and completions that wait for a decision, the nearest due day first.
    pub decisions: Vec<Line>,
    /// What is due within [`AHEAD`] days, by milestone.
    pub due_soon: Vec<DueMilestone>,
}

/// The digest on the morning of `day` of a plan that was issued on `issued_on`.
#[must_use]
pub fn digest(
    accounts: &[Account<'_>],
    issued_on: NaiveDate,
    day: NaiveDate,
    calendar: &Calendar,
) -> Digest {
    let week_before = day.checked_sub_days(Days::new(WEEK)).unwrap_or(day);
    let (mut now, mut before) = (Numbers::default(), Numbers::default());
    let (mut late, mut difficulties, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
    let mut late_before: LateBefore<'_> = BTreeMap::new();
    let mut due: DueSoon<'_> = BTreeMap::new();
    for account in accounts {
        let Account {
            obligation,
            entries,
        } = account;
        if obligation.due_on.is_none() {
            continue;
        }
        let then = on_morning(obligation, entries, week_before);
        before.add(&then, week_before);
        if then.is_late(week_before) {
            let of_agency = late_before.entry(&obligation.agency).or_default();
            of_agency.insert(obligation.id);
        }
        let standing = on_morning(obligation, entries, day);
        now.add(&standing, day);
        let lists = [
            (standing.is_late(day), &mut late),
            (is_difficulty(&standing), &mut difficulties),
            (is_undecided(&standing), &mut decisions),
        ];
        for (belongs, list) in lists {
            if belongs {
                list.extend(line(obligation, &standing, day, calendar));
            }
        }
        if let Some(due_on) = standing.due_on.filter(|_| is_due_soon(&standing, day)) {
            let of_milestone = due.entry((due_on, &obligation.milestone)).or_default();
            of_milestone.push(obligation.agency.clone());
        }
    }
    let (newly, long): (Vec<Line>, Vec<Line>) = late
        .into_iter()
        .partition(|line| line.due_on >= week_before);
    let (long_late, unchanged) = what_changed(long, &newly, &late_before, week_before);
    difficulties.sort_by_key(|line| std::cmp::Reverse(line.said.as_ref().map(|said| said.on)));
    decisions.sort_by_key(|line| (line.due_on, line.obligation));
    Digest {
        day,
        now,
        before: (issued_on < week_before).then_some(before),
        newly_late: by_agency(newly),
        long_late,
        unchanged,
        difficulties,
        decisions,
        due_soon: due_soon(due),
    }
}

/// What each agency owed late a week before.
type LateBefore<'a> = BTreeMap<&'a AgencyCode, BTreeSet<ObligationId>>;

/// Who owes what is due soon, by day and milestone.
type DueSoon<'a> = BTreeMap<(NaiveDate, &'a MilestoneId), Vec<AgencyCode>>;

fn is_undecided(standing: &Standing) -> bool {
    standing.stood.state == State::Open
        && matches!(
            standing.stood.pending,
            Some(Pending::Extension | Pending::Acceptance)
        )
}

fn is_difficulty(standing: &Standing) -> bool {
    standing.stood.state == State::Open && standing.said.as_ref().is_some_and(|said| said.blocked)
}

fn is_due_soon(standing: &Standing, day: NaiveDate) -> bool {
    let end = day.checked_add_days(Days::new(AHEAD)).unwrap_or(day);
    standing.stood.state == State::Open
        && standing.due_on.is_some_and(|due| due >= day && due < end)
}

impl Numbers {
    /// Counts one obligation as it stood on the morning of `day`.
    fn add(&mut self, standing: &Standing, day: NaiveDate) {
        self.done += usize::from(standing.stood.state == State::Done);
        self.late += usize::from(standing.is_late(day));
        self.due_soon += usize::from(is_due_soon(standing, day));
        self.waiting += usize::from(is_undecided(standing));
        self.silent += usize::from(standing.is_silent(day));
    }
}

fn line(
    obligation: &Obligation,
    standing: &Standing,
    day: NaiveDate,
    calendar: &Calendar,
) -> Option<Line> {
    let due_on = standing.due_on?;
    let days_late = calendar.working_days_late(due_on, day);
    Some(Line {
        obligation: obligation.id,
        milestone: obligation.milestone.clone(),
        agency: obligation.agency.clone(),
        due_on,
        days_late,
        said: standing.said.clone(),
        asked: standing.asked.clone(),
        pending: standing.stood.pending,
    })
}

fn by_agency(lines: Vec<Line>) -> Vec<LateAgency> {
    let mut gathered: BTreeMap<AgencyCode, Vec<Line>> = BTreeMap::new();
    for line in lines {
        gathered.entry(line.agency.clone()).or_default().push(line);
    }
    let mut agencies: Vec<LateAgency> = gathered
        .into_iter()
        .map(|(agency, mut lines)| {
            lines.sort_by_key(|line| (line.due_on, line.obligation));
            LateAgency { agency, lines }
        })
        .collect();
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

/// Parts what is overdue for long: agencies that owe late the same as a week before go into one line.
fn what_changed(
    long: Vec<Line>,
    newly: &[Line],
    before: &LateBefore<'_>,
    week_before: NaiveDate,
) -> (Vec<LateAgency>, Vec<UnchangedAgency>) {
    let changed: BTreeSet<AgencyCode> = newly.iter().map(|line| line.agency.clone()).collect();
    let mut long_late = Vec::new();
    let mut unchanged = Vec::new();
    for one in by_agency(long) {
        let ids: BTreeSet<ObligationId> = one.lines.iter().map(|line| line.obligation).collect();
        let heard = one.lines.iter().any(|line| {
            let on = line.said.as_ref().map(|said| said.on);
            on.is_some_and(|on| on >= week_before)
        });
        let same = before.get(&one.agency) == Some(&ids);
        if same && !heard && !changed.contains(&one.agency) {
            unchanged.push(UnchangedAgency {
                count: one.lines.len(),
                days_late: longest(&one.lines),
                agency: one.agency,
            });
        } else {
            long_late.push(one);
        }
    }
    (long_late, unchanged)
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
