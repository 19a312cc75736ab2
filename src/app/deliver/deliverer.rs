//! Sends what waits in the outbox.

use std::collections::HashMap;
use std::ops::AddAssign;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::aloft::Aloft;
use super::halt::Halt;
use crate::app::AppError;
use crate::app::caution::Caution;
use crate::app::node::{Duty, Node};
use crate::app::park;
use crate::app::plan_day::{Origin, draft_again};
use crate::app::pulse::Beat;
use crate::app::setup::Setup;
use crate::app::vitals::Signs;
use crate::app::windows::Windows;
use crate::channels::Sender;
use crate::clock::{Clock, instant, local};
use crate::domain::delivery::{Channel, RetrySchedule};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;
use crate::store::deliveries::Delivery;
use crate::store::outbox::{self, Wanted};
use crate::store::{Db, Tx, contacts, obligations};

/// How sending behaves.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Name of this process, another for each start.
    pub owner: String,
    /// How long a claimed row is ours.
    pub lease: TimeDelta,
    /// When to try again.
    pub retry: RetrySchedule,
    /// How many messages are under way at once on one channel.
    pub at_once: usize,
}

/// Sends what waits in the outbox.
#[derive(Clone, Debug)]
pub struct Deliverer {
    /// Where the outbox is.
    pub db: Db,
    /// Plans and words, to render again what changed since it was planned.
    pub setup: Arc<Setup>,
    /// The channels that are configured.
    pub senders: Arc<HashMap<Channel, Sender>>,
    /// Where messages come from.
    pub origin: Origin,
    /// How sending behaves.
    pub pace: Pace,
    /// The time.
    pub clock: Clock,
    /// What is counted for whoever watches.
    pub signs: Arc<Signs>,
    /// Tells that sending gets on.
    pub beat: Beat,
    /// What is being sent.
    pub aloft: Aloft,
    /// Whether another process has died.
    pub caution: Caution,
}

/// What a round of sending did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Accepted by the provider.
    pub sent: u64,
    /// To be tried again.
    pub retried: u64,
    /// Given up; where the contact has another channel, the message is queued there.
    pub failed: u64,
    /// Left out because nothing in it was open any more, or moved to the hours of sending.
    pub held: u64,
}

/// What came of a round of sending, on the channels that went through as on those that failed.
#[derive(Debug, Default)]
pub struct Round {
    /// What it did.
    pub delivered: Delivered,
    /// The first failure of a channel.
    pub failure: Option<AppError>,
}

impl Round {
    /// What it did, if no channel failed.
    ///
    /// # Errors
    /// The failure of the first channel that did.
    pub fn whole(self) -> Result<Delivered, AppError> {
        self.failure.map_or(Ok(self.delivered), Err)
    }
}

impl From<AppError> for Round {
    fn from(failure: AppError) -> Self {
        Self {
            failure: Some(failure),
            ..Self::default()
        }
    }
}

impl AddAssign for Round {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.failure = self.failure.take().or(other.failure);
    }
}

impl AddAssign for Delivered {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.retried += other.retried;
        self.failed += other.failed;
        self.held += other.held;
    }
}

impl Deliverer {
    /// Sends everything that is due now on every channel; returns when nothing more is, or when `halt` is wanted and what is
    /// under way has ended.
    ///
    /// # Errors
    /// When the database fails. What was begun and could not be noted returns when its lease ends.
    pub async fn deliver_due(&self, halt: &Halt) -> Result<Delivered, AppError> {
        self.deliver(Wanted::All, halt).await.whole()
    }

    /// The same, of one sort of messages: the failure of one channel hides nothing of what the others did.
    pub async fn deliver(&self, wanted: Wanted, halt: &Halt) -> Round {
        self.on_each(None, wanted, halt).await
    }

    /// The same beside other daemons: only by the channels that it is `node`'s to send by.
    pub async fn deliver_as(&self, node: &Node, wanted: Wanted, halt: &Halt) -> Round {
        self.on_each(Some(node), wanted, halt).await
    }

    async fn on_each(&self, node: Option<&Node>, wanted: Wanted, halt: &Halt) -> Round {
        let mut total = Round::default();
        loop {
            let due = self.due(node, wanted, halt, &mut total).await;
            // No channel waits for another.
            let rounds = due
                .iter()
                .map(|(channel, halt)| self.deliver_on(*channel, wanted, halt));
            let mut failed = 0;
            for round in join_all(rounds).await {
                failed += round.delivered.failed;
                total += round;
            }
            self.beat.now();
            // What failed on one channel may wait on another that is through.
            if failed == 0 || total.failure.is_some() || halt.is_wanted() {
                return total;
            }
        }
    }

    /// The channels on which something is due that it is ours to send: one question for all, and nothing is begun where
    /// nothing is due, as it is not most of the time.
    async fn due(
        &self,
        node: Option<&Node>,
        wanted: Wanted,
        halt: &Halt,
        total: &mut Round,
    ) -> Vec<(Channel, Halt)> {
        let mut ours = Vec::new();
        for channel in self.senders.keys() {
            match ours_to_send(*channel, node, halt).await {
                Ok(halt) => ours.extend(halt.map(|halt| (*channel, halt))),
                Err(error) => *total += Round::from(error),
            }
        }
        match self.find_due(&ours, wanted).await {
            Ok(due) => ours.retain(|(channel, _)| due.contains(channel)),
            Err(error) => {
                *total += Round::from(error);
                ours.clear();
            }
        }
        ours
    }

    async fn find_due(
        &self,
        ours: &[(Channel, Halt)],
        wanted: Wanted,
    ) -> Result<Vec<Channel>, AppError> {
        if ours.is_empty() {
            return Ok(Vec::new());
        }
        let channels: Vec<Channel> = ours.iter().map(|(channel, _)| *channel).collect();
        let mut tx = self.db.snapshot().await?;
        let overtaken = self.overtaken(&mut tx, wanted).await?;
        let now = self.clock.now();
        Ok(outbox::find_due(&mut tx, &channels, wanted, overtaken, now).await?)
    }

    /// Gives back what this process holds and has not begun to send.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self) -> Result<u64, AppError> {
        let mut tx = self.db.begin().await?;
        let released = outbox::release(&mut tx, &self.pace.owner, self.clock.now()).await?;
        tx.commit().await?;
        Ok(released)
    }

    /// Drops items that are no longer open. False, with the delivery cancelled, when none is left or the rest cannot be
    /// worded.
    pub(super) async fn refresh(
        &self,
        tx: &mut Tx,
        delivery: &mut Delivery,
    ) -> Result<bool, AppError> {
        let open: Vec<ObligationId> = outbox::carried(tx, &[delivery.id])
            .await?
            .into_values()
            .flatten()
            .filter(|item| item.state == State::Open)
            .map(|item| item.obligation)
            .collect();
        let owner = &self.pace.owner;
        let (Some(contact), Some(day)) = (&delivery.message.contact, delivery.message.brief_day)
        else {
            return Ok(true);
        };
        let open = obligations::find(tx, &open).await?;
        let channel = delivery.message.channel;
        let (setup, origin, now) = (&self.setup, &self.origin, self.clock.now());
        let stored = contacts::find(tx, contact).await?;
        let reader = stored.as_ref().map(|stored| &stored.contact);
        let windows = Windows::of(tx, setup, origin, reader, day, now).await?;
        let rendered = match draft_again(tx, setup, contact, day, &open, channel, &windows).await {
            Err(AppError::Render { source, .. }) => {
                park::park(tx, contact, day, &source).await?;
                outbox::cancel(tx, delivery.id, Some(owner), &source.to_string()).await?;
                return Ok(false);
            }
            rendered => rendered?,
        };
        if let Some(rendered) = rendered {
            delivery.message.subject = rendered.subject.unwrap_or_default();
            delivery.message.body = rendered.text;
            delivery.message.body_html = rendered.html;
            let (subject, body, html) = (
                &delivery.message.subject,
                &delivery.message.body,
                delivery.message.body_html.as_deref(),
            );
            Ok(outbox::rewrite(tx, delivery.id, owner, subject, body, html).await?)
        } else {
            outbox::cancel(
                tx,
                delivery.id,
                Some(owner),
                "nothing in it is open any more",
            )
            .await?;
            Ok(false)
        }
    }

    /// When an unasked message may leave that wants to leave `at`.
    pub(super) fn allowed_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let asked = local(at);
        let granted = self
            .setup
            .ladder
            .next_sending_time(asked, &self.setup.calendar);
        if granted == asked {
            at
        } else {
            instant(granted)
        }
    }
}

/// How long this may send by a channel; `None` while another node does.
async fn ours_to_send(
    channel: Channel,
    node: Option<&Node>,
    halt: &Halt,
) -> Result<Option<Halt>, AppError> {
    let Some(node) = node else {
        return Ok(Some(halt.clone()));
    };
    let lease = node.hold(&Duty::Send(channel)).await?;
    Ok(lease.map(|lease| halt.under(lease)))
}
