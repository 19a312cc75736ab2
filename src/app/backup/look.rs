//! What is in a copy, and whether it is sound.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::BackupError;
use crate::app::verify::{Verified, verify};
use crate::domain::chain::walk::Noted;
use crate::store::db::Count;
use crate::store::{Db, restored};

/// The schema version that brought the chain of the ledger.
const CHAINED_SINCE: i64 = 7;

/// What is in a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Its schema version.
    pub version: i64,
    /// When its newest line was written; `None` when it has none.
    pub newest: Option<DateTime<Utc>>,
    /// How many rows the most important tables have.
    pub counts: Vec<Count>,
    /// The chain of each plan; empty where the ledger is older than chains.
    pub chains: Vec<Verified>,
}

impl Contents {
    /// The first plan whose chain does not hold.
    pub(super) fn broken(&self) -> Option<&Verified> {
        self.chains.iter().find(|one| one.broken.is_some())
    }
}

/// Reads all of a copy that nobody writes: its pages, references, rows and chains.
///
/// # Errors
/// When it is damaged, no database of ours, or a newer program has migrated it. A chain that does not hold is told, and
/// no error.
pub async fn look_into(path: &Path) -> Result<Contents, BackupError> {
    let db = Db::open_copy(path).await?;
    let looked = contents(&db, path, None).await;
    db.close().await;
    looked
}

/// What is in `db`; a chain in which `noted` is missing does not hold.
pub(super) async fn contents(
    db: &Db,
    path: &Path,
    noted: Option<Noted>,
) -> Result<Contents, BackupError> {
    let Some(version) = db.version().await? else {
        return Err(BackupError::NotOurs(path.to_owned()));
    };
    let defects = db.defects().await?;
    if !defects.is_empty() {
        return Err(BackupError::Defective {
            path: path.to_owned(),
            defects,
        });
    }
    let chains = if version >= CHAINED_SINCE {
        verify(db, None, noted).await?
    } else {
        Vec::new()
    };
    let mut tx = db.snapshot().await?;
    let newest = restored::newest_entry(&mut tx).await?;
    drop(tx);
    Ok(Contents {
        version,
        newest,
        counts: db.counts().await?,
        chains,
    })
}
