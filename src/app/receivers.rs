//! The channels of the configuration that receive: by asking, and by webhook.

use super::zalo;
use crate::channels::{Receiver, Webhook};
use crate::config::Config;
use crate::files::{Problem, Problems};

/// The channels that are asked for what came in; connects to nothing.
///
/// # Errors
/// Everything that cannot work.
pub(super) fn receivers(config: &Config) -> Result<Vec<Receiver>, Problems> {
    let of_zalo_bot = config.zalo_bot.as_ref().map(zalo::bot_receiver);
    all([of_zalo_bot].into_iter().flatten().collect())
}

/// The webhooks that `[web]` serves, each with its path; none without that section.
///
/// # Errors
/// Everything that cannot work.
pub(super) fn webhooks(config: &Config) -> Result<Vec<(String, Webhook)>, Problems> {
    let Some(web) = &config.web else {
        return Ok(Vec::new());
    };
    let at = |path: &str, webhook: Result<Option<Webhook>, Problem>| {
        webhook.map(|webhook| webhook.map(|webhook| (path.to_owned(), webhook)))
    };
    let paths = &web.paths;
    let of_zalo_bot = config.zalo_bot.as_ref().map(zalo::bot_webhook);
    let of_zalo_oa = config.zalo_oa.as_ref().map(zalo::oa_webhook);
    all([
        of_zalo_bot.map(|webhook| at(&paths.zalo_bot, webhook)),
        of_zalo_oa.map(|webhook| at(&paths.zalo_oa, webhook)),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// Those that there are, or every problem.
fn all<T>(made: Vec<Result<Option<T>, Problem>>) -> Result<Vec<T>, Problems> {
    let mut found = Vec::new();
    let mut problems = Problems::default();
    for one in made {
        match one {
            Ok(one) => found.extend(one),
            Err(problem) => problems.errors.push(problem),
        }
    }
    if problems.is_fine() {
        Ok(found)
    } else {
        Err(problems)
    }
}
