//! What waits for a decision, and the words in which it was asked for.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::AppError;
use super::ledger::{asking, past};
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
    let waits = |id: &ObligationId| {
        let pending = obligations.get(id).and_then(|one| one.pending);
        matches!(pending, Some(Pending::Extension | Pending::Acceptance))
    };
    let read = items.filter(|item| is_above_its_agency(item.audience));
    let ids: BTreeSet<ObligationId> = read.map(|item| item.obligation).filter(waits).collect();
    let ids: Vec<ObligationId> = ids.into_iter().collect();
    let ledgers = events::list_of_obligations(tx, &ids).await?;
    let asked = |(id, ledger): (&ObligationId, &Vec<_>)| Some((*id, asking(ledger).asked()?));
    Ok(ledgers.iter().filter_map(asked).collect())
}

/// Until when more time is asked for of these, where that waits and a day was named.
///
/// # Errors
/// When the database fails.
pub(super) async fn wished_until<'a>(
    tx: &mut Tx,
    owed: impl Iterator<Item = &'a Obligation>,
) -> Result<HashMap<ObligationId, NaiveDate>, AppError> {
    days_asked(
        tx,
        owed.filter(|one| one.pending == Some(Pending::Extension)),
    )
    .await
}

/// The day of what waits of one: see [`days_asked`].
///
/// # Errors
/// When the database fails.
pub(super) async fn day_asked(
    tx: &mut Tx,
    one: &Obligation,
) -> Result<Option<NaiveDate>, AppError> {
    let asked = days_asked(tx, std::iter::once(one)).await?;
    Ok(asked.get(&one.id).copied())
}

/// The day of what waits of these: until when more time is asked for, or of which day the completion is that is claimed.
///
/// # Errors
/// When the database fails.
pub(super) async fn days_asked<'a>(
    tx: &mut Tx,
    owed: impl Iterator<Item = &'a Obligation>,
) -> Result<HashMap<ObligationId, NaiveDate>, AppError> {
    let waiting = owed.filter(|one| one.pending.is_some_and(Pending::is_undecided));
    let ids: Vec<ObligationId> = waiting.map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ledgers = events::list_of_obligations(tx, &ids).await?;
    let asked = |(id, ledger): (&ObligationId, &Vec<_>)| Some((*id, past(ledger).day_asked()?));
    Ok(ledgers.iter().filter_map(asked).collect())
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
