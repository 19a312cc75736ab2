//! What is older than a day and still has its words, for an installation that keeps words for a time only.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{query, query_as, query_scalar};

use super::Tx;
use super::deliveries::DeliveryId;
use super::erasures::NOWHERE;
use super::error::{Doing, StoreError};
use super::inbox::InboxId;
use super::words::{Actor, find_actor};
use crate::domain::ids::{ContactId, PlanId};

/// The oldest messages from before that still have their words; none that waits to be sent.
///
/// # Errors
/// When the database fails.
pub async fn list_messages(
    tx: &mut Tx,
    before: DateTime<Utc>,
    most: usize,
) -> Result<Vec<DeliveryId>, StoreError> {
    let ids: Vec<i64> = on!(tx, conn => {
        query_scalar(
            "SELECT id FROM deliveries
             WHERE created_at < $1 AND address <> $2 AND state NOT IN ('queued', 'leased') ORDER BY id LIMIT $3",
        )
        .bind(before)
        .bind(NOWHERE)
        .bind(limit(most))
        .fetch_all(conn)
        .await
    })
    .doing("looking for old messages")?;
    Ok(ids.into_iter().map(DeliveryId).collect())
}

/// The oldest received messages from before that still have their words; none that nobody has dealt with.
///
/// # Errors
/// When the database fails.
pub async fn list_received(
    tx: &mut Tx,
    before: DateTime<Utc>,
    most: usize,
) -> Result<Vec<InboxId>, StoreError> {
    let ids: Vec<i64> = on!(tx, conn => {
        query_scalar(
            "SELECT id FROM inbox WHERE received_at < $1 AND sender <> $2 AND state <> 'new' ORDER BY id LIMIT $3",
        )
        .bind(before)
        .bind(NOWHERE)
        .bind(limit(most))
        .fetch_all(conn)
        .await
    })
    .doing("looking for old received messages")?;
    Ok(ids.into_iter().map(InboxId).collect())
}

/// A line of the ledger under the name of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgedLine {
    /// Its number.
    pub event: i64,
    /// Its plan.
    pub plan: PlanId,
    /// Under whose name it stands.
    pub contact: ContactId,
    /// The text that is stored.
    pub payload: String,
}

/// The next lines from before, behind the one numbered `after`, that stand under the name of a contact and have not lost
/// their words.
///
/// # Errors
/// When the database fails.
pub async fn list_lines(
    tx: &mut Tx,
    before: DateTime<Utc>,
    after: i64,
    most: usize,
) -> Result<Vec<AgedLine>, StoreError> {
    let rows: Vec<(i64, String, String, String)> = on!(tx, conn => {
        query_as(
            "SELECT id, plan, actor, payload FROM events
             WHERE id > $1 AND at < $2 AND actor LIKE 'contact:%'
               AND NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.event = events.id)
             ORDER BY id LIMIT $3",
        )
        .bind(after)
        .bind(before)
        .bind(limit(most))
        .fetch_all(conn)
        .await
    })
    .doing("looking for old lines of the ledger")?;
    let read = |(event, plan, actor, payload): (i64, String, String, String)| {
        let Some(Actor::Contact(contact)) = find_actor(&actor) else {
            return None;
        };
        Some(AgedLine {
            event,
            plan: PlanId::new(plan),
            contact,
            payload,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Erases what else holds words or addresses from before: quotations of the last statements, questions and codes that have
/// expired, strangers who have not been heard of since.
///
/// # Errors
/// When the database fails.
pub async fn erase_rest(
    tx: &mut Tx,
    before: DateTime<Utc>,
    day: NaiveDate,
) -> Result<(), StoreError> {
    const DOING: &str = "erasing old words";
    for statement in [
        "UPDATE statements SET quote = '', returned_because = '' WHERE at < $1
         AND (quote <> '' OR returned_because <> '')",
        "DELETE FROM questions WHERE expires_at < $1",
        "DELETE FROM link_codes WHERE expires_at < $1",
    ] {
        on!(tx, conn => query(statement).bind(before).execute(conn).await.map(drop))
            .doing(DOING)?;
    }
    on!(tx, conn => {
        query(
            "DELETE FROM strangers
             WHERE (answered_on IS NULL OR answered_on < $1) AND (tries_on IS NULL OR tries_on < $1)",
        )
        .bind(day)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(DOING)
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
