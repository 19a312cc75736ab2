//! One conversation with the relay, step by step, with a deadline on every step.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::transport::smtp::authentication::{self, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::compose::Letter;
use super::config::{Credentials, EmailTimeouts};
use super::verdict::{Cause, Failure, Stage};

/// The relay and how to get in.
#[derive(Debug)]
pub(super) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
    pub(super) timeouts: EmailTimeouts,
}

/// How the connection is encrypted.
pub(super) enum Encryption {
    None,
    Wrapper(TlsParameters),
    Starttls(TlsParameters),
}

impl std::fmt::Debug for Encryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Wrapper(_) => "Wrapper",
            Self::Starttls(_) => "Starttls",
        })
    }
}

const UNEXPECTED: &str = "an answer that does not fit the command";

/// How long a farewell may take; nothing depends on it.
const FAREWELL: Duration = Duration::from_secs(1);

/// An open, encrypted and authenticated connection.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    timeouts: EmailTimeouts,
}

impl Session {
    /// Connects, encrypts, greets and logs in, within the connect deadline.
    pub(super) async fn open(relay: &Relay) -> Result<Self, Failure> {
        let deadline = tokio::time::Instant::now() + relay.timeouts.connect;
        let opening = tokio::time::timeout_at(deadline, connect(relay)).await;
        let mut connection = opening.unwrap_or(Err(Failure {
            stage: Stage::Connect,
            cause: Cause::TimedOut,
        }))?;
        if let Some(Credentials { username, password }) = &relay.credentials {
            let credentials = authentication::Credentials::new(
                username.clone(),
                password.expose_secret().to_owned(),
            );
            step(
                Stage::Login,
                deadline,
                connection.auth(DEFAULT_MECHANISMS, &credentials),
            )
            .await?;
        }
        Ok(Self {
            connection,
            timeouts: relay.timeouts,
        })
    }

    /// Hands one mail over; the relay's queue id, where its answer has one.
    pub(super) async fn deliver(&mut self, letter: &Letter) -> Result<String, Failure> {
        let options = self.options(letter)?;
        self.command(Stage::Sender, Mail::new(Some(letter.from.clone()), options))
            .await?;
        self.command(Stage::Recipient, Rcpt::new(letter.to.clone(), Vec::new()))
            .await?;
        let response = self.command(Stage::Data, Data).await?;
        if !response.has_code(354) {
            return Err(Failure {
                stage: Stage::Data,
                cause: Cause::Broken(UNEXPECTED.into()),
            });
        }
        self.hand_over(&letter.bytes).await
    }

    /// What must be announced: an address that is not ASCII stands in envelope and header as it is (RFC 6531), all
    /// else is encoded.
    fn options(&self, letter: &Letter) -> Result<Vec<MailParameter>, Failure> {
        if is_ascii(&letter.from) && is_ascii(&letter.to) {
            return Ok(Vec::new());
        }
        let server = self.connection.server_info();
        if !(server.supports_feature(Extension::SmtpUtfEight)
            && server.supports_feature(Extension::EightBitMime))
        {
            return Err(Failure {
                stage: Stage::Recipient,
                cause: Cause::NeedsSmtpUtf8,
            });
        }
        Ok(vec![
            MailParameter::SmtpUtfEight,
            MailParameter::Body(MailBodyParameter::EightBitMime),
        ])
    }

    /// Writes the message, then waits for the answer. Only once lettre asks for a part after the last one has everything
    /// but the closing dot been written: from there on the message may have arrived.
    async fn hand_over(&mut self, bytes: &[u8]) -> Result<String, Failure> {
        let written = AtomicBool::new(false);
        let mut part = Some(bytes);
        let parts = std::iter::from_fn(|| {
            written.store(part.is_none(), Ordering::Relaxed);
            part.take()
        });
        let result = timeout(self.timeouts.accept, self.connection.message_iter(parts)).await;
        let stage = if written.load(Ordering::Relaxed) {
            Stage::Accept
        } else {
            Stage::Body
        };
        let response = match result {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                return Err(Failure {
                    stage,
                    cause: Cause::of(&error),
                });
            }
            Err(_) => {
                return Err(Failure {
                    stage,
                    cause: Cause::TimedOut,
                });
            }
        };
        match response.code().severity {
            Severity::PositiveCompletion => Ok(queue_id(&response)),
            _ => Err(Failure {
                stage,
                cause: Cause::Broken(UNEXPECTED.into()),
            }),
        }
    }

    /// Whether the relay still answers on an unused connection.
    pub(super) async fn is_alive(&mut self) -> bool {
        self.command(Stage::Connect, Noop).await.is_ok()
    }

    /// Makes the connection ready for the next mail after a refusal; `false` when it is of no more use.
    pub(super) async fn reset(&mut self) -> bool {
        self.command(Stage::Connect, Rset).await.is_ok()
    }

    /// Says good-bye and closes.
    pub(super) async fn quit(mut self) {
        // The relay closes by itself when it does not hear us: nothing is lost with the answer.
        let _ = timeout(FAREWELL, self.connection.quit()).await;
    }

    async fn command(
        &mut self,
        stage: Stage,
        command: impl std::fmt::Display,
    ) -> Result<Response, Failure> {
        let deadline = tokio::time::Instant::now() + self.timeouts.command;
        step(stage, deadline, self.connection.command(command)).await
    }
}

async fn connect(relay: &Relay) -> Result<AsyncSmtpConnection, Failure> {
    let hello = ClientId::default();
    let failed = |error: &lettre::transport::smtp::Error| Failure {
        stage: Stage::Connect,
        cause: Cause::of(error),
    };
    let server = (relay.host.as_str(), relay.port);
    if let Encryption::Wrapper(tls) = &relay.encryption {
        let timeout = Some(relay.timeouts.connect);
        return AsyncSmtpConnection::connect_tokio1(
            server,
            timeout,
            &hello,
            Some(tls.clone()),
            None,
        )
        .await
        .map_err(|error| failed(&error));
    }
    let stream = TcpStream::connect(server).await.map_err(broken)?;
    // lettre writes the closing dot by itself: Nagle's algorithm would hold it back until the relay has acknowledged the text.
    stream.set_nodelay(true).map_err(broken)?;
    let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello)
        .await
        .map_err(|error| failed(&error))?;
    if let Encryption::Starttls(tls) = &relay.encryption {
        let encrypting = connection.starttls(tls.clone(), &hello).await;
        encrypting.map_err(|error| failed(&error))?;
    }
    Ok(connection)
}

fn broken(error: std::io::Error) -> Failure {
    Failure {
        stage: Stage::Connect,
        cause: Cause::Broken(error.to_string()),
    }
}

/// Runs one step up to its deadline.
async fn step<T>(
    stage: Stage,
    deadline: tokio::time::Instant,
    future: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout_at(deadline, future).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Failure {
            stage,
            cause: Cause::of(&error),
        }),
        Err(_) => Err(Failure {
            stage,
            cause: Cause::TimedOut,
        }),
    }
}

/// The relay's name for the mail: `queued as 4F2A` (Postfix), `OK id=1rX-0` (Exim); empty when it gives none.
fn queue_id(response: &Response) -> String {
    let text = response.first_line().unwrap_or_default();
    let after = ["queued as ", "id="]
        .iter()
        .find_map(|mark| text.split_once(mark))
        .map(|(_, rest)| rest);
    after
        .and_then(|rest| rest.split_whitespace().next())
        .unwrap_or_default()
        .to_owned()
}

fn is_ascii(address: &lettre::Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}
