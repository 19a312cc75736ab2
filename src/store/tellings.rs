//! Who was told of an obligation, on which day, and what became of the message.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, query_as};

use super::Tx;
use super::deliveries::{DeliveryId, DeliveryState};
use super::error::{Doing, StoreError};
use super::words::{Cell, find_audience};
use crate::domain::delivery::Channel;
use crate::domain::ids::{ContactId, ObligationId, RungId};
use crate::domain::ladder::Audience;

/// An obligation told to a person in a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The day of the brief.
    pub day: NaiveDate,
    /// When the brief was put together.
    pub planned_at: DateTime<Utc>,
    /// To whom.
    pub contact: ContactId,
    /// Because of which rung, or of which kind of amendment.
    pub rung: RungId,
    /// In what capacity.
    pub audience: Audience,
    /// Whether it was told because of a rung: then it leaves the message if it is over before that leaves.
    pub is_reminder: bool,
    /// The message, or the several when it went from channel to channel; `None` with the reason why there is none.
    pub sent: Result<Sent, String>,
}

/// A message that carried a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number.
    pub delivery: DeliveryId,
    /// By which channel.
    pub channel: Channel,
    /// Where it stands.
    pub state: DeliveryState,
    /// When its last attempt began, with the words that left.
    pub begun_at: Option<DateTime<Utc>>,
    /// When the provider took it.
    pub at: Option<DateTime<Utc>>,
    /// Why it stands where it stands.
    pub reason: Option<String>,
}

#[derive(FromRow)]
struct Row {
    day: NaiveDate,
    planned_at: DateTime<Utc>,
    contact: String,
    rung: String,
    audience: String,
    because: String,
    wordless: Option<String>,
    delivery: Option<i64>,
    channel: Option<String>,
    state: Option<String>,
    begun_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    reason: Option<String>,
}

/// Every telling of an obligation, oldest first; a brief that changed channel stands there once for each message.
///
/// # Errors
/// When the database fails.
pub async fn list_of_obligation(
    tx: &mut Tx,
    obligation: ObligationId,
) -> Result<Vec<Telling>, StoreError> {
    let rows: Vec<Row> = on!(tx, conn => {
        query_as(
            "SELECT i.day, b.created_at AS planned_at, i.contact, i.rung, i.audience, i.because, COALESCE(b.unreachable, b.parked) AS wordless,
                 d.id AS delivery, d.channel, d.state,
                 (SELECT max(a.started_at) FROM attempts a WHERE a.delivery = d.id) AS begun_at, d.sent_at, d.reason
             FROM (SELECT day, contact, rung, audience, 'rung' AS because FROM brief_items WHERE obligation = $1
                 UNION ALL
                 SELECT n.day, n.contact, a.kind, CASE c.role WHEN 'officer' THEN 'officer' ELSE 'head' END,
                     'amendment'
                 FROM announcements n
                 JOIN amendments a ON a.id = n.amendment
                 JOIN contacts c ON c.id = n.contact
                 WHERE n.obligation = $1 AND n.day IS NOT NULL) i
             JOIN briefs b ON b.contact = i.contact AND b.day = i.day
             LEFT JOIN deliveries d ON d.contact = i.contact AND d.brief_day = i.day
             ORDER BY i.day, i.contact, d.id",
        )
        .bind(obligation.0)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("listing who was told of obligation {obligation}"))?;
    rows.into_iter()
        .map(|row| telling(row, obligation))
        .collect()
}

fn telling(row: Row, obligation: ObligationId) -> Result<Telling, StoreError> {
    let cell = |table, column| Cell {
        table,
        row: &obligation.0,
        column,
    };
    let audience =
        cell("brief_items", "audience").read(&row.audience, find_audience(&row.audience))?;
    let sent = match (row.delivery, row.channel, row.state) {
        (Some(delivery), Some(channel), Some(state)) => Ok(Sent {
            delivery: DeliveryId(delivery),
            channel: cell("deliveries", "channel").read(&channel, Channel::find(&channel))?,
            state: cell("deliveries", "state").read(&state, DeliveryState::find(&state))?,
            begun_at: row.begun_at,
            at: row.sent_at,
            reason: row.reason,
        }),
        _ => Err(row.wordless.unwrap_or_default()),
    };
    Ok(Telling {
        day: row.day,
        planned_at: row.planned_at,
        contact: ContactId::new(row.contact),
        rung: RungId::new(row.rung),
        audience,
        is_reminder: row.because == "rung",
        sent,
    })
}
