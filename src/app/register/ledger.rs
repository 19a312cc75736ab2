//! The events of a plan -> the history of each obligation.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::clock::local;
use crate::domain::decide::{Stand, What};
use crate::domain::history::{Entry, Saying, Stood};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;
use crate::domain::resolution::Resolved;
use crate::store::events::Event;

/// What an event's payload may hold of how the obligation stands after it.
#[derive(Deserialize)]
struct Payload {
    said: Option<What>,
    quote: Option<String>,
    before: Option<Stand>,
    after: Option<Stand>,
    undoes: Option<i64>,
    done_on: Option<NaiveDate>,
    resolved: Option<Resolved>,
    document: Option<String>,
}

impl Payload {
    /// The number of the document that it gives.
    fn document(&self) -> Option<&String> {
        let said = self.said.as_ref().and_then(|said| match said {
            What::Done { document, .. } | What::Progress { document, .. } => document.as_ref(),
            What::Evidence(evidence) => Some(&evidence.document),
            _ => None,
        });
        said.or(self.document.as_ref())
    }
}

/// The documents that were given of one obligation, each with the number of its event.
#[derive(Default)]
struct Given(Vec<(i64, String)>);

impl Given {
    /// Those given by the event and after it: what was added to a completion later is taken back with it.
    fn since(&self, event: i64) -> Vec<String> {
        let later = self.0.iter().filter(|(id, _)| *id >= event);
        later.map(|(_, document)| document.clone()).collect()
    }
}

/// The ledger by obligation, as far as it bears on how each stood.
pub(super) fn entries(ledger: &[Event]) -> HashMap<ObligationId, Vec<Entry>> {
    let mut before: HashMap<i64, Option<Stand>> = HashMap::new();
    let mut entries: HashMap<ObligationId, Vec<Entry>> = HashMap::new();
    let mut given: HashMap<ObligationId, Given> = HashMap::new();
    for event in ledger {
        let Some(obligation) = event.entry.obligation else {
            continue;
        };
        let payload = match serde_json::from_value::<Payload>(event.entry.payload.clone()) {
            Ok(payload) => payload,
            Err(error) => {
                let event = event.id;
                tracing::warn!(event, %error, "a line of the ledger is not understood: the digest is counted without it");
                continue;
            }
        };
        before.insert(event.id, payload.before);
        let on = local(event.entry.at).date();
        let stood = |state, done_on, pending| {
            Some(Stood {
                state,
                done_on,
                pending,
            })
        };
        let (stand, due_on) = match (&payload.resolved, event.entry.kind.as_str()) {
            (Some(Resolved::Extended { due_on, .. }), _) => {
                (stood(State::Open, None, None), Some(*due_on))
            }
            (Some(Resolved::Refused | Resolved::Returned), _) | (None, "reopened") => {
                (stood(State::Open, None, None), None)
            }
            (Some(Resolved::Accepted { done_on }), _) => {
                (stood(State::Done, Some(*done_on), None), None)
            }
            (None, "done") if payload.after.is_none() => {
                (stood(State::Done, payload.done_on, None), None)
            }
            (None, _) => {
                let undone = payload
                    .undoes
                    .and_then(|id| before.get(&id).copied().flatten());
                let stand = payload.after.or(undone);
                (
                    stand.and_then(|one| stood(one.state, one.done_on, one.pending)),
                    None,
                )
            }
        };
        let is_returned =
            payload.resolved == Some(Resolved::Returned) || event.entry.kind == "reopened";
        let given = given.entry(obligation).or_default();
        let withdrawn = match payload.undoes {
            Some(undone) => given.since(undone),
            None if is_returned => given.since(i64::MIN),
            None => Vec::new(),
        };
        let document = payload.document().cloned();
        given
            .0
            .extend(document.clone().map(|document| (event.id, document)));
        let said = payload.said.as_ref().zip(payload.quote);
        let said = said.filter(|(what, _)| !matches!(what, What::Undo { .. }));
        entries.entry(obligation).or_default().push(Entry {
            on,
            stand,
            due_on,
            forgets: payload.undoes.is_some() || payload.resolved == Some(Resolved::Returned),
            said: said.map(|(what, quote)| Saying {
                on,
                blocked: *what == What::Blocked,
                until: match what {
                    What::Extension { until } => *until,
                    _ => None,
                },
                quote,
            }),
            document,
            withdrawn,
        });
    }
    entries
}
