//! What the mailbox is told, and what of it cannot work.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::connect::{Encryption, Server, Tls};
use super::decode::Decoder;
use crate::channels::Now;
use crate::channels::email::{Credentials, ReplyTokens, Security};

/// The plain values a mailbox is made of.
#[derive(Clone, Debug)]
pub struct MailboxConfig {
    /// Name or IP address of the server.
    pub host: String,
    /// Its port: 993 for [`Security::Tls`], 143 for [`Security::Starttls`].
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Certificates in PEM that are trusted besides the usual roots.
    pub root_ca_pem: Option<String>,
    /// Who logs in.
    pub credentials: Credentials,
    /// The folder in which replies arrive, as IMAP names it.
    pub folder: String,
    /// The name under which our own mail server writes `Authentication-Results`; without it no such header is believed.
    pub authserv_id: Option<String>,
    /// Our own addresses: what comes from them is a loop.
    pub own_addresses: Vec<String>,
    /// The domain of our Message-IDs.
    pub message_id_domain: Option<String>,
    /// Reply addresses that prove themselves.
    pub tokens: Option<ReplyTokens>,
    /// How long each step may take.
    pub timeouts: MailboxTimeouts,
    /// What time it is.
    pub now: Now,
}

/// Deadlines of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxTimeouts {
    /// Connecting, encrypting, logging in and opening the folder, together.
    pub connect: Duration,
    /// One command, or the next piece of its answer.
    pub command: Duration,
    /// How long to wait for new mail before looking by ourselves. IDLE is begun anew each time: networks drop a silent
    /// connection without a word, and RFC 2177 wants an end within 29 minutes.
    pub wait: Duration,
}

impl Default for MailboxTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            command: Duration::from_mins(1),
            wait: Duration::from_secs(25),
        }
    }
}

/// What cannot work in a [`MailboxConfig`].
#[derive(Debug, thiserror::Error)]
pub enum MailboxConfigError {
    /// Plaintext would cross a network.
    #[error(
        "plaintext IMAP is only for a server on this machine (127.0.0.1, ::1, localhost), and `{host}` is not: use tls or starttls"
    )]
    PlaintextNotLocal {
        /// The server.
        host: String,
    },
    /// The extra root certificates cannot be read.
    #[error("the extra root certificates of the mailbox are not certificates in PEM")]
    RootCa,
    /// TLS cannot be set up for this host name.
    #[error("TLS cannot be set up for the mailbox server `{host}`")]
    Tls {
        /// The server.
        host: String,
    },
    /// A name would break a command.
    #[error("`{key}` of the mailbox is empty or holds control characters")]
    Name {
        /// Which setting: `user`, `folder`.
        key: &'static str,
    },
}

impl MailboxConfig {
    /// The parts of the channel, once everything has been found to work.
    pub(super) fn validate(self) -> Result<(Server, Decoder), MailboxConfigError> {
        for (key, value) in [
            ("user", &self.credentials.username),
            ("folder", &self.folder),
        ] {
            if value.is_empty() || value.contains(char::is_control) {
                return Err(MailboxConfigError::Name { key });
            }
        }
        let is_local = self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let encryption = match self.security {
            Security::Plaintext if is_local => Encryption::None,
            Security::Plaintext => {
                return Err(MailboxConfigError::PlaintextNotLocal { host: self.host });
            }
            Security::Tls => Encryption::Wrapper(tls(&self.host, self.root_ca_pem.as_deref())?),
            Security::Starttls => {
                Encryption::Starttls(tls(&self.host, self.root_ca_pem.as_deref())?)
            }
        };
        let lower = |address: &String| address.trim().to_lowercase();
        let decoder = Decoder {
            own: self.own_addresses.iter().map(lower).collect(),
            domain: self.message_id_domain.as_ref().map(lower),
            authserv_id: self.authserv_id,
            tokens: self.tokens,
        };
        let server = Server {
            host: self.host,
            port: self.port,
            encryption,
            credentials: self.credentials,
            folder: self.folder,
            timeouts: self.timeouts,
        };
        Ok((server, decoder))
    }
}

fn tls(host: &str, root_ca_pem: Option<&str>) -> Result<Tls, MailboxConfigError> {
    let unusable = || MailboxConfigError::Tls {
        host: host.to_owned(),
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|_| unusable())?;
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(pem) = root_ca_pem {
        let mut added = 0;
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|_| MailboxConfigError::RootCa)?;
            roots
                .add(certificate)
                .map_err(|_| MailboxConfigError::RootCa)?;
            added += 1;
        }
        if added == 0 {
            return Err(MailboxConfigError::RootCa);
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| unusable())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Tls {
        connector: TlsConnector::from(Arc::new(config)),
        name,
    })
}
