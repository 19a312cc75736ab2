//! What stands in the inbox and the outbox, and should not.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::Auditor;
use crate::app::AppError;
use crate::clock::instant;
use crate::domain::absence::Absences;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ids::{ContactId, PlanId};
use crate::store::audit::{self, Waiting};
use crate::store::briefs::BriefKey;
use crate::store::{Tx, absences, watermarks};

/// For how long what came in may wait: it is dealt with within a second.
const FOR_REPLIES: TimeDelta = TimeDelta::minutes(30);
/// What a delivery that could be tried may wait at least, for its turn under the limits of a provider.
const FOR_A_TURN: Duration = Duration::from_hours(1);

pub(super) async fn look(
    auditor: &Auditor<'_>,
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Vec<Finding>, AppError> {
    let mut seen = Vec::new();
    // As long as the longest wait of the schedule: for that long a channel whose access was refused is left alone.
    let longest = auditor.retry.0.iter().max().copied().unwrap_or_default();
    let patience = TimeDelta::from_std(longest.max(FOR_A_TURN)).unwrap_or(TimeDelta::days(1));
    if auditor.is_late(auditor.since, now, patience) {
        let overdue = audit::list_overdue(tx, now - patience).await?;
        seen.extend(overdue.iter().map(|one| {
            let what = format!("could have been tried since {}", one.claimable_at);
            delivery(FindingKind::DeliveryOverdue, one, &what)
        }));
    }
    if auditor.is_late(auditor.since, now, FOR_REPLIES) {
        let unapplied = audit::list_unapplied(tx, now - FOR_REPLIES).await?;
        seen.extend(unapplied.iter().map(|(id, at)| {
            let detail = format!("message {id} came in at {at} and was not dealt with");
            Finding::new(FindingKind::ReplyNotApplied, id.to_string(), detail)
        }));
    }
    let unexplained = audit::list_unexplained(tx).await?;
    seen.extend(unexplained.iter().map(|one| {
        let what = "without a reason and without another in its place";
        delivery(FindingKind::DeliveryUnexplained, one, what)
    }));
    seen.extend(amendments(auditor, tx).await?);
    Ok(seen)
}

fn delivery(kind: FindingKind, one: &Waiting, what: &str) -> Finding {
    let id = one.delivery;
    Finding {
        contact: one.contact.clone(),
        ..Finding::new(
            kind,
            id.to_string(),
            format!("delivery {id} is {}, {what}", one.state),
        )
    }
}

/// Changes of a plan that the last briefs should have told.
async fn amendments(auditor: &Auditor<'_>, tx: &mut Tx) -> Result<Vec<Finding>, AppError> {
    let Some((day, planned_at)) = watermarks::last_planned(tx).await? else {
        return Ok(Vec::new());
    };
    let untold = audit::list_untold(tx, day, planned_at).await?;
    if untold.is_empty() {
        return Ok(Vec::new());
    }
    // Who is away is told when back.
    let away = Absences::new(absences::list(tx, day).await?);
    let charges = auditor.setup.charges.iter();
    let plans: Vec<PlanId> = charges.map(|one| one.plan.id.clone()).collect();
    let morning = instant(day.and_time(NaiveTime::MIN));
    let returned = audit::list_returned(tx, &plans, morning).await?;
    let returned: HashSet<ContactId> = returned.into_iter().collect();
    let untold = untold.into_iter();
    let found = untold
        .filter(|one| away.on(&one.contact, day).is_none() && !returned.contains(&one.contact))
        .map(|one| Finding {
            plan: Some(one.plan),
            contact: Some(one.contact.clone()),
            ..Finding::new(
                FindingKind::AmendmentNotTold,
                format!("{}/{}", one.amendment, one.contact),
                format!(
                    "amendment {} was not told to {} by {day}",
                    one.amendment, one.contact
                ),
            )
        });
    Ok(found.collect())
}

/// The briefs of these days without a delivery and without a reason.
pub(super) async fn briefs(
    tx: &mut Tx,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Finding>, AppError> {
    let unsent = audit::list_unsent_briefs(tx, from, to).await?;
    Ok(unsent.into_iter().map(unsent_brief).collect())
}

fn unsent_brief((contact, day): BriefKey) -> Finding {
    Finding {
        contact: Some(contact.clone()),
        day: Some(day),
        ..Finding::new(
            FindingKind::BriefNotSent,
            format!("{contact}/{day}"),
            format!("the brief of {contact} for {day} has no delivery and no reason why not"),
        )
    }
}

/// Which of these have no delivery still.
pub(super) async fn still_unsent(
    tx: &mut Tx,
    known: &[&Finding],
) -> Result<Vec<Finding>, AppError> {
    let days: BTreeSet<NaiveDate> = known.iter().filter_map(|one| one.day).collect();
    let subjects: HashSet<&str> = known.iter().map(|one| one.subject.as_str()).collect();
    let mut standing = Vec::new();
    for day in days {
        let unsent = briefs(tx, day, day).await?.into_iter();
        standing.extend(unsent.filter(|one| subjects.contains(one.subject.as_str())));
    }
    Ok(standing)
}
