//! What the Zalo bot is told, and what of it cannot work.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::channels::http;

/// The plain values a Zalo bot is made of.
#[derive(Clone, Debug)]
pub struct ZaloBotConfig {
    /// Where the Bot Platform is: `https://bot-api.zaloplatforms.com`.
    pub api_url: Url,
    /// The bot's token, `digits:secret`.
    pub token: SecretString,
    /// How long a call may take.
    pub timeouts: ZaloBotTimeouts,
}

/// How long things may take, and how often we ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZaloBotTimeouts {
    /// Connecting and encrypting.
    pub connect: Duration,
    /// The whole call, other than a poll.
    pub total: Duration,
    /// How long the server may wait for something to come in.
    pub wait: Duration,
    /// The shortest time from one poll to the next: a server that hands over the same update again and again answers at
    /// once, twelve times a second.
    pub between_polls: Duration,
}

impl Default for ZaloBotTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
            wait: Duration::from_secs(30),
            between_polls: Duration::from_secs(1),
        }
    }
}

/// What cannot work in the configuration of a Zalo bot.
#[derive(Debug, thiserror::Error)]
pub enum ZaloBotConfigError {
    /// The token would cross a network unencrypted, or the URL is none that can be called.
    #[error(
        "`api_url` of the Zalo bot must begin with https:// (http:// only for a server on this machine), and it is at `{host}`"
    )]
    ApiUrl {
        /// The host it names.
        host: String,
    },
    /// The token is not of the form `digits:secret`; it is not shown.
    #[error("the token of the Zalo bot is not of the form 123456:abcDEF")]
    Token,
    /// The secret of the webhook is too short, too long, or not of the characters of a header; it is not shown.
    #[error("the webhook secret of the Zalo bot must have 16 to 256 letters, digits, - or _")]
    WebhookSecret,
    /// The HTTP client cannot be built.
    #[error("the HTTP client of the Zalo bot cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl ZaloBotConfig {
    /// Finds what cannot work before anything is sent; gives the number of the bot.
    pub(super) fn validate(&self) -> Result<String, ZaloBotConfigError> {
        if !http::keeps_secrets(&self.api_url) {
            let host = self.api_url.host_str().unwrap_or_default().to_owned();
            return Err(ZaloBotConfigError::ApiUrl { host });
        }
        number_of(self.token.expose_secret()).ok_or(ZaloBotConfigError::Token)
    }
}

/// The digits before the colon: which bot it is, and no secret.
fn number_of(token: &str) -> Option<String> {
    let (number, secret) = token.split_once(':')?;
    let is_token = !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && !secret.is_empty()
        && secret.bytes().all(is_plain);
    is_token.then(|| number.to_owned())
}

/// Whether it may be the secret of a webhook: the platform takes 8 to 256 characters, and whoever guesses it speaks for
/// everybody.
pub(super) fn is_webhook_secret(secret: &str) -> bool {
    (16..=256).contains(&secret.len()) && secret.bytes().all(is_plain)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
