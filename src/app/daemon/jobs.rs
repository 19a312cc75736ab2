//! What the daemon does by the clock: the briefs of the day, the digests of the week, tokens kept fresh.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Daemon;
use super::audit::Looks;
use crate::app::AppError;
use crate::app::caught::caught;
use crate::app::caution::Hands;
use crate::app::deliver::Deliverer;
use crate::app::digest::{rehearse_digests, send_digests};
use crate::app::plan_day::plan_day;
use crate::app::rehearse::rehearse;
use crate::app::vitals::{Step, Trouble, Way};
use crate::clock::local;
use crate::store::{inbox, watermarks};

/// How often channels look after what must not expire.
const KEPT_FRESH_EVERY: TimeDelta = TimeDelta::hours(1);
/// How long a digest that failed waits for its next try.
const DIGEST_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// What was done and told, in the memory of one process.
#[derive(Debug, Default)]
pub(super) struct Diary {
    /// The day on which the operator was told that the clock has gone back.
    told_on: Mutex<Option<NaiveDate>>,
    /// When the channels last looked after what must not expire.
    kept_fresh_at: Mutex<Option<DateTime<Utc>>>,
    /// When a digest that failed is tried again.
    digest_waits_until: Mutex<Option<DateTime<Utc>>>,
    /// When erasing old words is tried again after it failed.
    pub(super) expiry_waits_until: Mutex<Option<DateTime<Utc>>>,
    /// When the auditor looks.
    pub(super) looks: Mutex<Option<Looks>>,
}

impl Diary {
    /// The next round asks the channels again.
    pub(super) fn look_after_tokens_now(&self) {
        *lock(&self.kept_fresh_at) = None;
    }
}

impl Daemon {
    pub(super) async fn plan(&self) -> Result<(), AppError> {
        if let Some(today) = self.day_to_plan().await? {
            if self.awaits_answers().await? {
                return Ok(());
            }
            if self.deliverer.caution.is_on() {
                Box::pin(rehearse(&self.deliverer, today)).await?;
            }
            let (db, setup) = (&self.deliverer.db, &self.deliverer.setup);
            let planned = Box::pin(plan_day(
                db,
                setup,
                &self.deliverer.origin,
                today,
                self.deliverer.clock.now(),
            ))
            .await?;
            self.deliverer.signs.planned(&planned);
            tracing::info!(
                day = %today,
                briefs = planned.briefs,
                unreachable = planned.unreachable,
                parked = planned.parked,
                already_planned = planned.already_planned,
                superseded = planned.superseded,
                "the day is planned"
            );
        }
        self.digest_or_tell().await;
        self.expire_or_tell().await;
        Ok(())
    }

    /// A digest that fails holds up no brief; it is tried again after a while.
    async fn digest_or_tell(&self) {
        let now = self.deliverer.clock.now();
        if lock(&self.diary.digest_waits_until).is_some_and(|until| now < until) {
            return;
        }
        let made = caught(self.digest()).await.unwrap_or(Err(AppError::Fault));
        if let Err(error) = made {
            let again = now + DIGEST_AGAIN_AFTER;
            *lock(&self.diary.digest_waits_until) = Some(again);
            self.deliverer.signs.failed(Step::Digest);
            tracing::error!(
                error = &error as &dyn std::error::Error,
                %again,
                "the digest cannot be made"
            );
        }
    }

    /// The digests, once for each day of their schedule: on that day or, where it is off, on the next working day; late
    /// when nothing ran then.
    async fn digest(&self) -> Result<(), AppError> {
        let Deliverer {
            db,
            setup,
            origin,
            clock,
            ..
        } = &self.deliverer;
        let now = local(clock.now());
        let today = now.date();
        let Some((nominal, leaves_on)) = setup.digest_of(today) else {
            return Ok(());
        };
        let its_hour = now.time() >= nominal.time();
        let nominal = nominal.date();
        if !(its_hour && setup.is_sendable(now) && leaves_on <= today) {
            return Ok(());
        }
        let mut tx = db.snapshot().await?;
        let last = watermarks::last_digest_day(&mut tx).await?;
        drop(tx);
        // What starts in the middle of a week has no week to look back on.
        let wanted = match last {
            Some(last) => last < nominal,
            None => leaves_on == today,
        };
        if !wanted || self.awaits_answers().await? {
            return Ok(());
        }
        if self.deliverer.caution.is_on() {
            let hands = Hands::of(&self.deliverer);
            Box::pin(rehearse_digests(
                db,
                setup,
                origin,
                today,
                clock.now(),
                &hands,
            ))
            .await?;
        }
        let sending = send_digests(db, setup, origin, nominal, today, clock.now());
        if Box::pin(sending).await? {
            tracing::info!(day = %nominal, "the digests are queued");
        }
        Ok(())
    }

    /// Once an hour: tokens are refreshed in time also while there is nothing to send, and somebody is told if they are not.
    pub(super) async fn keep_fresh(&self) {
        let now = self.deliverer.clock.now();
        {
            let mut at = lock(&self.diary.kept_fresh_at);
            if at.is_some_and(|at| now < at + KEPT_FRESH_EVERY) {
                return;
            }
            *at = Some(now);
        }
        for (channel, sender) in self.deliverer.senders.iter() {
            let signs = &self.deliverer.signs;
            if let Err(why) = sender.keep_fresh().await {
                signs.unwell(*channel, Way::Send, Trouble::NotRenewed, now);
                tracing::error!(
                    channel = channel.as_str(),
                    why,
                    "nothing can be sent by this channel"
                );
            } else {
                signs.well(*channel, Way::Send);
            }
        }
    }

    /// Whether what people have written while nothing ran is still being fetched or dealt with.
    async fn awaits_answers(&self) -> Result<bool, AppError> {
        let mut tx = self.deliverer.db.snapshot().await?;
        let is_undone = inbox::oldest_new(&mut tx).await?.is_some();
        Ok(self.abreast.is_awaited(is_undone))
    }

    async fn day_to_plan(&self) -> Result<Option<NaiveDate>, AppError> {
        let setup = &self.deliverer.setup;
        let Some((today, _)) = setup.planning_hour(self.deliverer.clock.now()) else {
            return Ok(None);
        };
        let mut tx = self.deliverer.db.snapshot().await?;
        let planned = watermarks::last_planned_day(&mut tx).await?;
        if let Some(ahead) = planned.filter(|day| *day > today) {
            self.tell_clock_went_back(today, ahead);
        }
        Ok(planned.is_none_or(|day| day < today).then_some(today))
    }

    /// Nothing is planned until the clock has caught up: what was told on a day that has not come is not told again.
    fn tell_clock_went_back(&self, today: NaiveDate, ahead: NaiveDate) {
        let mut told_on = lock(&self.diary.told_on);
        if told_on.replace(today) != Some(today) {
            tracing::error!(
                %today,
                planned = %ahead,
                "a day that has not come is planned already: set the clock of this machine, or, if it is right now and ran ahead then, run \
                 `dondoc replan`; nothing is planned before"
            );
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
