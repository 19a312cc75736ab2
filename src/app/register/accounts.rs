//! The obligations of a plan with their ledger.

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::ledger::Entries;
use crate::app::setup::{Charge, Setup};
use crate::domain::digest::Account;
use crate::domain::obligation::Obligation;
use crate::domain::register::{Line, register};
use crate::store::Tx;
use crate::store::obligations::{self, Filter};

/// The most lines of a register that go by mail: its workbook then has some five megabytes, half of what careful mail
/// servers take.
const MOST_MAILED: usize = 50_000;

/// What is owed under a plan, with its ledger.
pub(in crate::app) struct Accounts {
    owed: Vec<Obligation>,
    entries: Entries,
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
        let agencies = charge.agency_places();
        owed.sort_by_cached_key(|one| {
            let agency = agencies.get(&one.agency).copied();
            (agency, charge.place_of(&one.milestone))
        });
        let entries = Entries::read(tx, &plan.id).await?;
        Ok(Self { owed, entries })
    }

    /// Whether the files that are made of them can go by mail.
    pub(in crate::app) fn fit_a_mail(&self) -> bool {
        self.owed.len() <= MOST_MAILED
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
            entries: self.entries.of(obligation.id),
        })
        .collect()
    }

    /// The register at the end of `until`.
    pub(super) fn register(&self, setup: &Setup, until: NaiveDate) -> Vec<Line<'_>> {
        register(&self.list(), until, &setup.calendar)
    }
}
