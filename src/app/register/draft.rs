//! Letters that are drafted on request: reminders, and reports of a quarter.

use chrono::NaiveDate;

use super::accounts::Accounts;
use super::files::{made_at, unworded};
use super::grounds::Grounds;
use super::letter::Desk;
use crate::app::AppError;
use crate::app::ended::refuse_ended_by;
use crate::app::setup::{Charge, Setup};
use crate::app::untold::Untold;
use crate::documents::docx;
use crate::domain::ids::{AgencyCode, PlanId};
use crate::domain::period::{Period, Quarter};
use crate::domain::register::Cutoff;
use crate::messages::LetterContext;
use crate::store::{Db, Known};

/// Which letters are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A reminder to each of these agencies.
    Reminders(Vec<AgencyCode>),
    /// A reminder to every agency that owes late.
    AllReminders,
    /// The monitor's report of a quarter, or that of an agency.
    Report {
        /// Whose; `None` stands for the monitor's to the issuer.
        agency: Option<AgencyCode>,
        /// Of which quarter of the plan's year.
        quarter: Quarter,
        /// As of which day; `None`: as the ranking of the period, of the day after it, or of today while it lasts.
        on: Option<NaiveDate>,
    },
    /// The monitor's report of difficulties.
    Difficulties {
        /// From which day; `None`: from that of the decision.
        from: Option<NaiveDate>,
        /// To which day; `None`: to that of the count.
        to: Option<NaiveDate>,
    },
}

impl Wanted {
    /// The agencies that are named.
    fn agencies(&self) -> &[AgencyCode] {
        match self {
            Self::Reminders(agencies) => agencies,
            Self::Report { agency, .. } => agency.as_slice(),
            Self::AllReminders | Self::Difficulties { .. } => &[],
        }
    }
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// Under which plan.
    pub plan: PlanId,
    /// Of or to which agency; `None` for the monitor's report.
    pub agency: Option<AgencyCode>,
    /// What it says.
    pub context: LetterContext,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why there is nothing to draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// No such agency.
    #[error("no plan has an agency {agency}: see `dondoc check`")]
    Unknown {
        /// As asked for.
        agency: AgencyCode,
    },
    /// Nothing to remind of.
    #[error(
        "{agency} owes nothing late on {day}: there is nothing to remind of; choose another day with --on"
    )]
    NotLate {
        /// Who.
        agency: AgencyCode,
        /// When.
        day: NaiveDate,
    },
    /// Nothing to report.
    #[error("{agency} owes nothing under any plan: there is nothing to report")]
    OwesNothing {
        /// Who.
        agency: AgencyCode,
    },
    /// A letter of the monitor to itself.
    #[error(
        "{agency} signs the reminders: what it owes late itself stands in its own brief and in the report"
    )]
    OwnLetter {
        /// Who.
        agency: AgencyCode,
    },
    /// Days that are none, or have not come.
    #[error(
        "from {from} to {to} is no stretch of days up to {day}: give --from and --to in order and not after it, or another day with --on"
    )]
    NoDays {
        /// The first.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
        /// When.
        day: NaiveDate,
    },
    /// A report of days to come.
    #[error(
        "quarter {quarter} of {year} has not begun on {day}: choose an earlier one, or another day with --on"
    )]
    NotBegun {
        /// Which.
        quarter: Quarter,
        /// Of which year.
        year: i32,
        /// When.
        day: NaiveDate,
    },
}

/// Drafts letters as things stand at the end of `day`, of every plan that they concern; nothing is stored or sent.
///
/// # Errors
/// When the database fails, or there is nothing to draft.
pub async fn draft(
    db: &Db,
    setup: &Setup,
    wanted: &Wanted,
    day: NaiveDate,
) -> Result<Vec<Drafted>, AppError> {
    let mut drafted = Vec::new();
    let mut tx = db.snapshot().await?;
    for charge in &setup.charges {
        let accounts = Accounts::read(&mut tx, setup, charge).await?;
        let day = counted_on(wanted, charge, day);
        for agency in wanted.agencies() {
            refuse_ended_by(&mut tx, agency, day).await?;
        }
        let cutoff = Cutoff::end_of(day);
        let grounds = Grounds::read(&mut tx, &charge.plan.id, cutoff.until).await?;
        let untold = Untold::of(&mut tx, &accounts, cutoff, Known::NOW).await?;
        let desk = Desk::new(setup, charge, &accounts, &grounds, &untold, cutoff);
        for (agency, context) in contexts(&desk, wanted)? {
            let letter = setup.messages.render_letter(&context, made_at(day));
            drafted.push(Drafted {
                plan: charge.plan.id.clone(),
                agency,
                context,
                bytes: docx(&letter.map_err(unworded)?)?,
            });
        }
    }
    if let Wanted::Reminders(agencies) = wanted {
        let has_none = |agency: &&AgencyCode| {
            let of_it = |one: &Drafted| one.agency.as_ref() == Some(agency);
            !drafted.iter().any(of_it)
        };
        if let Some(agency) = agencies.iter().find(has_none) {
            known(setup, agency)?;
            let agency = agency.clone();
            let monitors = |charge: &Charge| charge.plan.monitor == agency;
            return Err(if setup.charges.iter().any(monitors) {
                DraftError::OwnLetter { agency }
            } else {
                DraftError::NotLate { agency, day }
            }
            .into());
        }
    }
    if let Wanted::Report {
        agency: Some(agency),
        ..
    } = wanted
    {
        known(setup, agency)?;
        if drafted.is_empty() {
            let agency = agency.clone();
            return Err(DraftError::OwesNothing { agency }.into());
        }
    }
    Ok(drafted)
}

/// The day of which a letter of a plan is counted.
fn counted_on(wanted: &Wanted, charge: &Charge, today: NaiveDate) -> NaiveDate {
    let Wanted::Report { quarter, on, .. } = wanted else {
        return today;
    };
    let period = Period::reported(charge.plan.year, *quarter);
    let usual = period.map_or(today, |period| period.counted_on(today));
    on.unwrap_or(usual)
}

/// The letters of one plan.
fn contexts(
    desk: &Desk<'_>,
    wanted: &Wanted,
) -> Result<Vec<(Option<AgencyCode>, LetterContext)>, DraftError> {
    let reminders = |agencies: &[AgencyCode]| {
        // The monitor signs them.
        let others = agencies
            .iter()
            .filter(|one| **one != desk.charge.plan.monitor);
        let found = others.filter_map(|agency| {
            let letter = desk.reminder(agency)?;
            Some((Some(agency.clone()), letter))
        });
        Ok(found.collect())
    };
    let charge: &Charge = desk.charge;
    let plan = &charge.plan;
    match wanted {
        Wanted::Reminders(agencies) => reminders(agencies),
        Wanted::AllReminders => reminders(&desk.late_agencies()),
        Wanted::Difficulties { from, to } => {
            let from = from.unwrap_or(plan.issued_on);
            let Cutoff { until, day } = desk.cutoff;
            let to = to.unwrap_or(until);
            if from > to || to > until {
                return Err(DraftError::NoDays { from, to, day });
            }
            let letter = desk.difficulties((from, to));
            Ok(letter.map(|letter| (None, letter)).into_iter().collect())
        }
        Wanted::Report {
            agency, quarter, ..
        } => {
            let begun = Period::reported(plan.year, *quarter)
                .filter(|period| last_quarter_of(*period) < desk.cutoff.day);
            let period = begun.ok_or(DraftError::NotBegun {
                quarter: *quarter,
                year: plan.year,
                day: desk.cutoff.day,
            })?;
            Ok(match agency {
                None => vec![(None, desk.quarter(*quarter, period))],
                Some(agency) if desk.owes(agency) => {
                    vec![(Some(agency.clone()), desk.own(agency, *quarter, period))]
                }
                Some(_) => Vec::new(),
            })
        }
    }
}

/// The first day of the last calendar quarter of a period: a report of the year is not written in May.
fn last_quarter_of(period: Period) -> NaiveDate {
    let months = chrono::Months::new(2);
    let month = period.to.checked_sub_months(months);
    let first = month.and_then(|day| chrono::Datelike::with_day(&day, 1));
    first.unwrap_or(period.from)
}

/// Whether any plan has that agency.
fn known(setup: &Setup, agency: &AgencyCode) -> Result<(), DraftError> {
    if setup.of_agency(agency).is_some() {
        return Ok(());
    }
    Err(DraftError::Unknown {
        agency: agency.clone(),
    })
}
