//! Changing an obligation: its state, its dates, the day of its next rung. State and dates change with a line in the
//! ledger, in one transaction.

use chrono::NaiveDate;
use sqlx::{QueryBuilder, query};

use crate::domain::ids::{ObligationId, PlanId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::store::Tx;
use crate::store::bulk;
use crate::store::error::{Doing, StoreError};
use crate::store::events::{self, NewEvent};

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// Which obligation.
    pub id: ObligationId,
    /// The state on which the change was decided.
    pub from: State,
    /// The new state.
    pub to: State,
    /// Day of completion; given exactly when the new state is done.
    pub done_on: Option<NaiveDate>,
    /// What it waits for from then on.
    pub pending: Option<Pending>,
    /// The day until which its officers are not reminded.
    pub snoozed_until: Option<NaiveDate>,
    /// The day on which the planner must look at it next.
    pub next_rung_on: Option<NaiveDate>,
}

/// The days of an obligation that an extension gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// Last compliant day.
    pub due_on: NaiveDate,
    /// Last working day not after it.
    pub act_by: NaiveDate,
}

/// Changes the state, and what goes with it, and writes the event. False, with nothing written, when the obligation is no longer in the state
/// on which the change was decided: somebody else was faster, or this is the second tap on a button.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    tx: &mut Tx,
    change: &StateChange,
    event: &NewEvent,
) -> Result<bool, StoreError> {
    let changed = on!(tx, conn => {
        query(
            "UPDATE obligations SET state = $1, done_on = $2, pending = $3, snoozed_until = $4, next_rung_on = $5,
                 ladder = NULL
             WHERE id = $6 AND state = $7",
        )
        .bind(change.to.as_str())
        .bind(change.done_on)
        .bind(change.pending.map(Pending::as_str))
        .bind(change.snoozed_until)
        .bind(change.next_rung_on)
        .bind(change.id.0)
        .bind(change.from.as_str())
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("setting obligation {} to {}", change.id, change.to.as_str()))?;
    if changed == 1 {
        events::append(tx, std::slice::from_ref(event)).await?;
    }
    Ok(changed == 1)
}

/// What an obligation waits for besides the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which obligation.
    pub id: ObligationId,
    /// What it waits for from then on.
    pub pending: Option<Pending>,
    /// The day until which its officers are not reminded.
    pub snoozed_until: Option<NaiveDate>,
    /// A day on which the planner must look at it, if it would not look earlier.
    pub look_on: Option<NaiveDate>,
}

/// Changes what an open obligation waits for and writes the event. The next rung is never moved away. False, with nothing
/// written, when it is no longer open.
///
/// # Errors
/// When the database fails.
pub async fn set_waiting(
    tx: &mut Tx,
    waiting: &Waiting,
    event: &NewEvent,
) -> Result<bool, StoreError> {
    let changed = on!(tx, conn => {
        query(
            "UPDATE obligations SET pending = $1, snoozed_until = $2,
                 next_rung_on = CASE WHEN $3 IS NULL OR next_rung_on <= $3 THEN next_rung_on ELSE $3 END
             WHERE id = $4 AND state = 'open'",
        )
        .bind(waiting.pending.map(Pending::as_str))
        .bind(waiting.snoozed_until)
        .bind(waiting.look_on)
        .bind(waiting.id.0)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("noting what obligation {} waits for", waiting.id))?;
    if changed == 1 {
        events::append(tx, std::slice::from_ref(event)).await?;
    }
    Ok(changed == 1)
}

/// Moves the due day of an open obligation, `from`, to that of `dates`, has it wait for `pending` alone and writes the event.
/// False, with nothing written, when it is no longer open, due on that day or waits for something else.
///
/// # Errors
/// When the database fails.
pub async fn extend(
    tx: &mut Tx,
    from: &Obligation,
    dates: &Dates,
    pending: Option<Pending>,
    next_rung_on: Option<NaiveDate>,
    event: &NewEvent,
) -> Result<bool, StoreError> {
    let changed = on!(tx, conn => {
        query(
            "UPDATE obligations SET due_on = $1, act_by = $2, next_rung_on = $3, pending = $4, snoozed_until = NULL,
                 ladder = NULL
             WHERE id = $5 AND state = 'open' AND due_on = $6 AND pending IS NOT DISTINCT FROM $7",
        )
        .bind(dates.due_on)
        .bind(dates.act_by)
        .bind(next_rung_on)
        .bind(pending.map(Pending::as_str))
        .bind(from.id.0)
        .bind(from.due_on)
        .bind(from.pending.map(Pending::as_str))
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("extending obligation {}", from.id))?;
    if changed == 1 {
        events::append(tx, std::slice::from_ref(event)).await?;
    }
    Ok(changed == 1)
}

/// Puts an obligation back to where it stood before a decision that is taken back, and writes the event. False, with nothing
/// written, when it no longer stands as in `from`.
///
/// # Errors
/// When the database fails.
pub async fn restore(
    tx: &mut Tx,
    from: &Obligation,
    to: &Obligation,
    next_rung_on: Option<NaiveDate>,
    event: &NewEvent,
) -> Result<bool, StoreError> {
    let changed = on!(tx, conn => {
        query(
            "UPDATE obligations SET state = $1, done_on = $2, pending = $3, due_on = $4, act_by = $5, next_rung_on = $6
             WHERE id = $7 AND state = $8 AND done_on IS NOT DISTINCT FROM $9 AND pending IS NOT DISTINCT FROM $10
                 AND due_on IS NOT DISTINCT FROM $11",
        )
        .bind(to.state.as_str())
        .bind(to.done_on)
        .bind(to.pending.map(Pending::as_str))
        .bind(to.due_on)
        .bind(to.act_by)
        .bind(next_rung_on)
        .bind(from.id.0)
        .bind(from.state.as_str())
        .bind(from.done_on)
        .bind(from.pending.map(Pending::as_str))
        .bind(from.due_on)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("taking back a decision on obligation {}", from.id))?;
    if changed == 1 {
        events::append(tx, std::slice::from_ref(event)).await?;
    }
    Ok(changed == 1)
}

/// Sets the day on which the planner must look at each obligation next; `None`: never again by itself.
///
/// # Errors
/// When the database fails.
pub async fn set_next_rungs(
    tx: &mut Tx,
    next: &[(ObligationId, Option<NaiveDate>)],
) -> Result<(), StoreError> {
    let ((open, close), day) = (tx.elements(), tx.type_of_days());
    for chunk in next.chunks(bulk::ROWS) {
        let rows = bulk::elements(chunk.iter().map(|(id, day)| (id.0, day)));
        on!(tx, conn => {
            QueryBuilder::new("WITH next (id, day) AS MATERIALIZED (")
                .push(format!(
                    "SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS {day}) FROM {open}"
                ))
                .push_bind(rows)
                .push(close)
                .push(") UPDATE obligations SET next_rung_on = next.day FROM next WHERE obligations.id = next.id")
                .build()
                .execute(conn)
                .await
                .doing(format_args!("setting the next rung of {} obligations", chunk.len()))?;
        });
    }
    Ok(())
}

/// Has the planner look at every open obligation of a plan on `day`, but for those put off beyond it: the days of their
/// rungs were counted by schedules that have changed since.
///
/// # Errors
/// When the database fails.
pub async fn look_again(tx: &mut Tx, plan: &PlanId, day: NaiveDate) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE obligations SET next_rung_on = $1
             WHERE plan = $2 AND state = 'open' AND (next_rung_on IS NULL OR next_rung_on > $1)
                 AND (snoozed_until IS NULL OR snoozed_until <= $1)",
        )
        .bind(day)
        .bind(plan.as_str())
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!(
        "having the planner look at all of plan {plan}"
    ))
}
