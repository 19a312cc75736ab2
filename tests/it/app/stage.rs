//! A province on a database of its own, with a clock that is moved by hand and channels that keep what they are given.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use dondoc::app::audit::Look;
use dondoc::app::caution::Caution;
use dondoc::app::daemon::Daemon;
use dondoc::app::deliver::{Aloft, Delivered, Deliverer, Halt, Pace};
use dondoc::app::open::{self, Loaded};
use dondoc::app::plan_day::{Origin, PlannedDay, plan_day};
use dondoc::app::pulse::Beat;
use dondoc::app::record::{Record, Recorded, record};
use dondoc::app::setup::Setup;
use dondoc::channels::{MemorySender, Message, Sender};
use dondoc::clock::{Clock, instant};
use dondoc::config::InstallationKey;
use dondoc::domain::delivery::{Channel, RetrySchedule};
use dondoc::domain::directory::Contact;

use tempfile::TempDir;

use crate::support::db::TestDb;

/// The plan of Quảng Nam on a fresh database.
pub(super) struct Stage {
    pub(super) daemon: Daemon,
    pub(super) mail: MemorySender,
    pub(super) chat: MemorySender,
    /// Where the key of the installation is kept.
    pub(super) keys: TempDir,
    pub(super) test: TestDb,
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn loaded() -> Loaded {
    open::load(None).unwrap()
}

/// The same with a key in that folder: the usual one would be made where the tests run.
fn keyed(mut setup: Arc<Setup>, folder: &Path) -> Arc<Setup> {
    let only = Arc::get_mut(&mut setup).expect("nobody else has it");
    only.key = InstallationKey::in_folder(folder);
    setup
}

/// When the plan of a stage was loaded, unless it is loaded for the first time by the test: nothing was due yet.
pub(super) const LOADED: &str = "2020-01-02T06:00:00";

impl Stage {
    /// Begins at this wall-clock time with the contacts of the seeds and a plan that has been followed since the year began.
    pub(super) async fn at(test: TestDb, time: &str) -> Self {
        let loaded = loaded();
        Self::with(test, time, loaded.contacts.clone(), loaded).await
    }

    /// The same with these contacts and files.
    pub(super) async fn with(
        test: TestDb,
        time: &str,
        contacts: Vec<Contact>,
        loaded: Loaded,
    ) -> Self {
        let loaded_at = LOADED.min(time);
        let stage = Box::pin(Self::loaded_at(test, loaded_at, contacts, loaded)).await;
        stage.set_time(time);
        stage
    }

    /// Begins at this wall-clock time with a plan of which Dondoc has never heard before.
    pub(super) async fn first_start(test: TestDb, time: &str) -> Self {
        let loaded = loaded();
        let contacts = loaded.contacts.clone();
        Box::pin(Self::loaded_at(test, time, contacts, loaded)).await
    }

    async fn loaded_at(test: TestDb, time: &str, contacts: Vec<Contact>, loaded: Loaded) -> Self {
        let (mail, chat) = (
            MemorySender::new(Channel::Email),
            MemorySender::new(Channel::Telegram),
        );
        let senders = HashMap::from([
            (Channel::Email, Sender::Memory(mail.clone())),
            (Channel::Telegram, Sender::Memory(chat.clone())),
        ]);
        let keys = tempfile::tempdir().unwrap();
        let daemon = Daemon::new(Deliverer {
            db: test.db.clone(),
            setup: keyed(loaded.setup, keys.path()),
            senders: senders.into(),
            origin: Origin {
                domain: "noivu.quangnam.example".to_owned(),
                channels: [Channel::Email, Channel::Telegram].into(),
            },
            pace: Pace {
                owner: "test".to_owned(),
                lease: TimeDelta::minutes(5),
                retry: RetrySchedule(vec![Duration::from_mins(1), Duration::from_mins(5)]),
                at_once: 4,
            },
            clock: Clock::manual(instant(time.parse::<NaiveDateTime>().unwrap())),
            signs: Arc::default(),
            beat: Beat::default(),
            aloft: Aloft::default(),
            caution: Caution::default(),
        });
        daemon.import(&contacts).await.unwrap();
        Self {
            daemon,
            mail,
            chat,
            keys,
            test,
        }
    }

    /// The same province after its files have changed.
    pub(super) fn on(mut self, loaded: Loaded) -> Self {
        self.daemon.deliverer.setup = keyed(loaded.setup, self.keys.path());
        self
    }

    /// What a command prints of the database of this stage.
    pub(super) fn prints(&self, args: &[&str]) -> String {
        let config = self.keys.path().join("dondoc.toml");
        std::fs::write(&config, format!("database = \"{}\"\n", self.test.url)).unwrap();
        let mut dondoc = Command::new(env!("CARGO_BIN_EXE_dondoc"));
        let output = dondoc.args(args).arg("--config").arg(config).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn set_time(&self, time: &str) {
        self.daemon
            .deliverer
            .clock
            .set(instant(time.parse::<NaiveDateTime>().unwrap()));
    }

    /// One round of the daemon at this time; gives the mails that left. Whatever the test is about, the auditor of a planner
    /// that works has nothing to say.
    pub(super) async fn round_at(&self, time: &str) -> Vec<Message> {
        self.set_time(time);
        self.daemon.round(&Halt::never()).await.unwrap();
        let now = self.daemon.deliverer.clock.now();
        let audited = self.daemon.audit(Look::EndOfDay, now).await.unwrap();
        assert_eq!(audited.fresh, [], "a false alarm");
        self.mail.take()
    }

    pub(super) async fn plan(&self, on: &str) -> PlannedDay {
        let Deliverer {
            db,
            setup,
            origin,
            clock,
            ..
        } = &self.daemon.deliverer;
        plan_day(db, setup, origin, day(on), clock.now())
            .await
            .unwrap()
    }

    pub(super) async fn deliver(&self) -> Delivered {
        self.daemon
            .deliverer
            .deliver_due(&Halt::never())
            .await
            .unwrap()
    }

    pub(super) async fn done(&self, task: &str, milestone: u16, agency: &str, on: &str) {
        let Deliverer {
            db, setup, clock, ..
        } = &self.daemon.deliverer;
        let wanted = Record {
            task: task.into(),
            milestone: Some(milestone),
            agency: agency.into(),
            what: Recorded::Done(day(on)),
            document: None,
            note: None,
            by: None,
        };
        record(db, &setup.charges[0], &wanted, clock.today(), clock.now())
            .await
            .unwrap();
    }

    /// Swaps the database's sender of mail for this one.
    pub(super) fn mail_by(&mut self, sender: Sender) {
        let deliverer = &mut self.daemon.deliverer;
        let senders = Arc::get_mut(&mut deliverer.senders).unwrap();
        senders.insert(Channel::Email, sender);
    }
}

/// The messages to the contact with this address.
pub(super) fn to<'a>(messages: &'a [Message], address: &str) -> Vec<&'a Message> {
    messages
        .iter()
        .filter(|message| message.to == address)
        .collect()
}
