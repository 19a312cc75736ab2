//! How far a job has come, as a day that never goes back, whatever the clock does.

use chrono::NaiveDate;
use sqlx::{query, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

const PLANNED: &str = "planned";
const DIGEST: &str = "digest";

/// The last day that was planned.
///
/// # Errors
/// When the database fails.
pub async fn last_planned_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    last(tx, PLANNED).await
}

/// Notes that `day` was planned. An earlier day than the one noted changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn mark_planned(tx: &mut Tx, day: NaiveDate) -> Result<(), StoreError> {
    mark(tx, PLANNED, day).await.map(drop)
}

/// The last day of the schedule for which the digests were queued.
///
/// # Errors
/// When the database fails.
pub async fn last_digest_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    last(tx, DIGEST).await
}

/// Notes that the digests of `day` are queued. False when that day, or a later one, was noted before: of two processes at
/// once one notes it, and the other waits for its commit.
///
/// # Errors
/// When the database fails.
pub async fn mark_digest(tx: &mut Tx, day: NaiveDate) -> Result<bool, StoreError> {
    mark(tx, DIGEST, day).await
}

async fn last(tx: &mut Tx, name: &'static str) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT day FROM watermarks WHERE name = $1").bind(name).fetch_optional(conn).await
    })
    .doing(format_args!("reading the last day of job {name}"))
}

/// Whether the mark moved.
async fn mark(tx: &mut Tx, name: &'static str, day: NaiveDate) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO watermarks (name, day) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET day = excluded.day WHERE excluded.day > watermarks.day",
        )
        .bind(name)
        .bind(day)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .doing(format_args!("noting {day} for job {name}"))
}
