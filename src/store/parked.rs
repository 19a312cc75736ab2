//! Briefs whose words could not be made: kept with the reason until better templates are loaded, or the next brief
//! tells what they would have told.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{query, query_as, query_scalar};

use super::Tx;
use super::deliveries::{self, NewDelivery};
use super::error::{Doing, StoreError};
use crate::domain::ids::ContactId;

/// A brief that waits for words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// For whom it is.
    pub contact: ContactId,
    /// For which day.
    pub day: NaiveDate,
    /// Why it cannot be worded.
    pub reason: String,
}

/// Parks a brief that is stored already.
///
/// # Errors
/// When the database fails.
pub async fn park(tx: &mut Tx, brief: &Parked) -> Result<(), StoreError> {
    let Parked {
        contact,
        day,
        reason,
    } = brief;
    on!(tx, conn => {
        query("UPDATE briefs SET parked = $1 WHERE contact = $2 AND day = $3")
            .bind(reason)
            .bind(contact.as_str())
            .bind(*day)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("parking the brief of {contact} for {day}"))
}

/// The briefs that are parked, by day and contact.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<Parked>, StoreError> {
    let rows: Vec<(String, NaiveDate, String)> = on!(tx, conn => {
        query_as("SELECT contact, day, parked FROM briefs WHERE parked IS NOT NULL ORDER BY day, contact")
            .fetch_all(conn)
            .await
    })
    .doing("listing the briefs that are parked")?;
    Ok(rows
        .into_iter()
        .map(|(contact, day, reason)| Parked {
            contact: ContactId::new(contact),
            day,
            reason,
        })
        .collect())
}

/// How many briefs are parked.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    let total: i64 = on!(tx, conn => {
        query_scalar("SELECT count(*) FROM briefs WHERE parked IS NOT NULL").fetch_one(conn).await
    })
    .doing("counting the briefs that are parked")?;
    Ok(total.unsigned_abs())
}

/// Ends the parking of a brief, with the reason when it reaches nobody after all. False when somebody else has: what
/// follows is theirs to do.
///
/// # Errors
/// When the database fails.
pub async fn release(
    tx: &mut Tx,
    contact: &ContactId,
    day: NaiveDate,
    unreachable: Option<&str>,
) -> Result<bool, StoreError> {
    let released = on!(tx, conn => {
        query(
            "UPDATE briefs SET parked = NULL, unreachable = $1
             WHERE contact = $2 AND day = $3 AND parked IS NOT NULL",
        )
        .bind(unreachable)
        .bind(contact.as_str())
        .bind(day)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("taking up the brief of {contact} for {day}"))?;
    Ok(released == 1)
}

/// Parks a brief again that was found to reach nobody. False when it was not.
///
/// # Errors
/// When the database fails.
pub async fn reopen(tx: &mut Tx, contact: &ContactId, day: NaiveDate) -> Result<bool, StoreError> {
    let reopened = on!(tx, conn => {
        query(
            "UPDATE briefs SET parked = unreachable, unreachable = NULL
             WHERE contact = $1 AND day = $2 AND unreachable IS NOT NULL",
        )
        .bind(contact.as_str())
        .bind(day)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!(
        "taking up the brief of {contact} for {day} again"
    ))?;
    Ok(reopened == 1)
}

/// Why a brief of this day has no delivery: that it waits for words, or reaches nobody; `None` for any other.
///
/// # Errors
/// When the database fails.
pub async fn find(
    tx: &mut Tx,
    contact: &ContactId,
    day: NaiveDate,
) -> Result<Option<Silent>, StoreError> {
    let found: Option<(Option<String>, Option<String>)> = on!(tx, conn => {
        query_as("SELECT parked, unreachable FROM briefs WHERE contact = $1 AND day = $2")
            .bind(contact.as_str())
            .bind(day)
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("finding the brief of {contact} for {day}"))?;
    Ok(match found {
        Some((Some(why), _)) => Some(Silent::Parked(why)),
        Some((None, Some(why))) => Some(Silent::Unreachable(why)),
        _ => None,
    })
}

/// Why a brief has no delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silent {
    /// It waits for words.
    Parked(String),
    /// It reaches nobody.
    Unreachable(String),
}

/// Queues the words that a parked brief has now. Where it was queued once and given up, that delivery is taken up
/// again: its attempts tell whether a first copy may have arrived.
///
/// # Errors
/// When the database fails.
pub async fn queue(
    tx: &mut Tx,
    delivery: &NewDelivery,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let message = &delivery.message;
    let doing = format!("queueing message {} again", message.message_id);
    let taken_up: Option<i64> = on!(tx, conn => {
        query_scalar(
            "UPDATE deliveries SET state = 'queued', claimable_at = $1, address = $2, subject = $3, reason = NULL
             WHERE message_id = $4 AND state IN ('cancelled', 'failed') RETURNING id",
        )
        .bind(delivery.not_before)
        .bind(&message.address)
        .bind(&message.subject)
        .bind(&message.message_id)
        .fetch_optional(conn)
        .await
    })
    .doing(&doing)?;
    let Some(id) = taken_up else {
        return deliveries::insert(tx, std::slice::from_ref(delivery), now).await;
    };
    on!(tx, conn => {
        query("UPDATE bodies SET body = $1, body_html = $2 WHERE delivery = $3")
            .bind(&message.body)
            .bind(&message.body_html)
            .bind(id)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(&doing)
}
