//! What a line of the ledger says: the one place that reads a payload back.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::clock::local;
use crate::domain::amendment::{Amended, Kind};
use crate::domain::decide::{Stand, What};
use crate::domain::history::{Entry, Saying, Stood};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;
use crate::domain::resolution::{EXTENDED, Past, Resolved};
use crate::store::events::Event;

/// The particulars of a line, as far as they are read again.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Facts {
    /// What a person said.
    pub said: Option<What>,
    /// In which words.
    pub quote: Option<String>,
    /// How the obligation stood before it.
    pub before: Option<Stand>,
    /// How it stands after it.
    pub after: Option<Stand>,
    /// The line that it takes back.
    pub undoes: Option<i64>,
    /// Number of the document behind what was recorded by hand or decided.
    document: Option<String>,
    /// The day of completion that was recorded by hand.
    done_on: Option<NaiveDate>,
    /// What the monitor decided.
    pub resolved: Option<Resolved>,
    /// How the obligation stood before the monitor decided.
    pub was: Option<Stand>,
    /// When it was due before the monitor decided.
    pub was_due_on: Option<NaiveDate>,
    /// The decision that it takes back.
    pub revokes: Option<i64>,
    /// How the obligation stands since that decision was taken back.
    restored: Option<Stand>,
    /// When it is due since.
    restored_due_on: Option<NaiveDate>,
    /// What a document changed.
    amended: Option<Amended>,
}

impl Facts {
    /// Whether its document is one by which something was decided, and proves nothing.
    fn is_of_the_monitor(&self) -> bool {
        self.resolved.is_some() || self.amended.is_some() || self.revokes.is_some()
    }

    /// The number of the document that proves something.
    fn proof(&self) -> Option<&String> {
        match &self.said {
            Some(What::Done { document, .. } | What::Progress { document, .. }) => {
                document.as_ref()
            }
            Some(What::Evidence(evidence)) => Some(&evidence.document),
            Some(_) => None,
            None if self.is_of_the_monitor() => None,
            None => self.document.as_ref(),
        }
    }

    /// What `event` says; nothing, with a line in the log, where it is not understood.
    pub fn of(event: &Event) -> Self {
        serde_json::from_value(event.entry.payload.clone()).unwrap_or_else(|error| {
            let event = event.id;
            tracing::warn!(event, %error, "a line of the ledger is not understood: counted as if it said nothing");
            Self::default()
        })
    }
}

/// The day that the newest wish for more time names that was not taken back.
pub(super) fn wanted_until(events: &[Event]) -> Option<NaiveDate> {
    let facts: Vec<(i64, Facts)> = events.iter().map(|one| (one.id, Facts::of(one))).collect();
    let is_taken_back = |id: i64| facts.iter().any(|(_, one)| one.undoes == Some(id));
    let mut wishes = facts.iter().rev().filter_map(|(id, one)| match one.said {
        Some(What::Extension { until }) if !is_taken_back(*id) => Some(until),
        _ => None,
    });
    wishes.next().flatten()
}

/// What of the ledger of an obligation bears on a resolution.
pub(super) fn past(events: &[Event]) -> Past {
    let mut claims = events
        .iter()
        .rev()
        .filter_map(|one| match Facts::of(one).said {
            Some(What::Done { on, .. }) => Some(on),
            _ => None,
        });
    let revoked: Vec<i64> = events
        .iter()
        .filter_map(|one| Facts::of(one).revokes)
        .collect();
    let extended = events
        .iter()
        .filter(|one| one.entry.kind == EXTENDED && !revoked.contains(&one.id));
    Past {
        asked_until: wanted_until(events),
        claimed_on: claims.next(),
        extended: u32::try_from(extended.count()).unwrap_or(u32::MAX),
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

/// The lines before which an obligation was not there.
const BEGINNINGS: [&str; 2] = [Kind::Added.as_str(), Kind::Received.as_str()];

/// The ledger by obligation, as far as it bears on how each stood.
pub(super) fn entries(ledger: &[Event]) -> HashMap<ObligationId, Vec<Entry>> {
    let mut before: HashMap<i64, Option<Stand>> = HashMap::new();
    let mut entries: HashMap<ObligationId, Vec<Entry>> = HashMap::new();
    let mut given: HashMap<ObligationId, Given> = HashMap::new();
    let mut returned: HashMap<i64, Vec<String>> = HashMap::new();
    for event in ledger {
        let Some(obligation) = event.entry.obligation else {
            continue;
        };
        let facts = Facts::of(event);
        before.insert(event.id, facts.before);
        let on = local(event.entry.at).date();
        let stood = |state, done_on, pending| {
            Some(Stood {
                state,
                done_on,
                pending,
            })
        };
        let (stand, due_on) = match (&facts.resolved, event.entry.kind.as_str()) {
            _ if facts.amended.is_some() => {
                let now = facts.amended.map(|amended| amended.now);
                let stand = now.and_then(|now| stood(now.state, None, now.pending));
                (stand, now.and_then(|now| now.due_on))
            }
            (Some(Resolved::Extended { due_on, .. }), _) => {
                (stood(State::Open, None, None), Some(*due_on))
            }
            (Some(Resolved::Refused | Resolved::Returned), _) | (None, "reopened") => {
                (stood(State::Open, None, None), None)
            }
            (Some(Resolved::Accepted { done_on }), _) => {
                (stood(State::Done, Some(*done_on), None), None)
            }
            (None, _) if facts.revokes.is_some() => (
                facts
                    .restored
                    .and_then(|one| stood(one.state, one.done_on, one.pending)),
                facts.restored_due_on,
            ),
            (None, "done") if facts.after.is_none() => {
                (stood(State::Done, facts.done_on, None), None)
            }
            (None, _) => {
                let undone = facts
                    .undoes
                    .and_then(|id| before.get(&id).copied().flatten());
                let stand = facts.after.or(undone);
                (
                    stand.and_then(|one| stood(one.state, one.done_on, one.pending)),
                    None,
                )
            }
        };
        let is_returned =
            facts.resolved == Some(Resolved::Returned) || event.entry.kind == "reopened";
        let given = given.entry(obligation).or_default();
        let withdrawn = match facts.undoes {
            Some(undone) => given.since(undone),
            None if is_returned => given.since(i64::MIN),
            None => Vec::new(),
        };
        // A return that is taken back: its proof holds again.
        let again = facts.revokes.and_then(|id| returned.get(&id)?.last());
        let document = facts.proof().or(again).cloned();
        returned.insert(event.id, withdrawn.clone());
        given
            .0
            .extend(document.clone().map(|document| (event.id, document)));
        let has_moved = match (&facts.resolved, &facts.amended) {
            (Some(Resolved::Extended { .. }), _) => true,
            (_, Some(amended)) => amended.now.due_on != amended.was.due_on,
            _ => false,
        };
        let moved_by = facts.document.clone().filter(|_| has_moved);
        let said = facts.said.as_ref().zip(facts.quote);
        let said = said.filter(|(what, _)| !matches!(what, What::Undo { .. }));
        entries.entry(obligation).or_default().push(Entry {
            on,
            stand,
            due_on,
            begins: BEGINNINGS.contains(&event.entry.kind.as_str()),
            amends: facts.amended.is_some(),
            forgets: facts.undoes.is_some() || facts.resolved == Some(Resolved::Returned),
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
            moved_by,
        });
    }
    entries
}
