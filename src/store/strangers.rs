//! Senders who are no contact: what they were told, and how often they tried a code.

use chrono::NaiveDate;
use sqlx::{query, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};
use crate::domain::delivery::Channel;

/// Notes that a stranger is answered on `today`. False when one was answered on that day already, or later.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    today: NaiveDate,
) -> Result<bool, StoreError> {
    let first = on!(tx, conn => {
        query(
            "INSERT INTO strangers (channel, address, answered_on) VALUES ($1, $2, $3)
             ON CONFLICT (channel, address) DO UPDATE SET answered_on = excluded.answered_on
             WHERE strangers.answered_on IS NULL OR strangers.answered_on < excluded.answered_on",
        )
        .bind(channel.as_str())
        .bind(address)
        .bind(today)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("noting a stranger on {}", channel.as_str()))?;
    Ok(first == 1)
}

/// Counts a try at a code on `today` and gives how many there have been on that day, this one included.
///
/// # Errors
/// When the database fails.
pub async fn count_try(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    today: NaiveDate,
) -> Result<u64, StoreError> {
    let doing = format!("counting tries on {}", channel.as_str());
    let tries: i64 = on!(tx, conn => {
        query(
            "INSERT INTO strangers (channel, address, tries_on, tries) VALUES ($1, $2, $3, 1)
             ON CONFLICT (channel, address) DO UPDATE SET
                 tries = CASE WHEN strangers.tries_on = excluded.tries_on THEN strangers.tries + 1 ELSE 1 END,
                 tries_on = excluded.tries_on",
        )
        .bind(channel.as_str())
        .bind(address)
        .bind(today)
        .execute(&mut *conn)
        .await
        .doing(&doing)?;
        query_scalar("SELECT tries FROM strangers WHERE channel = $1 AND address = $2")
            .bind(channel.as_str())
            .bind(address)
            .fetch_one(conn)
            .await
            .doing(&doing)?
    });
    Ok(tries.unsigned_abs())
}

/// How many lines strangers were sent by a channel on `today`: one for each who was answered, one for each try at a code.
///
/// # Errors
/// When the database fails.
pub async fn count_told(
    tx: &mut Tx,
    channel: Channel,
    today: NaiveDate,
) -> Result<u64, StoreError> {
    let told: i64 = on!(tx, conn => {
        query_scalar(
            "SELECT (SELECT count(*) FROM strangers WHERE channel = $1 AND answered_on = $2)
                  + (SELECT count(*) FROM strangers WHERE channel = $1 AND tries_on = $2)",
        )
        .bind(channel.as_str())
        .bind(today)
        .fetch_one(conn)
        .await
    })
    .doing(format_args!("counting strangers on {}", channel.as_str()))?;
    Ok(told.unsigned_abs())
}

/// Forgets a sender who has become a contact.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, channel: Channel, address: &str) -> Result<(), StoreError> {
    on!(tx, conn => {
        query("DELETE FROM strangers WHERE channel = $1 AND address = $2")
            .bind(channel.as_str())
            .bind(address)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!(
        "forgetting a stranger on {}",
        channel.as_str()
    ))
}
