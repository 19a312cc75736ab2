//! A status recorded by hand: done, open again.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::AppError;
use super::resolve::actor;
use super::setup::Charge;
use crate::domain::decide::Stand;
use crate::domain::ids::{AgencyCode, ContactId, TaskId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::plan::MilestoneKind;
use crate::store::events::{self, Actor, Event, NewEvent};
use crate::store::obligations::{self, Filter, StateChange};
use crate::store::{Db, Tx};

/// What is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Which task.
    pub task: TaskId,
    /// Which of its milestones, where it has several.
    pub milestone: Option<u16>,
    /// Whose.
    pub agency: AgencyCode,
    /// What.
    pub what: Recorded,
    /// Number of the document that proves it: `12/KH-SNV`.
    pub document: Option<String>,
    /// Why, in the operator's words.
    pub note: Option<String>,
    /// Who of the monitor records it; `None` for an operator who names nobody.
    pub by: Option<ContactId>,
}

/// What can be recorded by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Completed on that day.
    Done(NaiveDate),
    /// Not completed after all.
    Open,
}

/// Records a status in the ledger and moves the obligation, in one transaction. Gives the obligation as it is then.
///
/// # Errors
/// When there is no such obligation, it is not clear which, or it is not in a state that allows it; nothing is changed
/// then.
pub async fn record(
    db: &Db,
    charge: &Charge,
    record: &Record,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Obligation, AppError> {
    if today < charge.plan.issued_on {
        return Err(AppError::BeforePlan {
            today,
            plan: charge.plan.id.clone(),
            issued_on: charge.plan.issued_on,
        });
    }
    let mut tx = db.begin().await?;
    let wanted = match record.what {
        Recorded::Done(_) => State::Open,
        Recorded::Open => State::Done,
    };
    let fits = |one: &Obligation| one.state == wanted;
    let obligation = find_one(
        &mut tx,
        charge,
        &record.task,
        record.milestone,
        &record.agency,
        fits,
    )
    .await?;
    refuse_again(&mut tx, &obligation, record).await?;
    let (on, by) = (Pending::Acceptance, record.by.as_ref());
    let actor = actor(&mut tx, charge, on, &record.agency, by).await?;
    apply(&mut tx, charge, &obligation, record, actor, today, now).await?;
    let after = obligations::find(&mut tx, &[obligation.id])
        .await?
        .pop()
        .unwrap_or(obligation);
    tx.commit().await?;
    Ok(after)
}

/// Refuses what is recorded already: the same day, and no document or note that is new.
async fn refuse_again(tx: &mut Tx, one: &Obligation, record: &Record) -> Result<(), AppError> {
    let Recorded::Done(day) = record.what else {
        return Ok(());
    };
    if one.state != State::Done || one.done_on != Some(day) {
        return Ok(());
    }
    let ledger = events::list_of_obligation(tx, one.id).await?;
    let says = |key: &str, text: &Option<String>| {
        let said = |event: &Event| event.entry.payload[key].as_str() == text.as_deref();
        text.is_none() || ledger.iter().any(said)
    };
    if says("document", &record.document) && says("note", &record.note) {
        return Err(AppError::RecordedAlready {
            what: format!("{} of {}", one.milestone, one.agency),
            day,
        });
    }
    Ok(())
}

/// Moves `obligation` as recorded and writes the event, within the caller's transaction.
///
/// # Errors
/// As [`record`].
pub async fn apply(
    tx: &mut Tx,
    charge: &Charge,
    obligation: &Obligation,
    record: &Record,
    actor: Actor,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let wrong_state = || AppError::WrongState {
        what: format!("{} of {}", obligation.milestone, obligation.agency),
        state: match obligation.state {
            State::Asleep => {
                "asleep until its event is recorded by `dondoc amend begin`".to_owned()
            }
            state => format!("{state:?}").to_lowercase(),
        },
    };
    let plan = &charge.plan;
    let is_continuous = obligation.kind == MilestoneKind::Continuous;
    let (to, done_on, next_rung_on, kind) = match (record.what, obligation.state) {
        (Recorded::Done(day), State::Open | State::Done) => {
            if day > today || day < plan.issued_on {
                return Err(AppError::BadDay {
                    day,
                    plan: plan.id.clone(),
                });
            }
            if is_continuous && obligation.state == State::Open {
                // It is never over (rule 8): this tells how it stands, and the next quarter is asked about as ever.
                (State::Open, None, Some(today), "done")
            } else {
                (State::Done, Some(day), None, "done")
            }
        }
        // The planner looks at it at once: rungs that fell while it counted as done have not been told.
        (Recorded::Open, State::Done) => (State::Open, None, Some(today), "reopened"),
        _ => return Err(wrong_state()),
    };
    let change = StateChange {
        id: obligation.id,
        from: obligation.state,
        to,
        done_on,
        pending: None,
        snoozed_until: None,
        next_rung_on,
    };
    let mut payload =
        json!({ "done_on": done_on, "document": record.document, "note": record.note });
    if to == State::Open && kind == "done" {
        let after = Stand {
            state: State::Open,
            done_on: None,
            pending: None,
            snoozed_until: None,
        };
        payload["after"] = json!(after);
    }
    let event = NewEvent {
        plan: plan.id.clone(),
        obligation: Some(obligation.id),
        at: now,
        actor,
        kind: kind.to_owned(),
        payload,
        source: None,
    };
    if obligations::set_state(tx, &change, &event).await? {
        Ok(())
    } else {
        Err(wrong_state())
    }
}

/// What an agency owes under a task. Of several milestones it is the one that is named, or the only one that
/// fits.
pub(super) async fn find_one(
    tx: &mut Tx,
    charge: &Charge,
    task: &TaskId,
    milestone: Option<u16>,
    agency: &AgencyCode,
    fits: impl Fn(&Obligation) -> bool,
) -> Result<Obligation, AppError> {
    let filter = Filter {
        plan: Some(charge.plan.id.clone()),
        agency: Some(agency.clone()),
        task: Some(task.clone()),
        ..Filter::default()
    };
    let mut found = obligations::list(tx, &filter).await?;
    let names = |all: &[Obligation], word: &str| {
        let names: Vec<String> = all.iter().map(|one| one.milestone.to_string()).collect();
        names.join(word)
    };
    if let Some(number) = milestone {
        let known = names(&found, ", ");
        found.retain(|obligation| obligation.milestone.number == number);
        if found.is_empty() && !known.is_empty() {
            return Err(AppError::NoMilestone {
                task: task.clone(),
                agency: agency.clone(),
                number,
                known,
            });
        }
    }
    // A task with one milestone that can still change needs no number.
    if found.len() > 1 {
        let candidates: Vec<_> = found.iter().filter(|one| fits(one)).cloned().collect();
        if candidates.len() == 1 {
            found = candidates;
        }
    }
    match found.len() {
        0 => Err(AppError::NothingOwed {
            task: task.clone(),
            agency: agency.clone(),
        }),
        1 => Ok(found.remove(0)),
        _ => Err(AppError::WhichMilestone {
            task: task.clone(),
            agency: agency.clone(),
            choices: names(&found, " or "),
        }),
    }
}
