//! The daemon: plans each working day at its hour, delivers, catches up after downtime, reloads, stops cleanly.

mod audit;
mod expiry;
mod jobs;
mod loading;
mod renewal;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};

use super::AppError;
use super::abreast::Abreast;
use super::answering::{answer, work_off};
use super::caught::caught;
use super::deliver::{Delivered, Deliverer, Halt};
use super::node::{Duty, Node};
use super::pulse::Pulse;
use super::receive::{Intake, read};
use super::setup::Setup;
use super::vitals::{Step, Watched, Watcher};
use crate::channels::Receiver;
use crate::channels::zalo_oa::Consent;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::store::outbox::Wanted;
use crate::store::{StoreError, in_hand};
use jobs::Diary;
use renewal::{outdated, renew};
pub use standing::Standing;

/// How often the outbox is looked at while nothing happens.
const TICK: Duration = Duration::from_secs(1);
/// How long to wait before the next round when the database or a plan failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How long readers may take to end.
const FOR_READERS: Duration = Duration::from_secs(2);

/// What somebody outside asks of the daemon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Go on.
    #[default]
    Run,
    /// Load the files again; the number tells one request from the next.
    Reload(u64),
    /// Finish what is under way, give back the rest, end.
    Stop,
}

/// What a reload brings.
#[derive(Debug)]
pub struct Reloaded {
    /// Plans, schedules, words.
    pub setup: Arc<Setup>,
    /// The contacts of the files.
    pub contacts: Vec<Contact>,
    /// What an administrator of the Zalo Official Account has consented to.
    pub consent: Option<Consent>,
}

/// A running installation.
#[derive(Debug)]
pub struct Daemon {
    /// What sends, with the database, the plans and the clock.
    pub deliverer: Deliverer,
    /// The channels that are read.
    pub receivers: Vec<Receiver>,
    /// Woken when something came in.
    pub arrived: Arc<Notify>,
    /// The plans in force, for whoever answers and whoever watches.
    setups: watch::Sender<Arc<Setup>>,
    /// Whether its parts get on.
    pub pulse: Pulse,
    standing: watch::Sender<Standing>,
    abreast: Abreast,
    diary: Diary,
    node: Node,
}

impl Daemon {
    /// A daemon that has done nothing yet, and reads no channel.
    #[must_use]
    pub fn new(mut deliverer: Deliverer) -> Self {
        let Deliverer {
            db, clock, pace, ..
        } = &deliverer;
        let node = Node::new(db.clone(), clock.clone(), pace.owner.clone());
        deliverer.caution = node.caution().clone();
        Self {
            setups: watch::Sender::new(Arc::clone(&deliverer.setup)),
            node,
            deliverer,
            receivers: Vec::new(),
            arrived: Arc::default(),
            pulse: Pulse::default(),
            standing: watch::Sender::default(),
            abreast: Abreast::default(),
            diary: Diary::default(),
        }
    }

    /// How it stands, from now on.
    #[must_use]
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    /// The way into the inbox.
    #[must_use]
    pub fn intake(&self) -> Intake {
        Intake {
            db: self.deliverer.db.clone(),
            clock: self.deliverer.clock.clone(),
            arrived: Arc::clone(&self.arrived),
            signs: Arc::clone(&self.deliverer.signs),
        }
    }

    /// Whoever asks how this daemon is.
    #[must_use]
    pub fn watcher(&self) -> Watcher {
        let Deliverer {
            db,
            senders,
            pace,
            clock,
            signs,
            ..
        } = &self.deliverer;
        let read: Vec<Channel> = self.receivers.iter().map(Receiver::channel).collect();
        Watcher::new(
            db.clone(),
            clock.clone(),
            self.setups.subscribe(),
            Watched {
                senders: Arc::clone(senders),
                read,
                owner: pace.owner.clone(),
                signs: Arc::clone(signs),
                pulse: self.pulse.clone(),
            },
        )
    }

    /// Deals with what came in; plans today if its hour has come, it is not planned yet and messages may still leave; then
    /// sends what is due, until `halt` is wanted, and has the auditor look if it is time. No other daemon is thought
    /// of.
    ///
    /// # Errors
    /// When the database fails; the next round tries again.
    pub async fn round(&self, halt: &Halt) -> Result<(), AppError> {
        work_off(&self.deliverer).await?;
        self.plan().await?;
        self.keep_fresh().await;
        let round = self.deliverer.deliver(Wanted::All, halt).await;
        tell_delivered(&round.delivered);
        round.whole()?;
        self.audit_or_tell().await;
        Ok(())
    }

    /// Of that, what is this node's to do, except for answers: they leave beside it. What is queued leaves also when the
    /// day cannot be planned, and the auditor looks for what is left undone.
    async fn own_round(&self, halt: &Halt) -> Result<(), AppError> {
        let planned = caught(self.plan_if_ours()).await;
        self.deliverer.beat.now();
        self.keep_fresh().await;
        let unasked = self.deliverer.deliver_as(&self.node, Wanted::Unasked, halt);
        let round = caught(unasked).await;
        let round = round.unwrap_or_else(|| AppError::Fault.into());
        tell_delivered(&round.delivered);
        let sent = round.whole();
        self.audit_or_tell().await;
        let planned = planned.unwrap_or(Err(AppError::Fault));
        if let (Err(_), Err(error)) = (&planned, &sent) {
            // The caller tells the other one.
            tracing::error!(
                error = error as &dyn std::error::Error,
                "sending failed as well as planning"
            );
        }
        planned.and(sent.map(drop))
    }

    async fn plan_if_ours(&self) -> Result<(), AppError> {
        if self.node.hold(&Duty::Day).await?.is_some() {
            self.plan().await?;
        }
        Ok(())
    }

    /// Runs until it is told to stop. `load` reads the files again on a reload; when they have problems, what runs is
    /// kept and the problems are logged by `load` itself.
    ///
    /// # Errors
    /// When what it holds cannot be given back at the end.
    pub async fn run(
        mut self,
        mut wishes: watch::Receiver<Wish>,
        load: impl Fn() -> Option<Reloaded>,
    ) -> Result<(), AppError> {
        let mut reading = JoinSet::new();
        for receiver in std::mem::take(&mut self.receivers) {
            let beat = self
                .pulse
                .begin(format!("reading {}", receiver.channel().as_str()));
            let node = self.node.clone();
            let fetching = self.abreast.begin(receiver.name());
            let intake = self.intake();
            reading.spawn(read(intake, receiver, node, wishes.clone(), beat, fetching));
        }
        let mut renewing = JoinSet::new();
        let senders = Arc::clone(&self.deliverer.senders);
        let Deliverer { db, signs, .. } = &self.deliverer;
        renewing.spawn(renew(
            self.node.clone(),
            db.clone(),
            senders,
            Arc::clone(signs),
        ));
        let halt = halt_on_stop(wishes.clone());
        self.deliverer.beat = self.pulse.begin("planning and sending");
        let mut answering = JoinSet::new();
        let beat = self.pulse.begin("answering");
        answering.spawn(answer(
            Deliverer {
                beat,
                ..self.deliverer.clone()
            },
            self.node.clone(),
            self.setups.subscribe(),
            Arc::clone(&self.arrived),
            wishes.clone(),
            halt.clone(),
        ));
        let mut reloads = 0;
        self.unpark_or_tell().await; // the templates may have been mended while nothing ran
        let ended = loop {
            self.deliverer.beat.now();
            let wish = *wishes.borrow_and_update();
            match wish {
                Wish::Stop => break Ok(()),
                Wish::Reload(number) if number != reloads => {
                    reloads = number;
                    let is_refused = !self.reload(&load).await;
                    self.stand(|standing| {
                        (standing.reloads, standing.is_refused) = (reloads, is_refused);
                    });
                    self.deliverer.beat.now();
                    self.setups.send_replace(Arc::clone(&self.deliverer.setup));
                }
                Wish::Run | Wish::Reload(_) => {}
            }
            self.stand(|standing| standing.is_at_work = true);
            let ended = tokio::select! {
                round = self.own_round(&halt) => round,
                Some(ended) = renewing.join_next() => break outdated(ended),
            };
            self.stand(|standing| standing.is_failing = ended.is_err());
            let pause = match ended {
                Ok(()) => TICK,
                Err(error) => {
                    self.deliverer.signs.failed(Step::Round);
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "this round failed; the next tries again"
                    );
                    AFTER_FAILURE
                }
            };
            // A wish ends the pause; a dropped sender is a wish to stop. Without those who answer and read, nothing would be
            // heard any more: whoever watches the process starts it again.
            tokio::select! {
                changed = tokio::time::timeout(pause, wishes.changed()) => {
                    if let Ok(Err(_)) = changed {
                        break Ok(());
                    }
                }
                Some(Err(error)) = answering.join_next() => break fault("answering", &error),
                Some(Err(error)) = reading.join_next() => break fault("reading a channel", &error),
                Some(ended) = renewing.join_next() => break outdated(ended),
            }
        };
        if let Err(AppError::Store(StoreError::Newer { .. })) = ended {
            // Nothing more is written: not what was under way, nor that its leases are given back.
            answering.shutdown().await;
            reading.shutdown().await;
            return ended;
        }
        self.end(ended.is_ok(), answering, reading).await?;
        ended
    }

    /// Finishes what is under way, unless the program is at fault, and gives back the rest.
    async fn end(
        self,
        is_well: bool,
        mut answering: JoinSet<()>,
        mut reading: JoinSet<()>,
    ) -> Result<(), AppError> {
        // What is being answered ends within the patience of `halt`.
        while is_well && answering.join_next().await.is_some() {}
        // Readers end by the same wish and give back their leases; one that hangs is let go.
        let all_ended = async { while reading.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FOR_READERS, all_ended).await;
        reading.shutdown().await;
        let released = self.deliverer.release().await?;
        self.let_go().await;
        self.leave().await;
        tracing::info!(released, "stopped");
        self.deliverer.db.close().await;
        Ok(())
    }

    /// What is noted as in hand is let go of: this process ends, and does not die.
    async fn let_go(&self) {
        let Deliverer { db, pace, .. } = &self.deliverer;
        let let_go = async {
            let mut tx = db.begin().await?;
            in_hand::let_go(&mut tx, &pace.owner).await?;
            tx.commit().await
        };
        if let Err(error) = let_go.await {
            let error = &error as &dyn std::error::Error;
            tracing::debug!(error, "what was in hand was not let go of");
        }
    }

    /// Gives back what another node may take at once, or as soon as the limits of the channel allow.
    async fn leave(&self) {
        for (channel, sender) in self.deliverer.senders.iter() {
            self.node
                .give_back(&Duty::Send(*channel), sender.rest())
                .await;
        }
        for duty in [Duty::Day, Duty::Desk] {
            self.node.give_back(&duty, Duration::ZERO).await;
        }
    }

    /// Says something new of itself.
    fn stand(&self, change: impl FnOnce(&mut Standing)) {
        self.standing.send_if_modified(|standing| {
            let before = *standing;
            change(standing);
            *standing != before
        });
    }
}

fn fault(what: &str, error: &JoinError) -> Result<(), AppError> {
    tracing::error!(what, %error, "a part of the daemon ended by a fault of the program: all of it ends");
    Err(AppError::Fault)
}

fn tell_delivered(delivered: &Delivered) {
    if delivered.sent + delivered.retried + delivered.failed > 0 {
        tracing::info!(
            sent = delivered.sent,
            retried = delivered.retried,
            failed = delivered.failed,
            held = delivered.held,
            "delivered"
        );
    }
}

/// Wanted as soon as somebody wishes to stop, in the middle of a round too.
fn halt_on_stop(mut wishes: watch::Receiver<Wish>) -> Halt {
    let (wanted, halt) = watch::channel(false);
    tokio::spawn(async move {
        // A dropped sender is a wish to stop.
        let _ = wishes.wait_for(|wish| *wish == Wish::Stop).await;
        wanted.send_replace(true);
        wanted.closed().await;
    });
    Halt::when(halt)
}
