//! What came of the attempts: noted, tried again, or taken to the next channel.

use chrono::{DateTime, TimeDelta, Utc};

use super::deliverer::{Delivered, Deliverer};
use super::flight::Ended;
use crate::app::AppError;
use crate::app::message::message;
use crate::app::park;
use crate::app::plan_day::draft_again;
use crate::app::vitals::Signs;
use crate::app::windows::Windows;
use crate::clock::local;
use crate::domain::delivery::{Channel, Outcome};
use crate::domain::ids::ObligationId;
use crate::domain::window::WINDOW;
use crate::store::attempts::{self, Accepted, Finish};
use crate::store::deliveries::{Delivery, DeliveryKind, DeliveryState, NewDelivery};
use crate::store::{Tx, addresses, attachments, contacts, obligations, outbox};

impl Deliverer {
    /// Notes what came of these attempts.
    pub(super) async fn note<'a>(
        &self,
        tx: &mut Tx,
        ended: &'a [Ended],
    ) -> Result<Noted<'a>, AppError> {
        let now = self.clock.now();
        let mut accepted = Vec::with_capacity(ended.len());
        let mut sent = Vec::with_capacity(ended.len());
        let mut failed = Vec::new();
        for one in ended {
            let Ended {
                delivery,
                number,
                report,
                ..
            } = one;
            if let Some(new_address) = &report.new_address {
                let message = &delivery.message;
                addresses::replace(tx, message.channel, &message.address, new_address, now).await?;
            }
            if let Outcome::Sent { provider_id } = &report.outcome {
                if delivery.message.may_have_files() {
                    attachments::drop_bytes(tx, delivery.id).await?;
                }
                sent.push(one);
                accepted.push(Accepted {
                    delivery: delivery.id,
                    number: *number,
                    provider_id: provider_id.clone(),
                });
            } else {
                let finish = self
                    .note_failure(tx, delivery, *number, &report.outcome, now)
                    .await?;
                failed.push((one, finish));
            }
        }
        attempts::finish_accepted(tx, &accepted, now).await?;
        Ok(Noted { sent, failed, now })
    }

    async fn note_failure(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
        number: u32,
        outcome: &Outcome,
        now: DateTime<Utc>,
    ) -> Result<Finish, AppError> {
        let mut next = match outcome {
            // What may have arrived is sent once more, not twice.
            Outcome::Unknown { .. } if was_cut_before(tx, delivery, number).await? => None,
            _ => self.next_attempt(delivery, number, outcome, now),
        };
        let mut other = None;
        if matches!(outcome, Outcome::Retry { .. }) && !is_of_its_day(delivery, next) {
            // Its channel works no more today: what can still be told today is told by the next one, and the address lives.
            other = self.other_channel(tx, delivery, Which::Later).await?;
            next = next.filter(|_| other.is_none());
        }
        let owner = &self.pace.owner;
        let finish = attempts::finish(tx, delivery.id, owner, number, outcome, next, now).await?;
        match outcome {
            Outcome::Retry { .. } if other.is_some() => {
                outbox::replace(tx, delivery.id, other.as_ref(), now).await?;
            }
            Outcome::Rejected { reason } => {
                other = self.other_channel(tx, delivery, Which::AnyOther).await?;
                outbox::reroute(tx, delivery.id, reason, other.as_ref(), now).await?;
            }
            Outcome::Closed { .. } => {
                other = self.other_channel(tx, delivery, Which::Later).await?;
                outbox::replace(tx, delivery.id, other.as_ref(), now).await?;
            }
            Outcome::Silent { .. } => {
                let (channel, address) = (delivery.message.channel, &delivery.message.address);
                addresses::note_silence(tx, channel, address, now - WINDOW).await?;
                other = self.other_channel(tx, delivery, Which::Later).await?;
                outbox::replace(tx, delivery.id, other.as_ref(), now).await?;
            }
            Outcome::Sent { .. } | Outcome::Retry { .. } | Outcome::Unknown { .. } => {}
        }
        self.cancel_overtaken(tx, delivery, now).await?;
        let message = &delivery.message;
        if other.is_none()
            && finish == Finish::Now(DeliveryState::Failed)
            && let (Some(contact), Some(day)) = (&message.contact, message.brief_day)
        {
            // The next working day tells it, to whoever can be reached then.
            let today = local(now).date().max(day);
            let next = today.succ_opt().unwrap_or(today);
            outbox::give_back(tx, &[(contact.clone(), day)], next).await?;
        }
        Ok(finish)
    }

    /// When to try again: just as the provider asks, otherwise by the schedule; never outside the hours of unasked messages.
    fn next_attempt(
        &self,
        delivery: &Delivery,
        number: u32,
        outcome: &Outcome,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let wait = match outcome {
            Outcome::Sent { .. }
            | Outcome::Rejected { .. }
            | Outcome::Closed { .. }
            | Outcome::Silent { .. } => return None,
            Outcome::Retry {
                after: Some(asked), ..
            } => {
                let tried_for = (now - delivery.created_at).to_std().unwrap_or_default();
                let retry = &self.pace.retry;
                retry.wait_as_asked(number, *asked, tried_for)?
            }
            Outcome::Retry { after: None, .. } | Outcome::Unknown { .. } => {
                self.pace.retry.wait_after(number)?
            }
        };
        let at = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1));
        Some(if delivery.message.kind == DeliveryKind::Brief {
            self.allowed_at(at)
        } else {
            at
        })
    }

    /// The same brief for the contact's next channel that works and is configured.
    async fn other_channel(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
        which: Which,
    ) -> Result<Option<NewDelivery>, AppError> {
        let message_now = &delivery.message;
        let (Some(contact), Some(day)) = (&message_now.contact, message_now.brief_day) else {
            return Ok(None);
        };
        let Some(stored) = contacts::find(tx, contact).await? else {
            return Ok(None);
        };
        let channels = &stored.contact.channels;
        let current = |(channel, _): &(Channel, String)| *channel == message_now.channel;
        let choices = match which {
            Which::AnyOther => &channels[..],
            Which::Later => channels
                .iter()
                .position(current)
                .map_or(&[][..], |at| &channels[at + 1..]),
        };
        let other = choices
            .iter()
            .find(|choice| !current(choice) && self.senders.contains_key(&choice.0));
        let Some((channel, address)) = other else {
            return Ok(None);
        };
        let ids: Vec<ObligationId> = outbox::carried(tx, &[delivery.id])
            .await?
            .into_values()
            .flatten()
            .map(|item| item.obligation)
            .collect();
        let open = obligations::find(tx, &ids).await?;
        let (setup, origin, now) = (&self.setup, &self.origin, self.clock.now());
        let windows = Windows::of(tx, setup, origin, [&stored.contact], day, now).await?;
        let rendered = match draft_again(tx, setup, contact, day, &open, *channel, &windows).await {
            Err(AppError::Render { source, .. }) => {
                park::park(tx, contact, day, &source).await?;
                return Ok(None);
            }
            rendered => rendered?,
        };
        Ok(rendered.map(|rendered| NewDelivery {
            message: message(contact, day, *channel, address.clone(), rendered, origin),
            not_before: now,
        }))
    }
}

/// Whether the next attempt is on the day of the brief.
fn is_of_its_day(delivery: &Delivery, next: Option<DateTime<Utc>>) -> bool {
    let day = delivery.message.brief_day;
    next.is_some_and(|at| day.is_none_or(|day| local(at).date() <= day))
}

/// Whether an attempt before this one may have arrived too.
async fn was_cut_before(tx: &mut Tx, delivery: &Delivery, number: u32) -> Result<bool, AppError> {
    let attempts = attempts::list(tx, delivery.id).await?;
    let mut earlier = attempts.iter().filter(|one| one.number < number);
    Ok(earlier.any(|one| one.outcome.as_deref() == Some("unknown")))
}

/// Which channels of a contact may take a message over.
#[derive(Clone, Copy)]
enum Which {
    /// The first that lives: the address that failed is dead.
    AnyOther,
    /// Those after the one that failed. It lives, and two such channels would pass a message to and fro.
    Later,
}

/// What was noted, to be told once it is committed.
pub(super) struct Noted<'a> {
    sent: Vec<&'a Ended>,
    failed: Vec<(&'a Ended, Finish)>,
    now: DateTime<Utc>,
}

impl Noted<'_> {
    /// Counts it, and tells the operator.
    pub(super) fn tell(self, signs: &Signs, total: &mut Delivered) {
        for Ended {
            delivery, number, ..
        } in &self.sent
        {
            let message = &delivery.message;
            let contact = message.contact.as_ref().map(tracing::field::display);
            let channel = message.channel.as_str();
            tracing::debug!(delivery = %delivery.id, contact, channel, attempt = number, "sent");
            signs.accepted(message.channel, self.now - delivery.created_at);
        }
        total.sent += self.sent.len() as u64;
        for (ended, finish) in self.failed {
            signs.not_accepted(
                ended.delivery.message.channel,
                &ended.report.outcome,
                finish,
            );
            if tell_failure(ended, finish) {
                total.retried += 1;
            } else {
                total.failed += 1;
            }
        }
    }
}

/// Tells the operator of an attempt that was not accepted. True when it will be tried again.
fn tell_failure(ended: &Ended, finish: Finish) -> bool {
    let Ended {
        delivery,
        number,
        report,
        ..
    } = ended;
    let (id, channel) = (delivery.id, delivery.message.channel.as_str());
    let contact = delivery
        .message
        .contact
        .as_ref()
        .map(tracing::field::display);
    let (reason, may_be_tried) = match &report.outcome {
        Outcome::Sent { .. } => return false,
        Outcome::Retry { reason, .. } | Outcome::Unknown { reason } => (reason, true),
        Outcome::Rejected { reason } | Outcome::Closed { reason } | Outcome::Silent { reason } => {
            (reason, false)
        }
    };
    if finish == Finish::LeaseLost {
        tracing::warn!(delivery = %id, channel, number, reason, "no outcome in time: whoever sends by the channel now goes on with it");
        return true;
    }
    let again = may_be_tried && finish == Finish::Now(DeliveryState::Queued);
    if again {
        tracing::warn!(delivery = %id, contact, channel, attempt = number, reason, "not sent yet, will be tried again");
    } else {
        tracing::error!(delivery = %id, contact, channel, attempt = number, reason, "given up");
    }
    again
}
