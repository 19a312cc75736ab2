//! The inbox: what came in, stored before its channel is told that it was received, and settled once.
//!
//! A channel hands over the same message twice after a crash, a lost answer, or because it always does; the second copy
//! finds its key taken. Whoever settles a row does so in the transaction that applies it: a row is either new or
//! entirely applied.

mod id;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as, query_scalar};

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::inbound::Inbound;
pub use id::InboxId;

/// Something received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its number; later rows have higher ones.
    pub id: InboxId,
    /// When we stored it.
    pub received_at: DateTime<Utc>,
    /// What it is.
    pub inbound: Inbound,
}

impl Received {
    /// When it was written, as far as the provider says; it arrived later, never earlier.
    #[must_use]
    pub fn written_at(&self) -> DateTime<Utc> {
        let sent_at = self.inbound.sent_at;
        sent_at.map_or(self.received_at, |sent| sent.min(self.received_at))
    }
}

/// How a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Understood and dealt with, or nothing to be done about it.
    Done,
    /// Its sender is not proven: a person looks at it.
    Held,
    /// Dealing with it failed; tried again by hand.
    Parked,
}

impl Settled {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "settled",
            Self::Held => "held",
            Self::Parked => "parked",
        }
    }
}

/// Stores what came in; what was stored before is left out. Returns how many were new. Commit before the channel is told
/// that anything was received.
///
/// # Errors
/// When the database fails.
pub async fn receive(
    tx: &mut Tx,
    inbound: &[Inbound],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut new = 0;
    for chunk in inbound.chunks(bulk::ROWS) {
        new += on!(tx, conn => {
            QueryBuilder::new("INSERT INTO inbox (channel, external_id, sender, payload, received_at, state) ")
                .push_values(chunk, |mut row, one| {
                    // A value made of strings, numbers and lists always has a JSON form.
                    let payload = serde_json::to_string(one).unwrap_or_default();
                    row.push_bind(one.channel.as_str())
                        .push_bind(&one.external_id)
                        .push_bind(&one.from)
                        .push_bind(payload)
                        .push_bind(now)
                        .push_bind("new");
                })
                .push(" ON CONFLICT (channel, external_id) DO NOTHING")
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .doing(format_args!("storing {} received messages", chunk.len()))?;
    }
    Ok(new)
}

#[derive(FromRow)]
struct Row {
    id: i64,
    payload: String,
    received_at: DateTime<Utc>,
    state: String,
    outcome: Option<String>,
}

impl TryFrom<Row> for Received {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cell = Cell {
            table: "inbox",
            row: &row.id,
            column: "payload",
        };
        Ok(Self {
            id: InboxId(row.id),
            received_at: row.received_at,
            inbound: cell.read(&row.payload, serde_json::from_str(&row.payload).ok())?,
        })
    }
}

/// The numbers of the oldest rows that nobody has settled, in the order in which they came.
///
/// # Errors
/// When the database fails.
pub async fn list_new(tx: &mut Tx, limit: u32) -> Result<Vec<InboxId>, StoreError> {
    let ids: Vec<i64> = on!(tx, conn => {
        query_scalar("SELECT id FROM inbox WHERE state = 'new' ORDER BY id LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
    })
    .doing("listing what was received")?;
    Ok(ids.into_iter().map(InboxId).collect())
}

/// Reads a row that nobody has settled; `None` when somebody has.
///
/// # Errors
/// When the database fails, or the row makes no sense.
pub async fn find_new(tx: &mut Tx, id: InboxId) -> Result<Option<Received>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>("SELECT id, payload, received_at, state, outcome FROM inbox WHERE id = $1 AND state = 'new'")
            .bind(id.0)
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("reading received message {id}"))?
    .map(Received::try_from)
    .transpose()
}

/// What the sender of `received` sent by the same channel before it, not earlier than `since`, newest first.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_of_sender(
    tx: &mut Tx,
    received: &Received,
    since: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Received>, StoreError> {
    let inbound = &received.inbound;
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, payload, received_at, state, outcome FROM inbox
             WHERE channel = $1 AND sender = $2 AND id < $3 AND received_at >= $4 ORDER BY id DESC LIMIT $5",
        )
        .bind(inbound.channel.as_str())
        .bind(&inbound.from)
        .bind(received.id.0)
        .bind(since)
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await
    })
    .doing("listing what somebody sent before")?
    .into_iter()
    .map(Received::try_from)
    .collect()
}

/// Something received, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealt {
    /// The row.
    pub received: Received,
    /// `new`, `settled`, `held` or `parked`.
    pub state: String,
    /// What became of it.
    pub outcome: Option<String>,
}

/// The next `limit` rows behind the one numbered `after`, in the order in which they came.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_after(tx: &mut Tx, after: InboxId, limit: u32) -> Result<Vec<Dealt>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, payload, received_at, state, outcome FROM inbox WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after.0)
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await
    })
    .doing("listing what was received")?
    .into_iter()
    .map(Dealt::try_from)
    .collect()
}

impl TryFrom<Row> for Dealt {
    type Error = StoreError;

    fn try_from(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            state: std::mem::take(&mut row.state),
            outcome: row.outcome.take(),
            received: row.try_into()?,
        })
    }
}

/// The rows of these numbers, in the order in which they came.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_by_id(tx: &mut Tx, ids: &[InboxId]) -> Result<Vec<Dealt>, StoreError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(bulk::ROWS) {
        let rows: Vec<Row> = on!(tx, conn => {
            QueryBuilder::new("SELECT id, payload, received_at, state, outcome FROM inbox WHERE id IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .push(" ORDER BY id")
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("reading {} received messages", chunk.len()))?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// Ends a row. False when somebody else has ended it: then the caller drops the transaction, and with it whatever it
/// did about the row.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    tx: &mut Tx,
    id: InboxId,
    how: Settled,
    outcome: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let settled = on!(tx, conn => {
        query("UPDATE inbox SET state = $1, outcome = $2, settled_at = $3 WHERE id = $4 AND state = 'new'")
            .bind(how.word())
            .bind(outcome)
            .bind(now)
            .bind(id.0)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("settling received message {id}"))?;
    Ok(settled == 1)
}

/// Puts a held or parked row back among the new ones, by hand. False in any other state.
///
/// # Errors
/// When the database fails.
pub async fn retry(tx: &mut Tx, id: InboxId) -> Result<bool, StoreError> {
    let renewed = on!(tx, conn => {
        query(
            "UPDATE inbox SET state = 'new', outcome = NULL, settled_at = NULL
             WHERE id = $1 AND state IN ('held', 'parked')",
        )
        .bind(id.0)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("putting received message {id} back"))?;
    Ok(renewed == 1)
}

/// Ends a held or parked row for good, by hand. False in any other state.
///
/// # Errors
/// When the database fails.
pub async fn put_aside(tx: &mut Tx, id: InboxId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let ended = on!(tx, conn => {
        query(
            "UPDATE inbox SET state = 'settled', outcome = 'put aside by hand: ' || outcome, settled_at = $1
             WHERE id = $2 AND state IN ('held', 'parked')",
        )
        .bind(now)
        .bind(id.0)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("putting received message {id} aside"))?;
    Ok(ended == 1)
}

/// A row that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The row.
    pub received: Received,
    /// Why it waits.
    pub reason: String,
    /// Whether its sender is in doubt; otherwise dealing with it failed.
    pub held: bool,
}

/// The newest rows that wait for a person, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(tx: &mut Tx, limit: u32) -> Result<Vec<Waiting>, StoreError> {
    on!(tx, conn => {
        query_as::<_, Row>(
            "SELECT id, payload, received_at, state, outcome FROM inbox WHERE state IN ('held', 'parked')
             ORDER BY id DESC LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await
    })
    .doing("listing received messages that wait for a person")?
    .into_iter()
    .map(|mut row| {
        Ok(Waiting {
            reason: row.outcome.take().unwrap_or_default(),
            held: row.state == Settled::Held.word(),
            received: row.try_into()?,
        })
    })
    .collect()
}

/// How many rows are new, held and parked.
///
/// # Errors
/// When the database fails.
pub async fn tally(tx: &mut Tx) -> Result<(u64, u64, u64), StoreError> {
    let (new, held, parked): (i64, i64, i64) = on!(tx, conn => {
        query_as(
            // The first of two tests of the state is that of the index: without it the whole inbox would be read.
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'new'),
                    (SELECT count(*) FROM inbox WHERE state IN ('held', 'parked') AND state = 'held'),
                    (SELECT count(*) FROM inbox WHERE state IN ('held', 'parked') AND state = 'parked')",
        )
        .fetch_one(conn)
        .await
    })
    .doing("counting received messages")?;
    Ok((
        new.unsigned_abs(),
        held.unsigned_abs(),
        parked.unsigned_abs(),
    ))
}

/// When the row was stored that has been new for longest; `None` when nothing is new.
///
/// # Errors
/// When the database fails.
pub async fn oldest_new(tx: &mut Tx) -> Result<Option<DateTime<Utc>>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT received_at FROM inbox WHERE state = 'new' ORDER BY id LIMIT 1")
            .fetch_optional(conn)
            .await
    })
    .doing("looking for the oldest message that nobody has dealt with")
}
