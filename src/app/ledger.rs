//! What a line of the ledger says: the one place that reads a payload back.

mod facts;
mod proofs;
mod sayings;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};

pub(super) use facts::Facts;
use proofs::{Moves, Proofs};
use sayings::Sayings;
pub(super) use sayings::{keep_last, statement};

use super::AppError;
use crate::clock::local;
use crate::domain::amendment::{Amended, Kind};
use crate::domain::decide::{Evidence, Stand, What};
use crate::domain::history::{
    Amends, Asking, Dating, Entry, Refusal, Saying, Stood, Words, at_end_of,
};
use crate::domain::ids::{ObligationId, PlanId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::resolution::{EXTENDED, Past, Resolved};
use crate::store::Tx;
use crate::store::events::{self, Event, Told};

/// What waits for a decision after these lines of one obligation, oldest first.
pub(super) fn asking(events: &[Event]) -> Asking {
    let mut reading = Reading::of(events);
    let last = events.iter().rev().find_map(|event| event.entry.obligation);
    let found = last.and_then(|obligation| reading.asking.remove(&obligation));
    found.unwrap_or_default()
}

/// What a document changed by a line, if it is one.
pub(super) fn amended_by(event: &Event) -> Option<Amended> {
    Facts::of(event).amended
}

/// In which state an obligation was, that was told to somebody, once these lines of it stood in the ledger.
pub(super) fn state_after<'e>(
    obligation: &Obligation,
    events: impl Iterator<Item = &'e Event>,
) -> State {
    // What is told to somebody is open, unless a line says otherwise.
    let open = Obligation {
        state: State::Open,
        ..obligation.clone()
    };
    let entries = Entries::of_events(events);
    at_end_of(&open, entries.of(obligation.id), NaiveDate::MAX)
        .stood
        .state
}

/// What of the ledger of an obligation bears on a resolution.
pub(super) fn past(events: &[Event]) -> Past {
    let asking = asking(events);
    let asked = asking.asked().and_then(|asked| asked.day);
    let asks = |pending| {
        asking
            .words()
            .first()
            .is_some_and(|one| one.asks == pending)
    };
    let revoked: Vec<i64> = events
        .iter()
        .filter_map(|one| Facts::of(one).revokes)
        .collect();
    let extended = events
        .iter()
        .filter(|one| one.entry.kind == EXTENDED && !revoked.contains(&one.id));
    Past {
        asked_until: asked.filter(|_| asks(Pending::Extension)),
        claimed_on: asked.filter(|_| asks(Pending::Acceptance)),
        extended: u32::try_from(extended.count()).unwrap_or(u32::MAX),
    }
}

/// The lines before which an obligation was not there.
const BEGINNINGS: [&str; 2] = [Kind::Added.as_str(), Kind::Received.as_str()];

/// The ledger of a plan, line by line, as far as it bears on how each obligation stood.
#[derive(Default)]
pub(super) struct Reading {
    entries: Vec<(ObligationId, Entry)>,
    /// How the obligation stood before each line that says so.
    before: HashMap<i64, Stand>,
    proofs: Proofs,
    moves: Moves,
    sayings: Sayings,
    asking: HashMap<ObligationId, Asking>,
    /// By which change each was given last to its agency.
    received: HashMap<ObligationId, i64>,
    /// The lines by which a wish was not granted.
    refusals: HashSet<i64>,
}

/// The ledger of a plan by obligation.
#[derive(Debug)]
pub(super) struct Entries {
    all: Vec<Entry>,
    /// Where those of an obligation stand.
    places: HashMap<ObligationId, Range<usize>>,
}

impl Entries {
    /// Reads the ledger of a plan to its end: of what came into the plan later, only the line that says so tells that it
    /// was not there.
    pub async fn read(tx: &mut Tx, plan: &PlanId) -> Result<Self, AppError> {
        let mut reading = Reading::default();
        events::each_of_plan(tx, plan, |line| reading.add(&line)).await?;
        Ok(reading.into())
    }

    /// Reads the ledgers of these obligations.
    pub async fn of_obligations(tx: &mut Tx, ids: &[ObligationId]) -> Result<Self, AppError> {
        let ledgers = events::list_of_obligations(tx, ids).await?;
        Ok(Self::of_events(ledgers.values().flatten()))
    }

    /// What these lines say, oldest first.
    pub fn of_events<'e>(events: impl IntoIterator<Item = &'e Event>) -> Self {
        Reading::of(events).into()
    }

    /// Those of one obligation, oldest first.
    pub fn of(&self, obligation: ObligationId) -> &[Entry] {
        let place = self.places.get(&obligation);
        place.map_or(&[], |place| &self.all[place.clone()])
    }
}

impl From<Reading> for Entries {
    fn from(Reading { mut entries, .. }: Reading) -> Self {
        // Stable: those of one obligation stay in order.
        entries.sort_by_key(|(obligation, _)| *obligation);
        let mut places = HashMap::new();
        let mut from = 0;
        for of_one in entries.chunk_by(|(one, _), (next, _)| one == next) {
            let to = from + of_one.len();
            places.insert(of_one[0].0, from..to);
            from = to;
        }
        Self {
            all: entries.into_iter().map(|(_, entry)| entry).collect(),
            places,
        }
    }
}

impl Reading {
    /// What these lines say, oldest first.
    fn of<'e>(events: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut reading = Self::default();
        for event in events {
            let (at, kind) = (event.entry.at, &event.entry.kind);
            if let Some(obligation) = event.entry.obligation {
                reading.read(event.id, obligation, at, kind, Facts::of(event));
            }
        }
        reading
    }

    /// The next line.
    fn add(&mut self, line: &Told) {
        let Some(obligation) = line.obligation else {
            return;
        };
        let facts = Facts::known(line.id, serde_json::from_str(&line.payload));
        self.read(line.id, obligation, line.at, &line.kind, facts);
    }

    fn read(
        &mut self,
        id: i64,
        obligation: ObligationId,
        at: DateTime<Utc>,
        kind: &str,
        facts: Facts,
    ) {
        if let Some(before) = facts.before {
            self.before.insert(id, before);
        }
        let on = local(facts.happened_at(at)).date();
        let (stand, due_on) = self.stand_after(&facts, kind);
        let (document, withdrawn) = self.proofs.after(id, obligation, &facts, kind);
        let moved_by = self.moves.after(id, obligation, &facts);
        let asks = asks(id, on, &facts);
        let pending = stand.map(|stand| stand.pending);
        let asked = if asks.is_some() || self.asking.contains_key(&obligation) {
            let asking = self.asking.entry(obligation).or_default();
            asking.after(facts.undoes, asks, pending);
            asking.asked()
        } else {
            None
        };
        let said = facts.said.as_ref().zip(facts.quote.clone());
        let said = said.filter(|_| self.sayings.takes(obligation, &facts));
        let said = said.map(|(what, quote)| Saying {
            on,
            blocked: *what == What::Blocked,
            quote,
            takes_back: None,
            returned: None,
        });
        let is_returned = facts.resolved == Some(Resolved::Returned);
        let forgets = is_returned || facts.undoes.or(facts.revokes).is_some();
        let holds = self.sayings.after(id, on, obligation, &facts, said.clone());
        let refuses = (facts.resolved == Some(Resolved::Refused)).then(|| Refusal {
            on,
            document: facts.document.clone(),
        });
        if refuses.is_some() {
            self.refusals.insert(id);
        }
        let unrefuses = facts.revokes.is_some_and(|id| self.refusals.contains(&id));
        let entry = Entry {
            number: id,
            takes_back: facts.undoes,
            on,
            stand,
            due_on,
            was_due_on: facts.day_before(),
            act_by: facts.act_by(),
            dating: facts.amended.and_then(dating),
            begins: BEGINNINGS.contains(&kind),
            amends: facts.amended.is_some().then(|| Amends::of(kind)),
            gives_away: kind == Kind::Transferred.as_str(),
            ungives: self.ungives(obligation, kind, &facts),
            forgets,
            said: if forgets { holds } else { said },
            asked,
            document,
            withdrawn,
            moved_by,
            refuses,
            unrefuses,
        };
        self.entries.push((obligation, entry));
    }

    /// Whether a line takes back that its agency was given it.
    fn ungives(&mut self, obligation: ObligationId, kind: &str, facts: &Facts) -> bool {
        let given = facts.amendment.filter(|_| kind == Kind::Received.as_str());
        self.received.extend(given.map(|one| (obligation, one)));
        facts.takes_back.is_some() && self.received.get(&obligation) == facts.takes_back.as_ref()
    }

    /// How an obligation stands after a line of that kind, and the due day that it gives.
    fn stand_after(&self, facts: &Facts, kind: &str) -> (Option<Stood>, Option<NaiveDate>) {
        let stood = |state, done_on, pending| {
            Some(Stood {
                state,
                done_on,
                pending,
            })
        };
        let of = |stand: Stand| stood(stand.state, stand.done_on, stand.pending);
        match (&facts.resolved, kind) {
            // What another agency gave up beside it changes nothing of how it stands.
            (_, kind) if kind == Kind::Joined.as_str() => (None, None),
            _ if facts.amended.is_some() => {
                let amended = facts.amended;
                let now = amended.map(|amended| amended.now);
                // What moves a day, or only tells that something else is given back, leaves what is done as it is done.
                let stays = |amended: &Amended| {
                    let (was, now) = (&amended.was, &amended.now);
                    (was.state, was.pending) == (now.state, now.pending)
                };
                let changed = amended.filter(|amended| !stays(amended));
                let stand = changed.and_then(|one| stood(one.now.state, None, one.now.pending));
                // A row that was added has the day of the files, and follows them.
                let due_on = now.and_then(|now| now.due_on);
                (stand, due_on.filter(|_| kind != Kind::Added.as_str()))
            }
            (Some(Resolved::Extended { due_on, .. }), _) => {
                (stood(State::Open, None, facts.still_waits), Some(*due_on))
            }
            (Some(Resolved::Refused | Resolved::Returned), _) | (None, "reopened") => {
                (stood(State::Open, None, None), None)
            }
            (Some(Resolved::Accepted { done_on }), _) => {
                (stood(State::Done, Some(*done_on), None), None)
            }
            (None, _) if facts.revokes.is_some() => {
                let day = facts.restored_due_on;
                (
                    facts.restored.and_then(of),
                    day.filter(|day| Some(*day) != facts.was_due_on),
                )
            }
            (None, "done") if facts.after.is_none() => {
                (stood(State::Done, facts.done_on, None), None)
            }
            (None, _) => {
                let undone = facts.undoes.and_then(|id| self.before.get(&id).copied());
                (facts.after.or(undone).and_then(of), None)
            }
        }
    }
}

/// Whether only what a document made of an obligation has a due day, or only what it was before.
fn dating(Amended { was, now }: Amended) -> Option<Dating> {
    match (was.due_on, now.due_on) {
        (None, Some(_)) => Some(Dating::Begins),
        (Some(_), None) => Some(Dating::Ends),
        _ => None,
    }
}

/// What a line asks a decision for, or gives back; a document that is added later belongs to the claim.
fn asks(event: i64, on: NaiveDate, facts: &Facts) -> Option<Words> {
    let (asks, day, document) = match facts.said.as_ref()? {
        What::Extension { until } => (Pending::Extension, *until, None),
        What::Reassign => (Pending::Reassignment, None, None),
        What::Done { on, document } => (Pending::Acceptance, Some(*on), document.clone()),
        What::Evidence(Evidence {
            document: Some(document),
            ..
        }) => (Pending::Acceptance, None, Some(document.clone())),
        _ => return None,
    };
    Some(Words {
        event,
        on: facts.said_first_on(on),
        asks,
        day,
        document,
        quote: facts.quote.clone().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn line(id: i64, kind: &str, payload: Value) -> Told {
        Told {
            id,
            obligation: Some(ObligationId(1)),
            at: DateTime::<Utc>::UNIX_EPOCH,
            kind: kind.to_owned(),
            payload: payload.to_string(),
        }
    }

    fn extended(id: i64, document: &str, was: &str, due_on: &str) -> Told {
        let resolved = json!({ "extended": { "due_on": due_on, "act_by": due_on } });
        let payload = json!({ "resolved": resolved, "was_due_on": was, "document": document });
        line(id, EXTENDED, payload)
    }

    fn revoked(id: i64, of: i64, was: &str, due_on: &str) -> Told {
        let payload = json!({ "revokes": of, "was_due_on": was, "restored_due_on": due_on });
        line(id, "revoked", payload)
    }

    fn entries(ledger: &[Told]) -> Entries {
        let mut reading = Reading::default();
        for line in ledger {
            reading.add(line);
        }
        reading.into()
    }

    /// The day and the document of each line that gives a day.
    fn moves(ledger: &[Told]) -> Vec<(String, Option<String>)> {
        let entries = entries(ledger);
        let moved = entries.of(ObligationId(1)).iter();
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
    fn what_was_said_before_holds_again_once_a_report_is_taken_back() {
        let said =
            |id, kind: &str, what: Value| line(id, kind, json!({ "said": what, "quote": kind }));
        let progress =
            json!({ "progress": { "percent": 60, "expected_on": null, "document": null } });
        let ledger = [
            said(1, "blocked", json!("blocked")),
            said(2, "progress", progress),
            line(
                3,
                "undone",
                json!({ "said": { "undo": { "event": 2 } }, "quote": "", "undoes": 2 }),
            ),
            line(
                4,
                "undone",
                json!({ "said": { "undo": { "event": 1 } }, "quote": "em báo nhầm", "undoes": 1 }),
            ),
        ];
        let entries = entries(&ledger);
        let after = |lines: usize| {
            let entry = &entries.of(ObligationId(1))[lines - 1];
            entry.said.as_ref().map(|said| said.blocked)
        };
        assert_eq!((after(2), after(3)), (Some(false), Some(true)));
        let last = entries.of(ObligationId(1)).last().unwrap();
        let said = last.said.as_ref().unwrap();
        assert_eq!(
            (said.blocked, said.takes_back, said.quote.as_str()),
            (false, Some(said.on), "em báo nhầm"),
            "who takes back what was said has answered"
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
        let last = entries.of(ObligationId(1)).last().unwrap();
        assert_eq!(last.document.as_deref(), Some("12/KH-STP"));
    }
}
