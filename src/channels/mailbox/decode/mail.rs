//! One mail as a whole.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use mail_parser::{Message, MessageParser};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::bounce::{self, Report};
use super::headers::Headers;
use super::{automatic, body, sender};
use crate::channels::email::ReplyTokens;
use crate::domain::delivery::Channel;
use crate::domain::inbound::{Content, Identity, Inbound, Place};

/// What is needed to tell who wrote to whom.
#[derive(Debug)]
pub struct Decoder {
    /// Our own addresses, in lower case.
    pub own: Vec<String>,
    /// The domain of our Message-IDs.
    pub domain: Option<String>,
    /// The name of the server whose findings are believed.
    pub authserv_id: Option<String>,
    /// Reply addresses that prove themselves.
    pub tokens: Option<ReplyTokens>,
}

/// A mail as the mailbox keeps it.
#[derive(Debug)]
pub struct Stored {
    /// Its bytes, or the first of them.
    pub raw: Vec<u8>,
    /// Whether these are only the first.
    pub is_cut: bool,
    /// What the mailbox calls it: UIDVALIDITY and UID.
    pub name: String,
    /// When it arrived.
    pub arrived_at: Option<DateTime<Utc>>,
}

impl Decoder {
    /// What came in with this mail.
    pub fn decode(&self, stored: &Stored, now: DateTime<Utc>) -> Inbound {
        let Some(message) = MessageParser::default().parse(stored.raw.as_slice()) else {
            return Inbound {
                channel: Channel::Email,
                external_id: format!("unreadable {}", hex(&Sha256::digest(&stored.raw))),
                from: String::new(),
                place: Place::Private,
                sent_at: stored.arrived_at,
                identity: sender::doubtful("it is no mail"),
                content: Content::Automatic {
                    reason: "it is no mail".to_owned(),
                },
            };
        };
        let headers = Headers::of(&message);
        let sender = sender::sender(
            &headers,
            self.tokens.as_ref(),
            self.authserv_id.as_deref(),
            now,
        );
        let (content, identity) = self.content(&message, &headers, stored, &sender, now);
        Inbound {
            channel: Channel::Email,
            external_id: external_id(&message, &headers, stored),
            from: sender.address,
            place: Place::Private,
            sent_at: sent_at(&message, stored.arrived_at),
            identity,
            content,
        }
    }

    fn content(
        &self,
        message: &Message<'_>,
        headers: &Headers<'_>,
        stored: &Stored,
        sender: &sender::Sender,
        now: DateTime<Utc>,
    ) -> (Content, Identity) {
        let automatic = |reason: String| (Content::Automatic { reason }, sender.identity.clone());
        let domain = self.domain.as_deref();
        match bounce::find(message, headers, self.tokens.as_ref(), now) {
            Some(Report::Bounced(bounce)) => {
                let identity = if bounce.proven {
                    Identity::Proven
                } else {
                    sender::doubtful("the report does not show a mail of ours")
                };
                let content = Content::Bounced {
                    answers: bounce.answers,
                    recipient: bounce.recipient,
                    forever: bounce.forever,
                    reason: bounce.reason,
                };
                return (content, identity);
            }
            Some(Report::Other(reason)) => return automatic(reason),
            None => {}
        }
        if let Some(reason) = automatic::reason(headers, &self.own, domain) {
            return automatic(reason);
        }
        let subject = message.subject().unwrap_or_default();
        if automatic::is_absence(subject) {
            return automatic("its subject is that of an automatic reply".to_owned());
        }
        let body = body::read(message, stored.is_cut, &stored.name);
        let answers = sender::answered(headers, sender.delivery, domain);
        let mut text = body.text;
        if text.is_empty() && answers.is_none() && body.doubt.is_none() {
            text = own_subject(subject);
        } else if answers.is_none() && names_task(subject) && !names_task(&text) {
            // A subject is a topic as often as a report: of "Hoàn thành II.2" above words only the task is taken.
            let subject = own_subject(subject);
            let named: Vec<&str> = subject
                .split_whitespace()
                .filter(|word| is_task(word))
                .collect();
            if !named.is_empty() {
                text.insert_str(0, &format!("{}: ", named.join(", ")));
            }
        }
        let identity = match (body.doubt, &sender.identity) {
            (Some(doubt), Identity::Proven) => {
                sender::doubtful(&format!("its text cannot be trusted: {doubt}"))
            }
            (_, identity) => identity.clone(),
        };
        let content = Content::Text {
            text,
            answers,
            edited: false,
            files: body.files,
        };
        (content, identity)
    }
}

/// A mail over which decoding stumbled: known by what the mailbox calls it, for nothing in it is.
pub(in crate::channels::mailbox) fn unreadable(
    name: &str,
    arrived_at: Option<DateTime<Utc>>,
    why: &str,
) -> Inbound {
    Inbound {
        channel: Channel::Email,
        external_id: format!("undecoded {name}"),
        from: String::new(),
        place: Place::Private,
        sent_at: arrived_at,
        identity: sender::doubtful("it could not be decoded"),
        content: Content::Unreadable {
            reason: format!("mail {name} of the folder cannot be decoded: {why}"),
        },
    }
}

/// A mail whose only words are its subject: some phones make that easiest. A subject that answers is ours.
fn own_subject(subject: &str) -> String {
    let subject: String = subject.nfc().collect();
    let lower = subject.trim().to_lowercase();
    let answers = [
        "re:",
        "fw:",
        "fwd:",
        "tl:",
        "trl:",
        "trả lời:",
        "ct:",
        "chuyển tiếp:",
    ];
    if answers.iter().any(|answer| lower.starts_with(answer)) || lower.contains('\u{fffd}') {
        return String::new();
    }
    subject
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(500)
        .collect()
}

/// Whether a text names a task by its number: `II.2`.
fn names_task(text: &str) -> bool {
    text.split_whitespace().any(is_task)
}

/// `II.2`, `II.2/1:`.
fn is_task(word: &str) -> bool {
    let (group, number) = word.split_once('.').unwrap_or((word, ""));
    let is_roman = |c: char| "IVXivx".contains(c);
    !group.is_empty()
        && group.chars().all(is_roman)
        && number.starts_with(|c: char| c.is_ascii_digit())
}

/// When it was sent: its own date, as long as that is near the day it arrived.
fn sent_at(message: &Message<'_>, arrived_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    let date = message
        .date()
        .filter(|date| date.is_valid())
        .and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0));
    let Some(arrived_at) = arrived_at else {
        return date;
    };
    let is_near = |date: &DateTime<Utc>| {
        *date <= arrived_at + TimeDelta::hours(1) && *date >= arrived_at - TimeDelta::days(5)
    };
    date.filter(is_near).or(Some(arrived_at))
}

/// The same for every copy of one mail, however it was delivered: its Message-ID, and a hash of what its author made.
/// Two mails of one Message-ID stay two.
fn external_id(message: &Message<'_>, headers: &Headers<'_>, stored: &Stored) -> String {
    let id = headers
        .message_ids("message-id")
        .into_iter()
        .next()
        .unwrap_or_default();
    let mut hash = Sha256::new();
    for name in ["message-id", "from", "date", "subject"] {
        hash.update(headers.first(name).unwrap_or_default().as_bytes());
        hash.update(b"\n");
    }
    let body = message.root_part().raw_body_offset() as usize;
    // How much of a mail was read depends on its trace fields, which differ from copy to copy.
    if !stored.is_cut {
        hash.update(stored.raw.get(body..).unwrap_or_default());
    }
    format!("{id} {}", hex(&hash.finalize()))
        .trim_start()
        .to_owned()
}

/// The first half of a hash.
fn hex(hash: &[u8]) -> String {
    hash.iter().take(16).fold(String::new(), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
