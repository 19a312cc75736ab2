//! The tokens of a Zalo Official Account, kept in the database.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use crate::channels::fingerprint;
use crate::channels::zalo_oa::{KeepError, Keeping, Pair, TokenKeeper, Tokens};
use crate::clock::Clock;
use crate::store::tokens::{self, NewTokens};
use crate::store::{Db, StoreError};

/// Keeps the pair of one account in the database. Each change is committed when its call returns.
#[derive(Debug)]
pub struct StoredTokens {
    db: Db,
    clock: Clock,
    account: String,
    /// The refresh token of the configuration.
    seed: Option<SecretString>,
    /// Whether the seed was offered to the database.
    is_seeded: AtomicBool,
}

impl StoredTokens {
    /// Keeps the pair of the account of that number. `seed` is the refresh token that a consent gave, if one is at hand.
    #[must_use]
    pub fn new(db: Db, clock: Clock, oa_id: &str, seed: Option<SecretString>) -> Self {
        Self {
            db,
            clock,
            account: format!("zalo_oa:{oa_id}"),
            seed,
            is_seeded: AtomicBool::new(false),
        }
    }

    async fn find(&self) -> Result<Option<Tokens>, StoreError> {
        if !self.is_seeded.load(Ordering::Acquire) {
            self.offer_seed().await?;
            self.is_seeded.store(true, Ordering::Release);
        }
        let mut tx = self.db.snapshot().await?;
        let found = tokens::find(&mut tx, &self.account).await?;
        Ok(found.map(|found| Tokens {
            version: found.version,
            access: found.access,
            refresh: found.refresh,
            obtained_at: found.obtained_at,
            expires_at: found.expires_at,
            failure: found.failure,
        }))
    }

    /// Once in each start: the seed may be the first token, or that of a new consent; and what failed is tried once more,
    /// for somebody may have corrected the application's secret.
    async fn offer_seed(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if let Some(refresh) = &self.seed {
            let hash = fingerprint(refresh.expose_secret().as_bytes());
            let first = NewTokens {
                access: None,
                refresh,
                expires_at: now,
            };
            tokens::seed(&mut tx, &self.account, &hash, first, now).await?;
        }
        tokens::forgive(&mut tx, &self.account).await?;
        tx.commit().await
    }

    async fn claim(&self, version: i64, until: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let mut tx = self.db.begin().await?;
        let claimed =
            tokens::claim(&mut tx, &self.account, version, self.clock.now(), until).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn replace(&self, version: i64, pair: &Pair) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let new = NewTokens {
            access: Some(&pair.access),
            refresh: &pair.refresh,
            expires_at: now + pair.lives,
        };
        let mut tx = self.db.begin().await?;
        let replaced = tokens::replace(&mut tx, &self.account, version, new, now).await?;
        tx.commit().await?;
        Ok(replaced)
    }

    async fn release(&self, version: i64) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        tokens::release(&mut tx, &self.account, version).await?;
        tx.commit().await
    }

    async fn fail(&self, version: i64, reason: &str) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        tokens::fail(&mut tx, &self.account, version, reason, self.clock.now()).await?;
        tx.commit().await
    }
}

impl TokenKeeper for StoredTokens {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn load(&self) -> Keeping<'_, Option<Tokens>> {
        Box::pin(async { self.find().await.map_err(not_kept) })
    }

    fn claim(&self, version: i64, until: DateTime<Utc>) -> Keeping<'_, Option<i64>> {
        Box::pin(async move { self.claim(version, until).await.map_err(not_kept) })
    }

    fn replace<'a>(&'a self, version: i64, pair: &'a Pair) -> Keeping<'a, bool> {
        Box::pin(async move { self.replace(version, pair).await.map_err(not_kept) })
    }

    fn release(&self, version: i64) -> Keeping<'_, ()> {
        Box::pin(async move { self.release(version).await.map_err(not_kept) })
    }

    fn fail<'a>(&'a self, version: i64, reason: &'a str) -> Keeping<'a, ()> {
        Box::pin(async move { self.fail(version, reason).await.map_err(not_kept) })
    }
}

fn not_kept(error: StoreError) -> KeepError {
    KeepError(error.to_string())
}
