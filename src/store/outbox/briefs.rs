//! What the outbox knows of the briefs that its deliveries carry.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query, query_as};

use crate::domain::ids::{ContactId, ObligationId, RungId};
use crate::domain::obligation::State;
use crate::store::Tx;
use crate::store::announcements;
use crate::store::briefs::BriefKey;
use crate::store::bulk;
use crate::store::deliveries::DeliveryId;
use crate::store::error::{Doing, StoreError};
use crate::store::watermarks;
use crate::store::words::{Cell, find_state};
use crate::store::written::Text;

/// One item of a brief that is in the outbox, as things stand now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// What it is about.
    pub obligation: ObligationId,
    /// Where that stands.
    pub state: State,
    /// The rung that put it there.
    pub rung: RungId,
    /// Who is told.
    pub contact: ContactId,
}

/// What each of these deliveries carries; one that is not a brief carries nothing and is missing. Items that are no longer
/// open are dropped before sending; a brief with none left is cancelled.
///
/// # Errors
/// When the database fails.
pub async fn carried(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<HashMap<DeliveryId, Vec<Carried>>, StoreError> {
    let mut carried: HashMap<DeliveryId, Vec<Carried>> = HashMap::new();
    let found = tx.rows_as_one("d.id, o.id, o.state, i.rung, i.contact");
    let (open, close) = tx.numbers();
    for chunk in deliveries.chunks(bulk::ROWS) {
        let rows: String = on!(tx, conn => {
            QueryBuilder::new(format!(
                "SELECT {found} FROM deliveries d \
                 JOIN brief_items i ON i.contact = d.contact AND i.day = d.brief_day \
                 JOIN obligations o ON o.id = i.obligation WHERE d.id IN"
            ))
            .push(open)
            .push_bind(bulk::numbers(chunk.iter().map(|id| id.0)))
            .push(close)
            .build_query_scalar()
            .fetch_one(conn)
            .await
        })
        .doing(format_args!(
            "reading what {} deliveries are about",
            chunk.len()
        ))?;
        let mut rows: Vec<(i64, i64, Text<'_>, Text<'_>, Text<'_>)> =
            bulk::rows("brief_items", &rows)?;
        rows.sort_unstable();
        for (delivery, obligation, word, rung, contact) in rows {
            let cell = Cell {
                table: "obligations",
                row: &obligation,
                column: "state",
            };
            carried
                .entry(DeliveryId(delivery))
                .or_default()
                .push(Carried {
                    obligation: ObligationId(obligation),
                    state: cell.read(&word, find_state(&word))?,
                    rung: RungId::new(&*rung),
                    contact: ContactId::new(&*contact),
                });
        }
    }
    Ok(carried)
}

/// Which of these deliveries carry something that is no longer open.
///
/// # Errors
/// When the database fails.
pub async fn outdated(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<HashSet<DeliveryId>, StoreError> {
    if deliveries.is_empty() {
        return Ok(HashSet::new());
    }
    let (open, close) = tx.numbers();
    let ids = bulk::numbers(deliveries.iter().map(|id| id.0));
    let found: Vec<(i64,)> = on!(tx, conn => {
        QueryBuilder::new(
            "SELECT DISTINCT d.id FROM deliveries d \
             JOIN brief_items i ON i.contact = d.contact AND i.day = d.brief_day \
             JOIN obligations o ON o.id = i.obligation WHERE o.state <> 'open' AND d.id IN",
        )
        .push(open)
        .push_bind(ids)
        .push(close)
        .build_query_as()
        .fetch_all(conn)
        .await
    })
    .doing(format_args!(
        "looking for what is no longer open in {} deliveries",
        deliveries.len()
    ))?;
    Ok(found.into_iter().map(|(id,)| DeliveryId(id)).collect())
}

/// Why a brief was cancelled that a later one tells anew, or a digest.
pub const TOLD_ANEW: &str = "not sent on its day: told anew in a later brief";

/// Cancels the briefs of days before `day` that still wait, in the queue or for words, and has the planner look at what
/// they would have told on `day`. Returns how many were cancelled. One that may have arrived is told anew as well, for
/// nobody gets two briefs on one day; one that is being sent stays. End the leases of the dead first ([`super::expire`]),
/// or what they held stays too.
///
/// # Errors
/// When the database fails.
pub async fn supersede_briefs(tx: &mut Tx, day: NaiveDate) -> Result<u64, StoreError> {
    // The first of the two tests of the state is that of the index.
    let mut cancelled: Vec<(String, NaiveDate)> = on!(tx, conn => {
        query_as(
            "UPDATE deliveries SET state = 'cancelled', reason = $2
             WHERE state IN ('queued', 'leased') AND state = 'queued' AND brief_day < $1
             RETURNING contact, brief_day",
        )
        .bind(day)
        .bind(TOLD_ANEW)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("cancelling briefs of days before {day}"))?;
    let parked: Vec<(String, NaiveDate)> = on!(tx, conn => {
        query_as(
            "UPDATE briefs SET unreachable = parked, parked = NULL WHERE parked IS NOT NULL AND day < $1
             RETURNING contact, day",
        )
        .bind(day)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("ending the wait for words of days before {day}"))?;
    cancelled.extend(parked);
    let untold: Vec<_> = cancelled
        .iter()
        .map(|(contact, day)| (ContactId::new(contact.as_str()), *day))
        .collect();
    give_back(tx, &untold, day).await?;
    Ok(cancelled.len() as u64)
}

/// Cancels the digests that were made before that and still wait in the queue: the next ones speak of their days as well.
/// Returns how many. One that is being sent stays; see [`supersede_briefs`] for the leases of the dead.
///
/// # Errors
/// When the database fails.
pub async fn supersede_digests(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    on!(tx, conn => {
        // The first of the two tests of the state is that of the index.
        query(
            "UPDATE deliveries SET state = 'cancelled', reason = $2
             WHERE state IN ('queued', 'leased') AND state = 'queued' AND kind = 'digest' AND created_at < $1",
        )
        .bind(before)
        .bind(TOLD_ANEW)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("cancelling digests made before {before}"))
}

/// The digests that wait until `contact` is back need wait no longer.
///
/// # Errors
/// When the database fails.
pub async fn hand_over_digests(
    tx: &mut Tx,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE deliveries SET claimable_at = $2
             WHERE state IN ('queued', 'leased') AND state = 'queued' AND kind = 'digest' AND contact = $1 AND claimable_at > $2",
        )
        .bind(contact.as_str())
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("handing over the digests that waited for {contact}"))
}

/// Of deliveries that a dead process held, cancels the briefs of days before the one that is planned, and the digests before
/// those that were made last: whoever planned and made those could not, for they were held.
pub(super) async fn supersede_held(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let planned = watermarks::last_planned_day(tx).await?.unwrap_or_default();
    let made = watermarks::last_digest(tx).await?;
    let made = made.and_then(|(_, at)| at).unwrap_or_default();
    let (open, close) = tx.numbers();
    let ids = bulk::numbers(deliveries.iter().map(|id| id.0));
    let cancelled: Vec<(Option<String>, Option<NaiveDate>)> = on!(tx, conn => {
        QueryBuilder::new("UPDATE deliveries SET state = 'cancelled', reason = ")
            .push_bind(TOLD_ANEW)
            .push(" WHERE state = 'queued' AND (brief_day < ")
            .push_bind(planned)
            .push(" OR (kind = 'digest' AND created_at < ")
            .push_bind(made)
            .push(")) AND id IN")
            .push(open)
            .push_bind(ids)
            .push(close)
            .push(" RETURNING contact, brief_day")
            .build_query_as()
            .fetch_all(conn)
            .await
    })
    .doing("cancelling what the dead held of earlier days")?;
    let untold: Vec<BriefKey> = cancelled
        .into_iter()
        .filter_map(|(contact, day)| Some((ContactId::new(contact?), day?)))
        .collect();
    give_back(tx, &untold, planned.succ_opt().unwrap_or(planned)).await
}

/// Cancels whatever waits in the queue of one brief, and has the planner look at what it would have told on `day`. False
/// when nothing does.
///
/// # Errors
/// When the database fails.
pub async fn supersede_brief(
    tx: &mut Tx,
    brief: &BriefKey,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    let (contact, brief_day) = brief;
    let cancelled = on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'cancelled', reason = $3
             WHERE contact = $1 AND brief_day = $2 AND state = 'queued'",
        )
        .bind(contact.as_str())
        .bind(*brief_day)
        .bind(TOLD_ANEW)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!(
        "cancelling the brief of {contact} for {brief_day}"
    ))?;
    if cancelled > 0 {
        give_back(tx, std::slice::from_ref(brief), day).await?;
    }
    Ok(cancelled > 0)
}

/// Returns to the planner what these briefs would have told: they never left, or were given up. It looks at that on `day`,
/// and whoever stands in for a reader that cannot be reached is told then.
///
/// # Errors
/// When the database fails.
pub async fn give_back(tx: &mut Tx, untold: &[BriefKey], day: NaiveDate) -> Result<(), StoreError> {
    announcements::give_back(tx, untold).await?;
    for chunk in untold.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("WITH untold (contact, day) AS (")
                .push_values(chunk, |mut row, (contact, brief_day)| {
                    row.push_bind(contact.as_str()).push_bind(*brief_day);
                })
                .push(") UPDATE obligations SET next_rung_on = ")
                .push_bind(day)
                .push(" WHERE state = 'open' AND (next_rung_on IS NULL OR next_rung_on > ")
                .push_bind(day)
                .push(
                    ") AND id IN (SELECT i.obligation FROM untold JOIN brief_items i \
                     ON i.contact = untold.contact AND i.day = untold.day)",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("returning to the planner what was not told before {day}"))?;
        });
    }
    Ok(())
}
