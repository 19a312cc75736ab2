//! A transaction on either database, and the macro that runs one body on both.

use std::ops::{Deref, DerefMut};

use sqlx::{Database, Postgres, Sqlite, Transaction};

use super::chain;
use super::error::{Doing, StoreError};
use crate::domain::chain::Line;

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// On a file.
    Sqlite(Begun<Sqlite>),
    /// On a server.
    Postgres(Begun<Postgres>),
}

/// A transaction on one of the databases, with the lines of the ledger that it added and that are sealed when it commits.
#[derive(Debug)]
pub struct Begun<DB: Database> {
    transaction: Transaction<'static, DB>,
    unsealed: Vec<Line>,
}

impl<DB: Database> From<Transaction<'static, DB>> for Begun<DB> {
    fn from(transaction: Transaction<'static, DB>) -> Self {
        let unsealed = Vec::new();
        Self {
            transaction,
            unsealed,
        }
    }
}

impl<DB: Database> Deref for Begun<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.transaction
    }
}

impl<DB: Database> DerefMut for Begun<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.transaction
    }
}

/// Runs one body with `$conn` as the connection of whichever database `$tx` is on.
///
/// The body is compiled once for each: sqlx infers the database from the connection, so a statement is written once, with
/// `$1` placeholders (or by `QueryBuilder`), and decoded into plain types or a struct that derives `FromRow`.
/// Use `&mut *$conn` where the body runs more than one statement.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}

impl Tx {
    /// Makes everything done in it durable and visible. The lines that it added to the ledger are sealed first: only then,
    /// as the last thing and for as short as can be, are the heads of the chains locked, so that a transaction that waits
    /// for one holds nothing that the holder could want.
    ///
    /// # Errors
    /// When the database cannot; then nothing of it was kept, unless the connection broke during the commit itself.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let lines = match &mut self {
            Self::Sqlite(tx) => std::mem::take(&mut tx.unsealed),
            Self::Postgres(tx) => std::mem::take(&mut tx.unsealed),
        };
        chain::seal(&mut self, lines).await?;
        match self {
            Self::Sqlite(tx) => tx.transaction.commit().await,
            Self::Postgres(tx) => tx.transaction.commit().await,
        }
        .doing("committing")
    }

    /// Notes lines of the ledger that are to be sealed when this commits.
    pub(super) fn seal_later(&mut self, lines: impl IntoIterator<Item = Line>) {
        match self {
            Self::Sqlite(tx) => tx.unsealed.extend(lines),
            Self::Postgres(tx) => tx.unsealed.extend(lines),
        }
    }

    /// The days `i.day` of a group, each once, joined by commas in any order: one row instead of one for each day.
    pub(super) fn days_joined(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "group_concat(DISTINCT i.day)",
            Self::Postgres(_) => "string_agg(DISTINCT CAST(i.day AS TEXT), ',')",
        }
    }

    /// The columns of a row as one text, an array, for [`super::bulk::Packed`]. SQLite runs on a thread of its own: each
    /// value that crosses over to ours is copied there and freed here, and both threads wait for one another's memory.
    pub(super) fn packed(&self, columns: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("json_array({columns})"),
            Self::Postgres(_) => format!("CAST(json_build_array({columns}) AS TEXT)"),
        }
    }

    /// All rows as one text, an array of arrays of these columns, for [`super::bulk::rows`]: each row that crosses over from
    /// SQLite's thread can cost two switches of threads as well.
    pub(super) fn rows_as_one(&self, columns: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("json_group_array(json_array({columns}))"),
            Self::Postgres(_) => {
                format!("CAST(COALESCE(json_agg(json_build_array({columns})), '[]') AS TEXT)")
            }
        }
    }

    /// The same, in this order.
    pub(super) fn rows_as_one_by(&self, columns: &str, order: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("json_group_array(json_array({columns}) ORDER BY {order})"),
            Self::Postgres(_) => format!(
                "CAST(COALESCE(json_agg(json_build_array({columns}) ORDER BY {order}), '[]') AS TEXT)"
            ),
        }
    }

    /// What stands before and behind the placeholder of [`super::bulk::numbers`] behind `IN`: one statement for lists of any
    /// length, which is prepared once.
    pub(super) fn numbers(&self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite(_) => (" (SELECT value FROM json_each(", "))"),
            Self::Postgres(_) => (
                " (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(",
                " AS JSON)))",
            ),
        }
    }

    /// The same of [`super::bulk::texts`].
    pub(super) fn texts(&self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite(_) => (" (SELECT value FROM json_each(", "))"),
            Self::Postgres(_) => (
                " (SELECT value FROM json_array_elements_text(CAST(",
                " AS JSON)))",
            ),
        }
    }

    /// What stands before and behind the placeholder of a JSON array of arrays, to be read as rows: their columns are
    /// `value ->> 0`, `value ->> 1` and so on.
    pub(super) fn elements(&self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite(_) => ("json_each(", ")"),
            Self::Postgres(_) => ("json_array_elements(CAST(", " AS JSON))"),
        }
    }

    /// The type of a column of days.
    pub(super) fn type_of_days(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "TEXT",
            Self::Postgres(_) => "DATE",
        }
    }

    /// The type of a column of instants.
    pub(super) fn type_of_instants(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "TEXT",
            Self::Postgres(_) => "TIMESTAMPTZ",
        }
    }

    /// What a `SELECT` of rows ends with that this transaction goes on to change. SQLite has one writer at a time and
    /// needs nothing.
    pub(super) fn locked(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }

    /// What a `SELECT` of rows to be claimed ends with, so that two claimers never wait for each other's rows.
    /// SQLite has one writer at a time and needs nothing.
    pub(super) fn skip_locked(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        }
    }
}
