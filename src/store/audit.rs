//! What the auditor asks of the database. Each question reads an index of the days that it is about, or of what is not
//! settled: never a table that grows with the years.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::{QueryBuilder, query_as, query_scalar};

use super::Tx;
use super::briefs::BriefKey;
use super::bulk;
use super::deliveries::DeliveryId;
use super::error::{Doing, StoreError};
use super::inbox::InboxId;
use super::outbox::TOLD_ANEW;
use super::words::{Cell, find_audience};
use super::written::{Day, Text};
use crate::domain::delivery::Channel;
use crate::domain::ids::{ContactId, ObligationId, PlanId};
use crate::domain::ladder::Audience;

/// That somebody was told of an obligation, or that it was recorded why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Of what.
    pub obligation: ObligationId,
    /// To whom.
    pub contact: ContactId,
    /// In the brief of which day.
    pub day: NaiveDate,
    /// In what capacity.
    pub audience: Audience,
}

/// What was told of these obligations in the briefs of `from` to `to`. A brief that never left, because a later one was to
/// tell it anew, told nothing.
///
/// # Errors
/// When the database fails.
pub async fn list_told(
    tx: &mut Tx,
    obligations: &[ObligationId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Told>, StoreError> {
    let mut told = Vec::new();
    let as_one = tx.rows_as_one("i.obligation, i.contact, i.day, i.audience");
    let (open, close) = tx.numbers();
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: String = on!(tx, conn => {
            QueryBuilder::new("SELECT ")
                .push(&as_one)
                .push(" FROM brief_items i WHERE i.day BETWEEN ")
                .push_bind(from)
                .push(" AND ")
                .push_bind(to)
                .push(
                    " AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.contact = i.contact AND d.brief_day = i.day \
                     AND d.state = 'cancelled' AND d.reason = ",
                )
                .push_bind(TOLD_ANEW)
                .push(") AND i.obligation IN")
                .push(open)
                .push_bind(bulk::numbers(chunk.iter().map(|id| id.0)))
                .push(close)
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing(format_args!("reading who was told of {} obligations", chunk.len()))?;
        let rows: Vec<(i64, Text<'_>, Day, Text<'_>)> = bulk::rows("brief_items", &rows)?;
        for (obligation, contact, Day(day), word) in rows {
            let cell = Cell {
                table: "brief_items",
                row: &obligation,
                column: "audience",
            };
            told.push(Told {
                obligation: ObligationId(obligation),
                contact: ContactId::new(&*contact),
                day,
                audience: cell.read(&word, find_audience(&word))?,
            });
        }
    }
    Ok(told)
}

/// The briefs of `from` to `to` that have neither a delivery nor a reason, and something to tell still.
///
/// # Errors
/// When the database fails.
pub async fn list_unsent_briefs(
    tx: &mut Tx,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<BriefKey>, StoreError> {
    let rows: Vec<(String, NaiveDate)> = on!(tx, conn => {
        query_as(
            "SELECT b.contact, b.day FROM briefs b
             WHERE b.day BETWEEN $1 AND $2 AND b.unreachable IS NULL AND b.parked IS NULL
                 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.contact = b.contact AND d.brief_day = b.day)
                 AND (EXISTS (SELECT 1 FROM brief_items i JOIN obligations o ON o.id = i.obligation
                          WHERE i.contact = b.contact AND i.day = b.day AND o.state = 'open')
                      OR EXISTS (SELECT 1 FROM announcements n WHERE n.contact = b.contact AND n.day = b.day))
             ORDER BY b.day, b.contact",
        )
        .bind(from)
        .bind(to)
        .fetch_all(conn)
        .await
    })
    .doing("looking for briefs without a delivery")?;
    Ok(rows
        .into_iter()
        .map(|(contact, day)| (ContactId::new(contact), day))
        .collect())
}

/// A delivery, as far as a finding names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub delivery: DeliveryId,
    /// To whom.
    pub contact: Option<ContactId>,
    /// `queued`, `leased`, `failed` or `unknown`.
    pub state: String,
    /// Not to be sent before, or leased until.
    pub claimable_at: DateTime<Utc>,
}

fn waiting(rows: Vec<(i64, Option<String>, String, DateTime<Utc>)>) -> Vec<Waiting> {
    let rows = rows.into_iter();
    rows.map(|(id, contact, state, claimable_at)| Waiting {
        delivery: DeliveryId(id),
        contact: contact.map(ContactId::new),
        state,
        claimable_at,
    })
    .collect()
}

/// The deliveries that could have been tried before `than`, or whose lease ended before, and were not.
///
/// # Errors
/// When the database fails.
pub async fn list_overdue(tx: &mut Tx, than: DateTime<Utc>) -> Result<Vec<Waiting>, StoreError> {
    let (open, close) = tx.texts();
    let channels = bulk::texts(Channel::ALL.iter().map(|channel| channel.as_str()));
    let rows = on!(tx, conn => {
        // By the index of each channel.
        QueryBuilder::new("SELECT id, contact, state, claimable_at FROM deliveries WHERE channel IN")
            .push(open)
            .push_bind(channels)
            .push(close)
            .push(" AND state IN ('queued', 'leased') AND claimable_at < ")
            .push_bind(than)
            .push(" ORDER BY id")
            .build_query_as()
            .fetch_all(conn)
            .await
    })
    .doing("looking for deliveries that wait too long")?;
    Ok(waiting(rows))
}

/// The deliveries that failed or are unknown without a reason and without another in their place.
///
/// # Errors
/// When the database fails.
pub async fn list_unexplained(tx: &mut Tx) -> Result<Vec<Waiting>, StoreError> {
    let rows = on!(tx, conn => {
        query_as(
            "SELECT id, contact, state, claimable_at FROM deliveries d
             WHERE d.state IN ('failed', 'unknown') AND d.reason IS NULL
                 AND NOT EXISTS (SELECT 1 FROM deliveries next WHERE next.reroutes = d.id) ORDER BY id",
        )
        .fetch_all(conn)
        .await
    })
    .doing("looking for deliveries that failed without a reason")?;
    Ok(waiting(rows))
}

/// What came in before `than` and is still new.
///
/// # Errors
/// When the database fails.
pub async fn list_unapplied(
    tx: &mut Tx,
    than: DateTime<Utc>,
) -> Result<Vec<(InboxId, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(i64, DateTime<Utc>)> = on!(tx, conn => {
        query_as("SELECT id, received_at FROM inbox WHERE state = 'new' AND received_at < $1 ORDER BY id")
            .bind(than)
            .fetch_all(conn)
            .await
    })
    .doing("looking for received messages that nobody dealt with")?;
    Ok(rows.into_iter().map(|(id, at)| (InboxId(id), at)).collect())
}

/// A change of a plan that somebody has not been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    /// Who.
    pub contact: ContactId,
    /// The amendment.
    pub amendment: i64,
    /// Its plan.
    pub plan: PlanId,
}

/// The changes made before `than` that wait to be told to people who can still be told, but for those whose brief of `day`
/// or of the week before did not arrive: what it would have told waits for the next.
///
/// # Errors
/// When the database fails.
pub async fn list_untold(
    tx: &mut Tx,
    day: NaiveDate,
    than: DateTime<Utc>,
) -> Result<Vec<Untold>, StoreError> {
    let rows: Vec<(String, i64, String)> = on!(tx, conn => {
        query_as(
            "SELECT DISTINCT n.contact, n.amendment, a.plan FROM announcements n
             JOIN amendments a ON a.id = n.amendment
             JOIN contacts c ON c.id = n.contact
             WHERE n.day IS NULL AND a.at < $1 AND c.active AND c.created_at < $1
                 AND NOT EXISTS (SELECT 1 FROM briefs b WHERE b.contact = n.contact AND b.day = $2
                     AND b.unreachable IS NOT NULL)
                 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.contact = n.contact
                     AND d.brief_day BETWEEN $3 AND $2 AND d.state IN ('failed', 'cancelled'))
             ORDER BY n.contact, n.amendment",
        )
        .bind(than)
        .bind(day)
        .bind(day - Days::new(7))
        .fetch_all(conn)
        .await
    })
    .doing("looking for amendments that were not told")?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(contact, amendment, plan)| Untold {
            contact: ContactId::new(contact),
            amendment,
            plan: PlanId::new(plan),
        })
        .collect())
}

/// How many digests were queued since then.
///
/// # Errors
/// When the database fails.
pub async fn count_digests(tx: &mut Tx, since: DateTime<Utc>) -> Result<u64, StoreError> {
    let count: i64 = on!(tx, conn => {
        query_scalar("SELECT count(*) FROM deliveries WHERE kind = 'digest' AND created_at >= $1")
            .bind(since)
            .fetch_one(conn)
            .await
    })
    .doing("counting digests")?;
    Ok(count.unsigned_abs())
}

/// Who came back from an absence since then, as the ledger of these plans has it.
///
/// # Errors
/// When the database fails.
pub async fn list_returned(
    tx: &mut Tx,
    plans: &[PlanId],
    since: DateTime<Utc>,
) -> Result<Vec<ContactId>, StoreError> {
    let mut returned = Vec::new();
    for plan in plans {
        let rows: Vec<String> = on!(tx, conn => {
            query_scalar("SELECT payload FROM events WHERE plan = $1 AND at >= $2 AND kind IN ('away', 'back')")
                .bind(plan.as_str())
                .bind(since)
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("reading who came back, of plan {plan}"))?;
        let contact = |text: &String| {
            let payload: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(ContactId::new(payload.get("contact")?.as_str()?))
        };
        returned.extend(rows.iter().filter_map(contact));
    }
    Ok(returned)
}

/// When the files of a plan were loaded last and had changed.
///
/// # Errors
/// When the database fails.
pub async fn last_loaded(tx: &mut Tx) -> Result<Option<DateTime<Utc>>, StoreError> {
    on!(tx, conn => query_scalar("SELECT max(loaded_at) FROM plans").fetch_one(conn).await)
        .doing("reading when plans were loaded")
}
