//! What the monitor resolves, or takes back -> the obligation, the ledger, and a word to those who wait.

mod settle;
mod take_back;
mod tell;

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::plan_day::Origin;
use super::record::find_one;
use super::setup::{Charge, Setup};
use crate::domain::directory::Contact;
use crate::domain::docket::{Deciders, names_who_decides, who_decides};
use crate::domain::ids::{AgencyCode, ContactId, TaskId};
use crate::domain::obligation::{Obligation, Pending};
use crate::domain::resolution::{Resolution, Unfit};
use crate::store::events::{self, Actor};
use crate::store::{Db, Tx, contacts, obligations};

pub(super) use settle::settle_in;
pub(super) use take_back::{Standing, take_back_in};
pub(super) use tell::{item, told_by};

/// What the monitor says of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which task.
    pub task: TaskId,
    /// Which of its milestones, where it has several.
    pub milestone: Option<u16>,
    /// Whose.
    pub agency: AgencyCode,
    /// What.
    pub resolution: Resolution,
    /// Why, in the monitor's words; it is told to those who wait.
    pub reason: Option<String>,
    /// Number of the document by which it was decided: `45/SNV-CCHC`.
    pub document: Option<String>,
    /// Whose decision it is; `None` for an operator who names nobody.
    pub by: Option<ContactId>,
}

/// What is decided of one obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ruling {
    /// What.
    pub resolution: Resolution,
    /// Why, in the monitor's words.
    pub reason: Option<String>,
    /// Number of the document by which it was decided.
    pub document: Option<String>,
}

/// Where and by whom something is decided.
pub(super) struct Office<'a> {
    pub setup: &'a Setup,
    pub origin: &'a Origin,
    pub actor: Actor,
    /// The message by which it was decided.
    pub source: Option<String>,
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
}

impl<'a> Office<'a> {
    /// At a command line.
    fn at_hand(
        setup: &'a Setup,
        origin: &'a Origin,
        actor: Actor,
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            setup,
            origin,
            actor,
            source: None,
            today,
            now,
        }
    }
}

/// Who decides this at a command line: the person whose decision is recorded there, or else the operator alone, where the plan
/// leaves that open.
///
/// # Errors
/// When nobody has that id, or somebody else decides, or nobody is named where the plan says who decides.
pub(super) async fn actor(
    tx: &mut Tx,
    charge: &Charge,
    on: Pending,
    owing: &AgencyCode,
    by: Option<&ContactId>,
) -> Result<Actor, AppError> {
    let deciders = who_decides(&charge.plan, on, owing);
    let Some(id) = by else {
        if names_who_decides(&charge.plan, on) {
            return Err(nobody_named(tx, owing, on, &[deciders]).await?);
        }
        return Ok(Actor::Operator);
    };
    let contact = acting(tx, id).await?;
    if !deciders.include(&contact) {
        return Err(AppError::NotTheirs {
            contact: id.clone(),
            owing: owing.clone(),
            on,
            decide: deciders.to_string(),
        });
    }
    Ok(Actor::Contact(id.clone()))
}

/// Why nothing is decided in nobody's name: whose decision it is, with those who may be named.
pub(super) async fn nobody_named(
    tx: &mut Tx,
    owing: &AgencyCode,
    on: Pending,
    deciders: &[Deciders<'_>],
) -> Result<AppError, AppError> {
    let mut agencies: Vec<AgencyCode> = deciders.iter().map(|one| one.agency.clone()).collect();
    agencies.dedup();
    let people = contacts::list_of_agencies(tx, &agencies).await?;
    let people = people
        .into_iter()
        .filter(|one| one.active && deciders.iter().any(|these| these.include(&one.contact)));
    let mut decide: Vec<String> = deciders.iter().map(Deciders::to_string).collect();
    decide.dedup();
    Ok(AppError::NobodyNamed {
        owing: owing.clone(),
        on,
        decide: decide.join(" or "),
        people: people.map(|one| one.contact.id).collect(),
    })
}

/// The person of that id, who is still there.
///
/// # Errors
/// When nobody has it.
pub(super) async fn acting(tx: &mut Tx, id: &ContactId) -> Result<Contact, AppError> {
    let found = contacts::find(tx, id).await?.filter(|one| one.active);
    let found = found.ok_or_else(|| AppError::NoContact {
        contact: id.clone(),
    })?;
    Ok(found.contact)
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The obligation before.
    pub before: Obligation,
    /// The day of what waited.
    pub was_asked: Option<NaiveDate>,
    /// The obligation as it is now.
    pub after: Obligation,
    /// The day of what waits still, or again.
    pub asked: Option<NaiveDate>,
    /// Who is told at once.
    pub told: Vec<ContactId>,
}

/// Resolves what waits for the monitor, writes it into the ledger and tells the officers of the agency at once, in one
/// transaction. With `dry_run` nothing is changed: the answer says what would be.
///
/// # Errors
/// When there is no such obligation, it is not clear which, or nothing of it can be resolved so; nothing is changed then.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub async fn settle(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    order: &Order,
    today: NaiveDate,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Settled, AppError> {
    let mut tx = db.begin().await?;
    let fits = |one: &Obligation| order.resolution.fits(one);
    let (task, milestone, agency) = (&order.task, order.milestone, &order.agency);
    let meant = find_one(&mut tx, charge, task, milestone, agency, fits).await?;
    let ruling = Ruling {
        resolution: order.resolution,
        reason: order.reason.clone(),
        document: order.document.clone(),
    };
    let on = order.resolution.settles();
    let actor = actor(&mut tx, charge, on, agency, order.by.as_ref()).await?;
    let office = Office::at_hand(setup, origin, actor, today, now);
    let settled = settle_in(&mut tx, &office, charge, meant.id, &ruling).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(settled)
}

/// Whose decision is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Which task.
    pub task: TaskId,
    /// Which of its milestones, where it has several.
    pub milestone: Option<u16>,
    /// Whose.
    pub agency: AgencyCode,
    /// Why; it is told to those who wait.
    pub reason: Option<String>,
    /// Whose decision it is; `None` for an operator who names nobody.
    pub by: Option<ContactId>,
}

/// Takes back the last decision on an obligation, whoever took it, and tells the officers at once, in one transaction.
/// With `dry_run` nothing is changed.
///
/// # Errors
/// When there is no such obligation or decision, it is not clear which, or it has changed since.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub async fn take_back(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    what: &Revocation,
    today: NaiveDate,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Settled, AppError> {
    let mut tx = db.begin().await?;
    let filter = obligations::Filter {
        plan: Some(charge.plan.id.clone()),
        agency: Some(what.agency.clone()),
        task: Some(what.task.clone()),
        ..obligations::Filter::default()
    };
    let mut decided = Vec::new();
    for one in obligations::list(&mut tx, &filter).await? {
        let ledger = events::list_of_obligation(&mut tx, one.id).await?;
        decided.extend(Standing::last(&ledger).map(|_| one.id));
    }
    let fits = |one: &Obligation| decided.contains(&one.id);
    let (task, milestone, agency) = (&what.task, what.milestone, &what.agency);
    let meant = find_one(&mut tx, charge, task, milestone, agency, fits).await?;
    let ledger = events::list_of_obligation(&mut tx, meant.id).await?;
    let standing = Standing::last(&ledger).ok_or_else(|| AppError::Unfit {
        what: name_of(&meant),
        why: Unfit::NothingDecided,
    })?;
    let on = standing.settles();
    let actor = actor(&mut tx, charge, on, agency, what.by.as_ref()).await?;
    let office = Office::at_hand(setup, origin, actor, today, now);
    let reason = what.reason.as_deref();
    let settled = take_back_in(&mut tx, &office, charge, &standing, reason).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(settled)
}

fn name_of(one: &Obligation) -> String {
    format!("{} of {}", one.milestone, one.agency)
}

fn changed_meanwhile(one: &Obligation) -> AppError {
    AppError::WrongState {
        what: name_of(one),
        state: "not as it was a moment ago".to_owned(),
    }
}
