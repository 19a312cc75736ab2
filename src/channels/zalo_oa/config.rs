//! What the Official Account is told, and what of it cannot work.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::channels::http;

/// The plain values an Official Account is made of.
#[derive(Clone, Debug)]
pub struct ZaloOaConfig {
    /// Where messages are sent: `https://openapi.zalo.me`.
    pub api_url: Url,
    /// Where tokens are refreshed: `https://oauth.zaloapp.com`.
    pub oauth_url: Url,
    /// Number of the application that the account has admitted.
    pub app_id: String,
    /// The application's secret.
    pub app_secret: SecretString,
    /// How long a call may take.
    pub timeouts: ZaloOaTimeouts,
}

/// Deadlines of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZaloOaTimeouts {
    /// Connecting and encrypting.
    pub connect: Duration,
    /// The whole call. Generous: giving up after a refresh was written may cost the account its tokens.
    pub total: Duration,
}

impl Default for ZaloOaTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
        }
    }
}

/// What cannot work in the configuration of an Official Account.
#[derive(Debug, thiserror::Error)]
pub enum ZaloOaConfigError {
    /// A secret would cross a network unencrypted, or the URL is none that can be called.
    #[error(
        "`{key}` of the Zalo Official Account must begin with https:// (http:// only for a server on this machine), and it is at `{host}`"
    )]
    Url {
        /// Which of the two.
        key: &'static str,
        /// The host it names.
        host: String,
    },
    /// An id that is not one.
    #[error("`{key}` of the Zalo Official Account must be digits")]
    Id {
        /// Which.
        key: &'static str,
    },
    /// Nothing that a push may be signed with is known.
    #[error(
        "`signature` of [zalo_oa] names only readings that need `oa_secret`, and that is not set"
    )]
    Signature,
    /// The HTTP client cannot be built.
    #[error("the HTTP client of the Zalo Official Account cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl ZaloOaConfig {
    /// Finds what cannot work before anything is sent.
    ///
    /// # Errors
    /// What it is.
    pub fn validate(&self) -> Result<(), ZaloOaConfigError> {
        for (key, url) in [("api_url", &self.api_url), ("oauth_url", &self.oauth_url)] {
            if !http::keeps_secrets(url) {
                let host = url.host_str().unwrap_or_default().to_owned();
                return Err(ZaloOaConfigError::Url { key, host });
            }
        }
        if is_id(&self.app_id) {
            Ok(())
        } else {
            Err(ZaloOaConfigError::Id { key: "app_id" })
        }
    }
}

/// Ids of Zalo are long numbers, written as strings.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
