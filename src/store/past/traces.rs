//! What was sent to people and came from them by an instant.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;
use crate::domain::inbound::{Content, Inbound};
use crate::store::Tx;
use crate::store::bulk;
use crate::store::contacts::StoredContact;
use crate::store::error::{Doing, StoreError};
use crate::store::known::Known;

/// What was sent to people and came from them by then.
pub(super) struct Traces {
    pub(super) sent: HashMap<(ContactId, Channel), Sent>,
    /// When something came from an address last, and whether that let us in.
    pub(super) came: HashMap<(Channel, String), (DateTime<Utc>, bool)>,
}

/// The last message to somebody by a channel.
pub(super) struct Sent {
    pub(super) address: String,
    pub(super) at: DateTime<Utc>,
    /// When the address refused it.
    pub(super) refused_at: Option<DateTime<Utc>>,
}

impl Traces {
    /// Of the addresses that have changed since.
    pub(super) async fn read(
        tx: &mut Tx,
        contacts: &[&StoredContact],
        known: Known,
    ) -> Result<Self, StoreError> {
        let ids: Vec<&ContactId> = contacts.iter().map(|one| &one.contact.id).collect();
        let mut traces = Self {
            sent: last_sent(tx, &ids, known).await?,
            came: HashMap::new(),
        };
        for channel in Channel::ALL {
            let sent = traces.sent.iter().filter(|((_, by), _)| *by == channel);
            let own = contacts.iter().flat_map(|one| &one.addresses);
            let own = own.filter(|own| own.channel == channel);
            let senders: BTreeSet<&str> = sent
                .map(|(_, sent)| sent.address.as_str())
                .chain(own.map(|own| own.address.as_str()))
                .collect();
            let senders: Vec<&str> = senders.into_iter().collect();
            let came = last_received(tx, channel, &senders, known).await?;
            let came = came.into_iter();
            traces
                .came
                .extend(came.map(|(from, what)| ((channel, from), what)));
        }
        Ok(traces)
    }
}

/// The last message to each of these contacts by each channel.
pub(super) async fn last_sent(
    tx: &mut Tx,
    contacts: &[&ContactId],
    known: Known,
) -> Result<HashMap<(ContactId, Channel), Sent>, StoreError> {
    let mut found = HashMap::new();
    let (open, close) = tx.texts();
    for chunk in contacts.chunks(bulk::ROWS) {
        type SentRow = (String, String, String, DateTime<Utc>, Option<DateTime<Utc>>);
        let rows: Vec<SentRow> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT d.contact, d.channel, d.address, d.created_at, \
                 (SELECT max(t.finished_at) FROM attempts t WHERE t.delivery = d.id \
                     AND (t.outcome = 'rejected' OR (t.outcome = 'sent' AND d.state = 'failed')) AND t.finished_at < ",
            )
            .push_bind(known.instant())
            .push(") FROM deliveries d WHERE d.id IN (SELECT max(id) FROM deliveries WHERE created_at <= ")
            .push_bind(known.instant())
            .push(" AND contact IN")
            .push(open)
            .push_bind(bulk::texts(chunk.iter().map(|id| id.as_str())))
            .push(close)
            .push(" GROUP BY contact, channel)")
            .build_query_as()
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("reading what was sent last to {} contacts", chunk.len()))?;
        for (contact, channel, address, at, refused_at) in rows {
            let sent = Sent {
                address,
                at,
                refused_at,
            };
            let channel = Channel::find(&channel);
            found.extend(channel.map(|channel| ((ContactId::new(contact), channel), sent)));
        }
    }
    Ok(found)
}

/// When something came from each of these addresses last, and whether the person let us in, or shut us out.
pub(super) async fn last_received(
    tx: &mut Tx,
    channel: Channel,
    senders: &[&str],
    known: Known,
) -> Result<HashMap<String, (DateTime<Utc>, bool)>, StoreError> {
    let mut found = HashMap::new();
    let (open, close) = tx.texts();
    for chunk in senders.chunks(bulk::ROWS) {
        let rows: Vec<(String, DateTime<Utc>, String)> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT sender, received_at, payload FROM inbox WHERE id IN \
                 (SELECT max(id) FROM inbox WHERE channel = ",
            )
            .push_bind(channel.as_str())
            .push(" AND received_at <= ")
            .push_bind(known.instant())
            .push(" AND sender IN")
            .push(open)
            .push_bind(bulk::texts(chunk.iter().copied()))
            .push(close)
            .push(" GROUP BY sender)")
            .build_query_as()
            .fetch_all(conn)
            .await
        })
        .doing(format_args!(
            "reading what came last from {} addresses",
            chunk.len()
        ))?;
        found.extend(rows.into_iter().map(|(sender, at, payload)| {
            let inbound = serde_json::from_str::<Inbound>(&payload);
            let is_closed = inbound.is_ok_and(|one| matches!(one.content, Content::Closed { .. }));
            (sender, (at, !is_closed))
        }));
    }
    Ok(found)
}
