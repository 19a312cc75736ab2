//! When the auditor looks: every hour, and when the day's hours of sending are over.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Daemon;
use super::jobs::lock;
use crate::app::AppError;
use crate::app::audit::{Audited, Auditor, Look};
use crate::app::caught::caught;
use crate::clock::local;
use crate::store::leases::{self, Asked};

/// How long after the start the first look is: what waited through an outage is dealt with by then.
const FIRST_AFTER: TimeDelta = TimeDelta::minutes(15);
/// How often.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// For how long the others leave looking to whoever looked last: a little less than that.
const LEASE: TimeDelta = TimeDelta::minutes(55);
/// When to look again after a look that failed, or that another process had taken.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(5);
/// A process that did nothing for so long was stopped, or its machine slept: it begins anew.
const ASLEEP: TimeDelta = TimeDelta::minutes(10);
/// Who looks.
const NAME: &str = "audit";

/// What one process knows of its looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looks {
    /// Since when it works.
    since: DateTime<Utc>,
    /// When it last said that it does.
    alive_at: DateTime<Utc>,
    /// When it looks next.
    next: DateTime<Utc>,
    /// The last day that it looked at when it was over.
    ended: Option<NaiveDate>,
}

impl Looks {
    fn from(now: DateTime<Utc>) -> Self {
        Self {
            since: now,
            alive_at: now,
            next: now + FIRST_AFTER,
            ended: None,
        }
    }
}

impl Daemon {
    /// Has the auditor look now, as one that works since then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, look: Look, since: DateTime<Utc>) -> Result<Audited, AppError> {
        let now = self.deliverer.clock.now();
        let auditor = Auditor {
            db: &self.deliverer.db,
            setup: &self.deliverer.setup,
            origin: &self.deliverer.origin,
            retry: &self.deliverer.pace.retry,
            since,
        };
        auditor.look(look, now).await
    }

    /// Has it look when its time has come. A look that fails holds up nothing.
    pub(super) async fn audit_or_tell(&self) {
        let now = self.deliverer.clock.now();
        let looks = self.looks(now);
        let clock = local(now);
        let day_is_over = clock.time() > self.deliverer.setup.ladder.until;
        let look = if day_is_over && looks.ended != Some(clock.date()) && now > looks.since {
            Look::EndOfDay
        } else if now >= looks.next {
            Look::Hourly
        } else {
            return;
        };
        let looked = caught(self.audit_alone(look, looks.since, now)).await;
        let again = match looked.unwrap_or(Err(AppError::Fault)) {
            Ok(true) => EVERY,
            Ok(false) => AGAIN_AFTER,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the auditor could not look; it tries again"
                );
                AGAIN_AFTER
            }
        };
        if let Some(looks) = lock(&self.diary.looks).as_mut() {
            looks.alive_at = self.deliverer.clock.now();
            looks.next = now + again;
            if look == Look::EndOfDay {
                looks.ended = Some(clock.date());
            }
        }
    }

    /// Looks, if no other process has done so within the hour.
    async fn audit_alone(
        &self,
        look: Look,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let owner = &self.deliverer.pace.owner;
        let mut tx = self.deliverer.db.begin().await?;
        let asked = leases::acquire(&mut tx, NAME, owner, now, LEASE, None).await?;
        let is_ours = match asked {
            // Looking twice does no harm.
            Asked::Theirs(theirs) if theirs.ahead_of(now) > EVERY => true,
            asked => asked.is_ours(),
        };
        tx.commit().await?;
        if is_ours {
            self.audit(look, since).await?;
        }
        Ok(is_ours)
    }

    /// What is known; nothing, from now on, where the process slept or the clock has gone back.
    fn looks(&self, now: DateTime<Utc>) -> Looks {
        let mut looks = lock(&self.diary.looks);
        let awake = |one: &Looks| one.alive_at <= now && now < one.alive_at + ASLEEP;
        let known = looks.filter(awake).unwrap_or_else(|| Looks {
            ended: looks.and_then(|one| one.ended),
            ..Looks::from(now)
        });
        *looks.insert(Looks {
            alive_at: now,
            ..known
        })
    }
}
