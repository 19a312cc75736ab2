//! Single-use codes that bind a chat to a contact.
//!
//! The caller hashes: a code itself is never stored. A code is issued, claimed by the first chat that sends it, and ends
//! when that chat confirms, when it expires, or when a newer one for the contact replaces it.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;

/// A code that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCode {
    /// Hash of the code.
    pub hash: String,
    /// Whom it binds a chat to.
    pub contact: ContactId,
    /// The one channel it is for; `None`: any.
    pub channel: Option<Channel>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// Who sent it and is asked to confirm: channel and address.
    pub claimed_by: Option<(Channel, String)>,
}

#[derive(FromRow)]
struct Row {
    hash: String,
    contact: String,
    channel: Option<String>,
    expires_at: DateTime<Utc>,
    claimed_on: Option<String>,
}

impl TryFrom<Row> for LinkCode {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cell = |column| Cell {
            table: "link_codes",
            row: &row.contact,
            column,
        };
        let channel = row.channel.as_deref();
        let claimed = row.claimed_on.as_deref();
        Ok(Self {
            channel: channel
                .map(|word| cell("channel").read(word, Channel::find(word)))
                .transpose()?,
            claimed_by: claimed
                .map(|text| cell("claimed_on").read(text, find_claimer(text)))
                .transpose()?,
            hash: row.hash,
            contact: ContactId::new(row.contact),
            expires_at: row.expires_at,
        })
    }
}

fn claimer(channel: Channel, address: &str) -> String {
    format!("{}:{address}", channel.as_str())
}

fn find_claimer(text: &str) -> Option<(Channel, String)> {
    let (word, address) = text.split_once(':')?;
    Some((Channel::find(word)?, address.to_owned()))
}

/// Stores a new code. Earlier codes of the contact that are still open end: two valid codes for one person would be one
/// to lose.
///
/// # Errors
/// When the database fails, or the contact does not exist.
pub async fn issue(tx: &mut Tx, code: &LinkCode, now: DateTime<Utc>) -> Result<(), StoreError> {
    let doing = format!("storing a code for contact {}", code.contact);
    on!(tx, conn => {
        query("UPDATE link_codes SET ended_at = $1 WHERE contact = $2 AND ended_at IS NULL")
            .bind(now)
            .bind(code.contact.as_str())
            .execute(&mut *conn)
            .await
            .doing(&doing)?;
        query(
            "INSERT INTO link_codes (hash, contact, channel, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&code.hash)
        .bind(code.contact.as_str())
        .bind(code.channel.map(Channel::as_str))
        .bind(now)
        .bind(code.expires_at)
        .execute(conn)
        .await
        .map(drop)
        .doing(&doing)
    })
}

/// The code of that hash, while it is neither used nor expired.
///
/// # Errors
/// When the database fails.
pub async fn find(
    tx: &mut Tx,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<LinkCode>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT hash, contact, channel, expires_at, claimed_on FROM link_codes
             WHERE hash = $1 AND ended_at IS NULL AND expires_at > $2",
        )
        .bind(hash)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .doing("looking up a code")?
    .map(LinkCode::try_from)
    .transpose()
}

/// The code that this chat sent and has not confirmed yet.
///
/// # Errors
/// When the database fails.
pub async fn find_claimed(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<LinkCode>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT hash, contact, channel, expires_at, claimed_on FROM link_codes
             WHERE claimed_on = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY claimed_at DESC",
        )
        .bind(claimer(channel, address))
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .doing("looking up a code that waits to be confirmed")?
    .map(LinkCode::try_from)
    .transpose()
}

/// Notes who sent the code. False when somebody else did before.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &mut Tx,
    hash: &str,
    channel: Channel,
    address: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let claimed = on!(tx, conn => {
        query(
            "UPDATE link_codes SET claimed_on = $1, claimed_at = $2
             WHERE hash = $3 AND ended_at IS NULL AND (claimed_on IS NULL OR claimed_on = $1)",
        )
        .bind(claimer(channel, address))
        .bind(now)
        .bind(hash)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing("claiming a code")?;
    Ok(claimed == 1)
}

/// Ends a code: it was confirmed, or refused. False when it had ended before.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let ended = on!(tx, conn => {
        query("UPDATE link_codes SET ended_at = $1 WHERE hash = $2 AND ended_at IS NULL")
            .bind(now)
            .bind(hash)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing("ending a code")?;
    Ok(ended == 1)
}
