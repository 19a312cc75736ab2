//! One type for every way to send.

use std::time::Duration;

use super::console::ConsoleSender;
use super::email::{EmailSender, Room};
use super::memory::MemorySender;
use super::message::Message;
use super::telegram::{self, TelegramSender};
use super::zalo;
use super::zalo_bot::ZaloBotSender;
use super::zalo_oa::ZaloOaSender;
use crate::domain::delivery::{Channel, Outcome};

/// What came of one attempt, and what was learnt about the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendReport {
    /// What came of it.
    pub outcome: Outcome,
    /// The address to use from now on, when the provider announced one (a Telegram group that became a supergroup).
    /// It holds whatever the outcome is.
    pub new_address: Option<String>,
}

impl From<Outcome> for SendReport {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            new_address: None,
        }
    }
}

/// A channel that is ready to send.
#[derive(Debug)]
pub enum Sender {
    /// Mail by SMTP.
    Email(EmailSender),
    /// Telegram Bot API.
    Telegram(TelegramSender),
    /// A bot of the Zalo Bot Platform.
    ZaloBot(ZaloBotSender),
    /// A Zalo Official Account.
    ZaloOa(ZaloOaSender),
    /// Standard output.
    Console(ConsoleSender),
    /// Keeps what it is given, in place of another channel.
    Memory(MemorySender),
}

impl Sender {
    /// Makes one attempt to deliver `message`. It ends within the channel's own deadlines, apart from the time it waits
    /// for its turn under the provider's rate limits.
    pub async fn send(&self, message: &Message) -> SendReport {
        // Each of these is tens of kilobytes, and would be moved four times on its way into a task.
        match self {
            Self::Email(sender) => Box::pin(sender.send(message)).await.into(),
            Self::Telegram(sender) => Box::pin(sender.send(message)).await,
            Self::ZaloBot(sender) => Box::pin(sender.send(message)).await.into(),
            Self::ZaloOa(sender) => Box::pin(sender.send(message)).await.into(),
            Self::Console(sender) => sender.send(message).into(),
            Self::Memory(sender) => sender.send(message).into(),
        }
    }

    /// How much may be handed over now.
    #[must_use]
    pub fn room(&self) -> Room {
        match self {
            Self::Email(sender) => sender.room(),
            Self::ZaloBot(sender) => sender.room(),
            Self::ZaloOa(sender) => sender.room(),
            Self::Telegram(_) | Self::Console(_) | Self::Memory(_) => Room::Free,
        }
    }

    /// Whether the provider did not accept our login or token when it last answered. Nobody has been asked since the start: no.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        match self {
            Self::Email(sender) => sender.is_refused(),
            Self::Telegram(sender) => sender.is_refused(),
            Self::ZaloBot(sender) => sender.is_refused(),
            Self::ZaloOa(sender) => sender.is_refused(),
            Self::Console(_) | Self::Memory(_) => false,
        }
    }

    /// Whether the provider refused several recipients in a row and has taken none since: that is its trouble, not theirs.
    #[must_use]
    pub fn refuses_all(&self) -> bool {
        match self {
            Self::Email(sender) => sender.refuses_all(),
            Self::Telegram(_)
            | Self::ZaloBot(_)
            | Self::ZaloOa(_)
            | Self::Console(_)
            | Self::Memory(_) => false,
        }
    }

    /// For how long nothing may be sent by whoever takes the channel over: longest of the waits between two messages that
    /// the provider asks for.
    #[must_use]
    pub fn rest(&self) -> Duration {
        match self {
            Self::Telegram(sender) => sender.rest(),
            Self::Email(_)
            | Self::ZaloBot(_)
            | Self::ZaloOa(_)
            | Self::Console(_)
            | Self::Memory(_) => Duration::ZERO,
        }
    }

    /// Closes the connections that are kept open between messages: somebody else sends now, and they count.
    pub fn hang_up(&self) {
        match self {
            Self::Email(sender) => sender.hang_up(),
            Self::Telegram(_)
            | Self::ZaloBot(_)
            | Self::ZaloOa(_)
            | Self::Console(_)
            | Self::Memory(_) => {}
        }
    }

    /// Keeps what the channel needs alive while nothing is sent: call it every hour or so.
    ///
    /// # Errors
    /// What somebody must repair, for the operator.
    pub async fn keep_fresh(&self) -> Result<(), String> {
        match self {
            Self::ZaloOa(sender) => sender.keep_fresh().await,
            Self::Email(_)
            | Self::Telegram(_)
            | Self::ZaloBot(_)
            | Self::Console(_)
            | Self::Memory(_) => Ok(()),
        }
    }

    /// The channel it sends on.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Telegram(_) => Channel::Telegram,
            Self::ZaloBot(_) => Channel::ZaloBot,
            Self::ZaloOa(_) => Channel::ZaloOa,
            Self::Console(_) => Channel::Console,
            Self::Memory(sender) => sender.channel(),
        }
    }
}

/// How much NFC text fits in one message of `channel`: code points for Telegram, UTF-16 units for Zalo; `None` where it may be
/// as long as it likes.
#[must_use]
pub fn text_limit(channel: Channel) -> Option<usize> {
    match channel {
        Channel::Telegram => Some(telegram::TEXT_LIMIT),
        Channel::ZaloBot | Channel::ZaloOa => Some(zalo::TEXT_LIMIT),
        Channel::Email | Channel::Console => None,
    }
}
