//! What went from one agency to another within the days of a digest: a merger is told as one, and not as two counts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::compose::named;
use crate::app::ended;
use crate::app::register::Accounts;
use crate::app::setup::Charge;
use crate::clock::local;
use crate::domain::amendment::Kind;
use crate::domain::digest::Span;
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::Obligation;
use crate::messages::DigestTransfer;
use crate::store::Tx;
use crate::store::amendments::{self, Amendment};

/// What one document gave away, by whose it was and whose it is.
type Ways<'a> = BTreeMap<(&'a AgencyCode, Vec<AgencyCode>), Vec<&'a MilestoneId>>;

/// The documents by which something was given away within these days and that nothing had taken back by their end, with what of
/// each agency went to whom; and those given before that were taken back within them, with what came back.
pub(super) async fn transfers(
    tx: &mut Tx,
    charge: &Charge,
    accounts: &Accounts,
    span: Span,
) -> Result<Vec<DigestTransfer>, AppError> {
    let mut known = amendments::list(tx, Some(&charge.plan.id)).await?;
    known.retain(|one| on(one) <= span.until);
    let is_new = |one: &Amendment| on(one) > span.since;
    let taken_back: HashMap<i64, Amendment> = known
        .iter()
        .filter_map(|one| Some((one.entry.revokes?, one.clone())))
        .collect();
    known.retain(|one| one.entry.kind == Kind::Transferred);
    let is_told = |one: &Amendment| match taken_back.get(&one.id) {
        Some(back) => is_new(back) && !is_new(one),
        None => is_new(one),
    };
    if !known.iter().any(is_told) {
        return Ok(Vec::new());
    }
    let items = amendments::list_items_of_plan(tx, &charge.plan.id).await?;
    let came_back: HashSet<(i64, ObligationId)> = items
        .iter()
        .map(|(amendment, item)| (*amendment, item.obligation))
        .collect();
    let came_back = |transfer: i64, id| {
        let back = taken_back.get(&transfer);
        back.is_some_and(|back| came_back.contains(&(back.id, id)))
    };
    let owed: HashMap<ObligationId, &Obligation> =
        accounts.owed().iter().map(|one| (one.id, one)).collect();
    let mut of_each: HashMap<i64, Ways<'_>> = HashMap::new();
    let mut heirs: HashMap<&AgencyCode, BTreeSet<AgencyCode>> = HashMap::new();
    let transfers: HashSet<i64> = known.iter().map(|one| one.id).collect();
    for (amendment, item) in items {
        let is_given = item.kind == Kind::Transferred && transfers.contains(&amendment);
        let Some(one) = owed.get(&item.obligation).filter(|_| is_given) else {
            continue;
        };
        let is_back = taken_back.contains_key(&amendment);
        if is_back && !came_back(amendment, one.id) {
            continue;
        }
        if !is_back {
            let heirs = heirs.entry(&one.agency).or_default();
            heirs.extend(item.counterparts.iter().cloned());
        }
        let way = of_each.entry(amendment).or_default();
        way.entry((&one.agency, item.counterparts))
            .or_default()
            .push(&one.milestone);
    }
    let ended = ended(tx, accounts, span.until).await?;
    let had_ended = ended::recorded(tx, span.since).await?;
    let mut told = Vec::new();
    for one in known.iter().filter(|one| is_told(one)) {
        let given = of_each.remove(&one.id).unwrap_or_default();
        let is_whole = given.len() == 1;
        let back = taken_back.get(&one.id);
        told.extend(given.into_iter().map(|((from, to), mut given)| {
            given.sort_by_key(|id| charge.place_of(id));
            let is_merged = match back {
                Some(_) => is_whole && had_ended.contains_key(from) && !ended.contains_key(from),
                None => ended.contains_key(from) && heirs[from].len() == 1,
            };
            DigestTransfer {
                from: charge.agency_name(from),
                to: charge.agency_names(&to),
                count: given.len(),
                tasks: given.iter().map(|id| named(charge, id).0).collect(),
                document: one.entry.document.clone(),
                signed_on: one.entry.signed_on,
                ended_on: ended.get(from).copied(),
                is_merged,
                taken_back: back.map(|back| back.entry.document.clone()),
            }
        }));
    }
    Ok(told)
}

fn on(one: &Amendment) -> NaiveDate {
    local(one.at).date()
}

/// The agencies that had ended by then, with the day: of those that owed something again, that was taken back.
async fn ended(
    tx: &mut Tx,
    accounts: &Accounts,
    until: NaiveDate,
) -> Result<HashMap<AgencyCode, NaiveDate>, AppError> {
    let mut ended = ended::recorded(tx, until).await?;
    for agency in accounts.owing(until) {
        ended.remove(&agency);
    }
    Ok(ended)
}
