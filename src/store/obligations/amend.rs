//! Changing many obligations at once, as a document does.

use chrono::NaiveDate;
use sqlx::{QueryBuilder, query_scalar};

use super::row::{COLUMNS, Row, unpacked};
use crate::domain::amendment::Terms;
use crate::domain::ids::{AgencyCode, ObligationId, PlanId};
use crate::domain::obligation::{Obligation, Pending, Watch};
use crate::store::Tx;
use crate::store::bulk::{self, Packed};
use crate::store::error::{Doing, StoreError};

/// New terms for one obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTerms {
    /// Which.
    pub id: ObligationId,
    /// The terms on which the change was decided.
    pub was: Terms,
    /// The new ones.
    pub now: Terms,
    /// The day on which the planner must look at it next.
    pub next_rung_on: Option<NaiveDate>,
}

/// Sets the terms of all of these. The due day that the plan gave stays beside the new one; an obligation that had none
/// keeps its first as its original. False, and the transaction is to be given up, when one of them is no longer on the
/// terms on which its change was decided.
///
/// # Errors
/// When the database fails.
pub async fn set_terms(tx: &mut Tx, terms: &[NewTerms]) -> Result<bool, StoreError> {
    for chunk in terms.chunks(bulk::ROWS) {
        let changed = on!(tx, conn => {
            QueryBuilder::new(
                "WITH terms (id, was_state, was_due_on, was_pending, state, opens_on, due_on, act_by, pending, next_rung_on) AS (",
            )
            .push_values(chunk, |mut row, one| {
                row.push_bind(one.id.0)
                    .push_bind(one.was.state.as_str())
                    .push_bind(one.was.due_on)
                    .push_bind(one.was.pending.map(Pending::as_str))
                    .push_bind(one.now.state.as_str())
                    .push_bind(one.now.opens_on)
                    .push_bind(one.now.due_on)
                    .push_bind(one.now.act_by)
                    .push_bind(one.now.pending.map(Pending::as_str))
                    .push_bind(one.next_rung_on);
            })
            .push(
                ") UPDATE obligations SET state = terms.state, opens_on = terms.opens_on, due_on = terms.due_on, \
                 act_by = terms.act_by, pending = terms.pending, snoozed_until = NULL, ladder = NULL, \
                 next_rung_on = terms.next_rung_on, \
                 original_due_on = CASE WHEN terms.due_on IS NULL THEN NULL \
                 ELSE COALESCE(obligations.original_due_on, terms.due_on) END \
                 FROM terms WHERE obligations.id = terms.id AND obligations.state = terms.was_state \
                 AND obligations.due_on IS NOT DISTINCT FROM terms.was_due_on \
                 AND obligations.pending IS NOT DISTINCT FROM terms.was_pending",
            )
            .build()
            .persistent(bulk::is_kept(chunk.len()))
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .doing(format_args!("setting the terms of {} obligations", chunk.len()))?;
        if usize::try_from(changed) != Ok(chunk.len()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Stores what `agency` takes over of `from`, on the same terms: a wish for more time waits there. `again` is the one that it was
/// given before, where that was taken back. `None`, with nothing written, when it owes the same milestone already.
///
/// # Errors
/// When the database fails.
pub async fn take_over(
    tx: &mut Tx,
    from: &Obligation,
    agency: &AgencyCode,
    again: Option<ObligationId>,
    next_rung_on: Option<NaiveDate>,
) -> Result<Option<ObligationId>, StoreError> {
    let wish = from.pending.filter(|one| *one == Pending::Extension);
    let id: Option<i64> = on!(tx, conn => {
        query_scalar(
            "INSERT INTO obligations (plan, task, milestone, agency, kind, opens_on, due_on, original_due_on, act_by, \
                 state, next_rung_on, taken_from, pending, watched_from, settle_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
             ON CONFLICT (plan, task, milestone, agency) DO UPDATE SET kind = excluded.kind, opens_on = excluded.opens_on, \
                 due_on = excluded.due_on, original_due_on = excluded.original_due_on, act_by = excluded.act_by, \
                 state = excluded.state, next_rung_on = excluded.next_rung_on, taken_from = excluded.taken_from, \
                 pending = excluded.pending, watched_from = excluded.watched_from, settle_by = excluded.settle_by, \
                 snoozed_until = NULL WHERE obligations.id = $16 RETURNING id",
        )
        .bind(from.plan.as_str())
        .bind(from.milestone.task.as_str())
        .bind(i64::from(from.milestone.number))
        .bind(agency.as_str())
        .bind(from.kind.as_str())
        .bind(from.opens_on)
        .bind(from.due_on)
        .bind(from.original_due_on)
        .bind(from.act_by)
        .bind(from.state.as_str())
        .bind(next_rung_on)
        .bind(from.agency.as_str())
        .bind(wish.map(Pending::as_str))
        .bind(from.watch.map(|watch| watch.since))
        .bind(from.watch.map(|watch| watch.settle_by))
        .bind(again.map(|id| id.0))
        .fetch_optional(conn)
        .await
    })
    .doing(format_args!(
        "giving {} of {} to {agency}",
        from.milestone, from.agency
    ))?;
    Ok(id.map(ObligationId))
}

/// The highest number of an obligation; 0 when there is none.
///
/// # Errors
/// When the database fails.
pub async fn last_number(tx: &mut Tx) -> Result<i64, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT COALESCE(max(id), 0) FROM obligations").fetch_one(conn).await
    })
    .doing("reading the highest number of an obligation")
}

/// What is owed no longer by its agency, by number. Reads an index of those alone.
///
/// # Errors
/// When the database fails.
pub async fn list_over(tx: &mut Tx) -> Result<Vec<Obligation>, StoreError> {
    let row = tx.packed(COLUMNS);
    on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(row)
            .push(" FROM obligations o WHERE o.state = 'cancelled' ORDER BY o.id")
            .build_query_as::<Packed<Row>>()
            .fetch_all(conn)
            .await
    })
    .doing("listing what is owed no longer")
    .and_then(unpacked)
}

/// The obligations of a plan with numbers above `number`, by number.
///
/// # Errors
/// When the database fails.
pub async fn list_newer(
    tx: &mut Tx,
    plan: &PlanId,
    number: i64,
) -> Result<Vec<Obligation>, StoreError> {
    let row = tx.packed(COLUMNS);
    on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(row)
            .push(" FROM obligations o WHERE o.plan = ")
            .push_bind(plan.as_str())
            .push(" AND o.id > ")
            .push_bind(number)
            .push(" ORDER BY o.id")
            .build_query_as::<Packed<Row>>()
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("listing what is new of plan {plan}"))
    .and_then(unpacked)
}

/// Notes of what is open of a plan, numbered above `number` and due before it began to be followed, since when it is and until
/// when its agency is asked how it ended. Returns of which that is news.
///
/// # Errors
/// When the database fails.
pub async fn begin_watch(
    tx: &mut Tx,
    plan: &PlanId,
    watch: Watch,
    number: i64,
) -> Result<Vec<ObligationId>, StoreError> {
    let news: Vec<i64> = on!(tx, conn => {
        query_scalar(
            "UPDATE obligations SET watched_from = $1, settle_by = $2
             WHERE plan = $3 AND id > $4 AND state = 'open' AND due_on < $1
               AND (watched_from IS NULL OR watched_from <> $1 OR settle_by <> $2)
             RETURNING id",
        )
        .bind(watch.since)
        .bind(watch.settle_by)
        .bind(plan.as_str())
        .bind(number)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!(
        "noting what of plan {plan} was due before it began to be followed"
    ))?;
    Ok(news.into_iter().map(ObligationId).collect())
}
