//! The files that people sent with what they reported: where each is, not what is in it.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query_as};

use super::Tx;
use super::error::{Doing, StoreError};
use super::words::{Actor, Cell, find_actor};
use crate::domain::delivery::Channel;
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId, TaskId};
use crate::domain::inbound::File;

/// The word of a line with files of which nothing was recorded: nobody has said to which task they belong.
pub const RECEIVED: &str = "file-received";

/// The word of a line by which the files of another one belong to another task.
pub const MOVED: &str = "evidence-moved";

/// The files of one line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Number of the line.
    pub event: i64,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Actor,
    /// What was said: `done`, `evidence`, …
    pub kind: String,
    /// Of which milestone; `None` where nobody has said.
    pub milestone: Option<MilestoneId>,
    /// Of which agency.
    pub agency: AgencyCode,
    /// The channel that the files came by, and that has them.
    pub channel: Option<Channel>,
    /// The files, in their order in the message.
    pub files: Vec<File>,
}

/// Which files to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this task.
    pub task: Option<TaskId>,
    /// Of this agency.
    pub agency: Option<AgencyCode>,
    /// Of this line of the ledger.
    pub event: Option<i64>,
}

/// The lines of the ledger with files, oldest first.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<Vec<Filed>, StoreError> {
    let rows: Vec<Row> = on!(tx, conn => {
        let mut select = QueryBuilder::new(SELECT);
        if let Some(task) = &filter.task {
            select.push(" AND o.task = ").push_bind(task.as_str());
        }
        if let Some(agency) = &filter.agency {
            select.push(" AND COALESCE(o.agency, c.agency) = ").push_bind(agency.as_str());
        }
        if let Some(event) = filter.event {
            select.push(" AND e.id = ").push_bind(event);
        }
        select.push(" ORDER BY e.id").build_query_as().fetch_all(conn).await
    })
    .doing("listing the files of the ledger")?;
    rows.into_iter().map(Filed::try_from).collect()
}

/// The plan of a line of the ledger, and the obligation that it is about.
///
/// # Errors
/// When the database fails.
pub async fn find_place(
    tx: &mut Tx,
    event: i64,
) -> Result<Option<(PlanId, Option<ObligationId>)>, StoreError> {
    let row: Option<(String, Option<i64>)> = on!(tx, conn => {
        query_as("SELECT plan, obligation FROM events WHERE id = $1")
            .bind(event)
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("finding what event {event} is about"))?;
    Ok(row.map(|(plan, obligation)| (PlanId::new(plan), obligation.map(ObligationId))))
}

/// The agency of what belongs to no obligation yet is that of its sender. What was moved stands where it was moved to: a line
/// of that word names the one it moves before all else. A source is `inbox:17`, or the name of something that is no received
/// message.
const SELECT: &str = "SELECT e.id, e.at, e.actor, e.kind, e.payload, o.task, o.milestone, COALESCE(o.agency, c.agency, '') AS agency, i.channel \
     FROM events e LEFT JOIN obligations o ON o.id = e.obligation \
     LEFT JOIN contacts c ON e.actor = 'contact:' || c.id \
     LEFT JOIN inbox i ON i.id = CASE WHEN e.source LIKE 'inbox:%' THEN CAST(substr(e.source, 7) AS BIGINT) END \
     WHERE e.payload LIKE '%\"files\":%' AND (o.id IS NOT NULL OR e.kind = 'file-received') \
     AND NOT EXISTS (SELECT 1 FROM events m WHERE m.obligation = e.obligation AND m.kind = 'evidence-moved' \
         AND m.payload LIKE '%\"moved\":' || CAST(e.id AS TEXT) || ',%')";

#[derive(FromRow)]
struct Row {
    id: i64,
    at: DateTime<Utc>,
    actor: String,
    kind: String,
    payload: String,
    task: Option<String>,
    milestone: Option<i64>,
    agency: String,
    channel: Option<String>,
}

impl TryFrom<Row> for Filed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cell = |table, column| Cell {
            table,
            row: &row.id,
            column,
        };
        let number = row.milestone.unwrap_or_default().to_string();
        let number = cell("obligations", "milestone").read(&number, number.parse().ok())?;
        let channel = row
            .channel
            .as_deref()
            .map(|word| cell("inbox", "channel").read(word, Channel::find(word)));
        Ok(Self {
            event: row.id,
            at: row.at,
            actor: cell("events", "actor").read(&row.actor, find_actor(&row.actor))?,
            milestone: row.task.map(|task| MilestoneId {
                task: TaskId::new(task),
                number,
            }),
            agency: AgencyCode::new(row.agency),
            channel: channel.transpose()?,
            files: cell("events", "payload").read(&row.payload, files_of(&row.payload))?,
            kind: row.kind,
        })
    }
}

/// The files of a payload; none when the word stood in what a person wrote. `None` when it makes no sense.
fn files_of(payload: &str) -> Option<Vec<File>> {
    let mut payload: serde_json::Value = serde_json::from_str(payload).ok()?;
    match payload.get_mut("files").map(serde_json::Value::take) {
        Some(files) => serde_json::from_value(files).ok(),
        None => Some(Vec::new()),
    }
}
