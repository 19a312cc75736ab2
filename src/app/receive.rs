//! What channels bring -> the inbox: stored with the cursor in one transaction, and only then acknowledged.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::AppError;
use super::abreast::Fetching;
use super::caught::caught;
use super::caution::{Hands, Thing, fallen};
use super::daemon::Wish;
use super::node::{Duty, Node};
use super::pulse::Beat;
use super::vitals::{Signs, Step, Trouble, Way};
use crate::channels::{Batch, ReceiveError, Receiver};
use crate::clock::Clock;
use crate::domain::delivery::Channel;
use crate::domain::inbound::Inbound;
use crate::store::{Db, StoreError, cursors, inbox, leases};

/// How long one call may take, its own time limits included: a poll waits for less than a minute.
const LONGEST_CALL: Duration = Duration::from_secs(90);
/// How long to wait while another node reads.
const WHILE_ANOTHER_READS: Duration = Duration::from_secs(2);
/// How long to wait when somebody else turns out to read: longer than a call of a node that died or was cut off may still
/// be open at the provider.
const AFTER_CONFLICT: Duration = Duration::from_mins(1);
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

    /// Stores a batch, and its cursor if `node` still has the lease: a process that slept past its lease must not move the
    /// cursor of the one that took over, and what it has read it may have been the only one to be given. False when it has
    /// not.
    async fn store_batch(&self, batch: &Batch, name: &str, node: &Node) -> Result<bool, AppError> {
        let mut tx = self.db.begin().await?;
        let reads = leases::is_held(&mut tx, &duty_of(name).to_string(), node.name()).await?;
        let new = inbox::receive(&mut tx, &batch.inbound, self.clock.now()).await?;
        if let Some(cursor) = batch.cursor.as_ref().filter(|_| reads) {
            cursors::set(&mut tx, name, cursor).await?;
        }
        tx.commit().await?;
        self.announce(new);
        Ok(reads)
    }

    fn announce(&self, new: u64) {
        if new > 0 {
            self.arrived.notify_one();
        }
    }

    async fn cursor(&self, name: &str) -> Result<Option<String>, AppError> {
        let mut tx = self.db.snapshot().await?;
        Ok(cursors::find(&mut tx, name).await?)
    }
}

fn duty_of(name: &str) -> Duty {
    Duty::Receive(name.to_owned())
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

/// Reads one channel while it is this node's to read, until it is told to stop, or until somebody else turns out to read
/// it: then it says so and stops reading, for two readers only take messages from one another.
pub async fn read(
    intake: Intake,
    mut receiver: Receiver,
    node: Node,
    mut wishes: watch::Receiver<Wish>,
    beat: Beat,
    mut fetching: Fetching,
) {
    let name = receiver.name();
    let channel = receiver.channel();
    let mut failures = Failures::default();
    loop {
        beat.silent_for(LONGEST_CALL);
        let came = tokio::select! {
            came = caught(read_once(&intake, &mut receiver, &node, &mut failures, &mut fetching)) => came,
            () = stopped(&mut wishes) => break,
        };
        let came = came.unwrap_or_else(|| intake.failed(channel, &AppError::Fault, &mut failures));
        let wait = match came {
            Came::Stored => continue,
            Came::Wait(wait) => wait,
            Came::Stop => break,
        };
        beat.silent_for(wait);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut wishes) => break,
        }
    }
    node.give_back(&duty_of(&name), Duration::ZERO).await;
}

async fn read_once(
    intake: &Intake,
    receiver: &mut Receiver,
    node: &Node,
    failures: &mut Failures,
    fetching: &mut Fetching,
) -> Came {
    let (channel, name) = (receiver.channel(), receiver.name());
    let lease = match node.hold(&duty_of(&name)).await {
        Ok(Some(lease)) => lease,
        Ok(None) => {
            fetching.is_over(); // whoever reads it fetches it
            intake.signs.well(channel, Way::Receive);
            return Came::Wait(WHILE_ANOTHER_READS);
        }
        Err(error) => return intake.failed(channel, &error.into(), failures),
    };
    let cursor = match intake.cursor(&name).await {
        Ok(cursor) => cursor,
        Err(error) => return intake.failed(channel, &error, failures),
    };
    let may_be_cut = receiver.may_be_cut();
    if node.caution().is_on() {
        match read_with_care(intake, receiver, node, cursor.as_deref()).await {
            Ok(Careful::NoNeed) => {}
            Ok(Careful::Stored) => return Came::Stored,
            Ok(Careful::Nothing) => {
                intake.signs.well(channel, Way::Receive);
                fetching.is_over();
                return Came::Wait(WHILE_ANOTHER_READS);
            }
            Err(Unread::Channel(error)) => return intake.refused(error, channel, failures),
            Err(Unread::Ours(error)) => return intake.failed(channel, &error, failures),
        }
    }
    let receiving = async {
        if fetching.is_behind() {
            receiver.fetch(cursor.as_deref()).await
        } else {
            receiver.receive(cursor.as_deref()).await
        }
    };
    let received = if may_be_cut {
        lease.guard(receiving).await
    } else {
        Some(receiving.await)
    };
    let Some(received) = received else {
        tracing::warn!(
            channel = channel.as_str(),
            "the lease ended while reading: what came is read again, by whoever has the lease then"
        );
        return Came::Wait(WHILE_ANOTHER_READS);
    };
    let batch = match received {
        Ok(batch) => batch,
        Err(error) => return intake.refused(error, channel, failures),
    };
    intake.signs.well(channel, Way::Receive);
    match intake.store_batch(&batch, &name, node).await {
        Ok(true) => {
            *failures = Failures::default();
            receiver.acknowledge(&batch.inbound).await;
            if batch.brings_nothing_after(cursor.as_deref()) {
                fetching.is_over();
            }
            Came::Stored
        }
        Ok(false) => {
            tracing::warn!(
                channel = channel.as_str(),
                "another node took the lease while this one read: it reads on"
            );
            Came::Wait(WHILE_ANOTHER_READS)
        }
        Err(error) => intake.failed(channel, &error, failures),
    }
}

/// What came of reading with care.
enum Careful {
    /// What comes is small, and read as ever.
    NoNeed,
    /// There is nothing.
    Nothing,
    /// One thing is stored.
    Stored,
}

/// Why nothing came of it.
enum Unread {
    Channel(ReceiveError),
    Ours(AppError),
}

/// After another process has died: one mail at a time, noted before it is read. What several have died of is left unread and waits
/// for a person, and those behind it are read.
async fn read_with_care(
    intake: &Intake,
    receiver: &mut Receiver,
    node: &Node,
    cursor: Option<&str>,
) -> Result<Careful, Unread> {
    let name = receiver.name();
    let next = match receiver.peek(cursor).await.map_err(Unread::Channel)? {
        None => return Ok(Careful::NoNeed),
        Some(None) => return Ok(Careful::Nothing),
        Some(Some(next)) => next,
    };
    let ours = |error: StoreError| Unread::Ours(error.into());
    let hands = Hands::new(
        intake.db.clone(),
        node.name().to_owned(),
        intake.clock.clone(),
    );
    let thing = Thing::Mail(name.clone(), next);
    let is_readable = hands.take(&thing).await.map_err(ours)?;
    let why = (!is_readable).then(fallen);
    let brought = receiver.bring_one(cursor, why.as_deref()).await;
    let batch = brought.map_err(Unread::Channel)?;
    intake.signs.well(receiver.channel(), Way::Receive);
    let stored = intake.store_batch(&batch, &name, node).await;
    stored.map_err(Unread::Ours)?;
    hands.strike_out(&[thing]).await.map_err(ours)?;
    Ok(Careful::Stored)
}

/// What went wrong since something last went well.
#[derive(Default)]
struct Failures {
    /// How often in a row nothing was brought or stored.
    in_a_row: u32,
    /// Whether the last call met somebody else.
    conflict: bool,
}

impl Intake {
    /// What follows when a channel brings nothing.
    fn refused(&self, error: ReceiveError, of: Channel, failures: &mut Failures) -> Came {
        let channel = of.as_str();
        let met_before = std::mem::take(&mut failures.conflict);
        let (trouble, came) = match error {
            ReceiveError::Conflict(reason) if met_before => {
                tracing::error!(
                    channel,
                    reason,
                    "another program reads this channel: reading is stopped until the daemon is started again"
                );
                (Trouble::ReadElsewhere, Came::Stop)
            }
            ReceiveError::Conflict(reason) => {
                failures.conflict = true;
                tracing::warn!(
                    channel,
                    reason,
                    "somebody else reads this channel; unless it is a node that is just ending, reading will be stopped"
                );
                (Trouble::ReadElsewhere, Came::Wait(AFTER_CONFLICT))
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
    fn failed(&self, channel: Channel, error: &AppError, failures: &mut Failures) -> Came {
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
fn backoff(failures: &mut Failures) -> Duration {
    let wait = AFTER_FAILURE.0 * 2_u32.saturating_pow(failures.in_a_row.min(6));
    failures.in_a_row += 1;
    wait.min(AFTER_FAILURE.1)
}

/// Ends when the daemon is told to stop, or is gone.
async fn stopped(wishes: &mut watch::Receiver<Wish>) {
    let _ = wishes.wait_for(|wish| *wish == Wish::Stop).await;
}
