//! The channels of the configuration, ready to receive, or everything that keeps them from it.

use super::mailbox;
use super::telegram;
use crate::channels::{Receiver, Webhook};
use crate::config::Config;
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
    ready([telegram::webhook(config, commands).map(|found| found.map(Webhook::Telegram))])
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
