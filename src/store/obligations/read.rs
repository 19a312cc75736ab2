//! Finding, listing and counting obligations.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use sqlx::{QueryBuilder, query_as, query_scalar};

use super::row::{COLUMNS, Reading, Row, obligations_of, unpacked};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId, TaskId};
use crate::domain::obligation::{Obligation, State};
use crate::store::Tx;
use crate::store::bulk::{self, Packed};
use crate::store::error::{Doing, StoreError};
use crate::store::shares::{Scope, within};
use crate::store::words::{Cell, find_state};
use crate::store::written::Text;

/// Which obligations to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this plan.
    pub plan: Option<PlanId>,
    /// Of this agency.
    pub agency: Option<AgencyCode>,
    /// Of this task.
    pub task: Option<TaskId>,
    /// In this state.
    pub state: Option<State>,
}

/// How many obligations of a plan are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The state.
    pub state: State,
    /// How many are in it.
    pub total: u64,
}

/// The open obligations that the planner must look at on `day`. Reads an index of what can be due, never the table.
///
/// # Errors
/// When the database fails.
pub async fn due_for_planning(tx: &mut Tx, day: NaiveDate) -> Result<Vec<Obligation>, StoreError> {
    let as_one = tx.rows_as_one_by(COLUMNS, "o.next_rung_on, o.id");
    let rows: String = on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(as_one)
            .push(" FROM obligations o WHERE o.state = 'open' AND o.next_rung_on <= ")
            .push_bind(day)
            .build_query_scalar()
            .fetch_one(conn)
            .await
    })
    .doing(format_args!("reading what may be due on {day}"))?;
    obligations_of(&rows)
}

/// How many obligations [`due_for_planning`] would give on `day`.
///
/// # Errors
/// When the database fails.
pub async fn count_due(tx: &mut Tx, day: NaiveDate) -> Result<u64, StoreError> {
    let total: i64 = on!(tx, conn => {
        query_scalar("SELECT count(*) FROM obligations WHERE state = 'open' AND next_rung_on <= $1")
            .bind(day)
            .fetch_one(conn)
            .await
    })
    .doing(format_args!("counting what may be due on {day}"))?;
    Ok(total.unsigned_abs())
}

/// Finds obligations by number; what does not exist is left out. In order of number.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, ids: &[ObligationId]) -> Result<Vec<Obligation>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    let (as_one, (open, close)) = (tx.rows_as_one(COLUMNS), tx.numbers());
    for chunk in ids.chunks(bulk::ROWS) {
        let rows: String = on!(tx, conn => {
            QueryBuilder::new("SELECT ")
                .push(&as_one)
                .push(" FROM obligations o WHERE o.id IN")
                .push(open)
                .push_bind(bulk::numbers(chunk.iter().map(|id| id.0)))
                .push(close)
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing(format_args!("finding {} obligations", chunk.len()))?;
        found.extend(obligations_of(&rows)?);
    }
    found.sort_by_key(|obligation| obligation.id);
    Ok(found)
}

/// Finds an obligation that the caller is about to change: nobody else changes it until the caller's transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, id: ObligationId) -> Result<Option<Obligation>, StoreError> {
    let (row, locked) = (tx.packed(COLUMNS), tx.locked());
    on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(row)
            .push(" FROM obligations o WHERE o.id = ")
            .push_bind(id.0)
            .push(locked)
            .build_query_as::<Packed<Row>>()
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("locking obligation {id}"))?
    .map(|Packed(row)| Reading::default().read(row))
    .transpose()
}

/// The open obligations of these plans that wait for a decision, by due day, then number.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(tx: &mut Tx, plans: &[PlanId]) -> Result<Vec<Obligation>, StoreError> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let row = tx.packed(COLUMNS);
    on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(row)
            .push(
                " FROM obligations o \
                 WHERE o.state = 'open' AND o.pending IN ('extension', 'acceptance') AND o.plan IN",
            )
            .push_tuples(plans, |mut row, plan| {
                row.push_bind(plan.as_str());
            })
            .push(" ORDER BY o.due_on NULLS LAST, o.id")
            .build_query_as::<Packed<Row>>()
            .fetch_all(conn)
            .await
    })
    .doing("listing what waits for a decision")
    .and_then(unpacked)
}

/// Finds what an agency owes for a milestone.
///
/// # Errors
/// When the database fails.
pub async fn find_by_key(
    tx: &mut Tx,
    plan: &PlanId,
    milestone: &MilestoneId,
    agency: &AgencyCode,
) -> Result<Option<Obligation>, StoreError> {
    let row = tx.packed(COLUMNS);
    on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(row)
            .push(" FROM obligations o WHERE o.plan = ")
            .push_bind(plan.as_str())
            .push(" AND o.task = ")
            .push_bind(milestone.task.as_str())
            .push(" AND o.milestone = ")
            .push_bind(i64::from(milestone.number))
            .push(" AND o.agency = ")
            .push_bind(agency.as_str())
            .build_query_as::<Packed<Row>>()
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("finding what {agency} owes for {milestone}"))?
    .map(|Packed(row)| Reading::default().read(row))
    .transpose()
}

/// Lists obligations by due day (those without one last), then number.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<Vec<Obligation>, StoreError> {
    let some_rows = tx.rows_as_one(COLUMNS);
    let mut found = on!(tx, conn => {
        let mut select = QueryBuilder::new("SELECT ");
        select.push(some_rows).push(" FROM obligations o WHERE 1 = 1");
        if let Some(plan) = &filter.plan {
            select.push(" AND o.plan = ").push_bind(plan.as_str());
        }
        if let Some(agency) = &filter.agency {
            select.push(" AND o.agency = ").push_bind(agency.as_str());
        }
        if let Some(task) = &filter.task {
            select.push(" AND o.task = ").push_bind(task.as_str());
        }
        if let Some(state) = filter.state {
            select.push(" AND o.state = ").push_bind(state.as_str());
        }
        // Some hundred as one, and those as they come: of a nation, the rows alone would take as much again.
        let mut texts = select
            .push(" GROUP BY o.id / 256")
            .build_query_scalar::<String>()
            .fetch(conn);
        let (mut found, mut reading) = (Vec::new(), Reading::default());
        while let Some(text) = texts.try_next().await.doing("listing obligations")? {
            for row in bulk::rows::<Row<Text<'_>>>("obligations", &text)? {
                found.push(reading.read(row)?);
            }
        }
        found
    });
    found.sort_by_key(|one| (one.due_on.is_none(), one.due_on, one.id));
    Ok(found)
}

/// The next `limit` obligations within a scope behind the one numbered `after`, in the order of their numbers.
///
/// # Errors
/// When the database fails.
pub async fn list_after(
    tx: &mut Tx,
    scope: &Scope,
    after: ObligationId,
    limit: u32,
) -> Result<Vec<Obligation>, StoreError> {
    let row = tx.packed(COLUMNS);
    on!(tx, conn => {
        let mut select = QueryBuilder::new("SELECT ");
        select.push(row).push(" FROM obligations o WHERE o.id > ").push_bind(after.0);
        within!(select, scope, "o.plan", "o.task", "o.agency");
        select
            .push(" ORDER BY o.id LIMIT ")
            .push_bind(i64::from(limit))
            .build_query_as::<Packed<Row>>()
            .fetch_all(conn)
            .await
    })
    .doing("listing obligations")
    .and_then(unpacked)
}

/// How many obligations of a plan there are for each milestone, in whatever state.
///
/// # Errors
/// When the database fails.
pub async fn count_by_milestone(
    tx: &mut Tx,
    plan: &PlanId,
) -> Result<Vec<(MilestoneId, u64)>, StoreError> {
    let rows: Vec<(String, i64, i64)> = on!(tx, conn => {
        query_as(
            "SELECT task, milestone, count(*) FROM obligations WHERE plan = $1
             GROUP BY task, milestone ORDER BY task, milestone",
        )
        .bind(plan.as_str())
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("counting the obligations of plan {plan}"))?;
    rows.into_iter()
        .map(|(task, number, total)| {
            let cell = Cell {
                table: "obligations",
                row: &task,
                column: "milestone",
            };
            let number = cell.read(&number.to_string(), u16::try_from(number).ok())?;
            let milestone = MilestoneId {
                task: TaskId::new(task),
                number,
            };
            Ok((milestone, total.unsigned_abs()))
        })
        .collect()
}

/// Counts the obligations of a plan by state. States without any are left out.
///
/// # Errors
/// When the database fails.
pub async fn tally(tx: &mut Tx, plan: &PlanId) -> Result<Vec<Tally>, StoreError> {
    let rows: Vec<(String, i64)> = on!(tx, conn => {
        query_as(
            "SELECT state, count(*) FROM obligations WHERE plan = $1 GROUP BY state ORDER BY state",
        )
        .bind(plan.as_str())
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("counting the obligations of plan {plan}"))?;
    rows.into_iter()
        .map(|(word, total)| {
            let cell = Cell {
                table: "obligations",
                row: plan,
                column: "state",
            };
            Ok(Tally {
                state: cell.read(&word, find_state(&word))?,
                total: total.unsigned_abs(),
            })
        })
        .collect()
}
