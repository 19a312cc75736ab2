//! Brings the database in line with the files: plans, contacts, obligations and their dates.

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::setup::{Charge, Setup};
use crate::clock::local;
use crate::domain::calendar::Calendar;
use crate::domain::directory::Contact;
use crate::domain::ladder::{Dates, Ladder};
use crate::domain::obligation::State;
use crate::domain::plan::{Milestone, MilestoneKind};
use crate::store::obligations::{self, Moved, NewObligation};
use crate::store::{Db, Tx, contacts, plans};

/// What an import changed.
#[derive(Debug, Default)]
pub struct Imported {
    /// How many obligations are new.
    pub inserted: u64,
    /// Those whose dates moved, because the plan or the calendar changed.
    pub moved: Vec<Moved>,
}

/// Stores plans, contacts and obligations, all or nothing. What is stored keeps its state.
///
/// # Errors
/// When the database fails.
pub async fn import(
    db: &Db,
    setup: &Setup,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<Imported, AppError> {
    let mut tx = db.begin().await?;
    let mut imported = Imported::default();
    contacts::upsert(&mut tx, contacts, now).await?;
    for charge in &setup.charges {
        import_plan(&mut tx, charge, setup, now, &mut imported).await?;
    }
    tx.commit().await?;
    Ok(imported)
}

/// Imports everything if the database has never seen one of the plans. A plan that changed is left to the daemon, which
/// says what moved.
///
/// # Errors
/// When the database fails.
pub async fn import_new(
    db: &Db,
    setup: &Setup,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let mut tx = db.snapshot().await?;
    let known = plans::list(&mut tx).await?;
    drop(tx);
    let is_known = |charge: &Charge| known.iter().any(|plan| plan.id == charge.plan.id);
    if !setup.charges.iter().all(is_known) {
        import(db, setup, contacts, now).await?;
    }
    Ok(())
}

async fn import_plan(
    tx: &mut Tx,
    charge: &Charge,
    setup: &Setup,
    now: DateTime<Utc>,
    imported: &mut Imported,
) -> Result<(), AppError> {
    let plan = &charge.plan;
    let row = plans::LoadedPlan {
        id: plan.id.clone(),
        number: plan.number.clone(),
        title: plan.title.clone(),
        issued_on: plan.issued_on,
        year: plan.year,
        fingerprint: setup.fingerprint(charge),
        loaded_at: now,
    };
    let loading = plans::upsert(tx, &row).await?;
    let wanted = wanted(charge, &setup.ladder, &setup.calendar);
    let synced = obligations::sync(tx, &wanted).await?;
    imported.inserted += synced.inserted;
    imported.moved.extend(synced.moved);
    if matches!(loading, plans::Loading::Changed { .. }) {
        // A rung can fall earlier than it did, though no deadline moved.
        obligations::look_again(tx, &plan.id, local(now).date()).await?;
    }
    Ok(())
}

/// The obligations of a plan: every milestone of every task, once for each agency that leads it.
///
/// A milestone that was due before the plan was issued is not tracked: a person settles it in the plan file first.
#[must_use]
pub fn wanted(charge: &Charge, ladder: &Ladder, calendar: &Calendar) -> Vec<NewObligation> {
    let plan = &charge.plan;
    let mut wanted = Vec::new();
    for task in &plan.tasks {
        for milestone in task
            .milestones
            .iter()
            .filter(|one| is_tracked(one, plan.issued_on))
        {
            let next_rung_on = first_rung(milestone, plan.issued_on, ladder, calendar);
            wanted.extend(task.agencies.iter().map(|agency| NewObligation {
                plan: plan.id.clone(),
                milestone: milestone.id.clone(),
                agency: agency.clone(),
                kind: milestone.kind,
                opens_on: milestone.opens_on,
                due_on: milestone.due_on,
                act_by: milestone.act_by,
                state: if milestone.kind == MilestoneKind::Event {
                    State::Asleep
                } else {
                    State::Open
                },
                next_rung_on,
            }));
        }
    }
    wanted
}

fn is_tracked(milestone: &Milestone, issued_on: NaiveDate) -> bool {
    milestone.due_on.is_none_or(|due_on| due_on >= issued_on)
}

fn first_rung(
    milestone: &Milestone,
    issued_on: NaiveDate,
    ladder: &Ladder,
    calendar: &Calendar,
) -> Option<NaiveDate> {
    let dates = Dates {
        kind: milestone.kind,
        opens_on: milestone.opens_on,
        due_on: milestone.due_on,
        act_by: milestone.act_by,
    };
    // From the day before the issue, so that a rung on the day of issue itself counts.
    ladder.next_day(&dates, issued_on.pred_opt()?, calendar)
}
