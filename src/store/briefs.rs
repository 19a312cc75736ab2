//! Briefs: what each person is told on a day. The key (contact, day) is the promise that nobody gets two.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, query_as, query_scalar};

use super::Tx;
use super::bulk;
use super::deliveries::{self, NewDelivery};
use super::error::{Doing, StoreError};
use super::obligations;
use super::words::{Cell, find_audience};
use super::written::{Day, Text};
use crate::domain::ids::{ContactId, ObligationId, RungId};
use crate::domain::ladder::Audience;

/// A person and a day.
pub type BriefKey = (ContactId, NaiveDate);

/// A brief to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBrief {
    /// For whom.
    pub contact: ContactId,
    /// For which day.
    pub day: NaiveDate,
    /// What it tells.
    pub items: Vec<BriefItem>,
    /// How it goes out.
    pub route: Route,
}

/// One line of a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BriefItem {
    /// About which obligation.
    pub obligation: ObligationId,
    /// Because of which rung.
    pub rung: RungId,
    /// In what capacity the person hears of it.
    pub audience: Audience,
}

/// How a brief goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// By this delivery.
    Delivery(NewDelivery),
    /// Not at all: the person cannot be reached, which the digest says.
    Unreachable {
        /// Why.
        reason: String,
    },
    /// Not yet: its words cannot be made. It waits for better templates.
    Parked {
        /// Why, as the template engine says.
        reason: String,
    },
}

/// What [`plan`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// The briefs that were stored.
    pub stored: Vec<BriefKey>,
    /// Those left out because the person has a brief for that day.
    pub already_planned: Vec<BriefKey>,
}

/// Stores briefs with their items and deliveries, and the days of the next rungs, all or nothing with the caller's
/// transaction. Safe to run twice, and on two machines at once.
///
/// A brief whose key exists is left out, and the obligations it tells of keep the day on which the planner looks at
/// them: what it would have told goes into the next brief instead of being lost.
///
/// # Errors
/// When the database fails.
pub async fn plan(
    tx: &mut Tx,
    mut briefs: Vec<NewBrief>,
    next_rungs: &[(ObligationId, Option<NaiveDate>)],
    now: DateTime<Utc>,
) -> Result<Planned, StoreError> {
    // In one order everywhere, so that two planners wait for each other and never in a circle.
    briefs.sort_by(|a, b| (&a.contact, a.day).cmp(&(&b.contact, b.day)));
    let mut fresh = insert_keys(tx, &briefs, now).await?;
    let mut planned = Planned::default();
    let mut stored = Vec::new();
    let mut untold = HashSet::new();
    for brief in briefs {
        let key = (brief.contact.clone(), brief.day);
        if fresh.remove(&key) {
            planned.stored.push(key);
            stored.push(brief);
        } else {
            planned.already_planned.push(key);
            untold.extend(brief.items.iter().map(|item| item.obligation));
        }
    }
    insert_items(tx, &stored).await?;
    let deliveries: Vec<_> = stored
        .into_iter()
        .filter_map(|brief| match brief.route {
            Route::Delivery(delivery) => Some(delivery),
            Route::Unreachable { .. } | Route::Parked { .. } => None,
        })
        .collect();
    deliveries::insert(tx, &deliveries, now).await?;
    let mut next: Vec<_> = next_rungs
        .iter()
        .filter(|(id, _)| !untold.contains(id))
        .copied()
        .collect();
    next.sort_unstable();
    obligations::set_next_rungs(tx, &next).await?;
    Ok(planned)
}

async fn insert_keys(
    tx: &mut Tx,
    briefs: &[NewBrief],
    now: DateTime<Utc>,
) -> Result<HashSet<BriefKey>, StoreError> {
    let mut fresh = HashSet::with_capacity(briefs.len());
    let ((open, close), day) = (tx.elements(), tx.type_of_days());
    for chunk in briefs.chunks(bulk::ROWS) {
        let rows = chunk.iter().map(|brief| {
            let (unreachable, parked) = match &brief.route {
                Route::Delivery(_) => (None, None),
                Route::Unreachable { reason } => (Some(reason), None),
                Route::Parked { reason } => (None, Some(reason)),
            };
            (brief.contact.as_str(), brief.day, unreachable, parked)
        });
        let rows = bulk::elements(rows);
        let keys: Vec<(String, NaiveDate)> = on!(tx, conn => {
            QueryBuilder::new("INSERT INTO briefs (contact, day, unreachable, parked, created_at) ")
                .push(format!(
                    "SELECT value ->> 0, CAST(value ->> 1 AS {day}), value ->> 2, value ->> 3, "
                ))
                .push_bind(now)
                .push(format!(" FROM {open}"))
                .push_bind(rows)
                .push(close)
                // Without a condition SQLite would take ON for that of a join.
                .push(" WHERE 1 = 1 ON CONFLICT (contact, day) DO NOTHING RETURNING contact, day")
                .build_query_as()
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("storing {} briefs", chunk.len()))?;
        fresh.extend(
            keys.into_iter()
                .map(|(contact, day)| (ContactId::new(contact), day)),
        );
    }
    Ok(fresh)
}

async fn insert_items(tx: &mut Tx, briefs: &[NewBrief]) -> Result<(), StoreError> {
    let items: Vec<_> = briefs
        .iter()
        .flat_map(|brief| brief.items.iter().map(move |item| (brief, item)))
        .collect();
    let ((open, close), day) = (tx.elements(), tx.type_of_days());
    for chunk in items.chunks(bulk::ROWS) {
        let rows = bulk::elements(chunk.iter().map(|(brief, item)| {
            let (rung, audience) = (item.rung.as_str(), item.audience.as_str());
            let contact = brief.contact.as_str();
            (contact, brief.day, item.obligation.0, rung, audience)
        }));
        on!(tx, conn => {
            QueryBuilder::new("INSERT INTO brief_items (contact, day, obligation, rung, audience) ")
                .push(format!(
                    "SELECT value ->> 0, CAST(value ->> 1 AS {day}), CAST(value ->> 2 AS BIGINT), value ->> 3, \
                     value ->> 4 FROM {open}"
                ))
                .push_bind(rows)
                .push(close)
                .build()
                .execute(conn)
                .await
                .doing(format_args!("storing {} items of briefs", chunk.len()))?;
        });
    }
    Ok(())
}

// "0 < (SELECT count(*) …" below, and not EXISTS: PostgreSQL turns that into a join, and while it has no statistics of a
// table that grew this morning, into one that reads all deliveries for each statement.

/// The day on which each contact was last told of the obligation beside it; who was never told is missing. A brief that
/// could not go out, failed on every channel or was cancelled told nobody anything. However long the history of a pair
/// is, only its latest days are read.
///
/// # Errors
/// When the database fails.
pub async fn last_told(
    tx: &mut Tx,
    pairs: &[(ObligationId, &ContactId)],
) -> Result<HashMap<(ObligationId, ContactId), NaiveDate>, StoreError> {
    let mut told = HashMap::with_capacity(pairs.len());
    let found = tx.rows_as_one("obligation, contact, day");
    let (open, close) = tx.elements();
    for chunk in pairs.chunks(bulk::ROWS) {
        let rows: String = on!(tx, conn => {
            QueryBuilder::new("WITH pairs (obligation, contact) AS MATERIALIZED (")
                .push(format!("SELECT CAST(value ->> 0 AS BIGINT), value ->> 1 FROM {open}"))
                .push_bind(bulk::elements(chunk.iter().map(|(id, contact)| (id.0, contact.as_str()))))
                .push(close)
                .push(
                    "), told AS MATERIALIZED (SELECT p.obligation, p.contact, (SELECT i.day FROM brief_items i \
                     WHERE i.obligation = p.obligation AND i.contact = p.contact \
                     AND 0 < (SELECT count(*) FROM deliveries d WHERE d.contact = i.contact AND d.brief_day = i.day \
                         AND d.state IN ('queued', 'leased', 'sent', 'unknown')) \
                     ORDER BY i.day DESC LIMIT 1) AS day FROM pairs p) SELECT ",
                )
                .push(&found)
                .push(" FROM told WHERE day IS NOT NULL")
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing(format_args!("reading when {} people were told of what", chunk.len()))?;
        let rows: Vec<(i64, Text<'_>, Day)> = bulk::rows("brief_items", &rows)?;
        told.extend(
            rows.into_iter().map(|(id, contact, Day(day))| {
                ((ObligationId(id), ContactId::new(&*contact)), day)
            }),
        );
    }
    Ok(told)
}

/// The days on which an officer was told of each of these obligations, in order; what never left is left out.
///
/// # Errors
/// When the database fails.
pub async fn reminded_on(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<NaiveDate>>, StoreError> {
    let mut reminded = HashMap::with_capacity(obligations.len());
    let (days, (open, close)) = (tx.days_joined(), tx.numbers());
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: Vec<(i64, String)> = on!(tx, conn => {
            QueryBuilder::new("SELECT i.obligation, ")
                .push(days)
                .push(
                    " FROM brief_items i \
                     WHERE i.audience = 'officer' AND 0 < (SELECT count(*) FROM deliveries d \
                         WHERE d.contact = i.contact AND d.brief_day = i.day AND d.state IN ('sent', 'unknown')) \
                     AND i.obligation IN",
                )
                .push(open)
                .push_bind(bulk::numbers(chunk.iter().map(|id| id.0)))
                .push(close)
                .push(" GROUP BY i.obligation")
                .build_query_as()
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("reading when officers were told of {} obligations", chunk.len()))?;
        for (id, days) in rows {
            reminded.insert(ObligationId(id), days_of(id, &days)?);
        }
    }
    Ok(reminded)
}

/// The days of a joined list, in order.
fn days_of(obligation: i64, joined: &str) -> Result<Vec<NaiveDate>, StoreError> {
    let cell = Cell {
        table: "brief_items",
        row: &obligation,
        column: "day",
    };
    let days = joined
        .split(',')
        .map(|day| cell.read(day, day.parse().ok()));
    let mut days: Vec<NaiveDate> = days.collect::<Result<_, _>>()?;
    days.sort_unstable();
    Ok(days)
}

/// The items of one brief, by obligation; `None` when there is no such brief.
///
/// # Errors
/// When the database fails.
pub async fn find_items(
    tx: &mut Tx,
    contact: &ContactId,
    day: NaiveDate,
) -> Result<Option<Vec<BriefItem>>, StoreError> {
    let rows: Vec<(Option<i64>, Option<String>, Option<String>)> = on!(tx, conn => {
        query_as(
            "SELECT i.obligation, i.rung, i.audience FROM briefs b
             LEFT JOIN brief_items i ON i.contact = b.contact AND i.day = b.day
             WHERE b.contact = $1 AND b.day = $2 ORDER BY i.obligation",
        )
        .bind(contact.as_str())
        .bind(day)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("finding the brief of {contact} for {day}"))?;
    if rows.is_empty() {
        return Ok(None);
    }
    let items = rows
        .into_iter()
        .filter_map(|(obligation, rung, audience)| Some((obligation?, rung?, audience?)));
    items
        .map(|(obligation, rung, word)| {
            let cell = Cell {
                table: "brief_items",
                row: &obligation,
                column: "audience",
            };
            Ok(BriefItem {
                obligation: ObligationId(obligation),
                rung: RungId::new(rung),
                audience: cell.read(&word, find_audience(&word))?,
            })
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Who could not be told on a day from `from` to `to`, both included, and why: for the digest.
///
/// # Errors
/// When the database fails.
pub async fn list_unreachable(
    tx: &mut Tx,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(BriefKey, String)>, StoreError> {
    let rows: Vec<(String, NaiveDate, String)> = on!(tx, conn => {
        query_as(
            "SELECT contact, day, unreachable FROM briefs
             WHERE unreachable IS NOT NULL AND day BETWEEN $1 AND $2 ORDER BY day, contact",
        )
        .bind(from)
        .bind(to)
        .fetch_all(conn)
        .await
    })
    .doing("listing who could not be reached")?;
    Ok(rows
        .into_iter()
        .map(|(contact, day, reason)| ((ContactId::new(contact), day), reason))
        .collect())
}

/// The last day, not before `since`, for which a brief to this contact left or may have left; `None` when none did.
///
/// # Errors
/// When the database fails.
pub async fn find_last(
    tx: &mut Tx,
    contact: &ContactId,
    since: NaiveDate,
) -> Result<Option<(NaiveDate, DateTime<Utc>)>, StoreError> {
    on!(tx, conn => {
        query_as(
            "SELECT brief_day, coalesce(sent_at, created_at) FROM deliveries
             WHERE contact = $1 AND brief_day >= $2 AND state IN ('sent', 'unknown')
             ORDER BY brief_day DESC, id DESC LIMIT 1",
        )
        .bind(contact.as_str())
        .bind(since)
        .fetch_optional(conn)
        .await
    })
    .doing(format_args!("looking for the last brief of {contact}"))
}

/// How many briefs of `day` reach nobody.
///
/// # Errors
/// When the database fails.
pub async fn count_unreachable(tx: &mut Tx, day: NaiveDate) -> Result<u64, StoreError> {
    let total: i64 = on!(tx, conn => {
        query_scalar("SELECT count(*) FROM briefs WHERE unreachable IS NOT NULL AND day = $1")
            .bind(day)
            .fetch_one(conn)
            .await
    })
    .doing(format_args!(
        "counting the briefs of {day} that reach nobody"
    ))?;
    Ok(total.unsigned_abs())
}
