//! Who the bot is.

use super::call::Bot;
use super::config::{TelegramConfig, TelegramConfigError};
use super::failure::TelegramError;

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
}
