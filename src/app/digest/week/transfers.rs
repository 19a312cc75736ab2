//! What went from one agency to another within the days of a digest: a merger is told as one, and not as two counts.

use std::collections::{BTreeMap, HashMap};

use crate::app::AppError;
use crate::app::ended;
use crate::app::setup::Charge;
use crate::clock::local;
use crate::domain::amendment::Kind;
use crate::domain::digest::Span;
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::obligation::Obligation;
use crate::messages::DigestTransfer;
use crate::store::{Tx, amendments};

/// The documents by which something was given away within these days and that nothing has taken back, with what of each agency
/// went to whom.
pub(super) async fn transfers(
    tx: &mut Tx,
    charge: &Charge,
    owed: &[Obligation],
    span: Span,
) -> Result<Vec<DigestTransfer>, AppError> {
    let all = amendments::list(tx, Some(&charge.plan.id)).await?;
    let within = |one: &&amendments::Amendment| {
        let on = local(one.at).date();
        on > span.since && on <= span.until
    };
    let stands = |one: &&amendments::Amendment| {
        one.entry.kind == Kind::Transferred && one.revoked_by.is_none()
    };
    let given: Vec<_> = all.iter().filter(stands).filter(within).collect();
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let ended = ended::all(tx).await?;
    let agencies: HashMap<ObligationId, &AgencyCode> =
        owed.iter().map(|one| (one.id, &one.agency)).collect();
    let mut told = Vec::new();
    for one in given {
        let mut of_each: BTreeMap<(&AgencyCode, Vec<AgencyCode>), usize> = BTreeMap::new();
        for item in amendments::list_items(tx, one.id).await? {
            let from = agencies.get(&item.obligation).copied();
            if let Some(from) = from.filter(|_| item.kind == Kind::Transferred) {
                *of_each.entry((from, item.counterparts)).or_default() += 1;
            }
        }
        told.extend(of_each.into_iter().map(|((from, to), count)| {
            let end = ended.get(from).filter(|end| end.on <= span.until);
            DigestTransfer {
                from: charge.agency_name(from),
                to: charge.agency_names(&to),
                count,
                document: one.entry.document.clone(),
                signed_on: one.entry.signed_on,
                ended_on: end.map(|end| end.on),
                is_merged: end.is_some_and(|end| end.heirs.len() == 1),
            }
        }));
    }
    Ok(told)
}
