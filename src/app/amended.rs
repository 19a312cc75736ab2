//! To which days documents have moved what is due on another day than the plan first gave.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::AppError;
use super::ledger::Entries;
use crate::domain::history::amended_day_of;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Obligation;
use crate::messages::AmendedDay;
use crate::store::{Tx, events};

/// The day that a document gave each of these, where one did: whoever is told of it reads that it was amended, and not that more
/// time was granted.
///
/// # Errors
/// When the database fails.
pub(super) async fn amended_days<'a>(
    tx: &mut Tx,
    owed: impl Iterator<Item = &'a Obligation>,
) -> Result<HashMap<ObligationId, AmendedDay>, AppError> {
    let moved: Vec<(ObligationId, NaiveDate)> = owed
        .filter(|one| one.due_on != one.original_due_on)
        .filter_map(|one| Some((one.id, one.original_due_on?)))
        .collect();
    if moved.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<ObligationId> = moved.iter().map(|(id, _)| *id).collect();
    let ledgers = events::list_of_obligations(tx, &ids).await?;
    let entries = Entries::of_events(ledgers.values().flatten());
    let amended = moved.into_iter().filter_map(|(id, original)| {
        let found = amended_day_of(original, entries.of(id), NaiveDate::MAX)?;
        let by = found.by.unwrap_or_default();
        Some((id, AmendedDay { on: found.on, by }))
    });
    Ok(amended.collect())
}
