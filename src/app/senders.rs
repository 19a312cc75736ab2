//! The channels of the configuration, ready to send, or everything that keeps them from it.

use std::collections::HashMap;
use std::num::NonZeroU16;

use super::mailbox;
use super::telegram::telegram;
use super::zalo;
use crate::channels::email::{Credentials, EmailConfig, EmailSender, EmailTimeouts, Security};
use crate::channels::telegram::TelegramSender;
use crate::channels::{ConsoleSender, Sender};
use crate::config::{self, Config};
use crate::domain::delivery::{Channel, RetrySchedule};
use crate::files::{Problem, Problems};
use crate::store::Db;

/// What to do where no channel is configured.
pub const NO_CHANNEL: &str = "configure [email], [telegram], [zalo_bot] or [zalo_oa], or [console] for trying out: see `dondoc config`";

/// What to do about a section that cannot work.
pub(super) const SEE_CONFIG: &str = "correct it: `dondoc config` explains each key";

/// The channels that are configured; connects to nothing. One that keeps something between two starts needs `db`, and is
/// only checked without.
///
/// # Errors
/// Everything that cannot work: a secret that is not there, a certificate that is none, a host that TLS cannot name.
pub(super) fn senders(
    config: &Config,
    db: Option<&Db>,
) -> Result<HashMap<Channel, Sender>, Problems> {
    let mut senders = HashMap::new();
    let mut problems = Problems::default();
    match email(config) {
        Ok(sender) => senders.extend(sender.map(|one| (Channel::Email, one))),
        Err(problem) => problems.errors.push(problem),
    }
    match telegram(config, TelegramSender::new) {
        Ok(sender) => senders.extend(sender.map(|one| (Channel::Telegram, Sender::Telegram(one)))),
        Err(problem) => problems.errors.push(problem),
    }
    if let Some(section) = &config.zalo_bot {
        match zalo::bot_sender(section) {
            Ok(sender) => drop(senders.insert(Channel::ZaloBot, sender)),
            Err(problem) => problems.errors.push(problem),
        }
    }
    if let Some(section) = &config.zalo_oa {
        match zalo::oa_sender(section, db) {
            Ok(sender) => senders.extend(sender.map(|sender| (Channel::ZaloOa, sender))),
            Err(problem) => problems.errors.push(problem),
        }
    }
    if config.console.enabled {
        // For trying out: what would leave by any channel is printed instead.
        for channel in Channel::ALL {
            senders.insert(channel, Sender::Console(ConsoleSender));
        }
    }
    if problems.is_fine() {
        Ok(senders)
    } else {
        Err(problems)
    }
}

/// What sends mail, when it is configured.
pub(super) fn email(config: &Config) -> Result<Option<Sender>, Problem> {
    let Some(email) = &config.email else {
        return Ok(None);
    };
    let sender = email_sender(email, config.imap.as_ref(), &config.send.retry)?;
    Ok(Some(Sender::Email(sender)))
}

fn email_sender(
    email: &config::Email,
    imap: Option<&config::Imap>,
    waits: &RetrySchedule,
) -> Result<EmailSender, Problem> {
    let read = |path: &std::path::PathBuf| {
        std::fs::read_to_string(path).map_err(|error| {
            let problem = format!("root_ca_file {} cannot be read: {error}", path.display());
            email
                .at
                .problem(problem, "name a file of certificates in PEM")
        })
    };
    let login = email.login.as_ref().map(|(username, password)| {
        Ok(Credentials {
            username: username.clone(),
            password: password.reveal().map_err(|error| error.0)?,
        })
    });
    let config = EmailConfig {
        host: email.host.clone(),
        port: email.port,
        security: match email.security {
            config::Security::Tls => Security::Tls,
            config::Security::Starttls => Security::Starttls,
            config::Security::Plain => Security::Plaintext,
        },
        root_ca_pem: email.root_ca_file.as_ref().map(read).transpose()?,
        credentials: login.transpose()?,
        from: email.from.clone(),
        reply_to: email.reply_to.clone(),
        replies: imap.map(mailbox::replies).transpose()?,
        list_id: email.list_id.clone(),
        pool_size: NonZeroU16::new(email.pool_size).unwrap_or(NonZeroU16::MIN),
        timeouts: EmailTimeouts {
            connect: email.timeouts.connect,
            command: email.timeouts.command,
            accept: email.timeouts.accept,
            idle: email.timeouts.idle,
            ..EmailTimeouts::default()
        },
        waits: waits.clone(),
    };
    EmailSender::new(config).map_err(|error| email.at.problem(error.to_string(), SEE_CONFIG))
}
