//! Since when the agency that owes something has been told of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::QueryBuilder;

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use super::known::Known;
use super::lost::ENDED;
use super::words::Cell;
use crate::domain::ids::ObligationId;

/// The first day of a brief that told anybody of the agency which owes it, in whatever capacity; what that agency was never
/// told of is missing. As in [`last_told`](super::briefs::last_told), a brief that could not go out, failed on every channel or
/// was cancelled told nobody anything; what others heard in the agency's place did not tell it either. One of which that was not known yet has told it.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    obligations: &[ObligationId],
    known: Known,
) -> Result<HashMap<ObligationId, NaiveDate>, StoreError> {
    let mut told = HashMap::with_capacity(obligations.len());
    let (open, close) = tx.numbers();
    for chunk in obligations.chunks(bulk::ROWS) {
        // One look for each of the agency's people, up to the first brief that went out, however many followed.
        let rows: Vec<(i64, Option<String>)> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT o.id, CAST(min((SELECT i.day FROM brief_items i \
                     WHERE i.obligation = o.id AND i.contact = c.id \
                     AND 0 < (SELECT count(*) FROM deliveries d WHERE d.contact = i.contact AND d.brief_day = i.day \
                         AND (d.state IN ('queued', 'leased', 'sent', 'unknown') OR (d.created_at >= ",
            )
                .push_bind(known.morning())
                .push(format!(" AND {ENDED} >= "))
                .push_bind(known.instant())
                .push(
                    "))) ORDER BY i.day LIMIT 1)) AS TEXT) \
                 FROM obligations o JOIN contacts c ON c.agency = o.agency WHERE o.id IN",
                )
                .push(open)
                .push_bind(bulk::numbers(chunk.iter().map(|id| id.0)))
                .push(close)
                .push(" GROUP BY o.id")
                .build_query_as()
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("reading since when agencies were told of {} obligations", chunk.len()))?;
        for (id, day) in rows {
            let Some(day) = day else { continue };
            let cell = Cell {
                table: "brief_items",
                row: &id,
                column: "day",
            };
            told.insert(ObligationId(id), cell.read(&day, day.parse().ok())?);
        }
    }
    Ok(told)
}
