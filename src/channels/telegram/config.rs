//! What the Telegram channel is told, and what of it cannot work.

use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::channels::http;

/// The plain values the Telegram channel is made of.
#[derive(Clone, Debug)]
pub struct TelegramConfig {
    /// Where the Bot API is: `https://api.telegram.org`, or a server of one's own.
    pub api_url: Url,
    /// The bot's token, `digits:secret`.
    pub token: SecretString,
    /// The HTTP proxy to go through, where Telegram is not reachable directly.
    pub proxy: Option<Url>,
    /// How long a call may take.
    pub timeouts: TelegramTimeouts,
    /// How fast messages may go out.
    pub limits: TelegramLimits,
}

/// Deadlines of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelegramTimeouts {
    /// Connecting and encrypting.
    pub connect: Duration,
    /// The whole call. Generous: giving up after the request was written leaves the message's fate unknown.
    pub total: Duration,
}

impl Default for TelegramTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
        }
    }
}

/// How fast messages may go out. The defaults are what Telegram's FAQ names; the true limits are unpublished and only a
/// 429's `retry_after` is binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelegramLimits {
    /// Messages per second of the whole bot.
    pub bot_per_second: NonZeroU32,
    /// Messages per second to one chat.
    pub chat_per_second: NonZeroU32,
    /// Messages per minute to one group.
    pub group_per_minute: NonZeroU32,
}

impl Default for TelegramLimits {
    fn default() -> Self {
        let number = |n| NonZeroU32::new(n).expect("the numbers below are not zero");
        Self {
            bot_per_second: number(30),
            chat_per_second: number(1),
            group_per_minute: number(20),
        }
    }
}

/// What cannot work in a [`TelegramConfig`].
#[derive(Debug, thiserror::Error)]
pub enum TelegramConfigError {
    /// The token would cross a network unencrypted, or the URL is none that can be called.
    #[error(
        "`api_url` of the Telegram channel must begin with https:// (http:// only for a server on this machine), and it is at `{host}`"
    )]
    ApiUrl {
        /// The host it names.
        host: String,
    },
    /// The token is not of the form `digits:secret`; it is not shown.
    #[error("the Telegram bot token is not of the form 123456:ABC-def")]
    Token,
    /// The secret of the webhook is none that Telegram takes; it is not shown.
    #[error(
        "the secret of the Telegram webhook must be 16 to 256 characters of A-Z, a-z, 0-9, _ and -"
    )]
    WebhookSecret,
    /// The HTTP client cannot be built.
    #[error("the HTTP client of the Telegram channel cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl TelegramConfig {
    /// The bot's user id, the digits before the colon of its token.
    pub(super) fn bot_id(&self) -> Result<i64, TelegramConfigError> {
        let id = self.token.expose_secret().split_once(':');
        id.and_then(|(id, _)| id.parse().ok())
            .ok_or(TelegramConfigError::Token)
    }

    /// Finds what cannot work before anything is sent.
    pub(super) fn validate(&self) -> Result<(), TelegramConfigError> {
        if !http::keeps_secrets(&self.api_url) {
            let host = self.api_url.host_str().unwrap_or_default().to_owned();
            return Err(TelegramConfigError::ApiUrl { host });
        }
        if is_token(self.token.expose_secret()) {
            Ok(())
        } else {
            Err(TelegramConfigError::Token)
        }
    }
}

fn is_token(token: &str) -> bool {
    token.split_once(':').is_some_and(|(id, secret)| {
        !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_digit())
            && !secret.is_empty()
            && secret
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}
