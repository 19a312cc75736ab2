//! Who is told of an amendment: once, in the next brief. One that never leaves gives back what it would have told.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::{FromRow, QueryBuilder, query_as};

use super::Tx;
use super::amendments::{counterparts, kind, terms};
use super::briefs::BriefKey;
use super::bulk;
use super::error::{Doing, StoreError};
use crate::domain::amendment::{Amended, Announcement, TakenBack};
use crate::domain::ids::{AgencyCode, ContactId, MilestoneId, ObligationId, PlanId, TaskId};
use crate::store::words::Cell;

/// Has each of these people told of an obligation that `amendment` changed.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    amendment: i64,
    people: &[(ContactId, ObligationId)],
) -> Result<(), StoreError> {
    for chunk in people.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("INSERT INTO announcements (contact, amendment, obligation) ")
                .push_values(chunk, |mut row, (contact, obligation)| {
                    row.push_bind(contact.as_str())
                        .push_bind(amendment)
                        .push_bind(obligation.0);
                })
                .push(" ON CONFLICT DO NOTHING")
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("having amendment {amendment} announced"))?;
        });
    }
    Ok(())
}

/// Withdraws what nobody has been told yet of what `amendment` did to these obligations: it was taken back. Gives whom nothing is
/// told of what any more.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    tx: &mut Tx,
    amendment: i64,
    obligations: &[ObligationId],
) -> Result<BTreeSet<(ContactId, ObligationId)>, StoreError> {
    let mut withdrawn = BTreeSet::new();
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: Vec<(String, i64)> = on!(tx, conn => {
            QueryBuilder::new("DELETE FROM announcements WHERE day IS NULL AND amendment = ")
                .push_bind(amendment)
                .push(" AND obligation IN")
                .push_tuples(chunk, |mut row, id| {
                    row.push_bind(id.0);
                })
                .push(" RETURNING contact, obligation")
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing(format_args!(
            "withdrawing what was to be told of amendment {amendment}"
        ))?;
        let rows = rows.into_iter();
        withdrawn.extend(rows.map(|(contact, id)| (ContactId::new(contact), ObligationId(id))));
    }
    Ok(withdrawn)
}

/// What has not been told yet, by person, in order of the amendments.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_waiting(tx: &mut Tx) -> Result<Vec<(ContactId, Announcement)>, StoreError> {
    let rows: Vec<Row> = on!(tx, conn => {
        query_as(concat!(select!(), " WHERE n.day IS NULL ", order!())).fetch_all(conn).await
    })
    .doing("listing the amendments that nobody has been told of")?;
    rows.into_iter().map(announcement).collect()
}

/// What the brief of `contact` for `day` tells, in order of the amendments.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_told(
    tx: &mut Tx,
    contact: &ContactId,
    day: NaiveDate,
) -> Result<Vec<Announcement>, StoreError> {
    let rows: Vec<Row> = on!(tx, conn => {
        query_as(concat!(select!(), " WHERE n.contact = $1 AND n.day = $2 ", order!()))
            .bind(contact.as_str())
            .bind(day)
            .fetch_all(conn)
            .await
    })
    .doing(format_args!(
        "listing the amendments in the brief of {contact} for {day}"
    ))?;
    rows.into_iter()
        .map(|row| announcement(row).map(|(_, told)| told))
        .collect()
}

/// Notes that the briefs of these people for `day` tell these amendments.
///
/// # Errors
/// When the database fails.
pub async fn mark_told(
    tx: &mut Tx,
    told: &[(ContactId, i64)],
    day: NaiveDate,
) -> Result<(), StoreError> {
    for chunk in told.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("WITH told (contact, amendment) AS (")
                .push_values(chunk, |mut row, (contact, amendment)| {
                    row.push_bind(contact.as_str()).push_bind(*amendment);
                })
                .push(") UPDATE announcements SET day = ")
                .push_bind(day)
                .push(
                    " FROM told WHERE announcements.day IS NULL AND announcements.contact = told.contact \
                     AND announcements.amendment = told.amendment",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("noting which briefs of {day} tell of amendments"))?;
        });
    }
    Ok(())
}

/// Gives back what these briefs would have told: they never left, or were given up.
///
/// # Errors
/// When the database fails.
pub async fn give_back(tx: &mut Tx, briefs: &[BriefKey]) -> Result<(), StoreError> {
    for chunk in briefs.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("WITH untold (contact, day) AS (")
                .push_values(chunk, |mut row, (contact, day)| {
                    row.push_bind(contact.as_str()).push_bind(*day);
                })
                .push(
                    ") UPDATE announcements SET day = NULL FROM untold \
                     WHERE announcements.contact = untold.contact AND announcements.day = untold.day",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing("returning to the planner the amendments that were not told")?;
        });
    }
    Ok(())
}

/// The columns of [`Row`] and where they come from.
macro_rules! select {
    () => {
        "SELECT n.contact, n.amendment, a.document, a.signed_on, a.reason, i.kind, i.counterpart, i.was, i.now, n.obligation, \
         r.document AS takes_back, b.kind AS back_kind, b.counterpart AS back_counterpart, \
         i.kind = 'transferred' AND EXISTS (SELECT 1 FROM amendment_items h JOIN obligations t ON t.id = h.obligation \
             WHERE h.amendment = n.amendment AND h.kind = 'received' AND h.counterpart = o.agency \
             AND t.task = o.task AND t.milestone = o.milestone) AS is_taken_over, \
         (SELECT min(g.counterpart) FROM amendment_items g JOIN obligations t ON t.id = g.obligation \
             WHERE i.kind = 'received' AND g.amendment = n.amendment AND g.kind = 'transferred' AND t.agency = i.counterpart \
             AND t.task = o.task AND t.milestone = o.milestone) AS heirs, \
         o.plan, o.task, o.milestone, o.agency FROM announcements n \
         JOIN amendments a ON a.id = n.amendment \
         JOIN amendment_items i ON i.amendment = n.amendment AND i.obligation = n.obligation \
         JOIN obligations o ON o.id = n.obligation \
         LEFT JOIN amendments r ON r.id = a.revokes \
         LEFT JOIN amendment_items b ON b.amendment = a.revokes AND b.obligation = n.obligation"
    };
}
use select;

/// The order in which they are told.
macro_rules! order {
    () => {
        "ORDER BY n.contact, n.amendment, n.obligation"
    };
}
use order;

#[derive(FromRow)]
struct Row {
    contact: String,
    amendment: i64,
    document: String,
    signed_on: Option<NaiveDate>,
    reason: Option<String>,
    kind: String,
    counterpart: Option<String>,
    was: String,
    now: String,
    obligation: i64,
    /// The document that is taken back.
    takes_back: Option<String>,
    /// What it had done.
    back_kind: Option<String>,
    /// From whom, or to whom.
    back_counterpart: Option<String>,
    is_taken_over: bool,
    /// To whom all it went that this agency has received.
    heirs: Option<String>,
    plan: String,
    task: String,
    milestone: i64,
    agency: String,
}

fn announcement(row: Row) -> Result<(ContactId, Announcement), StoreError> {
    let cell = Cell {
        table: "obligations",
        row: &row.obligation,
        column: "milestone",
    };
    let number = cell.read(
        &row.milestone.to_string(),
        u16::try_from(row.milestone).ok(),
    )?;
    let agency = AgencyCode::new(row.agency);
    let mut beside = counterparts(row.heirs.as_deref());
    beside.retain(|heir| *heir != agency);
    let back_kind = row.back_kind.as_deref();
    let back_kind = back_kind
        .map(|word| kind(row.obligation, word))
        .transpose()?;
    let takes_back = row.takes_back.map(|document| TakenBack {
        document,
        kind: back_kind,
        counterparts: counterparts(row.back_counterpart.as_deref()),
    });
    let told = Announcement {
        takes_back,
        beside,
        amendment: row.amendment,
        kind: kind(row.obligation, &row.kind)?,
        document: row.document,
        signed_on: row.signed_on,
        reason: row.reason,
        obligation: ObligationId(row.obligation),
        plan: PlanId::new(row.plan),
        milestone: MilestoneId {
            task: TaskId::new(row.task),
            number,
        },
        agency,
        counterparts: counterparts(row.counterpart.as_deref()),
        is_taken_over: row.is_taken_over,
        amended: Amended {
            was: terms(row.obligation, "was", &row.was)?,
            now: terms(row.obligation, "now", &row.now)?,
        },
    };
    Ok((ContactId::new(row.contact), told))
}
