//! The desk at which the inbox is worked off, in the order in which it came.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::AppError;
use crate::app::caution::{Caution, Hands};
use crate::app::deliver::Deliverer;
use crate::app::plan_day::Origin;
use crate::app::setup::{Charge, Setup};
use crate::clock::{Clock, local};
use crate::domain::delivery::{Channel, Choice};
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::inbound::{Content, Identity, Inbound, Place};
use crate::domain::secrecy::marking_of_message;
use crate::messages::{NoticeContext, NoticeKind};
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::inbox::{Received, Settled};
use crate::store::{Db, StoreError, Tx, addresses, contacts, correspondence, erasures, strangers};

/// How many answers one person gets in an hour; beyond that two machines are talking to each other.
const MOST_ANSWERS: u64 = 30;

/// How many strangers are answered on one channel in a day: whoever writes from many accounts must not use up the quota by
/// which officers are told.
const MOST_STRANGERS: u64 = 200;

/// Works off the inbox.
#[derive(Debug)]
pub struct Desk {
    /// Where the inbox is.
    pub db: Db,
    /// Plans, people and words.
    pub setup: Arc<Setup>,
    /// Where answers come from.
    pub origin: Origin,
    /// The time.
    pub clock: Clock,
    /// Whether another process has died.
    pub caution: Caution,
    pub(super) hands: Hands,
}

/// What became of a row, for whoever looks at the inbox.
pub(super) type Outcome = (Settled, String);

/// The outcome of a row that is over.
pub(super) fn done(outcome: impl Into<String>) -> Outcome {
    (Settled::Done, outcome.into())
}

impl Desk {
    /// The desk of a daemon, with the plans as they are now.
    #[must_use]
    pub fn of(deliverer: &Deliverer) -> Self {
        Self {
            db: deliverer.db.clone(),
            setup: Arc::clone(&deliverer.setup),
            origin: deliverer.origin.clone(),
            clock: deliverer.clock.clone(),
            caution: deliverer.caution.clone(),
            hands: Hands::of(deliverer),
        }
    }

    pub(super) async fn deal_with(
        &self,
        tx: &mut Tx,
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let inbound = &received.inbound;
        match &inbound.content {
            Content::Text { .. } | Content::Button { .. } => {}
            news => return self.take_news(tx, received, news, now).await,
        }
        if is_marked_secret(inbound) {
            return self.keep_nothing(tx, received, now).await;
        }
        if let Identity::Doubtful { reason } = &inbound.identity {
            let owners = addresses::list_owners(tx, inbound.channel, &inbound.from).await?;
            if !owners.is_empty() {
                return Ok((Settled::Held, reason.clone()));
            }
            // Spam has no end: a person looks only at what may be from somebody we know, and that answers what we sent.
            let answers = match &inbound.content {
                Content::Text { answers, .. } | Content::Button { answers, .. } => answers.as_ref(),
                _ => None,
            };
            let address = inbound.answer_to();
            let answered = match answers {
                Some(one) => {
                    correspondence::find_answered(tx, inbound.channel, address, one).await?
                }
                None => None,
            };
            return Ok(match answered {
                Some(_) => (
                    Settled::Held,
                    format!(
                        "it answers a message of ours from an address that no contact has: {reason}"
                    ),
                ),
                None => done(format!("from nobody we know: {reason}")),
            });
        }
        match self.sender(tx, inbound).await? {
            Sender::Contact(contact) => {
                tracing::Span::current().record("contact", contact.id.as_str());
                addresses::hear(tx, inbound.channel, &inbound.from, received.written_at()).await?;
                if self.is_summed_up(tx, received, &contact, now).await? {
                    let summed_up = self.take_without_an_answer(tx, received, &contact, now);
                    return Box::pin(summed_up).await;
                }
                self.talk(tx, received, &contact, now).await
            }
            Sender::Several => {
                let reason = "several contacts have this address: bind each to one of its own";
                Ok((Settled::Held, reason.to_owned()))
            }
            Sender::Nobody => self.meet_stranger(tx, received, now).await,
        }
    }

    /// Of a message that is marked as a state secret nothing is kept but that it came (DESIGN rule 16). Whoever is known is told so.
    async fn keep_nothing(
        &self,
        tx: &mut Tx,
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        const MARKED: &str = "marked as a state secret: nothing of it is kept";
        let inbound = &received.inbound;
        let left = Inbound {
            content: Content::Unreadable {
                reason: MARKED.to_owned(),
            },
            ..inbound.clone()
        };
        erasures::leave_received(tx, received.id, &left).await?;
        tracing::warn!(inbox = %received.id, channel = inbound.channel.as_str(), "a message was marked as a state secret: nothing of it is kept");
        if inbound.identity == Identity::Proven
            && let Sender::Contact(contact) = self.sender(tx, inbound).await?
        {
            addresses::hear(tx, inbound.channel, &inbound.from, received.written_at()).await?;
            let notice = NoticeContext::of(NoticeKind::Secret);
            self.say(tx, received, Some(&contact.id), &notice, Vec::new(), now)
                .await?;
        }
        Ok(done(MARKED))
    }

    /// Whether somebody is answered later, and all at once: two machines are talking to each other, or somebody writes more
    /// than anybody reads. It is said once. Whoever decides for others is always answered ([`Desk::answer_always`]).
    async fn is_summed_up(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let decides = |charge: &Charge| {
            [&charge.plan.monitor, &charge.plan.issuer].contains(&&contact.agency)
        };
        if self.setup.charges.iter().any(decides) {
            return Ok(false);
        }
        let answered = answered_within_an_hour(tx, &contact.id, now).await?;
        if answered == MOST_ANSWERS {
            let notice = NoticeContext::of(NoticeKind::TooMany);
            let text = self.notice(&notice, received.inbound.channel)?;
            self.answer_always(tx, received, Some(&contact.id), text, now)
                .await?;
        }
        Ok(answered >= MOST_ANSWERS)
    }

    /// Whose address it is. A mailbox of an office belongs to several: then it is the one to whom the answered message
    /// went.
    async fn sender(&self, tx: &mut Tx, inbound: &Inbound) -> Result<Sender, AppError> {
        let owners = addresses::list_owners(tx, inbound.channel, &inbound.from).await?;
        let mut active = Vec::new();
        for owner in owners {
            if let Some(stored) = contacts::find(tx, &owner).await?
                && stored.active
            {
                active.push(stored);
            }
        }
        if active.len() > 1
            && let Content::Text {
                answers: Some(answered),
                ..
            } = &inbound.content
        {
            let address = inbound.answer_to();
            let ours =
                correspondence::find_answered(tx, inbound.channel, address, answered).await?;
            let to = ours.and_then(|delivery| delivery.message.contact);
            active.retain(|stored| Some(&stored.contact.id) == to.as_ref());
        }
        Ok(match active.len() {
            0 => Sender::Nobody,
            1 => Sender::Contact(Box::new(active.remove(0).contact)),
            _ => Sender::Several,
        })
    }

    /// Somebody who is no contact: a code is looked at, anything else gets one line a day, and in a group nothing.
    async fn meet_stranger(
        &self,
        tx: &mut Tx,
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let inbound = &received.inbound;
        if inbound.place != Place::Private {
            return Ok(done("a stranger in a group"));
        }
        if let Some(linking) = self.linking(tx, received, now).await? {
            return self.link(tx, received, linking, now).await;
        }
        let today = local(now).date();
        if !strangers::answer(tx, inbound.channel, &inbound.from, today).await? {
            return Ok(done("a stranger, answered today already"));
        }
        if self.strangers_are_too_many(tx, received, now).await? {
            return Ok(done("a stranger, one too many for this day"));
        }
        let notice = NoticeContext::of(NoticeKind::Stranger);
        self.say(tx, received, None, &notice, Vec::new(), now)
            .await?;
        Ok(done("a stranger"))
    }

    /// Whether no stranger is answered by this channel any more today.
    pub(super) async fn strangers_are_too_many(
        &self,
        tx: &mut Tx,
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let channel = received.inbound.channel;
        let told = strangers::count_told(tx, channel, local(now).date()).await?;
        if told > MOST_STRANGERS {
            tracing::warn!(inbox = %received.id, channel = channel.as_str(), told, "too many strangers in a day: none is answered");
        }
        Ok(told > MOST_STRANGERS)
    }

    /// Queues a notice as the answer to what was received.
    pub(super) async fn say(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: Option<&ContactId>,
        notice: &NoticeContext,
        choices: Vec<Choice>,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let message = AnswerText {
            choices,
            ..self.notice(notice, received.inbound.channel)?
        };
        self.answer(tx, received, contact, message, now).await
    }

    fn notice(&self, notice: &NoticeContext, channel: Channel) -> Result<AnswerText, AppError> {
        let rendered = self.setup.messages.render_notice(notice, channel);
        let text = rendered.map_err(|source| AppError::Answer {
            source: Box::new(source),
        })?;
        Ok(AnswerText {
            subject: String::new(),
            text,
            choices: Vec::new(),
            kind: DeliveryKind::Notice,
        })
    }

    /// Queues an answer; its id is that of the received message, so that each is answered once.
    pub(super) async fn answer(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: Option<&ContactId>,
        answer: AnswerText,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        if let Some(contact) = contact
            && answered_within_an_hour(tx, contact, now).await? >= MOST_ANSWERS
        {
            tracing::warn!(%contact, inbox = %received.id, "too many answers within an hour: none is sent");
            return Ok(());
        }
        self.answer_always(tx, received, contact, answer, now).await
    }

    /// The same, for what stands in the ledger now: nothing is recorded of which nobody is told.
    pub(super) async fn answer_always(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: Option<&ContactId>,
        answer: AnswerText,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let inbound = &received.inbound;
        let domain = &self.origin.domain;
        let subject = match (inbound.channel, answer.subject.is_empty()) {
            (Channel::Email, true) => "Dondoc".to_owned(),
            _ => answer.subject,
        };
        let delivery = NewDelivery {
            message: Message {
                contact: contact.cloned(),
                kind: answer.kind,
                brief_day: None,
                channel: inbound.channel,
                address: inbound.answer_to().to_owned(),
                subject,
                body: answer.text,
                body_html: None,
                message_id: received.id.message_id(domain),
                thread_key: contact.map(|contact| format!("<briefs.{contact}@{domain}>")),
                choices: answer.choices,
            },
            not_before: now,
        };
        Ok(deliveries::insert(tx, &[delivery], now).await?)
    }
}

async fn answered_within_an_hour(
    tx: &mut Tx,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    correspondence::count_answers(tx, contact, now - TimeDelta::hours(1)).await
}

/// Whether the words, or the name of a file, carry a degree of secrecy.
fn is_marked_secret(inbound: &Inbound) -> bool {
    let Content::Text { text, files, .. } = &inbound.content else {
        return false;
    };
    let mut names = files.iter().filter_map(|file| file.name.as_deref());
    marking_of_message(text).is_some() || names.any(|name| marking_of_message(name).is_some())
}

enum Sender {
    Contact(Box<Contact>),
    Several,
    Nobody,
}

/// An answer, rendered.
pub(super) struct AnswerText {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) choices: Vec<Choice>,
    pub(super) kind: DeliveryKind,
}
