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
    on!(tx, conn => {
        query_scalar("SELECT day FROM watermarks WHERE name = $1").bind(PLANNED).fetch_optional(conn).await
    })
    .doing("reading the last planned day")
}

/// Notes that `day` was planned. An earlier day than the one noted changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn mark_planned(tx: &mut Tx, day: NaiveDate) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO watermarks (name, day) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET day = excluded.day WHERE excluded.day > watermarks.day",
        )
        .bind(PLANNED)
        .bind(day)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("noting that {day} was planned"))
}

/// The last day of the schedule for which the digests were queued.
///
/// # Errors
/// When the database fails.
pub async fn last_digest_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT day FROM watermarks WHERE name = $1").bind(DIGEST).fetch_optional(conn).await
    })
    .doing("reading the last day of a digest")
}

/// Notes that the digests of `day` are queued. False when that day, or a later one, was noted before: of two processes at
/// once one notes it, and the other waits for its commit.
///
/// # Errors
/// When the database fails.
pub async fn mark_digest(tx: &mut Tx, day: NaiveDate) -> Result<bool, StoreError> {
    let noted = on!(tx, conn => {
        query(
            "INSERT INTO watermarks (name, day) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET day = excluded.day WHERE excluded.day > watermarks.day",
        )
        .bind(DIGEST)
        .bind(day)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("noting the digest of {day}"))?;
    Ok(noted == 1)
}
