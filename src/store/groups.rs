//! Groups in which the bot answers, each bound to one agency.

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};
use crate::domain::delivery::Channel;
use crate::domain::ids::AgencyCode;

/// The agency of a group; `None` while it is not bound.
///
/// # Errors
/// When the database fails.
pub async fn find_agency(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
) -> Result<Option<AgencyCode>, StoreError> {
    let code: Option<String> = on!(tx, conn => {
        query_scalar("SELECT agency FROM group_chats WHERE channel = $1 AND address = $2")
            .bind(channel.as_str())
            .bind(address)
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("looking up a group on {}", channel.as_str()))?;
    Ok(code.map(AgencyCode::new))
}

/// Follows a group that got a new id: it stays bound to its agency. Where the new one is bound already, that counts.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    channel: Channel,
    old: &str,
    new: &str,
) -> Result<(), StoreError> {
    let doing = format!("following a group on {}", channel.as_str());
    on!(tx, conn => {
        query(
            "INSERT INTO group_chats (channel, address, agency, bound_at)
             SELECT channel, $1, agency, bound_at FROM group_chats WHERE channel = $2 AND address = $3
             ON CONFLICT (channel, address) DO NOTHING",
        )
        .bind(new)
        .bind(channel.as_str())
        .bind(old)
        .execute(&mut *conn)
        .await
        .doing(&doing)?;
        query("DELETE FROM group_chats WHERE channel = $1 AND address = $2")
            .bind(channel.as_str())
            .bind(old)
            .execute(conn)
            .await
            .map(drop)
            .doing(&doing)
    })
}

/// Binds a group to an agency. One that is bound already stays as it is: false.
///
/// # Errors
/// When the database fails.
pub async fn bind(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    agency: &AgencyCode,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let bound = on!(tx, conn => {
        query(
            "INSERT INTO group_chats (channel, address, agency, bound_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (channel, address) DO NOTHING",
        )
        .bind(channel.as_str())
        .bind(address)
        .bind(agency.as_str())
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("binding a group to {agency}"))?;
    Ok(bound == 1)
}
