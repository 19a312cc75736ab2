//! The obligations of a plan with their ledger.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::ledger::entries;
use crate::app::setup::{Charge, Setup};
use crate::domain::digest::Account;
use crate::domain::history::Entry;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Obligation;
use crate::domain::register::{Line, register};
use crate::store::obligations::{self, Filter};
use crate::store::{Tx, events};

/// What is owed under a plan, with its ledger.
pub(in crate::app) struct Accounts {
    owed: Vec<Obligation>,
    entries: HashMap<ObligationId, Vec<Entry>>,
}

impl Accounts {
    /// Reads what the files still say is owed, with its ledger; agency by agency in the order
    /// of the directory, and task by task in the order of the plan.
    pub(in crate::app) async fn read(
        tx: &mut Tx,
        setup: &Setup,
        charge: &Charge,
    ) -> Result<Self, AppError> {
        let plan = &charge.plan;
        let filter = Filter {
            plan: Some(plan.id.clone()),
            ..Filter::default()
        };
        let mut owed = obligations::list(tx, &filter).await?;
        owed.retain(|one| setup.owes(one));
        let agencies = charge.directory.agencies().map(|agency| &agency.code);
        let agencies: BTreeMap<_, usize> = agencies.zip(0..).collect();
        let tasks: BTreeMap<_, usize> = plan.tasks.iter().map(|task| &task.id).zip(0..).collect();
        owed.sort_by_key(|one| {
            let milestone = &one.milestone;
            (
                agencies.get(&one.agency).copied(),
                tasks.get(&milestone.task).copied(),
                milestone.number,
            )
        });
        // To its end: of what came into the plan later, only the line that says so tells that it was not there.
        let ledger = events::list_of_plan(tx, &plan.id).await?;
        Ok(Self {
            owed,
            entries: entries(&ledger),
        })
    }

    /// Each obligation.
    pub(in crate::app) fn owed(&self) -> &[Obligation] {
        &self.owed
    }

    /// Each obligation with its ledger.
    pub(in crate::app) fn list(&self) -> Vec<Account<'_>> {
        let owed = self.owed.iter();
        owed.map(|obligation| Account {
            obligation,
            entries: self.entries.get(&obligation.id).map_or(&[], Vec::as_slice),
        })
        .collect()
    }

    /// The register on the morning of `day`.
    pub(super) fn register(&self, setup: &Setup, day: NaiveDate) -> Vec<Line<'_>> {
        register(&self.list(), day, &setup.calendar)
    }
}
