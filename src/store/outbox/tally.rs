//! What is not settled, counted.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query_as};

use super::briefs::TOLD_ANEW;
use crate::domain::delivery::Channel;
use crate::store::Tx;
use crate::store::deliveries::DeliveryState;
use crate::store::error::{Doing, StoreError};
use crate::store::known::Known;
use crate::store::lost::ENDED;
use crate::store::words::Cell;

/// How many deliveries of a channel are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The channel.
    pub channel: Channel,
    /// The state.
    pub state: DeliveryState,
    /// How many.
    pub total: u64,
    /// When the oldest of them was queued.
    pub oldest: DateTime<Utc>,
}

/// Counts what is not settled: queued, being sent, failed or unknown. Reads their indexes, however much was ever sent.
///
/// # Errors
/// When the database fails.
pub async fn tally_unsettled(tx: &mut Tx) -> Result<Vec<Tally>, StoreError> {
    let rows: Vec<(String, String, i64, DateTime<Utc>)> = on!(tx, conn => {
        query_as(
            "SELECT channel, state, count(*), min(created_at) FROM deliveries WHERE state IN ('queued', 'leased')
             GROUP BY channel, state
             UNION ALL
             SELECT channel, state, count(*), min(created_at) FROM deliveries WHERE state IN ('failed', 'unknown')
             GROUP BY channel, state
             ORDER BY 1, 2",
        )
        .fetch_all(conn)
        .await
    })
    .doing("counting deliveries")?;
    rows.into_iter()
        .map(|(channel, state, total, oldest)| {
            let cell = |column| Cell {
                table: "deliveries",
                row: &"of a count",
                column,
            };
            Ok(Tally {
                channel: cell("channel").read(&channel, Channel::find(&channel))?,
                state: cell("state").read(&state, DeliveryState::find(&state))?,
                total: total.unsigned_abs(),
                oldest,
            })
        })
        .collect()
}

/// How many deliveries of a channel could be sent at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The channel.
    pub channel: Channel,
    /// How many.
    pub total: u64,
    /// Since when the one could be sent that waits longest.
    pub since: DateTime<Utc>,
}

/// Counts what [`claim`](super::claim()) would find at `now` if it took everything: what is queued and due, and what a dead
/// process left leased; also what is overtaken, as long as nothing newer was made. Reads the index of what waits.
///
/// # Errors
/// When the database fails.
pub async fn tally_due(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Due>, StoreError> {
    let rows: Vec<(String, i64, DateTime<Utc>)> = on!(tx, conn => {
        query_as(
            "SELECT channel, count(*), min(claimable_at) FROM deliveries
             WHERE state IN ('queued', 'leased') AND claimable_at <= $1 GROUP BY channel ORDER BY channel",
        )
        .bind(now)
        .fetch_all(conn)
        .await
    })
    .doing("counting what is due")?;
    rows.into_iter()
        .map(|(channel, total, since)| {
            let cell = Cell {
                table: "deliveries",
                row: &"of a count",
                column: "channel",
            };
            Ok(Due {
                channel: cell.read(&channel, Channel::find(&channel))?,
                total: total.unsigned_abs(),
                since,
            })
        })
        .collect()
}

/// How many messages were accepted by their provider, and how many were given up, of those queued from `from` up to but
/// not including `to`, as far as that is known: for the digest.
///
/// # Errors
/// When the database fails.
pub async fn tally_between(
    tx: &mut Tx,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    known: Known,
) -> Result<(u64, u64), StoreError> {
    let (sent, failed): (i64, i64) = on!(tx, conn => {
        QueryBuilder::new("SELECT count(CASE WHEN d.state = 'unknown' OR (d.state = 'sent' AND d.sent_at < ")
            .push_bind(known.instant())
            .push(format!(") THEN 1 END), count(CASE WHEN d.state = 'failed' AND {ENDED} < "))
            .push_bind(known.instant())
            .push(" THEN 1 END) FROM deliveries d WHERE d.created_at >= ")
            .push_bind(from)
            .push(" AND d.created_at < ")
            .push_bind(to)
            .build_query_as()
        .fetch_one(conn)
        .await
    })
    .doing("counting the messages of a week")?;
    Ok((sent.unsigned_abs(), failed.unsigned_abs()))
}

/// The digests of one morning: they share their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeDigests {
    /// When they were queued.
    pub at: DateTime<Utc>,
    /// Whether one of them never left, and the next ones speak of its days as well.
    pub is_told_anew: bool,
}

/// The digests that were queued from `from` up to but not including `to`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_digests_between(
    tx: &mut Tx,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<MadeDigests>, StoreError> {
    let made: Vec<(DateTime<Utc>, i64)> = on!(tx, conn => {
        query_as(
            "SELECT created_at, count(CASE WHEN state = 'cancelled' AND reason = $3 THEN 1 END) FROM deliveries
             WHERE kind = 'digest' AND created_at >= $1 AND created_at < $2
             GROUP BY created_at ORDER BY created_at",
        )
        .bind(from)
        .bind(to)
        .bind(TOLD_ANEW)
        .fetch_all(conn)
        .await
    })
    .doing("listing when digests were queued")?;
    let made = made.into_iter().map(|(at, told_anew)| MadeDigests {
        at,
        is_told_anew: told_anew > 0,
    });
    Ok(made.collect())
}
