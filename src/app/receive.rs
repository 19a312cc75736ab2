//! What channels bring -> the inbox: stored with the cursor in one transaction, and only then acknowledged.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Notify, watch};

use super::AppError;
use super::caught::caught;
use super::daemon::Wish;
use super::vitals::{Signs, Step, Trouble, Way};
use crate::channels::{Batch, ReceiveError, Receiver};
use crate::clock::Clock;
use crate::domain::delivery::Channel;
use crate::domain::inbound::Inbound;
use crate::store::{Db, cursors, inbox, leases};

/// For how long one process may read a bot or a mailbox; longer than one call takes.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// How long to wait while another process reads.
const WHILE_ANOTHER_READS: Duration = Duration::from_secs(10);
/// How long to wait after access was refused: only the operator can mend that.
const AFTER_REFUSAL: Duration = Duration::from_mins(5);
/// The shortest and the longest wait after a passing failure.
const AFTER_FAILURE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

/// The way into the inbox, for polling and for pushes. Clones share it.
#[derive(Clone, Debug)]
pub struct Intake {
    /// Where the inbox is.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Woken when something new was stored.
    pub arrived: Arc<Notify>,
    /// How the channels stand, for whoever watches.
    pub signs: Arc<Signs>,
}

impl Intake {
    /// Stores what came in; copies of what was stored before are left out. The provider may be answered when this
    /// returns.
    ///
    /// # Errors
    /// When the database fails: then the provider must not be answered, so that it hands it over again.
    pub async fn store(&self, inbound: &[Inbound]) -> Result<u64, AppError> {
        if inbound.is_empty() {
            return Ok(0);
        }
        let mut tx = self.db.begin().await?;
        let new = inbox::receive(&mut tx, inbound, self.clock.now()).await?;
        tx.commit().await?;
        self.announce(new);
        Ok(new)
    }

    /// Stores a batch and its cursor, if `owner` still holds the lease: a process that slept past its lease must not
    /// move the cursor of the one that took over. False when it does not.
    async fn store_batch(&self, batch: &Batch, name: &str, owner: &str) -> Result<bool, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if !leases::renew(&mut tx, &lease_of(name), owner, now, now + LEASE).await? {
            return Ok(false);
        }
        let new = inbox::receive(&mut tx, &batch.inbound, now).await?;
        if let Some(cursor) = &batch.cursor {
            cursors::set(&mut tx, name, cursor).await?;
        }
        tx.commit().await?;
        self.announce(new);
        Ok(true)
    }

    fn announce(&self, new: u64) {
        if new > 0 {
            self.arrived.notify_one();
        }
    }

    /// The lease and, with it, the last cursor; `None` while somebody else holds it.
    async fn begin(&self, name: &str, owner: &str) -> Result<Option<Option<String>>, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if !leases::acquire(&mut tx, &lease_of(name), owner, now, now + LEASE).await? {
            return Ok(None);
        }
        let cursor = cursors::find(&mut tx, name).await?;
        tx.commit().await?;
        Ok(Some(cursor))
    }

    async fn give_back(&self, channel: Channel, name: &str, owner: &str) {
        let released = async {
            let mut tx = self.db.begin().await?;
            leases::release(&mut tx, &lease_of(name), owner).await?;
            tx.commit().await
        };
        if let Err(error) = released.await {
            // It ends by itself; the next process only waits a little longer.
            tracing::debug!(
                channel = channel.as_str(),
                error = &error as &dyn std::error::Error,
                "a lease was not given back"
            );
        }
    }
}

fn lease_of(name: &str) -> String {
    format!("receive:{name}")
}

/// What one call came to.
enum Came {
    /// Something, or nothing in time.
    Stored,
    /// Wait so long before the next call.
    Wait(Duration),
    /// Never call again.
    Stop,
}

/// Reads one channel until it is told to stop, or until somebody else turns out to read it: then it says so and stops
/// reading, for two readers only take messages from one another.
pub async fn read(
    intake: Intake,
    mut receiver: Receiver,
    owner: String,
    mut wishes: watch::Receiver<Wish>,
) {
    let name = receiver.name();
    let channel = receiver.channel();
    let mut failures = 0;
    loop {
        let came = tokio::select! {
            came = caught(read_once(&intake, &mut receiver, &name, &owner, &mut failures)) => came,
            () = stopped(&mut wishes) => break,
        };
        let came = came.unwrap_or_else(|| intake.failed(channel, &AppError::Fault, &mut failures));
        let wait = match came {
            Came::Stored => continue,
            Came::Wait(wait) => wait,
            Came::Stop => break,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut wishes) => break,
        }
    }
    intake.give_back(channel, &name, &owner).await;
}

async fn read_once(
    intake: &Intake,
    receiver: &mut Receiver,
    name: &str,
    owner: &str,
    failures: &mut u32,
) -> Came {
    let channel = receiver.channel();
    let cursor = match intake.begin(name, owner).await {
        Ok(Some(cursor)) => cursor,
        Ok(None) => {
            intake.signs.well(channel, Way::Receive);
            return Came::Wait(WHILE_ANOTHER_READS);
        }
        Err(error) => return intake.failed(channel, &error, failures),
    };
    let batch = match receiver.receive(cursor.as_deref()).await {
        Ok(batch) => batch,
        Err(error) => return intake.refused(error, channel, failures),
    };
    intake.signs.well(channel, Way::Receive);
    match intake.store_batch(&batch, name, owner).await {
        Ok(true) => {
            *failures = 0;
            receiver.acknowledge(&batch.inbound).await;
            Came::Stored
        }
        Ok(false) => {
            tracing::warn!(
                channel = channel.as_str(),
                "the lease was lost while reading; what was read is left to the next reader"
            );
            Came::Wait(WHILE_ANOTHER_READS)
        }
        Err(error) => intake.failed(channel, &error, failures),
    }
}

impl Intake {
    /// What follows when a channel brings nothing.
    fn refused(&self, error: ReceiveError, of: Channel, failures: &mut u32) -> Came {
        let channel = of.as_str();
        let (trouble, came) = match error {
            ReceiveError::Conflict(reason) => {
                tracing::error!(
                    channel,
                    reason,
                    "another program reads this channel: reading is stopped until the daemon is started again"
                );
                (Trouble::ReadElsewhere, Came::Stop)
            }
            ReceiveError::Refused(reason) => {
                tracing::error!(
                    channel,
                    reason,
                    "access is refused: look at the configuration"
                );
                (Trouble::Refused, Came::Wait(AFTER_REFUSAL))
            }
            ReceiveError::Later { reason, after } => {
                tracing::warn!(channel, reason, "nothing received; it is tried again");
                let wait = backoff(failures);
                let wait = after.map_or(wait, |asked| asked.max(wait));
                (Trouble::Unheard, Came::Wait(wait))
            }
        };
        self.signs
            .unwell(of, Way::Receive, trouble, self.clock.now());
        came
    }

    /// What follows when what came in cannot be stored.
    fn failed(&self, channel: Channel, error: &AppError, failures: &mut u32) -> Came {
        self.signs.failed(Step::Receive);
        tracing::error!(
            channel = channel.as_str(),
            error = error as &dyn std::error::Error,
            "what came in could not be stored; it is read again"
        );
        Came::Wait(backoff(failures))
    }
}

/// One second, two, four … a minute.
fn backoff(failures: &mut u32) -> Duration {
    let wait = AFTER_FAILURE.0 * 2_u32.saturating_pow((*failures).min(6));
    *failures += 1;
    wait.min(AFTER_FAILURE.1)
}

/// Ends when the daemon is told to stop, or is gone.
async fn stopped(wishes: &mut watch::Receiver<Wish>) {
    let _ = wishes.wait_for(|wish| *wish == Wish::Stop).await;
}
