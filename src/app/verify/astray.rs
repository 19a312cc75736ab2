//! Whether what is owed stands as the ledger says, and is due as the files of the plan say.
//!
//! The ledger tells every change; how things were before the first one, the files tell, as long as the database was made of
//! just these. What neither tells is not judged: the days of what was over when its plan was changed, of what waited for an
//! event, and of what came from another agency.

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::ledger::Entries;
use crate::app::setup::{Charge, Setup};
use crate::domain::history::at_end_of;
use crate::domain::ids::{AgencyCode, MilestoneId, PlanId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::plan::{Milestone, MilestoneKind};
use crate::store::obligations::{self, Filter};
use crate::store::{Tx, plans};

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
        }
    }
}

/// What of the plan does not stand as its ledger, and the files where the database was made of them, say.
pub(super) async fn find(
    tx: &mut Tx,
    plan: &PlanId,
    files: Option<&Setup>,
) -> Result<Vec<Astray>, AppError> {
    let files = match files.and_then(|setup| Some((setup, setup.find(plan)?))) {
        Some((setup, charge)) => {
            let stored = plans::find(tx, plan).await?;
            stored
                .is_some_and(|stored| stored.fingerprint == setup.fingerprint(charge))
                .then_some(charge)
        }
        None => None,
    };
    let entries = Entries::read(tx, plan).await?;
    let filter = Filter {
        plan: Some(plan.clone()),
        ..Filter::default()
    };
    let all = obligations::list(tx, &filter).await?.into_iter();
    let compared = all.map(|one| Astray {
        stands: Particulars::of(&one),
        told: told(&one, &entries, files),
        milestone: one.milestone,
        agency: one.agency,
    });
    Ok(compared.filter(|one| one.stands != one.told).collect())
}

fn told(one: &Obligation, entries: &Entries, files: Option<&Charge>) -> Particulars {
    let filed = files.and_then(|charge| filed(one, charge));
    let original_due_on = filed.map_or(one.original_due_on, |filed| filed.due_on);
    let first = Obligation {
        original_due_on,
        ..one.clone()
    };
    let standing = at_end_of(&first, entries.of(one.id), NaiveDate::MAX);
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
    }
}

/// The milestone from which an obligation has its first day, while it follows the files.
fn filed<'a>(one: &Obligation, charge: &'a Charge) -> Option<&'a Milestone> {
    let is_over = matches!(one.state, State::Done | State::Cancelled);
    let (task, milestone) = charge.find(&one.milestone)?;
    let follows = !is_over
        && one.kind != MilestoneKind::Event
        && milestone.kind != MilestoneKind::Event
        && task.agencies.contains(&one.agency);
    follows.then_some(milestone)
}
