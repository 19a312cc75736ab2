//! The auditor: whether everything that fell due has a delivery, a fallback or a recorded reason.
//!
//! It works that out from the obligations, the ladders that hold for them, the calendar and what was told, and calls nothing
//! of the code that planned: what the planner forgets is found here. What it finds is an error in the log, a row that is
//! counted in metrics, and stands on top of the next digest. A look reads what fell due since the last one, by indexes.

mod fallen;
mod offices;
mod outbox;
mod owners;
mod rungs;
mod schedule;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::AppError;
use super::plan_day::Origin;
use super::setup::Setup;
use crate::clock::instant;
use crate::domain::delivery::RetrySchedule;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ids::{ContactId, PlanId};
use crate::store::findings::{self, Stored};
use crate::store::{Db, Known, Tx, audit, watermarks};

/// How many findings of a kind one look notes: a planner that fails for everybody needs no million of rows to say so.
const MOST: usize = 1000;
/// How many of them are logged one by one.
const LOGGED: usize = 20;

/// Who came back from an absence on that day or since.
async fn returned_since(
    setup: &Setup,
    tx: &mut Tx,
    day: NaiveDate,
) -> Result<HashSet<ContactId>, AppError> {
    let charges = setup.charges.iter();
    let plans: Vec<PlanId> = charges.map(|one| one.plan.id.clone()).collect();
    let morning = instant(day.and_time(NaiveTime::MIN));
    let returned = audit::list_returned(tx, &plans, morning).await?;
    Ok(returned.into_iter().collect())
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// What fell due since the last look.
    Hourly,
    /// The same, and all of the day that ends.
    EndOfDay,
}

/// Looks at an installation.
#[derive(Clone, Copy, Debug)]
pub struct Auditor<'a> {
    /// Where everything is.
    pub db: &'a Db,
    /// Plans, ladder, calendar, schedules.
    pub setup: &'a Setup,
    /// The channels that are configured.
    pub origin: &'a Origin,
    /// How deliveries are tried.
    pub retry: &'a RetrySchedule,
    /// Since when somebody works: what waited through an outage is not late before it could be dealt with.
    pub since: DateTime<Utc>,
}

/// What a look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// What was not known before.
    pub fresh: Vec<Finding>,
    /// How much stands in all.
    pub open: usize,
    /// How much of what was known is mended.
    pub mended: usize,
}

/// The days whose rungs are looked at.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// The first.
    from: NaiveDate,
    /// The last: the last one that was planned.
    to: NaiveDate,
    /// When that was planned. What changed since was not there for the planner, and is told by the next brief.
    planned_at: DateTime<Utc>,
}

impl Auditor<'_> {
    /// Looks, notes what it finds, and says it in the log.
    ///
    /// # Errors
    /// When the database fails; the next look sees the same.
    pub async fn look(&self, look: Look, now: DateTime<Utc>) -> Result<Audited, AppError> {
        let mut tx = self.db.snapshot().await?;
        let known = findings::list_open(&mut tx, Known::NOW).await?;
        let window = self.window(&mut tx, look).await?;
        let mut seen = outbox::look(self, &mut tx, now).await?;
        seen.extend(schedule::look(self, &mut tx, &known, now).await?);
        seen.extend(owners::look(self.setup, &mut tx).await?);
        if let Some(window) = window {
            seen.extend(rungs::look(self.setup, &mut tx, window).await?);
            seen.extend(outbox::briefs(&mut tx, window.from, window.to).await?);
        }
        seen.extend(still_standing(&mut tx, &known).await?);
        drop(tx);

        let seen = limited(seen);
        let keys: BTreeSet<(FindingKind, &str)> = seen.iter().map(key).collect();
        let mended: Vec<(FindingKind, String)> = known
            .iter()
            .map(|one| (one.finding.kind, one.finding.subject.clone()))
            .filter(|(kind, subject)| !keys.contains(&(*kind, subject)))
            .collect();
        let mut tx = self.db.begin().await?;
        findings::note(&mut tx, &seen, now).await?;
        findings::clear(&mut tx, &mended, now).await?;
        if let Some(window) = window {
            watermarks::mark_audited(&mut tx, window.to, now).await?;
        }
        tx.commit().await?;
        let before: BTreeSet<(FindingKind, &str)> =
            known.iter().map(|one| key(&one.finding)).collect();
        let is_fresh = |one: &&Finding| !before.contains(&key(one));
        let audited = Audited {
            fresh: seen.iter().filter(is_fresh).cloned().collect(),
            open: seen.len(),
            mended: mended.len(),
        };
        tell(&audited, &seen);
        Ok(audited)
    }

    /// The days that are to be looked at. None when nothing was planned since the last look, or when the files changed since:
    /// by what they say now the planner has not planned yet.
    async fn window(&self, tx: &mut Tx, look: Look) -> Result<Option<Window>, AppError> {
        let Some((to, planned_at)) = watermarks::last_planned(tx).await? else {
            return Ok(None);
        };
        if audit::last_loaded(tx)
            .await?
            .is_some_and(|at| at > planned_at)
        {
            return Ok(None);
        }
        let audited = watermarks::last_audited_day(tx).await?;
        let from = audited.and_then(|day| day.succ_opt()).unwrap_or(to);
        let from = match look {
            Look::Hourly => from,
            Look::EndOfDay => from.min(to),
        };
        Ok((from <= to).then_some(Window {
            from,
            to,
            planned_at,
        }))
    }

    /// So long after an hour that was set a job may still be under way.
    fn is_late(&self, set: DateTime<Utc>, now: DateTime<Utc>, patience: TimeDelta) -> bool {
        now >= set.max(self.since) + patience
    }
}

fn key(finding: &Finding) -> (FindingKind, &str) {
    (finding.kind, &finding.subject)
}

/// What is known of days that are looked at once, and is not mended yet.
async fn still_standing(tx: &mut Tx, known: &[Stored]) -> Result<Vec<Finding>, AppError> {
    let of = |kind| -> Vec<&Finding> {
        let known = known.iter().map(|one| &one.finding);
        known.filter(|one| one.kind == kind).collect()
    };
    let mut standing = rungs::still_untold(tx, &of(FindingKind::RungNotTold)).await?;
    standing.extend(outbox::still_unsent(tx, &of(FindingKind::BriefNotSent)).await?);
    Ok(standing)
}

/// Each once, and no more than so many of a kind.
fn limited(seen: Vec<Finding>) -> Vec<Finding> {
    let mut by_kind: BTreeMap<FindingKind, BTreeMap<String, Finding>> = BTreeMap::new();
    for one in seen {
        let of_kind = by_kind.entry(one.kind).or_default();
        of_kind.entry(one.subject.clone()).or_insert(one);
    }
    let mut limited = Vec::new();
    for (kind, findings) in by_kind {
        let in_all = findings.len();
        if in_all > MOST {
            tracing::error!(
                kind = kind.as_str(),
                in_all,
                noted = MOST,
                "the auditor found more of a kind than it notes"
            );
        }
        limited.extend(findings.into_values().take(MOST));
    }
    limited
}

fn tell(audited: &Audited, seen: &[Finding]) {
    for one in audited.fresh.iter().take(LOGGED) {
        let (kind, subject, detail) = (one.kind.as_str(), &one.subject, &one.detail);
        tracing::error!(
            kind,
            subject,
            detail,
            "the auditor found something that is owed and has no reason"
        );
    }
    for kind in FindingKind::ALL {
        let open = seen.iter().filter(|one| one.kind == kind).count();
        if open > 0 {
            tracing::error!(
                kind = kind.as_str(),
                open,
                "findings stand: see `dondoc audit`"
            );
        }
    }
    if audited.mended > 0 {
        tracing::info!(
            mended = audited.mended,
            "what the auditor had found is mended"
        );
    }
}
