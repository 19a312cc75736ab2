//! Moving deliveries through the outbox: claim with a lease, release, cancel, reroute, retry by hand.
//!
//! Claim in a short transaction and commit; send outside any transaction; note the attempt (`attempts`). The lease of a
//! dead process ends by itself and its rows are claimed again.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query, query_as};

use super::Tx;
use super::addresses;
use super::bulk;
use super::deliveries::{self, Delivery, DeliveryId, DeliveryState, NewDelivery, Row, columns};
use super::error::{Doing, StoreError};
use super::words::{Cell, find_state};
use crate::domain::delivery::Channel;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;

/// A delivery that the claimer may send until its lease ends (`delivery.claimable_at`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The delivery.
    pub delivery: Delivery,
    /// Whether an earlier attempt may have arrived: it was cut after the request was written, or its process died.
    pub may_have_arrived: bool,
}

/// Who claims what.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The claiming process; another name for each start of it.
    pub owner: &'a str,
    /// For which channel.
    pub channel: Channel,
    /// Now.
    pub now: DateTime<Utc>,
    /// The end of the lease.
    pub until: DateTime<Utc>,
    /// At most so many.
    pub limit: u32,
}

/// Claims what is to be sent now, oldest first: queued, or leased by somebody whose lease has ended. On PostgreSQL
/// rows that another claimer is just taking are passed over. Commit at once.
///
/// An attempt that a dead process left without an end is closed here as unknown.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, claim: &Claim<'_>) -> Result<Vec<Claimed>, StoreError> {
    let lock = tx.skip_locked();
    let rows = on!(tx, conn => {
        QueryBuilder::new("WITH due AS MATERIALIZED (SELECT id FROM deliveries WHERE channel = ")
            .push_bind(claim.channel.as_str())
            .push(" AND state IN ('queued', 'leased') AND claimable_at <= ")
            .push_bind(claim.now)
            .push(" ORDER BY claimable_at, id LIMIT ")
            .push_bind(i64::from(claim.limit))
            .push(lock)
            .push(") UPDATE deliveries SET state = 'leased', lease_owner = ")
            .push_bind(claim.owner)
            .push(", claimable_at = ")
            .push_bind(claim.until)
            .push(concat!(" WHERE id IN (SELECT id FROM due) RETURNING ", columns!()))
            .build_query_as::<Row>()
            .fetch_all(conn)
            .await
    })
    .doing(format_args!(
        "claiming deliveries on {}",
        claim.channel.as_str()
    ))?;
    let mut claimed = rows
        .into_iter()
        .map(Delivery::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|delivery| (delivery.created_at, delivery.id));
    let tried: Vec<_> = claimed
        .iter()
        .filter(|one| one.attempts > 0)
        .map(|one| one.id)
        .collect();
    let uncertain = close_cut_attempts(tx, &tried, claim.now).await?;
    Ok(claimed
        .into_iter()
        .map(|delivery| Claimed {
            may_have_arrived: uncertain.contains(&delivery.id),
            delivery,
        })
        .collect())
}

/// Closes attempts without an end as unknown, and names the deliveries with an unknown attempt.
async fn close_cut_attempts(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
    now: DateTime<Utc>,
) -> Result<HashSet<DeliveryId>, StoreError> {
    let mut uncertain = HashSet::new();
    let doing = "closing attempts that were cut";
    for chunk in deliveries.chunks(bulk::ROWS) {
        let found: Vec<(i64,)> = on!(tx, conn => {
            QueryBuilder::new("UPDATE attempts SET outcome = 'unknown', reason = 'the sender died', finished_at = ")
                .push_bind(now)
                .push(" WHERE finished_at IS NULL AND delivery IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .build()
                .persistent(false)
                .execute(&mut *conn)
                .await
                .doing(doing)?;
            QueryBuilder::new("SELECT DISTINCT delivery FROM attempts WHERE outcome = 'unknown' AND delivery IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .build_query_as()
                .persistent(false)
                .fetch_all(conn)
                .await
                .doing(doing)?
        });
        uncertain.extend(found.into_iter().map(|(id,)| DeliveryId(id)));
    }
    Ok(uncertain)
}

/// Gives back what `owner` holds and has no attempt under way for; the rest waits for its outcome or the lease's end.
/// Returns how many went back.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx, owner: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'queued', lease_owner = NULL, claimable_at = $1
             WHERE state IN ('queued', 'leased') AND lease_owner = $2 AND NOT EXISTS (
                 SELECT 1 FROM attempts WHERE attempts.delivery = deliveries.id AND attempts.finished_at IS NULL)",
        )
        .bind(now)
        .bind(owner)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("releasing the deliveries of {owner}"))
}

/// Cancels a delivery that nobody has sent yet, with the reason. False when it is settled already, or somebody else than
/// `holder` is sending it; `None` stands for nobody.
///
/// # Errors
/// When the database fails.
pub async fn cancel(
    tx: &mut Tx,
    delivery: DeliveryId,
    holder: Option<&str>,
    reason: &str,
) -> Result<bool, StoreError> {
    let cancelled = on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'cancelled', lease_owner = NULL, reason = $1
             WHERE id = $2 AND (state IN ('queued', 'failed', 'unknown') OR (state = 'leased' AND lease_owner = $3))",
        )
        .bind(reason)
        .bind(delivery.0)
        .bind(holder)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("cancelling delivery {delivery}"))?;
    Ok(cancelled == 1)
}

/// Puts a delivery that `owner` holds back into the queue, not to be sent before `until`. False when the lease was lost.
///
/// # Errors
/// When the database fails.
pub async fn postpone(
    tx: &mut Tx,
    delivery: DeliveryId,
    owner: &str,
    until: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let postponed = on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'queued', lease_owner = NULL, claimable_at = $1
             WHERE id = $2 AND state = 'leased' AND lease_owner = $3",
        )
        .bind(until)
        .bind(delivery.0)
        .bind(owner)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("postponing delivery {delivery}"))?;
    Ok(postponed == 1)
}

/// Cancels the briefs of days before `day` that still wait, and has the planner look at what they would have told on
/// `day`. Returns how many were cancelled. One that is being sent, or may have arrived, stays.
///
/// # Errors
/// When the database fails.
pub async fn supersede_briefs(tx: &mut Tx, day: NaiveDate) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE obligations SET next_rung_on = $1
             WHERE state = 'open' AND (next_rung_on IS NULL OR next_rung_on > $1) AND id IN (
                 SELECT i.obligation FROM deliveries d
                 JOIN brief_items i ON i.contact = d.contact AND i.day = d.brief_day
                 WHERE d.state = 'queued' AND d.brief_day < $1)",
        )
        .bind(day)
        .execute(&mut *conn)
        .await
        .doing(format_args!("returning to the planner what was not sent before {day}"))?;
        query(
            "UPDATE deliveries SET state = 'cancelled', reason = 'not sent on its day: told anew in a later brief'
             WHERE state = 'queued' AND brief_day < $1",
        )
        .bind(day)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
        .doing(format_args!("cancelling briefs of days before {day}"))
    })
}

/// Queues a delivery again that failed, is unknown or was cancelled: by hand, by an operator. False in any other state.
///
/// # Errors
/// When the database fails.
pub async fn retry(
    tx: &mut Tx,
    delivery: DeliveryId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let queued = on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'queued', claimable_at = $1
             WHERE id = $2 AND state IN ('failed', 'unknown', 'cancelled')",
        )
        .bind(now)
        .bind(delivery.0)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("queueing delivery {delivery} again"))?;
    Ok(queued == 1)
}

/// After a rejection: marks the address of `failed` dead and queues `next`, the same message for the contact's next
/// channel, in its place; `None` when the contact has no other. Call it in the transaction that noted the rejection.
/// False, with nothing queued, when the delivery has not failed or was rerouted before.
///
/// # Errors
/// When the database fails.
pub async fn reroute(
    tx: &mut Tx,
    failed: DeliveryId,
    reason: &str,
    next: Option<&NewDelivery>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(delivery) = deliveries::find(tx, failed).await? else {
        return Ok(false);
    };
    if delivery.state != DeliveryState::Failed || is_rerouted(tx, failed).await? {
        return Ok(false);
    }
    addresses::mark_dead(
        tx,
        delivery.message.channel,
        &delivery.message.address,
        reason,
        now,
    )
    .await?;
    if let Some(next) = next {
        deliveries::insert_rerouted(tx, &[(next, Some(failed))], now).await?;
    }
    Ok(true)
}

async fn is_rerouted(tx: &mut Tx, failed: DeliveryId) -> Result<bool, StoreError> {
    let found: Option<(i64,)> = on!(tx, conn => {
        query_as("SELECT id FROM deliveries WHERE reroutes = $1").bind(failed.0).fetch_optional(conn).await
    })
    .doing(format_args!("looking for what replaces delivery {failed}"))?;
    Ok(found.is_some())
}

/// Replaces the words of a delivery that `owner` holds, because items were dropped from it. False when the lease was
/// lost.
///
/// # Errors
/// When the database fails.
pub async fn rewrite(
    tx: &mut Tx,
    delivery: DeliveryId,
    owner: &str,
    subject: &str,
    body: &str,
    body_html: Option<&str>,
) -> Result<bool, StoreError> {
    let rewritten = on!(tx, conn => {
        query(
            "UPDATE deliveries SET subject = $1, body = $2, body_html = $3
             WHERE id = $4 AND state = 'leased' AND lease_owner = $5",
        )
        .bind(subject)
        .bind(body)
        .bind(body_html)
        .bind(delivery.0)
        .bind(owner)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("rewriting delivery {delivery}"))?;
    Ok(rewritten == 1)
}

/// The obligations of the brief that a delivery carries, each with its present state. Empty for what is not a brief.
/// Items that are no longer open are dropped before sending; a brief with none left is cancelled.
///
/// # Errors
/// When the database fails.
pub async fn states_of_items(
    tx: &mut Tx,
    delivery: DeliveryId,
) -> Result<Vec<(ObligationId, State)>, StoreError> {
    let rows: Vec<(i64, String)> = on!(tx, conn => {
        query_as(
            "SELECT o.id, o.state FROM deliveries d
             JOIN brief_items i ON i.contact = d.contact AND i.day = d.brief_day
             JOIN obligations o ON o.id = i.obligation
             WHERE d.id = $1 ORDER BY o.id",
        )
        .bind(delivery.0)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("reading what delivery {delivery} is about"))?;
    rows.into_iter()
        .map(|(id, word)| {
            let cell = Cell {
                table: "obligations",
                row: &id,
                column: "state",
            };
            Ok((ObligationId(id), cell.read(&word, find_state(&word))?))
        })
        .collect()
}
