//! One type for every provider that pushes to us.

use reqwest::header::HeaderMap;

use super::receiver::ReceiveError;
use super::telegram::TelegramWebhook;
use crate::domain::delivery::Channel;
use crate::domain::inbound::Inbound;

/// Why a push is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its secret or signature is missing or wrong: it is not from the provider. Nothing more is said to whoever sent it.
    #[error("not authentic: {0}")]
    NotAuthentic(&'static str),
    /// It is from the provider and makes no sense to us. It is logged and accepted all the same, for the provider would
    /// only send it again.
    #[error("not understood: {0}")]
    NotUnderstood(String),
    /// It is from the provider, and we cannot tell yet what to do with it: the provider is to send it again.
    #[error("not now: {0}")]
    NotNow(&'static str),
}

/// A provider that pushes what came in.
#[derive(Debug)]
pub enum Webhook {
    /// Telegram Bot API.
    Telegram(TelegramWebhook),
    /// A bot of the Zalo Bot Platform.
    ZaloBot(super::zalo_bot::ZaloBotWebhook),
    /// A Zalo Official Account.
    ZaloOa(super::zalo_oa::ZaloOaWebhook),
}

impl Webhook {
    /// Tells the provider where to push; called once at start, and again when it failed.
    ///
    /// # Errors
    /// Why the provider will not.
    pub async fn prepare(&self) -> Result<(), ReceiveError> {
        match self {
            Self::Telegram(webhook) => webhook.prepare().await,
            Self::ZaloBot(webhook) => webhook.prepare().await,
            // Its address is entered in the console of the application.
            Self::ZaloOa(_) => Ok(()),
        }
    }

    /// Whether a push with this head can be anything but a probe: without the secret, or any signature, nothing that it
    /// brings is looked at, and little of it need be read.
    #[must_use]
    pub fn may_be_authentic(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Telegram(webhook) => webhook.check(headers).is_ok(),
            Self::ZaloBot(webhook) => webhook.check(headers).is_ok(),
            Self::ZaloOa(_) => super::zalo_oa::ZaloOaWebhook::is_signed(headers),
        }
    }

    /// Checks that a push is authentic, over the bytes as they came, and reads it. A probe, or an event that concerns
    /// nobody, gives nothing. What is given must be stored before the provider is answered.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn accept(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Inbound>, Refusal> {
        match self {
            Self::Telegram(webhook) => webhook.accept(headers, body),
            Self::ZaloBot(webhook) => webhook.accept(headers, body),
            Self::ZaloOa(webhook) => webhook.accept(headers, body),
        }
    }

    /// Tells the provider that these are stored, where an answer to the push does not: a tapped button stops turning. A
    /// failure is of no consequence.
    pub async fn acknowledge(&self, stored: &[Inbound]) {
        match self {
            Self::Telegram(webhook) => webhook.acknowledge(stored).await,
            Self::ZaloBot(_) | Self::ZaloOa(_) => {}
        }
    }

    /// The channel it belongs to.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::Telegram(_) => Channel::Telegram,
            Self::ZaloBot(_) => Channel::ZaloBot,
            Self::ZaloOa(_) => Channel::ZaloOa,
        }
    }
}
