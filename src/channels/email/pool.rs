//! The relay's connections: at most so many at once, kept between mails, closed when unused.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::compose::Letter;
use super::door::{Door, Room};
use super::session::{Relay, Session};
use super::verdict::{Failure, outcome_of, outcome_of_recipient};
use crate::domain::delivery::{Outcome, RetrySchedule};

/// Sends over a bounded number of connections.
pub(super) struct Pool {
    relay: Relay,
    permits: Semaphore,
    parked: Arc<Mutex<Parked>>,
    door: Mutex<Door>,
}

#[derive(Default)]
struct Parked {
    sessions: Vec<(Session, Instant)>,
    /// A task is waiting to close what stays unused.
    sweeping: bool,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("relay", &self.relay)
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// An empty pool of at most `size` connections; while the relay does not let us in, it waits by `waits`.
    pub(super) fn new(relay: Relay, size: usize, waits: RetrySchedule) -> Self {
        Self {
            door: Mutex::new(Door::new(relay.credentials.is_some(), waits)),
            relay,
            permits: Semaphore::new(size),
            parked: Arc::default(),
        }
    }

    /// Hands one mail over, on a kept connection if one still answers. A relay that closes a kept connection before the
    /// mail has begun (many allow only so many mails per connection) is asked once more on a fresh one.
    pub(super) async fn deliver(&self, letter: &Letter) -> Outcome {
        let result = self.try_to_deliver(letter).await;
        let (recipient, now) = (letter.to.to_string(), Instant::now());
        let mut door = lock(&self.door);
        match result {
            Ok(provider_id) => {
                door.took(&recipient);
                Outcome::Sent { provider_id }
            }
            Err(failure) if failure.condemns_recipient() => {
                let known = door.refuses_all();
                let belief = door.refused_recipient(&recipient, now);
                if door.refuses_all() && !known {
                    tracing::error!(
                        "the mail relay refuses several recipients in a row and takes none: look at the relay; what is to be sent waits, and no address is given up"
                    );
                }
                outcome_of_recipient(&failure, belief)
            }
            Err(failure) => {
                door.failed(&failure, now);
                outcome_of(&failure)
            }
        }
    }

    /// Opens a session, logs in and leaves: hands nothing over.
    pub(super) async fn knock(&self) -> Result<(), Failure> {
        Session::open(&self.relay).await?.quit().await;
        Ok(())
    }

    /// How much may be handed over now.
    pub(super) fn room(&self) -> Room {
        lock(&self.door).room(Instant::now())
    }

    /// Whether the relay does not accept our login.
    pub(super) fn is_refused(&self) -> bool {
        lock(&self.door).is_refused()
    }

    /// Whether the relay refuses every recipient.
    pub(super) fn refuses_all(&self) -> bool {
        lock(&self.door).refuses_all()
    }

    /// Closes the connections that no mail is using.
    pub(super) fn hang_up(&self) {
        let unused = std::mem::take(&mut lock(&self.parked).sessions);
        if !unused.is_empty() {
            tokio::spawn(quit(unused));
        }
    }

    async fn try_to_deliver(&self, letter: &Letter) -> Result<String, Failure> {
        let _permit = self
            .permits
            .acquire()
            .await
            .expect("the semaphore is never closed");
        if let Some(session) = self.kept().await {
            match self.deliver_on(session, letter).await {
                Err(failure) if failure.is_stale_connection() => {}
                result => return result,
            }
        }
        let session = Session::open(&self.relay).await?;
        lock(&self.door).opened();
        self.deliver_on(session, letter).await
    }

    async fn deliver_on(&self, mut session: Session, letter: &Letter) -> Result<String, Failure> {
        let result = session.deliver(letter).await;
        let usable = match &result {
            Ok(_) => true,
            Err(failure) => failure.leaves_connection_usable() && session.reset().await,
        };
        if usable {
            self.park(session);
        }
        result
    }

    /// A kept connection that still answers, as far as we know.
    async fn kept(&self) -> Option<Session> {
        loop {
            let (mut session, since) = lock(&self.parked).sessions.pop()?;
            if since.elapsed() < self.relay.timeouts.unasked || session.is_alive().await {
                return Some(session);
            }
        }
    }

    fn park(&self, session: Session) {
        let mut parked = lock(&self.parked);
        parked.sessions.push((session, Instant::now()));
        if !parked.sweeping {
            parked.sweeping = true;
            tokio::spawn(sweep(Arc::clone(&self.parked), self.relay.timeouts.idle));
        }
    }
}

/// Closes connections that stayed unused for `idle`, until none is left.
async fn sweep(parked: Arc<Mutex<Parked>>, idle: Duration) {
    loop {
        tokio::time::sleep(idle).await;
        let (unused, done) = {
            let mut parked = lock(&parked);
            let (unused, kept) = parked
                .sessions
                .drain(..)
                .partition(|(_, since)| since.elapsed() >= idle);
            parked.sessions = kept;
            parked.sweeping = !parked.sessions.is_empty();
            let unused: Vec<(Session, Instant)> = unused;
            (unused, !parked.sweeping)
        };
        quit(unused).await;
        if done {
            return;
        }
    }
}

async fn quit(sessions: Vec<(Session, Instant)>) {
    for (session, _) in sessions {
        session.quit().await;
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
