//! Updates that Telegram pushes.
//!
//! A push is authentic when it carries the secret that was given with the address; its body is one update. The address
//! is registered at start by `prepare`, which also asks for the bot's own name.

use std::sync::OnceLock;

use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::call::Bot;
use super::config::{TelegramConfig, TelegramConfigError};
use super::update::{NameNeeded, Own, read};
use crate::channels::compare::is_same;
use crate::channels::receiver::ReceiveError;
use crate::channels::webhook::Refusal;
use crate::domain::inbound::Inbound;

/// The header that carries the secret.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Takes what is pushed for one bot.
#[derive(Debug)]
pub struct TelegramWebhook {
    bot: Bot,
    commands: Vec<(String, String)>,
    user_name: OnceLock<String>,
    url: Url,
    secret: SecretString,
}

impl TelegramWebhook {
    /// Checks the configuration; connects to nothing. Telegram is to push to `url` with `secret`, and the bot to offer
    /// `commands`: each without its slash, and what it does.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(
        config: &TelegramConfig,
        url: Url,
        secret: SecretString,
        commands: Vec<(String, String)>,
    ) -> Result<Self, TelegramConfigError> {
        config.validate()?;
        if !is_webhook_secret(secret.expose_secret()) {
            return Err(TelegramConfigError::WebhookSecret);
        }
        Ok(Self {
            bot: Bot::new(config)?,
            commands,
            user_name: OnceLock::new(),
            url,
            secret,
        })
    }

    /// Registers the address, the secret and the kinds of updates with Telegram; what waits there is kept and pushed.
    /// Called once at start, and again when it failed.
    ///
    /// # Errors
    /// Why Telegram did not.
    pub async fn prepare(&self) -> Result<(), ReceiveError> {
        if self.user_name.get().is_none() {
            let name = self.bot.introduce(&self.commands).await?;
            // Somebody else may have been faster, with the same name.
            let _ = self.user_name.set(name);
        }
        Ok(self.bot.set_webhook(&self.url, &self.secret).await?)
    }

    /// Checks the secret, which is all in the head of a push.
    pub(in crate::channels) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers
            .get(SECRET_HEADER)
            .ok_or(Refusal::NotAuthentic("the secret is missing"))?;
        let secret = self.secret.expose_secret().as_bytes();
        if is_same(given.as_bytes(), secret) {
            Ok(())
        } else {
            Err(Refusal::NotAuthentic("the secret is wrong"))
        }
    }

    /// Checks the secret and reads the update.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn accept(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Inbound>, Refusal> {
        self.check(headers)?;
        let update: serde_json::Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::NotUnderstood(format!("not JSON: {error}")))?;
        if update["update_id"].as_i64().is_none() {
            return Err(Refusal::NotUnderstood("no update: it has no number".into()));
        }
        let own = Own {
            id: self.bot.id,
            name: self.user_name.get().map(String::as_str),
        };
        match read(&update, own) {
            Ok(inbound) => Ok(inbound.into_iter().collect()),
            Err(NameNeeded) => Err(Refusal::NotNow("the bot's own name is not known yet")),
        }
    }

    /// Tells the phone whose tap is stored that it was received.
    pub async fn acknowledge(&self, stored: &[Inbound]) {
        self.bot.answer_taps(stored).await;
    }
}

fn is_webhook_secret(secret: &str) -> bool {
    (16..=256).contains(&secret.len())
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
