//! Configuration -> the mailbox, and the reply addresses of what is sent.

use chrono::TimeDelta;

use super::senders::SEE_CONFIG;
use crate::channels::Now;
use crate::channels::email::{Credentials, Replies, ReplyTokens, ReturnPath, Security};
use crate::channels::mailbox::{MailboxConfig, MailboxReceiver, MailboxTimeouts};
use crate::clock::Clock;
use crate::config::{self, Config, Imap};
use crate::files::Problem;

/// How outgoing mail invites answers that come to the mailbox. The key is made when it is not there yet.
pub(super) fn replies(imap: &Imap) -> Result<Replies, Problem> {
    Ok(Replies {
        tokens: tokens(imap)?,
        return_path: match imap.return_path {
            config::ReturnPath::Token => ReturnPath::Token,
            config::ReturnPath::Reply => ReturnPath::Reply,
            config::ReturnPath::From => ReturnPath::From,
        },
        now: now(),
    })
}

/// The mailbox of the configuration, ready to be read. `domain` is that of our Message-IDs.
pub(super) fn receiver(config: &Config, domain: &str) -> Result<Option<MailboxReceiver>, Problem> {
    let (Some(imap), Some(email)) = (&config.imap, &config.email) else {
        return Ok(None);
    };
    let password = imap.password.reveal().map_err(|error| error.0)?;
    let read = |path: &std::path::PathBuf| {
        std::fs::read_to_string(path).map_err(|error| {
            let problem = format!("root_ca_file {} cannot be read: {error}", path.display());
            imap.at
                .problem(problem, "name a file of certificates in PEM")
        })
    };
    let root_ca_pem = imap.root_ca_file.as_ref().map(read).transpose()?;
    let config = MailboxConfig {
        host: imap.host.clone(),
        port: imap.port,
        security: match imap.security {
            config::Security::Tls => Security::Tls,
            config::Security::Starttls => Security::Starttls,
            config::Security::Plain => Security::Plaintext,
        },
        root_ca_pem,
        credentials: Credentials {
            username: imap.user.clone(),
            password,
        },
        folder: imap.folder.clone(),
        authserv_id: imap.authserv_id.clone(),
        own_addresses: vec![imap.reply_address.clone(), bare(&email.from).to_owned()],
        message_id_domain: Some(domain.to_owned()),
        tokens: Some(tokens(imap)?),
        timeouts: MailboxTimeouts {
            connect: imap.timeouts.connect,
            command: imap.timeouts.command,
            ..MailboxTimeouts::default()
        },
        now: now(),
    };
    let mailbox = MailboxReceiver::new(config);
    mailbox
        .map(Some)
        .map_err(|error| imap.at.problem(error.to_string(), SEE_CONFIG))
}

fn tokens(imap: &Imap) -> Result<ReplyTokens, Problem> {
    let key = imap.token_key.reveal_or_create().map_err(|error| error.0)?;
    ReplyTokens::new(
        &imap.reply_address,
        key,
        TimeDelta::days(imap.token_days.into()),
    )
    .map_err(|error| imap.at.problem(error.to_string(), SEE_CONFIG))
}

fn now() -> Now {
    Now::new(|| Clock::System.now())
}

/// The address without a name.
fn bare(mailbox: &str) -> &str {
    mailbox
        .rsplit_once('<')
        .map_or(mailbox, |(_, address)| address.trim_end_matches('>'))
        .trim()
}
