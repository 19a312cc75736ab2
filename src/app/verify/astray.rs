//! Whether what is owed stands as the ledger says, and is due as the files of the plan say.
//!
//! The ledger tells every change; how things were before the first one, the files tell, as long as the database was made of
//! just these. What neither tells is not judged: the days of what was over when its plan was changed, of what waited for an
//! event, and of what came from another agency. Since when it is followed what was due before, the ledger tells of each.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::iter;

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::import::wanted;
use crate::app::ledger::Entries;
use crate::app::setup::{Charge, Setup};
use crate::domain::history::{Entry, at_end_of};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId};
use crate::domain::obligation::{Obligation, Pending, State, Watch};
use crate::domain::plan::{Milestone, MilestoneKind};
use crate::domain::watched::{self, Watched, told_of};
use crate::store::obligations::{self, Filter};
use crate::store::{Tx, events, plans};

/// An obligation that somebody changed past the ledger: reminders follow its row, digests and reports the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Astray {
    /// What is owed.
    pub milestone: MilestoneId,
    /// By whom.
    pub agency: AgencyCode,
    /// How it stands.
    pub stands: Particulars,
    /// How it stands by the ledger.
    pub told: Particulars,
}

/// An obligation that is in the table no more, though the files of the plan or a line of the ledger name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The database was made of these files, which name it.
    Filed {
        /// What is owed.
        milestone: MilestoneId,
        /// By whom.
        agency: AgencyCode,
    },
    /// A line about the start names its number.
    Numbered(ObligationId),
}

/// All of an obligation that the ledger and the plan determine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Particulars {
    /// Open, done, …
    pub state: State,
    /// Day of completion.
    pub done_on: Option<NaiveDate>,
    /// What it waits for.
    pub pending: Option<Pending>,
    /// Last compliant day, extensions included.
    pub due_on: Option<NaiveDate>,
    /// The day that the plan gave first.
    pub original_due_on: Option<NaiveDate>,
    /// Last working day not after the due day.
    pub act_by: Option<NaiveDate>,
    /// When it began to be followed, where it was past its due day by then.
    pub watch: Option<Watch>,
}

impl Particulars {
    fn of(one: &Obligation) -> Self {
        Self {
            state: one.state,
            done_on: one.done_on,
            pending: one.pending,
            due_on: one.due_on,
            original_due_on: one.original_due_on,
            act_by: one.act_by,
            watch: one.watch,
        }
    }
}

/// What the lines about the start say of each row.
struct Starts<'a> {
    lines: Vec<Watched>,
    rows: HashMap<(&'a MilestoneId, &'a AgencyCode), &'a Obligation>,
    entries: &'a Entries,
}

/// What was given on so often is followed no further: agencies do not end more often than that.
const OWNERS: usize = 64;

impl<'a> Starts<'a> {
    async fn read(
        tx: &mut Tx,
        plan: &PlanId,
        all: &'a [Obligation],
        entries: &'a Entries,
    ) -> Result<Self, AppError> {
        let lines = events::list_of_kinds(tx, &[watched::KIND]).await?;
        let lines = lines.into_iter().filter(|one| one.entry.plan == *plan);
        let lines = lines.filter_map(|one| serde_json::from_value(one.entry.payload).ok());
        Ok(Self {
            lines: lines.collect(),
            rows: all
                .iter()
                .map(|one| ((&one.milestone, &one.agency), one))
                .collect(),
            entries,
        })
    }

    /// Since when a row is followed: what was given to another agency, since it was with the one before.
    fn of(&self, one: &Obligation) -> Option<Watch> {
        let mut owners = iter::successors(Some(one), |one| self.given_by(one)).take(OWNERS);
        owners.find_map(|one| told_of(&self.lines, one.id))
    }

    /// What a row was before it was given to its agency.
    fn given_by(&self, one: &Obligation) -> Option<&Obligation> {
        let was_given = self.entries.of(one.id).iter().any(|entry| entry.begins);
        let from = one.taken_from.as_ref().filter(|_| was_given)?;
        self.rows.get(&(&one.milestone, from)).copied()
    }
}

/// What of the plan does not stand as its ledger, and the files where the database was made of them, say; and what of it does not
/// stand there at all.
pub(super) async fn find(
    tx: &mut Tx,
    plan: &PlanId,
    files: Option<&Setup>,
) -> Result<(Vec<Astray>, Vec<Missing>), AppError> {
    let made_of = match files.and_then(|setup| Some((setup, setup.find(plan)?))) {
        Some((setup, charge)) => {
            let stored = plans::find(tx, plan).await?;
            stored
                .is_some_and(|stored| stored.fingerprint == setup.fingerprint(charge))
                .then_some((setup, charge))
        }
        None => None,
    };
    let files = made_of.map(|(_, charge)| charge);
    let entries = Entries::read(tx, plan).await?;
    let filter = Filter {
        plan: Some(plan.clone()),
        ..Filter::default()
    };
    let all = obligations::list(tx, &filter).await?;
    let starts = Starts::read(tx, plan, &all, &entries).await?;
    let compared = all
        .iter()
        .map(|one| (one, Particulars::of(one), told(one, &starts, files)));
    let astray = compared.filter(|(_, stands, told)| stands != told);
    let astray = astray.map(|(one, stands, told)| Astray {
        milestone: one.milestone.clone(),
        agency: one.agency.clone(),
        stands,
        told,
    });
    Ok((astray.collect(), missing(&all, &starts, made_of)))
}

/// More are not counted: a line that was forged may name any span of numbers.
const MOST_GONE: usize = 100_000;

/// What was removed from the table. Where the files do not say what should be in it, the lines about the start say some of it.
fn missing(
    all: &[Obligation],
    starts: &Starts<'_>,
    made_of: Option<(&Setup, &Charge)>,
) -> Vec<Missing> {
    let Some((setup, charge)) = made_of else {
        let known: HashSet<i64> = all.iter().map(|one| one.id.0).collect();
        let named = starts.lines.iter().flat_map(|line| &line.of);
        let named = named.flat_map(|(first, last)| *first..=*last);
        let gone = named.filter(|id| !known.contains(id)).take(MOST_GONE);
        let gone: BTreeSet<i64> = gone.collect();
        let gone = gone.into_iter().map(ObligationId);
        return gone.map(Missing::Numbered).collect();
    };
    let wanted = wanted(charge, &setup.ladder, &setup.calendar).into_iter();
    let gone = wanted.filter(|one| !starts.rows.contains_key(&(&one.milestone, &one.agency)));
    let gone = gone.map(|one| Missing::Filed {
        milestone: one.milestone,
        agency: one.agency,
    });
    gone.collect()
}

fn told(one: &Obligation, starts: &Starts<'_>, files: Option<&Charge>) -> Particulars {
    let filed = files.and_then(|charge| filed(one, charge));
    let entries = starts.entries.of(one.id);
    let original_due_on = match first_moved_from(one, entries) {
        Some(first) => Some(first),
        None => filed.map_or(one.original_due_on, |filed| filed.due_on),
    };
    // How it began: everything else is told by a line. What sleeps is known by its kind, and the files say which.
    let planned = files.and_then(|charge| charge.find(&one.milestone));
    let is_over = matches!(one.state, State::Done | State::Cancelled);
    let first = Obligation {
        original_due_on,
        state: State::Open,
        kind: match planned {
            Some((_, milestone)) if !is_over => milestone.kind,
            _ => one.kind,
        },
        ..one.clone()
    };
    let standing = at_end_of(&first, entries, NaiveDate::MAX);
    let is_unmoved = standing.due_on == original_due_on && one.kind != MilestoneKind::Event;
    Particulars {
        state: standing.stood.state,
        done_on: standing.stood.done_on,
        pending: standing.stood.pending,
        due_on: standing.due_on,
        original_due_on,
        act_by: match filed {
            Some(filed) if is_unmoved => filed.act_by,
            // With the calendar, the day may have moved since a line gave it.
            None if is_unmoved => one.act_by,
            _ => standing.act_by.or(one.act_by),
        },
        watch: starts.of(one),
    }
}

/// The day from which a line moved an obligation first: the plan's own, even where the files say a later one now because a document
/// does. What came from another agency had moved there, and what waited for an event had no day.
fn first_moved_from(one: &Obligation, entries: &[Entry]) -> Option<NaiveDate> {
    let is_the_plans = one.kind != MilestoneKind::Event && entries.iter().all(|it| !it.begins);
    let moved = entries.iter().find(|entry| entry.due_on.is_some());
    moved.filter(|_| is_the_plans)?.was_due_on
}

/// The milestone from which an obligation has its first day, while it follows the files.
fn filed<'a>(one: &Obligation, charge: &'a Charge) -> Option<&'a Milestone> {
    let is_over = matches!(one.state, State::Done | State::Cancelled);
    let (task, milestone) = charge.find(&one.milestone)?;
    let follows = !is_over
        && one.kind != MilestoneKind::Event
        && milestone.kind != MilestoneKind::Event
        && task.owed_by(milestone).contains(&one.agency);
    follows.then_some(milestone)
}
