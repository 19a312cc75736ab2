//! Everything that is kept of one person, by number: what they were sent, what they sent, what the ledger has of them.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::{QueryBuilder, query_as, query_scalar};

use super::Tx;
use super::bulk;
use super::deliveries::DeliveryId;
use super::erasures::NOWHERE;
use super::error::{Doing, StoreError};
use super::inbox::InboxId;
use super::words::{Actor, Cell, actor_text};
use crate::domain::delivery::Channel;
use crate::domain::ids::{ContactId, PlanId};

/// The places from which a person writes and to which they were written, of now and of before: what is a group, or
/// somebody else's as well, is nobody's own.
///
/// # Errors
/// When the database fails.
pub async fn list_places(
    tx: &mut Tx,
    contact: &ContactId,
) -> Result<Vec<(Channel, String)>, StoreError> {
    let rows: Vec<(String, String)> = on!(tx, conn => {
        query_as(
            "SELECT channel, address FROM (
                 SELECT channel, address FROM addresses WHERE contact = $1
                 UNION SELECT channel, address FROM deliveries WHERE contact = $1
             ) AS own
             WHERE address <> $2
               AND NOT EXISTS (SELECT 1 FROM group_chats g WHERE g.channel = own.channel AND g.address = own.address)
               AND NOT EXISTS (SELECT 1 FROM addresses a
                   WHERE a.channel = own.channel AND a.address = own.address AND a.contact <> $1)
             ORDER BY channel, address",
        )
        .bind(contact.as_str())
        .bind(NOWHERE)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("looking for the addresses of {contact}"))?;
    let read = |(channel, address): (String, String)| {
        let cell = Cell {
            table: "addresses",
            row: contact,
            column: "channel",
        };
        Ok((cell.read(&channel, Channel::find(&channel))?, address))
    };
    rows.into_iter().map(read).collect()
}

/// The messages to a person, and those to their own places before anybody knew whose they are; oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_messages(
    tx: &mut Tx,
    contact: &ContactId,
    places: &[(Channel, String)],
) -> Result<Vec<DeliveryId>, StoreError> {
    let doing = format!("looking for the messages to {contact}");
    let mut ids: Vec<i64> = on!(tx, conn => {
        query_scalar("SELECT id FROM deliveries WHERE contact = $1")
            .bind(contact.as_str())
            .fetch_all(conn)
            .await
    })
    .doing(&doing)?;
    let to = "SELECT id FROM deliveries WHERE contact IS NULL AND channel = $1 AND address = $2";
    ids.extend(of_places(tx, to, places).await.doing(&doing)?);
    ids.sort_unstable();
    Ok(ids.into_iter().map(DeliveryId).collect())
}

/// What came from a person: from their own places, and whatever a line of the ledger under their name came from.
///
/// # Errors
/// When the database fails.
pub async fn list_received(
    tx: &mut Tx,
    contact: &ContactId,
    places: &[(Channel, String)],
) -> Result<Vec<InboxId>, StoreError> {
    let doing = format!("looking for what {contact} wrote");
    let mut ids: Vec<i64> = on!(tx, conn => {
        query_scalar(
            "SELECT i.id FROM events e JOIN inbox i ON e.source = 'inbox:' || i.id WHERE e.actor = $1",
        )
        .bind(actor_text(&Actor::Contact(contact.clone())))
        .fetch_all(conn)
        .await
    })
    .doing(&doing)?;
    let from = "SELECT id FROM inbox WHERE channel = $1 AND sender = $2";
    ids.extend(of_places(tx, from, places).await.doing(&doing)?);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.into_iter().map(InboxId).collect())
}

/// Who sent these: under whose name the ledger has what came of it, or else the only one to whom the sender's address belongs.
/// What is nobody's is left out.
///
/// # Errors
/// When the database fails.
pub async fn list_senders(
    tx: &mut Tx,
    received: &[InboxId],
) -> Result<HashMap<InboxId, ContactId>, StoreError> {
    let mut senders = HashMap::new();
    for chunk in received.chunks(bulk::ROWS) {
        for (question, only) in [
            (
                "SELECT i.id, min(a.contact) FROM inbox i \
                 JOIN addresses a ON a.channel = i.channel AND a.address = i.sender WHERE i.id IN ",
                " GROUP BY i.id HAVING count(DISTINCT a.contact) = 1",
            ),
            // The ledger knows better: it stands behind, and so over, what the addresses of today say.
            (
                "SELECT i.id, min(substr(e.actor, 9)) FROM inbox i \
                 JOIN events e ON e.source = 'inbox:' || i.id AND e.actor LIKE 'contact:%' WHERE i.id IN ",
                " GROUP BY i.id HAVING count(DISTINCT e.actor) = 1",
            ),
        ] {
            let rows: Vec<(i64, String)> = on!(tx, conn => {
                QueryBuilder::new(question)
                    .push_tuples(chunk, |mut row, id| {
                        row.push_bind(id.0);
                    })
                    .push(only)
                    .build_query_as()
                    .persistent(bulk::is_kept(chunk.len()))
                    .fetch_all(conn)
                    .await
            })
            .doing("looking up who sent what came in")?;
            let found = rows.into_iter();
            senders.extend(found.map(|(id, contact)| (InboxId(id), ContactId::new(contact))));
        }
    }
    Ok(senders)
}

/// The numbers that a question finds for each channel and address.
async fn of_places(
    tx: &mut Tx,
    question: &'static str,
    places: &[(Channel, String)],
) -> Result<Vec<i64>, sqlx::Error> {
    let mut ids = Vec::new();
    for (channel, address) in places {
        let found: Vec<i64> = on!(tx, conn => {
            query_scalar(question)
                .bind(channel.as_str())
                .bind(address)
                .fetch_all(conn)
                .await
        })?;
        ids.extend(found);
    }
    Ok(ids)
}

/// A line of the ledger under a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLine {
    /// Its number.
    pub event: i64,
    /// Its plan.
    pub plan: PlanId,
    /// The text that is stored.
    pub payload: String,
}

/// The lines of the ledger under a person's name, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_lines(tx: &mut Tx, contact: &ContactId) -> Result<Vec<OwnLine>, StoreError> {
    let rows: Vec<(i64, String, String)> = on!(tx, conn => {
        query_as("SELECT id, plan, payload FROM events WHERE actor = $1 ORDER BY id")
            .bind(actor_text(&Actor::Contact(contact.clone())))
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("reading the lines of {contact}"))?;
    Ok(rows
        .into_iter()
        .map(|(event, plan, payload)| OwnLine {
            event,
            plan: PlanId::new(plan),
            payload,
        })
        .collect())
}

/// The absences of a person, and who stood in.
///
/// # Errors
/// When the database fails.
pub async fn list_absences(
    tx: &mut Tx,
    contact: &ContactId,
) -> Result<Vec<(NaiveDate, NaiveDate, Option<String>)>, StoreError> {
    on!(tx, conn => {
        query_as("SELECT from_day, to_day, deputy FROM absences WHERE contact = $1 ORDER BY from_day, id")
            .bind(contact.as_str())
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("reading the absences of {contact}"))
}

/// The names of files that went out with messages.
///
/// # Errors
/// When the database fails.
pub async fn list_file_names(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<Vec<(i64, String, i64)>, StoreError> {
    let mut names = Vec::new();
    for chunk in deliveries.chunks(super::bulk::ROWS) {
        let found: Vec<(i64, String, i64)> = on!(tx, conn => {
            QueryBuilder::new("SELECT delivery, name, size FROM attachments WHERE delivery IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .push(" ORDER BY delivery, position")
                .build_query_as()
                .persistent(super::bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing("listing the files of messages")?;
        names.extend(found);
    }
    Ok(names)
}
