//! Obligations, their ledger and their labels -> the pure ranking.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::ledger::Entries;
use crate::app::register::Grounds;
use crate::app::setup::{Charge, Setup};
use crate::app::untold::Untold;
use crate::domain::amendment::Kind;
use crate::domain::digest::Account;
use crate::domain::directory::Level;
use crate::domain::history::at_end_of;
use crate::domain::ids::{AgencyCode, ObligationId, PlanId};
use crate::domain::period::Period;
use crate::domain::scoring::{Case, LeftOut, Ranking, rank};
use crate::store::obligations::{self, Filter};
use crate::store::{Db, Known, Tx};

/// The documents that the ledger names of an obligation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// What proves that it is done.
    pub completion: Option<String>,
    /// By which its due day was moved last.
    pub moved: Option<String>,
}

/// A ranking, and the documents behind what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The ranking.
    pub ranking: Ranking,
    /// The documents that the ledger names.
    pub papers: HashMap<ObligationId, Papers>,
    /// By which documents agencies gave away what does not count any more.
    pub given_by: BTreeMap<AgencyCode, BTreeSet<String>>,
}

/// Counts `period` of a plan as it stood at the end of `day`; nothing is stored.
///
/// # Errors
/// When the database fails.
pub async fn count(
    db: &Db,
    setup: &Setup,
    charge: &Charge,
    period: Period,
    day: NaiveDate,
) -> Result<Counted, AppError> {
    let mut tx = db.snapshot().await?;
    count_in(&mut tx, setup, charge, period, day).await
}

/// As [`count`], within the caller's transaction.
///
/// # Errors
/// When the database fails.
pub async fn count_in(
    tx: &mut Tx,
    setup: &Setup,
    charge: &Charge,
    period: Period,
    day: NaiveDate,
) -> Result<Counted, AppError> {
    let plan = &charge.plan;
    let filter = Filter {
        plan: Some(plan.id.clone()),
        ..Filter::default()
    };
    let owed = obligations::list(tx, &filter).await?;
    let entries = Entries::read(tx, &plan.id).await?;
    let silent: Vec<ObligationId> = owed
        .iter()
        .filter(|one| at_end_of(one, entries.of(one.id), day).is_silent(day))
        .map(|one| one.id)
        .collect();
    let untold = Untold::among(tx, &silent, day, Known::NOW).await?;
    let cases: Vec<Case<'_>> = owed
        .iter()
        .map(|obligation| Case {
            account: Account {
                obligation,
                entries: entries.of(obligation.id),
            },
            label: charge
                .find(&obligation.milestone)
                .map_or("", |(_, milestone)| milestone.label.as_str()),
            is_owed: charge.owes(obligation),
            is_told: !untold.has(obligation.id),
        })
        .collect();
    let agencies: Vec<(AgencyCode, Level)> = charge
        .directory
        .agencies()
        .map(|agency| (agency.code.clone(), agency.level))
        .collect();
    let ranking = rank(
        &cases,
        &agencies,
        &setup.scoring,
        period,
        day,
        &setup.calendar,
    );
    Ok(Counted {
        given_by: given_by(tx, &plan.id, &ranking).await?,
        ranking,
        papers: cases
            .iter()
            .map(|case| papers(&case.account, day))
            .collect(),
    })
}

async fn given_by(
    tx: &mut Tx,
    plan: &PlanId,
    ranking: &Ranking,
) -> Result<BTreeMap<AgencyCode, BTreeSet<String>>, AppError> {
    let left_out = ranking.left_out.iter();
    let given = left_out.filter(|(_, _, why)| *why == LeftOut::Transferred);
    let given: Vec<&(ObligationId, AgencyCode, LeftOut)> = given.collect();
    let mut documents: BTreeMap<AgencyCode, BTreeSet<String>> = BTreeMap::new();
    if given.is_empty() {
        return Ok(documents);
    }
    let grounds = Grounds::read(tx, plan, ranking.day).await?;
    for (obligation, agency, _) in given {
        let grounds = grounds.of(*obligation).iter();
        let transfers = grounds.filter(|ground| ground.kind == Kind::Transferred);
        let own = documents.entry(agency.clone()).or_default();
        own.extend(transfers.map(|ground| ground.document.clone()));
    }
    Ok(documents)
}

fn papers(account: &Account<'_>, day: NaiveDate) -> (ObligationId, Papers) {
    let obligation = account.obligation;
    let mut standing = at_end_of(obligation, account.entries, day);
    let papers = Papers {
        completion: standing.documents.pop(),
        moved: standing.moved_by,
    };
    (obligation.id, papers)
}
