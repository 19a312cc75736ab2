//! The tokens of a Zalo Official Account, kept in the database.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use crate::channels::fingerprint;
use crate::channels::zalo_oa::{Consent, KeepError, Keeping, Pair, TokenKeeper, Tokens};
use crate::clock::Clock;
use crate::store::tokens::{self, NewTokens};
use crate::store::{Db, StoreError};

/// Keeps the pair of one account in the database. Each change is committed when its call returns.
#[derive(Debug)]
pub struct StoredTokens {
    db: Db,
    clock: Clock,
    account: String,
    seed: Mutex<Seed>,
}

/// The refresh token of the configuration.
#[derive(Clone, Debug)]
struct Seed {
    refresh: Option<SecretString>,
    /// Whether it was offered to the database.
    is_offered: bool,
}

impl StoredTokens {
    /// Keeps the pair of the account of that number. `seed` is the refresh token that a consent gave, if one is at hand.
    #[must_use]
    pub fn new(db: Db, clock: Clock, oa_id: &str, seed: Option<SecretString>) -> Self {
        Self {
            db,
            clock,
            account: account_of(oa_id),
            seed: Mutex::new(Seed {
                refresh: seed,
                is_offered: false,
            }),
        }
    }

    fn seed(&self) -> MutexGuard<'_, Seed> {
        self.seed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn find(&self) -> Result<Option<Tokens>, StoreError> {
        let seed = self.seed().clone();
        if !seed.is_offered {
            self.offer(seed.refresh.as_ref(), Offer::AndForgive).await?;
            self.seed().is_offered = true;
        }
        let mut found = self.read().await?;
        // A pair that lived when a new consent was offered may have failed since.
        if found.as_ref().is_some_and(|pair| pair.failure.is_some()) && seed.is_offered {
            self.offer(seed.refresh.as_ref(), Offer::Only).await?;
            found = self.read().await?;
        }
        Ok(found.map(|found| Tokens {
            version: found.version,
            access: found.access,
            refresh: found.refresh,
            obtained_at: found.obtained_at,
            expires_at: found.expires_at,
            failure: found.failure,
        }))
    }

    async fn read(&self) -> Result<Option<tokens::Tokens>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        tokens::find(&mut tx, &self.account).await
    }

    /// The seed may be the first token, or that of a new consent. Once in each start and after each reload what failed is
    /// tried once more, too, for somebody may have corrected the application's secret.
    async fn offer(&self, seed: Option<&SecretString>, how: Offer) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if let Some(refresh) = seed {
            let hash = fingerprint(refresh.expose_secret().as_bytes());
            let first = NewTokens {
                access: None,
                refresh,
                expires_at: now,
            };
            tokens::seed(&mut tx, &self.account, &hash, first, now).await?;
        }
        if how == Offer::AndForgive {
            tokens::forgive(&mut tx, &self.account).await?;
        }
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

    fn give(&self, consent: Consent) {
        if account_of(&consent.oa_id) == self.account {
            *self.seed() = Seed {
                refresh: Some(consent.refresh),
                is_offered: false,
            };
        } else {
            tracing::warn!(
                "the configuration names another Zalo Official Account by now: it is served after a restart"
            );
        }
    }

    fn fail<'a>(&'a self, version: i64, reason: &'a str) -> Keeping<'a, ()> {
        Box::pin(async move { self.fail(version, reason).await.map_err(not_kept) })
    }
}

/// The name of an account in the table of tokens.
pub(super) fn account_of(oa_id: &str) -> String {
    format!("zalo_oa:{oa_id}")
}

/// Whether a pair that failed is tried once more when the seed is offered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    Only,
    AndForgive,
}

fn not_kept(error: StoreError) -> KeepError {
    KeepError(error.to_string())
}
