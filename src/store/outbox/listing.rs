//! The outbox as an operator looks at it: without the words of the messages, and legible where a row makes no sense.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder, query_scalar};

use crate::domain::ids::ContactId;
use crate::store::Tx;
use crate::store::deliveries::DeliveryId;
use crate::store::error::{Doing, StoreError};

/// One row: a delivery, or a brief that has none.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Listed {
    /// Number of the delivery.
    pub id: Option<i64>,
    /// To whom; none for somebody who is no contact.
    pub contact: Option<String>,
    /// `brief`, `digest`, `receipt` or `notice`.
    pub kind: String,
    /// The day of the brief.
    pub brief_day: Option<NaiveDate>,
    /// By which channel.
    pub channel: Option<String>,
    /// The state of the delivery, `parked` or `unreachable`.
    pub state: String,
    /// How often sending was begun.
    pub attempts: i64,
    /// Queued: not to be sent earlier. Leased: the end of the lease.
    pub claimable_at: Option<DateTime<Utc>>,
    /// Why it stands where it stands.
    pub reason: Option<String>,
    /// When it was planned or queued first.
    pub created_at: DateTime<Utc>,
    /// The plan of a digest that was given up before it was queued.
    #[sqlx(default)]
    pub plan: Option<String>,
}

/// Which rows; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// In this state: one of a delivery, `parked` or `unreachable`.
    pub state: Option<String>,
    /// To this contact.
    pub contact: Option<ContactId>,
    /// Briefs of this day.
    pub day: Option<NaiveDate>,
    /// Whatever has waited since before this moment, and what failed and was not made up for; otherwise everything.
    pub troubled_since: Option<DateTime<Utc>>,
}

/// What a delivery is in need of a person for, beside what waits too long: two conditions, each of an index of its own.
const GIVEN_UP: &str = " AND d.state IN ('failed', 'unknown') \
     AND NOT EXISTS (SELECT 1 FROM deliveries next WHERE next.reroutes = d.id) \
     AND (d.brief_day IS NULL OR NOT EXISTS (SELECT 1 FROM briefs b WHERE b.contact = d.contact AND b.day > d.brief_day))";

/// Lists deliveries, and briefs without one, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_rows(tx: &mut Tx, only: &Only, limit: u32) -> Result<Vec<Listed>, StoreError> {
    let mut rows = match only.troubled_since {
        None => deliveries(tx, only, Trouble::Any, limit).await?,
        Some(since) => {
            let mut rows = deliveries(tx, only, Trouble::GivenUp, limit).await?;
            rows.extend(deliveries(tx, only, Trouble::WaitsSince(since), limit).await?);
            rows
        }
    };
    rows.extend(briefs(tx, only, limit).await?);
    rows.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
    rows.truncate(limit as usize);
    Ok(rows)
}

#[derive(Clone, Copy)]
enum Trouble {
    Any,
    GivenUp,
    WaitsSince(DateTime<Utc>),
}

async fn deliveries(
    tx: &mut Tx,
    only: &Only,
    trouble: Trouble,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    on!(tx, conn => {
        let mut select = QueryBuilder::new(
            "SELECT d.id, d.contact, d.kind, d.brief_day, d.channel, d.state, d.attempts, d.claimable_at, d.reason, \
             d.created_at FROM deliveries d WHERE 1 = 1",
        );
        match trouble {
            Trouble::Any => {}
            Trouble::GivenUp => {
                select.push(GIVEN_UP);
            }
            // Every channel: the index of what waits begins with it.
            Trouble::WaitsSince(since) => {
                select
                    .push(" AND d.state IN ('queued', 'leased') AND d.channel >= '' AND (d.claimable_at < ")
                    .push_bind(since)
                    .push(" OR d.attempts > 0 AND d.created_at < ")
                    .push_bind(since)
                    .push(")");
            }
        }
        if let Some(state) = &only.state {
            select.push(" AND d.state = ").push_bind(state);
        }
        if let Some(contact) = &only.contact {
            select.push(" AND d.contact = ").push_bind(contact.as_str());
        }
        if let Some(day) = only.day {
            select.push(" AND d.brief_day = ").push_bind(day);
        }
        // The sign keeps SQLite from walking the whole table backwards for the order's sake.
        select
            .push(" ORDER BY +d.id DESC LIMIT ")
            .push_bind(i64::from(limit))
            .build_query_as::<Listed>()
            .fetch_all(conn)
            .await
    })
    .doing("listing the outbox")
}

/// The briefs that wait for words, or reach nobody.
async fn briefs(tx: &mut Tx, only: &Only, limit: u32) -> Result<Vec<Listed>, StoreError> {
    let mut rows = Vec::new();
    for (state, column) in [("parked", "b.parked"), ("unreachable", "b.unreachable")] {
        if only.state.as_deref().is_some_and(|wanted| wanted != state) {
            continue;
        }
        let instant = tx.type_of_instants();
        let found: Vec<Listed> = on!(tx, conn => {
            // A parameter by itself has no type on PostgreSQL; these two words are ours.
            let mut select = QueryBuilder::new(format!(
                "SELECT CAST(NULL AS BIGINT) AS id, b.contact, 'brief' AS kind, b.day AS brief_day, \
                 CAST(NULL AS TEXT) AS channel, '{state}' AS state, CAST(0 AS BIGINT) AS attempts, \
                 CAST(NULL AS {instant}) AS claimable_at, {column} AS reason, b.created_at FROM briefs b WHERE {column} IS NOT NULL"
            ));
            if only.troubled_since.is_some() {
                select.push(
                    " AND NOT EXISTS (SELECT 1 FROM briefs later WHERE later.contact = b.contact AND later.day > b.day)",
                );
            }
            if let Some(contact) = &only.contact {
                select.push(" AND b.contact = ").push_bind(contact.as_str());
            }
            if let Some(day) = only.day {
                select.push(" AND b.day = ").push_bind(day);
            }
            select
                .push(" ORDER BY b.day DESC, b.contact LIMIT ")
                .push_bind(i64::from(limit))
                .build_query_as()
                .fetch_all(conn)
                .await
        })
        .doing("listing briefs without a delivery")?;
        rows.extend(found);
    }
    Ok(rows)
}

/// The delivery that was queued in the place of this one.
///
/// # Errors
/// When the database fails.
pub async fn find_next(tx: &mut Tx, failed: DeliveryId) -> Result<Option<DeliveryId>, StoreError> {
    let found: Option<i64> = on!(tx, conn => {
        query_scalar("SELECT id FROM deliveries WHERE reroutes = $1").bind(failed.0).fetch_optional(conn).await
    })
    .doing(format_args!("looking for what replaces delivery {failed}"))?;
    Ok(found.map(DeliveryId))
}

/// The day of the newest brief of a contact that left or is about to: one that reached nobody replaces nothing.
///
/// # Errors
/// When the database fails.
pub async fn newest_brief(
    tx: &mut Tx,
    contact: &ContactId,
) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx, conn => {
        query_scalar(
            "SELECT max(brief_day) FROM deliveries
             WHERE contact = $1 AND state IN ('queued', 'leased', 'sent', 'unknown')",
        )
            .bind(contact.as_str())
            .fetch_one(conn)
            .await
    })
    .doing(format_args!("looking for the newest brief of {contact}"))
}
