//! A transaction on either database, and the macro that runs one body on both.

use sqlx::{Postgres, Sqlite, Transaction};

use super::error::{Doing, StoreError};

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// On a file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On a server.
    Postgres(Transaction<'static, Postgres>),
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
    /// Makes everything done in it durable and visible.
    ///
    /// # Errors
    /// When the database cannot; then nothing of it was kept, unless the connection broke during the commit itself.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .doing("committing")
    }

    /// The days `i.day` of a group, each once, joined by commas in any order: one row instead of one for each day.
    pub(super) fn days_joined(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "group_concat(DISTINCT i.day)",
            Self::Postgres(_) => "string_agg(DISTINCT CAST(i.day AS TEXT), ',')",
        }
    }

    /// All rows as one text, an array of arrays of these columns, for [`super::bulk::rows`]. SQLite runs on a thread of its
    /// own, and each row that crosses over to ours can cost two switches of threads.
    pub(super) fn rows_as_one(&self, columns: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("json_group_array(json_array({columns}))"),
            Self::Postgres(_) => {
                format!("CAST(COALESCE(json_agg(json_build_array({columns})), '[]') AS TEXT)")
            }
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
