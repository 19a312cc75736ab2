//! What files were when they were fetched: the hash of each is kept, and that one was another later stands in the ledger.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Evidence, EvidenceId, FetchError, Filter, bytes_of, hash, list};
use crate::app::AppError;
use crate::channels::telegram::TelegramFiles;
use crate::domain::delivery::Channel;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::fetched::Noted;
use crate::store::{Db, evidence, fetched};

/// That a file is not what it was when it was fetched first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Which.
    pub id: EvidenceId,
    /// What it was, and when.
    pub first: fetched::First,
}

/// Notes what a file was that was fetched: the ledger keeps its hash, which stands in lists and exports from then on. Where it was
/// another when it was fetched first, that is told, and the ledger keeps both.
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
    let Noted { first, is_told } = fetched::note(&mut tx, &file.id, sha256, size, now).await?;
    let differs = first.sha256 != sha256;
    let is_new = differs && !evidence.later.iter().any(|known| known == sha256);
    if let Some((plan, obligation)) = evidence::find_place(&mut tx, id.event).await? {
        let line = |kind: &str, was: Value, is: Value| NewEvent {
            plan: plan.clone(),
            obligation,
            at: now,
            actor: Actor::Operator,
            kind: kind.to_owned(),
            payload: json!({
                "file": id.to_string(),
                "id": file.id,
                "name": file.name,
                "was": was,
                "is": is,
            }),
            source: None,
        };
        let was = json!({ "sha256": first.sha256, "fetched_at": first.at });
        let mut lines = Vec::new();
        lines.extend((!is_told).then(|| line(fetched::FETCHED, Value::Null, was.clone())));
        let is = json!({ "sha256": sha256, "bytes": size });
        lines.extend(is_new.then(|| line(fetched::DIFFERS, was, is)));
        events::append(&mut tx, &lines).await?;
    }
    tx.commit().await?;
    Ok(differs.then_some(Differs { id, first }))
}

/// What fetching many files found.
#[derive(Debug, Default)]
pub struct LookedAt {
    /// Why some could not be fetched.
    pub missed: Vec<FetchError>,
    /// Those that are not what they were.
    pub differ: Vec<Differs>,
}

/// Fetches each file that Telegram hands out, and notes what it is; the bytes are not kept. What was fetched before is looked at
/// again; what came by mail has had its hash since.
///
/// # Errors
/// When the database fails.
pub async fn look_at_all(
    db: &Db,
    telegram: &TelegramFiles,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<LookedAt, AppError> {
    let mut found = LookedAt::default();
    for one in list(db, filter).await? {
        if one.file.sha256.is_some() && one.line.channel != Some(Channel::Telegram) {
            continue;
        }
        match bytes_of(telegram, &one).await {
            Ok((bytes, size)) => {
                let differs = note(db, &one, size, &hash(&bytes), now).await?;
                found.differ.extend(differs);
            }
            Err(error) => found.missed.push(error),
        }
    }
    Ok(found)
}
