//! What files were when they were fetched: the hash of each is kept, and that one was another later stands in the ledger.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Evidence, EvidenceId, FetchError, Filter, bytes_of, hash, list};
use crate::app::AppError;
use crate::channels::telegram::TelegramFiles;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::{Db, evidence, fetched};

/// That a file is not what it was when it was fetched first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Which.
    pub id: EvidenceId,
    /// What it was, and when.
    pub first: fetched::First,
}

/// Notes what a file was that was fetched: its hash stands in lists and exports from then on. Where it was another when it was
/// fetched first, that is told, and the ledger keeps both.
///
/// # Errors
/// When the database fails.
pub async fn note(
    db: &Db,
    evidence: &Evidence,
    size: u64,
    sha256: &str,
    now: DateTime<Utc>,
) -> Result<Option<Differs>, AppError> {
    let (id, file) = (evidence.id, &evidence.file);
    let mut tx = db.begin().await?;
    let first = fetched::note(&mut tx, &file.id, sha256, size, now).await?;
    if let Some(first) = &first
        && !evidence.later.iter().any(|known| known == sha256)
        && let Some((plan, obligation)) = evidence::find_place(&mut tx, id.event).await?
    {
        let line = NewEvent {
            plan,
            obligation,
            at: now,
            actor: Actor::Operator,
            kind: fetched::DIFFERS.to_owned(),
            payload: json!({
                "file": id.to_string(),
                "id": file.id,
                "name": file.name,
                "was": { "sha256": first.sha256, "fetched_at": first.at },
                "is": { "sha256": sha256, "bytes": size },
            }),
            source: None,
        };
        events::append(&mut tx, &[line]).await?;
    }
    tx.commit().await?;
    Ok(first.map(|first| Differs { id, first }))
}

/// Fetches each file whose hash is not known and that Telegram hands out, and notes what it was; the bytes are not kept. Gives
/// those that could not be fetched, with why.
///
/// # Errors
/// When the database fails.
pub async fn fetch_missing(
    db: &Db,
    telegram: &TelegramFiles,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<Vec<FetchError>, AppError> {
    let mut missed = Vec::new();
    for one in list(db, filter).await? {
        if one.file.sha256.is_some() {
            continue;
        }
        match bytes_of(telegram, &one).await {
            // Nothing was known of it: there is nothing from which it could differ.
            Ok((bytes, size)) => drop(note(db, &one, size, &hash(&bytes), now).await?),
            Err(error) => missed.push(error),
        }
    }
    Ok(missed)
}
