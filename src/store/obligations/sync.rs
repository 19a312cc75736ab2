//! Bringing the stored obligations in line with a plan: new ones are inserted, dates that moved are moved.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::QueryBuilder;

use super::row::{COLUMNS, NewObligation, obligations_of};
use crate::domain::ids::{AgencyCode, MilestoneId, PlanId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::plan::MilestoneKind;
use crate::store::Tx;
use crate::store::bulk;
use crate::store::error::{Doing, StoreError};

/// What [`sync`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// How many were new.
    pub inserted: u64,
    /// Those whose dates moved.
    pub moved: Vec<Moved>,
    /// Those that run on an extension (as they are now): their `due_on` and `act_by` were not touched. After a change of
    /// the calendar the caller works out `act_by` anew.
    pub extended: Vec<Obligation>,
}

/// An obligation whose dates moved because the plan or the calendar changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// As it was.
    pub before: Obligation,
    /// As it is.
    pub after: Obligation,
}

/// Inserts what is not there yet, in batches, and moves the dates of what is. The key is (plan, task, milestone, agency).
///
/// What is stored keeps its state. Nothing moves that is over (done, cancelled) or had its dates from an event. What
/// runs on another day than the plan first gave, by an extension or a document, keeps both: only its opening follows. What sleeps wakes when the
/// plan now says what it left to an event. Whatever moved is looked at by the planner from its first rung again.
///
/// # Errors
/// When the database fails.
pub async fn sync(tx: &mut Tx, wanted: &[NewObligation]) -> Result<Synced, StoreError> {
    let mut synced = Synced::default();
    for chunk in wanted.chunks(bulk::ROWS) {
        let inserted = insert(tx, chunk).await?;
        synced.inserted += inserted;
        if usize::try_from(inserted).is_ok_and(|inserted| inserted == chunk.len()) {
            continue;
        }
        let mut known: HashMap<_, _> = find_stored(tx, chunk)
            .await?
            .into_iter()
            .map(|stored| (key(&stored), stored))
            .collect();
        let mut changed = Vec::new();
        for new in chunk {
            let Some(before) =
                known.remove(&(new.plan.clone(), new.milestone.clone(), new.agency.clone()))
            else {
                continue; // named twice in `wanted`
            };
            let after = follow(&before, new);
            if after != before {
                changed.push((
                    Moved {
                        before,
                        after: after.clone(),
                    },
                    new.next_rung_on,
                ));
            }
            if is_extended(&after) && !is_over(&after) {
                synced.extended.push(after);
            }
        }
        update(tx, &changed).await?;
        synced
            .moved
            .extend(changed.into_iter().map(|(moved, _)| moved));
    }
    Ok(synced)
}

type Key = (PlanId, MilestoneId, AgencyCode);

fn key(stored: &Obligation) -> Key {
    (
        stored.plan.clone(),
        stored.milestone.clone(),
        stored.agency.clone(),
    )
}

fn is_extended(stored: &Obligation) -> bool {
    stored.due_on != stored.original_due_on
}

fn is_over(stored: &Obligation) -> bool {
    matches!(stored.state, State::Done | State::Cancelled)
}

/// The stored obligation as the plan now wants it.
fn follow(stored: &Obligation, plan: &NewObligation) -> Obligation {
    let mut after = stored.clone();
    let dated_by_event = stored.kind == MilestoneKind::Event && plan.kind == MilestoneKind::Event;
    if is_over(stored) || dated_by_event {
        return after;
    }
    after.kind = plan.kind;
    after.opens_on = plan.opens_on;
    if !is_extended(stored) {
        after.original_due_on = plan.due_on;
        after.due_on = plan.due_on;
        after.act_by = plan.act_by;
    }
    if stored.state == State::Asleep {
        after.state = plan.state;
    }
    after
}

async fn insert(tx: &mut Tx, chunk: &[NewObligation]) -> Result<u64, StoreError> {
    on!(tx, conn => {
        QueryBuilder::new(
            "INSERT INTO obligations (plan, task, milestone, agency, kind, opens_on, due_on, original_due_on, act_by, \
             state, next_rung_on) ",
        )
        .push_values(chunk, |mut row, new| {
            row.push_bind(new.plan.as_str())
                .push_bind(new.milestone.task.as_str())
                .push_bind(i64::from(new.milestone.number))
                .push_bind(new.agency.as_str())
                .push_bind(new.kind.as_str())
                .push_bind(new.opens_on)
                .push_bind(new.due_on)
                .push_bind(new.due_on)
                .push_bind(new.act_by)
                .push_bind(new.state.as_str())
                .push_bind(new.next_rung_on);
        })
        .push(" ON CONFLICT (plan, task, milestone, agency) DO NOTHING")
        .build()
        .persistent(bulk::is_kept(chunk.len()))
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("inserting {} obligations", chunk.len()))
}

async fn find_stored(tx: &mut Tx, chunk: &[NewObligation]) -> Result<Vec<Obligation>, StoreError> {
    let as_one = tx.rows_as_one(COLUMNS);
    let rows: String = on!(tx, conn => {
        QueryBuilder::new("WITH wanted (plan, task, milestone, agency) AS (")
            .push_values(chunk, |mut row, new| {
                row.push_bind(new.plan.as_str())
                    .push_bind(new.milestone.task.as_str())
                    .push_bind(i64::from(new.milestone.number))
                    .push_bind(new.agency.as_str());
            })
            // CROSS JOIN: SQLite then keeps this order, one look into the unique index for each row wanted.
            .push(") SELECT ")
            .push(as_one)
            .push(
                " FROM wanted CROSS JOIN obligations o WHERE o.plan = wanted.plan AND o.task = wanted.task \
                 AND o.milestone = wanted.milestone AND o.agency = wanted.agency",
            )
            .build_query_scalar()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_one(conn)
            .await
    })
    .doing(format_args!("comparing {} obligations with those stored", chunk.len()))?;
    obligations_of(&rows)
}

async fn update(tx: &mut Tx, changed: &[(Moved, Option<NaiveDate>)]) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    on!(tx, conn => {
        QueryBuilder::new(
            "WITH moved (id, kind, opens_on, due_on, original_due_on, act_by, state, next_rung_on) AS (",
        )
        .push_values(changed, |mut row, (Moved { after, .. }, next_rung_on)| {
            row.push_bind(after.id.0)
                .push_bind(after.kind.as_str())
                .push_bind(after.opens_on)
                .push_bind(after.due_on)
                .push_bind(after.original_due_on)
                .push_bind(after.act_by)
                .push_bind(after.state.as_str())
                .push_bind(*next_rung_on);
        })
        .push(
            ") UPDATE obligations SET kind = moved.kind, opens_on = moved.opens_on, due_on = moved.due_on, \
             original_due_on = moved.original_due_on, act_by = moved.act_by, state = moved.state, \
             next_rung_on = moved.next_rung_on, ladder = NULL FROM moved WHERE obligations.id = moved.id",
        )
        .build()
        .persistent(bulk::is_kept(changed.len()))
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("moving the dates of {} obligations", changed.len()))
}
