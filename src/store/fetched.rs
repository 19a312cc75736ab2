//! What files of replies were when they were fetched: Dondoc keeps no file, and the hash of one that passed through its hands.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

/// The word of a line by which a file was another when it was fetched again.
pub const DIFFERS: &str = "file-differs";

/// What a file was when it was fetched first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// When that was.
    pub at: DateTime<Utc>,
}

/// Notes what a file was. What was noted first stays: it is what was looked at then. Gives that where it was another.
///
/// # Errors
/// When the database fails.
pub async fn note(
    tx: &mut Tx,
    file: &str,
    sha256: &str,
    size: u64,
    now: DateTime<Utc>,
) -> Result<Option<First>, StoreError> {
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
    .doing("noting what a file was")?;
    let (first, at): (String, DateTime<Utc>) = on!(tx, conn => {
        query_as("SELECT sha256, fetched_at FROM fetched_files WHERE file = $1")
            .bind(file)
            .fetch_one(conn)
            .await
    })
    .doing("reading what a file was")?;
    Ok((first != sha256).then_some(First { sha256: first, at }))
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

/// The SHA-256 that files had when they were fetched again and were others, oldest first: the ledger has them.
///
/// # Errors
/// When the database fails.
pub async fn later_hashes(tx: &mut Tx) -> Result<HashMap<String, Vec<String>>, StoreError> {
    let payloads: Vec<String> = on!(tx, conn => {
        query_scalar("SELECT payload FROM events WHERE kind = $1 ORDER BY id")
            .bind(DIFFERS)
            .fetch_all(conn)
            .await
    })
    .doing("reading what files were later")?;
    let mut later: HashMap<String, Vec<String>> = HashMap::new();
    for payload in payloads {
        let line: serde_json::Value = serde_json::from_str(&payload).unwrap_or_default();
        if let (Some(file), Some(sha256)) = (line["id"].as_str(), line["is"]["sha256"].as_str()) {
            later
                .entry(file.to_owned())
                .or_default()
                .push(sha256.to_owned());
        }
    }
    Ok(later)
}
