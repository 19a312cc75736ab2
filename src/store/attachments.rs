//! The files of a mail, beside its row in the outbox: stored with it, so that every attempt carries the same bytes.
//!
//! The bytes are kept only as long as somebody may send them: [`drop_bytes`] and [`drop_bytes_before`]. Name and size stay.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query};

use super::Tx;
use super::bulk;
use super::deliveries::DeliveryId;
use super::error::{Doing, StoreError};

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as the reader sees it.
    pub name: String,
    /// What it is, as MIME says it.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Attaches files to the queued message of that id, in their order.
///
/// # Errors
/// When the database fails, or the message has files already.
pub async fn insert(tx: &mut Tx, message_id: &str, files: &[Attachment]) -> Result<(), StoreError> {
    for (position, file) in (0_i64..).zip(files) {
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        on!(tx, conn => {
            query(
                "INSERT INTO attachments (delivery, position, name, media_type, size, bytes)
                 SELECT id, $1, $2, $3, $4, $5 FROM deliveries WHERE message_id = $6",
            )
            .bind(position)
            .bind(&file.name)
            .bind(&file.media_type)
            .bind(size)
            .bind(&file.bytes)
            .bind(message_id)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .doing(format_args!(
            "attaching {} to message {message_id}",
            file.name
        ))?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Row {
    delivery: i64,
    name: String,
    media_type: String,
    bytes: Vec<u8>,
}

/// The files of these deliveries that still have their bytes, each delivery's in order.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    deliveries: &[DeliveryId],
) -> Result<HashMap<DeliveryId, Vec<Attachment>>, StoreError> {
    let mut found: HashMap<DeliveryId, Vec<Attachment>> = HashMap::new();
    for chunk in deliveries.chunks(bulk::ROWS) {
        let rows: Vec<Row> = on!(tx, conn => {
            QueryBuilder::new(
                "SELECT delivery, name, media_type, bytes FROM attachments WHERE bytes IS NOT NULL AND delivery IN",
            )
            .push_tuples(chunk, |mut row, id| {
                row.push_bind(id.0);
            })
            .push(" ORDER BY delivery, position")
            .build_query_as()
            .persistent(bulk::is_kept(chunk.len()))
            .fetch_all(conn)
            .await
        })
        .doing(format_args!("reading the files of {} deliveries", chunk.len()))?;
        for row in rows {
            let files = found.entry(DeliveryId(row.delivery)).or_default();
            files.push(Attachment {
                name: row.name,
                media_type: row.media_type,
                bytes: row.bytes,
            });
        }
    }
    Ok(found)
}

/// Drops the bytes of what was sent: nobody sends it again. Returns how many files that were.
///
/// # Errors
/// When the database fails.
pub async fn drop_bytes(tx: &mut Tx, delivery: DeliveryId) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query("UPDATE attachments SET bytes = NULL WHERE delivery = $1 AND bytes IS NOT NULL")
            .bind(delivery.0)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("dropping the files of delivery {delivery}"))
}

/// Drops the bytes of what was queued before `then`, whatever became of it. Returns how many files that were.
///
/// # Errors
/// When the database fails.
pub async fn drop_bytes_before(tx: &mut Tx, then: DateTime<Utc>) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE attachments SET bytes = NULL WHERE bytes IS NOT NULL
             AND EXISTS (SELECT 1 FROM deliveries d WHERE d.id = attachments.delivery AND d.created_at < $1)",
        )
        .bind(then)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing("dropping the files of old deliveries")
}
