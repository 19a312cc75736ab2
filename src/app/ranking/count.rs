//! Obligations, their ledger and their labels -> the pure ranking.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};

use crate::app::AppError;
use crate::app::ledger::{Papers, entries, papers};
use crate::app::setup::{Charge, Setup};
use crate::clock::instant;
use crate::domain::digest::Account;
use crate::domain::directory::Level;
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::scoring::{Case, Period, Ranking, rank};
use crate::store::obligations::{self, Filter};
use crate::store::{Db, Tx, events};

/// A ranking, and the documents behind what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The ranking.
    pub ranking: Ranking,
    /// The documents that the ledger names.
    pub papers: HashMap<ObligationId, Papers>,
}

/// The morning on which a period is counted when no other is asked for: the one after it ended, or this one while it
/// lasts, for of what is to come nothing is known.
#[must_use]
pub fn on_of(period: &Period, today: NaiveDate) -> NaiveDate {
    period.morning_after().min(today)
}

/// Counts `period` of a plan as it stood on the morning of `day`; nothing is stored.
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
    let midnight = instant(day.and_time(NaiveTime::MIN));
    // To its end: of what came into the plan later, only the line that says so tells that it was not there.
    let ledger = events::list_of_plan(tx, &plan.id).await?;
    let entries = entries(&ledger);
    let earlier = &ledger[..ledger.partition_point(|line| line.entry.at < midnight)];
    let none = Vec::new();
    let cases: Vec<Case<'_>> = owed
        .iter()
        .map(|obligation| Case {
            account: Account {
                obligation,
                entries: entries.get(&obligation.id).unwrap_or(&none),
            },
            label: charge
                .find(&obligation.milestone)
                .map_or("", |(_, milestone)| milestone.label.as_str()),
            is_owed: charge.owes(obligation),
        })
        .collect();
    let agencies: Vec<(AgencyCode, Level)> = charge
        .directory
        .agencies()
        .map(|agency| (agency.code.clone(), agency.level))
        .collect();
    Ok(Counted {
        ranking: rank(
            &cases,
            &agencies,
            &setup.scoring,
            period,
            day,
            &setup.calendar,
        ),
        papers: papers(earlier),
    })
}
