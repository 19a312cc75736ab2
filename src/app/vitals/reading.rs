//! What the database holds, counted for whoever watches.

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::local;
use crate::domain::finding::FindingKind;
use crate::store::leases::{self, Lease};
use crate::store::outbox::{self, Due, Tally};
use crate::store::tokens::{self, Health};
use crate::store::{Db, StoreError, briefs, findings, inbox, obligations, parked, watermarks};

/// What the database held at one moment. Every count comes from an index of what is not settled, so that its cost does not
/// grow with what was ever sent or is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Size in bytes.
    pub size: u64,
    /// The schema version.
    pub version: i64,
    /// Deliveries that are not settled.
    pub unsettled: Vec<Tally>,
    /// Deliveries that could be sent at once.
    pub due: Vec<Due>,
    /// Obligations that the planner has to look at today.
    pub obligations_due: u64,
    /// The last day that was planned.
    pub planned: Option<NaiveDate>,
    /// The last day of the digests' schedule that was served.
    pub digest: Option<NaiveDate>,
    /// Briefs that wait for words.
    pub parked: u64,
    /// Briefs of the last planned day that reach nobody.
    pub unreachable: u64,
    /// Received messages that are new, held and parked.
    pub inbox: (u64, u64, u64),
    /// When the one was stored that has been new for longest.
    pub oldest_new: Option<DateTime<Utc>>,
    /// What the auditor found and nobody has mended, by kind.
    pub findings: Vec<(FindingKind, u64)>,
    /// Leases that were not given back.
    pub leases: Vec<Lease>,
    /// How the tokens of the account stand that was consented to last.
    pub tokens: Option<Health>,
}

impl Reading {
    /// Takes a reading: the size and the version, and all counts as of one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take(db: &Db, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let version = db.version().await?.unwrap_or_default();
        let size = db.size().await?;
        let mut tx = db.snapshot().await?;
        let planned = watermarks::last_planned_day(&mut tx).await?;
        let unreachable = match planned {
            Some(day) => briefs::count_unreachable(&mut tx, day).await?,
            None => 0,
        };
        Ok(Self {
            size,
            version,
            unsettled: outbox::tally_unsettled(&mut tx).await?,
            due: outbox::tally_due(&mut tx, now).await?,
            obligations_due: obligations::count_due(&mut tx, local(now).date()).await?,
            planned,
            digest: watermarks::last_digest_day(&mut tx).await?,
            parked: parked::count(&mut tx).await?,
            unreachable,
            inbox: inbox::tally(&mut tx).await?,
            oldest_new: inbox::oldest_new(&mut tx).await?,
            findings: findings::tally(&mut tx).await?,
            leases: leases::list(&mut tx).await?,
            tokens: tokens::list_health(&mut tx)
                .await?
                .into_iter()
                .max_by_key(|health| health.obtained_at),
        })
    }
}
