//! What stands in a database about the replies, by their names and not by numbers that another database would give anew.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use dondoc::app::verify::verify;
use dondoc::domain::inbound::Inbound;
use dondoc::store::deliveries::{self, Delivery, Filter};
use dondoc::store::{Db, Tx, obligations, statements};
use serde_json::Value;
use sqlx::{FromRow, query_scalar};

use crate::support::db::rows;

/// Channel and external id.
pub(super) type Name = (String, String);

/// A row of the inbox.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) channel: String,
    pub(super) external_id: String,
    pub(super) payload: String,
    pub(super) received_at: DateTime<Utc>,
    pub(super) state: String,
    pub(super) outcome: Option<String>,
    pub(super) settled_at: Option<DateTime<Utc>>,
}

impl Row {
    pub(super) fn name(&self) -> Name {
        (self.channel.clone(), self.external_id.clone())
    }

    pub(super) fn inbound(&self) -> Inbound {
        serde_json::from_str(&self.payload).unwrap()
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, FromRow)]
struct Event {
    obligation: Option<i64>,
    kind: String,
    actor: String,
    payload: String,
    source: Option<String>,
}

/// An attempt to send.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Attempt {
    pub(super) delivery: i64,
    pub(super) number: i64,
    pub(super) outcome: Option<String>,
    pub(super) provider_id: Option<String>,
}

/// Everything that follows from the replies.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// In the order in which they were dealt with.
    pub(super) inbox: Vec<Row>,
    /// Of each reply, what it changed.
    pub(super) changes: BTreeMap<Name, Vec<String>>,
    /// How often each sort of change is in the ledger.
    pub(super) kinds: BTreeMap<String, usize>,
    /// Of each obligation, where it stands and what was said last.
    pub(super) standing: BTreeMap<String, String>,
    /// The answer to each reply.
    pub(super) answers: BTreeMap<Name, Delivery>,
    /// Whatever else is in the ledger or the outbox.
    pub(super) strays: Vec<String>,
    pub(super) attempts: Vec<Attempt>,
}

impl Record {
    pub(super) async fn of(db: &Db) -> Self {
        let mut record = Self {
            inbox: rows(
                db,
                "SELECT id, channel, external_id, payload, received_at, state, outcome, settled_at FROM inbox
                 ORDER BY settled_at, id",
            )
            .await,
            attempts: rows(
                db,
                "SELECT delivery, number, outcome, provider_id FROM attempts ORDER BY delivery, number",
            )
            .await,
            ..Self::default()
        };
        let names: BTreeMap<i64, Name> = record
            .inbox
            .iter()
            .map(|row| (row.id, row.name()))
            .collect();
        let owed = record.read_standing(db).await;
        record.read_ledger(db, &names, &owed).await;
        record.read_outbox(db, &names).await;
        record
    }

    /// Gives the name of each obligation.
    async fn read_standing(&mut self, db: &Db) -> BTreeMap<i64, String> {
        let mut tx = db.snapshot().await.unwrap();
        let everything = obligations::Filter::default();
        let all = obligations::list(&mut tx, &everything).await.unwrap();
        let ids: Vec<_> = all.iter().map(|one| one.id).collect();
        let said = statements::find(&mut tx, &ids).await.unwrap();
        let mut names = BTreeMap::new();
        for one in all {
            let name = format!("{} of {}", one.milestone, one.agency);
            names.insert(one.id.0, name.clone());
            let said = said.get(&one.id).map(|said| {
                let words = (&said.contact, &said.intent, &said.quote);
                format!(
                    "{words:?} {:?} {:?} {:?}",
                    said.percent, said.expected_on, said.document
                )
            });
            let at = (
                one.state,
                one.done_on,
                one.due_on,
                one.pending,
                one.snoozed_until,
            );
            self.standing.insert(name, format!("{at:?} said {said:?}"));
        }
        names
    }

    async fn read_ledger(
        &mut self,
        db: &Db,
        names: &BTreeMap<i64, Name>,
        owed: &BTreeMap<i64, String>,
    ) {
        for chain in verify(db, None, None).await.unwrap() {
            self.strays
                .extend(chain.broken.map(|broken| format!("{broken:?}")));
            let astray = chain.astray.iter();
            self.strays.extend(astray.map(|one| format!("{one:?}")));
        }
        let sql = "SELECT obligation, kind, actor, payload, source FROM events ORDER BY id";
        for event in rows::<Event>(db, sql).await {
            let from = event.source.as_deref().and_then(|source| {
                let id = source.strip_prefix("inbox:")?.parse().ok()?;
                names.get(&id)
            });
            let Some(from) = from else {
                self.strays.push(format!("{event:?}"));
                continue;
            };
            let mut payload = serde_json::from_str(&event.payload).unwrap();
            forget_numbers(&mut payload);
            let about = event.obligation.and_then(|id| owed.get(&id));
            let line = format!("{} {about:?} by {}: {payload}", event.kind, event.actor);
            self.changes.entry(from.clone()).or_default().push(line);
            *self.kinds.entry(event.kind).or_default() += 1;
        }
    }

    async fn read_outbox(&mut self, db: &Db, names: &BTreeMap<i64, Name>) {
        let mut tx = db.snapshot().await.unwrap();
        let everything = Filter::default();
        let all = deliveries::list(&mut tx, &everything, 1_000_000).await;
        for delivery in all.unwrap() {
            let id = delivery.message.message_id.strip_prefix("<answer.");
            let id = id.and_then(|id| id.split('@').next()?.parse().ok());
            match id.and_then(|id: i64| names.get(&id)) {
                Some(name) => {
                    let other = self.answers.insert(name.clone(), delivery);
                    self.strays
                        .extend(other.map(|one| format!("one of two answers: {one:?}")));
                }
                None => self.strays.push(format!("{delivery:?}")),
            }
        }
    }
}

/// Lines of the ledger are numbered anew in another database.
fn forget_numbers(payload: &mut Value) {
    match payload {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "event" || key == "undoes" {
                    *value = Value::Null;
                }
                forget_numbers(value);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(forget_numbers),
        _ => {}
    }
}

/// What a count comes to.
pub(super) async fn count(db: &Db, sql: &'static str) -> usize {
    let mut tx = db.snapshot().await.unwrap();
    let count: i64 = match &mut tx {
        Tx::Sqlite(tx) => query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    };
    usize::try_from(count).unwrap()
}
