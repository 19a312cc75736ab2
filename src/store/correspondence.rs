//! Deliveries as the other side of a conversation: which of our messages somebody answers, which came back, how many
//! answers somebody has had.

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use super::Tx;
use super::addresses;
use super::deliveries::{self, Delivery, DeliveryId, NewDelivery};
use super::error::{Doing, StoreError};
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;
use crate::domain::inbound::Answered;

/// Our message that was answered; `None` when we know of none. `address` is the chat in which the provider's id holds.
///
/// # Errors
/// When the database fails.
pub async fn find_answered(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    answered: &Answered,
) -> Result<Option<Delivery>, StoreError> {
    let id: Option<i64> = on!(tx, conn => match answered {
        Answered::Delivery(id) => {
            query_scalar("SELECT id FROM deliveries WHERE id = $1 AND channel = $2")
                .bind(*id)
                .bind(channel.as_str())
                .fetch_optional(conn)
                .await
        }
        Answered::Provider(provider_id) => {
            query_scalar(
                "SELECT id FROM deliveries WHERE channel = $1 AND provider_id = $2 AND address = $3
                 ORDER BY id DESC LIMIT 1",
            )
            .bind(channel.as_str())
            .bind(provider_id)
            .bind(address)
            .fetch_optional(conn)
            .await
        }
        Answered::MessageId(message_id) => {
            query_scalar("SELECT id FROM deliveries WHERE message_id = $1 AND channel = $2")
                .bind(message_id)
                .bind(channel.as_str())
                .fetch_optional(conn)
                .await
        }
    })
    .doing("looking for the message that was answered")?;
    match id {
        Some(id) => deliveries::find(tx, DeliveryId(id)).await,
        None => Ok(None),
    }
}

/// A message that had been accepted came back for good: it failed, its address is dead, and `next` goes out in its place.
/// False, with nothing changed, when it is not one that had been accepted.
///
/// # Errors
/// When the database fails.
pub async fn bounce(
    tx: &mut Tx,
    delivery: DeliveryId,
    reason: &str,
    next: Option<&NewDelivery>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(bounced) = deliveries::find(tx, delivery).await? else {
        return Ok(false);
    };
    let failed = on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'failed', sent_at = NULL, reason = $1
             WHERE id = $2 AND state IN ('sent', 'unknown')",
        )
        .bind(reason)
        .bind(delivery.0)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("noting that delivery {delivery} came back"))?;
    if failed == 0 {
        return Ok(false);
    }
    let message = &bounced.message;
    addresses::mark_dead(tx, message.channel, &message.address, reason, now).await?;
    if let Some(next) = next {
        deliveries::insert_rerouted(tx, &[(next, Some(delivery))], now).await?;
    }
    Ok(true)
}

/// How many answers a contact was sent since an instant.
///
/// # Errors
/// When the database fails.
pub async fn count_answers(
    tx: &mut Tx,
    contact: &ContactId,
    since: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let count: i64 = on!(tx, conn => {
        query_scalar(
            "SELECT count(*) FROM deliveries
             WHERE contact = $1 AND brief_day IS NULL AND kind IN ('receipt', 'notice') AND created_at >= $2",
        )
        .bind(contact.as_str())
        .bind(since)
        .fetch_one(conn)
        .await
    })
    .doing(format_args!("counting the answers to {contact}"))?;
    Ok(count.unsigned_abs())
}

/// A message to a contact that still waits for its time, by how its message id begins.
///
/// # Errors
/// When the database fails, or the row makes no sense.
pub async fn find_waiting(
    tx: &mut Tx,
    contact: &ContactId,
    prefix: &str,
) -> Result<Option<Delivery>, StoreError> {
    let id: Option<i64> = on!(tx, conn => {
        query_scalar(
            "SELECT id FROM deliveries WHERE contact = $1 AND state = 'queued' AND substr(message_id, 1, $2) = $3 \
             ORDER BY id DESC LIMIT 1",
        )
        .bind(contact.as_str())
        .bind(i32::try_from(prefix.chars().count()).unwrap_or(i32::MAX))
        .bind(prefix)
        .fetch_optional(conn)
        .await
    })
    .doing(format_args!("looking for what {contact} is to be told later"))?;
    match id {
        Some(id) => deliveries::find(tx, DeliveryId(id)).await,
        None => Ok(None),
    }
}

/// Says something else in a message that nobody has begun to send; `false` where somebody has.
///
/// # Errors
/// When the database fails.
pub async fn rewrite(tx: &mut Tx, id: DeliveryId, body: &str) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE bodies SET body = $1 WHERE delivery = $2 \
             AND EXISTS (SELECT 1 FROM deliveries d WHERE d.id = bodies.delivery AND d.state = 'queued')",
        )
        .bind(body)
        .bind(id.0)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .doing(format_args!("writing message {} anew", id.0))
}
