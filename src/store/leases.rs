//! Named leases: who may poll a bot token, read a mailbox or run a job, and until when.
//!
//! A lease of a dead process ends by itself. Instants come from the callers' clocks, so a lease is longer than the
//! machines' clocks may differ. Who holds a lease, and who may take it, is decided by one statement on one row.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};

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

/// Whether nobody has taken the lease from `owner`, and nobody will before this transaction has ended.
///
/// # Errors
/// When the database fails.
pub async fn is_held(tx: &mut Tx, name: &str, owner: &str) -> Result<bool, StoreError> {
    let locked = tx.locked();
    let found: Option<String> = on!(tx, conn => {
        QueryBuilder::new("SELECT name FROM leases WHERE name = ")
            .push_bind(name)
            .push(" AND owner = ")
            .push_bind(owner)
            .push(locked)
            .build_query_scalar()
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("looking who holds lease {name}"))?;
    Ok(found.is_some())
}

/// Prolongs every lease of `owner` and names them. One that had ended and that nobody else took is still its own; what
/// it held and is not named has gone to somebody else: stop what it guards.
///
/// # Errors
/// When the database fails.
pub async fn renew_all(
    tx: &mut Tx,
    owner: &str,
    until: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    on!(tx, conn => {
        query_scalar("UPDATE leases SET held_until = $1 WHERE owner = $2 RETURNING name")
            .bind(until)
            .bind(owner)
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("renewing the leases of {owner}"))
}

/// Gives a lease back: it ends at `at`, now or after a while in which nobody is to take it. False when it was not held.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let ended = on!(tx, conn => {
        query("UPDATE leases SET held_until = $1 WHERE name = $2 AND owner = $3")
            .bind(at)
            .bind(name)
            .bind(owner)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("ending lease {name}"))?;
    Ok(ended == 1)
}
