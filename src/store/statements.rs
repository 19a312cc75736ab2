//! The last thing that was said about each obligation, for briefs and digests; the ledger has everything.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder, query};

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::resolution::Return;

/// One thing said about an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// About which.
    pub obligation: ObligationId,
    /// By whom.
    pub contact: ContactId,
    /// When.
    pub at: DateTime<Utc>,
    /// In one word: `done`, `progress`, `blocked`, …
    pub intent: String,
    /// The words themselves.
    pub quote: String,
    /// Progress in percent.
    pub percent: Option<u8>,
    /// The day of which it speaks: on which it is expected to be done, until when more time is asked for, or, where it only
    /// took back what was said before, of that.
    pub expected_on: Option<NaiveDate>,
    /// Number of a document.
    pub document: Option<String>,
    /// Where it reports a completion that was returned: that it was.
    pub returned: Option<Return>,
}

impl Said {
    /// The day of what it only took back.
    #[must_use]
    pub fn takes_back(&self) -> Option<NaiveDate> {
        self.expected_on.filter(|_| self.intent == UNDONE)
    }
}

/// The word of what takes back what was said before, as in the ledger.
const UNDONE: &str = "undone";

#[derive(FromRow)]
struct Row {
    obligation: i64,
    contact: String,
    at: DateTime<Utc>,
    intent: String,
    quote: String,
    percent: Option<i64>,
    expected_on: Option<NaiveDate>,
    document: Option<String>,
    returned_on: Option<NaiveDate>,
    returned_because: Option<String>,
}

impl From<Row> for Said {
    fn from(row: Row) -> Self {
        Self {
            obligation: ObligationId(row.obligation),
            contact: ContactId::new(row.contact),
            at: row.at,
            intent: row.intent,
            quote: row.quote,
            percent: row.percent.and_then(|percent| u8::try_from(percent).ok()),
            expected_on: row.expected_on,
            document: row.document,
            returned: row.returned_on.map(|on| Return {
                on,
                reason: row.returned_because.unwrap_or_default(),
            }),
        }
    }
}

/// Keeps what was said in place of what was said before.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, said: &Said) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO statements (obligation, contact, at, intent, quote, percent, expected_on, document,
                 returned_on, returned_because)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (obligation) DO UPDATE SET contact = excluded.contact, at = excluded.at,
                 intent = excluded.intent, quote = excluded.quote, percent = excluded.percent,
                 expected_on = excluded.expected_on, document = excluded.document,
                 returned_on = excluded.returned_on, returned_because = excluded.returned_because",
        )
        .bind(said.obligation.0)
        .bind(said.contact.as_str())
        .bind(said.at)
        .bind(&said.intent)
        .bind(&said.quote)
        .bind(said.percent.map(i64::from))
        .bind(said.expected_on)
        .bind(&said.document)
        .bind(said.returned.as_ref().map(|returned| returned.on))
        .bind(said.returned.as_ref().map(|returned| &returned.reason))
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("keeping what was said about obligation {}", said.obligation))
}

/// The last thing said about each of these obligations.
///
/// # Errors
/// When the database fails.
pub async fn find(
    tx: &mut Tx,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Said>, StoreError> {
    let mut said = HashMap::new();
    let (open, close) = tx.numbers();
    for chunk in obligations.chunks(bulk::ROWS) {
        let rows: Vec<Row> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT obligation, contact, at, intent, quote, percent, expected_on, document, returned_on, \
                 returned_because FROM statements \
                 WHERE obligation IN",
            )
            .push(open)
            .push_bind(bulk::numbers(chunk.iter().map(|id| id.0)))
            .push(close)
            .build_query_as()
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("reading what was said about {} obligations", chunk.len()))?;
        said.extend(
            rows.into_iter()
                .map(|row| (ObligationId(row.obligation), row.into())),
        );
    }
    Ok(said)
}

/// Forgets what was said last: it was taken back.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, obligation: ObligationId) -> Result<(), StoreError> {
    on!(tx, conn => {
        query("DELETE FROM statements WHERE obligation = $1")
            .bind(obligation.0)
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!(
        "forgetting what was said about obligation {obligation}"
    ))
}
