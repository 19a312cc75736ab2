//! One obligation with all that is known of it: where it comes from, who was told, what was said and decided.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::AppError;
use super::as_of::AsOf;
use super::ended::given_of;
use super::ledger::{Entries, Facts, amended_by, state_after};
use super::record::find_one;
use super::setup::Setup;
use crate::domain::amendment::Kind;
use crate::domain::brief::{dates_of, tells};
use crate::domain::calendar::Calendar;
use crate::domain::docket::who_decides;
use crate::domain::ids::{AgencyCode, ObligationId, PlanId, RungId, TaskId};
use crate::domain::ladder::{Audience, Ladder};
use crate::domain::obligation::{Obligation, Standing, State};
use crate::store::deliveries::DeliveryState;
pub use crate::store::events::{Actor, Event};
use crate::store::ladders::{Climbs, Kept, climbed_by};
pub use crate::store::tellings::{Sent, Telling};
use crate::store::{Db, Tx, erasures, events, obligations, tellings};

/// Which obligation is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its number in the database.
    Number(i64),
    /// By what people call it.
    Owed {
        /// The plan.
        plan: PlanId,
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
    /// The official word on the day on which it is explained.
    pub word: Option<Standing>,
    /// Working days late on that day.
    pub days_late: i64,
    /// To whom documents have given it.
    pub given_to: Vec<AgencyCode>,
    /// Who was told, oldest first.
    pub told: Vec<Telling>,
    /// The ledger, oldest first.
    pub events: Vec<Event>,
    /// Those of these lines that have lost their words since, by their number.
    pub erased: HashSet<i64>,
    /// The event that it waited for and that a document has recorded: its day and the document.
    pub event: Option<(NaiveDate, String)>,
    /// The ladder by which the next rungs are told.
    pub footing: Footing,
    /// The next rungs, if nothing is said or decided meanwhile: the day, the rung, and who hears of it.
    pub to_come: Vec<(NaiveDate, RungId, Vec<Audience>)>,
}

impl Explained {
    /// When somebody was told: when the message left, or else when the brief was put together.
    #[must_use]
    pub fn told_at(telling: &Telling) -> DateTime<Utc> {
        let sent = telling.sent.as_ref().ok();
        let left_at = sent.and_then(|sent| sent.at.or(sent.begun_at));
        left_at.unwrap_or(telling.planned_at)
    }

    /// How it stood when a message left without it: what is over by then is dropped from a reminder.
    #[must_use]
    pub fn dropped_as(&self, telling: &Telling) -> Option<State> {
        let sent = telling.sent.as_ref().ok()?;
        let has_left = matches!(sent.state, DeliveryState::Sent | DeliveryState::Unknown);
        let begun_at = sent.begun_at.filter(|_| has_left)?;
        let by_then = |event: &&Event| event.entry.at <= begun_at;
        let state = state_after(&self.obligation, self.events.iter().filter(by_then));
        (telling.is_reminder && state != State::Open).then_some(state)
    }
}

/// Which ladder an obligation climbs. The daemon puts that of the files in force when it loads them; a running escalation then
/// goes on by the one on which it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing {
    /// The one of the files, in force since then.
    InForce {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The one on which its escalation began; another has come into force meanwhile.
    Earlier {
        /// Since when that one had been in force.
        since: DateTime<Utc>,
    },
    /// The one in force; the files have another, which the daemon has not loaded.
    NotLoaded {
        /// Since when it is in force.
        since: DateTime<Utc>,
        /// Whether the obligation will climb the other once it is loaded: it is not overdue.
        moves: bool,
    },
    /// That of the files: the daemon has put none in force yet.
    FilesOnly,
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
    let climbed = climbed_by(&mut tx, obligation.id).await?;
    let footing = footing(climbed.as_ref(), &setup.ladder, &obligation, today);
    let ladder = climbed.map_or_else(|| setup.ladder.clone(), |(_, kept)| kept.ladder);
    let entries = Entries::of_events(&events);
    let stood = AsOf::new(
        &obligation,
        entries.of(obligation.id),
        today,
        &setup.calendar,
    );
    let deciding = deciding(setup, &obligation);
    let given = given_of(&mut tx, std::slice::from_ref(&obligation)).await?;
    let erased = erasures::list_lines(&mut tx, &obligation.plan).await?;
    Ok(Some(Explained {
        erased: erased.into_keys().collect(),
        word: stood.word,
        days_late: stood.days_late,
        given_to: given.into_values().flatten().collect(),
        to_come: to_come(
            &obligation,
            deciding,
            stood.wanted(),
            &ladder,
            today,
            &setup.calendar,
        ),
        event: event_of(&events),
        footing,
        obligation,
        told,
        events,
    }))
}

/// The event that a document recorded of it, where that holds: its day and the document.
fn event_of(events: &[Event]) -> Option<(NaiveDate, String)> {
    let taken_back = |amendment: &Value| {
        let mut later = events.iter();
        !amendment.is_null() && later.any(|one| one.entry.payload["takes_back"] == *amendment)
    };
    let begun = events.iter().rev().find(|event| {
        event.entry.kind == Kind::Begun.as_str() && !taken_back(&event.entry.payload["amendment"])
    })?;
    let on = amended_by(begun)?.now.opens_on?;
    let document = begun.entry.payload["document"].as_str();
    Some((on, document.unwrap_or_default().to_owned()))
}

/// In what capacity people decide on what waits of it.
fn deciding(setup: &Setup, one: &Obligation) -> Option<Audience> {
    let charge = setup.find(&one.plan)?;
    Some(who_decides(&charge.plan, one.pending?, &one.agency).audience)
}

/// When what a line tells was said or done: of what a person wrote, when it was written, and not when it was recorded.
#[must_use]
pub fn happened_at(event: &Event) -> DateTime<Utc> {
    Facts::of(event).happened_at(event.entry.at)
}

fn footing(
    climbed: Option<&(Climbs, Kept)>,
    of_files: &Ladder,
    one: &Obligation,
    today: NaiveDate,
) -> Footing {
    match climbed {
        None => Footing::FilesOnly,
        Some((Climbs::Earlier, Kept { since, .. })) => Footing::Earlier { since: *since },
        Some((Climbs::Newest, Kept { since, ladder })) if ladder == of_files => {
            Footing::InForce { since: *since }
        }
        Some((Climbs::Newest, Kept { since, .. })) => Footing::NotLoaded {
            since: *since,
            moves: one.due_on.is_none_or(|due_on| due_on >= today),
        },
    }
}

/// The rungs to come, as far as they are told; a wish for more time withholds none beyond the day `wished` for.
fn to_come(
    one: &Obligation,
    deciding: Option<Audience>,
    wished: Option<NaiveDate>,
    ladder: &Ladder,
    today: NaiveDate,
    calendar: &Calendar,
) -> Vec<(NaiveDate, RungId, Vec<Audience>)> {
    let dates = dates_of(one);
    let next = |day: &NaiveDate| ladder.next_day(&dates, *day, calendar);
    let days = std::iter::successors(next(&today), next).take(TO_COME);
    let hears = |audience: &Audience, day| {
        let decides = deciding == Some(*audience);
        tells(one, wished, *audience, decides, day)
    };
    let rung_of = |day: NaiveDate| {
        let fallen = |audience: &Audience| {
            let found = ladder.fallen(&dates, *audience, day.pred_opt(), day, calendar)?;
            Some((found.rung, *audience))
        };
        let hearing = Audience::ALL.iter().filter(|audience| hears(audience, day));
        let told: Vec<(RungId, Audience)> = hearing.filter_map(fallen).collect();
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
            plan,
            task,
            milestone,
            agency,
        } => {
            let charge = setup.find(plan).ok_or_else(|| AppError::NothingOwed {
                task: task.clone(),
                agency: agency.clone(),
            })?;
            let is_open = |one: &Obligation| one.state == State::Open;
            let found = find_one(tx, charge, task, *milestone, agency, is_open).await?;
            Ok(Some(found))
        }
    }
}
