//! An IMAP server of our own (RFC 3501, 2177) with one folder and faults by script.
//!
//! Strict: commands out of order, anything that changes the folder or marks a mail as read, a password in the clear where
//! TLS is offered, a second command within IDLE and a scripted fault that never came up all fail the test.

mod session;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The command a fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Greeting,
    StartTls,
    Login,
    Examine,
    /// UID FETCH that lists.
    List,
    /// UID FETCH of a body.
    Fetch,
    Search,
    /// While IDLE waits, after the continuation.
    Idle,
    Done,
}

/// What happens instead of the normal answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The command is answered by this: `NO [AUTHENTICATIONFAILED] no`.
    Reply(&'static str),
    /// The connection is closed.
    Cut,
    /// Nothing is answered until the client gives up; what it does then is not looked at.
    Silence,
    /// The server sends keep-alives and nothing else, for ever.
    KeepAlive,
}

/// How connections are protected.
#[derive(Clone, Default)]
pub(crate) enum Protection {
    #[default]
    Plain,
    StartTls(TlsAcceptor),
    Wrapper(TlsAcceptor),
}

/// How the server is set up.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) protection: Protection,
    pub(crate) idle: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            protection: Protection::default(),
            idle: true,
        }
    }
}

/// Who may log in.
pub(crate) const LOGIN: (&str, &str) = ("bot@noivu.example", "sesame-4353");

/// A running server.
pub(crate) struct FakeImap {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    options: Options,
    folder: watch::Sender<Folder>,
    faults: Mutex<VecDeque<(Verb, Fault)>>,
    violations: Mutex<Vec<String>>,
    commands: watch::Sender<Vec<String>>,
    sessions: watch::Sender<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct Folder {
    validity: u32,
    next: u32,
    mails: Vec<Mail>,
}

#[derive(Clone, Debug)]
struct Mail {
    uid: u32,
    arrived_at: DateTime<Utc>,
    raw: Arc<Vec<u8>>,
    /// What RFC822.SIZE says.
    size: usize,
}

impl FakeImap {
    /// A server on the loopback that wants no TLS.
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// A server set up by `options`.
    pub(crate) async fn start_with(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            options,
            folder: watch::Sender::new(Folder {
                validity: 1_584_316_800,
                next: 7,
                mails: Vec::new(),
            }),
            faults: Mutex::default(),
            violations: Mutex::default(),
            commands: watch::Sender::default(),
            sessions: watch::Sender::default(),
        });
        tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state }
    }

    /// A mail arrives; its UID.
    pub(crate) fn deliver(&self, raw: impl Into<Vec<u8>>, arrived_at: DateTime<Utc>) -> u32 {
        let raw = raw.into();
        let size = raw.len();
        self.deliver_sized(raw, size, arrived_at)
    }

    /// A mail arrives of which only the beginning exists, however long it says it is.
    pub(crate) fn deliver_sized(
        &self,
        raw: Vec<u8>,
        size: usize,
        arrived_at: DateTime<Utc>,
    ) -> u32 {
        let mut given = 0;
        self.state.folder.send_modify(|folder| {
            given = folder.next;
            folder.next += 1;
            folder.mails.push(Mail {
                uid: given,
                arrived_at,
                raw: Arc::new(raw),
                size,
            });
        });
        given
    }

    /// Somebody removes a mail.
    pub(crate) fn remove(&self, uid: u32) {
        self.state
            .folder
            .send_modify(|folder| folder.mails.retain(|mail| mail.uid != uid));
    }

    /// The folder is restored from a backup: every mail gets a new number.
    pub(crate) fn renumber(&self) {
        self.state.folder.send_modify(|folder| {
            folder.validity += 1;
            for (mail, uid) in folder.mails.iter_mut().zip(1..) {
                mail.uid = uid;
            }
            folder.next = u32::try_from(folder.mails.len()).unwrap() + 1;
        });
    }

    /// The next time `verb` comes up, `fault` happens.
    pub(crate) fn fault(&self, verb: Verb, fault: Fault) {
        self.state.faults.lock().unwrap().push_back((verb, fault));
    }

    /// Waits until a client has begun the command that starts like this, for the `times`-th time.
    pub(crate) async fn heard(&self, command: &str, times: usize) {
        self.state
            .commands
            .subscribe()
            .wait_for(|heard| heard.iter().filter(|one| one.starts_with(command)).count() >= times)
            .await
            .unwrap();
    }

    /// The commands so far, without their tags.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.state.commands.borrow().clone()
    }

    /// How many connections there have been.
    pub(crate) fn sessions(&self) -> usize {
        self.state.sessions.borrow().0
    }

    /// Waits until the clients have closed all connections.
    pub(crate) async fn all_closed(&self) {
        self.state
            .sessions
            .subscribe()
            .wait_for(|(_, open)| *open == 0)
            .await
            .unwrap();
    }
}

impl Drop for FakeImap {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let violations = std::mem::take(&mut *self.state.violations.lock().unwrap());
        assert!(
            violations.is_empty(),
            "the client broke the protocol: {violations:#?}"
        );
        let faults = std::mem::take(&mut *self.state.faults.lock().unwrap());
        assert!(faults.is_empty(), "these faults never came up: {faults:?}");
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        state.sessions.send_modify(|(all, open)| {
            *all += 1;
            *open += 1;
        });
        tokio::spawn(async move {
            // A broken connection is the business of the client's test.
            let _ = session::serve(stream, &state).await;
            state.sessions.send_modify(|(_, open)| *open -= 1);
        });
    }
}

impl State {
    fn next(&self, verb: Verb) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let index = faults.iter().position(|(at, _)| *at == verb)?;
        faults.remove(index).map(|(_, fault)| fault)
    }

    fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }
}
