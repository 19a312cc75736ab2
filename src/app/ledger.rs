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

/// The documents that prove something, line by line.
#[derive(Default)]
struct Proofs {
    /// Of each obligation, with the number of the event that gave it.
    given: HashMap<ObligationId, Vec<(i64, String)>>,
    /// What each event withdrew.
    withdrawn: HashMap<i64, Vec<String>>,
}

impl Proofs {
    /// The document that a line gives, and those that it withdraws.
    fn after(
        &mut self,
        event: i64,
        obligation: ObligationId,
        facts: &Facts,
        kind: &str,
    ) -> (Option<String>, Vec<String>) {
        let given = self.given.entry(obligation).or_default();
        let is_returned = facts.resolved == Some(Resolved::Returned) || kind == "reopened";
        // What was added to a completion later is taken back with it.
        let since = facts.undoes.or(is_returned.then_some(i64::MIN));
        let gone = given
            .iter()
            .filter(|(id, _)| since.is_some_and(|since| *id >= since));
        let withdrawn: Vec<String> = gone.map(|(_, document)| document.clone()).collect();
        // A return that is taken back: its proof holds again.
        let again = facts.revokes.and_then(|id| self.withdrawn.get(&id)?.last());
        let document = facts.proof().or(again).cloned();
        given.extend(document.clone().map(|document| (event, document)));
        self.withdrawn.insert(event, withdrawn.clone());
        (document, withdrawn)
    }
}

/// The documents that moved due days, line by line.
#[derive(Default)]
struct Moves {
    now: HashMap<ObligationId, Option<String>>,
    /// Which one held before each event.
    before: HashMap<i64, Option<String>>,
}

impl Moves {
    /// The document by which the day was moved last, after a line.
    fn after(&mut self, event: i64, obligation: ObligationId, facts: &Facts) -> Option<String> {
        let now = self.now.entry(obligation).or_default();
        self.before.insert(event, now.clone());
        let has_moved = match (&facts.resolved, &facts.amended) {
            (Some(Resolved::Extended { .. }), _) => true,
            (_, Some(amended)) => amended.now.due_on != amended.was.due_on,
            _ => false,
        };
        if has_moved {
            now.clone_from(&facts.document);
        } else if let Some(earlier) = facts.revokes.and_then(|id| self.before.get(&id)) {
            // With the day, the document behind the decision before holds again.
            now.clone_from(earlier);
        }
        now.clone()
    }
}

/// The lines before which an obligation was not there.
const BEGINNINGS: [&str; 2] = [Kind::Added.as_str(), Kind::Received.as_str()];

/// The ledger by obligation, as far as it bears on how each stood.
pub(super) fn entries(ledger: &[Event]) -> HashMap<ObligationId, Vec<Entry>> {
    let mut before: HashMap<i64, Option<Stand>> = HashMap::new();
    let mut entries: HashMap<ObligationId, Vec<Entry>> = HashMap::new();
    let (mut proofs, mut moves) = (Proofs::default(), Moves::default());
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
                facts
                    .restored_due_on
                    .filter(|day| Some(*day) != facts.was_due_on),
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
        let (document, withdrawn) = proofs.after(event.id, obligation, &facts, &event.entry.kind);
        let moved_by = moves.after(event.id, obligation, &facts);
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::*;
    use crate::store::events::{Actor, NewEvent};

    fn line(id: i64, kind: &str, payload: Value) -> Event {
        Event {
            id,
            entry: NewEvent {
                plan: "quang-nam-2020".into(),
                obligation: Some(ObligationId(1)),
                at: DateTime::<Utc>::UNIX_EPOCH,
                actor: Actor::Operator,
                kind: kind.to_owned(),
                payload,
                source: None,
            },
        }
    }

    fn extended(id: i64, document: &str, was: &str, due_on: &str) -> Event {
        let resolved = json!({ "extended": { "due_on": due_on, "act_by": due_on } });
        let payload = json!({ "resolved": resolved, "was_due_on": was, "document": document });
        line(id, EXTENDED, payload)
    }

    fn revoked(id: i64, of: i64, was: &str, due_on: &str) -> Event {
        let payload = json!({ "revokes": of, "was_due_on": was, "restored_due_on": due_on });
        line(id, "revoked", payload)
    }

    /// The day and the document of each line that gives a day.
    fn moves(ledger: &[Event]) -> Vec<(String, Option<String>)> {
        let entries = entries(ledger);
        let moved = entries[&ObligationId(1)].iter();
        moved
            .filter_map(|one| Some((one.due_on?.to_string(), one.moved_by.clone())))
            .collect()
    }

    #[test]
    fn what_is_taken_back_gives_the_day_back_to_the_document_before() {
        let ledger = [
            extended(1, "45/SNV", "2020-03-31", "2020-04-15"),
            extended(2, "46/SNV", "2020-04-15", "2020-04-30"),
            revoked(3, 2, "2020-04-30", "2020-04-15"),
            revoked(4, 1, "2020-04-15", "2020-03-31"),
        ];
        let by = |document: &str| Some(document.to_owned());
        assert_eq!(
            moves(&ledger),
            [
                ("2020-04-15".to_owned(), by("45/SNV")),
                ("2020-04-30".to_owned(), by("46/SNV")),
                ("2020-04-15".to_owned(), by("45/SNV")),
                ("2020-03-31".to_owned(), None),
            ]
        );
    }

    #[test]
    fn a_return_that_is_taken_back_moves_no_day_and_gives_the_proof_back() {
        let ledger = [
            extended(1, "45/SNV", "2020-03-31", "2020-04-15"),
            line(
                2,
                "done",
                json!({ "done_on": "2020-04-10", "document": "12/KH-STP" }),
            ),
            line(
                3,
                "returned",
                json!({ "resolved": "returned", "was_due_on": "2020-04-15" }),
            ),
            revoked(4, 3, "2020-04-15", "2020-04-15"),
        ];
        assert_eq!(moves(&ledger).len(), 1);
        let entries = entries(&ledger);
        let last = entries[&ObligationId(1)].last().unwrap();
        assert_eq!(last.document.as_deref(), Some("12/KH-STP"));
    }
}
