//! Binding a chat to a contact by a single-use code.
//!
//! The code reaches the person by the document system or by hand; whoever sends it first is asked whether they are the
//! person it was made for. A wrong, a used and an expired code are answered alike, and tries are limited, so that
//! guessing tells nothing.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::desk::{Desk, Outcome, done};
use crate::app::AppError;
use crate::clock::local;
use crate::domain::delivery::Choice;
use crate::domain::directory::Contact;
use crate::domain::inbound::{Content, Inbound};
use crate::messages::{NoticeContext, NoticeKind};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::inbox::Received;
use crate::store::links::{self, LinkCode};
use crate::store::{Tx, addresses, contacts, strangers};

/// For how many days a code can be used.
pub const CODE_DAYS: i64 = 7;

/// How many codes one sender may try in a day.
const MOST_TRIES: u64 = 5;

/// Letters and digits that nobody confuses (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 8;

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

/// A code of 40 random bits: `K7M2-9QXD`.
#[must_use]
pub fn new_code(random: [u8; 5]) -> String {
    let bits = random
        .iter()
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut code = String::with_capacity(LENGTH + 1);
    for place in (0..LENGTH).rev() {
        if place == LENGTH / 2 - 1 {
            code.push('-');
        }
        let index = usize::try_from(bits >> (5 * place) & 31).unwrap_or(0);
        code.push(char::from(ALPHABET[index]));
    }
    code
}

/// The code that a message consists of, without its hyphen; `/start CODE` of a deep link counts.
fn parse_code(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("/start").unwrap_or(text);
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let valid = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    // Eight letters may be a word; a code of this program nearly always has a digit, and one without can be issued anew.
    (valid && code.bytes().any(|byte| byte.is_ascii_digit())).then_some(code)
}

/// Whether a message consists of what looks like a code.
#[must_use]
pub fn is_code(text: &str) -> bool {
    parse_code(text).is_some()
}

/// The hash under which a code is stored.
#[must_use]
pub fn hash_of(code: &str) -> String {
    let code: String = code.chars().filter(|c| *c != '-').collect();
    let digest = Sha256::digest(format!("dondoc link code {code}"));
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether a message has to do with a code.
pub(super) async fn linking(
    tx: &mut Tx,
    inbound: &Inbound,
    now: DateTime<Utc>,
) -> Result<Option<Linking>, AppError> {
    let (text, token) = match &inbound.content {
        Content::Text { text, .. } => (text.as_str(), ""),
        Content::Button { token, .. } => ("", token.as_str()),
        _ => return Ok(None),
    };
    let answer = match (token, text.trim().trim_end_matches('.')) {
        (YES, _) | (_, "1") => Some(true),
        (NO, _) | (_, "2") => Some(false),
        _ => None,
    };
    if let Some(yes) = answer
        && let Some(code) = links::find_claimed(tx, inbound.channel, &inbound.from, now).await?
    {
        return Ok(Some(Linking::Confirm { code, yes }));
    }
    Ok(parse_code(text).map(Linking::Code))
}

/// Whether the text of a bound contact is a code that is valid: rebinding is refused.
pub(super) async fn is_valid_code(
    tx: &mut Tx,
    text: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    Ok(match parse_code(text) {
        Some(code) => links::find(tx, &hash_of(&code), now).await?.is_some(),
        None => false,
    })
}

impl Desk {
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
        let found = links::find(tx, &hash_of(code), now).await?.filter(|found| {
            found
                .channel
                .is_none_or(|channel| channel == inbound.channel)
        });
        let claimed = match &found {
            Some(found) => {
                links::claim(tx, &found.hash, inbound.channel, &inbound.from, now).await?
            }
            None => false,
        };
        let contact = match (found, claimed) {
            (Some(found), true) => contacts::find(tx, &found.contact).await?,
            _ => None,
        };
        let Some(stored) = contact.filter(|stored| stored.active) else {
            let notice = NoticeContext::of(NoticeKind::CodeRefused);
            self.say(tx, received, None, &notice, Vec::new(), now)
                .await?;
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

    async fn bind(
        &self,
        tx: &mut Tx,
        received: &Received,
        code: &LinkCode,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let inbound = &received.inbound;
        let Some(stored) = contacts::find(tx, &code.contact).await? else {
            return Ok(done("the contact of a code is gone"));
        };
        if !links::end(tx, &code.hash, now).await? {
            return Ok(done("a code that had ended"));
        }
        let contact = &stored.contact;
        let address = (contact.id.clone(), inbound.channel, inbound.from.clone());
        addresses::upsert(tx, &[address], now).await?;
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
                source: Some(format!("inbox:{}", received.id)),
            };
            events::append(tx, &[event]).await?;
        }
        let notice = self.introduce(NoticeKind::Linked, contact);
        self.say(tx, received, Some(&contact.id), &notice, Vec::new(), now)
            .await?;
        tracing::info!(contact = %contact.id, channel = inbound.channel.as_str(), "a chat is linked");
        Ok(done(format!("linked with {}", contact.id)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = new_code([0x9a, 0x3f, 0x00, 0x7c, 0x15]);
        assert_eq!(code.len(), LENGTH + 1);
        let plain = code.replace('-', "");
        for typed in [
            code.clone(),
            plain.clone(),
            code.to_lowercase(),
            format!(" {code}\n"),
            format!("/start {plain}"),
        ] {
            assert_eq!(
                parse_code(&typed).as_deref(),
                Some(plain.as_str()),
                "{typed:?}"
            );
        }
        assert_eq!(hash_of(&code), hash_of(&plain));
    }

    #[test]
    fn words_and_document_numbers_are_no_codes() {
        for text in [
            "II.2 xong",
            "12/KH-SNV",
            "hoanthan",
            "đã xong",
            "",
            "12345678901",
        ] {
            assert_eq!(parse_code(text), None, "{text:?}");
        }
    }

    #[test]
    fn other_bits_give_another_code() {
        assert_ne!(new_code([0; 5]), new_code([0, 0, 0, 0, 1]));
        assert_eq!(new_code([0; 5]), "0000-0000");
        assert_eq!(new_code([0xff; 5]), "ZZZZ-ZZZZ");
    }
}
