//! What the database knows of a plan: its identity and the fingerprint of its files.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::ids::PlanId;

/// A plan that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedPlan {
    /// Folder name of the plan.
    pub id: PlanId,
    /// `4353/QĐ-UBND`.
    pub number: String,
    /// Title as printed.
    pub title: String,
    /// Day of signature.
    pub issued_on: NaiveDate,
    /// The year it plans for.
    pub year: i32,
    /// Hash over its files; the caller says of which and how.
    pub fingerprint: String,
    /// When these files were loaded.
    pub loaded_at: DateTime<Utc>,
}

/// What storing a plan found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loading {
    /// It was not there.
    New,
    /// The same files were loaded before; nothing was written.
    Unchanged,
    /// Other files were loaded before.
    Changed {
        /// Their fingerprint.
        before: String,
    },
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: String,
    title: String,
    issued_on: NaiveDate,
    year: i64,
    fingerprint: String,
    loaded_at: DateTime<Utc>,
}

impl TryFrom<Row> for LoadedPlan {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cell = Cell {
            table: "plans",
            row: &row.id,
            column: "year",
        };
        Ok(Self {
            year: cell.read(&row.year.to_string(), i32::try_from(row.year).ok())?,
            id: PlanId::new(row.id),
            number: row.number,
            title: row.title,
            issued_on: row.issued_on,
            fingerprint: row.fingerprint,
            loaded_at: row.loaded_at,
        })
    }
}

/// Stores a plan, and says whether its files differ from those loaded before.
///
/// # Errors
/// When the database fails.
pub async fn upsert(tx: &mut Tx, plan: &LoadedPlan) -> Result<Loading, StoreError> {
    let before = find(tx, &plan.id).await?.map(|known| known.fingerprint);
    if before.as_ref() == Some(&plan.fingerprint) {
        return Ok(Loading::Unchanged);
    }
    on!(tx, conn => {
        query(
            "INSERT INTO plans (id, number, title, issued_on, year, fingerprint, loaded_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO UPDATE SET number = excluded.number, title = excluded.title,
                 issued_on = excluded.issued_on, year = excluded.year, fingerprint = excluded.fingerprint,
                 loaded_at = excluded.loaded_at",
        )
        .bind(plan.id.as_str())
        .bind(&plan.number)
        .bind(&plan.title)
        .bind(plan.issued_on)
        .bind(i64::from(plan.year))
        .bind(&plan.fingerprint)
        .bind(plan.loaded_at)
        .execute(conn)
        .await
        .doing(format_args!("storing plan {}", plan.id))?;
    });
    Ok(match before {
        None => Loading::New,
        Some(before) => Loading::Changed { before },
    })
}

/// Finds a plan.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: &PlanId) -> Result<Option<LoadedPlan>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, number, title, issued_on, year, fingerprint, loaded_at FROM plans WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(conn)
        .await
    })
    .doing(format_args!("finding plan {id}"))?
    .map(LoadedPlan::try_from)
    .transpose()
}

/// Every plan, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<LoadedPlan>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, number, title, issued_on, year, fingerprint, loaded_at FROM plans ORDER BY issued_on, id",
        )
        .fetch_all(conn)
        .await
    })
    .doing("listing plans")?
    .into_iter()
    .map(LoadedPlan::try_from)
    .collect()
}
