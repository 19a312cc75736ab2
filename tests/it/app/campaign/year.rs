//! One year of chance, played through the daemon.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use dondoc::app::audit::Look;
use dondoc::app::caution::Caution;
use dondoc::app::daemon::Daemon;
use dondoc::app::deliver::{Aloft, Deliverer, Halt, Pace};
use dondoc::app::people::People;
use dondoc::app::plan_day::{Origin, plan_day};
use dondoc::app::pulse::Beat;
use dondoc::app::record::{Record, Recorded, record};
use dondoc::channels::{MemorySender, Sender};
use dondoc::clock::{Clock, instant};
use dondoc::domain::absence::Absences;
use dondoc::domain::delivery::{Channel, RetrySchedule};
use dondoc::domain::ids::ObligationId;
use dondoc::domain::obligation::{Obligation, State};
use dondoc::domain::plan::MilestoneKind;
use dondoc::store::deliveries::DeliveryId;
use dondoc::store::obligations::{self, Filter};
use dondoc::store::{Db, outbox};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::app::schedules::shipped;

use super::fate::{Fate, Fates, dying_after};
use super::ledger::Ledger;
use super::province::{Province, replaced};

/// A year on a database of its own.
pub(super) struct Year {
    rng: ChaCha8Rng,
    province: Province,
    daemon: Daemon,
    channels: [MemorySender; 2],
    ledger: Ledger,
    /// What an answer changed today.
    changed: BTreeSet<ObligationId>,
}

impl Year {
    pub(super) fn new(seed: u64, db: &Db) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let province = Province::drawn(&mut rng);
        let channels = [Channel::Email, Channel::Telegram].map(MemorySender::new);
        let senders = channels
            .iter()
            .map(|channel| (channel.channel(), Sender::Memory(channel.clone())));
        let daemon = Daemon::new(Deliverer {
            db: db.clone(),
            setup: province.setup(shipped()),
            senders: Arc::new(senders.collect()),
            origin: Origin {
                domain: "noivu.quangnam.example".to_owned(),
                channels: [Channel::Email, Channel::Telegram].into(),
            },
            pace: Pace {
                owner: "daemon".to_owned(),
                lease: TimeDelta::minutes(5),
                retry: RetrySchedule(vec![Duration::from_mins(1)]),
                at_once: 4,
            },
            clock: Clock::manual(DateTime::UNIX_EPOCH),
            signs: Arc::default(),
            beat: Beat::default(),
            aloft: Aloft::default(),
            caution: Caution::default(),
        });
        Self {
            rng,
            province,
            daemon,
            channels,
            ledger: Ledger::default(),
            changed: BTreeSet::new(),
        }
    }

    /// Plays the year; gives the promises that were broken.
    pub(super) async fn play(mut self) -> Vec<String> {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let (first, last) = (day(2019, 12, 31), day(2020, 12, 31));
        let announced = first + Days::new(self.rng.random_range(20..300));
        self.set_time(first, 6, 0);
        self.load_plan().await;
        let mut fates = Fates::default();
        for day in first.iter_days().take_while(|day| *day <= last) {
            self.changed.clear();
            if day == announced {
                self.set_time(day, 6, 0);
                let calendar = &self.daemon.deliverer.setup.calendar;
                let calendar = replaced(calendar, day, &mut self.rng);
                self.daemon.deliverer.setup = self.province.setup(calendar);
                self.load_plan().await;
            }
            let fate = fates.next(&mut self.rng);
            let finished = self.live(day, fate).await;
            self.answer(day).await;
            let setup = self.daemon.deliverer.setup.clone();
            if !setup.calendar.is_working_day(day) {
                continue;
            }
            if finished {
                let people = People::new(self.province.contacts.clone(), Absences::default(), day);
                self.ledger.judge_day(day, &setup, &people, &self.changed);
                self.audit().await;
            } else {
                self.ledger.missed.insert(day);
            }
        }
        let setup = &self.daemon.deliverer.setup;
        self.ledger
            .judge_year(first, last, setup, &self.province.contacts);
        self.ledger.broken
    }

    /// The planner is as it should be: whatever happened, the auditor has nothing to say.
    async fn audit(&mut self) {
        let since = self.now() - TimeDelta::hours(12);
        let audited = self.daemon.audit(Look::EndOfDay, since).await.unwrap();
        let found = audited.fresh.into_iter();
        self.ledger
            .broken
            .extend(found.map(|one| format!("a false alarm: {}", one.detail)));
    }

    fn set_time(&self, day: NaiveDate, hour: u32, minute: u32) {
        let at = instant(day.and_hms_opt(hour, minute, 0).unwrap());
        self.daemon.deliverer.clock.set(at);
    }

    fn now(&self) -> DateTime<Utc> {
        self.daemon.deliverer.clock.now()
    }

    /// As when the daemon starts or loads its files again.
    async fn load_plan(&mut self) {
        let imported = self.daemon.import(&self.province.contacts).await.unwrap();
        let moved = imported.moved.iter().map(|moved| moved.after.id);
        self.ledger.disturbed.extend(moved);
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let stored = obligations::list(&mut tx, &Filter::default())
            .await
            .unwrap();
        self.ledger.obligations = stored.into_iter().map(|one| (one.id, one)).collect();
    }

    /// A day of the daemon. True when it had its time within the hours: on a working day nothing may be left to tell.
    async fn live(&mut self, day: NaiveDate, fate: Fate) -> bool {
        let rounds: &[(u32, u32)] = match fate {
            Fate::Runs => &[(7, 29), (7, 30), (7, 31), (16, 45)],
            Fate::Down => &[],
            Fate::StartsAt(hour) => &[(hour, 13)],
            Fate::MissesTheHours => &[(5, 0), (7, 0), (18, 30), (23, 59)],
            Fate::PlansTwice => {
                self.set_time(day, 7, 30);
                self.plan_twice(day).await;
                &[(7, 30), (7, 31)]
            }
            Fate::Dies(steps) | Fate::DiesForGood(steps) => {
                self.set_time(day, 7, 30);
                let senders = Arc::strong_count(&self.daemon.deliverer.senders);
                dying_after(steps, self.daemon.round(&Halt::never()))
                    .await
                    .transpose()
                    .unwrap();
                self.bury(senders).await;
                self.collect().await;
                if matches!(fate, Fate::Dies(_)) {
                    &[(8, 30), (8, 31)]
                } else {
                    &[]
                }
            }
        };
        for (hour, minute) in rounds {
            self.set_time(day, *hour, *minute);
            self.daemon.round(&Halt::never()).await.unwrap();
            self.collect().await;
        }
        !matches!(
            fate,
            Fate::Down | Fate::MissesTheHours | Fate::DiesForGood(_)
        )
    }

    /// Waits until the messages that were under way have died with their daemon, which leaves so many holders of the
    /// channels; and until the server has ended its transactions, as it does when a process is gone: here its connections
    /// live on in the pool, and a row that one still holds is passed over by the next life.
    async fn bury(&self, senders: usize) {
        let died_at = Instant::now();
        let within_reason = || {
            let waited = died_at.elapsed();
            assert!(
                waited < Duration::from_secs(10),
                "something outlives its daemon"
            );
        };
        while Arc::strong_count(&self.daemon.deliverer.senders) > senders {
            within_reason();
            tokio::task::yield_now().await;
        }
        let Db::Postgres(pool) = &self.daemon.deliverer.db else {
            return;
        };
        let held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL
                        AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        while sqlx::query_scalar::<_, i64>(held)
            .fetch_one(pool)
            .await
            .unwrap()
            > 0
        {
            within_reason();
            tokio::task::yield_now().await;
        }
    }

    async fn plan_twice(&self, day: NaiveDate) {
        let Deliverer {
            db, setup, origin, ..
        } = &self.daemon.deliverer;
        let now = self.now();
        let (one, other) = tokio::join!(
            plan_day(db, setup, origin, day, now),
            plan_day(db, setup, origin, day, now)
        );
        one.unwrap();
        other.unwrap();
        plan_day(db, setup, origin, day, now).await.unwrap();
    }

    /// Takes what has left.
    async fn collect(&mut self) {
        let setup = self.daemon.deliverer.setup.clone();
        let messages: Vec<_> = self.channels.iter().flat_map(MemorySender::take).collect();
        let ids: Vec<_> = messages
            .iter()
            .map(|message| DeliveryId(message.delivery_id))
            .collect();
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let carried = outbox::carried(&mut tx, &ids).await.unwrap();
        drop(tx);
        let now = self.now();
        for (message, id) in messages.iter().zip(&ids) {
            if message.message_id.starts_with("<digest.") {
                self.ledger.digest_arrived(message, now, &setup);
                continue;
            }
            let items = &carried[id];
            let contact = self
                .province
                .contacts
                .iter()
                .find(|one| one.id == items[0].contact)
                .unwrap();
            self.ledger.arrived(message, items, contact, now, &setup);
        }
    }

    /// On a working day some obligations are finished, and some turn out not to be.
    async fn answer(&mut self, day: NaiveDate) {
        if !self.daemon.deliverer.setup.calendar.is_working_day(day) {
            return;
        }
        self.set_time(day, 15, 0);
        let known: Vec<Obligation> = self.ledger.obligations.values().cloned().collect();
        for obligation in known.iter().filter(|one| one.kind == MilestoneKind::Due) {
            let what = match obligation.state {
                State::Open
                    if obligation.opens_on.is_none_or(|opens| opens <= day)
                        && self.rng.random_bool(0.015) =>
                {
                    Recorded::Done(day)
                }
                State::Done if self.rng.random_bool(0.002) => Recorded::Open,
                _ => continue,
            };
            self.record(obligation, what, day).await;
        }
    }

    async fn record(&mut self, obligation: &Obligation, what: Recorded, day: NaiveDate) {
        let Deliverer { db, setup, .. } = &self.daemon.deliverer;
        let wanted = Record {
            task: obligation.milestone.task.clone(),
            milestone: Some(obligation.milestone.number),
            agency: obligation.agency.clone(),
            what,
            document: None,
            note: None,
            by: None,
        };
        let after = record(db, &setup.charges[0], &wanted, day, self.now())
            .await
            .unwrap();
        if what == Recorded::Open {
            self.ledger.disturbed.insert(after.id);
        }
        self.changed.insert(after.id);
        self.ledger.obligations.insert(after.id, after);
    }
}
