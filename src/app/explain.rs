//! One obligation with all that is known of it: where it comes from, who was told, what was said and decided.

use chrono::NaiveDate;

use super::AppError;
use super::ladders::Ladders;
use super::record::find_one;
use super::setup::Setup;
use crate::domain::brief::dates_of;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{AgencyCode, ObligationId, RungId, TaskId};
use crate::domain::ladder::{Audience, Ladder};
use crate::domain::obligation::{Obligation, State};
pub use crate::store::events::{Actor, Event};
pub use crate::store::tellings::{Sent, Telling};
use crate::store::{Db, Tx, events, obligations, tellings};

/// Which obligation is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its number in the database.
    Number(i64),
    /// By what people call it.
    Owed {
        /// The task.
        task: TaskId,
        /// The milestone, where the task has several.
        milestone: Option<u16>,
        /// Who owes it.
        agency: AgencyCode,
    },
}

/// An obligation and its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The obligation as it stands.
    pub obligation: Obligation,
    /// Who was told, oldest first.
    pub told: Vec<Telling>,
    /// The ledger, oldest first.
    pub events: Vec<Event>,
    /// The next rungs, if nothing is said meanwhile: the day, the rung, and who hears of it.
    pub to_come: Vec<(NaiveDate, RungId, Vec<Audience>)>,
}

/// How many rungs to come are told: lateness is told again without end.
const TO_COME: usize = 8;

/// Reads all that is known of an obligation; `None` when no number is meant that exists.
///
/// # Errors
/// When the database fails, or what is meant is not owed or not clear.
pub async fn explain(
    db: &Db,
    setup: &Setup,
    which: &Which,
    today: NaiveDate,
) -> Result<Option<Explained>, AppError> {
    let mut tx = db.snapshot().await?;
    let Some(obligation) = find(&mut tx, setup, which).await? else {
        return Ok(None);
    };
    let told = tellings::list_of_obligation(&mut tx, obligation.id).await?;
    let events = events::list_of_obligation(&mut tx, obligation.id).await?;
    let ladders = Ladders::of(&mut tx, setup, std::slice::from_ref(&obligation)).await?;
    let ladder = ladders.find(obligation.id);
    Ok(Some(Explained {
        to_come: to_come(&obligation, ladder, today, &setup.calendar),
        obligation,
        told,
        events,
    }))
}

fn to_come(
    one: &Obligation,
    ladder: &Ladder,
    today: NaiveDate,
    calendar: &Calendar,
) -> Vec<(NaiveDate, RungId, Vec<Audience>)> {
    let dates = dates_of(one);
    let next = |day: &NaiveDate| ladder.next_day(&dates, *day, calendar);
    let days = std::iter::successors(next(&today), next).take(TO_COME);
    let rung_of = |day: NaiveDate| {
        let fallen = |audience: &Audience| {
            let found = ladder.fallen(&dates, *audience, day.pred_opt(), day, calendar)?;
            Some((found.rung, *audience))
        };
        let told: Vec<(RungId, Audience)> = Audience::ALL.iter().filter_map(fallen).collect();
        let (rung, _) = told.first()?.clone();
        Some((
            day,
            rung,
            told.into_iter().map(|(_, audience)| audience).collect(),
        ))
    };
    match one.state {
        State::Open => days.filter_map(rung_of).collect(),
        _ => Vec::new(),
    }
}

async fn find(tx: &mut Tx, setup: &Setup, which: &Which) -> Result<Option<Obligation>, AppError> {
    match which {
        Which::Number(number) => Ok(obligations::find(tx, &[ObligationId(*number)]).await?.pop()),
        Which::Owed {
            task,
            milestone,
            agency,
        } => {
            let charge = setup.with_task(task).ok_or_else(|| AppError::NothingOwed {
                task: task.clone(),
                agency: agency.clone(),
            })?;
            let is_open = |one: &Obligation| one.state == State::Open;
            let found = find_one(tx, charge, task, *milestone, agency, is_open).await?;
            Ok(Some(found))
        }
    }
}
