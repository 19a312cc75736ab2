//! The ledger: who said or did what about which obligation, when, from which message. Rows are added, never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, QueryBuilder, query_as};

use super::Tx;
use super::bulk;
use super::chain;
use super::error::{Doing, StoreError};
pub use super::words::Actor;
use super::words::{Cell, actor_text, find_actor};
use super::written::Instant;
use crate::domain::chain::Line;
use crate::domain::ids::{ObligationId, PlanId};

/// One line to be added to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The plan it concerns.
    pub plan: PlanId,
    /// The obligation it concerns, if one.
    pub obligation: Option<ObligationId>,
    /// When it was said or done.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What: `done`, `extension`, …
    pub kind: String,
    /// The particulars.
    pub payload: Value,
    /// The message it came from.
    pub source: Option<String>,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number; later lines have higher ones.
    pub id: i64,
    /// What it says.
    pub entry: NewEvent,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    plan: String,
    obligation: Option<i64>,
    at: DateTime<Utc>,
    actor: String,
    kind: String,
    payload: String,
    source: Option<String>,
}

impl TryFrom<Row> for Event {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cell = |column| Cell {
            table: "events",
            row: &row.id,
            column,
        };
        let actor = cell("actor").read(&row.actor, find_actor(&row.actor))?;
        let payload =
            cell("payload").read(&row.payload, serde_json::from_str(&row.payload).ok())?;
        let entry = NewEvent {
            plan: PlanId::new(row.plan),
            obligation: row.obligation.map(ObligationId),
            at: row.at,
            actor,
            kind: row.kind,
            payload,
            source: row.source,
        };
        Ok(Self { id: row.id, entry })
    }
}

/// The number that a line got, and what its obligation is.
type Added = (i64, Option<String>, Option<i64>, Option<String>);

/// Adds lines to the ledger, in order. They are sealed when the transaction commits.
///
/// # Errors
/// When the database fails.
pub async fn append(tx: &mut Tx, events: &[NewEvent]) -> Result<(), StoreError> {
    for chunk in events.chunks(bulk::ROWS) {
        let mut added: Vec<Added> = on!(tx, conn => {
            QueryBuilder::new("INSERT INTO events (plan, obligation, at, actor, kind, payload, source) ")
                .push_values(chunk, |mut row, event| {
                    row.push_bind(event.plan.as_str())
                        .push_bind(event.obligation.map(|id| id.0))
                        .push_bind(whole_micros(event.at))
                        .push_bind(actor_text(&event.actor))
                        .push_bind(&event.kind)
                        .push_bind(event.payload.to_string())
                        .push_bind(&event.source);
                })
                .push(
                    " RETURNING id, (SELECT task FROM obligations o WHERE o.id = events.obligation), \
                     (SELECT milestone FROM obligations o WHERE o.id = events.obligation), \
                     (SELECT agency FROM obligations o WHERE o.id = events.obligation)",
                )
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing(format_args!(
            "adding {} events to the ledger",
            chunk.len()
        ))?;
        // Numbers are given in the order of the rows; the database may tell of them in another.
        added.sort_unstable_by_key(|(id, ..)| *id);
        tx.seal_later(chunk.iter().zip(added).map(line));
    }
    Ok(())
}

/// What of a new event is sealed: what was stored, letter for letter.
fn line((event, (id, task, milestone, agency)): (&NewEvent, Added)) -> Line {
    Line {
        event: id,
        plan: event.plan.as_str().to_owned(),
        about: chain::about(event.obligation.map(|id| id.0), task, milestone, agency),
        at: event.at.timestamp_micros(),
        actor: actor_text(&event.actor),
        kind: event.kind.clone(),
        payload: event.payload.to_string(),
        source: event.source.clone(),
    }
}

/// Without what is shorter than a microsecond: PostgreSQL would round it.
fn whole_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// The lines of these kinds that are about no obligation, oldest first.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_of_kinds(tx: &mut Tx, kinds: &[&str]) -> Result<Vec<Event>, StoreError> {
    on!(tx, conn => {
        QueryBuilder::new(
            "SELECT id, plan, obligation, at, actor, kind, payload, source FROM events \
             WHERE obligation IS NULL AND kind IN",
        )
        .push_tuples(kinds, |mut row, kind| {
            row.push_bind(*kind);
        })
        .push(" ORDER BY id")
        .build_query_as::<Row>()
        .fetch_all(conn)
        .await
    })
    .doing("listing the lines of some kinds")?
    .into_iter()
    .map(Event::try_from)
    .collect()
}

/// The lines about one obligation, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_of_obligation(
    tx: &mut Tx,
    obligation: ObligationId,
) -> Result<Vec<Event>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, plan, obligation, at, actor, kind, payload, source FROM events
             WHERE obligation = $1 ORDER BY id",
        )
        .bind(obligation.0)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!(
        "listing the events of obligation {obligation}"
    ))?
    .into_iter()
    .map(Event::try_from)
    .collect()
}

/// The events of each of these obligations, oldest first; what has none is left out.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_of_obligations(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<Event>>, StoreError> {
    let mut found: HashMap<ObligationId, Vec<Event>> = HashMap::new();
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: Vec<Row> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT id, plan, obligation, at, actor, kind, payload, source FROM events \
                 WHERE obligation IS NOT NULL AND obligation IN",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.0);
            })
            .push(" ORDER BY id")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing(format_args!(
            "listing the events of {} obligations",
            chunk.len()
        ))?;
        for row in rows {
            let event = Event::try_from(row)?;
            if let Some(obligation) = event.entry.obligation {
                found.entry(obligation).or_default().push(event);
            }
        }
    }
    Ok(found)
}

/// What a line says of how things stand; who wrote it, and from which message, is left where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its number.
    pub id: i64,
    /// The obligation it concerns, if one.
    pub obligation: Option<ObligationId>,
    /// When it was said or done.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: String,
    /// The particulars, as JSON.
    pub payload: String,
}

/// The columns of [`Told`], in order.
type TellingRow = (i64, Option<i64>, Instant, String, String);

/// Reads the lines of a plan one after another, in the order of the chain and not by the clock, which may have run back
/// between two of them: however long the ledger is, a few hundred at a time are in memory.
///
/// # Errors
/// When the database fails.
pub async fn each_of_plan(
    tx: &mut Tx,
    plan: &PlanId,
    mut read: impl FnMut(Told),
) -> Result<(), StoreError> {
    let some_rows = tx.rows_as_one_by("id, obligation, at, kind, payload", "id");
    let mut last = 0;
    loop {
        let text: String = on!(tx, conn => {
            QueryBuilder::new("SELECT ")
                .push(&some_rows)
                .push(" FROM (SELECT id, obligation, at, kind, payload FROM events WHERE plan = ")
                .push_bind(plan.as_str())
                .push(" AND id > ")
                .push_bind(last)
                .push(format!(" ORDER BY id LIMIT {}) some_events", bulk::ROWS))
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing(format_args!("reading the events of plan {plan}"))?;
        let rows: Vec<TellingRow> = bulk::rows("events", &text)?;
        let count = rows.len();
        for (id, obligation, Instant(at), kind, payload) in rows {
            last = id;
            read(Told {
                id,
                obligation: obligation.map(ObligationId),
                at,
                kind,
                payload,
            });
        }
        if count < bulk::ROWS {
            return Ok(());
        }
    }
}

/// The newest `limit` lines of somebody since an instant, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_of_actor(
    tx: &mut Tx,
    actor: &Actor,
    since: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, plan, obligation, at, actor, kind, payload, source FROM events
             WHERE actor = $1 AND at >= $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(actor_text(actor))
        .bind(since)
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await
    })
    .doing("listing the latest events of somebody")?
    .into_iter()
    .map(Event::try_from)
    .collect()
}
