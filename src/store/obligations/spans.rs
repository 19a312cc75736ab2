//! What is open with its dates within some days: read by their indexes, however much is owed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query_scalar};

use super::row::{COLUMNS, obligations_of};
use crate::domain::audit::Span;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Obligation;
use crate::store::Tx;
use crate::store::bulk;
use crate::store::error::{Doing, StoreError};

/// Which date of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The first day of its window.
    Opening,
    /// Its due day.
    Due,
    /// The day until which its officers asked not to be reminded.
    Snoozed,
}

impl Dated {
    /// What is asked of a row; as the index of that date has it.
    fn condition(self) -> &'static str {
        match self {
            Self::Opening => "o.opens_on BETWEEN spans.first_day AND spans.last_day",
            Self::Due => "o.due_on BETWEEN spans.first_day AND spans.last_day",
            Self::Snoozed => {
                "o.snoozed_until IS NOT NULL AND o.snoozed_until BETWEEN spans.first_day AND spans.last_day"
            }
        }
    }
}

/// The open obligations of which that date lies within one of these spans, each once, in order of number.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_within(
    tx: &mut Tx,
    dated: Dated,
    spans: &[Span],
) -> Result<Vec<Obligation>, StoreError> {
    let mut found: BTreeMap<ObligationId, Obligation> = BTreeMap::new();
    let (as_one, (open, close)) = (tx.rows_as_one(COLUMNS), tx.elements());
    let day = tx.type_of_days();
    for chunk in spans.chunks(bulk::ROWS) {
        let days: Vec<_> = chunk.iter().map(|span| (span.first, span.last)).collect();
        let days = serde_json::to_string(&days).unwrap_or_default(); // days always have a JSON form
        // CROSS JOIN keeps SQLite from reading the table first and the few spans for each of its rows.
        let rows: String = on!(tx, conn => {
            QueryBuilder::new("WITH spans (first_day, last_day) AS MATERIALIZED (")
                .push(format!("SELECT CAST(value ->> 0 AS {day}), CAST(value ->> 1 AS {day}) FROM {open}"))
                .push_bind(days)
                .push(close)
                .push(") SELECT ")
                .push(&as_one)
                .push(" FROM spans CROSS JOIN obligations o WHERE o.state = 'open' AND ")
                .push(dated.condition())
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing(format_args!(
            "reading what is open within {} spans",
            chunk.len()
        ))?;
        found.extend(obligations_of(&rows)?.into_iter().map(|one| (one.id, one)));
    }
    Ok(found.into_values().collect())
}

/// What is open and began to be followed when its due day was over, in order of number.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_watched(tx: &mut Tx) -> Result<Vec<Obligation>, StoreError> {
    let as_one = tx.rows_as_one_by(COLUMNS, "o.id");
    let rows: String = on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(as_one)
            .push(" FROM obligations o WHERE o.settle_by IS NOT NULL AND o.state = 'open'")
            .build_query_scalar()
            .fetch_one(conn)
            .await
    })
    .doing("reading what was due before it was followed")?;
    obligations_of(&rows)
}

/// The earliest due day of what is open; `None` when nothing is that has one.
///
/// # Errors
/// When the database fails.
pub async fn earliest_due(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT min(due_on) FROM obligations WHERE state = 'open' AND due_on IS NOT NULL")
            .fetch_one(conn)
            .await
    })
    .doing("looking for what was due first")
}

/// When the last line of the ledger about each of these obligations was written; what has none is missing.
///
/// # Errors
/// When the database fails.
pub async fn last_changed(
    tx: &mut Tx,
    ids: &[ObligationId],
) -> Result<BTreeMap<ObligationId, DateTime<Utc>>, StoreError> {
    let mut changed = BTreeMap::new();
    for chunk in ids.chunks(bulk::ROWS) {
        let rows: Vec<(i64, DateTime<Utc>)> = on!(tx, conn => {
            QueryBuilder::new("SELECT obligation, max(at) FROM events WHERE obligation IS NOT NULL AND obligation IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .push(" GROUP BY obligation")
                .build_query_as()
                .persistent(false)
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("reading when {} obligations changed last", chunk.len()))?;
        changed.extend(rows.into_iter().map(|(id, at)| (ObligationId(id), at)));
    }
    Ok(changed)
}
