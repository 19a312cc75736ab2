//! What else becomes of a delivery: cancelled, postponed, rewritten, sent by another channel, tried again by hand.

use chrono::{DateTime, Utc};
use sqlx::query;

use super::listing::find_next;
use crate::store::Tx;
use crate::store::addresses;
use crate::store::deliveries::{self, Delivery, DeliveryId, DeliveryState, NewDelivery};
use crate::store::error::{Doing, StoreError};

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
    let Some(delivery) = find_replaceable(tx, failed).await? else {
        return Ok(false);
    };
    addresses::mark_dead(
        tx,
        delivery.message.channel,
        &delivery.message.address,
        reason,
        now,
    )
    .await?;
    queue_instead(tx, failed, next, now).await?;
    Ok(true)
}

/// After a message was not taken at an address that lives: queues `next` in the place of `failed`, as [`reroute`] does,
/// and leaves the address as it is. False, with nothing queued, when the delivery has not failed or was replaced before.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    failed: DeliveryId,
    next: Option<&NewDelivery>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let found = find_replaceable(tx, failed).await?.is_some();
    if found {
        queue_instead(tx, failed, next, now).await?;
    }
    Ok(found)
}

/// The delivery, if it has failed and nothing was queued in its place.
async fn find_replaceable(tx: &mut Tx, failed: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let found = deliveries::find(tx, failed).await?;
    match found.filter(|delivery| delivery.state == DeliveryState::Failed) {
        Some(delivery) if find_next(tx, failed).await?.is_none() => Ok(Some(delivery)),
        _ => Ok(None),
    }
}

async fn queue_instead(
    tx: &mut Tx,
    failed: DeliveryId,
    next: Option<&NewDelivery>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if let Some(next) = next {
        deliveries::insert_rerouted(tx, &[(next, Some(failed))], now).await?;
    }
    Ok(())
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
    let doing = format!("rewriting delivery {delivery}");
    on!(tx, conn => {
        let held = query("UPDATE deliveries SET subject = $1 WHERE id = $2 AND state = 'leased' AND lease_owner = $3")
            .bind(subject)
            .bind(delivery.0)
            .bind(owner)
            .execute(&mut *conn)
            .await
            .doing(&doing)?
            .rows_affected();
        if held == 0 {
            return Ok(false);
        }
        query("UPDATE bodies SET body = $1, body_html = $2 WHERE delivery = $3")
            .bind(body)
            .bind(body_html)
            .bind(delivery.0)
            .execute(conn)
            .await
            .doing(&doing)?;
    });
    Ok(true)
}
