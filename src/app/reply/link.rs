//! Binding a chat to a contact by a single-use code.
//!
//! The code reaches the person by the document system or by hand; whoever sends it first is asked whether they are the
//! person it was made for. A wrong, a used and an expired code are answered alike, and tries are limited, so that
//! guessing tells nothing. A code takes no place: while its person is bound on a channel, it binds no other chat there.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::code::{find_code, hash_of};
use super::desk::{Desk, Outcome, done};
use crate::app::AppError;
use crate::clock::local;
use crate::domain::decide::parse_number;
use crate::domain::decide::welcome;
use crate::domain::delivery::{Channel, Choice};
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::inbound::Content;
use crate::domain::reply::Says;
use crate::messages::{NoticeContext, NoticeKind};
use crate::store::contacts::StoredContact;
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::inbox::Received;
use crate::store::links::{self, LinkCode};
use crate::store::{Tx, addresses, contacts, strangers};

/// How many codes one sender may try in a day.
const MOST_TRIES: u64 = 5;

const YES: &str = "link.yes";
const NO: &str = "link.no";

/// What the sender of a message is doing with a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Linking {
    /// Sends what looks like one.
    Code(String),
    /// Says whether they are the person.
    Confirm {
        /// The code they sent before.
        code: LinkCode,
        /// What they say.
        yes: bool,
    },
}

impl Desk {
    /// What the stranger of a message is doing with a code; `None`: nothing.
    pub(super) async fn linking(
        &self,
        tx: &mut Tx,
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<Option<Linking>, AppError> {
        let inbound = &received.inbound;
        let (text, token) = match &inbound.content {
            Content::Text { text, .. } => (text.as_str(), ""),
            Content::Button { token, .. } => ("", token.as_str()),
            _ => return Ok(None),
        };
        let answer = match token {
            YES => Some(true),
            NO => Some(false),
            _ => self.says_yes(received, text),
        };
        if let Some(yes) = answer
            && let Some(code) = links::find_claimed(tx, inbound.channel, &inbound.from, now).await?
        {
            return Ok(Some(Linking::Confirm { code, yes }));
        }
        Ok(find_code(text).map(Linking::Code))
    }

    /// "1", "đúng rồi em", "không phải" to "is that you?".
    fn says_yes(&self, received: &Received, text: &str) -> Option<bool> {
        match parse_number(text) {
            Some(1) => return Some(true),
            Some(2) => return Some(false),
            _ => {}
        }
        let today = local(received.written_at()).date();
        match self.setup.reader.understand(text, today).details.says? {
            Says::Yes => Some(true),
            Says::No => Some(false),
            Says::NoNumber => None,
        }
    }

    /// The open code that was sent. Without the key of the installation every code is an unknown one: whoever issues one
    /// makes the key first.
    async fn find_code(
        &self,
        tx: &mut Tx,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<LinkCode>, AppError> {
        match self.setup.key.reveal() {
            Ok(key) => Ok(links::find(tx, &hash_of(code, &key), now).await?),
            Err(error) => {
                tracing::error!("no code can be checked: {error}");
                Ok(None)
            }
        }
    }

    pub(super) async fn link(
        &self,
        tx: &mut Tx,
        received: &Received,
        linking: Linking,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        match linking {
            Linking::Code(code) => self.try_code(tx, received, &code, now).await,
            Linking::Confirm { code, yes: false } => {
                links::end(tx, &code.hash, now).await?;
                let notice = NoticeContext::of(NoticeKind::NotLinked);
                self.say(tx, received, None, &notice, Vec::new(), now)
                    .await?;
                tracing::warn!(contact = %code.contact, "the sender of a code is not its person: the code has ended");
                Ok(done("a code sent by somebody else"))
            }
            Linking::Confirm { code, yes: true } => self.bind(tx, received, &code, now).await,
        }
    }

    async fn try_code(
        &self,
        tx: &mut Tx,
        received: &Received,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let inbound = &received.inbound;
        let today = local(now).date();
        let tries = strangers::count_try(tx, inbound.channel, &inbound.from, today).await?;
        if tries > MOST_TRIES {
            tracing::warn!(inbox = %received.id, tries, "too many codes tried by one sender");
            return Ok(done("too many tries at a code"));
        }
        let found = self.find_code(tx, code, now).await?.filter(|found| {
            found
                .channel
                .is_none_or(|channel| channel == inbound.channel)
        });
        let of_code = match &found {
            Some(found) => contacts::find(tx, &found.contact).await?,
            None => None,
        };
        if let Some(bound) = of_code.as_ref().filter(|of| has_chat(of, inbound.channel)) {
            let contact = bound.contact.id.clone();
            return self.refuse_place(tx, received, &contact, now).await;
        }
        let claimed = match &found {
            Some(found) => {
                links::claim(tx, &found.hash, inbound.channel, &inbound.from, now).await?
            }
            None => false,
        };
        let Some(stored) = of_code.filter(|stored| claimed && stored.active) else {
            self.refuse(tx, received, now).await?;
            tracing::warn!(inbox = %received.id, tries, "a code was refused");
            return Ok(done("a code that is wrong, used or expired"));
        };
        let notice = self.introduce(NoticeKind::Confirm, &stored.contact);
        let label = |kind| {
            self.setup
                .messages
                .render_notice(&NoticeContext::of(kind), inbound.channel)
                .map_err(|source| AppError::Answer {
                    source: Box::new(source),
                })
        };
        let choices = vec![
            Choice {
                label: label(NoticeKind::Yes)?,
                token: YES.to_owned(),
            },
            Choice {
                label: label(NoticeKind::No)?,
                token: NO.to_owned(),
            },
        ];
        self.say(tx, received, None, &notice, choices, now).await?;
        Ok(done(format!("asked whether it is {}", stored.contact.id)))
    }

    /// Tells whoever sent a code that it does not count: the same of every code, and of why nothing.
    async fn refuse(
        &self,
        tx: &mut Tx,
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        if self.strangers_are_too_many(tx, received, now).await? {
            return Ok(());
        }
        let notice = NoticeContext::of(NoticeKind::CodeRefused);
        self.say(tx, received, None, &notice, Vec::new(), now).await
    }

    /// Refuses a code of somebody who is bound on that channel: the chat that is bound stays, until the operator unbinds it.
    async fn refuse_place(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &ContactId,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        self.refuse(tx, received, now).await?;
        let channel = received.inbound.channel.as_str();
        tracing::warn!(%contact, channel, inbox = %received.id, "another chat sent a code of a contact that is bound: refused");
        Ok(done(format!(
            "a code of {contact}, who is bound on {channel} already"
        )))
    }

    async fn bind(
        &self,
        tx: &mut Tx,
        received: &Received,
        code: &LinkCode,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let inbound = &received.inbound;
        if !links::end(tx, &code.hash, now).await? {
            return Ok(done("a code that had ended"));
        }
        let found = contacts::find(tx, &code.contact).await?;
        let Some(stored) = found.filter(|stored| stored.active) else {
            self.refuse(tx, received, now).await?;
            return Ok(done("the contact of a code is gone"));
        };
        let contact = &stored.contact;
        // Whoever was bound after the code was sent keeps the place.
        if !addresses::bind(tx, &contact.id, inbound.channel, &inbound.from, now).await? {
            return self.refuse_place(tx, received, &contact.id, now).await;
        }
        addresses::hear(tx, inbound.channel, &inbound.from, received.written_at()).await?;
        strangers::forget(tx, inbound.channel, &inbound.from).await?;
        if let Some(charge) = self.setup.of_agency(&contact.agency) {
            let event = NewEvent {
                plan: charge.plan.id.clone(),
                obligation: None,
                at: now,
                actor: Actor::Contact(contact.id.clone()),
                kind: "linked".to_owned(),
                payload: json!({ "channel": inbound.channel.as_str() }),
                source: Some(received.id.source()),
            };
            events::append(tx, &[event]).await?;
        }
        self.tell_elsewhere(tx, received, &stored, now).await?;
        let background = self.background(tx, received, contact, None, now).await?;
        let welcome = welcome(&background.situation());
        self.carry_out(tx, received, contact, &background, welcome, now)
            .await?;
        tracing::info!(contact = %contact.id, channel = inbound.channel.as_str(), "a chat is linked");
        Ok(done(format!("linked with {}", contact.id)))
    }

    /// Tells the contact's other addresses that a chat was bound: whoever did not do that hears of it at once.
    async fn tell_elsewhere(
        &self,
        tx: &mut Tx,
        received: &Received,
        before: &StoredContact,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let inbound = &received.inbound;
        let notice = self.introduce(NoticeKind::LinkedElsewhere, &before.contact);
        let mut messages = Vec::new();
        let others = before.contact.channels.iter().filter(|(channel, address)| {
            self.origin.channels.contains(channel)
                && (*channel, address.as_str()) != (inbound.channel, inbound.from.as_str())
        });
        for (channel, address) in others {
            let text = self.setup.messages.render_notice(&notice, *channel);
            messages.push(NewDelivery {
                message: Message {
                    contact: Some(before.contact.id.clone()),
                    kind: DeliveryKind::Notice,
                    brief_day: None,
                    channel: *channel,
                    address: address.clone(),
                    subject: if *channel == Channel::Email {
                        "Dondoc"
                    } else {
                        ""
                    }
                    .to_owned(),
                    body: text.map_err(|source| AppError::Answer {
                        source: Box::new(source),
                    })?,
                    body_html: None,
                    message_id: format!(
                        "<linked.{}.{}@{}>",
                        received.id,
                        channel.as_str(),
                        self.origin.domain
                    ),
                    thread_key: None,
                    choices: Vec::new(),
                },
                not_before: now,
            });
        }
        Ok(deliveries::insert(tx, &messages, now).await?)
    }

    pub(super) fn introduce(&self, kind: NoticeKind, contact: &Contact) -> NoticeContext {
        let charge = self.setup.of_agency(&contact.agency);
        NoticeContext {
            kind,
            title: contact.title.clone(),
            agency: charge.map_or_else(
                || contact.agency.to_string(),
                |charge| charge.agency_name(&contact.agency),
            ),
        }
    }
}

/// Whether messages arrive at a chat of the person on that channel, so that none takes its place.
fn has_chat(stored: &StoredContact, channel: Channel) -> bool {
    let mut alive = stored.contact.channels.iter();
    alive.any(|(of, _)| *of == channel)
}
