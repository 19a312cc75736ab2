//! The attempts of a delivery: noted and committed before the request is written, finished when the outcome is known.
//!
//! An attempt without an end is a request that may have arrived; that is how a crash in the middle of a send is told
//! from a send that never began.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query};

use super::Tx;
use super::bulk;
use super::deliveries::{DeliveryId, DeliveryState};
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::delivery::Outcome;

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When its outcome was known; `None`: not yet, or the process died.
    pub finished_at: Option<DateTime<Utc>>,
    /// `sent`, `retry`, `rejected` or `unknown`.
    pub outcome: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The provider's id of the message.
    pub provider_id: Option<String>,
}

/// What noting an outcome found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The delivery is now in this state.
    Now(DeliveryState),
    /// The lease had ended: the outcome was noted with the attempt, and what becomes of the delivery is for whoever
    /// holds it now. Except when it was sent: that is noted in any case.
    LeaseLost,
}

/// Begins an attempt of each delivery and gives their numbers. Commit before writing the requests. What is missing in the
/// answer had its lease ended or was cancelled, and may not be sent.
///
/// # Errors
/// When the database fails.
pub async fn start(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
    owner: &str,
    now: DateTime<Utc>,
) -> Result<HashMap<DeliveryId, u32>, StoreError> {
    if deliveries.is_empty() {
        return Ok(HashMap::new());
    }
    let doing = format!("beginning {} attempts", deliveries.len());
    let (open, close) = tx.numbers();
    let ids = bulk::numbers(deliveries.iter().map(|id| id.0));
    let begun: Vec<(i64, i64)> = on!(tx, conn => {
        QueryBuilder::new("UPDATE deliveries SET attempts = attempts + 1 WHERE state = 'leased' AND lease_owner = ")
            .push_bind(owner)
            .push(" AND claimable_at > ")
            .push_bind(now)
            .push(" AND id IN")
            .push(open)
            .push_bind(ids)
            .push(close)
            .push(" RETURNING id, attempts")
            .build_query_as()
            .fetch_all(conn)
            .await
            .doing(&doing)?
    });
    let ids = bulk::numbers(begun.iter().map(|(id, _)| *id));
    on!(tx, conn => {
        QueryBuilder::new("INSERT INTO attempts (delivery, number, started_at) SELECT id, attempts, ")
            .push_bind(now)
            .push(" FROM deliveries WHERE id IN")
            .push(open)
            .push_bind(ids)
            .push(close)
            .build()
            .execute(conn)
            .await
            .doing(&doing)?;
    });
    let numbers = begun.into_iter().map(|(delivery, number)| {
        let delivery = DeliveryId(delivery);
        Ok((delivery, number_of(delivery, number)?))
    });
    numbers.collect()
}

/// An attempt that the provider accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What was sent.
    pub delivery: DeliveryId,
    /// By which attempt.
    pub number: u32,
    /// The provider's id of the message.
    pub provider_id: String,
}

/// Notes that these attempts were accepted: what was sent is sent, also when its lease had ended meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn finish_accepted(
    tx: &mut Tx,
    accepted: &[Accepted],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if accepted.is_empty() {
        return Ok(());
    }
    let doing = format!("noting {} accepted attempts", accepted.len());
    let (open, close) = tx.elements();
    let rows: Vec<_> = accepted
        .iter()
        .map(|one| (one.delivery.0, one.number, &one.provider_id))
        .collect();
    let rows = serde_json::to_string(&rows).unwrap_or_default(); // numbers and strings always have a JSON form
    on!(tx, conn => {
        QueryBuilder::new(
            "WITH accepted AS (SELECT CAST(value ->> 0 AS BIGINT) AS delivery, CAST(value ->> 1 AS BIGINT) AS number, \
             value ->> 2 AS provider_id FROM ",
        )
        .push(open)
        .push_bind(&rows)
        .push(close)
        .push(") UPDATE attempts SET outcome = 'sent', reason = NULL, provider_id = accepted.provider_id, finished_at = ")
        .push_bind(now)
        .push(" FROM accepted WHERE attempts.delivery = accepted.delivery AND attempts.number = accepted.number")
        .build()
        .execute(&mut *conn)
        .await
        .doing(&doing)?;
        QueryBuilder::new(
            "WITH accepted AS (SELECT CAST(value ->> 0 AS BIGINT) AS delivery, value ->> 2 AS provider_id FROM ",
        )
        .push(open)
        .push_bind(&rows)
        .push(close)
        .push(
            ") UPDATE deliveries SET state = 'sent', lease_owner = NULL, reason = NULL, \
             provider_id = accepted.provider_id, sent_at = ",
        )
        .push_bind(now)
        .push(" FROM accepted WHERE deliveries.id = accepted.delivery AND deliveries.state <> 'sent'")
        .build()
        .execute(conn)
        .await
        .doing(&doing)?;
    });
    Ok(())
}

/// Notes the outcome of an attempt and moves the delivery on: sent; queued again for `next` if there is another try;
/// otherwise failed, or unknown if it may have arrived.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    tx: &mut Tx,
    delivery: DeliveryId,
    owner: &str,
    number: u32,
    outcome: &Outcome,
    next: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Finish, StoreError> {
    let noted = Noted::of(outcome);
    let doing = format!("noting attempt {number} of delivery {delivery}");
    on!(tx, conn => {
        query(
            "UPDATE attempts SET finished_at = $1, outcome = $2, reason = $3, provider_id = $4
             WHERE delivery = $5 AND number = $6",
        )
        .bind(now)
        .bind(noted.word)
        .bind(noted.reason)
        .bind(noted.provider_id)
        .bind(delivery.0)
        .bind(i64::from(number))
        .execute(conn)
        .await
        .doing(&doing)?;
    });
    let state = noted.state(next.is_some());
    let changed = on!(tx, conn => {
        query(
            "UPDATE deliveries SET state = $1, lease_owner = NULL, claimable_at = COALESCE($2, claimable_at),
                 reason = $3, provider_id = $4, sent_at = $5
             WHERE id = $6 AND ((state = 'leased' AND lease_owner = $7) OR ($1 = 'sent' AND state <> 'sent'))",
        )
        .bind(state.as_str())
        .bind(next)
        .bind(noted.reason)
        .bind(noted.provider_id)
        .bind((state == DeliveryState::Sent).then_some(now))
        .bind(delivery.0)
        .bind(owner)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(&doing)?;
    Ok(if changed == 1 {
        Finish::Now(state)
    } else {
        Finish::LeaseLost
    })
}

/// The attempts of a delivery, in order.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, delivery: DeliveryId) -> Result<Vec<Attempt>, StoreError> {
    let mut found = list_all(tx, &[delivery]).await?;
    Ok(found.remove(&delivery).unwrap_or_default())
}

/// The attempts of each of these deliveries, in order; what was never tried is left out.
///
/// # Errors
/// When the database fails.
pub async fn list_all(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<HashMap<DeliveryId, Vec<Attempt>>, StoreError> {
    let mut found: HashMap<DeliveryId, Vec<Attempt>> = HashMap::new();
    for chunk in deliveries.chunks(bulk::ROWS) {
        let rows: Vec<Row> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT delivery, number, started_at, finished_at, outcome, reason, provider_id FROM attempts \
                 WHERE delivery IN ",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.0);
            })
            .push(" ORDER BY delivery, number")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("listing the attempts of {} deliveries", chunk.len()))?;
        for row in rows {
            let delivery = DeliveryId(row.delivery);
            found.entry(delivery).or_default().push(Attempt {
                number: number_of(delivery, row.number)?,
                started_at: row.started_at,
                finished_at: row.finished_at,
                outcome: row.outcome,
                reason: row.reason,
                provider_id: row.provider_id,
            });
        }
    }
    Ok(found)
}

#[derive(FromRow)]
struct Row {
    delivery: i64,
    number: i64,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    reason: Option<String>,
    provider_id: Option<String>,
}

fn number_of(delivery: DeliveryId, number: i64) -> Result<u32, StoreError> {
    let cell = Cell {
        table: "attempts",
        row: &delivery,
        column: "number",
    };
    cell.read(&number.to_string(), u32::try_from(number).ok())
}

/// An outcome as columns.
struct Noted<'a> {
    word: &'static str,
    reason: Option<&'a str>,
    provider_id: Option<&'a str>,
}

impl<'a> Noted<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let (word, reason, provider_id) = match outcome {
            Outcome::Sent { provider_id } => ("sent", None, Some(provider_id)),
            Outcome::Retry { reason, .. } => ("retry", Some(reason), None),
            Outcome::Rejected { reason }
            | Outcome::Closed { reason }
            | Outcome::Silent { reason } => ("rejected", Some(reason), None),
            Outcome::Unknown { reason } => ("unknown", Some(reason), None),
        };
        Self {
            word,
            reason: reason.map(String::as_str),
            provider_id: provider_id.map(String::as_str),
        }
    }

    fn state(&self, again: bool) -> DeliveryState {
        match self.word {
            "sent" => DeliveryState::Sent,
            "retry" | "unknown" if again => DeliveryState::Queued,
            "unknown" => DeliveryState::Unknown,
            _ => DeliveryState::Failed,
        }
    }
}
