//! What waits for a decision, and the words in which it was asked for.

use std::collections::HashMap;

use super::AppError;
use super::ledger::asking;
use super::setup::Setup;
use crate::domain::brief::Item;
use crate::domain::directory::Contact;
use crate::domain::docket::has_a_say;
use crate::domain::history::Asked;
use crate::domain::ids::{ObligationId, PlanId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, Pending};
use crate::store::{Tx, events, obligations};

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

/// What waits under the plans by which one of these readers decides something.
///
/// # Errors
/// When the database fails.
pub(super) async fn waiting(
    tx: &mut Tx,
    setup: &Setup,
    readers: impl IntoIterator<Item = &Contact>,
) -> Result<Vec<Obligation>, AppError> {
    let readers: Vec<&Contact> = readers.into_iter().collect();
    let plans = setup.charges.iter().map(|charge| &charge.plan);
    let decided = plans.filter(|plan| readers.iter().any(|one| has_a_say(one, plan)));
    let ids: Vec<PlanId> = decided.map(|plan| plan.id.clone()).collect();
    Ok(obligations::list_waiting(tx, &ids).await?)
}
