//! Brings the database in line with the files: plans, contacts, obligations and their dates.

mod added;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::AppError;
use super::announce::{Told, how_told};
use super::drift;
use super::ended::keep_unbound;
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use crate::clock::local;
use crate::domain::calendar::Calendar;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{ContactId, MilestoneId, PlanId};
use crate::domain::ladder::{Dates, Ladder};
use crate::domain::obligation::{Obligation, State};
use crate::domain::plan::{Milestone, MilestoneKind};
use crate::domain::watched::{self, Watched};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::obligations::{self, Filter, Moved, NewObligation};
use crate::store::{Db, Tx, contacts, ladders, past, plans, watermarks};
use added::note_added;

pub use added::Added;

/// What an import changed.
#[derive(Debug, Default)]
pub struct Imported {
    /// How many obligations are new.
    pub inserted: u64,
    /// How many began to be followed when their due day was over: their agencies are asked how they ended.
    pub due_before: u64,
    /// The new ones of plans that were running, by the document that added them.
    pub added: Vec<Added>,
    /// Those whose dates moved, because the plan or the calendar changed.
    pub moved: Vec<Moved>,
    /// What is still owed in the database and no longer stands in the files: its task, its milestone, or its agency as a
    /// lead is gone. Nobody is told of it until the files have it again or a person ends it.
    pub vanished: Vec<Obligation>,
    /// Contacts that stand in no file, and speak on: added by hand, or taken out of the files.
    pub strays: Vec<ContactId>,
    /// Contacts whose agency has ended and to whom the files give a chat: it stays unbound until a new code.
    pub kept_unbound: Vec<ContactId>,
    /// How many running escalations keep the ladder on which they began, because the file has another now.
    pub keep_ladder: u64,
    /// Plans of the database that are no longer loaded, with how much of each is still owed.
    pub unloaded: Vec<(PlanId, u64)>,
}

/// Stores plans, contacts and obligations, all or nothing. What is stored keeps its state.
///
/// # Errors
/// When the files of a plan do not say what was agreed of it ([`AppError::PlanDiffers`]), or the database fails.
pub async fn import(
    db: &Db,
    setup: &Setup,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<Imported, AppError> {
    let mut tx = db.begin().await?;
    let imported = import_in(&mut tx, setup, contacts, now).await?;
    tx.commit().await?;
    Ok(imported)
}

/// What the load of these files would add to plans that are running, each with who would be told in the next brief, and by what;
/// nothing is stored.
///
/// # Errors
/// When the database fails.
pub async fn preview_added(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<Vec<(Added, Vec<Told>)>, AppError> {
    let mut tx = db.begin().await?;
    let imported = import_in(&mut tx, setup, contacts, now).await?;
    let mut all = Vec::new();
    for added in imported.added {
        let today = local(now).date();
        let told = how_told(&mut tx, setup, origin, &added.told, today, now).await?;
        all.push((added, told));
    }
    Ok(all)
}

async fn import_in(
    tx: &mut Tx,
    setup: &Setup,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<Imported, AppError> {
    drift::refuse_renamed(tx, setup).await?;
    let mut imported = Imported::default();
    note_readdressed(tx, setup, contacts, now).await?;
    contacts::upsert(tx, contacts, now).await?;
    imported.kept_unbound = keep_unbound(tx, contacts).await?;
    let known: HashSet<&ContactId> = contacts.iter().map(|one| &one.id).collect();
    let stored = contacts::list(tx).await?.into_iter();
    let strays = stored.filter(|one| one.active && !known.contains(&one.contact.id));
    imported.strays = strays.map(|one| one.contact.id).collect();
    let today = local(now).date();
    imported.keep_ladder = ladders::put_in_force(tx, &setup.ladder, today, now).await?;
    let last = obligations::last_number(tx).await?;
    for charge in &setup.charges {
        import_plan(tx, charge, setup, now, &mut imported).await?;
    }
    imported.due_before = begin_watch(tx, setup, last, now).await?;
    for plan in plans::list(tx).await? {
        if setup.find(&plan.id).is_some() {
            continue;
        }
        let tally = obligations::tally(tx, &plan.id).await?;
        let owed = tally.iter().filter(|one| is_owed(one.state));
        let owed: u64 = owed.map(|one| one.total).sum();
        if owed > 0 {
            imported.unloaded.push((plan.id, owed));
        }
    }
    Ok(imported)
}

/// The ledger keeps of whom the files change an address: what is told of a day before knows that there was one. Not which.
async fn note_readdressed(
    tx: &mut Tx,
    setup: &Setup,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let stored = contacts::list(tx).await?;
    let stored: HashMap<&ContactId, &contacts::StoredContact> =
        stored.iter().map(|one| (&one.contact.id, one)).collect();
    let followed: HashSet<PlanId> = plans::list(tx)
        .await?
        .into_iter()
        .map(|one| one.id)
        .collect();
    let mut lines = Vec::new();
    for one in contacts {
        // Of a plan that nobody follows yet nobody was told.
        let charge = setup.of_agency(&one.agency);
        let charge = charge.filter(|charge| followed.contains(&charge.plan.id));
        let Some(known) = stored.get(&one.id).filter(|known| known.active) else {
            continue;
        };
        let replaces = |(channel, address): &&(Channel, String)| {
            let mut own = known.addresses.iter();
            own.any(|own| own.channel == *channel && own.address != *address)
        };
        for (channel, _) in one.channels.iter().filter(replaces) {
            lines.extend(charge.map(|charge| NewEvent {
                plan: charge.plan.id.clone(),
                obligation: None,
                at: now,
                actor: Actor::System,
                kind: past::READDRESSED.to_owned(),
                payload: json!({ "contact": one.id, "channel": channel.as_str() }),
                source: None,
            }));
        }
    }
    Ok(events::append(tx, &lines).await?)
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

/// What is new, numbered above `last`, is followed from the first morning on which its people can be reminded. While no day
/// has been planned nobody was reminded of anything, and all of it is new. The ledger keeps since when, and of what.
async fn begin_watch(
    tx: &mut Tx,
    setup: &Setup,
    last: i64,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    let is_first = watermarks::last_planned_day(tx).await?.is_none();
    let Setup {
        ladder, calendar, ..
    } = setup;
    let since = ladder.next_sending_time(local(now), calendar).date();
    let watch = ladder.start.watch(since, calendar);
    let above = if is_first { 0 } else { last };
    let mut lines = Vec::new();
    for charge in &setup.charges {
        let plan = &charge.plan.id;
        let news = obligations::begin_watch(tx, plan, watch, above).await?;
        if !news.is_empty() {
            lines.push(NewEvent {
                plan: plan.clone(),
                obligation: None,
                at: now,
                actor: Actor::System,
                kind: watched::KIND.to_owned(),
                payload: json!(Watched::of(watch, &news)),
                source: None,
            });
        }
    }
    events::append(tx, &lines).await?;
    let counts = lines
        .iter()
        .filter_map(|line| line.payload["obligations"].as_u64());
    Ok(counts.sum())
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
    if let plans::Loading::Changed { before } = &loading {
        drift::refuse(tx, setup, charge, before).await?;
    }
    let wanted = wanted(charge, &setup.ladder, &setup.calendar);
    let last = obligations::last_number(tx).await?;
    let synced = obligations::sync(tx, &wanted).await?;
    if synced.inserted > 0 && loading != plans::Loading::New {
        let added = obligations::list_newer(tx, &plan.id, last).await?;
        imported
            .added
            .extend(note_added(tx, charge, added, now).await?);
    }
    imported.inserted += synced.inserted;
    imported.moved.extend(synced.moved);
    imported
        .vanished
        .extend(vanished(tx, charge, &wanted).await?);
    if matches!(loading, plans::Loading::Changed { .. }) {
        // A rung can fall earlier than it did, though no deadline moved.
        obligations::look_again(tx, &plan.id, local(now).date()).await?;
    }
    Ok(())
}

/// What the database has beyond what is wanted. Milestones are counted first: all that is wanted has just been stored, so
/// only one with more than that has to be looked at.
async fn vanished(
    tx: &mut Tx,
    charge: &Charge,
    wanted: &[NewObligation],
) -> Result<Vec<Obligation>, AppError> {
    let mut counts: HashMap<&MilestoneId, u64> = HashMap::new();
    for one in wanted {
        *counts.entry(&one.milestone).or_default() += 1;
    }
    let plan = &charge.plan.id;
    let mut vanished = Vec::new();
    for (milestone, stored) in obligations::count_by_milestone(tx, plan).await? {
        if stored == counts.get(&milestone).copied().unwrap_or(0) {
            continue;
        }
        let filter = Filter {
            plan: Some(plan.clone()),
            task: Some(milestone.task.clone()),
            ..Filter::default()
        };
        let mut found = obligations::list(tx, &filter).await?;
        found.retain(|one| {
            one.milestone == milestone
                && is_owed(one.state)
                && !(one.taken_from.is_some() && charge.owes(one))
                && !wanted
                    .iter()
                    .any(|wanted| wanted.milestone == milestone && wanted.agency == one.agency)
        });
        vanished.extend(found);
    }
    Ok(vanished)
}

fn is_owed(state: State) -> bool {
    matches!(state, State::Open | State::Asleep | State::Suspended)
}

/// The obligations of a plan: every milestone of every task, once for each agency that owes it.
///
/// A milestone that was due before the plan was issued is not tracked: a person settles it in the plan file first.
#[must_use]
pub fn wanted(charge: &Charge, ladder: &Ladder, calendar: &Calendar) -> Vec<NewObligation> {
    let plan = &charge.plan;
    let mut wanted = Vec::new();
    for task in &plan.tasks {
        let in_force_from = task.in_force_from(plan);
        for milestone in task
            .milestones
            .iter()
            .filter(|one| is_tracked(one, in_force_from))
        {
            let next_rung_on = first_rung(milestone, in_force_from, ladder, calendar);
            wanted.extend(task.owed_by(milestone).iter().map(|agency| NewObligation {
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
        due_before: None,
    };
    // From the day before the issue, so that a rung on the day of issue itself counts.
    ladder.next_day(&dates, issued_on.pred_opt()?, calendar)
}
