//! Reading a chain, page by page.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, Row as _, query, query_as, query_scalar};

use crate::domain::chain::walk::{Found, Head, Sealed};
use crate::domain::chain::{About, Hash, Line};
use crate::domain::ids::PlanId;
use crate::store::Tx;
use crate::store::error::{Doing, StoreError};
use crate::store::words::Cell;

/// How many rows are read at once.
const PAGE: i64 = 1000;

/// What a line is about, from its columns; those of a row that was tampered with need not fit one another.
pub fn about(
    obligation: Option<i64>,
    task: Option<String>,
    milestone: Option<i64>,
    agency: Option<String>,
) -> Option<About> {
    let any = obligation.is_some() || task.is_some() || milestone.is_some() || agency.is_some();
    any.then(|| About {
        obligation: obligation.unwrap_or_default(),
        task: task.unwrap_or_default(),
        milestone: milestone.unwrap_or_default(),
        agency: agency.unwrap_or_default(),
    })
}

pub(super) fn hash_of(plan: &str, bytes: &[u8]) -> Result<Hash, StoreError> {
    let cell = Cell {
        table: "heads",
        row: &plan,
        column: "hash",
    };
    let hash = bytes.try_into().ok().map(Hash);
    cell.read(&format!("{} bytes", bytes.len()), hash)
}

/// The end of a plan's chain by its own account; `None` when there is no such account.
///
/// # Errors
/// When the database fails.
pub async fn head(tx: &mut Tx, plan: &PlanId) -> Result<Option<Head>, StoreError> {
    let row: Option<(i64, Option<Vec<u8>>)> = on!(tx, conn => {
        query_as("SELECT count, hash FROM heads WHERE plan = $1").bind(plan.as_str()).fetch_optional(conn).await
    })
    .doing(format_args!("reading the head of plan {plan}"))?;
    Ok(row.and_then(|(count, hash)| {
        let hash = Hash(hash?.try_into().ok()?);
        Some(Head { count, hash })
    }))
}

/// The first line of a plan that no seal names.
///
/// # Errors
/// When the database fails.
pub async fn find_unsealed(tx: &mut Tx, plan: &PlanId) -> Result<Option<i64>, StoreError> {
    on!(tx, conn => {
        query_scalar(
            "SELECT min(id) FROM events WHERE plan = $1 AND NOT EXISTS (SELECT 1 FROM seals WHERE seals.event = events.id)",
        )
        .bind(plan.as_str())
        .fetch_one(conn)
        .await
    })
    .doing(format_args!("looking for events of plan {plan} without a seal"))
}

/// The next places of a plan's chain behind place `after`; none at its end. What cannot be read is said to be so: it may
/// be what somebody looks for.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, plan: &PlanId, after: i64) -> Result<Vec<Sealed>, StoreError> {
    on!(tx, conn => {
        query(
            "SELECT s.event, s.place, s.hash, s.task, s.milestone, s.agency,
                 e.id, e.plan, e.obligation, e.at, e.actor, e.kind, e.payload, e.source,
                 o.id AS now_id, o.task AS now_task, o.milestone AS now_milestone, o.agency AS now_agency
             FROM seals s LEFT JOIN events e ON e.id = s.event LEFT JOIN obligations o ON o.id = e.obligation
             WHERE s.plan = $1 AND s.place > $2 ORDER BY s.place LIMIT $3",
        )
        .bind(plan.as_str())
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await
        .and_then(|rows| rows.iter().map(|row| {
            let line = match LineRow::from_row(row) {
                Ok(line) => line.found(),
                Err(_) => Found::Unreadable,
            };
            Ok(Sealed {
                event: row.try_get("event")?,
                place: row.try_get("place")?,
                hash: row.try_get("hash").ok().and_then(|bytes: Vec<u8>| Some(Hash(bytes.try_into().ok()?))),
                line,
                now: about(
                    row.try_get("now_id")?,
                    row.try_get("now_task").unwrap_or_default(),
                    row.try_get("now_milestone").unwrap_or_default(),
                    row.try_get("now_agency").unwrap_or_default(),
                ),
            })
        }).collect())
    })
    .doing(format_args!("reading the chain of plan {plan}"))
}

/// The next lines of a plan behind the one numbered `after`, to be sealed, in the order of their numbers.
pub(super) async fn list_lines(
    tx: &mut Tx,
    plan: &str,
    after: i64,
) -> Result<Vec<Line>, StoreError> {
    let rows: Vec<LineRow> = on!(tx, conn => {
        query_as(
            "SELECT e.id, e.plan, e.obligation, e.at, e.actor, e.kind, e.payload, e.source, o.task, o.milestone, o.agency
             FROM events e LEFT JOIN obligations o ON o.id = e.obligation
             WHERE e.plan = $1 AND e.id > $2 ORDER BY e.id LIMIT $3",
        )
        .bind(plan)
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("reading the ledger of plan {plan}"))?;
    let lines = rows.into_iter().map(LineRow::found);
    Ok(lines
        .filter_map(|found| match found {
            Found::Line(line) => Some(line),
            Found::Gone | Found::Unreadable => None,
        })
        .collect())
}

/// A line, with what it is or was about; without a number where only its seal is left.
#[derive(FromRow)]
struct LineRow {
    id: Option<i64>,
    plan: Option<String>,
    obligation: Option<i64>,
    at: Option<DateTime<Utc>>,
    actor: Option<String>,
    kind: Option<String>,
    payload: Option<String>,
    source: Option<String>,
    task: Option<String>,
    milestone: Option<i64>,
    agency: Option<String>,
}

impl LineRow {
    fn found(self) -> Found {
        let Some(event) = self.id else {
            return Found::Gone;
        };
        let line = || {
            Some(Line {
                event,
                plan: self.plan?,
                about: about(self.obligation, self.task, self.milestone, self.agency),
                at: self.at?.timestamp_micros(),
                actor: self.actor?,
                kind: self.kind?,
                payload: self.payload?,
                source: self.source,
            })
        };
        line().map_or(Found::Unreadable, Found::Line)
    }
}
