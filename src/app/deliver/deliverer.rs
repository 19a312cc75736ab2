//! Claims what waits in the outbox, begins its attempts and sends it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::halt::Halt;
use super::wire::{unknown, wire};
use crate::app::AppError;
use crate::app::caught::caught;
use crate::app::node::{Duty, Node};
use crate::app::park;
use crate::app::plan_day::{Origin, draft_again};
use crate::app::pulse::Beat;
use crate::app::setup::Setup;
use crate::app::vitals::Signs;
use crate::app::windows::Windows;
use crate::channels::Sender;
use crate::channels::email::Room;
use crate::clock::{Clock, instant, local};
use crate::domain::delivery::{Channel, RetrySchedule};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;
use crate::store::deliveries::{Delivery, DeliveryId, DeliveryKind};
use crate::store::outbox::{self, Claim, Claimed, Wanted};
use crate::store::{Db, StoreError, Tx, contacts, obligations};
use crate::store::{attachments, attempts};

/// How many rows one claim takes at least; more when more are sent at once.
const BATCH: usize = 64;

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
    /// Left out because nothing in it was open any more, or moved to the hours of sending, or to when the channel takes
    /// messages again.
    pub held: u64,
}

impl Deliverer {
    /// Sends everything that is due now on every channel; returns when nothing more is, or when `halt` is wanted. Then
    /// what was claimed and not begun stays claimed: see [`Deliverer::release`].
    ///
    /// # Errors
    /// When the database fails. What was claimed then returns when its lease ends.
    pub async fn deliver_due(&self, halt: &Halt) -> Result<Delivered, AppError> {
        self.deliver(Wanted::All, halt).await
    }

    /// The same, of one sort of messages.
    ///
    /// # Errors
    /// As [`Deliverer::deliver_due`].
    pub async fn deliver(&self, wanted: Wanted, halt: &Halt) -> Result<Delivered, AppError> {
        let mut total = Delivered::default();
        for (channel, sender) in self.senders.iter() {
            self.drain(*channel, sender, wanted, halt, &mut total)
                .await?;
        }
        Ok(total)
    }

    /// The same beside other daemons: only by the channels that it is `node`'s to send by.
    ///
    /// # Errors
    /// As [`Deliverer::deliver_due`].
    pub async fn deliver_as(
        &self,
        node: &Node,
        wanted: Wanted,
        halt: &Halt,
    ) -> Result<Delivered, AppError> {
        let mut total = Delivered::default();
        for (channel, sender) in self.senders.iter() {
            if let Some(lease) = node.hold(&Duty::Send(*channel)).await? {
                self.drain(*channel, sender, wanted, &halt.under(lease), &mut total)
                    .await?;
            }
        }
        Ok(total)
    }

    async fn drain(
        &self,
        channel: Channel,
        sender: &Sender,
        wanted: Wanted,
        halt: &Halt,
        total: &mut Delivered,
    ) -> Result<(), AppError> {
        while !halt.is_wanted() && !matches!(sender.room(), Room::Shut { .. }) {
            self.beat.now();
            let claimed = self.claim(channel, wanted).await?;
            if claimed.is_empty() {
                break;
            }
            self.send_claimed(claimed, sender, halt, total).await?;
        }
        Ok(())
    }

    /// Sends what was claimed, so many at once. Beginnings and outcomes are noted for several at a time: a transaction
    /// for each would cost more than the message. The two never overlap, for the file has one writer.
    async fn send_claimed(
        &self,
        mut waiting: Vec<Claimed>,
        sender: &Sender,
        halt: &Halt,
        total: &mut Delivered,
    ) -> Result<(), AppError> {
        let at_once = self.pace.at_once.max(1);
        let mut flying = FuturesUnordered::new();
        let mut failure = None;
        loop {
            if halt.is_wanted() {
                waiting.clear();
            }
            let room = match sender.room() {
                Room::Free => at_once,
                Room::One => 1,
                Room::Shut { wait } => {
                    if let Err(error) = self.put_back(&mut waiting, wait, total).await {
                        failure.get_or_insert(error);
                    }
                    0
                }
            };
            let free = room.saturating_sub(flying.len());
            let rest = waiting.split_off(waiting.len().min(free));
            let next = std::mem::replace(&mut waiting, rest);
            match self.begin(next, total).await {
                Ok(begun) => flying.extend(begun.into_iter().map(|one| async move {
                    let (message, delivery) = wire(one.claimed, one.files);
                    let sending = caught(halt.bound(sender.send(&message)));
                    let report = Box::pin(sending)
                        .await
                        .unwrap_or_else(|| unknown(AppError::Fault.to_string()));
                    (delivery, one.number, report)
                })),
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
            // No attempt takes longer than a lease, or another process would begin it as well.
            self.beat
                .silent_for(self.pace.lease.to_std().unwrap_or_default());
            let ended = flying.by_ref().ready_chunks(at_once).next().await;
            self.beat.now();
            // What has left is noted also when another message of the round failed.
            match ended {
                Some(attempts) => {
                    if let Err(error) = self.note(attempts, total).await {
                        failure.get_or_insert(error);
                    }
                }
                None if waiting.is_empty() => return failure.map_or(Ok(()), Err),
                None => {}
            }
        }
    }

    /// Queues again what was claimed for a channel that takes nothing for so long.
    async fn put_back(
        &self,
        waiting: &mut Vec<Claimed>,
        wait: Duration,
        total: &mut Delivered,
    ) -> Result<(), AppError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let until = self.clock.now() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1));
        let mut tx = self.db.begin().await?;
        for claimed in waiting.drain(..) {
            total.held += 1;
            outbox::postpone(&mut tx, claimed.delivery.id, &self.pace.owner, until).await?;
        }
        tx.commit().await?;
        Ok(())
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

    async fn claim(&self, channel: Channel, wanted: Wanted) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        let claim = Claim {
            owner: &self.pace.owner,
            channel,
            wanted,
            now,
            until: now + self.pace.lease,
            limit: u32::try_from(self.pace.at_once.max(BATCH)).unwrap_or(u32::MAX),
        };
        let mut tx = self.db.begin().await?;
        let claimed = outbox::claim(&mut tx, &claim).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Begins an attempt of each that may leave now, in one transaction.
    async fn begin(
        &self,
        group: Vec<Claimed>,
        total: &mut Delivered,
    ) -> Result<Vec<Begun>, AppError> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let allowed = self.allowed_at(now);
        let owner = &self.pace.owner;
        let ids: Vec<DeliveryId> = group.iter().map(|one| one.delivery.id).collect();
        let mut tx = self.db.begin().await?;
        let outdated = outbox::outdated(&mut tx, &ids).await?;
        let mut ready = Vec::with_capacity(group.len());
        let in_all = group.len() as u64;
        for mut claimed in group {
            let delivery = &mut claimed.delivery;
            let is_brief = delivery.message.kind == DeliveryKind::Brief;
            let is_unasked = is_brief || delivery.message.kind == DeliveryKind::Digest;
            if is_unasked && allowed > now {
                outbox::postpone(&mut tx, delivery.id, owner, allowed).await?;
                continue;
            }
            if is_brief
                && outdated.contains(&delivery.id)
                && !self.refresh(&mut tx, delivery).await?
            {
                continue;
            }
            ready.push(claimed);
        }
        let ids: Vec<DeliveryId> = ready.iter().map(|one| one.delivery.id).collect();
        let numbers = attempts::start(&mut tx, &ids, owner, now).await?;
        let with_files: Vec<DeliveryId> = ready
            .iter()
            .filter(|one| one.delivery.message.may_have_files())
            .map(|one| one.delivery.id)
            .collect();
        let mut files = attachments::list(&mut tx, &with_files).await?;
        tx.commit().await?;
        let begun: Vec<Begun> = ready
            .into_iter()
            .filter_map(|claimed| {
                let id = claimed.delivery.id;
                let number = numbers.get(&id).copied()?;
                let message = &claimed.delivery.message;
                tracing::debug!(
                    delivery = %id,
                    contact = message.contact.as_ref().map(tracing::field::display),
                    day = message.brief_day.map(tracing::field::display),
                    kind = message.kind.as_str(),
                    channel = message.channel.as_str(),
                    attempt = number,
                    "sending"
                );
                Some(Begun {
                    number,
                    files: files.remove(&id).unwrap_or_default(),
                    claimed,
                })
            })
            .collect();
        total.held += in_all - begun.len() as u64;
        Ok(begun)
    }

    /// Drops items that are no longer open. False, with the delivery cancelled, when none is left or the rest cannot be
    /// worded.
    async fn refresh(&self, tx: &mut Tx, delivery: &mut Delivery) -> Result<bool, AppError> {
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

/// A delivery of which an attempt was begun.
struct Begun {
    claimed: Claimed,
    number: u32,
    files: Vec<attachments::Attachment>,
}
