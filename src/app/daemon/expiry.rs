//! When words that are old are erased: once a day, after its hours of sending.

use chrono::{DateTime, TimeDelta, Utc};

use super::Daemon;
use super::jobs::lock;
use crate::app::AppError;
use crate::app::caught::caught;
use crate::app::expire::{Expired, expire};
use crate::clock::local;
use crate::store::watermarks;

/// How long it waits for its next try when it failed.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);

impl Daemon {
    /// Erases what is older than words are kept for, if its time has come. A failure holds up nothing.
    pub(super) async fn expire_or_tell(&self) {
        let now = self.deliverer.clock.now();
        if lock(&self.diary.expiry_waits_until).is_some_and(|until| now < until) {
            return;
        }
        let expired = caught(self.expire_if_due(now)).await;
        match expired.unwrap_or(Err(AppError::Fault)) {
            Ok(None) => {}
            Ok(Some(expired)) => tracing::info!(
                messages = expired.messages,
                received = expired.received,
                lines = expired.lines,
                "old words are erased"
            ),
            Err(error) => {
                let again = now + AGAIN_AFTER;
                *lock(&self.diary.expiry_waits_until) = Some(again);
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    %again,
                    "old words cannot be erased"
                );
            }
        }
    }

    /// What was erased; `None` when words are kept for ever, or it is not the time.
    async fn expire_if_due(&self, now: DateTime<Utc>) -> Result<Option<Expired>, AppError> {
        let (db, setup) = (&self.deliverer.db, &self.deliverer.setup);
        let Some(days) = setup.privacy.keep_words_days else {
            return Ok(None);
        };
        let clock = local(now);
        if clock.time() <= setup.ladder.until {
            return Ok(None);
        }
        let mut tx = db.snapshot().await?;
        let last = watermarks::last_expired_day(&mut tx).await?;
        drop(tx);
        if last.is_some_and(|day| day >= clock.date()) {
            return Ok(None);
        }
        let before = now - TimeDelta::days(days.into());
        let expired = expire(db, before, now, || self.deliverer.beat.now()).await?;
        let mut tx = db.begin().await?;
        watermarks::mark_expired(&mut tx, clock.date()).await?;
        tx.commit().await?;
        Ok(Some(expired))
    }
}
