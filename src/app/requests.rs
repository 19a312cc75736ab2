//! What waits for a decision, in the words in which it was asked for.

use std::collections::HashMap;

use super::AppError;
use super::ledger::asking;
use crate::domain::brief::Item;
use crate::domain::history::Asked;
use crate::domain::ids::ObligationId;
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, Pending};
use crate::store::{Tx, events};

/// The requests that those read who watch or decide: of the obligations of these items that wait.
///
/// # Errors
/// When the database fails.
pub(super) async fn requests(
    tx: &mut Tx,
    items: impl Iterator<Item = &Item>,
    obligations: &HashMap<ObligationId, Obligation>,
) -> Result<HashMap<ObligationId, Asked>, AppError> {
    let mut found = HashMap::new();
    for item in items.filter(|item| is_above_its_agency(item.audience)) {
        let id = item.obligation;
        let pending = obligations.get(&id).and_then(|one| one.pending);
        let waits = matches!(pending, Some(Pending::Extension | Pending::Acceptance));
        if waits && !found.contains_key(&id) {
            let ledger = events::list_of_obligation(tx, id).await?;
            found.extend(asking(&ledger).asked().map(|asked| (id, asked)));
        }
    }
    Ok(found)
}

/// Whether this audience reads the request itself: the agency that made it knows it, and reads its last answer.
pub(super) fn is_above_its_agency(audience: Audience) -> bool {
    matches!(audience, Audience::Monitor | Audience::Leader)
}
