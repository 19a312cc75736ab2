//! What the mail channel is told, and what of it cannot work.

use std::net::IpAddr;
use std::num::NonZeroU16;
use std::time::Duration;

use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use secrecy::SecretString;
use serde::Deserialize;

use super::compose::Identity;
use super::pool::Pool;
use super::replies::Replies;
use super::session::{Encryption, Relay};
use crate::domain::delivery::RetrySchedule;

/// The plain values the mail channel is made of.
#[derive(Clone, Debug)]
pub struct EmailConfig {
    /// Name or IP address of the relay.
    pub host: String,
    /// Its port: 465 for [`Security::Tls`], 587 for [`Security::Starttls`].
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Certificates in PEM that are trusted besides the usual roots, for a relay of the province's own authority.
    pub root_ca_pem: Option<String>,
    /// Who logs in; `None` when the relay knows us by our address.
    pub credentials: Option<Credentials>,
    /// Whom the mail comes from: `name@domain` or `Tên <name@domain>`.
    pub from: String,
    /// Where replies go, when not to `from`.
    pub reply_to: Option<String>,
    /// Where answers go that are read by us; `reply_to` is of no use then.
    pub replies: Option<Replies>,
    /// What `List-Id` says, a name in the form of a domain: `dondoc.noivu.quangnam.example`.
    pub list_id: String,
    /// How many connections may be open at once.
    pub pool_size: NonZeroU16,
    /// How long each step may take.
    pub timeouts: EmailTimeouts,
    /// How long nothing is tried after the relay did not let us in, refusal by refusal; the last wait repeats.
    pub waits: RetrySchedule,
}

/// How the connection to the relay is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Encrypted from the first byte (port 465).
    Tls,
    /// Encrypted by STARTTLS, refused without it (port 587).
    Starttls,
    /// Not encrypted; only to this machine itself.
    Plaintext,
}

/// A user name and its password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// User name.
    pub username: String,
    /// Password.
    pub password: SecretString,
}

/// Deadlines of the steps of a session; the defaults lie within the limits of RFC 5321, 4.5.3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmailTimeouts {
    /// Connecting, encrypting, greeting and logging in, together.
    pub connect: Duration,
    /// One command and its reply.
    pub command: Duration,
    /// Writing the message and the relay's answer to it. Generous: giving up here leaves the message's fate unknown.
    pub accept: Duration,
    /// How long an unused connection is kept open.
    pub idle: Duration,
    /// How long after its last mail a connection is used again without asking whether it still answers, which costs a round
    /// trip. Should it be closed, then the mail has not begun, and goes by a fresh one.
    pub unasked: Duration,
}

impl Default for EmailTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            command: Duration::from_mins(1),
            accept: Duration::from_mins(3),
            idle: Duration::from_secs(30),
            unasked: Duration::from_secs(1),
        }
    }
}

/// What cannot work in an [`EmailConfig`].
#[derive(Debug, thiserror::Error)]
pub enum EmailConfigError {
    /// Plaintext would cross a network.
    #[error(
        "plaintext SMTP is only for a relay on this machine (127.0.0.1, ::1, localhost), and `{host}` is not: use tls or starttls"
    )]
    PlaintextNotLocal {
        /// The relay.
        host: String,
    },
    /// The extra root certificates cannot be read.
    #[error("the extra root certificates of the mail relay are not certificates in PEM")]
    RootCa(#[source] Option<lettre::transport::smtp::Error>),
    /// TLS cannot be set up for this host name.
    #[error("TLS cannot be set up for the mail relay `{host}`")]
    Tls {
        /// The relay.
        host: String,
        /// Why.
        #[source]
        source: lettre::transport::smtp::Error,
    },
    /// One of our own addresses is not an address.
    #[error("`{key}` of the mail channel is `{value}`, which is not a mail address")]
    Address {
        /// Which setting: `from`, `reply_to`.
        key: &'static str,
        /// What it says.
        value: String,
        /// Why it is none.
        #[source]
        source: AddressError,
    },
    /// `list_id` would make a broken header.
    #[error(
        "`list_id` of the mail channel is `{value}`: write a name in the form of a domain, such as dondoc.noivu.quangnam.example"
    )]
    ListId {
        /// What it says.
        value: String,
    },
}

impl EmailConfig {
    /// The parts of the channel, once everything has been found to work.
    pub(super) fn validate(self) -> Result<(Identity, Pool), EmailConfigError> {
        let identity = Identity {
            from: parse_mailbox("from", &self.from)?,
            reply_to: self
                .reply_to
                .as_deref()
                .map(|value| parse_mailbox("reply_to", value))
                .transpose()?,
            replies: self.replies,
            list_id: parse_list_id(self.list_id)?,
        };
        let encryption = match self.security {
            Security::Plaintext if is_loopback(&self.host) => Encryption::None,
            Security::Plaintext => {
                return Err(EmailConfigError::PlaintextNotLocal { host: self.host });
            }
            Security::Tls => Encryption::Wrapper(tls(&self.host, self.root_ca_pem.as_deref())?),
            Security::Starttls => {
                Encryption::Starttls(tls(&self.host, self.root_ca_pem.as_deref())?)
            }
        };
        let relay = Relay {
            host: self.host,
            port: self.port,
            encryption,
            credentials: self.credentials,
            timeouts: self.timeouts,
        };
        let size = usize::from(self.pool_size.get());
        Ok((identity, Pool::new(relay, size, self.waits)))
    }
}

fn tls(host: &str, root_ca_pem: Option<&str>) -> Result<TlsParameters, EmailConfigError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = root_ca_pem {
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err(EmailConfigError::RootCa(None));
        }
        let certificate = Certificate::from_pem(pem.as_bytes())
            .map_err(|source| EmailConfigError::RootCa(Some(source)))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|source| EmailConfigError::Tls {
        host: host.to_owned(),
        source,
    })
}

fn parse_mailbox(key: &'static str, value: &str) -> Result<Mailbox, EmailConfigError> {
    let address = |source| EmailConfigError::Address {
        key,
        value: value.to_owned(),
        source,
    };
    if value.contains(char::is_control) {
        return Err(address(AddressError::InvalidInput));
    }
    value.parse().map_err(address)
}

fn parse_list_id(value: String) -> Result<String, EmailConfigError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if value.contains('.') && value.chars().all(fits) {
        Ok(value)
    } else {
        Err(EmailConfigError::ListId { value })
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
