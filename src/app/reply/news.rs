//! News about addresses: blocked, opened, moved, bounced, answered by a machine.

use chrono::{DateTime, Utc};

use super::desk::{Desk, Outcome, done};
use crate::app::AppError;
use crate::app::message::message;
use crate::app::plan_day::draft_again;
use crate::app::windows::Windows;
use crate::domain::ids::ObligationId;
use crate::domain::inbound::{Answered, Content, Identity, Inbound, Place};
use crate::store::deliveries::{Delivery, NewDelivery};
use crate::store::inbox::{Received, Settled};
use crate::store::{Tx, addresses, contacts, correspondence, groups, obligations, outbox};

impl Desk {
    /// What is known of an address from now on. News that nobody can prove change nothing: our Message-IDs can be guessed,
    /// and only a token of ours shows that a reporter has had the mail.
    pub(super) async fn take_news(
        &self,
        tx: &mut Tx,
        received: &Received,
        news: &Content,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let inbound = &received.inbound;
        let channel = inbound.channel;
        let address = match &inbound.place {
            Place::Private => &inbound.from,
            Place::Group { chat } => chat,
        };
        if let Identity::Doubtful { reason } = &inbound.identity
            && !matches!(news, Content::Automatic { .. } | Content::Unreadable { .. })
        {
            return Ok(done(format!("a report that nobody can prove: {reason}")));
        }
        Ok(match news {
            Content::Opened => {
                let known = addresses::hear(tx, channel, address, received.written_at()).await?;
                done(format!("reachable again, for {known} contacts"))
            }
            Content::Closed { reason } => {
                let lost = addresses::mark_dead(tx, channel, address, reason, now).await?;
                done(format!(
                    "no longer reachable, for {lost} contacts: {reason}"
                ))
            }
            Content::Moved { to } => {
                let moved = addresses::replace(tx, channel, address, to, now).await?;
                groups::replace(tx, channel, address, to).await?;
                done(format!("moved, for {moved} contacts"))
            }
            Content::Bounced {
                answers: Some(answers),
                forever: true,
                reason,
                recipient,
            } => {
                self.bounced(tx, inbound, answers, recipient.as_deref(), reason, now)
                    .await?
            }
            Content::Bounced {
                forever: true,
                reason,
                ..
            } => done(format!("a bounce that names no message of ours: {reason}")),
            Content::Bounced { reason, .. } => done(format!("delayed: {reason}")),
            Content::Automatic { reason } => done(format!("written by a machine: {reason}")),
            Content::Unreadable { reason } => (Settled::Parked, reason.clone()),
            Content::Text { .. } | Content::Button { .. } => done("no news"),
        })
    }

    /// A mail came back: its address is dead, and the brief goes out by the contact's next channel on the same day.
    async fn bounced(
        &self,
        tx: &mut Tx,
        inbound: &Inbound,
        answers: &Answered,
        recipient: Option<&str>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let found =
            correspondence::find_answered(tx, inbound.channel, inbound.answer_to(), answers)
                .await?;
        let Some(delivery) = found else {
            return Ok(done("a bounce of a message that is not ours"));
        };
        // What a mailing list passed on has the token of one person and the refusal of another.
        let address = &delivery.message.address;
        if recipient.is_some_and(|recipient| !recipient.eq_ignore_ascii_case(address)) {
            return Ok(done(
                "a bounce that names another address than the message had",
            ));
        }
        let next = self.next_channel(tx, &delivery, now).await?;
        let rerouted = next.is_some();
        if !correspondence::bounce(tx, delivery.id, reason, next.as_ref(), now).await? {
            return Ok(done("a bounce of a message that had not been accepted"));
        }
        tracing::error!(delivery = %delivery.id, reason, rerouted, "a message came back");
        Ok(done(format!(
            "delivery {} came back: {reason}",
            delivery.id
        )))
    }

    /// The same brief for the contact's next channel. After its own day it is not sent again: a newer brief tells it.
    async fn next_channel(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
        now: DateTime<Utc>,
    ) -> Result<Option<NewDelivery>, AppError> {
        let (Some(contact), Some(day)) = (&delivery.message.contact, delivery.message.brief_day)
        else {
            return Ok(None);
        };
        if day < crate::clock::local(now).date() {
            return Ok(None);
        }
        let Some(stored) = contacts::find(tx, contact).await? else {
            return Ok(None);
        };
        let mut others = stored.contact.channels.iter();
        let other = others.find(|(channel, _)| {
            *channel != delivery.message.channel && self.origin.channels.contains(channel)
        });
        let Some((channel, address)) = other else {
            return Ok(None);
        };
        let carried = outbox::carried(tx, &[delivery.id]).await?;
        let ids: Vec<ObligationId> = carried
            .into_values()
            .flatten()
            .map(|item| item.obligation)
            .collect();
        let open = obligations::find(tx, &ids).await?;
        let windows =
            Windows::of(tx, &self.setup, &self.origin, [&stored.contact], day, now).await?;
        let rendered =
            draft_again(tx, &self.setup, contact, day, &open, *channel, &windows).await?;
        Ok(rendered.map(|rendered| NewDelivery {
            message: message(
                contact,
                day,
                *channel,
                address.clone(),
                rendered,
                &self.origin,
            ),
            not_before: now,
        }))
    }
}
