//! Whether each channel lets us in. Nobody is written to: the relay hears no mail, the bots are asked who they are.

use chrono::TimeDelta;

use super::{Finding, Findings, Patient};
use crate::app::telegram::telegram as of_telegram;
use crate::app::zalo_tokens::account_of;
use crate::app::{mailbox as of_mailbox, senders, zalo};
use crate::channels::telegram::TelegramProfile;
use crate::channels::{ReceiveError, Sender};
use crate::clock::local;
use crate::config::{TelegramReceive, ZaloBotReceive};
use crate::domain::delivery::Channel;
use crate::files::Problem;
use crate::store::tokens;

/// How long a failed push is news.
const NEWS: TimeDelta = TimeDelta::hours(24);
const FILL_IN: &str = "set the right secret where the configuration says";

/// A section that cannot work.
fn unusable(check: &'static str, problem: Problem) -> Finding {
    Finding::fail(check, problem.problem, problem.remedy)
}

/// Logs in to the mail relay.
pub(super) async fn relay(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "mail relay";
    let config = &patient.loaded.config;
    let Some(email) = &config.email else {
        return Vec::new();
    };
    let sender = match senders::email(config) {
        Ok(Some(sender)) => sender,
        Ok(None) => return Vec::new(),
        Err(problem) => return vec![unusable(CHECK, problem)],
    };
    let Sender::Email(sender) = sender else {
        return Vec::new();
    };
    let way = if email.login.is_some() {
        "lets us in"
    } else {
        "answers"
    };
    vec![match sender.knock().await {
        Ok(()) => Finding::ok(CHECK, format!("{}:{} {way}", email.host, email.port)),
        Err(why) => Finding::fail(
            CHECK,
            format!("{}:{}: {why}", email.host, email.port),
            "look at host, port, security, user and password of [email], and at the firewall",
        ),
    }]
}

/// Logs in to the mailbox and opens its folder.
pub(super) async fn mailbox(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "mailbox";
    let loaded = patient.loaded;
    let mailbox = match of_mailbox::receiver(&loaded.config, &loaded.origin().domain) {
        Ok(Some(mailbox)) => mailbox,
        Ok(None) => return Vec::new(),
        Err(problem) => return vec![unusable(CHECK, problem)],
    };
    let Some(imap) = &loaded.config.imap else {
        return Vec::new();
    };
    let place = format!("{}:{}, folder {}", imap.host, imap.port, imap.folder);
    vec![match mailbox.knock().await {
        Ok(()) => Finding::ok(CHECK, format!("{place}: can be read")),
        Err(error) => {
            let remedy = match error {
                ReceiveError::Refused(_) => "look at user, password and folder of [imap]",
                _ => "look at host, port and security of [imap], and at the firewall",
            };
            Finding::fail(CHECK, format!("{place}: {error}"), remedy)
        }
    }]
}

/// Asks the Telegram bot who it is and where it is told to push.
pub(super) async fn telegram(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "telegram";
    let config = &patient.loaded.config;
    let Some(section) = &config.telegram else {
        return Vec::new();
    };
    let profile = match of_telegram(config, TelegramProfile::new) {
        Ok(Some(profile)) => profile,
        Ok(None) => return Vec::new(),
        Err(problem) => return vec![unusable(CHECK, problem)],
    };
    let mut found = match profile.user_name().await {
        Ok(name) => vec![Finding::ok(CHECK, format!("the bot is @{name}"))],
        Err(error) => {
            let remedy = "look at the token (BotFather shows the current one), and whether api.telegram.org can be reached, else set `proxy`";
            return vec![Finding::fail(CHECK, error.to_string(), remedy)];
        }
    };
    let wanted = match &section.receive {
        TelegramReceive::Webhook { url, .. } => Some(url.as_str()),
        _ => None,
    };
    match profile.webhook().await {
        Ok(pushes) => {
            found.push(set_as_wanted(CHECK, pushes.url.as_deref(), wanted));
            if let (Some(_), Some((at, why))) = (wanted, pushes.last_error)
                && patient.now - at < NEWS
            {
                let waiting = pushes.waiting;
                let at = local(at).format("%Y-%m-%d %H:%M");
                found.push(Finding::warn(
                    CHECK,
                    format!("the push of {at} failed: {why}; {waiting} updates wait"),
                    "look at the web server before [web], its certificate and its way to `listen`",
                ));
            }
        }
        Err(error) => found.push(Finding::warn(CHECK, error.to_string(), "try again")),
    }
    found
}

/// Asks the Zalo bot who it is and where it is told to push.
pub(super) async fn zalo_bot(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "zalo bot";
    let Some(section) = &patient.loaded.config.zalo_bot else {
        return Vec::new();
    };
    let bot = match zalo::bot(section) {
        Ok(bot) => bot,
        Err(problem) => return vec![unusable(CHECK, problem)],
    };
    let mut found = match bot.account_name().await {
        Ok(name) => vec![Finding::ok(CHECK, format!("the bot is {name}"))],
        Err(error) => return vec![Finding::fail(CHECK, error.to_string(), FILL_IN)],
    };
    let wanted = match &section.receive {
        ZaloBotReceive::Webhook { url, .. } => Some(url.as_str()),
        _ => None,
    };
    found.push(match bot.webhook_url().await {
        Ok(set) => set_as_wanted(CHECK, set.as_deref().filter(|url| !url.is_empty()), wanted),
        Err(error) => Finding::warn(CHECK, error.to_string(), "try again"),
    });
    found
}

/// Whether the provider pushes where the configuration wants it.
fn set_as_wanted(check: &'static str, set: Option<&str>, wanted: Option<&str>) -> Finding {
    const REMEDY: &str = "`dondoc run` sets it when it starts; if it does run, somebody else uses the same bot: make a new token";
    match (set, wanted) {
        (Some(set), Some(wanted)) if set == wanted => {
            Finding::ok(check, "it pushes to the address of the configuration")
        }
        (None, None) => Finding::ok(check, "it waits to be asked, as configured"),
        (Some(_), Some(_)) => Finding::warn(check, "it pushes to another address", REMEDY),
        (Some(_), None) => Finding::warn(check, "it pushes, and is configured to be asked", REMEDY),
        (None, Some(_)) => Finding::warn(check, "it does not push yet", REMEDY),
    }
}

/// Asks Zalo for the name of the Official Account, with the access token that is kept; none is refreshed.
pub(super) async fn zalo_oa(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "zalo account";
    const CONSENT: &str = "an administrator of the account consents again: put the new refresh token where the configuration says, and send SIGHUP";
    let (Some(section), Some(db)) = (&patient.loaded.config.zalo_oa, patient.db) else {
        return Vec::new();
    };
    let profile = match zalo::oa_profile(section) {
        Ok(profile) => profile,
        Err(problem) => return vec![unusable(CHECK, problem)],
    };
    let kept = async {
        let mut tx = db.snapshot().await?;
        tokens::find(&mut tx, &account_of(&section.oa_id)).await
    };
    let kept = match kept.await {
        Ok(kept) => kept,
        Err(error) => return vec![Finding::fail(CHECK, error.to_string(), "see the database")],
    };
    let Some(kept) = kept else {
        let what = "no tokens are kept yet";
        let remedy =
            "`dondoc run` spends the first refresh token of the configuration when it starts";
        return vec![Finding::warn(CHECK, what, remedy)];
    };
    if let Some(why) = kept.failure {
        let what = format!("Zalo gives no further tokens: {why}");
        return vec![Finding::fail(CHECK, what, CONSENT)];
    }
    let Some(access) = kept.access.filter(|_| kept.expires_at > patient.now) else {
        let what = "the access token has ended, and was not refreshed";
        let remedy = "start `dondoc run`: it refreshes the tokens every 20 hours";
        return vec![Finding::warn(CHECK, what, remedy)];
    };
    vec![match profile.name(&access).await {
        Ok(name) => Finding::ok(CHECK, format!("the account is {name}")),
        Err(why) => Finding::fail(CHECK, why, CONSENT),
    }]
}

/// Whether messages can leave by a channel at all.
pub(super) fn configured(patient: &Patient<'_>) -> std::collections::BTreeSet<Channel> {
    patient.loaded.origin().channels
}
