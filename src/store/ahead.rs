//! What a clock that ran ahead has left behind: briefs of days that have not come, and messages that wait for them.
//!
//! Whether a row was made by such a clock is told by the row: its day, or when it says that it was made, is still to come.
//! The ledger keeps its entries as they are.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{query, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Briefs of days to come.
    pub briefs: u64,
    /// Their messages and digests that have left; nothing can take those back.
    pub left: u64,
    /// Those that have not, or may not have, and are cancelled.
    pub cancelled: u64,
    /// Other messages, answers for the most part, that waited for a time to come and may leave at once.
    pub hastened: u64,
    /// Entries of the ledger that are dated ahead, and stay so.
    pub entries: u64,
}

/// Takes back what stands for days after `today`, or says that it was made after `now`. The days of the planner and what it
/// looks at next are not its business.
///
/// # Errors
/// When the database fails.
pub async fn take_back(
    tx: &mut Tx,
    today: NaiveDate,
    now: DateTime<Utc>,
    why: &str,
) -> Result<TakenBack, StoreError> {
    let left = count_left(tx, today, now).await?;
    announce_again(tx, today).await?;
    let cancelled = cancel(tx, today, now, why).await?;
    detach(tx, today, now).await?;
    Ok(TakenBack {
        briefs: forget(tx, today).await?,
        left,
        cancelled,
        hastened: hasten(tx, now).await?,
        entries: count_entries(tx, now).await?,
    })
}

async fn count_left(tx: &mut Tx, today: NaiveDate, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let count: i64 = on!(tx, conn => {
        query_scalar(
            "SELECT count(*) FROM deliveries
             WHERE (brief_day > $1 OR (kind = 'digest' AND created_at > $2)) AND state = 'sent'",
        )
        .bind(today)
        .bind(now)
        .fetch_one(conn)
        .await
    })
    .doing("counting messages of days to come that have left")?;
    Ok(count.unsigned_abs())
}

/// What documents changed counts as told today where a brief of a day to come has told it, and otherwise waits for the next.
async fn announce_again(tx: &mut Tx, today: NaiveDate) -> Result<(), StoreError> {
    let statements = [
        "UPDATE announcements SET day = $1 WHERE day > $1 AND EXISTS (SELECT 1 FROM deliveries d
             WHERE d.contact = announcements.contact AND d.brief_day = announcements.day AND d.state = 'sent')",
        "UPDATE announcements SET day = NULL WHERE day > $1",
    ];
    for statement in statements {
        on!(tx, conn => query(statement).bind(today).execute(conn).await.map(drop))
            .doing("having changes by documents told again")?;
    }
    Ok(())
}

/// A message that may have arrived is cancelled too: it tells of a day that has not come, and must not be sent again.
async fn cancel(
    tx: &mut Tx,
    today: NaiveDate,
    now: DateTime<Utc>,
    why: &str,
) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = 'cancelled', lease_owner = NULL, reason = $3
             WHERE (brief_day > $1 OR (kind = 'digest' AND created_at > $2))
                 AND state IN ('queued', 'leased', 'failed', 'unknown')",
        )
        .bind(today)
        .bind(now)
        .bind(why)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing("cancelling messages of days to come")
}

/// Messages of briefs and digests that are taken back belong to no day any more. Their ids are given up: the brief of that
/// person and day, and the digest of that week, will bear them when they come.
async fn detach(tx: &mut Tx, today: NaiveDate, now: DateTime<Utc>) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE deliveries
             SET brief_day = NULL, message_id = '<ahead.' || CAST(id AS TEXT) || '.' || substr(message_id, 2)
             WHERE brief_day > $1 OR (kind = 'digest' AND created_at > $2)",
        )
        .bind(today)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing("parting messages from days to come")
}

async fn forget(tx: &mut Tx, today: NaiveDate) -> Result<u64, StoreError> {
    on!(tx, conn => query("DELETE FROM brief_items WHERE day > $1").bind(today).execute(conn).await.map(drop))
        .doing("forgetting what briefs of days to come tell")?;
    on!(tx, conn => {
        query("DELETE FROM briefs WHERE day > $1")
            .bind(today)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing("forgetting briefs of days to come")
}

/// What waits for a time that only the other clock has seen leaves now, and a lease that ends then ends; and nobody has written
/// later than now.
async fn hasten(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    on!(tx, conn => query("UPDATE addresses SET heard_at = $1 WHERE heard_at > $1").bind(now).execute(conn).await.map(drop))
        .doing("setting back when people last wrote")?;
    on!(tx, conn => {
        query(
            "UPDATE deliveries SET claimable_at = $1
             WHERE state IN ('queued', 'leased') AND claimable_at > $1 AND created_at > $1",
        )
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing("hastening messages that wait for a time to come")
}

async fn count_entries(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let count: i64 = on!(tx, conn => {
        query_scalar("SELECT count(*) FROM events WHERE at > $1").bind(now).fetch_one(conn).await
    })
    .doing("counting entries dated ahead")?;
    Ok(count.unsigned_abs())
}

/// The last day up to `today` on which somebody had a brief.
///
/// # Errors
/// When the database fails.
pub async fn last_told_day(tx: &mut Tx, today: NaiveDate) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT max(day) FROM briefs WHERE day <= $1").bind(today).fetch_one(conn).await
    })
    .doing("finding the last day that had briefs")
}

/// When digests were last made, by now.
///
/// # Errors
/// When the database fails.
pub async fn last_digest_made(
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT max(created_at) FROM deliveries WHERE kind = 'digest' AND created_at <= $1")
            .bind(now)
            .fetch_one(conn)
            .await
    })
    .doing("finding when digests were last made")
}
