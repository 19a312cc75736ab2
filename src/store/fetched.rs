//! What files of replies were when they were fetched: Dondoc keeps no file, and the hash of one that passed through its hands. The
//! ledger has each; where it does, the table counts for nothing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

/// The word of a line that says what a file was when it was fetched first.
pub const FETCHED: &str = "file-fetched";

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

/// What noting a file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What it was first.
    pub first: First,
    /// Whether the ledger says so.
    pub is_told: bool,
}

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
) -> Result<Noted, StoreError> {
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
    let (stored, at): (String, DateTime<Utc>) = on!(tx, conn => {
        query_as("SELECT sha256, fetched_at FROM fetched_files WHERE file = $1")
            .bind(file)
            .fetch_one(conn)
            .await
    })
    .doing("reading what a file was")?;
    let told = hashes_of(tx, FETCHED).await?;
    let told = told.get(file).and_then(|all| all.first());
    Ok(Noted {
        is_told: told.is_some(),
        first: First {
            sha256: told.cloned().unwrap_or(stored),
            at,
        },
    })
}

/// The SHA-256 of each file that was fetched, by the name under which its channel has it: as the ledger says, or the table of what
/// was fetched before the ledger did.
///
/// # Errors
/// When the database fails.
pub async fn hashes(tx: &mut Tx) -> Result<HashMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = on!(tx, conn => {
        query_as("SELECT file, sha256 FROM fetched_files").fetch_all(conn).await
    })
    .doing("reading what files were")?;
    let mut hashes: HashMap<String, String> = rows.into_iter().collect();
    for (file, told) in hashes_of(tx, FETCHED).await? {
        hashes.extend(told.into_iter().next().map(|first| (file, first)));
    }
    Ok(hashes)
}

/// The SHA-256 that files had when they were fetched again and were others, oldest first: the ledger has them.
///
/// # Errors
/// When the database fails.
pub async fn later_hashes(tx: &mut Tx) -> Result<HashMap<String, Vec<String>>, StoreError> {
    hashes_of(tx, DIFFERS).await
}

/// The SHA-256 that the lines of this kind give each file, oldest first.
async fn hashes_of(tx: &mut Tx, kind: &str) -> Result<HashMap<String, Vec<String>>, StoreError> {
    let payloads: Vec<String> = on!(tx, conn => {
        query_scalar("SELECT payload FROM events WHERE kind = $1 ORDER BY id")
            .bind(kind)
            .fetch_all(conn)
            .await
    })
    .doing("reading what the ledger says of files")?;
    let mut hashes: HashMap<String, Vec<String>> = HashMap::new();
    for payload in payloads {
        let line: serde_json::Value = serde_json::from_str(&payload).unwrap_or_default();
        if let (Some(file), Some(sha256)) = (line["id"].as_str(), line["is"]["sha256"].as_str()) {
            hashes
                .entry(file.to_owned())
                .or_default()
                .push(sha256.to_owned());
        }
    }
    Ok(hashes)
}
