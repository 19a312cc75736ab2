//! Named leases: who may poll a bot token, read a mailbox or run a job, and until when.
//!
//! A lease of a dead process ends by itself. Instants come from the callers' clocks, so a lease is longer than the
//! machines' clocks may differ. Who holds a lease, and who may take it, is decided by one statement on one row.
//!
//! A clock that ran ahead may have written an end that lies hours or months away. Whoever has watched such a lease stand
//! still for as long as it lasts knows that its holder is gone, whatever the clocks say: it renews, or it has none.

use chrono::{DateTime, TimeDelta, Utc};
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
    /// Until when it is held, by the clock of who took it.
    pub held_until: DateTime<Utc>,
    /// For how long it was taken, renewed or given back to rest, in milliseconds.
    pub lasts_ms: i64,
}

impl Lease {
    /// For how long it was taken, renewed or given back to rest: one that is held is renewed well within that.
    #[must_use]
    pub fn lasts(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.lasts_ms)
    }

    /// By how much the clock that wrote its end ran ahead of `now`, at the least; nothing or less where it need not have.
    #[must_use]
    pub fn ahead_of(&self, now: DateTime<Utc>) -> TimeDelta {
        self.held_until - now - self.lasts()
    }
}

/// What asking for a lease came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is the asker's.
    Ours,
    /// It is somebody else's, or rests.
    Theirs(Lease),
}

impl Asked {
    /// Whether it is the asker's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Ours)
    }
}

/// Every lease that was not given back, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<Lease>, StoreError> {
    on!(tx, conn => {
        query_as("SELECT name, owner, held_until, lasts_ms FROM leases ORDER BY name").fetch_all(conn).await
    })
    .doing("listing the leases")
}

/// Takes the lease at `now` for so long, or prolongs one's own. Somebody else's is taken when it has ended, or when it still
/// has the end `still` that the asker has seen stand for as long as it lasts.
///
/// # Errors
/// When the database fails.
pub async fn acquire(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    lasts: TimeDelta,
    still: Option<DateTime<Utc>>,
) -> Result<Asked, StoreError> {
    let taken = on!(tx, conn => {
        query(
            "INSERT INTO leases (name, owner, held_until, lasts_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE
             SET owner = excluded.owner, held_until = excluded.held_until, lasts_ms = excluded.lasts_ms
             WHERE leases.owner = excluded.owner OR leases.held_until <= $5 OR leases.held_until = $6",
        )
        .bind(name)
        .bind(owner)
        .bind(now + lasts)
        .bind(lasts.num_milliseconds())
        .bind(now)
        .bind(still)
        .execute(&mut *conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .doing(format_args!("acquiring lease {name}"))?;
    if taken {
        return Ok(Asked::Ours);
    }
    on!(tx, conn => {
        query_as("SELECT name, owner, held_until, lasts_ms FROM leases WHERE name = $1")
            .bind(name)
            .fetch_one(conn)
            .await
    })
    .map(Asked::Theirs)
    .doing(format_args!("reading who has lease {name}"))
}

/// Whether whoever had the lease before `owner` held it until it ended, for so long: it never gave it back, and so it died or
/// was cut off.
///
/// # Errors
/// When the database fails.
pub async fn was_left(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    lasts: TimeDelta,
) -> Result<bool, StoreError> {
    let found: Option<String> = on!(tx, conn => {
        query_scalar("SELECT owner FROM leases WHERE name = $1 AND owner <> $2 AND lasts_ms = $3")
            .bind(name)
            .bind(owner)
            .bind(lasts.num_milliseconds())
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("looking how lease {name} was left"))?;
    Ok(found.is_some())
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

/// Gives a lease back at `now`: it ends at once, or after a rest in which nobody is to take it. False when it was not held.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    rest: TimeDelta,
) -> Result<bool, StoreError> {
    let ended = on!(tx, conn => {
        query("UPDATE leases SET held_until = $1, lasts_ms = $2 WHERE name = $3 AND owner = $4")
            .bind(now + rest)
            .bind(rest.num_milliseconds())
            .bind(name)
            .bind(owner)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("ending lease {name}"))?;
    Ok(ended == 1)
}
