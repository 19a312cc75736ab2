//! The jobs of the clock: a morning whose planning never finished, a week without its digests.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::Auditor;
use crate::app::AppError;
use crate::clock::{instant, local};
use crate::domain::directory::Role;
use crate::domain::finding::{Finding, FindingKind};
use crate::store::findings::Stored;
use crate::store::{Tx, audit, contacts, watermarks};

/// How long after its hour a job may still be under way.
const FOR_A_JOB: TimeDelta = TimeDelta::hours(1);

pub(super) async fn look(
    auditor: &Auditor<'_>,
    tx: &mut Tx,
    known: &[Stored],
    now: DateTime<Utc>,
) -> Result<Vec<Finding>, AppError> {
    let planned = watermarks::last_planned_day(tx).await?;
    let is_planned = |day: NaiveDate| planned.is_some_and(|planned| planned >= day);
    // A day stays unplanned until it, or one that tells the same, is.
    let earlier = known.iter().map(|one| &one.finding);
    let mut seen: Vec<Finding> = earlier
        .filter(|one| one.kind == FindingKind::DayNotPlanned)
        .filter(|one| one.day.is_some_and(|day| !is_planned(day)))
        .cloned()
        .collect();
    let today = local(now).date();
    if !is_planned(today) && is_planning_late(auditor, today, now) {
        seen.push(Finding {
            day: Some(today),
            ..Finding::new(
                FindingKind::DayNotPlanned,
                today.to_string(),
                format!("the briefs of {today} were not planned"),
            )
        });
    }
    seen.extend(digest(auditor, tx, today, now).await?);
    Ok(seen)
}

fn is_planning_late(auditor: &Auditor<'_>, today: NaiveDate, now: DateTime<Utc>) -> bool {
    // Who begins to work after the hours of sending plans nothing that day.
    let hour = auditor.setup.brief_time(today).filter(|at| {
        let begun = local((*at).max(auditor.since));
        auditor.setup.is_sendable(begun) && begun.date() == today
    });
    hour.is_some_and(|at| auditor.is_late(at, now, FOR_A_JOB))
}

/// The digests of the schedule's last day, if they should have left and did not.
async fn digest(
    auditor: &Auditor<'_>,
    tx: &mut Tx,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<Finding>, AppError> {
    let setup = auditor.setup;
    let Some((nominal, leaves_on)) = setup.digest_of(today) else {
        return Ok(None);
    };
    let at = instant(leaves_on.and_time(nominal.time()));
    let may_leave = setup.is_sendable(local(at.max(auditor.since)));
    if leaves_on > today || !may_leave || !auditor.is_late(at, now, FOR_A_JOB) {
        return Ok(None);
    }
    let is_missing = match watermarks::last_digest_day(tx).await? {
        Some(last) if last >= nominal.date() => {
            let since = instant(leaves_on.and_time(NaiveTime::MIN));
            audit::count_digests(tx, since).await? == 0 && has_reader(auditor, tx, at).await?
        }
        Some(_) => true,
        // What started in the middle of a week has no week to look back on.
        None => leaves_on == today && has_reader(auditor, tx, at).await?,
    };
    let day = nominal.date();
    Ok(is_missing.then(|| Finding {
        day: Some(day),
        ..Finding::new(
            FindingKind::DigestNotSent,
            day.to_string(),
            format!("the digests of {day} were not sent"),
        )
    }))
}

/// Whether somebody who watches a plan that was in force by then could be reached.
async fn has_reader(
    auditor: &Auditor<'_>,
    tx: &mut Tx,
    at: DateTime<Utc>,
) -> Result<bool, AppError> {
    let day = local(at).date();
    let charges = auditor.setup.charges.iter();
    let running = charges.filter(|one| one.plan.issued_on < day);
    let monitors: Vec<_> = running.map(|one| one.plan.monitor.clone()).collect();
    let people = contacts::list_of_agencies(tx, &monitors).await?;
    Ok(people.iter().any(|one| {
        let mut channels = one.contact.channels.iter();
        let configured = &auditor.origin.channels;
        one.contact.role != Role::Deputy
            && one.created_at < at
            && channels.any(|(channel, _)| configured.contains(channel))
    }))
}
