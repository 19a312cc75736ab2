//! One type for every way to receive by asking. What is pushed to us comes by the webhooks.

use std::time::Duration;

use super::telegram::TelegramReceiver;
use crate::domain::delivery::Channel;
use crate::domain::inbound::Inbound;

/// What one call brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// What came in, in the provider's order; copies of earlier ones may be among it.
    pub inbound: Vec<Inbound>,
    /// How far the channel has been read now; to be stored with `inbound` and given to the next call. `None`: as before.
    pub cursor: Option<String>,
}

impl Batch {
    /// Whether there was nothing behind `cursor`, which the call was given.
    #[must_use]
    pub fn brings_nothing_after(&self, cursor: Option<&str>) -> bool {
        let is_as_before = |own: &String| Some(own.as_str()) == cursor;
        self.inbound.is_empty() && self.cursor.as_ref().is_none_or(is_as_before)
    }
}

/// Why a call brought nothing. The texts name no address, token or URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// Somebody else reads the same bot or mailbox: stop, tell the operator, never fight.
    #[error("somebody else is reading: {0}")]
    Conflict(String),
    /// Our own access is refused until somebody changes the configuration.
    #[error("access is refused: {0}")]
    Refused(String),
    /// Not now.
    #[error("nothing received: {reason}")]
    Later {
        /// Why.
        reason: String,
        /// How long the provider asks to wait.
        after: Option<Duration>,
    },
}

/// A channel that is ready to receive.
#[derive(Debug)]
pub enum Receiver {
    /// Telegram Bot API, by long polling.
    Telegram(TelegramReceiver),
    /// A mailbox, by IMAP.
    Email(Box<super::mailbox::MailboxReceiver>),
    /// Brings what it is given, in place of another channel.
    Memory(super::MemoryReceiver),
    /// Polls a bot of the Zalo Bot Platform.
    ZaloBot(super::zalo_bot::ZaloBotReceiver),
}

impl Receiver {
    /// Waits for what comes in, at most about half a minute, and brings it. `cursor` is the last one that was stored;
    /// giving it back tells the provider that everything up to it is safe with us.
    ///
    /// # Errors
    /// Why nothing can be brought.
    pub async fn receive(&mut self, cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        match self {
            Self::Telegram(receiver) => receiver.receive(cursor).await,
            Self::Email(receiver) => receiver.receive(cursor).await,
            Self::Memory(receiver) => receiver.receive(cursor).await,
            Self::ZaloBot(receiver) => receiver.receive(cursor).await,
        }
    }

    /// What is next behind `cursor` where each thing is brought alone: its place, without its content, or `None` while there is
    /// nothing. The outer `None` where what comes is small and everything is brought at once.
    ///
    /// # Errors
    /// Why that cannot be found out.
    pub async fn peek(
        &mut self,
        cursor: Option<&str>,
    ) -> Result<Option<Option<String>>, ReceiveError> {
        match self {
            Self::Email(receiver) => receiver.peek(cursor).await.map(Some),
            Self::Telegram(_) | Self::Memory(_) | Self::ZaloBot(_) => Ok(None),
        }
    }

    /// Brings the one thing that [`Receiver::peek`] has found, or leaves it unread for this reason: then something for a person
    /// stands in its place.
    ///
    /// # Errors
    /// Why it cannot be brought.
    pub async fn bring_one(
        &mut self,
        cursor: Option<&str>,
        left_unread: Option<&str>,
    ) -> Result<Batch, ReceiveError> {
        match self {
            Self::Email(receiver) => receiver.bring_one(cursor, left_unread).await,
            other => Box::pin(other.fetch(cursor)).await,
        }
    }

    /// Brings what waits there already, and waits for nothing more: from its first call until it brings nothing, that is
    /// what people have said while nothing ran. Otherwise as [`Receiver::receive`].
    ///
    /// # Errors
    /// Why nothing can be brought.
    pub async fn fetch(&mut self, cursor: Option<&str>) -> Result<Batch, ReceiveError> {
        match self {
            Self::Telegram(receiver) => receiver.fetch(cursor).await,
            Self::Email(receiver) => receiver.fetch(cursor).await,
            Self::Memory(receiver) => Ok(receiver.fetch()),
            Self::ZaloBot(receiver) => receiver.fetch(cursor).await,
        }
    }

    /// Tells the provider that these are stored, where it wants to know at once: a tapped button stops turning. A
    /// failure is of no consequence.
    pub async fn acknowledge(&mut self, stored: &[Inbound]) {
        match self {
            Self::Telegram(receiver) => receiver.acknowledge(stored).await,
            // The folder is only read: nobody waits to be told.
            Self::Email(_) => {}
            Self::Memory(receiver) => receiver.acknowledge(stored).await,
            Self::ZaloBot(receiver) => receiver.acknowledge(stored),
        }
    }

    /// Whether [`Receiver::receive`] may be dropped half-way without losing anything: whether the provider hands over again
    /// what was not confirmed.
    #[must_use]
    pub fn may_be_cut(&self) -> bool {
        match self {
            Self::Telegram(_) | Self::Email(_) | Self::Memory(_) => true,
            Self::ZaloBot(_) => false,
        }
    }

    /// The channel it receives on.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::Telegram(_) => Channel::Telegram,
            Self::Email(_) => Channel::Email,
            Self::Memory(receiver) => receiver.channel(),
            Self::ZaloBot(_) => Channel::ZaloBot,
        }
    }

    /// What its lease and its cursor are called: one for each bot or mailbox, without the secret.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Telegram(receiver) => receiver.name(),
            Self::Email(receiver) => receiver.name(),
            Self::Memory(receiver) => format!("memory:{}", receiver.channel().as_str()),
            Self::ZaloBot(receiver) => receiver.name(),
        }
    }
}
