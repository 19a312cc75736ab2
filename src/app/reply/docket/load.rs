//! What waits for one of those who decide, and all that is known of a case.

use chrono::NaiveDate;

use super::reply::Shown;
use crate::app::AppError;
use crate::app::ledger::past;
use crate::app::reply::desk::Desk;
use crate::app::setup::Charge;
use crate::domain::directory::Contact;
use crate::domain::docket::{Case, has_a_say, may_decide};
use crate::domain::ids::{AgencyCode, ObligationId, PlanId};
use crate::domain::obligation::{Obligation, Pending};
use crate::store::obligations::{self, Filter};
use crate::store::{Tx, events};

/// What one person may decide.
pub(super) struct Docket<'a> {
    pub(super) today: NaiveDate,
    pub(super) contact: &'a Contact,
    /// The plans under which the person decides something.
    pub(super) charges: Vec<&'a Charge>,
    /// What waits for the person, by due day.
    pub(super) waiting: Vec<Obligation>,
    /// What waits under these plans for others.
    pub(super) elsewhere: Vec<Obligation>,
}

impl Desk {
    /// What `contact` may decide: nothing, for whoever no plan names.
    pub(super) async fn docket<'a>(
        &'a self,
        tx: &mut Tx,
        contact: &'a Contact,
        today: NaiveDate,
    ) -> Result<Docket<'a>, AppError> {
        let charges = self.setup.charges.iter();
        let mut docket = Docket {
            today,
            contact,
            charges: charges
                .filter(|charge| has_a_say(contact, &charge.plan))
                .collect(),
            waiting: Vec::new(),
            elsewhere: Vec::new(),
        };
        self.reload(tx, &mut docket).await?;
        Ok(docket)
    }

    /// Reads anew what waits.
    pub(super) async fn reload(
        &self,
        tx: &mut Tx,
        docket: &mut Docket<'_>,
    ) -> Result<(), AppError> {
        if docket.charges.is_empty() {
            return Ok(());
        }
        let charges = docket.charges.iter();
        let plans: Vec<PlanId> = charges.map(|charge| charge.plan.id.clone()).collect();
        let mut waiting = obligations::list_waiting(tx, &plans).await?;
        waiting.retain(|one| self.setup.owes(one));
        let all = waiting.into_iter();
        (docket.waiting, docket.elsewhere) = all.partition(|one| docket.is_asked(one));
        Ok(())
    }

    /// The case of that number; `None` when the person may decide nothing of it.
    pub(super) async fn case(
        &self,
        tx: &mut Tx,
        docket: &Docket<'_>,
        id: ObligationId,
    ) -> Result<Option<Case>, AppError> {
        let found = obligations::lock(tx, id).await?;
        let Some(obligation) = found.filter(|one| docket.concerns(one)) else {
            return Ok(None);
        };
        let Some(charge) = self.setup.find(&obligation.plan) else {
            return Ok(None);
        };
        let ledger = events::list_of_obligation(tx, id).await?;
        Ok(Some(Case {
            past: past(&ledger),
            policy: charge.plan.extensions,
            issued_on: charge.plan.issued_on,
            stamp: ledger.last().map_or(0, |last| last.id),
            obligation,
        }))
    }

    /// What an agency owes under a task of the person's plans: `II.2/1`, or all of `II.2`.
    pub(super) async fn called(
        &self,
        tx: &mut Tx,
        docket: &Docket<'_>,
        called: &str,
        agency: &AgencyCode,
    ) -> Result<Vec<Obligation>, AppError> {
        let mut found = Vec::new();
        for charge in &docket.charges {
            let tasks = charge.plan.tasks.iter();
            for task in tasks.filter(|task| is_task(called, task.id.as_str())) {
                let filter = Filter {
                    plan: Some(charge.plan.id.clone()),
                    agency: Some(agency.clone()),
                    task: Some(task.id.clone()),
                    ..Filter::default()
                };
                found.extend(obligations::list(tx, &filter).await?);
            }
        }
        found.retain(|one| docket.concerns(one) && is_called(one, called));
        Ok(found)
    }
}

impl Docket<'_> {
    /// Whether the person decides this of an obligation.
    pub(super) fn may_decide(&self, one: &Obligation, on: Pending) -> bool {
        let mut charges = self.charges.iter();
        charges.any(|charge| {
            charge.plan.id == one.plan && may_decide(self.contact, &charge.plan, on, &one.agency)
        })
    }

    /// Whether what waits of it, if anything does, is for the person to decide.
    fn is_asked(&self, one: &Obligation) -> bool {
        one.pending.is_some_and(|on| self.may_decide(one, on))
    }

    /// Whether the person decides anything of it.
    fn concerns(&self, one: &Obligation) -> bool {
        let decisions = [Pending::Extension, Pending::Acceptance];
        decisions.into_iter().any(|on| self.may_decide(one, on))
    }

    /// The case that follows this one in the order of what waits.
    pub(super) fn after(&self, id: ObligationId) -> Option<Shown> {
        let mut waiting = self.waiting.iter();
        waiting.find(|one| one.id == id)?;
        waiting.next().map(|next| Shown {
            case: next.id,
            wants: None,
        })
    }
}

fn is_task(called: &str, task: &str) -> bool {
    let (named, _) = called.split_once('/').unwrap_or((called, ""));
    named.eq_ignore_ascii_case(task)
}

/// Whether `II.2` or `II.2/1` is this obligation.
pub(super) fn is_called(one: &Obligation, called: &str) -> bool {
    let number = called.split_once('/').map(|(_, number)| number);
    is_task(called, one.milestone.task.as_str())
        && number.is_none_or(|number| number.parse() == Ok(one.milestone.number))
}
