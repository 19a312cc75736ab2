//! Where the answers to a mail go: people's, and those of relays that could not deliver it.

use lettre::Address;
use lettre::message::Mailbox;

use super::token::{Purpose, ReplyTokens};
use crate::channels::Now;
use crate::channels::message::Message;

/// How outgoing mail invites answers that can be matched and believed.
#[derive(Clone, Debug)]
pub struct Replies {
    /// Makes the address in `Reply-To`.
    pub tokens: ReplyTokens,
    /// Where relays report.
    pub return_path: ReturnPath,
    /// What time it is: a token has an end.
    pub now: Now,
}

/// The envelope sender of outgoing mail: where relays report that a mail could not be delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReturnPath {
    /// The reply address with a token of its own, so that reports without the original can be matched too (VERP).
    #[default]
    Token,
    /// The reply address as it is, for a relay that lets us send under nothing else.
    Reply,
    /// The address of `from`. Reports arrive in our folder only if its mail does.
    From,
}

impl Replies {
    /// `Reply-To` of this mail, under our name.
    pub(super) fn reply_to(&self, message: &Message, from: &Mailbox) -> Option<Mailbox> {
        let address = self
            .tokens
            .sign(
                Purpose::Reply,
                message.delivery_id,
                &message.to,
                self.now.get(),
            )
            .unwrap_or_else(|| self.tokens.address());
        Some(Mailbox::new(from.name.clone(), address.parse().ok()?))
    }

    /// The envelope sender of this mail; `None` for that of `from`.
    pub(super) fn return_path(&self, message: &Message) -> Option<Address> {
        let address = match self.return_path {
            ReturnPath::Token => self
                .tokens
                .sign(
                    Purpose::Return,
                    message.delivery_id,
                    &message.to,
                    self.now.get(),
                )
                .unwrap_or_else(|| self.tokens.address()),
            ReturnPath::Reply => self.tokens.address(),
            ReturnPath::From => return None,
        };
        address.parse().ok()
    }
}
