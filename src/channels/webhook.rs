//! One type for every provider that pushes to us.

use reqwest::header::HeaderMap;

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
}

/// A provider that pushes what came in.
#[derive(Debug)]
pub enum Webhook {
    /// A bot of the Zalo Bot Platform.
    ZaloBot(super::zalo_bot::ZaloBotWebhook),
    /// A Zalo Official Account.
    ZaloOa(super::zalo_oa::ZaloOaWebhook),
}

impl Webhook {
    /// Checks that a push is authentic, over the bytes as they came, and reads it. A probe, or an event that concerns
    /// nobody, gives nothing. What is given must be stored before the provider is answered.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn accept(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Inbound>, Refusal> {
        match self {
            Self::ZaloBot(webhook) => webhook.accept(headers, body),
            Self::ZaloOa(webhook) => webhook.accept(headers, body),
        }
    }

    /// The channel it belongs to.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::ZaloBot(_) => Channel::ZaloBot,
            Self::ZaloOa(_) => Channel::ZaloOa,
        }
    }
}
