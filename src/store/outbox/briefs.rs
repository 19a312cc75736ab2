//! What the outbox knows of the briefs that its deliveries carry.

use chrono::NaiveDate;
use sqlx::{QueryBuilder, query_as};

use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;
use crate::store::Tx;
use crate::store::bulk;
use crate::store::deliveries::DeliveryId;
use crate::store::error::{Doing, StoreError};
use crate::store::words::{Cell, find_state};

/// The obligations of the brief that a delivery carries, each with its present state. Empty for what is not a brief.
/// Items that are no longer open are dropped before sending; a brief with none left is cancelled.
///
/// # Errors
/// When the database fails.
pub async fn states_of_items(
    tx: &mut Tx,
    delivery: DeliveryId,
) -> Result<Vec<(ObligationId, State)>, StoreError> {
    let rows: Vec<(i64, String)> = on!(tx, conn => {
        query_as(
            "SELECT o.id, o.state FROM deliveries d
             JOIN brief_items i ON i.contact = d.contact AND i.day = d.brief_day
             JOIN obligations o ON o.id = i.obligation
             WHERE d.id = $1 ORDER BY o.id",
        )
        .bind(delivery.0)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("reading what delivery {delivery} is about"))?;
    rows.into_iter()
        .map(|(id, word)| {
            let cell = Cell {
                table: "obligations",
                row: &id,
                column: "state",
            };
            Ok((ObligationId(id), cell.read(&word, find_state(&word))?))
        })
        .collect()
}

/// Cancels the briefs of days before `day` that still wait, and has the planner look at what they would have told on
/// `day`. Returns how many were cancelled. One that is being sent, or may have arrived, stays. End the leases of the
/// dead first ([`super::expire`]), or what they held stays too.
///
/// # Errors
/// When the database fails.
pub async fn supersede_briefs(tx: &mut Tx, day: NaiveDate) -> Result<u64, StoreError> {
    // The first of the two tests of the state is that of the index.
    let cancelled: Vec<(String, NaiveDate)> = on!(tx, conn => {
        query_as(
            "UPDATE deliveries SET state = 'cancelled', reason = 'not sent on its day: told anew in a later brief'
             WHERE state IN ('queued', 'leased') AND state = 'queued' AND brief_day < $1 AND NOT EXISTS (
                 SELECT 1 FROM attempts
                 WHERE attempts.delivery = deliveries.id AND COALESCE(attempts.outcome, 'unknown') = 'unknown')
             RETURNING contact, brief_day",
        )
        .bind(day)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("cancelling briefs of days before {day}"))?;
    for chunk in cancelled.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("WITH untold (contact, day) AS (")
                .push_values(chunk, |mut row, (contact, brief_day)| {
                    row.push_bind(contact).push_bind(*brief_day);
                })
                .push(") UPDATE obligations SET next_rung_on = ")
                .push_bind(day)
                .push(" WHERE state = 'open' AND (next_rung_on IS NULL OR next_rung_on > ")
                .push_bind(day)
                .push(
                    ") AND id IN (SELECT i.obligation FROM untold JOIN brief_items i \
                     ON i.contact = untold.contact AND i.day = untold.day)",
                )
                .build()
                .persistent(bulk::is_full(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("returning to the planner what was not told before {day}"))?;
        });
    }
    Ok(cancelled.len() as u64)
}
