//! A node: its leases, taken, renewed, given back.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::Instant;

use super::duty::Duty;
use super::lease::Lease;
use super::others::Others;
use crate::app::caution::Caution;
use crate::clock::Clock;
use crate::store::leases::{self, Asked};
use crate::store::{Db, StoreError, outbox};

/// For how long a lease is ours after it was taken or renewed. Somebody else then takes over within 30 seconds, as long as
/// the machines' clocks agree to a few seconds.
const LEASE: TimeDelta = TimeDelta::seconds(25);
/// When its holder stops, so that nothing of it is under way when the next one begins.
const STOP: Duration = Duration::from_secs(20);

/// One daemon among those that share a database. Clones are the same node.
#[derive(Clone, Debug)]
pub struct Node {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    db: Db,
    clock: Clock,
    name: String,
    held: Mutex<Held>,
    caution: Caution,
    /// One question to the database at a time, so that no answer is older than what is known.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Held {
    ends: HashMap<Duty, watch::Sender<Instant>>,
    /// What other nodes have.
    others: Others,
    /// It takes nothing any more.
    is_retired: bool,
}

impl Node {
    /// A node that holds nothing yet; its name is another for each start.
    #[must_use]
    pub fn new(db: Db, clock: Clock, name: String) -> Self {
        let parts = Parts {
            db,
            clock,
            name,
            held: Mutex::default(),
            caution: Caution::default(),
            asking: tokio::sync::Mutex::default(),
        };
        Self {
            parts: Arc::new(parts),
        }
    }

    /// The name by which rows say who holds them.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// Whether it is careful: it has taken a duty over from one that died.
    #[must_use]
    pub fn caution(&self) -> &Caution {
        &self.parts.caution
    }

    /// The lease of a duty: the one that is held, or a new one if nobody else has it. `None` while somebody has.
    ///
    /// Whoever takes a channel over also queues again what the one before had claimed, and closes what it had begun as
    /// unknown: nobody else sends by it now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold(&self, duty: &Duty) -> Result<Option<Lease>, StoreError> {
        if let ControlFlow::Break(known) = self.known(duty) {
            return Ok(known);
        }
        let Parts {
            db,
            clock,
            name,
            asking,
            ..
        } = &*self.parts;
        let _asking = asking.lock().await;
        if let ControlFlow::Break(known) = self.known(duty) {
            return Ok(known);
        }
        let (asked_at, now) = (Instant::now(), clock.now());
        let still = self.lock().others.still(duty, asked_at);
        let mut tx = db.begin().await?;
        let was_left = leases::was_left(&mut tx, &duty.to_string(), name, LEASE).await?;
        let asked = leases::acquire(&mut tx, &duty.to_string(), name, now, LEASE, still).await?;
        if let Asked::Theirs(lease) = asked {
            self.lock().others.saw(duty, &lease, Instant::now());
            return Ok(None);
        }
        let inherited = match duty {
            Duty::Send(channel) => outbox::inherit(&mut tx, *channel, now).await?,
            Duty::Day | Duty::Desk | Duty::Receive(_) => 0,
        };
        tx.commit().await?;
        if was_left {
            self.parts.caution.begin();
        }
        tracing::info!(duty = %duty.in_log(), inherited, "this node does it now");
        let (end, lease) = watch::channel(asked_at + STOP);
        let mut held = self.lock();
        held.others.forget(duty);
        held.ends.insert(duty.clone(), end);
        Ok(Some(Lease::new(lease)))
    }

    /// Whether the lease of a duty is held.
    #[must_use]
    pub fn holds(&self, duty: &Duty) -> bool {
        matches!(self.known(duty), ControlFlow::Break(Some(_)))
    }

    /// Renews every lease. What has gone to somebody else, or was not renewed in time, is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(&self) -> Result<(), StoreError> {
        let Parts {
            db,
            clock,
            name,
            asking,
            ..
        } = &*self.parts;
        let _asking = asking.lock().await;
        let asked_at = Instant::now();
        let mut tx = db.begin().await?;
        let ours = leases::renew_all(&mut tx, name, clock.now() + LEASE).await?;
        tx.commit().await?;
        self.lock().ends.retain(|duty, end| {
            let is_ours = ours.contains(&duty.to_string()) && *end.borrow() > Instant::now();
            if is_ours {
                end.send_replace(asked_at + STOP);
            } else {
                tracing::warn!(
                    duty = %duty.in_log(),
                    "the lease was lost: what it guards is stopped"
                );
            }
            is_ours
        });
        Ok(())
    }

    /// Gives a duty back. Whoever takes it next waits for `rest`. When the database fails it ends by itself.
    pub async fn give_back(&self, duty: &Duty, rest: Duration) {
        if self.lock().ends.remove(duty).is_none() {
            return;
        }
        let Parts {
            db, clock, name, ..
        } = &*self.parts;
        let rest = TimeDelta::from_std(rest).unwrap_or(LEASE);
        let given_back = async {
            let mut tx = db.begin().await?;
            leases::end(&mut tx, &duty.to_string(), name, clock.now(), rest).await?;
            tx.commit().await
        };
        if let Err(error) = given_back.await {
            tracing::debug!(
                duty = %duty.in_log(),
                error = &error as &dyn std::error::Error,
                "a lease was not given back"
            );
        }
    }

    /// Ends every lease in this process at once, and takes none again. The database is left as it is.
    pub fn retire(&self) {
        let mut held = self.lock();
        held.is_retired = true;
        held.ends.clear();
    }

    /// What is known without asking: the lease that is held, or that there is none to be had now.
    fn known(&self, duty: &Duty) -> ControlFlow<Option<Lease>> {
        let held = self.lock();
        if held.is_retired {
            return ControlFlow::Break(None);
        }
        let now = Instant::now();
        if let Some(end) = held.ends.get(duty).filter(|end| *end.borrow() > now) {
            return ControlFlow::Break(Some(Lease::new(end.subscribe())));
        }
        if held.others.are_left_alone(duty, now) {
            return ControlFlow::Break(None);
        }
        ControlFlow::Continue(())
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        let held = self.parts.held.lock();
        held.unwrap_or_else(PoisonError::into_inner)
    }
}
