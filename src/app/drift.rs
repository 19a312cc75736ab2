//! Whether the files of a plan that is followed still say what was agreed when its obligations were opened.
//!
//! A plan that runs keeps its text: what changes it is a numbered document, recorded by `dondoc amend`, and the days before stay as
//! they were told. Files by which a due day would move, or something would be owed no longer or by somebody else, are therefore
//! not taken. Words may be put right at any time: nothing counts by them. So may the files follow a document that was recorded.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::NaiveDate;

use super::AppError;
use super::import::wanted;
use super::setup::{Charge, Setup};
use crate::domain::amendment::Kind;
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::plan::MilestoneKind;
use crate::store::amendments::Amendment;
use crate::store::obligations::{self, Filter, NewObligation};
use crate::store::{Db, Tx, amendments, plans};

/// What the files say of something that is owed, where that is not what was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filed {
    /// Another due day.
    Due {
        /// First day of its window.
        opens_on: Option<NaiveDate>,
        /// Last compliant day.
        due_on: NaiveDate,
    },
    /// Something of another kind: without a due day, or waiting for an event.
    Kind(MilestoneKind),
    /// Not that this agency owes it.
    NotTheirs,
    /// Nothing: the row or the milestone is gone.
    Nothing,
}

/// One obligation of which the files say something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As it is followed.
    pub one: Obligation,
    /// What the files say.
    pub filed: Filed,
}

/// All of a plan of which its files say something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The plan.
    pub plan: PlanId,
    /// In the order of due days.
    pub differences: Vec<Difference>,
}

/// Refuses files that differ from those which the database was made of, where something that is owed is not in them as it was
/// agreed.
///
/// # Errors
/// [`AppError::PlanDiffers`], or when the database fails.
pub(super) async fn refuse(
    tx: &mut Tx,
    setup: &Setup,
    charge: &Charge,
    loaded_before: &str,
) -> Result<(), AppError> {
    if setup.is_of_files(charge, loaded_before) {
        return Ok(());
    }
    let drift = read(tx, setup, charge).await?;
    if drift.differences.is_empty() {
        return Ok(());
    }
    Err(AppError::PlanDiffers(Box::new(drift)))
}

/// Gives the database back where the same holds for every plan in it, and closes it otherwise.
///
/// # Errors
/// [`AppError::PlanDiffers`], or when the database fails.
pub(super) async fn refused(db: Db, setup: &Setup) -> Result<Db, AppError> {
    match refuse_any(&db, setup).await {
        Ok(()) => Ok(db),
        Err(error) => {
            db.close().await;
            Err(error)
        }
    }
}

/// Refuses files that give a plan which is followed another id: it would be followed from the start, and the old one no longer.
///
/// # Errors
/// [`AppError::PlanRenamed`], or when the database fails.
pub(super) async fn refuse_renamed(tx: &mut Tx, setup: &Setup) -> Result<(), AppError> {
    let stored = plans::list(tx).await?;
    let is_stored = |id: &PlanId| stored.iter().any(|plan| plan.id == *id);
    for plan in stored.iter().filter(|plan| setup.find(&plan.id).is_none()) {
        let mut new = setup.charges.iter().filter(|one| !is_stored(&one.plan.id));
        let Some(renamed) = new.find(|one| one.plan.number == plan.number) else {
            continue;
        };
        return Err(AppError::PlanRenamed {
            stored: plan.id.clone(),
            filed: renamed.plan.id.clone(),
            number: plan.number.clone(),
        });
    }
    Ok(())
}

async fn refuse_any(db: &Db, setup: &Setup) -> Result<(), AppError> {
    let mut tx = db.snapshot().await?;
    for stored in plans::list(&mut tx).await? {
        if let Some(charge) = setup.find(&stored.id) {
            refuse(&mut tx, setup, charge, &stored.fingerprint).await?;
        }
    }
    Ok(())
}

/// Compares what is owed with the files.
pub(super) async fn read(tx: &mut Tx, setup: &Setup, charge: &Charge) -> Result<Drift, AppError> {
    let filter = Filter {
        plan: Some(charge.plan.id.clone()),
        ..Filter::default()
    };
    let stored = obligations::list(tx, &filter).await?;
    let given = given(tx, charge).await?;
    let wanted = wanted(charge, &setup.ladder, &setup.calendar);
    let by_key: HashMap<(&MilestoneId, &AgencyCode), &NewObligation> = wanted
        .iter()
        .map(|one| ((&one.milestone, &one.agency), one))
        .collect();
    let differences = stored.into_iter().filter_map(|one| {
        let filed = match by_key.get(&(&one.milestone, &one.agency)) {
            Some(wanted) => filed(
                &one,
                wanted,
                given.get(&one.id).unwrap_or(&Given::default()),
            )?,
            // What a document gave to its agency stands in no lead cell.
            None if one.taken_from.is_some() && charge.owes(&one) => return None,
            None if charge.find(&one.milestone).is_some() => Filed::NotTheirs,
            None => Filed::Nothing,
        };
        Some(Difference { one, filed })
    });
    Ok(Drift {
        plan: charge.plan.id.clone(),
        differences: differences.collect(),
    })
}

/// The due days that documents have given to an obligation.
#[derive(Default)]
struct Given {
    /// All of them.
    days: HashSet<NaiveDate>,
    /// The one that the files say since they were put right.
    corrected: Option<NaiveDate>,
}

/// What the documents of a plan have given, and its own number where it was put right.
async fn given(tx: &mut Tx, charge: &Charge) -> Result<HashMap<ObligationId, Given>, AppError> {
    let all = amendments::list(tx, Some(&charge.plan.id)).await?;
    let is_correction = |one: &&Amendment| {
        one.entry.kind == Kind::Due
            && one.entry.document == charge.plan.number
            && one.revoked_by.is_none()
    };
    let corrections: HashSet<i64> = all.iter().filter(is_correction).map(|one| one.id).collect();
    let mut given: HashMap<ObligationId, Given> = HashMap::new();
    for (number, item) in amendments::list_items_of_plan(tx, &charge.plan.id).await? {
        if item.kind == Kind::Due {
            let given = given.entry(item.obligation).or_default();
            given.days.extend(item.amended.now.due_on);
            if corrections.contains(&number) {
                given.corrected = item.amended.now.due_on;
            }
        }
    }
    Ok(given)
}

/// What the files say of `one`, where they would move it. What is owed no longer keeps its days whatever they say, and so does what
/// an event dated. What runs on a day of its own, by an extension or a document, is concerned by a later one alone; the files may say
/// what documents have given it too.
fn filed(one: &Obligation, wanted: &NewObligation, given: &Given) -> Option<Filed> {
    let is_over = one.state == State::Cancelled;
    if is_over || (one.kind == MilestoneKind::Event && wanted.kind == MilestoneKind::Event) {
        return None;
    }
    if one.kind != wanted.kind {
        return Some(Filed::Kind(wanted.kind));
    }
    let (due_on, now) = (wanted.due_on?, one.due_on?);
    let filed_before = given.corrected.or(one.original_due_on)?;
    let moves = if now == filed_before {
        due_on != filed_before
    } else {
        due_on != filed_before && due_on > now && !given.days.contains(&due_on)
    };
    moves.then_some(Filed::Due {
        opens_on: wanted.opens_on,
        due_on,
    })
}

/// So many rows are named, and so many agencies of each.
const NAMED: usize = 10;
const AGENCIES: usize = 3;

impl fmt::Display for Drift {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = &self.plan;
        write!(
            out,
            "the files of plan {plan} do not say what is followed, and are not taken:"
        )?;
        let mut rows: Vec<(&Difference, Vec<&str>)> = Vec::new();
        for difference in &self.differences {
            let is_same = |row: &&mut (&Difference, Vec<&str>)| {
                row.0.one.milestone == difference.one.milestone
                    && row.0.filed == difference.filed
                    && row.0.one.due_on == difference.one.due_on
            };
            let agency = difference.one.agency.as_str();
            match rows.iter_mut().find(is_same) {
                Some((_, agencies)) => agencies.push(agency),
                None => rows.push((difference, vec![agency])),
            }
        }
        for (difference, agencies) in rows.iter().take(NAMED) {
            let mut named = agencies.iter().take(AGENCIES).copied().collect::<Vec<_>>();
            let more = format!("{} others", agencies.len().saturating_sub(AGENCIES));
            if agencies.len() > AGENCIES {
                named.push(&more);
            }
            let milestone = &difference.one.milestone;
            write!(out, "\n  {milestone} of {}: {difference}", named.join(", "))?;
        }
        if rows.len() > NAMED {
            write!(out, "\n  and {} other milestones", rows.len() - NAMED)?;
        }
        let is_moved = |one: &Difference| matches!(one.filed, Filed::Due { .. });
        write!(
            out,
            "\nput plan.toml back as it was: a plan that runs keeps its text, and days that are over are told from it; what a document \
             changes is recorded by its number with `dondoc amend due`, `begin`, `suspend`, `cancel` or `transfer`, and a row that it adds \
             gets an id of its own and `added_by`"
        )?;
        if self.differences.iter().any(is_moved) {
            write!(
                out,
                "; a due day that was copied wrongly, or that a new calendar moves, is put right by `dondoc amend correct --reason … --dry-run`"
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Obligation {
            kind,
            due_on,
            agency,
            ..
        } = &self.one;
        match (self.filed, due_on) {
            (Filed::Due { due_on: filed, .. }, Some(due_on)) => {
                write!(out, "due {due_on}, by the files {filed}")
            }
            (Filed::Due { due_on: filed, .. }, None) => write!(out, "by the files due {filed}"),
            (Filed::Kind(filed), Some(due_on)) if *kind == MilestoneKind::Due => {
                write!(out, "due {due_on}, by the files {}", filed.as_str())
            }
            (Filed::Kind(filed), _) => {
                write!(out, "{}, by the files {}", kind.as_str(), filed.as_str())
            }
            (Filed::NotTheirs, _) => {
                write!(out, "followed, and by the files {agency} does not lead it")
            }
            (Filed::Nothing, _) => write!(out, "followed, and not in the files"),
        }
    }
}
