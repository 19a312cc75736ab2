//! Messages that did not arrive, by address: for the rule by which an address is one at which nothing arrives.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query_scalar};

use super::Tx;
use super::bulk;
use super::deliveries::DeliveryId;
use super::error::{Doing, StoreError};
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;

/// A message to an address that lives, that was tried and is not tried any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriedDelivery {
    /// Which.
    pub delivery: DeliveryId,
    /// When it was queued.
    pub at: DateTime<Utc>,
    /// Whether it was taken there.
    pub arrived: bool,
}

/// The contacts of whose briefs of `since` or later one was tried and did not arrive. Reads an index of those alone.
///
/// # Errors
/// When the database fails.
pub async fn list_contacts(
    tx: &mut Tx,
    since: NaiveDate,
) -> Result<HashSet<ContactId>, StoreError> {
    let ids: Vec<String> = on!(tx, conn => {
        query_scalar(
            "SELECT DISTINCT contact FROM deliveries
             WHERE state IN ('failed', 'cancelled') AND attempts > 0 AND brief_day >= $1",
        )
        .bind(since)
        .fetch_all(conn)
        .await
    })
    .doing("looking for briefs that did not arrive")?;
    Ok(ids.into_iter().map(ContactId::new).collect())
}

/// What was tried for these contacts at each of their addresses, as it stands now, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_tried(
    tx: &mut Tx,
    contacts: &[&ContactId],
) -> Result<BTreeMap<(ContactId, Channel), Vec<TriedDelivery>>, StoreError> {
    let mut found: BTreeMap<_, Vec<TriedDelivery>> = BTreeMap::new();
    for chunk in contacts.chunks(bulk::ROWS) {
        let rows: Vec<(i64, String, String, DateTime<Utc>, String)> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT d.id, d.contact, d.channel, d.created_at, d.state FROM deliveries d \
                 JOIN addresses a ON a.contact = d.contact AND a.channel = d.channel AND a.address = d.address \
                 WHERE a.state = 'alive' AND d.created_at >= a.since AND d.attempts > 0 \
                 AND d.state IN ('sent', 'failed', 'cancelled') AND d.contact IN",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.as_str());
            })
            .push(" ORDER BY d.id")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("reading what was tried for {} contacts", chunk.len()))?;
        for (id, contact, channel, at, state) in rows {
            let Some(channel) = Channel::find(&channel) else {
                continue;
            };
            let place = (ContactId::new(contact), channel);
            found.entry(place).or_default().push(TriedDelivery {
                delivery: DeliveryId(id),
                at,
                arrived: state == "sent",
            });
        }
    }
    Ok(found)
}

/// Whether anything that was queued after this message has arrived by its channel, to anybody.
///
/// # Errors
/// When the database fails.
pub async fn has_arrived(
    tx: &mut Tx,
    channel: Channel,
    after: DeliveryId,
) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query_scalar(
            "SELECT EXISTS (SELECT 1 FROM deliveries WHERE id > $1 AND channel = $2 AND state = 'sent')",
        )
        .bind(after.0)
        .bind(channel.as_str())
        .fetch_one(conn)
        .await
    })
    .doing(format_args!("looking whether anything arrives by {}", channel.as_str()))
}
