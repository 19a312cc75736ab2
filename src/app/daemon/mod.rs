//! The daemon: plans each working day at its hour, delivers, catches up after downtime, reloads, stops cleanly.

mod audit;
mod jobs;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};

use super::AppError;
use super::answering::{answer, work_off};
use super::caught::caught;
use super::deliver::{Deliverer, Halt};
use super::import::{Imported, import};
use super::park;
use super::receive::{Intake, read};
use super::setup::Setup;
use super::vitals::{Step, Watched, Watcher};
use crate::channels::zalo_oa::Consent;
use crate::channels::{Receiver, Sender};
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::obligation::Obligation;
use crate::store::outbox::Wanted;
use jobs::Diary;

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
    diary: Diary,
}

impl Daemon {
    /// A daemon that has done nothing yet, and reads no channel.
    #[must_use]
    pub fn new(deliverer: Deliverer) -> Self {
        Self {
            setups: watch::Sender::new(Arc::clone(&deliverer.setup)),
            deliverer,
            receivers: Vec::new(),
            arrived: Arc::default(),
            diary: Diary::default(),
        }
    }

    /// Brings the database in line with the files and says which deadlines moved.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(&self, contacts: &[Contact]) -> Result<Imported, AppError> {
        let now = self.deliverer.clock.now();
        let imported = import(&self.deliverer.db, &self.deliverer.setup, contacts, now).await?;
        self.deliverer.signs.loaded(now);
        self.tell_plans_to_come();
        tracing::info!(
            new = imported.inserted,
            moved = imported.moved.len(),
            keep_ladder = imported.keep_ladder,
            "plan and database agree"
        );
        for moved in &imported.moved {
            tracing::warn!(
                obligation = %moved.after.id,
                milestone = %moved.after.milestone,
                agency = %moved.after.agency,
                before = ?moved.before.act_by,
                after = ?moved.after.act_by,
                due_before = ?moved.before.due_on,
                due_after = ?moved.after.due_on,
                "a deadline moved"
            );
        }
        tell_vanished(&imported);
        Ok(imported)
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
            },
        )
    }

    /// Plans today if its hour has come, it is not planned yet and messages may still leave; deals with what came in;
    /// then sends what is due, until `halt` is wanted, and has the auditor look if it is time.
    ///
    /// # Errors
    /// When the database fails; the next round tries again.
    pub async fn round(&self, halt: &Halt) -> Result<(), AppError> {
        self.plan().await?;
        work_off(&self.deliverer).await?;
        self.deliver(Wanted::All, halt).await?;
        self.audit_or_tell().await;
        Ok(())
    }

    async fn deliver(&self, wanted: Wanted, halt: &Halt) -> Result<(), AppError> {
        let delivered = self.deliverer.deliver(wanted, halt).await?;
        if delivered.sent + delivered.retried + delivered.failed > 0 {
            tracing::info!(
                sent = delivered.sent,
                retried = delivered.retried,
                failed = delivered.failed,
                held = delivered.held,
                "delivered"
            );
        }
        Ok(())
    }

    /// Says which plans lie in the future, as seen from the clock: nothing of them is sent.
    fn tell_plans_to_come(&self) {
        let today = self.deliverer.clock.today();
        for plan in self.deliverer.setup.issued_after(today) {
            tracing::warn!(
                plan = %plan.id,
                issued_on = %plan.issued_on,
                %today,
                "the plan is not issued yet, and nothing of it is sent; if it is, set the clock of this machine"
            );
        }
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
            let owner = self.deliverer.pace.owner.clone();
            reading.spawn(read(self.intake(), receiver, owner, wishes.clone()));
        }
        let halt = halt_on_stop(wishes.clone());
        let mut answering = JoinSet::new();
        answering.spawn(answer(
            self.deliverer.clone(),
            self.setups.subscribe(),
            Arc::clone(&self.arrived),
            wishes.clone(),
            halt.clone(),
        ));
        let mut reloads = 0;
        self.unpark_or_tell().await; // the templates may have been mended while nothing ran
        let ended = loop {
            let wish = *wishes.borrow_and_update();
            match wish {
                Wish::Stop => break Ok(()),
                Wish::Reload(number) if number != reloads => {
                    reloads = number;
                    self.reload(&load).await;
                    self.setups.send_replace(Arc::clone(&self.deliverer.setup));
                }
                Wish::Run | Wish::Reload(_) => {}
            }
            let round = async {
                // What is queued leaves also when the day cannot be planned, and the auditor looks for what is left undone.
                let planned = caught(self.plan()).await.unwrap_or(Err(AppError::Fault));
                let sending = caught(self.deliver(Wanted::Unasked, &halt)).await;
                self.audit_or_tell().await;
                planned.and(sending.unwrap_or(Err(AppError::Fault)))
            };
            let pause = match round.await {
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
            }
        };
        // What is being answered ends within the patience of `halt`.
        while ended.is_ok() && answering.join_next().await.is_some() {}
        // Readers end by the same wish and give back their leases; one that hangs is let go.
        let all_ended = async { while reading.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FOR_READERS, all_ended).await;
        reading.shutdown().await;
        let released = self.deliverer.release().await?;
        tracing::info!(released, "stopped");
        self.deliverer.db.close().await;
        ended
    }

    async fn reload(&mut self, load: &impl Fn() -> Option<Reloaded>) {
        let signs = Arc::clone(&self.deliverer.signs);
        let Some(reloaded) = load() else {
            signs.refused_files();
            tracing::error!("the files have problems: what was loaded before stays in force");
            return;
        };
        let before = std::mem::replace(&mut self.deliverer.setup, reloaded.setup);
        if let Err(error) = self.import(&reloaded.contacts).await {
            signs.failed(Step::Reload);
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "reloading failed: what was loaded before stays in force"
            );
            self.deliverer.setup = before;
            return;
        }
        self.take_consent(reloaded.consent);
        self.unpark_or_tell().await;
    }

    /// The next round looks after the tokens at once.
    fn take_consent(&self, consent: Option<Consent>) {
        let sender = self.deliverer.senders.get(&Channel::ZaloOa);
        if let (Some(Sender::ZaloOa(sender)), Some(consent)) = (sender, consent) {
            sender.give(consent);
            self.diary.look_after_tokens_now();
        }
    }

    /// Words today's parked briefs with the templates in force. Returns how many were queued.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unpark(&self) -> Result<u64, AppError> {
        let Deliverer {
            db,
            setup,
            origin,
            clock,
            ..
        } = &self.deliverer;
        park::unpark(db, setup, origin, clock.today(), clock.now()).await
    }

    async fn unpark_or_tell(&self) {
        match self.unpark().await {
            Ok(0) => {}
            Ok(queued) => tracing::info!(queued, "briefs that waited for words have them"),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "briefs that wait for words wait on"
            ),
        }
    }
}

fn fault(what: &str, error: &JoinError) -> Result<(), AppError> {
    tracing::error!(what, %error, "a part of the daemon ended by a fault of the program: all of it ends");
    Err(AppError::Fault)
}

/// Says what is owed and has left the files, a line for each milestone.
fn tell_vanished(imported: &Imported) {
    let same = |a: &Obligation, b: &Obligation| (&a.plan, &a.milestone) == (&b.plan, &b.milestone);
    for gone in imported.vanished.chunk_by(same) {
        let agencies: Vec<&str> = gone.iter().map(|one| one.agency.as_str()).collect();
        tracing::warn!(
            plan = %gone[0].plan,
            milestone = %gone[0].milestone,
            agencies = agencies.join(" "),
            "still owed, and no longer in the files of the plan: nobody is told of it until it is there again"
        );
    }
    if !imported.strays.is_empty() {
        let ids: Vec<&str> = imported.strays.iter().map(ContactId::as_str).collect();
        tracing::warn!(
            contacts = ids.join(" "),
            "contacts that stand in no file are told and heard all the same: whoever has left is taken out by `dondoc contact remove`"
        );
    }
    for (plan, owed) in &imported.unloaded {
        tracing::warn!(
            %plan,
            owed,
            "a plan of the database is no longer loaded: nobody is told of what is owed under it"
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
