//! Named leases: who may poll a bot token, read a mailbox or run a job, and until when.
//!
//! A lease of a dead process ends by itself. Instants come from the callers' clocks, so a lease is longer than the
//! machines' clocks may differ.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};

/// A lease as it stands, held or over.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Lease {
    /// What it guards.
    pub name: String,
    /// Who took it last.
    pub owner: String,
    /// Until when it is held.
    pub held_until: DateTime<Utc>,
}

/// Every lease that was not given back, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<Lease>, StoreError> {
    on!(tx, conn => {
        query_as("SELECT name, owner, held_until FROM leases ORDER BY name").fetch_all(conn).await
    })
    .doing("listing the leases")
}

/// Takes the lease, or prolongs one's own. False when somebody else holds it at `now`.
///
/// # Errors
/// When the database fails.
pub async fn acquire(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let taken = on!(tx, conn => {
        query(
            "INSERT INTO leases (name, owner, held_until) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until
             WHERE leases.owner = excluded.owner OR leases.held_until <= $4",
        )
        .bind(name)
        .bind(owner)
        .bind(until)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("acquiring lease {name}"))?;
    Ok(taken == 1)
}

/// Prolongs a lease that is still held. False when it ended or went to somebody else: stop what it guards.
///
/// # Errors
/// When the database fails.
pub async fn renew(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let renewed = on!(tx, conn => {
        query("UPDATE leases SET held_until = $1 WHERE name = $2 AND owner = $3 AND held_until > $4")
            .bind(until)
            .bind(name)
            .bind(owner)
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("renewing lease {name}"))?;
    Ok(renewed == 1)
}

/// Gives the lease back. False when it was not held.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx, name: &str, owner: &str) -> Result<bool, StoreError> {
    let released = on!(tx, conn => {
        query("DELETE FROM leases WHERE name = $1 AND owner = $2")
            .bind(name)
            .bind(owner)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("releasing lease {name}"))?;
    Ok(released == 1)
}
