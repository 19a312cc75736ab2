//! What the people of an agency raised of what a document changes, and nobody has decided: wishes, claims, difficulties.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;

use crate::app::AppError;
use crate::app::ledger::{Facts, amended_by, asking};
use crate::clock::local;
use crate::domain::amendment::{Kind, Request, Terms};
use crate::domain::decide::{Stand, What};
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::store::Tx;
use crate::store::events::{self, Actor, Event, NewEvent};
use crate::store::statements::{self, Said};

/// One thing that was raised, and what becomes of it; the ledger keeps it so with the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Raised {
    /// The word of its line in the ledger: `extension-asked`, `done`, `reassignment-asked`, `blocked`.
    pub what: String,
    /// By whom.
    pub by: Option<ContactId>,
    /// On which day.
    pub on: NaiveDate,
    /// Until when more time is asked for, or since when it is done.
    pub day: Option<NaiveDate>,
    /// What becomes of it.
    pub becomes: Request,
}

/// What was raised of one obligation.
#[derive(Debug, Default)]
pub(super) struct Matter {
    /// The lines that ask for the decision that waits, or rests while it is not owed.
    asking: Vec<Event>,
    /// The line that reports a difficulty, when nothing was said since.
    difficulty: Option<Event>,
    /// What waited when a document ended or suspended it.
    pub(super) rests: Option<Pending>,
    /// Until when more time is asked for, or since when it is done.
    pub(super) day: Option<NaiveDate>,
    /// What was said of it last.
    said: Option<Said>,
}

/// What was raised of each of these, where something was.
pub(super) async fn read(
    tx: &mut Tx,
    found: &[Obligation],
) -> Result<HashMap<ObligationId, Matter>, AppError> {
    let all: Vec<ObligationId> = found.iter().map(|one| one.id).collect();
    let said = statements::find(tx, &all).await?;
    let bears = |one: &&Obligation| {
        let is_held = matches!(one.state, State::Suspended | State::Cancelled);
        one.pending.is_some() || is_held || said.get(&one.id).is_some_and(is_difficulty)
    };
    let ids: Vec<ObligationId> = found.iter().filter(bears).map(|one| one.id).collect();
    let mut ledgers = events::list_of_obligations(tx, &ids).await?;
    let read = found.iter().filter_map(|one| {
        let ledger = ledgers.remove(&one.id)?;
        let said = said.get(&one.id).cloned();
        Some((one.id, Matter::of(one, &ledger, said)))
    });
    Ok(read.collect())
}

impl Matter {
    fn of(one: &Obligation, ledger: &[Event], said: Option<Said>) -> Self {
        let rests = rests(ledger);
        let is_blocked = said.as_ref().is_some_and(is_difficulty);
        let awaited = one.pending.or(rests);
        let read = asking(ledger);
        let words = [read.words(), read.ended()];
        let words = words.into_iter().find(|words| {
            let asks = words.first().map(|one| one.asks);
            asks.is_some() && asks == awaited
        });
        let words = words.unwrap_or_default();
        let last = |wanted: &What| {
            let is_it = |event: &&Event| Facts::of(event).said.as_ref() == Some(wanted);
            ledger.iter().rfind(is_it).cloned()
        };
        let asking: Vec<Event> = if awaited == Some(Pending::Reassignment) {
            last(&What::Reassign).into_iter().collect()
        } else {
            let asks = |event: &&Event| words.iter().any(|one| one.event == event.id);
            ledger.iter().filter(asks).cloned().collect()
        };
        Self {
            day: words.iter().rev().find_map(|one| one.day),
            difficulty: is_blocked.then(|| last(&What::Blocked)).flatten(),
            asking,
            rests,
            said,
        }
    }

    /// What was said of it last, if that is what was raised.
    pub(super) fn statement(&self) -> Option<&Said> {
        let raised = self.asking.iter().chain(&self.difficulty);
        let mut kinds = raised.map(|event| event.entry.kind.as_str());
        let said = self.said.as_ref()?;
        kinds.any(|kind| kind == said.intent).then_some(said)
    }

    /// Who asked for the decision that waits, or rests.
    pub(super) fn by(&self) -> Option<&ContactId> {
        self.asking.iter().rev().find_map(speaker)
    }

    /// What becomes of it by a change from `was` to `now`.
    pub(super) fn raised(
        &self,
        kind: Kind,
        was: &Terms,
        now: &Terms,
        is_taken_over: bool,
    ) -> Vec<Raised> {
        let asked = Request::after(kind, was, now, is_taken_over);
        let asked = self.asking.last().zip(asked).map(|(event, (_, becomes))| {
            let day = self.day;
            Raised {
                day,
                ..raised(event, becomes)
            }
        });
        let becomes = match (kind, now.state) {
            (Kind::Transferred, _) if is_taken_over => Some(Request::Moves),
            (_, State::Suspended) => Some(Request::Rests),
            (_, State::Cancelled) => Some(Request::Ends),
            _ => None,
        };
        let difficulty = self.difficulty.as_ref().zip(becomes);
        let difficulty = difficulty.map(|(event, becomes)| raised(event, becomes));
        asked.into_iter().chain(difficulty).collect()
    }

    /// The same in the ledger of the agency that takes the obligation over, under the names of those who said it: whoever
    /// decides there reads it, and what is erased of them is erased there too.
    pub(super) fn carried(
        &self,
        from: &Obligation,
        heir: &Obligation,
        now: DateTime<Utc>,
    ) -> Vec<NewEvent> {
        let wish = self.asking.iter().filter(|_| heir.pending.is_some());
        wish.chain(&self.difficulty)
            .map(|event| {
                let payload = &event.entry.payload;
                NewEvent {
                    obligation: Some(heir.id),
                    payload: json!({
                        "said": payload["said"],
                        "quote": payload["quote"],
                        "after": Stand::of(heir),
                        "carried": { "event": event.id, "from": from.agency, "on": said_on(event) },
                    }),
                    source: None,
                    at: now,
                    ..event.entry.clone()
                }
            })
            .collect()
    }
}

fn is_difficulty(said: &Said) -> bool {
    said.intent == What::Blocked.as_str()
}

fn raised(event: &Event, becomes: Request) -> Raised {
    Raised {
        what: event.entry.kind.clone(),
        by: speaker(event).cloned(),
        on: said_on(event),
        day: None,
        becomes,
    }
}

fn speaker(event: &Event) -> Option<&ContactId> {
    match &event.entry.actor {
        Actor::Contact(id) => Some(id),
        Actor::System | Actor::Operator => None,
    }
}

/// The day on which it was said first, whichever agency owed it then.
fn said_on(event: &Event) -> NaiveDate {
    let facts = Facts::of(event);
    let here = local(facts.happened_at(event.entry.at)).date();
    facts.said_first_on(here)
}

/// What waited when a document ended or suspended the obligation, which is still so.
fn rests(ledger: &[Event]) -> Option<Pending> {
    let amended = ledger.iter().rev().filter_map(amended_by);
    let mut held = amended.take_while(|one| {
        matches!(one.now.state, State::Suspended | State::Cancelled) && one.now.pending.is_none()
    });
    held.find_map(|one| one.was.pending)
}
