//! Receives by webhook: what the platform pushes.

use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::bot::{ZaloBot, ZaloBotError};
use super::config::{ZaloBotConfigError, is_webhook_secret};
use super::update::decode;
use crate::channels::compare::is_same;
use crate::channels::receiver::ReceiveError;
use crate::channels::webhook::Refusal;
use crate::domain::inbound::Inbound;

/// The header that carries the secret of `setWebhook`.
const SECRET_HEADER: &str = "x-bot-api-secret-token";

/// Takes what the platform pushes for one bot.
#[derive(Debug)]
pub struct ZaloBotWebhook {
    bot: ZaloBot,
    url: Url,
    secret: SecretString,
}

impl ZaloBotWebhook {
    /// The platform is to push to `url`, with `secret`; connects to nothing.
    ///
    /// # Errors
    /// [`ZaloBotConfigError::WebhookSecret`].
    pub fn new(bot: ZaloBot, url: Url, secret: SecretString) -> Result<Self, ZaloBotConfigError> {
        if is_webhook_secret(secret.expose_secret()) {
            Ok(Self { bot, url, secret })
        } else {
            Err(ZaloBotConfigError::WebhookSecret)
        }
    }

    /// Tells the platform where to push, unless it knows: how often it may be told in a day is limited.
    ///
    /// # Errors
    /// Why the platform will not.
    pub async fn prepare(&self) -> Result<(), ReceiveError> {
        let known = self.bot.webhook_url().await.map_err(not_prepared)?;
        if known.as_deref() == Some(self.url.as_str()) {
            return Ok(());
        }
        let told = self.bot.set_webhook(self.url.as_str(), &self.secret).await;
        told.map_err(not_prepared)
    }

    /// Checks the secret, which is all in the head of a push.
    pub(in crate::channels) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers
            .get(SECRET_HEADER)
            .ok_or(Refusal::NotAuthentic("without X-Bot-Api-Secret-Token"))?;
        if is_same(given.as_bytes(), self.secret.expose_secret().as_bytes()) {
            Ok(())
        } else {
            Err(Refusal::NotAuthentic("with another X-Bot-Api-Secret-Token"))
        }
    }

    /// Checks the secret, then reads the body, flat or wrapped. A body without content is a probe and gives nothing.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn accept(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Inbound>, Refusal> {
        if body.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        self.check(headers)?;
        let update: Value =
            serde_json::from_slice(body).map_err(|_| Refusal::NotUnderstood("not JSON".into()))?;
        if update.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(Vec::new());
        }
        decode(&update)
            .map(|inbound| inbound.into_iter().collect())
            .map_err(|why| Refusal::NotUnderstood(why.into()))
    }
}

fn not_prepared(error: ZaloBotError) -> ReceiveError {
    match error {
        ZaloBotError::Token | ZaloBotError::WebhookSecret => {
            ReceiveError::Refused(error.to_string())
        }
        ZaloBotError::Failed(reason) => ReceiveError::Later {
            reason,
            after: None,
        },
    }
}
