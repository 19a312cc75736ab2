//! What the auditor found: one row for each, from when it was first seen until it was mended, and after.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as};

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use super::known::Known;
use super::words::Cell;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ids::{ContactId, ObligationId, PlanId};

/// A finding with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it is.
    pub finding: Finding,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen: DateTime<Utc>,
    /// When it was seen no more; `None` while it stands.
    pub cleared_at: Option<DateTime<Utc>>,
}

/// Notes that these were seen now. One that was mended and is there again stands again.
///
/// # Errors
/// When the database fails.
pub async fn note(tx: &mut Tx, seen: &[Finding], now: DateTime<Utc>) -> Result<(), StoreError> {
    for chunk in seen.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new(
                "INSERT INTO findings (kind, subject, plan, obligation, contact, day, detail, first_seen, last_seen) ",
            )
            .push_values(chunk, |mut row, one| {
                row.push_bind(one.kind.as_str())
                    .push_bind(&one.subject)
                    .push_bind(one.plan.as_ref().map(PlanId::as_str))
                    .push_bind(one.obligation.map(|id| id.0))
                    .push_bind(one.contact.as_ref().map(ContactId::as_str))
                    .push_bind(one.day)
                    .push_bind(&one.detail)
                    .push_bind(now)
                    .push_bind(now);
            })
            .push(
                " ON CONFLICT (kind, subject) DO UPDATE SET detail = excluded.detail, \
                 last_seen = excluded.last_seen, cleared_at = NULL",
            )
            .build()
            .persistent(bulk::is_kept(chunk.len()))
            .execute(conn)
            .await
            .map(drop)
        })
        .doing(format_args!("noting {} findings", chunk.len()))?;
    }
    Ok(())
}

/// Notes that these are seen no more.
///
/// # Errors
/// When the database fails.
pub async fn clear(
    tx: &mut Tx,
    mended: &[(FindingKind, String)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (kind, subject) in mended {
        on!(tx, conn => {
            query("UPDATE findings SET cleared_at = $1 WHERE kind = $2 AND subject = $3 AND cleared_at IS NULL")
                .bind(now)
                .bind(kind.as_str())
                .bind(subject)
                .execute(conn)
                .await
                .map(drop)
        })
        .doing(format_args!("clearing finding {} {subject}", kind.as_str()))?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Row {
    kind: String,
    subject: String,
    plan: Option<String>,
    obligation: Option<i64>,
    contact: Option<String>,
    day: Option<NaiveDate>,
    detail: String,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    cleared_at: Option<DateTime<Utc>>,
}

fn kind_of(word: &str) -> Result<FindingKind, StoreError> {
    let cell = Cell {
        table: "findings",
        row: &word,
        column: "kind",
    };
    cell.read(word, FindingKind::find(word))
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            finding: Finding {
                kind: kind_of(&row.kind)?,
                subject: row.subject,
                plan: row.plan.map(PlanId::new),
                obligation: row.obligation.map(ObligationId),
                contact: row.contact.map(ContactId::new),
                day: row.day,
                detail: row.detail,
            },
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            cleared_at: row.cleared_at,
        })
    }
}

/// What stands, or was known to stand, by kind and subject.
///
/// # Errors
/// When the database fails.
pub async fn list_open(tx: &mut Tx, known: Known) -> Result<Vec<Stored>, StoreError> {
    let rows: Vec<Row> = on!(tx, conn => {
        let mut query = QueryBuilder::new(
            "SELECT kind, subject, plan, obligation, contact, day, detail, first_seen, last_seen, cleared_at \
             FROM findings WHERE ",
        );
        if known.is_now() {
            query.push("cleared_at IS NULL");
        } else {
            let at = known.instant();
            query.push("first_seen <= ").push_bind(at);
            query.push(" AND (cleared_at IS NULL OR cleared_at > ").push_bind(at).push(")");
        }
        query.push(" ORDER BY kind, subject").build_query_as().fetch_all(conn).await
    })
    .doing("listing what the auditor found")?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// How many stand of each kind, those of which none does included: one number for each, for metrics.
///
/// # Errors
/// When the database fails.
pub async fn tally(tx: &mut Tx) -> Result<Vec<(FindingKind, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = on!(tx, conn => {
        query_as("SELECT kind, count(*) FROM findings WHERE cleared_at IS NULL GROUP BY kind")
            .fetch_all(conn)
            .await
    })
    .doing("counting what the auditor found")?;
    let mut tally: Vec<(FindingKind, u64)> =
        FindingKind::ALL.into_iter().map(|kind| (kind, 0)).collect();
    for (word, count) in rows {
        let kind = kind_of(&word)?;
        let own = tally.iter_mut().filter(|(known, _)| *known == kind);
        own.for_each(|(_, total)| *total = count.unsigned_abs());
    }
    Ok(tally)
}
