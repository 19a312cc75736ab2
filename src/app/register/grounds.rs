//! By which documents the obligations of a plan stand as they do.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::app::AppError;
use crate::clock::local;
use crate::domain::ids::{ObligationId, PlanId};
use crate::domain::register::{Ground, Step, in_force};
use crate::store::Tx;
use crate::store::amendments::{self, NewAmendment};

/// What documents changed of a plan, and holds, by obligation.
#[derive(Debug, Default)]
pub(in crate::app) struct Grounds(HashMap<ObligationId, Vec<Ground>>);

impl Grounds {
    /// Those at the end of `until`.
    pub(in crate::app) async fn read(
        tx: &mut Tx,
        plan: &PlanId,
        until: NaiveDate,
    ) -> Result<Self, AppError> {
        let amendments = amendments::list(tx, Some(plan)).await?.into_iter();
        let by_then = amendments.filter(|one| local(one.at).date() <= until);
        let by_then: HashMap<i64, NewAmendment> = by_then.map(|one| (one.id, one.entry)).collect();
        let mut steps: HashMap<ObligationId, Vec<Step>> = HashMap::new();
        for (amendment, item) in amendments::list_items_of_plan(tx, plan).await? {
            let Some(entry) = by_then.get(&amendment) else {
                continue;
            };
            steps.entry(item.obligation).or_default().push(Step {
                amendment,
                revokes: entry.revokes,
                ground: Ground {
                    kind: item.kind,
                    document: entry.document.clone(),
                    signed_on: entry.signed_on,
                    counterparts: item.counterparts,
                },
            });
        }
        let by_obligation = steps.into_iter();
        Ok(Self(
            by_obligation
                .map(|(id, steps)| (id, in_force(steps)))
                .collect(),
        ))
    }

    /// Those of an obligation, oldest first.
    pub(in crate::app) fn of(&self, obligation: ObligationId) -> &[Ground] {
        self.0.get(&obligation).map_or(&[], Vec::as_slice)
    }
}
