//! Erasing a person: their addresses, their words and the words to them. What they did in their office stays, under the
//! short name of the contact.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{query, query_scalar};

use super::Tx;
use super::deliveries::DeliveryId;
use super::error::{Doing, StoreError};
use super::inbox::InboxId;
use crate::domain::chain::Hash;
use crate::domain::delivery::Channel;
use crate::domain::ids::{ContactId, PlanId};
use crate::domain::inbound::Inbound;

/// The kind of the line that says which lines lost their words.
pub const ERASED: &str = "erased";
/// What stands in the place of an address that was erased: no channel writes an address like that.
pub const NOWHERE: &str = "erased";

/// Who was erased, by id.
///
/// # Errors
/// When the database fails.
pub async fn list_contacts(tx: &mut Tx) -> Result<Vec<ContactId>, StoreError> {
    let ids: Vec<String> = on!(tx, conn => {
        query_scalar("SELECT id FROM contacts WHERE erased_at IS NOT NULL ORDER BY id").fetch_all(conn).await
    })
    .doing("listing who was erased")?;
    Ok(ids.into_iter().map(ContactId::new).collect())
}

/// The lines of a plan that lost their words, by the ledger's own account: what each hashes to since.
///
/// # Errors
/// When the database fails.
pub async fn list_lines(tx: &mut Tx, plan: &PlanId) -> Result<HashMap<i64, Hash>, StoreError> {
    let payloads: Vec<String> = on!(tx, conn => {
        query_scalar("SELECT payload FROM events WHERE plan = $1 AND kind = $2 ORDER BY id")
            .bind(plan.as_str())
            .bind(ERASED)
            .fetch_all(conn)
            .await
    })
    .doing(format_args!(
        "looking for lines of plan {plan} that were erased"
    ))?;
    let mut lines = HashMap::new();
    for payload in payloads {
        // One that makes no sense erases nothing: then the lines that it should name do not hold.
        let payload: Value = serde_json::from_str(&payload).unwrap_or_default();
        let named = payload["lines"].as_object().into_iter().flatten();
        lines.extend(
            named.filter_map(|(event, hash)| {
                Some((event.parse().ok()?, Hash::parse(hash.as_str()?)?))
            }),
        );
    }
    Ok(lines)
}

/// Puts what is left of a line in its place: the one change that the database lets through.
///
/// # Errors
/// When the database fails.
pub async fn erase_line(
    tx: &mut Tx,
    contact: &ContactId,
    event: i64,
    left: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let doing = format!("erasing words from event {event}");
    on!(tx, conn => {
        query("INSERT INTO erasures (event, contact, payload, at) VALUES ($1, $2, $3, $4)")
            .bind(event)
            .bind(contact.as_str())
            .bind(left)
            .bind(now)
            .execute(&mut *conn)
            .await
            .doing(&doing)?;
        query("UPDATE events SET payload = $1 WHERE id = $2")
            .bind(left)
            .bind(event)
            .execute(conn)
            .await
            .map(drop)
            .doing(&doing)
    })
}

/// Erases the words and the address of a message; that it was sent, when and by which channel stays. What still waits is
/// cancelled.
///
/// # Errors
/// When the database fails.
pub async fn erase_message(tx: &mut Tx, delivery: DeliveryId) -> Result<(), StoreError> {
    let doing = format!("erasing the words of delivery {delivery}");
    on!(tx, conn => {
        query("UPDATE bodies SET body = '', body_html = NULL WHERE delivery = $1")
            .bind(delivery.0)
            .execute(&mut *conn)
            .await
            .doing(&doing)?;
        query("UPDATE attachments SET bytes = NULL WHERE delivery = $1")
            .bind(delivery.0)
            .execute(&mut *conn)
            .await
            .doing(&doing)?;
        query("UPDATE attempts SET provider_id = NULL WHERE delivery = $1")
            .bind(delivery.0)
            .execute(&mut *conn)
            .await
            .doing(&doing)?;
        query(
            "UPDATE deliveries SET address = $1, subject = '', choices = NULL, provider_id = NULL, lease_owner = NULL,
                 state = CASE WHEN state IN ('queued', 'leased') THEN 'cancelled' ELSE state END,
                 reason = CASE WHEN state IN ('queued', 'leased') THEN 'its person was erased' ELSE reason END
             WHERE id = $2",
        )
        .bind(NOWHERE)
        .bind(delivery.0)
        .execute(conn)
        .await
        .map(drop)
        .doing(&doing)
    })
}

/// Puts what is left of a received message in its place; one that waits for anything waits no more.
///
/// # Errors
/// When the database fails.
pub async fn erase_received(
    tx: &mut Tx,
    id: InboxId,
    left: &Inbound,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let payload = serde_json::to_string(left).unwrap_or_default();
    on!(tx, conn => {
        query(
            "UPDATE inbox SET sender = $1, payload = $2, settled_at = COALESCE(settled_at, $3),
                 outcome = CASE WHEN state = 'settled' THEN outcome ELSE 'erased' END, state = 'settled'
             WHERE id = $4",
        )
        .bind(&left.from)
        .bind(payload)
        .bind(now)
        .bind(id.0)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("erasing received message {id}"))
}

/// Leaves this of a row that is being dealt with, in the place of what came.
///
/// # Errors
/// When the database fails.
pub async fn leave_received(tx: &mut Tx, id: InboxId, left: &Inbound) -> Result<(), StoreError> {
    let payload = serde_json::to_string(left).unwrap_or_default();
    on!(tx, conn => {
        query("UPDATE inbox SET payload = $1 WHERE id = $2")
            .bind(payload)
            .bind(id.0)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!(
        "taking the words out of received message {id}"
    ))
}

/// Erases the rest: places, codes, questions, absences, last words; the contact is removed and has lost its title.
///
/// # Errors
/// When the database fails.
pub async fn erase_contact(
    tx: &mut Tx,
    contact: &ContactId,
    places: &[(Channel, String)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let doing = format!("erasing {contact}");
    for (channel, address) in places {
        on!(tx, conn => {
            query("DELETE FROM strangers WHERE channel = $1 AND address = $2")
                .bind(channel.as_str())
                .bind(address)
                .execute(conn)
                .await
                .map(drop)
        })
        .doing(&doing)?;
    }
    for statement in [
        "DELETE FROM addresses WHERE contact = $1",
        "DELETE FROM link_codes WHERE contact = $1",
        "DELETE FROM questions WHERE contact = $1",
        "DELETE FROM absences WHERE contact = $1",
        "UPDATE absences SET deputy = NULL WHERE deputy = $1",
        "DELETE FROM announcements WHERE contact = $1 AND day IS NULL",
        "UPDATE statements SET quote = '' WHERE contact = $1",
    ] {
        on!(tx, conn => query(statement).bind(contact.as_str()).execute(conn).await.map(drop))
            .doing(&doing)?;
    }
    on!(tx, conn => {
        query("UPDATE contacts SET active = $1, title = $2, channels = '', erased_at = $3 WHERE id = $4")
            .bind(false)
            .bind(contact.as_str())
            .bind(now)
            .bind(contact.as_str())
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(&doing)
}
