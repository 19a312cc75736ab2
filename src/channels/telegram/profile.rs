//! Who the bot is.

use chrono::{DateTime, Utc};

use super::call::Bot;
use super::config::{TelegramConfig, TelegramConfigError};
use super::failure::TelegramError;
use crate::channels::http::printable;

/// The profile of one bot.
#[derive(Debug)]
pub struct TelegramProfile {
    bot: Bot,
}

impl TelegramProfile {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: &TelegramConfig) -> Result<Self, TelegramConfigError> {
        config.validate()?;
        Ok(Self {
            bot: Bot::new(config)?,
        })
    }

    /// The bot's user name, without the @: `t.me/NAME` leads to it.
    ///
    /// # Errors
    /// Why Telegram does not say.
    pub async fn user_name(&self) -> Result<String, TelegramError> {
        self.bot.user_name().await
    }

    /// Where Telegram pushes what comes in, and how that goes.
    ///
    /// # Errors
    /// Why Telegram does not say.
    pub async fn webhook(&self) -> Result<TelegramPushes, TelegramError> {
        let info = self.bot.webhook_info().await?;
        let text = |key: &str| {
            let text = info[key].as_str().unwrap_or_default();
            (!text.is_empty()).then(|| printable(text))
        };
        Ok(TelegramPushes {
            url: text("url"),
            waiting: info["pending_update_count"].as_u64().unwrap_or_default(),
            last_error: info["last_error_date"]
                .as_i64()
                .and_then(|at| DateTime::from_timestamp(at, 0))
                .zip(text("last_error_message")),
        })
    }
}

/// Where Telegram pushes what comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelegramPushes {
    /// To this address; `None` while the bot is polled.
    pub url: Option<String>,
    /// How many updates wait.
    pub waiting: u64,
    /// When a push last failed, and why.
    pub last_error: Option<(DateTime<Utc>, String)>,
}
