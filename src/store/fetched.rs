//! What files of replies were when they were fetched: Dondoc keeps no file, and the hash of one that passed through its hands.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};

/// Notes what a file was. What was noted first stays: it is what was looked at then.
///
/// # Errors
/// When the database fails.
pub async fn note(
    tx: &mut Tx,
    file: &str,
    sha256: &str,
    size: u64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO fetched_files (file, sha256, size, fetched_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (file) DO NOTHING",
        )
        .bind(file)
        .bind(sha256)
        .bind(i64::try_from(size).unwrap_or(i64::MAX))
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing("noting what a file was")
}

/// The SHA-256 of each file that was fetched, by the name under which its channel has it.
///
/// # Errors
/// When the database fails.
pub async fn hashes(tx: &mut Tx) -> Result<HashMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = on!(tx, conn => {
        query_as("SELECT file, sha256 FROM fetched_files").fetch_all(conn).await
    })
    .doing("reading what files were")?;
    Ok(rows.into_iter().collect())
}
