//! Messages that did not arrive, by address: for the rule by which an address is one at which nothing arrives.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query_scalar};

use super::Tx;
use super::bulk;
use super::deliveries::DeliveryId;
use super::error::{Doing, StoreError};
use super::known::Known;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
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

/// When the last attempt of a message ended, or the message was queued that has none.
pub(super) const ENDED: &str = "COALESCE((SELECT max(COALESCE(t.finished_at, t.started_at)) FROM attempts t WHERE t.delivery = d.id), d.created_at)";

/// What was tried for these contacts at each of their addresses, as far as that is known, oldest first. What waited still on the
/// morning after was given up.
///
/// # Errors
/// When the database fails.
pub async fn list_tried(
    tx: &mut Tx,
    contacts: &[&Contact],
    known: Known,
) -> Result<BTreeMap<(ContactId, Channel), Vec<TriedDelivery>>, StoreError> {
    let at = known.instant();
    let mut found: BTreeMap<_, Vec<TriedDelivery>> = BTreeMap::new();
    for chunk in contacts.chunks(bulk::ROWS) {
        let rows: Vec<(i64, String, String, String, DateTime<Utc>, String)> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT d.id, d.contact, d.channel, d.address, d.created_at, d.state FROM deliveries d \
                 LEFT JOIN addresses a ON a.contact = d.contact AND a.channel = d.channel AND a.address = d.address \
                 WHERE d.attempts > 0 AND d.created_at <= ",
            )
            .push_bind(at)
            .push(" AND (a.since IS NULL OR d.created_at >= a.since OR a.since > ")
            .push_bind(at)
            .push(") AND ((d.state = 'sent' AND d.sent_at < ")
            .push_bind(at)
            .push(") OR ((d.state = 'failed' OR (d.state = 'cancelled' AND d.created_at < ")
            .push_bind(known.morning())
            .push(format!(")) AND {ENDED} < "))
            .push_bind(at)
            .push(")) AND d.contact IN")
            .push_tuples(chunk, |mut row, contact| {
                row.push_bind(contact.id.as_str());
            })
            .push(" ORDER BY d.id")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("reading what was tried for {} contacts", chunk.len()))?;
        let by_id: HashMap<&str, &&Contact> =
            chunk.iter().map(|one| (one.id.as_str(), one)).collect();
        for (id, contact, channel, address, at, state) in rows {
            let Some(channel) = Channel::find(&channel) else {
                continue;
            };
            let own = by_id.get(contact.as_str());
            let lives = own.is_some_and(|own| own.channels.contains(&(channel, address)));
            if !lives {
                continue;
            }
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

/// Whether anything that was queued after this message has arrived by its channel, to anybody, as far as that is known.
///
/// # Errors
/// When the database fails.
pub async fn has_arrived(
    tx: &mut Tx,
    channel: Channel,
    after: DeliveryId,
    known: Known,
) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query_scalar(
            "SELECT EXISTS (SELECT 1 FROM deliveries WHERE id > $1 AND channel = $2 AND state = 'sent' AND sent_at < $3)",
        )
        .bind(after.0)
        .bind(channel.as_str())
        .bind(known.instant())
        .fetch_one(conn)
        .await
    })
    .doing(format_args!("looking whether anything arrives by {}", channel.as_str()))
}
