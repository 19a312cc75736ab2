//! `[zalo_bot]` and `[zalo_oa]` -> what sends and receives by Zalo.

use std::sync::Arc;

use super::senders::SEE_CONFIG;
use super::zalo_tokens::StoredTokens;
use crate::channels::Sender;
use crate::channels::zalo_bot::{
    ZaloBot, ZaloBotConfig, ZaloBotReceiver, ZaloBotSender, ZaloBotTimeouts, ZaloBotWebhook,
};
use crate::channels::zalo_oa::{
    Candidate, Consent, ZaloOaConfig, ZaloOaConfigError, ZaloOaProfile, ZaloOaSecrets,
    ZaloOaSender, ZaloOaTimeouts, ZaloOaWebhook,
};
use crate::clock::Clock;
use crate::config::{self, Config, SecretSource, ZaloBotReceive};
use crate::files::Problem;
use crate::store::Db;

/// The bot, as it is configured.
pub(super) fn bot(section: &config::ZaloBot) -> Result<ZaloBot, Problem> {
    let config = ZaloBotConfig {
        api_url: section.api_url.clone(),
        token: reveal(&section.token)?,
        timeouts: ZaloBotTimeouts {
            connect: section.timeouts.connect,
            total: section.timeouts.total,
            ..ZaloBotTimeouts::default()
        },
    };
    ZaloBot::new(&config).map_err(|error| section.at.problem(error.to_string(), SEE_CONFIG))
}

/// What sends by the bot.
pub(super) fn bot_sender(section: &config::ZaloBot) -> Result<Sender, Problem> {
    Ok(Sender::ZaloBot(ZaloBotSender::new(bot(section)?)))
}

/// What polls the bot, when it is to be polled.
pub(super) fn bot_receiver(config: &Config) -> Result<Option<ZaloBotReceiver>, Problem> {
    match &config.zalo_bot {
        Some(section) if section.receive == ZaloBotReceive::Poll => {
            Ok(Some(ZaloBotReceiver::new(bot(section)?)))
        }
        _ => Ok(None),
    }
}

/// What takes the bot's pushes, when they are to be pushed.
pub(super) fn bot_webhook(config: &Config) -> Result<Option<ZaloBotWebhook>, Problem> {
    let Some(section) = &config.zalo_bot else {
        return Ok(None);
    };
    let ZaloBotReceive::Webhook { url, secret } = &section.receive else {
        return Ok(None);
    };
    ZaloBotWebhook::new(bot(section)?, url.clone(), reveal(secret)?)
        .map(Some)
        .map_err(|error| section.at.problem(error.to_string(), SEE_CONFIG))
}

/// What tells who the Official Account is.
pub(super) fn oa_profile(section: &config::ZaloOa) -> Result<ZaloOaProfile, Problem> {
    ZaloOaProfile::new(&oa_config(section)?)
        .map_err(|error| section.at.problem(error.to_string(), SEE_CONFIG))
}

fn oa_config(section: &config::ZaloOa) -> Result<ZaloOaConfig, Problem> {
    Ok(ZaloOaConfig {
        api_url: section.api_url.clone(),
        oauth_url: section.oauth_url.clone(),
        app_id: section.app_id.clone(),
        app_secret: reveal(&section.app_secret)?,
        timeouts: ZaloOaTimeouts {
            connect: section.timeouts.connect,
            total: section.timeouts.total,
        },
    })
}

/// What sends by the Official Account; its tokens are kept in `db`. Without, the section is only checked.
pub(super) fn oa_sender(
    section: &config::ZaloOa,
    db: Option<&Db>,
) -> Result<Option<Sender>, Problem> {
    let wrong = |error: ZaloOaConfigError| section.at.problem(error.to_string(), SEE_CONFIG);
    let config = oa_config(section)?;
    let Some(db) = db else {
        return config.validate().map(|()| None).map_err(wrong);
    };
    let seed = consent(section).map(|consent| consent.refresh);
    let keeper = StoredTokens::new(db.clone(), Clock::System, &section.oa_id, seed);
    let sender = ZaloOaSender::new(&config, Arc::new(keeper)).map_err(wrong)?;
    Ok(Some(Sender::ZaloOa(sender)))
}

/// The refresh token that a consent gave. It is needed once: later it may be gone from where it was.
pub(super) fn consent(section: &config::ZaloOa) -> Option<Consent> {
    let source = section.refresh_token.as_ref()?;
    let refresh = source
        .reveal()
        .inspect_err(|error| tracing::warn!("{error}: the tokens in the database are used"))
        .ok()?;
    Some(Consent {
        oa_id: section.oa_id.clone(),
        refresh,
    })
}

/// What takes the pushes of the Official Account, when there is a listener for them.
pub(super) fn oa_webhook(config: &Config) -> Result<Option<ZaloOaWebhook>, Problem> {
    let (Some(section), Some(_)) = (&config.zalo_oa, &config.web) else {
        return Ok(None);
    };
    let secrets = ZaloOaSecrets {
        app_id: section.app_id.clone(),
        oa_id: section.oa_id.clone(),
        app_secret: reveal(&section.app_secret)?,
        oa_secret: section.oa_secret.as_ref().map(reveal).transpose()?,
    };
    let pinned = |candidate: &Candidate| {
        section.signature.is_empty()
            || section
                .signature
                .iter()
                .any(|word| word.0 == candidate.as_str())
    };
    let candidates = Candidate::ALL.into_iter().filter(pinned).collect();
    ZaloOaWebhook::new(secrets, candidates)
        .map(Some)
        .map_err(|error| section.at.problem(error.to_string(), SEE_CONFIG))
}

fn reveal(source: &SecretSource) -> Result<secrecy::SecretString, Problem> {
    source.reveal().map_err(|error| error.0)
}
