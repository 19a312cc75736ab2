//! Whether somebody owes all that the plan asks for: what a document gave to another agency is owed there, or another document
//! has ended it.

use std::collections::HashMap;

use crate::app::AppError;
use crate::app::setup::Setup;
use crate::domain::amendment::Kind;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId};
use crate::domain::obligation::Obligation;
use crate::store::Tx;
use crate::store::amendments::{self, Hold};
use crate::store::obligations;

pub(super) async fn look(setup: &Setup, tx: &mut Tx) -> Result<Vec<Finding>, AppError> {
    let over = obligations::list_over(tx).await?;
    let ids: Vec<ObligationId> = over.iter().map(|one| one.id).collect();
    let holds = amendments::holds(tx, &ids).await?;
    let places: HashMap<Place<'_>, ObligationId> = over
        .iter()
        .map(|one| (place(one, &one.agency), one.id))
        .collect();
    let lost = over.iter().filter(|one| setup.owes(one));
    let lost = lost.filter(|one| is_lost(one, &places, &holds));
    Ok(lost.map(finding).collect())
}

/// Whether nobody owes what this one was, though it was not ended: it was the plan's own, or a document gave it to its agency, and
/// whoever has it since does not owe it. What was given by mistake and taken back was never owed there.
fn is_lost(
    one: &Obligation,
    over: &HashMap<Place<'_>, ObligationId>,
    holds: &HashMap<ObligationId, Hold>,
) -> bool {
    match holds.get(&one.id) {
        None => one.taken_from.is_none(),
        Some(hold) if hold.kind == Kind::Transferred => hold.given_to.iter().any(|to| {
            let there = over.get(&place(one, to));
            there.is_some_and(|there| !holds.contains_key(there))
        }),
        Some(_) => false,
    }
}

/// What an agency owes of a milestone of a plan.
type Place<'a> = (&'a PlanId, &'a MilestoneId, &'a AgencyCode);

fn place<'a>(one: &'a Obligation, agency: &'a AgencyCode) -> Place<'a> {
    (&one.plan, &one.milestone, agency)
}

fn finding(one: &Obligation) -> Finding {
    Finding {
        plan: Some(one.plan.clone()),
        obligation: Some(one.id),
        ..Finding::new(
            FindingKind::NobodyOwes,
            one.id.to_string(),
            format!(
                "{} of {} is owed by nobody, and no document has ended it: `dondoc amend resume` or `transfer`",
                one.milestone, one.agency
            ),
        )
    }
}
