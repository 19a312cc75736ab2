//! The channels of the configuration, ready to receive, or everything that keeps them from it.

use super::mailbox;
use super::telegram;
use super::zalo;
use crate::channels::{Receiver, Webhook};
use crate::config::Config;
use crate::domain::delivery::Channel;
use crate::files::{Problem, Problems};

/// The channels that are asked for what came in; connects to nothing. Chats offer `commands`; our Message-IDs are of
/// `domain`.
///
/// # Errors
/// Everything that cannot work.
pub(super) fn receivers(
    config: &Config,
    commands: &[(String, String)],
    domain: &str,
) -> Result<Vec<Receiver>, Problems> {
    ready([
        telegram::receiver(config, commands).map(|found| found.map(Receiver::Telegram)),
        zalo::bot_receiver(config).map(|found| found.map(Receiver::ZaloBot)),
        mailbox::receiver(config, domain)
            .map(|found| found.map(|mailbox| Receiver::Email(Box::new(mailbox)))),
    ])
}

/// The channels that push what came in; connects to nothing. Chats offer `commands`.
///
/// # Errors
/// Everything that cannot work.
pub(super) fn webhooks(
    config: &Config,
    commands: &[(String, String)],
) -> Result<Vec<Webhook>, Problems> {
    ready([
        telegram::webhook(config, commands).map(|found| found.map(Webhook::Telegram)),
        zalo::bot_webhook(config).map(|found| found.map(Webhook::ZaloBot)),
        zalo::oa_webhook(config).map(|found| found.map(Webhook::ZaloOa)),
    ])
}

/// The webhooks, each with the path at which `[web]` serves it.
///
/// # Errors
/// Everything that cannot work; a webhook that nothing serves, too.
pub(super) fn routes(
    config: &Config,
    commands: &[(String, String)],
) -> Result<Vec<(String, Webhook)>, Problems> {
    let mut problems = Problems::default();
    let mut routes = Vec::new();
    for webhook in webhooks(config, commands)? {
        let channel = webhook.channel();
        match config.web.as_ref().and_then(|web| web.paths.of(channel)) {
            Some(path) => routes.push((path.to_owned(), webhook)),
            None => problems.errors.extend(unserved(config, channel)),
        }
    }
    if problems.is_fine() {
        Ok(routes)
    } else {
        Err(problems)
    }
}

fn unserved(config: &Config, channel: Channel) -> Option<Problem> {
    let at = match channel {
        Channel::Telegram => &config.telegram.as_ref()?.at,
        Channel::ZaloBot => &config.zalo_bot.as_ref()?.at,
        _ => return None,
    };
    Some(at.problem(
        "it is to receive by webhook, and nothing serves it",
        "add a section [web], or write receive = \"poll\"",
    ))
}

/// Those that are configured, or everything that is wrong with them.
fn ready<T>(
    channels: impl IntoIterator<Item = Result<Option<T>, Problem>>,
) -> Result<Vec<T>, Problems> {
    let mut ready = Vec::new();
    let mut problems = Problems::default();
    for channel in channels {
        match channel {
            Ok(channel) => ready.extend(channel),
            Err(problem) => problems.errors.push(problem),
        }
    }
    if problems.is_fine() {
        Ok(ready)
    } else {
        Err(problems)
    }
}
