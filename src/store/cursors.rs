//! How far a channel was read. A cursor is set in the transaction that stores what was read up to it.

use sqlx::{query, query_scalar};

use super::Tx;
use super::error::{Doing, StoreError};

/// The cursor of that name; `None` before the first.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT value FROM cursors WHERE name = $1").bind(name).fetch_optional(conn).await
    })
    .doing(format_args!("reading cursor {name}"))
}

/// Sets the cursor.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    on!(tx, conn => {
        query(
            "INSERT INTO cursors (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(conn)
        .await
        .map(drop)
    })
    .doing(format_args!("setting cursor {name}"))
}
