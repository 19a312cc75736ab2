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
use crate::store::amendments::{self, Amendment, AmendmentItem};

/// What one document gave away, by whose it was and whose it is.
type Ways<'a> = BTreeMap<(&'a AgencyCode, Vec<AgencyCode>), Vec<&'a MilestoneId>>;

/// The documents by which something was given away within these days and that nothing had taken back by their end, with what of
/// each agency went to whom.
pub(super) async fn transfers(
    tx: &mut Tx,
    charge: &Charge,
    accounts: &Accounts,
    span: Span,
) -> Result<Vec<DigestTransfer>, AppError> {
    let mut known = amendments::list(tx, Some(&charge.plan.id)).await?;
    known.retain(|one| on(one) <= span.until);
    let taken_back: HashSet<i64> = known.iter().filter_map(|one| one.entry.revokes).collect();
    known.retain(|one| one.entry.kind == Kind::Transferred && !taken_back.contains(&one.id));
    if known.iter().all(|one| on(one) <= span.since) {
        return Ok(Vec::new());
    }
    let owed: HashMap<ObligationId, &Obligation> =
        accounts.owed().iter().map(|one| (one.id, one)).collect();
    let mut of_each: HashMap<i64, Ways<'_>> = HashMap::new();
    let mut heirs: HashMap<&AgencyCode, BTreeSet<AgencyCode>> = HashMap::new();
    let standing: HashSet<i64> = known.iter().map(|one| one.id).collect();
    for (amendment, item) in amendments::list_items_of_plan(tx, &charge.plan.id).await? {
        let AmendmentItem {
            kind, counterparts, ..
        } = item;
        let is_given = kind == Kind::Transferred && standing.contains(&amendment);
        let Some(one) = owed.get(&item.obligation).filter(|_| is_given) else {
            continue;
        };
        heirs
            .entry(&one.agency)
            .or_default()
            .extend(counterparts.iter().cloned());
        let way = of_each.entry(amendment).or_default();
        way.entry((&one.agency, counterparts))
            .or_default()
            .push(&one.milestone);
    }
    let ended = ended(tx, accounts, span.until).await?;
    let mut told = Vec::new();
    for one in known.iter().filter(|one| on(one) > span.since) {
        let given = of_each.remove(&one.id).unwrap_or_default().into_iter();
        told.extend(given.map(|((from, to), mut given)| {
            given.sort_by_key(|id| charge.place_of(id));
            DigestTransfer {
                from: charge.agency_name(from),
                to: charge.agency_names(&to),
                count: given.len(),
                tasks: given.iter().map(|id| named(charge, id).0).collect(),
                document: one.entry.document.clone(),
                signed_on: one.entry.signed_on,
                ended_on: ended.get(from).copied(),
                is_merged: ended.contains_key(from) && heirs[from].len() == 1,
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
