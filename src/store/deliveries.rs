//! The outbox as a table: one row for each message to one address on one channel.
//!
//! [`super::outbox`] moves a row through its states, [`super::attempts`] notes each try.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::{FromRow, QueryBuilder};

use super::Tx;
use super::bulk::{self, Packed};
pub use super::delivery_state::{DeliveryKind, DeliveryState};
use super::error::{Doing, StoreError};
use super::words::Cell;
use super::written::{Day, Instant};
use crate::domain::delivery::{Channel, Choice};
use crate::domain::ids::ContactId;

/// A delivery by its number in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub i64);

impl std::fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What goes where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// To whom; `None` for somebody who is no contact.
    pub contact: Option<ContactId>,
    /// What it is.
    pub kind: DeliveryKind,
    /// The day of the brief that it carries.
    pub brief_day: Option<NaiveDate>,
    /// By which channel.
    pub channel: Channel,
    /// To which address of that channel.
    pub address: String,
    /// Subject line; empty where the channel has none.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The same as HTML, for mail.
    pub body_html: Option<String>,
    /// Our own id of the message, unique for ever: the Message-ID of a mail.
    pub message_id: String,
    /// What it is threaded with.
    pub thread_key: Option<String>,
    /// Buttons under it.
    pub choices: Vec<Choice>,
}

impl Message {
    /// Whether it is of a kind and a channel to which files can be attached.
    #[must_use]
    pub fn may_have_files(&self) -> bool {
        self.kind == DeliveryKind::Digest && self.channel == Channel::Email
    }
}

/// A message to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The message.
    pub message: Message,
    /// Not to be sent earlier.
    pub not_before: DateTime<Utc>,
}

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: DeliveryId,
    /// The message.
    pub message: Message,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often sending was begun.
    pub attempts: u32,
    /// Queued: not to be sent earlier. Leased: the end of the lease.
    pub claimable_at: DateTime<Utc>,
    /// Who is sending it.
    pub lease_owner: Option<String>,
    /// The provider's id of the message.
    pub provider_id: Option<String>,
    /// Why it stands where it stands.
    pub reason: Option<String>,
    /// The failed delivery that this one replaces.
    pub reroutes: Option<DeliveryId>,
    /// When it was queued first.
    pub created_at: DateTime<Utc>,
    /// When the provider took it.
    pub sent_at: Option<DateTime<Utc>>,
}

/// The columns of [`Head`].
const HEAD: &str = "id, contact, kind, brief_day, channel, address, subject, message_id, thread_key, choices, state, \
     attempts, claimable_at, lease_owner, provider_id, reason, reroutes, created_at, sent_at";
const FROM: &str =
    ", body, body_html FROM deliveries JOIN bodies ON bodies.delivery = deliveries.id WHERE ";

/// A delivery as the database has it.
#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    head: Packed<Head>,
    body: String,
    body_html: Option<String>,
}

/// What is short of it.
#[derive(Deserialize)]
struct Head {
    id: i64,
    contact: Option<String>,
    kind: String,
    brief_day: Option<Day>,
    channel: String,
    address: String,
    subject: String,
    message_id: String,
    thread_key: Option<String>,
    choices: Option<String>,
    state: String,
    attempts: i64,
    claimable_at: Instant,
    lease_owner: Option<String>,
    provider_id: Option<String>,
    reason: Option<String>,
    reroutes: Option<i64>,
    created_at: Instant,
    sent_at: Option<Instant>,
}

impl TryFrom<Row> for Delivery {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row {
            head: Packed(row),
            body,
            body_html,
        } = row;
        let cell = |column| Cell {
            table: "deliveries",
            row: &row.id,
            column,
        };
        let kind = cell("kind").read(&row.kind, DeliveryKind::find(&row.kind))?;
        let channel = cell("channel").read(&row.channel, Channel::find(&row.channel))?;
        let state = cell("state").read(&row.state, DeliveryState::find(&row.state))?;
        let attempts = match u32::try_from(row.attempts) {
            Ok(attempts) => attempts,
            Err(_) => cell("attempts").read(&row.attempts.to_string(), None)?,
        };
        let choices = row.choices.as_deref().map_or(Ok(Vec::new()), |text| {
            cell("choices").read(text, serde_json::from_str(text).ok())
        })?;
        let message = Message {
            contact: row.contact.map(ContactId::new),
            kind,
            brief_day: row.brief_day.map(NaiveDate::from),
            channel,
            address: row.address,
            subject: row.subject,
            body,
            body_html,
            message_id: row.message_id,
            thread_key: row.thread_key,
            choices,
        };
        Ok(Self {
            id: DeliveryId(row.id),
            message,
            state,
            attempts,
            claimable_at: row.claimable_at.into(),
            lease_owner: row.lease_owner,
            provider_id: row.provider_id,
            reason: row.reason,
            reroutes: row.reroutes.map(DeliveryId),
            created_at: row.created_at.into(),
            sent_at: row.sent_at.map(DateTime::from),
        })
    }
}

/// JSON of the buttons; null where there are none.
fn choices_text(choices: &[Choice]) -> Option<String> {
    (!choices.is_empty()).then(|| serde_json::to_string(choices).unwrap_or_default())
}

/// Queues messages.
///
/// # Errors
/// When the database fails, or a message id was used before.
pub async fn insert(
    tx: &mut Tx,
    deliveries: &[NewDelivery],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fresh: Vec<_> = deliveries.iter().map(|delivery| (delivery, None)).collect();
    insert_rerouted(tx, &fresh, now).await
}

pub(super) async fn insert_rerouted(
    tx: &mut Tx,
    deliveries: &[(&NewDelivery, Option<DeliveryId>)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for chunk in deliveries.chunks(bulk::ROWS) {
        let doing = format!("queueing {} messages", chunk.len());
        on!(tx, conn => {
            QueryBuilder::new(
                "INSERT INTO deliveries (contact, kind, brief_day, channel, address, subject, message_id, thread_key, \
                 choices, state, claimable_at, reroutes, created_at) ",
            )
            .push_values(chunk, |mut row, (NewDelivery { message, not_before }, reroutes)| {
                row.push_bind(message.contact.as_ref().map(ContactId::as_str))
                    .push_bind(message.kind.as_str())
                    .push_bind(message.brief_day)
                    .push_bind(message.channel.as_str())
                    .push_bind(&message.address)
                    .push_bind(&message.subject)
                    .push_bind(&message.message_id)
                    .push_bind(&message.thread_key)
                    .push_bind(choices_text(&message.choices))
                    .push_bind(DeliveryState::Queued.as_str())
                    .push_bind(*not_before)
                    .push_bind(reroutes.map(|id| id.0))
                    .push_bind(now);
            })
            .build()
            .persistent(bulk::is_kept(chunk.len()))
            .execute(&mut *conn)
            .await
            .doing(&doing)?;
            QueryBuilder::new("WITH fresh (message_id, body, body_html) AS (")
                .push_values(chunk, |mut row, (NewDelivery { message, .. }, _)| {
                    row.push_bind(&message.message_id).push_bind(&message.body).push_bind(&message.body_html);
                })
                .push(
                    ") INSERT INTO bodies (delivery, body, body_html) SELECT d.id, fresh.body, fresh.body_html \
                     FROM fresh JOIN deliveries d ON d.message_id = fresh.message_id",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(&doing)?;
        });
    }
    Ok(())
}

/// Finds a delivery.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    Ok(find_all(tx, &[id]).await?.pop())
}

/// Finds deliveries by number; what does not exist is left out.
pub async fn find_all(tx: &mut Tx, ids: &[DeliveryId]) -> Result<Vec<Delivery>, StoreError> {
    let found = find_each(tx, ids).await?.into_iter();
    found.map(|(_, delivery)| delivery).collect()
}

/// A delivery by its number, or why its row makes no sense.
type Read = (DeliveryId, Result<Delivery, StoreError>);

/// Finds deliveries by number, each for itself: a row that makes no sense takes no other with it.
pub(super) async fn find_each(tx: &mut Tx, ids: &[DeliveryId]) -> Result<Vec<Read>, StoreError> {
    let (open, close) = tx.numbers();
    let numbers = bulk::numbers(ids.iter().map(|id| id.0));
    let head = tx.packed(HEAD);
    let rows = on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(head)
            .push(FROM)
            .push("id IN")
            .push(open)
            .push_bind(numbers)
            .push(close)
            .build_query_as::<Row>()
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("finding {} deliveries", ids.len()))?;
    let read = |row: Row| (DeliveryId(row.head.0.id), Delivery::try_from(row));
    Ok(rows.into_iter().map(read).collect())
}

/// The next `limit` deliveries behind the one numbered `after`, in the order of their numbers.
///
/// # Errors
/// When the database fails.
pub async fn list_after(
    tx: &mut Tx,
    after: DeliveryId,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let head = tx.packed(HEAD);
    on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(head)
            .push(FROM)
            .push("id > ")
            .push_bind(after.0)
            .push(" ORDER BY id LIMIT ")
            .push_bind(i64::from(limit))
            .build_query_as::<Row>()
            .fetch_all(conn)
            .await
    })
    .doing("listing deliveries")?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// Which deliveries to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In this state.
    pub state: Option<DeliveryState>,
    /// To this contact.
    pub contact: Option<ContactId>,
    /// On this channel.
    pub channel: Option<Channel>,
}

/// The newest `limit` deliveries that pass the filter, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, filter: &Filter, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    let head = tx.packed(HEAD);
    on!(tx, conn => {
        let mut select = QueryBuilder::new("SELECT ");
        select.push(head).push(FROM).push("1 = 1");
        if let Some(state) = filter.state {
            select.push(" AND state = ").push_bind(state.as_str());
        }
        if let Some(contact) = &filter.contact {
            select.push(" AND contact = ").push_bind(contact.as_str());
        }
        if let Some(channel) = filter.channel {
            select.push(" AND channel = ").push_bind(channel.as_str());
        }
        select
            .push(" ORDER BY id DESC LIMIT ")
            .push_bind(i64::from(limit))
            .build_query_as::<Row>()
            .fetch_all(conn)
            .await
    })
    .doing("listing deliveries")?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}
