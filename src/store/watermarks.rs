//! How far a job has come, as a day that never goes back, whatever the clock does.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{query, query_as, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

const PLANNED: &str = "planned";
const DIGEST: &str = "digest";
const AUDITED: &str = "audited";
const EXPIRED: &str = "expired";

/// The last day that was planned.
///
/// # Errors
/// When the database fails.
pub async fn last_planned_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    last(tx, PLANNED).await
}

/// The last day that was planned, and what the clock said when it was.
///
/// # Errors
/// When the database fails.
pub async fn last_planned(tx: &mut Tx) -> Result<Option<(NaiveDate, DateTime<Utc>)>, StoreError> {
    on!(tx, conn => {
        query_as("SELECT day, at FROM watermarks WHERE name = $1 AND at IS NOT NULL")
            .bind(PLANNED)
            .fetch_optional(conn)
            .await
    })
    .doing("reading when the last day was planned")
}

/// Notes that `day` was planned. An earlier day than the one noted changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn mark_planned(
    tx: &mut Tx,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    mark(tx, PLANNED, day, Some(now)).await.map(drop)
}

/// The last planned day of which every rung was audited.
///
/// # Errors
/// When the database fails.
pub async fn last_audited_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    last(tx, AUDITED).await
}

/// Notes that every rung up to `day` was audited. An earlier day than the one noted changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn mark_audited(
    tx: &mut Tx,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    mark(tx, AUDITED, day, Some(now)).await.map(drop)
}

/// The last day on which old words were erased.
///
/// # Errors
/// When the database fails.
pub async fn last_expired_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    last(tx, EXPIRED).await
}

/// Notes that old words were erased on `day`. An earlier day than the one noted changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn mark_expired(tx: &mut Tx, day: NaiveDate) -> Result<(), StoreError> {
    mark(tx, EXPIRED, day, None).await.map(drop)
}

/// The last day of the schedule for which the digests were queued.
///
/// # Errors
/// When the database fails.
pub async fn last_digest_day(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    last(tx, DIGEST).await
}

/// The last day that was planned, and the last of the schedule for which the digests were queued.
///
/// # Errors
/// When the database fails.
pub async fn last_planned_and_digest_day(
    tx: &mut Tx,
) -> Result<(Option<NaiveDate>, Option<NaiveDate>), StoreError> {
    on!(tx, conn => {
        query_as(
            "SELECT (SELECT day FROM watermarks WHERE name = $1), (SELECT day FROM watermarks WHERE name = $2)",
        )
            .bind(PLANNED)
            .bind(DIGEST)
            .fetch_one(conn)
            .await
    })
    .doing("reading how far planning and the digests have come")
}

/// As [`last_digest_day`], and when they were made, where that is known.
///
/// # Errors
/// When the database fails.
pub async fn last_digest(
    tx: &mut Tx,
) -> Result<Option<(NaiveDate, Option<DateTime<Utc>>)>, StoreError> {
    on!(tx, conn => {
        query_as("SELECT day, at FROM watermarks WHERE name = $1")
            .bind(DIGEST)
            .fetch_optional(conn)
            .await
    })
    .doing("reading when the last digests were made")
}

/// Notes that the digests of `day` are queued, made at `at` where that is known. False when that day, or a later one, was noted before: of two processes at
/// once one notes it, and the other waits for its commit.
///
/// # Errors
/// When the database fails.
pub async fn mark_digest(
    tx: &mut Tx,
    day: NaiveDate,
    at: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    mark(tx, DIGEST, day, at).await
}

/// The last day that any job has noted.
///
/// # Errors
/// When the database fails.
pub async fn furthest(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => query_scalar("SELECT max(day) FROM watermarks").fetch_one(conn).await)
        .doing("reading how far the jobs have come")
}

/// The one way back: what a clock that ran ahead has noted of days after `today` is set to the day that was planned last, and
/// to that of the digests made last; without one, as if nothing had ever been.
///
/// # Errors
/// When the database fails.
pub async fn set_back(
    tx: &mut Tx,
    today: NaiveDate,
    planned: Option<NaiveDate>,
    digest: Option<(NaiveDate, Option<DateTime<Utc>>)>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let at_now = |day| (day, Some(now));
    let marks = [
        (PLANNED, planned.map(at_now)),
        (AUDITED, planned.map(at_now)),
        (EXPIRED, Some((today, None))),
        (DIGEST, digest),
    ];
    for (name, mark) in marks {
        on!(tx, conn => {
            match mark {
                Some((day, at)) => query("UPDATE watermarks SET day = $3, at = $4 WHERE name = $1 AND day > $2")
                    .bind(name)
                    .bind(today)
                    .bind(day)
                    .bind(at)
                    .execute(conn)
                    .await,
                None => query("DELETE FROM watermarks WHERE name = $1 AND day > $2")
                    .bind(name)
                    .bind(today)
                    .execute(conn)
                    .await,
            }
            .map(drop)
        })
        .doing(format_args!("setting job {name} back"))?;
    }
    Ok(())
}

async fn last(tx: &mut Tx, name: &'static str) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT day FROM watermarks WHERE name = $1").bind(name).fetch_optional(conn).await
    })
    .doing(format_args!("reading the last day of job {name}"))
}

/// Whether the mark moved.
async fn mark(
    tx: &mut Tx,
    name: &'static str,
    day: NaiveDate,
    at: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO watermarks (name, day, at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET day = excluded.day, at = excluded.at WHERE excluded.day > watermarks.day",
        )
        .bind(name)
        .bind(day)
        .bind(at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .doing(format_args!("noting {day} for job {name}"))
}
