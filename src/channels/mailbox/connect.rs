//! From nothing to an opened folder, within one deadline.

use std::fmt;

use async_imap::error::Error;
use async_imap::imap_proto::{Response, ResponseCode};
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::config::MailboxTimeouts;
use super::session::{Ended, Failure, Session, run};
use crate::channels::email::Credentials;

/// The server and how to get in.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Credentials,
    pub(super) folder: String,
    pub(super) timeouts: MailboxTimeouts,
}

/// How the connection is encrypted.
#[derive(Debug)]
pub(super) enum Encryption {
    None,
    Wrapper(Tls),
    Starttls(Tls),
}

/// Encryption to a server of that name.
pub(super) struct Tls {
    pub(super) connector: TlsConnector,
    pub(super) name: ServerName<'static>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a session runs on, encrypted or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + fmt::Debug + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + fmt::Debug + Unpin + Send + Sync> Wire for T {}

type Client = async_imap::Client<Box<dyn Wire>>;

impl Server {
    /// Connects, encrypts, logs in and opens the folder, read-only.
    pub(super) async fn open(&self) -> Result<Session, Failure> {
        match timeout(self.timeouts.connect, self.try_open()).await {
            Ok(result) => result,
            Err(_) => Err(Failure::TimedOut("opening the session")),
        }
    }

    async fn try_open(&self) -> Result<Session, Failure> {
        let client = self.connect().await?;
        let Credentials { username, password } = &self.credentials;
        let mut session = client
            .login(username, password.expose_secret())
            .await
            .map_err(|(error, _)| login_failure(&error))?;
        // Some servers offer more once somebody has logged in.
        let capabilities = session
            .capabilities()
            .await
            .map_err(|error| Failure::of("asking what the server can do", &error))?;
        let can_idle = capabilities.has_str("IDLE");
        let (mut validity, mut next) = (None, None);
        let each = |response: &Response<'_>| {
            let Response::Data { outcome, .. } = response else {
                return;
            };
            match &outcome.code {
                Some(ResponseCode::UidValidity(number)) => validity = Some(*number),
                Some(ResponseCode::UidNext(number)) => next = Some(*number),
                _ => {}
            }
        };
        let command = format!("EXAMINE {}", quoted(&self.folder));
        let deadline = self.timeouts.connect;
        match run(&mut session, "opening the folder", deadline, &command, each).await? {
            Ended::Well => {}
            Ended::Refused => {
                let why = "the folder cannot be opened (check `folder`)";
                return Err(Failure::Refused(why.into()));
            }
            Ended::Misunderstood => {
                return Err(Failure::Lost(
                    "opening the folder: the server refused".into(),
                ));
            }
        }
        let Some(validity) = validity else {
            let why = "the server gives mails no lasting numbers (UIDVALIDITY)";
            return Err(Failure::Refused(why.into()));
        };
        Ok(Session::new(
            session,
            validity,
            next,
            can_idle,
            self.timeouts,
        ))
    }

    async fn connect(&self) -> Result<Client, Failure> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|error| Failure::Lost(format!("connecting: {error}")))?;
        match &self.encryption {
            Encryption::None => greeted(Box::new(stream)).await,
            Encryption::Wrapper(tls) => greeted(tls.wrap(Box::new(stream)).await?).await,
            Encryption::Starttls(tls) => {
                let mut client = greeted(Box::new(stream)).await?;
                let answer = client.run_command_and_check_ok("STARTTLS", None).await;
                answer.map_err(|error| match error {
                    Error::No(_) | Error::Bad(_) => {
                        Failure::Lost("the server refuses STARTTLS".into())
                    }
                    error => Failure::of("asking for encryption", &error),
                })?;
                // What the server sent in the clear behind its answer is dropped with the buffer (CVE-2021-33515).
                let wire = tls.wrap(client.into_inner()).await?;
                Ok(Client::new(wire))
            }
        }
    }
}

impl Tls {
    async fn wrap(&self, wire: Box<dyn Wire>) -> Result<Box<dyn Wire>, Failure> {
        match self.connector.connect(self.name.clone(), wire).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(Failure::Lost(format!("encrypting: {error}"))),
        }
    }
}

/// A string of IMAP. (Names that are not ASCII stand in the configuration as IMAP writes them.)
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

async fn greeted(wire: Box<dyn Wire>) -> Result<Client, Failure> {
    let mut client = Client::new(wire);
    match client.read_response().await {
        Ok(Some(_)) => Ok(client),
        Ok(None) => Err(Failure::Lost("greeting: the server hung up".into())),
        Err(error) => Err(Failure::Lost(format!("greeting: {error}"))),
    }
}

/// A wrong password is ours to mend; a server that cannot check passwords now is not (RFC 5530).
fn login_failure(error: &Error) -> Failure {
    match error {
        Error::No(said)
            if !["UNAVAILABLE", "INUSE", "LIMIT", "Temporary"]
                .iter()
                .any(|word| said.contains(word)) =>
        {
            Failure::Refused(
                "the login is refused (check the user name and password of the mailbox)".into(),
            )
        }
        error => Failure::of("logging in", error),
    }
}
