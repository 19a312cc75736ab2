//! An SMTP relay of our own (RFC 5321, 3207, 4954, 6531) with faults by script.
//!
//! Strict: commands out of order, bare line feeds, overlong lines, 8-bit bytes that were not announced, anything sent in
//! the clear that must not be, a scripted fault that never came up and a mail that no test looked at all fail the test.

mod session;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_rustls::TlsAcceptor;

use super::door::{Door, Entrance};
use super::weather::Weather;

/// The step of a session a fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// The answer to the finished message.
    Body,
    Noop,
    Rset,
}

/// What happens instead of the normal answer.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This line is answered.
    Reply(&'static str),
    /// This line is answered and the connection closed.
    Goodbye(&'static str),
    /// The connection is closed. At [`Verb::Body`] the mail has been accepted nevertheless.
    Cut,
    /// The connection is closed, and the mail is forgotten.
    CutUntaken,
    /// Nothing is answered until the client gives up, and the mail is forgotten.
    SilenceUntaken,
    /// Answered as usual, and late.
    Late(Duration),
    /// Nothing is answered until the client gives up. At [`Verb::Body`] the mail has been accepted nevertheless.
    Silence,
}

/// A mail the relay accepted.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) raw: Vec<u8>,
    pub(crate) encrypted: bool,
}

/// How connections are protected.
#[derive(Clone, Default)]
pub(crate) enum Protection {
    #[default]
    Plain,
    StartTls(TlsAcceptor),
    Wrapper(TlsAcceptor),
}

/// How the relay is set up.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) protection: Protection,
    /// The `AUTH PLAIN` response that is let in; without it nobody has to log in.
    pub(crate) login: Option<&'static str>,
    pub(crate) smtputf8: bool,
}

/// A running relay.
pub(crate) struct FakeSmtp {
    pub(crate) address: SocketAddr,
    pub(crate) door: Door,
    state: Arc<State>,
}

struct State {
    options: Options,
    faults: Mutex<VecDeque<(Verb, Fault)>>,
    weather: Weather<Verb, Fault>,
    mails: Mutex<Vec<Mail>>,
    violations: Mutex<Vec<String>>,
    sessions: Mutex<(usize, usize)>,
    /// Tells how many connections are open now.
    open: tokio::sync::watch::Sender<usize>,
}

impl FakeSmtp {
    /// A relay on the loopback that wants neither TLS nor a login.
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// A relay set up by `options`.
    pub(crate) async fn start_with(options: Options) -> Self {
        let (door, entrance) = Door::new().await;
        let address = entrance.address();
        let state = Arc::new(State {
            options,
            faults: Mutex::default(),
            weather: Weather::default(),
            mails: Mutex::default(),
            violations: Mutex::default(),
            sessions: Mutex::default(),
            open: tokio::sync::watch::Sender::new(0),
        });
        tokio::spawn(accept(entrance, Arc::clone(&state)));
        Self {
            address,
            door,
            state,
        }
    }

    /// The next time `verb` comes up, `fault` happens. Faults of one verb happen in the order given.
    pub(crate) fn fault(&self, verb: Verb, fault: Fault) {
        self.state.faults.lock().unwrap().push_back((verb, fault));
    }

    /// What is asked at each step, where no fault is scripted.
    pub(crate) fn weather(&self, oracle: impl FnMut(Verb) -> Option<Fault> + Send + 'static) {
        self.state.weather.set(oracle);
    }

    /// The mails accepted since the last call.
    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.state.mails.lock().unwrap())
    }

    /// How many connections there have been.
    pub(crate) fn sessions(&self) -> usize {
        self.state.sessions.lock().unwrap().0
    }

    /// How many connections were open at the same time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.sessions.lock().unwrap().1
    }

    /// Waits until the clients have closed all connections.
    pub(crate) async fn all_closed(&self) {
        self.state
            .open
            .subscribe()
            .wait_for(|open| *open == 0)
            .await
            .unwrap();
    }
}

impl Drop for FakeSmtp {
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
        let mails = self.take();
        assert!(mails.is_empty(), "no test looked at: {mails:?}");
    }
}

async fn accept(mut entrance: Entrance, state: Arc<State>) {
    loop {
        let stream = entrance.next().await;
        let state = Arc::clone(&state);
        {
            let mut sessions = state.sessions.lock().unwrap();
            state.open.send_modify(|open| *open += 1);
            sessions.0 += 1;
            sessions.1 = sessions.1.max(established(entrance.address()));
        }
        tokio::spawn(async move {
            // A broken connection is the business of the client's test.
            let _ = session::serve(stream, &state).await;
            state.open.send_modify(|open| *open -= 1);
        });
    }
}

/// How many connections to this address of ours both sides hold, as the kernel knows: one that its client has left counts no
/// more, though a session here may not have noticed yet.
fn established(address: SocketAddr) -> usize {
    const ESTABLISHED: &str = "01";
    let SocketAddr::V4(address) = address else {
        panic!("the fakes listen on 127.0.0.1")
    };
    let ip = u32::from_le_bytes(address.ip().octets());
    let ours = format!("{ip:08X}:{:04X}", address.port());
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let is_ours = |line: &&str| {
        let mut columns = line.split_ascii_whitespace().skip(1);
        let (local, state) = (columns.next(), columns.nth(1));
        local == Some(ours.as_str()) && state == Some(ESTABLISHED)
    };
    table.lines().filter(is_ours).count()
}

impl State {
    fn next(&self, verb: Verb) -> Option<Fault> {
        self.scripted(verb).or_else(|| self.weather.at(verb))
    }

    fn scripted(&self, verb: Verb) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let index = faults.iter().position(|(at, _)| *at == verb)?;
        faults.remove(index).map(|(_, fault)| fault)
    }
}
