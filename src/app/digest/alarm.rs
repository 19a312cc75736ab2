//! What the auditor found, as the digest of a plan says it: by kind, with some examples.

use std::collections::BTreeMap;

use crate::app::AppError;
use crate::app::setup::Charge;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ids::ObligationId;
use crate::messages::DigestFinding;
use crate::store::{Known, Tx, findings, obligations};

/// How many of a kind are named.
const NAMED: usize = 5;

/// What stands, or was known to, of this plan or of no plan in particular.
pub(super) async fn findings(
    tx: &mut Tx,
    charge: &Charge,
    known: Known,
) -> Result<Vec<DigestFinding>, AppError> {
    let mut by_kind: BTreeMap<FindingKind, Vec<Finding>> = BTreeMap::new();
    for one in findings::list_open(tx, known).await? {
        let of_other = one
            .finding
            .plan
            .as_ref()
            .is_some_and(|plan| *plan != charge.plan.id);
        if !of_other {
            by_kind
                .entry(one.finding.kind)
                .or_default()
                .push(one.finding);
        }
    }
    let mut told = Vec::with_capacity(by_kind.len());
    for (kind, findings) in by_kind {
        told.push(DigestFinding {
            kind: kind.as_str().to_owned(),
            count: findings.len(),
            examples: examples(tx, charge, &findings).await?,
        });
    }
    Ok(told)
}

/// The obligations that some of these are about.
async fn examples(
    tx: &mut Tx,
    charge: &Charge,
    findings: &[Finding],
) -> Result<Vec<String>, AppError> {
    let mut ids: Vec<ObligationId> = findings.iter().filter_map(|one| one.obligation).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(NAMED);
    let found = obligations::find(tx, &ids).await?;
    Ok(found
        .iter()
        .map(|one| format!("{} {}", one.milestone, charge.agency_name(&one.agency)))
        .collect())
}
