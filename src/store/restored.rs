//! A database that was put back from a backup: what happened since is not in it, and must not happen again.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, FromRow, query, query_as, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

/// When the newest line was written that the database holds: a message, a reply or a line of the ledger; `None` while
/// there is none.
///
/// # Errors
/// When the database fails.
pub async fn newest_entry(tx: &mut Tx) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut newest = None;
    // By number: what was written last, found by the primary key alone.
    for sql in [
        "SELECT at FROM events ORDER BY id DESC LIMIT 1",
        "SELECT created_at FROM deliveries ORDER BY id DESC LIMIT 1",
        "SELECT received_at FROM inbox ORDER BY id DESC LIMIT 1",
        "SELECT max(loaded_at) FROM plans",
    ] {
        let found: Option<Option<DateTime<Utc>>> = on!(tx, conn => {
            query_scalar(sql).fetch_optional(conn).await
        })
        .doing("looking for the newest entry")?;
        newest = newest.max(found.flatten());
    }
    Ok(newest)
}

/// Holds what was waiting to be sent: each of it may have been sent since. Returns how many messages that were.
///
/// # Errors
/// When the database fails.
pub async fn hold_outbox(tx: &mut Tx, reason: &str) -> Result<u64, StoreError> {
    on!(tx, conn => {
        // A brief that waits for words would leave as soon as it has them.
        query("UPDATE briefs SET parked = NULL, unreachable = $1 WHERE parked IS NOT NULL")
            .bind(reason)
            .execute(&mut *conn)
            .await
            .doing("holding briefs that wait for words")?;
        query(
            "UPDATE deliveries SET state = 'unknown', lease_owner = NULL, reason = $1
             WHERE state IN ('queued', 'leased')",
        )
        .bind(reason)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing("holding what was waiting to be sent")
}

/// Ends every code that is open: each may have been used since. Returns how many that were.
///
/// # Errors
/// When the database fails.
pub async fn end_codes(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query("UPDATE link_codes SET ended_at = $1 WHERE ended_at IS NULL AND expires_at > $1")
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing("ending the codes that are open")
}

/// Ends every lease: who held one is gone.
///
/// # Errors
/// When the database fails.
pub async fn end_leases(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, conn => query("DELETE FROM leases").execute(conn).await.map(drop))
        .doing("ending the leases of processes that are gone")
}

/// How many connections other daemons and commands have to this server's database. Asked on a connection of its own, under
/// another name, before any of ours is opened.
///
/// # Errors
/// When the server cannot be reached.
pub async fn others_on_server(database: &str) -> Result<i64, StoreError> {
    const DOING: &str = "asking who else has the database open";
    let options = PgConnectOptions::from_str(database).doing(DOING)?;
    let options = options.application_name("dondoc restore");
    let mut connection = options
        .disable_statement_logging()
        .connect()
        .await
        .doing(DOING)?;
    let others = query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dondoc'",
    )
    .fetch_one(&mut connection)
    .await
    .doing(DOING)?;
    connection.close().await.doing(DOING)?;
    Ok(others)
}

/// The tokens of an account as they stand in a database, to be taken over into another. Never shown.
#[derive(Clone, FromRow)]
pub struct KeptTokens {
    /// Which account.
    pub account: String,
    version: i64,
    access_token: Option<String>,
    refresh_token: String,
    seed: String,
    obtained_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    failure: Option<String>,
    failed_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for KeptTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptTokens")
            .field("account", &self.account)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The tokens of every account.
///
/// # Errors
/// When the database fails.
pub async fn list_tokens(tx: &mut Tx) -> Result<Vec<KeptTokens>, StoreError> {
    on!(tx, conn => {
        query_as(
            "SELECT account, version, access_token, refresh_token, seed, obtained_at, expires_at, failure, failed_at
             FROM tokens ORDER BY account",
        )
        .fetch_all(conn)
        .await
    })
    .doing("reading the tokens")
}

/// Takes over tokens that are newer than those of this database. False when they are not.
///
/// # Errors
/// When the database fails.
pub async fn take_over_tokens(tx: &mut Tx, kept: &KeptTokens) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO tokens (account, version, access_token, refresh_token, seed, obtained_at, expires_at, failure, failed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (account) DO UPDATE SET version = excluded.version, access_token = excluded.access_token,
                 refresh_token = excluded.refresh_token, seed = excluded.seed, obtained_at = excluded.obtained_at,
                 expires_at = excluded.expires_at, claimed_until = NULL, failure = excluded.failure,
                 failed_at = excluded.failed_at
             WHERE excluded.version > tokens.version",
        )
        .bind(&kept.account)
        .bind(kept.version)
        .bind(&kept.access_token)
        .bind(&kept.refresh_token)
        .bind(&kept.seed)
        .bind(kept.obtained_at)
        .bind(kept.expires_at)
        .bind(&kept.failure)
        .bind(kept.failed_at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .doing(format_args!("taking over the tokens of {}", kept.account))
}

/// What time it is by the server of the database; `None` for a file.
///
/// # Errors
/// When the database fails.
pub async fn time_of_server(tx: &mut Tx) -> Result<Option<DateTime<Utc>>, StoreError> {
    let Tx::Postgres(connection) = tx else {
        return Ok(None);
    };
    query_scalar("SELECT clock_timestamp()")
        .fetch_one(&mut **connection)
        .await
        .doing("asking the server for the time")
}
