//! The obligations of a plan with their ledger.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::ledger::Entries;
use crate::app::setup::{Charge, Setup};
use crate::domain::digest::Account;
use crate::domain::history::{Entry, Uncounted, at_end_of};
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::register::{Cutoff, Line, register};
use crate::store::Tx;
use crate::store::obligations::{self, Filter};

/// The most lines of a register that go by mail: its workbook then has some five megabytes, half of what careful mail
/// servers take.
const MOST_MAILED: usize = 50_000;

/// What is owed under a plan, with its ledger.
pub(in crate::app) struct Accounts {
    owed: Vec<Obligation>,
    /// What the files no longer name, each with its place among the others: what of it was done is counted still.
    gone: Vec<(usize, Obligation)>,
    entries: Entries,
}

impl Accounts {
    /// Reads what is owed, with its ledger; agency by agency in the order of the directory, and task by task in the order of
    /// the plan.
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
        let agencies = charge.agency_places();
        owed.sort_by_cached_key(|one| {
            let agency = agencies.get(&one.agency).copied();
            (agency, charge.place_of(&one.milestone))
        });
        let entries = Entries::read(tx, &plan.id).await?;
        let mut accounts = Self {
            owed: Vec::with_capacity(owed.len()),
            gone: Vec::new(),
            entries,
        };
        for one in owed {
            if setup.owes(&one) {
                accounts.owed.push(one);
            } else {
                accounts.gone.push((accounts.owed.len(), one));
            }
        }
        Ok(accounts)
    }

    /// Whether the files that are made of them can go by mail.
    pub(in crate::app) fn fit_a_mail(&self) -> bool {
        self.owed.len() <= MOST_MAILED
    }

    /// Each obligation that the files still name.
    pub(in crate::app) fn owed(&self) -> &[Obligation] {
        &self.owed
    }

    /// Each obligation that counts at the end of `until`, with its ledger: see [`Uncounted::Gone`].
    pub(in crate::app) fn list(&self, until: NaiveDate) -> Vec<Account<'_>> {
        let account = |obligation| Account {
            obligation,
            entries: self.entries.of(obligation.id),
        };
        let counts = |account: &Account<'_>| {
            let stood = at_end_of(account.obligation, account.entries, until);
            let uncounted = stood.uncounted(account.obligation.kind, false);
            !matches!(uncounted, Some(Uncounted::Gone | Uncounted::Ahead))
        };
        let mut all: Vec<Account<'_>> = self.owed.iter().map(account).collect();
        for (place, one) in self.gone.iter().rev() {
            let account = account(one);
            if counts(&account) {
                all.insert(*place, account);
            }
        }
        all
    }

    /// The agencies that owe something at the end of `until`, or will: open, waiting for its event, or held.
    pub(in crate::app) fn owing(&self, until: NaiveDate) -> BTreeSet<AgencyCode> {
        self.agencies(until, |state| {
            matches!(state, State::Open | State::Asleep | State::Suspended)
        })
    }

    /// The agencies that have something open at the end of `until`.
    pub(in crate::app) fn open(&self, until: NaiveDate) -> BTreeSet<AgencyCode> {
        self.agencies(until, |state| state == State::Open)
    }

    fn agencies(&self, until: NaiveDate, passes: impl Fn(State) -> bool) -> BTreeSet<AgencyCode> {
        let mut found = BTreeSet::new();
        for one in &self.owed {
            if found.contains(&one.agency) {
                continue;
            }
            let stands = at_end_of(one, self.entries.of(one.id), until);
            if !stands.is_ahead && passes(stands.stood.state) {
                found.insert(one.agency.clone());
            }
        }
        found
    }

    /// What is late and was never answered.
    pub(in crate::app) fn silent(&self, cutoff: Cutoff) -> Vec<ObligationId> {
        let Cutoff { until, day } = cutoff;
        let accounts = self.list(until).into_iter();
        let silent =
            accounts.filter(|one| at_end_of(one.obligation, one.entries, until).is_silent(day));
        silent.map(|one| one.obligation.id).collect()
    }

    /// The ledger of an obligation.
    pub(super) fn entries(&self, obligation: &Obligation) -> &[Entry] {
        self.entries.of(obligation.id)
    }

    /// The register of a day.
    pub(super) fn register(&self, setup: &Setup, cutoff: Cutoff) -> Vec<Line<'_>> {
        register(&self.list(cutoff.until), cutoff, &setup.calendar)
    }
}
