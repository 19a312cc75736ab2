//! Answers whoever watches, and never makes the daemon wait.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Mutex, watch};

use super::exposition::{Shown, exposition};
use super::readiness::{self, Problem, Readiness};
use super::reading::Reading;
use super::signs::{Signs, Way};
use crate::app::pulse::{Pulse, Silent};
use crate::app::setup::Setup;
use crate::channels::Sender;
use crate::channels::email::Room;
use crate::clock::Clock;
use crate::domain::delivery::Channel;
use crate::store::Db;

/// For how long a reading of the database serves everybody who asks.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How long a part of the daemon may be silent beyond what it announced before it counts as hanging.
pub const HANGS_AFTER: Duration = Duration::from_mins(3);
/// How long whoever asks waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process that is watched.
#[derive(Debug)]
pub struct Watched {
    /// The channels by which it sends.
    pub senders: Arc<HashMap<Channel, Sender>>,
    /// The channels that it asks for replies.
    pub read: Vec<Channel>,
    /// Its name.
    pub owner: String,
    /// What it counts.
    pub signs: Arc<Signs>,
    /// Whether its parts get on.
    pub pulse: Pulse,
}

/// Watches one daemon.
#[derive(Debug)]
pub struct Watcher {
    db: Db,
    clock: Clock,
    /// The plans in force.
    setups: watch::Receiver<Arc<Setup>>,
    watched: Watched,
    started_at: DateTime<Utc>,
    latest: Latest,
}

/// The last reading of the database.
#[derive(Debug)]
struct Latest {
    /// Held by the one who reads: however many ask, and however long the database takes, there is one connection in use.
    turn: Arc<Mutex<()>>,
    taken: watch::Sender<Option<Taken>>,
}

#[derive(Clone, Debug)]
struct Taken {
    at: DateTime<Utc>,
    /// `None` when the database failed.
    reading: Option<Arc<Reading>>,
}

impl Default for Latest {
    fn default() -> Self {
        Self {
            turn: Arc::default(),
            taken: watch::Sender::new(None),
        }
    }
}

impl Watcher {
    /// Watches a process that starts now.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Clock,
        setups: watch::Receiver<Arc<Setup>>,
        watched: Watched,
    ) -> Self {
        for channel in watched.senders.keys() {
            watched.signs.expect(*channel);
        }
        Self {
            started_at: clock.now(),
            db,
            clock,
            setups,
            watched,
            latest: Latest::default(),
        }
    }

    /// The part that has been silent for longest beyond `limit`: the daemon hangs.
    #[must_use]
    pub fn hangs(&self, limit: Duration) -> Option<Silent> {
        self.watched.pulse.silent_beyond(limit)
    }

    /// Whether the daemon can do its work.
    pub async fn readiness(&self) -> Readiness {
        let reading = self.look().await;
        let now = self.clock.now();
        let setup = Arc::clone(&self.setups.borrow());
        let mut problems = readiness::of_database(
            reading.as_deref(),
            self.watched.signs.is_written(),
            &setup,
            now,
        );
        for problem in self.channels(now).into_values().flatten() {
            let known = |one: &Problem| (one.part, one.channel) == (problem.part, problem.channel);
            if !problems.iter().any(known) {
                problems.push(problem);
            }
        }
        problems.into()
    }

    /// All metrics, in the text format of Prometheus.
    pub async fn metrics(&self) -> String {
        let reading = self.look().await;
        let now = self.clock.now();
        let setup = Arc::clone(&self.setups.borrow());
        exposition(&Shown {
            reading: reading.as_deref(),
            setup: &setup,
            signs: &self.watched.signs,
            channels: &self.channels(now),
            owner: &self.watched.owner,
            started_at: self.started_at,
            now,
        })
    }

    /// What is wrong with each channel that is used, each way.
    fn channels(&self, now: DateTime<Utc>) -> BTreeMap<(Channel, Way), Option<Problem>> {
        let trouble = |channel, way| {
            let (trouble, since) = self.watched.signs.trouble(channel, way)?;
            readiness::of_channel(channel, way, trouble, since, now)
        };
        let sent = self.watched.senders.iter().map(|(&channel, sender)| {
            let shut = match sender.room() {
                Room::Shut { wait } => Some(readiness::shut(channel, wait)),
                Room::Free | Room::One => None,
            };
            let refused = sender.is_refused().then(|| readiness::refused(channel));
            let refuses_all = sender
                .refuses_all()
                .then(|| readiness::refuses_all(channel));
            let problem = trouble(channel, Way::Send)
                .or(refused)
                .or(refuses_all)
                .or(shut);
            ((channel, Way::Send), problem)
        });
        let read = self.watched.read.iter().map(|&channel| {
            let problem = trouble(channel, Way::Receive);
            ((channel, Way::Receive), problem)
        });
        sent.chain(read).collect()
    }

    /// What the database holds, read at most once in a few seconds; `None` when it fails or does not answer in time. A
    /// reading that is under way goes on, and is the next one's.
    async fn look(&self) -> Option<Arc<Reading>> {
        let now = self.clock.now();
        let mut taken = self.latest.taken.subscribe();
        if let Some(taken) = &*taken.borrow_and_update()
            && (now - taken.at).abs() < FRESH
        {
            return taken.reading.clone();
        }
        if let Ok(turn) = Arc::clone(&self.latest.turn).try_lock_owned() {
            let (db, latest) = (self.db.clone(), self.latest.taken.clone());
            tokio::spawn(async move {
                let reading = Reading::take(&db, now).await;
                let reading = reading
                    .inspect_err(|error| {
                        tracing::warn!(
                            error = error as &dyn std::error::Error,
                            "the database cannot be read for whoever watches"
                        );
                    })
                    .ok()
                    .map(Arc::new);
                latest.send_replace(Some(Taken { at: now, reading }));
                drop(turn);
            });
        }
        match tokio::time::timeout(PATIENCE, taken.changed()).await {
            Ok(Ok(())) => taken.borrow().as_ref()?.reading.clone(),
            _ => None,
        }
    }
}
