//! `[telegram]` -> what sends, receives, tells who the bot is and fetches files; connects to nothing.

use super::senders::SEE_CONFIG;
use crate::channels::telegram::{
    TelegramConfig, TelegramConfigError, TelegramLimits, TelegramReceiver, TelegramTimeouts,
    TelegramWebhook,
};
use crate::config::{Config, Telegram, TelegramReceive};
use crate::files::Problem;

/// What `make` makes of the bot; `None` when none is configured.
pub(super) fn telegram<T>(
    config: &Config,
    make: impl FnOnce(&TelegramConfig) -> Result<T, TelegramConfigError>,
) -> Result<Option<T>, Problem> {
    let Some(telegram) = &config.telegram else {
        return Ok(None);
    };
    make(&values(telegram)?)
        .map(Some)
        .map_err(|error| telegram.at.problem(error.to_string(), SEE_CONFIG))
}

/// What asks for replies, when the bot is to be asked. It offers these commands.
pub(super) fn receiver(
    config: &Config,
    commands: &[(String, String)],
) -> Result<Option<TelegramReceiver>, Problem> {
    match way(config) {
        Some(TelegramReceive::Poll) => telegram(config, |values| {
            TelegramReceiver::new(values, commands.to_vec())
        }),
        _ => Ok(None),
    }
}

/// What takes the replies that are pushed, when they are to be pushed. It offers these commands.
pub(super) fn webhook(
    config: &Config,
    commands: &[(String, String)],
) -> Result<Option<TelegramWebhook>, Problem> {
    let Some(TelegramReceive::Webhook { url, secret }) = way(config) else {
        return Ok(None);
    };
    let secret = secret.reveal().map_err(|error| error.0)?;
    telegram(config, |values| {
        TelegramWebhook::new(values, url.clone(), secret, commands.to_vec())
    })
}

fn way(config: &Config) -> Option<&TelegramReceive> {
    let telegram = config.telegram.as_ref()?;
    Some(&telegram.receive)
}

fn values(telegram: &Telegram) -> Result<TelegramConfig, Problem> {
    Ok(TelegramConfig {
        api_url: telegram.api_url.clone(),
        token: telegram.token.reveal().map_err(|error| error.0)?,
        proxy: telegram.proxy.clone(),
        timeouts: TelegramTimeouts {
            connect: telegram.timeouts.connect,
            total: telegram.timeouts.total,
        },
        limits: TelegramLimits::default(),
    })
}
