//! A due day that was copied wrongly into the files, or that a new calendar moves, put right while the plan runs.
//!
//! The document is the plan itself: its number stands for what it says and the files did not. To everything else it is an amendment
//! of due days like any other, each obligation with its own: the day that was followed stays beside it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::whose::actor;
use super::write::Work;
use super::{Authority, Changes, Outcome, changes_of, raised};
use crate::app::AppError;
use crate::app::announce::how_told;
use crate::app::drift::{self, Difference, Drift, Filed};
use crate::app::plan_day::Origin;
use crate::app::setup::{Charge, Setup};
use crate::domain::amendment::{Change, EarlyDay, Kind};
use crate::domain::ids::ContactId;
use crate::domain::obligation::Obligation;
use crate::store::Db;

/// The plans of which the files say another due day of something, or that it is owed no longer.
///
/// # Errors
/// When the database fails.
pub async fn drifted<'s>(db: &Db, setup: &'s Setup) -> Result<Vec<&'s Charge>, AppError> {
    let mut tx = db.snapshot().await?;
    let mut drifted = Vec::new();
    for charge in &setup.charges {
        let drift = drift::read(&mut tx, setup, charge).await?;
        if !drift.differences.is_empty() {
            drifted.push(charge);
        }
    }
    Ok(drifted)
}

/// Takes the due days that the files of a plan say now, writes them into the ledger and has everybody concerned told in their next
/// brief. With `dry_run` nothing is changed: the answer says what would be. Whoever amends due days corrects them.
///
/// # Errors
/// When the files leave out what is owed, or have made something of another kind of it: that is no slip of a day; when no day is
/// another. Nothing is changed then.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub async fn correct(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    reason: String,
    by: Option<&ContactId>,
    today: NaiveDate,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Outcome, AppError> {
    let mut tx = db.begin().await?;
    let Drift { plan, differences } = drift::read(&mut tx, setup, charge).await?;
    let mut by_day: BTreeMap<(NaiveDate, Option<NaiveDate>), Vec<Obligation>> = BTreeMap::new();
    let mut others = Vec::new();
    for Difference { one, filed } in differences {
        match filed {
            Filed::Due { opens_on, due_on } => {
                by_day.entry((due_on, opens_on)).or_default().push(one);
            }
            _ => others.push(Difference { one, filed }),
        }
    }
    if !others.is_empty() {
        return Err(AppError::PlanDiffers(Box::new(Drift {
            plan,
            differences: others,
        })));
    }
    let found: Vec<Obligation> = by_day.values().flatten().cloned().collect();
    let matters = raised::read(&mut tx, &found).await?;
    let mut changes: Changes = Vec::new();
    for ((on, opens_on), moved) in by_day {
        // The day may be earlier than the window that was followed opens.
        let on_its_window = moved.iter().map(|one| Obligation {
            opens_on,
            ..one.clone()
        });
        let on_its_window = on_its_window.collect();
        let change = Change::Due { on };
        let terms = changes_of(
            &mut tx,
            setup,
            on_its_window,
            (&change, EarlyDay::Corrected),
            &matters,
        )
        .await?;
        let terms = terms.into_iter().map(|(_, terms)| terms);
        changes.extend(moved.into_iter().zip(terms));
    }
    if changes.is_empty() {
        let reasons = format!("the files of {plan} say the due days that are followed");
        return Err(AppError::NothingToAmend { reasons });
    }
    let authority = Authority {
        document: charge.plan.number.clone(),
        signed_on: Some(charge.plan.issued_on),
        reason: Some(reason),
    };
    let work = Work {
        setup,
        charge,
        authority: &authority,
        actor: actor(&mut tx, charge, by, Kind::Due, &changes).await?,
        kind: Kind::Due,
        to: &[],
        matters,
        revokes: None,
        parted: Vec::new(),
        today,
        now,
    };
    let written = work.write(&mut tx, changes).await?;
    let told = how_told(&mut tx, setup, origin, &written.told, today, now).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(written.outcome(|_| true, told, Vec::new()))
}
