//! The inbox worked off, in the order in which it came.

use tracing::Instrument as _;

use super::desk::Desk;
use crate::app::AppError;
use crate::app::caught::caught;
use crate::app::caution::Thing;
use crate::domain::delivery::Channel;
use crate::store::inbox::{self, InboxId, Settled};

/// How many rows are looked at in one round.
const BATCH: u32 = 200;

/// How many rows are dealt with in one transaction: a commit waits for the disk, longer than most rows take.
const AT_ONCE: usize = 16;

/// How often a message is decided afresh because somebody else was faster.
const MOST_LOOKS: u32 = 5;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    /// Dealt with.
    pub done: u64,
    /// Held, because the sender is in doubt.
    pub held: u64,
    /// Parked, because dealing with them failed.
    pub parked: u64,
}

impl Desk {
    /// Works off everything that is new. What fails is parked and named; the rest goes on.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn work_off(&self) -> Result<Handled, AppError> {
        let mut handled = Handled::default();
        loop {
            let mut tx = self.db.snapshot().await?;
            let ids = inbox::list_new(&mut tx, BATCH).await?;
            drop(tx);
            if ids.is_empty() {
                return Ok(handled);
            }
            for group in ids.chunks(AT_ONCE) {
                self.work_off_group(group, &mut handled).await?;
            }
        }
    }

    /// Deals with some rows, one after the other: all in one transaction, or each in its own when one of them fails, so that
    /// it takes no other with it.
    async fn work_off_group(
        &self,
        group: &[InboxId],
        handled: &mut Handled,
    ) -> Result<(), AppError> {
        if group.len() > 1
            && !self.caution.is_on()
            && let Some(Ok(settled)) = caught(self.handle(group)).await
        {
            for how in settled {
                handled.count(how);
            }
            return Ok(());
        }
        for id in group {
            match self.attempt_with_care(*id).await {
                Ok(how) => handled.count(how),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    self.park(*id, &error).await?;
                    handled.count(Some(Settled::Parked));
                }
            }
        }
        Ok(())
    }

    /// Deals with one row; after another process has died it is noted first. One over which several have died is not touched.
    async fn attempt_with_care(&self, id: InboxId) -> Result<Option<Settled>, AppError> {
        if !self.caution.is_on() {
            return self.attempt(id).await;
        }
        let thing = Thing::Received(id);
        let ended = if self.hands.take(&thing).await? {
            self.attempt(id).await
        } else {
            Err(AppError::Fallen)
        };
        if !matches!(&ended, Err(error) if error.is_transient()) {
            self.hands.strike_out(&[thing]).await?;
        }
        ended
    }

    /// Deals with one row. A fault of the program ends with it, and what somebody changed meanwhile is looked at afresh.
    async fn attempt(&self, id: InboxId) -> Result<Option<Settled>, AppError> {
        let mut looks = 1;
        loop {
            match caught(self.handle(&[id]))
                .await
                .unwrap_or(Err(AppError::Fault))
            {
                Err(AppError::Overtaken { .. }) if looks < MOST_LOOKS => looks += 1,
                ended => return Ok(ended?.into_iter().flatten().next()),
            }
        }
    }

    /// Deals with rows and settles them, in one transaction. `None` for what somebody else has settled.
    async fn handle(&self, ids: &[InboxId]) -> Result<Vec<Option<Settled>>, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let mut ended = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(received) = inbox::find_new(&mut tx, *id).await? else {
                ended.push(None);
                continue;
            };
            // Every line about it, from wherever it is logged, names who wrote.
            let span = tracing::info_span!("reply", contact = tracing::field::Empty);
            let dealing = self.deal_with(&mut tx, &received, now);
            let dealing = dealing.instrument(span.clone());
            let (how, outcome) = dealing.await?;
            if !inbox::settle(&mut tx, *id, how, &outcome, now).await? {
                // What was done for it must not be committed; what else is new comes up again.
                return Ok(vec![None; ids.len()]);
            }
            ended.push(Some(Ended {
                how,
                outcome,
                channel: received.inbound.channel,
                span,
            }));
        }
        tx.commit().await?;
        let mut settled = Vec::with_capacity(ended.len());
        for (id, ended) in ids.iter().zip(ended) {
            settled.push(ended.as_ref().map(|one| one.how));
            if let Some(ended) = ended {
                ended.tell(*id);
            }
        }
        Ok(settled)
    }

    async fn park(&self, id: InboxId, error: &AppError) -> Result<(), AppError> {
        tracing::error!(
            inbox = %id,
            error = error as &dyn std::error::Error,
            "a received message cannot be dealt with: it is parked, the others go on"
        );
        let mut tx = self.db.begin().await?;
        let reason = error.to_string();
        inbox::settle(&mut tx, id, Settled::Parked, &reason, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }
}

impl Handled {
    fn count(&mut self, how: Option<Settled>) {
        match how {
            Some(Settled::Done) => self.done += 1,
            Some(Settled::Held) => self.held += 1,
            Some(Settled::Parked) => self.parked += 1,
            None => {}
        }
    }
}

/// How a row ended.
struct Ended {
    how: Settled,
    outcome: String,
    channel: Channel,
    /// Names who wrote.
    span: tracing::Span,
}

impl Ended {
    fn tell(&self, id: InboxId) {
        let (channel, outcome) = (self.channel.as_str(), &self.outcome);
        let _entered = self.span.enter();
        match self.how {
            Settled::Done => tracing::info!(inbox = %id, channel, outcome, "dealt with"),
            Settled::Held | Settled::Parked => {
                tracing::warn!(inbox = %id, channel, outcome, "waits for a person");
            }
        }
    }
}
