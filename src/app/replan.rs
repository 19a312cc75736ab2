//! A clock that ran ahead and is right again: what it planned for days that have not come is taken back, and planned anew.
//!
//! Nothing can take back a message that has left. It counts for none of the reminders that follow, so that nobody loses one
//! over a clock; whoever got it is told again when the day comes.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::AppError;
use super::setup::Setup;
use crate::clock::{instant, local};
use crate::domain::finding::FindingKind;
pub use crate::store::ahead::TakenBack;
use crate::store::{Db, Known, Tx, ahead, findings, obligations, watermarks};

/// Why a message of a day to come never leaves.
const WHY: &str = "planned by a clock that ran ahead; its day is planned anew";

/// What planning anew begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replanned {
    /// How far the jobs had come.
    pub was: NaiveDate,
    /// The last day that counts as planned now; `None`: no day does.
    pub planned: Option<NaiveDate>,
    /// What was taken back.
    pub taken: TakenBack,
}

/// Takes back what was planned for days after today, in one transaction; in a dry run nothing is kept of it. `None` when
/// nothing was.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn replan(
    db: &Db,
    setup: &Setup,
    now: DateTime<Utc>,
    is_dry: bool,
) -> Result<Option<Replanned>, AppError> {
    let today = local(now).date();
    let mut tx = db.begin().await?;
    let furthest = watermarks::furthest(&mut tx).await?;
    let Some(was) = furthest.filter(|day| *day > today) else {
        return Ok(None);
    };
    let taken = ahead::take_back(&mut tx, today, now, WHY).await?;
    let planned = ahead::last_told_day(&mut tx, today).await?;
    let digest = digest_made(&mut tx, setup, today, now).await?;
    watermarks::set_back(&mut tx, today, planned, digest, now).await?;
    for charge in &setup.charges {
        obligations::look_again(&mut tx, &charge.plan.id, today).await?;
    }
    let known = findings::list_open(&mut tx, Known::NOW).await?.into_iter();
    let ahead = known.filter(|one| one.finding.day.is_some_and(|day| day > today));
    let ahead: Vec<(FindingKind, String)> = ahead
        .map(|one| (one.finding.kind, one.finding.subject))
        .collect();
    findings::clear(&mut tx, &ahead, now).await?;
    if !is_dry {
        tx.commit().await?;
    }
    Ok(Some(Replanned {
        was,
        planned,
        taken,
    }))
}

/// The last day of the schedule whose digests were made, and when; made they are if any were since they should leave.
async fn digest_made(
    tx: &mut Tx,
    setup: &Setup,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<(NaiveDate, Option<DateTime<Utc>>)>, AppError> {
    let Some((nominal, leaves_on)) = setup.digest_of(today) else {
        return Ok(None);
    };
    let made = ahead::last_digest_made(tx, now).await?;
    let is_made = made.is_some_and(|at| at >= instant(leaves_on.and_time(NaiveTime::MIN)));
    let last = if is_made {
        Some(nominal.date())
    } else {
        nominal.date().pred_opt()
    };
    Ok(last.map(|day| (day, made)))
}
