//! The outbox -> people: claim, commit, send outside any transaction, note the outcome.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;

use super::AppError;
use super::plan_day::{Origin, draft_again, message};
use super::setup::Setup;
use crate::channels::{Message as Wire, SendReport, Sender};
use crate::clock::{Clock, instant, local};
use crate::domain::delivery::{Channel, Outcome, RetrySchedule};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::State;
use crate::store::attempts::{self, Finish};
use crate::store::deliveries::{Delivery, DeliveryKind, DeliveryState, NewDelivery};
use crate::store::outbox::{self, Claim, Claimed};
use crate::store::{Db, StoreError, Tx, addresses, contacts, obligations};

/// How many rows one claim takes.
const BATCH: u32 = 64;

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
#[derive(Debug)]
pub struct Deliverer {
    /// Where the outbox is.
    pub db: Db,
    /// Plans and words, to render again what changed since it was planned.
    pub setup: Arc<Setup>,
    /// The channels that are configured.
    pub senders: HashMap<Channel, Sender>,
    /// Where messages come from.
    pub origin: Origin,
    /// How sending behaves.
    pub pace: Pace,
    /// The time.
    pub clock: Clock,
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

enum Step {
    Sent,
    Retried,
    Failed,
    Held,
}

impl Deliverer {
    /// Sends everything that is due now on every channel; returns when nothing more is.
    ///
    /// # Errors
    /// When the database fails. What was claimed then returns when its lease ends.
    pub async fn deliver_due(&self) -> Result<Delivered, AppError> {
        let mut total = Delivered::default();
        for (channel, sender) in &self.senders {
            loop {
                let claimed = self.claim(*channel).await?;
                if claimed.is_empty() {
                    break;
                }
                let steps: Vec<Result<Step, AppError>> = futures_util::stream::iter(claimed)
                    .map(|claimed| self.send_one(claimed, sender))
                    .buffer_unordered(self.pace.at_once.max(1))
                    .collect()
                    .await;
                for step in steps {
                    match step? {
                        Step::Sent => total.sent += 1,
                        Step::Retried => total.retried += 1,
                        Step::Failed => total.failed += 1,
                        Step::Held => total.held += 1,
                    }
                }
            }
        }
        Ok(total)
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

    async fn claim(&self, channel: Channel) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        let claim = Claim {
            owner: &self.pace.owner,
            channel,
            now,
            until: now + self.pace.lease,
            limit: BATCH,
        };
        let mut tx = self.db.begin().await?;
        let claimed = outbox::claim(&mut tx, &claim).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn send_one(&self, claimed: Claimed, sender: &Sender) -> Result<Step, AppError> {
        let Claimed {
            mut delivery,
            may_have_arrived,
        } = claimed;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if delivery.message.kind == DeliveryKind::Brief {
            let allowed = self.allowed_at(now);
            if allowed > now {
                outbox::postpone(&mut tx, delivery.id, &self.pace.owner, allowed).await?;
                tx.commit().await?;
                return Ok(Step::Held);
            }
            if !self.refresh(&mut tx, &mut delivery).await? {
                tx.commit().await?;
                return Ok(Step::Held);
            }
        }
        let Some(number) = attempts::start(&mut tx, delivery.id, &self.pace.owner, now).await?
        else {
            return Ok(Step::Held);
        };
        tx.commit().await?;
        let report = sender.send(&wire(&delivery, may_have_arrived)).await;
        self.note(&delivery, number, report).await
    }

    /// Drops items that are no longer open. False, with the delivery cancelled, when none is left.
    async fn refresh(&self, tx: &mut Tx, delivery: &mut Delivery) -> Result<bool, AppError> {
        let states = outbox::states_of_items(tx, delivery.id).await?;
        let open: Vec<ObligationId> = states
            .iter()
            .filter(|(_, state)| *state == State::Open)
            .map(|(id, _)| *id)
            .collect();
        if open.len() == states.len() {
            return Ok(true);
        }
        let owner = &self.pace.owner;
        let (Some(contact), Some(day)) = (&delivery.message.contact, delivery.message.brief_day)
        else {
            return Ok(true);
        };
        let open = obligations::find(tx, &open).await?;
        let channel = delivery.message.channel;
        if let Some(rendered) = draft_again(tx, &self.setup, contact, day, &open, channel).await? {
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

    async fn note(
        &self,
        delivery: &Delivery,
        number: u32,
        report: SendReport,
    ) -> Result<Step, AppError> {
        let now = self.clock.now();
        let next = self.next_attempt(delivery, number, &report.outcome, now);
        let mut tx = self.db.begin().await?;
        let finish = attempts::finish(
            &mut tx,
            delivery.id,
            &self.pace.owner,
            number,
            &report.outcome,
            next,
            now,
        )
        .await?;
        if let Some(new_address) = &report.new_address {
            addresses::replace(
                &mut tx,
                delivery.message.channel,
                &delivery.message.address,
                new_address,
                now,
            )
            .await?;
        }
        if let Outcome::Rejected { reason } = &report.outcome {
            let other = self.other_channel(&mut tx, delivery).await?;
            outbox::reroute(&mut tx, delivery.id, reason, other.as_ref(), now).await?;
        }
        tx.commit().await?;
        let (id, channel) = (delivery.id, delivery.message.channel.as_str());
        Ok(match (&report.outcome, finish) {
            (Outcome::Sent { .. }, _) => {
                tracing::debug!(delivery = %id, channel, number, "sent");
                Step::Sent
            }
            (
                Outcome::Retry { reason, .. } | Outcome::Unknown { reason },
                Finish::Now(DeliveryState::Queued),
            ) => {
                tracing::warn!(delivery = %id, channel, number, reason, "not sent yet, will be tried again");
                Step::Retried
            }
            (
                Outcome::Retry { reason, .. }
                | Outcome::Unknown { reason }
                | Outcome::Rejected { reason },
                _,
            ) => {
                tracing::error!(delivery = %id, channel, number, reason, "given up");
                Step::Failed
            }
        })
    }

    /// When to try again: as the provider asks, otherwise by the schedule; never outside the hours of unasked messages.
    /// What may have arrived is sent once more, not twice.
    fn next_attempt(
        &self,
        delivery: &Delivery,
        number: u32,
        outcome: &Outcome,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let scheduled = self.pace.retry.wait_after(number);
        let wait = match outcome {
            Outcome::Sent { .. } | Outcome::Rejected { .. } => return None,
            Outcome::Retry { after, .. } => {
                after.map_or(scheduled, |asked| scheduled.map(|wait| wait.max(asked)))?
            }
            Outcome::Unknown { .. } if number > 1 => return None,
            Outcome::Unknown { .. } => scheduled?,
        };
        let at = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1));
        Some(if delivery.message.kind == DeliveryKind::Brief {
            self.allowed_at(at)
        } else {
            at
        })
    }

    fn allowed_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
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

    /// The same brief for the contact's next channel that works and is configured.
    async fn other_channel(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
    ) -> Result<Option<NewDelivery>, AppError> {
        let message_now = &delivery.message;
        let (Some(contact), Some(day)) = (&message_now.contact, message_now.brief_day) else {
            return Ok(None);
        };
        let Some(stored) = contacts::find(tx, contact).await? else {
            return Ok(None);
        };
        let other = stored.contact.channels.iter().find(|(channel, _)| {
            *channel != message_now.channel && self.senders.contains_key(channel)
        });
        let Some((channel, address)) = other else {
            return Ok(None);
        };
        let ids: Vec<ObligationId> = outbox::states_of_items(tx, delivery.id)
            .await?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        let open = obligations::find(tx, &ids).await?;
        let rendered = draft_again(tx, &self.setup, contact, day, &open, *channel).await?;
        Ok(rendered.map(|rendered| NewDelivery {
            message: message(
                contact,
                day,
                *channel,
                address.clone(),
                rendered,
                &self.origin,
            ),
            not_before: self.clock.now(),
        }))
    }
}

fn wire(delivery: &Delivery, may_have_arrived: bool) -> Wire {
    let message = &delivery.message;
    Wire {
        delivery_id: delivery.id.0,
        to: message.address.clone(),
        subject: (!message.subject.is_empty()).then(|| message.subject.clone()),
        text: message.body.clone(),
        html: message.body_html.clone(),
        message_id: message.message_id.clone(),
        thread: message.thread_key.clone(),
        resent: may_have_arrived,
    }
}
