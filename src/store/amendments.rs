//! What numbered documents changed of a running plan: each with the obligations it touched and their terms before and since.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{FromRow, QueryBuilder, query_as, query_scalar};

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use super::words::Cell;
use crate::domain::amendment::{Amended, Kind};
use crate::domain::ids::{AgencyCode, ObligationId, PlanId};

/// An amendment to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAmendment {
    /// The plan it changes.
    pub plan: PlanId,
    /// What it does.
    pub kind: Kind,
    /// The document by which: `1234/QĐ-UBND`.
    pub document: String,
    /// The day on which it was signed.
    pub signed_on: Option<NaiveDate>,
    /// Why, in the monitor's words.
    pub reason: Option<String>,
    /// The amendment that it takes back.
    pub revokes: Option<i64>,
}

/// An amendment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Its number.
    pub id: i64,
    /// What it says.
    pub entry: NewAmendment,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How many obligations it changed; of a transfer, those that were given, each once.
    pub items: u64,
    /// The amendment that took it back.
    pub revoked_by: Option<i64>,
}

/// What an amendment did to one obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendmentItem {
    /// Which.
    pub obligation: ObligationId,
    /// What was done to it; of a transfer, whether it was given or taken over.
    pub kind: Kind,
    /// From whom it came or to whom it went.
    pub counterparts: Vec<AgencyCode>,
    /// Its terms before and since.
    pub amended: Amended,
}

/// Stores an amendment with what it did. Gives its number.
///
/// # Errors
/// When the database fails, or it takes back what was taken back already.
pub async fn insert(
    tx: &mut Tx,
    amendment: &NewAmendment,
    items: &[AmendmentItem],
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let id: i64 = on!(tx, conn => {
        query_scalar(
            "INSERT INTO amendments (plan, kind, document, signed_on, reason, at, revokes)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(amendment.plan.as_str())
        .bind(amendment.kind.as_str())
        .bind(&amendment.document)
        .bind(amendment.signed_on)
        .bind(&amendment.reason)
        .bind(now)
        .bind(amendment.revokes)
        .fetch_one(conn)
        .await
    })
    .doing(format_args!(
        "storing an amendment by {}",
        amendment.document
    ))?;
    for chunk in items.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("INSERT INTO amendment_items (amendment, obligation, kind, counterpart, was, now) ")
                .push_values(chunk, |mut row, item| {
                    row.push_bind(id)
                        .push_bind(item.obligation.0)
                        .push_bind(item.kind.as_str())
                        .push_bind(joined(&item.counterparts))
                        .push_bind(text(&item.amended.was))
                        .push_bind(text(&item.amended.now));
                })
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("storing what amendment {id} did"))?;
        });
    }
    Ok(id)
}

/// The amendments of a plan, or of all, oldest first.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list(tx: &mut Tx, plan: Option<&PlanId>) -> Result<Vec<Amendment>, StoreError> {
    let rows: Vec<Row> = on!(tx, conn => {
        query_as(
            "SELECT a.id, a.plan, a.kind, a.document, a.signed_on, a.reason, a.at, a.revokes, \
             (SELECT count(*) FROM amendment_items i WHERE i.amendment = a.id AND i.kind NOT IN ('received', 'joined') \
                 AND NOT EXISTS (SELECT 1 FROM amendment_items t WHERE t.amendment = a.revokes \
                     AND t.obligation = i.obligation AND t.kind IN ('received', 'joined'))) AS items, \
             (SELECT r.id FROM amendments r WHERE r.revokes = a.id) AS revoked_by \
             FROM amendments a WHERE $1 IS NULL OR a.plan = $1 ORDER BY a.id",
        )
        .bind(plan.map(PlanId::as_str))
        .fetch_all(conn)
        .await
    })
    .doing("listing amendments")?;
    rows.into_iter().map(Amendment::try_from).collect()
}

/// What an amendment did, by number of the obligation.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_items(tx: &mut Tx, amendment: i64) -> Result<Vec<AmendmentItem>, StoreError> {
    let rows: Vec<ItemRow> = on!(tx, conn => {
        query_as(
            "SELECT obligation, kind, counterpart, was, now FROM amendment_items
             WHERE amendment = $1 ORDER BY obligation",
        )
        .bind(amendment)
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("listing what amendment {amendment} did"))?;
    rows.into_iter().map(AmendmentItem::try_from).collect()
}

/// What the amendments of a plan did, each with the number of its amendment, in their order.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_items_of_plan(
    tx: &mut Tx,
    plan: &PlanId,
) -> Result<Vec<(i64, AmendmentItem)>, StoreError> {
    let rows: Vec<NumberedRow> = on!(tx, conn => {
        query_as(
            "SELECT i.amendment, i.obligation, i.kind, i.counterpart, i.was, i.now FROM amendment_items i
             JOIN amendments a ON a.id = i.amendment WHERE a.plan = $1 ORDER BY i.amendment, i.obligation",
        )
        .bind(plan.as_str())
        .fetch_all(conn)
        .await
    })
    .doing(format_args!("listing what the amendments of plan {plan} did"))?;
    let rows = rows.into_iter();
    rows.map(|row| Ok((row.amendment, row.item.try_into()?)))
        .collect()
}

/// What holds an obligation that is not owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// What was done: suspended, cancelled, transferred.
    pub kind: Kind,
    /// To whom it was given.
    pub given_to: Vec<AgencyCode>,
    /// By which document.
    pub document: String,
}

/// How a document changed an obligation.
#[derive(FromRow)]
struct Change {
    obligation: i64,
    amendment: i64,
    kind: String,
    counterpart: Option<String>,
    document: String,
    /// The document that this one takes back.
    revokes: Option<i64>,
}

/// All changes of these obligations by documents, those of each in order.
async fn changes(tx: &mut Tx, obligations: &[ObligationId]) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: Vec<Change> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT i.obligation, i.amendment, i.kind, i.counterpart, a.document, a.revokes FROM amendment_items i \
                 JOIN amendments a ON a.id = i.amendment WHERE i.obligation IN",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.0);
            })
            .push(" ORDER BY i.amendment")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("reading how documents changed {} obligations", chunk.len()))?;
        changes.extend(rows);
    }
    Ok(changes)
}

/// The latest document that suspended, ended or gave away each of these obligations, where nothing has taken it back.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn holds(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Hold>, StoreError> {
    // What held each after every document; one that is taken back counts no more, and what was before it does again.
    let mut holds: HashMap<ObligationId, Vec<(i64, Option<Hold>)>> = HashMap::new();
    for one in changes(tx, obligations).await? {
        let kind = kind(one.obligation, &one.kind)?;
        let held = holds.entry(ObligationId(one.obligation)).or_default();
        match kind {
            Kind::Suspended | Kind::Cancelled | Kind::Transferred => {
                let hold = Hold {
                    kind,
                    given_to: counterparts(one.counterpart.as_deref()),
                    document: one.document,
                };
                held.push((one.amendment, Some(hold)));
            }
            // What was given away and is received again is owed again.
            Kind::Resumed | Kind::Received => held.push((one.amendment, None)),
            Kind::Revoked => held.retain(|(by, _)| Some(*by) != one.revokes),
            Kind::Due | Kind::Begun | Kind::Joined | Kind::Added => {}
        }
    }
    let holds = holds.into_iter();
    let last = holds.filter_map(|(id, mut held)| Some((id, held.pop()?.1?)));
    Ok(last.collect())
}

/// To whom each of these obligations was given.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn given_to(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<AgencyCode>>, StoreError> {
    let holds = holds(tx, obligations).await?.into_iter();
    let given = holds.filter(|(_, hold)| hold.kind == Kind::Transferred);
    Ok(given.map(|(id, hold)| (id, hold.given_to)).collect())
}

/// Which of these a document gave to their agencies and another took back, with nothing since: they were never theirs.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn ungiven(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<HashSet<ObligationId>, StoreError> {
    let (mut given, mut ungiven) = (HashMap::new(), HashSet::new());
    for one in changes(tx, obligations).await? {
        let id = ObligationId(one.obligation);
        if kind(one.obligation, &one.kind)? == Kind::Received {
            given.insert(id, one.amendment);
        }
        if one.revokes.is_some() && given.get(&id) == one.revokes.as_ref() {
            ungiven.insert(id);
        } else {
            ungiven.remove(&id);
        }
    }
    Ok(ungiven)
}

/// Between the codes in the column `counterpart`; no code has one.
const COMMA: char = ',';

fn joined(agencies: &[AgencyCode]) -> Option<String> {
    let codes: Vec<&str> = agencies.iter().map(AgencyCode::as_str).collect();
    (!codes.is_empty()).then(|| codes.join(&COMMA.to_string()))
}

/// The agencies that the column `counterpart` names.
pub(super) fn counterparts(column: Option<&str>) -> Vec<AgencyCode> {
    let codes = column.into_iter().flat_map(|codes| codes.split(COMMA));
    codes.map(AgencyCode::new).collect()
}

/// JSON of the terms: plain data, which cannot fail to be written.
pub(super) fn text(terms: &impl Serialize) -> String {
    serde_json::to_string(terms).expect("terms are plain data")
}

/// The value that [`text`] wrote.
pub(super) fn terms<T: DeserializeOwned>(
    row: i64,
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    let cell = Cell {
        table: "amendment_items",
        row: &row,
        column,
    };
    cell.read(text, serde_json::from_str(text).ok())
}

/// The kind of that word.
pub(super) fn kind(row: i64, word: &str) -> Result<Kind, StoreError> {
    let cell = Cell {
        table: "amendment_items",
        row: &row,
        column: "kind",
    };
    cell.read(word, Kind::find(word))
}

#[derive(FromRow)]
struct Row {
    id: i64,
    plan: String,
    kind: String,
    document: String,
    signed_on: Option<NaiveDate>,
    reason: Option<String>,
    at: DateTime<Utc>,
    revokes: Option<i64>,
    items: i64,
    revoked_by: Option<i64>,
}

impl TryFrom<Row> for Amendment {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            entry: NewAmendment {
                plan: PlanId::new(row.plan),
                kind: kind(row.id, &row.kind)?,
                document: row.document,
                signed_on: row.signed_on,
                reason: row.reason,
                revokes: row.revokes,
            },
            at: row.at,
            items: row.items.unsigned_abs(),
            revoked_by: row.revoked_by,
        })
    }
}

#[derive(FromRow)]
struct ItemRow {
    obligation: i64,
    kind: String,
    counterpart: Option<String>,
    was: String,
    now: String,
}

#[derive(FromRow)]
struct NumberedRow {
    amendment: i64,
    #[sqlx(flatten)]
    item: ItemRow,
}

impl TryFrom<ItemRow> for AmendmentItem {
    type Error = StoreError;

    fn try_from(row: ItemRow) -> Result<Self, StoreError> {
        Ok(Self {
            obligation: ObligationId(row.obligation),
            kind: kind(row.obligation, &row.kind)?,
            counterparts: counterparts(row.counterpart.as_deref()),
            amended: Amended {
                was: terms(row.obligation, "was", &row.was)?,
                now: terms(row.obligation, "now", &row.now)?,
            },
        })
    }
}
