//! One run: a few days of a province under whatever the seed draws, then a day in peace, then the judgement.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use dondoc::app::AppError;
use dondoc::app::caution::Caution;
use dondoc::app::daemon::Daemon;
use dondoc::app::deliver::{Aloft, Deliverer, Halt};
use dondoc::app::plan_day::Origin;
use dondoc::app::pulse::Beat;
use dondoc::clock::{Clock, instant, local};
use dondoc::domain::directory::Contact;
use dondoc::store::Db;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::database::Store;
use super::judge::{Due, Judge};
use super::people::{Word, writes_by};
use super::plot::{Event, Plot, draw_start, draw_steps};
use super::providers::{Arrival, Providers};
use super::record::Record;
use super::sky::{CHANNELS, Mood};
use super::town::{
    Monitor, Officer, address_of, first_day, is_working_day, last_monday_before, last_working_day,
    loaded,
};

/// How long a sender waits while the weather is bad, and how long in peace, where it must not give up on a slow machine.
const SHORT: Duration = Duration::from_millis(250);
const LONG: Duration = Duration::from_secs(30);
/// How long a round may take at most; real time.
const STUCK: Duration = Duration::from_mins(2);
/// How long it may take to fetch what was written, in peace.
const UNHURRIED: Duration = Duration::from_secs(10);
/// So much is written in one run: a share in percent each.
const MOST_SAID: usize = 98;
/// The longest time between two rounds.
const STRIDE: TimeDelta = TimeDelta::minutes(55);

/// A province and what becomes of it.
pub(super) struct Run {
    rng: ChaCha8Rng,
    pub(super) officers: Vec<Officer>,
    monitor: Monitor,
    pub(super) providers: Providers,
    store: Store,
    daemon: Option<Daemon>,
    lives: u32,
    /// What the clock of the machine would show if nobody moved it.
    now: DateTime<Utc>,
    /// How far it is off.
    off: TimeDelta,
    clock: Clock,
    plot: Plot,
    /// The daemon dies after so many more steps of its work.
    death_in: Option<u32>,
    planned: BTreeSet<NaiveDate>,
    calm_since: Option<DateTime<Utc>>,
    drained: Option<DateTime<Utc>>,
    happened: BTreeMap<&'static str, usize>,
    unforeseen: Vec<String>,
    said: Vec<Word>,
}

/// A run that is over, to be judged.
pub(super) struct Played {
    pub(super) due: Due,
    pub(super) copies: Vec<Arrival>,
    pub(super) record: Record,
    pub(super) store: Store,
    /// What happened beside what struck the providers.
    pub(super) happened: BTreeMap<&'static str, usize>,
    pub(super) providers: Providers,
    /// Failures that no fault explains.
    pub(super) unforeseen: Vec<String>,
}

impl Played {
    pub(super) fn judge(&self) -> Judge {
        Judge::on(&self.due, &self.copies, &self.record)
    }
}

impl Run {
    pub(super) async fn new(seed: u64, store: Store) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let officers = Officer::drawn(&mut rng);
        let monitor = Monitor::drawn(&mut rng);
        let now = instant(first_day(&mut rng).and_hms_opt(6, 30, 0).unwrap());
        let clock = Clock::manual(now);
        let providers = Providers::start(1..=Monitor::NUMBER, seed, clock.clone()).await;
        providers.cloud_polls();
        Self {
            providers,
            officers,
            monitor,
            store,
            daemon: None,
            lives: 0,
            now,
            off: TimeDelta::zero(),
            clock,
            plot: Plot::default(),
            death_in: None,
            planned: BTreeSet::new(),
            calm_since: None,
            drained: None,
            happened: BTreeMap::new(),
            unforeseen: Vec::new(),
            said: Vec::new(),
            rng,
        }
    }

    /// The day on which it begins.
    pub(super) fn first_day(&self) -> NaiveDate {
        local(self.now).date()
    }

    /// Plays so many working days in bad weather, and one in peace.
    pub(super) async fn play(mut self, bad_days: usize) -> Played {
        let first = self.now;
        self.store
            .note_digest(last_monday_before(self.first_day()))
            .await;
        self.follow_before_anything_is_due().await;
        self.start().await;
        if let Some(daemon) = &self.daemon {
            self.providers.settle_in(daemon).await;
        }
        let (mut day, mut left) = (self.first_day(), bad_days);
        while left > 0 {
            if is_working_day(day) {
                left -= 1;
                self.plot.draw_day(&mut self.rng, day, left == 0);
                self.draw_words(day);
            }
            self.live(day).await;
            day = day + Days::new(1);
        }
        let mut calm = self.calm_since;
        if calm.is_none() {
            calm = Some(self.now);
            self.calm().await;
        }
        while !is_working_day(day) {
            day = day + Days::new(1);
        }
        self.draw_words(day);
        self.live(day).await;
        let since = calm.unwrap_or(self.now);
        self.end(local(first).date(), day, since).await
    }

    /// Those write whose answers are read.
    fn draw_words(&mut self, day: NaiveDate) {
        let people = self.officers.iter().filter(|one| writes_by(one).is_some());
        let people: Vec<usize> = people.map(|one| one.number).collect();
        self.plot.draw_words(&mut self.rng, day, &people);
    }

    fn says(&mut self, number: usize) {
        let officer = &self.officers[number - 1];
        // Nobody reports more than there is.
        if self.said.len() < MOST_SAID {
            let word = self.providers.says(officer, self.said.len(), self.now);
            self.said.extend(word);
            self.count("somebody wrote");
        }
    }

    async fn end(mut self, first: NaiveDate, last: NaiveDate, calm_since: DateTime<Utc>) -> Played {
        // In peace nothing keeps the daemon from planning: these days count whatever it says.
        self.planned.insert(last);
        let hours_left = NaiveTime::from_hms_opt(16, 50, 0).unwrap();
        if local(calm_since).time() < hours_left && is_working_day(local(calm_since).date()) {
            self.planned.insert(local(calm_since).date());
        }
        let pace = loaded().await.pace(String::new());
        let longest = pace.retry.0.iter().max().copied().unwrap_or_default();
        // The lease of the dead, the longest wait, and a clock that was an hour ahead when it was written down.
        let waits = pace.lease + TimeDelta::from_std(longest).unwrap() + TimeDelta::hours(1);
        self.daemon = None;
        Played {
            due: Due {
                officers: self.officers,
                said: self.said,
                clock_jumped: self.happened.contains_key("the clock jumped"),
                days: first.iter_days().take_while(|day| *day <= last).collect(),
                planned: self.planned,
                mondays: first
                    .iter_days()
                    .take_while(|day| *day <= last)
                    .filter(|day| day.weekday() == Weekday::Mon)
                    .collect(),
                drained: self.drained,
                to_drain_by: within_the_hours(calm_since + waits) + TimeDelta::minutes(2),
            },
            copies: self.providers.copies(),
            record: Record::of(&self.store.test.db).await,
            happened: self.happened,
            store: self.store,
            providers: self.providers,
            unforeseen: self.unforeseen,
        }
    }

    /// From seven in the morning until after the hours.
    async fn live(&mut self, day: NaiveDate) {
        let at = |hour| instant(day.and_hms_opt(hour, 0, 0).unwrap());
        self.now = at(7);
        self.plot
            .add(instant(day.and_hms_opt(7, 30, 0).unwrap()), Event::Look);
        while self.now < at(18) {
            while let Some(event) = self.plot.take_due(self.now) {
                self.happens(event).await;
            }
            self.round().await;
            if self.calm_since.is_some()
                && self.drained.is_none()
                && self.store.unsettled().await == 0
            {
                self.drained = Some(self.now);
            }
            let next = self.next_moment().await.min(at(18));
            if next - self.now > TimeDelta::seconds(1) {
                tokio::time::sleep(self.providers.sky.silence()).await;
            }
            self.now = next;
        }
    }

    /// When there may be something to do.
    async fn next_moment(&self) -> DateTime<Utc> {
        let shown = self.now + self.off;
        let claimable = self
            .store
            .next_claimable(shown)
            .await
            .map(|at| at - self.off);
        let next = [claimable, self.plot.next()].into_iter().flatten().min();
        let next = next.unwrap_or(self.now + STRIDE).min(self.now + STRIDE);
        next.max(self.now + TimeDelta::seconds(1))
    }

    async fn happens(&mut self, event: Event) {
        match event {
            Event::Look => {}
            Event::Says(number) => self.says(number),
            Event::Turn(channel, mood) => self.providers.turn(channel, mood),
            Event::Trouble(trouble) => {
                self.count(trouble.word());
                let db = self.daemon.as_ref().map(|daemon| &daemon.deliverer.db);
                self.store.begin(trouble, db).await;
            }
            Event::Relief => self.relieve().await,
            Event::Jump(off) => {
                self.count("the clock jumped");
                self.off = off;
            }
            Event::Death(steps) => self.death_in = Some(steps),
            Event::Start => self.start().await,
            Event::Calm => self.calm().await,
        }
    }

    async fn relieve(&mut self) {
        let db = self.daemon.as_ref().map(|daemon| &daemon.deliverer.db);
        self.store.end(db).await;
    }

    /// All trouble is over; a new process, which has time, takes over from one that leaves without a word.
    async fn calm(&mut self) {
        self.plot.calm();
        for channel in CHANNELS {
            self.providers.turn(channel, Mood::Fine);
        }
        self.relieve().await;
        self.off = TimeDelta::zero();
        self.death_in = None;
        self.calm_since = Some(self.now);
        self.daemon = None;
        while self.daemon.is_none() {
            self.start().await;
        }
    }

    /// The plan has been followed for some days: what is late on the first day was reminded of in time.
    async fn follow_before_anything_is_due(&mut self) {
        let today = self.clock.now();
        self.clock.set(today - TimeDelta::days(14));
        let db = self.store.open().await;
        let daemon = Daemon::new(self.deliverer(db).await);
        daemon.import(&self.contacts().await).await.unwrap();
        self.clock.set(today);
        let before = last_working_day(self.first_day() - Days::new(1));
        self.store.note_planned(before).await;
    }

    /// A new process. It may fail to start, and is then started again by whoever watches over it.
    async fn start(&mut self) {
        if self.daemon.is_some() {
            return;
        }
        self.clock.set(self.now + self.off);
        let db = self.store.open().await;
        let daemon = Daemon::new(self.deliverer(db).await);
        match daemon.import(&self.contacts().await).await {
            Ok(_) => {
                self.daemon = Some(daemon);
                if self.calm_since.is_none() && self.rng.random_bool(0.3) {
                    self.death_in = Some(draw_steps(&mut self.rng));
                }
            }
            Err(error) => {
                self.failed(&error);
                self.plot
                    .add(self.now + TimeDelta::minutes(1), Event::Start);
            }
        }
    }

    async fn deliverer(&mut self, db: Db) -> Deliverer {
        self.lives += 1;
        let loaded = loaded().await;
        let patience = if self.calm_since.is_some() {
            LONG
        } else {
            SHORT
        };
        if self.calm_since.is_some() {
            self.providers.consent(&db).await;
        }
        Deliverer {
            senders: self.providers.senders(patience, &db).into(),
            db,
            setup: loaded.setup.clone(),
            origin: Origin {
                domain: "province.example".to_owned(),
                channels: CHANNELS.into(),
            },
            pace: loaded.pace(format!("life {}", self.lives)),
            clock: self.clock.clone(),
            signs: Arc::default(),
            beat: Beat::default(),
            aloft: Aloft::default(),
            caution: Caution::default(),
        }
    }

    async fn contacts(&self) -> Vec<Contact> {
        let mut contacts = loaded().await.contacts.clone();
        for contact in &mut contacts {
            let officer = self.officers.iter().find(|one| one.contact() == contact.id);
            let (number, channels) = match officer {
                Some(officer) => (officer.number, &officer.channels),
                None => (Monitor::NUMBER, &self.monitor.channels),
            };
            contact.channels = channels
                .iter()
                .map(|channel| (*channel, address_of(number, *channel)))
                .collect();
        }
        contacts
    }

    /// One round of the daemon, in the middle of which things may happen.
    async fn round(&mut self) {
        let shown = self.now + self.off;
        // Half of the times the clock jumps while the daemon is at work.
        let jump_at = (self.clock.now() - shown).abs() > STRIDE && self.rng.random_bool(0.5);
        let jump_at = jump_at.then(|| self.rng.random_range(1..40));
        if jump_at.is_none() {
            self.clock.set(shown);
        }
        let Some(daemon) = self.daemon.take() else {
            return;
        };
        let patience = if self.calm_since.is_some() {
            UNHURRIED
        } else {
            Duration::from_millis(1 << self.rng.random_range(0..11))
        };
        let db = &self.store.test.db;
        let fetching = self.providers.fetch(&self.said, &daemon, db, patience);
        if tokio::time::timeout(STUCK, fetching).await.is_err() {
            self.unforeseen
                .push(format!("fetching at {shown} did not end"));
        }
        let mut blow = self
            .store
            .strike(Duration::from_millis(self.rng.random_range(1..60)));
        let (blow_at, mut falling) = (self.rng.random_range(1..40), None);
        let (halt, clock) = (Halt::never(), self.clock.clone());
        let mut steps = 0_u32;
        let death_at = self.death_in;
        let ended = {
            let mut work = pin!(daemon.round(&halt));
            let watched = std::future::poll_fn(|context| {
                steps += 1;
                if Some(steps) == jump_at {
                    clock.set(shown);
                }
                if steps == blow_at
                    && let Some(blow) = blow.take()
                {
                    falling = Some(tokio::spawn(blow));
                }
                if Some(steps) == death_at {
                    return Poll::Ready(None);
                }
                work.as_mut().poll(context).map(Some)
            });
            tokio::time::timeout(STUCK, watched).await
        };
        self.clock.set(shown);
        if let Some(falling) = falling {
            falling.await.unwrap();
        }
        self.death_in = death_at.map(|at| at.saturating_sub(steps).max(1));
        self.daemon = Some(daemon);
        match ended {
            Ok(Some(Ok(()))) => {
                if within_the_hours(shown) == shown {
                    self.planned.insert(local(shown).date());
                }
            }
            Ok(Some(Err(error))) => self.failed(&error),
            Ok(None) => self.died(),
            Err(_) => self
                .unforeseen
                .push(format!("a round at {shown} did not end")),
        }
    }

    fn died(&mut self) {
        self.count("killed");
        self.daemon = None;
        self.death_in = None;
        let again = draw_start(&mut self.rng, self.now);
        self.plot.add(again, Event::Start);
    }

    fn failed(&mut self, error: &AppError) {
        self.count("a round failed, and the next tried again");
        if !error.is_transient() {
            self.unforeseen.push(format!("{error:?}"));
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }
}

/// When a brief may leave that wants to leave `at`.
fn within_the_hours(at: DateTime<Utc>) -> DateTime<Utc> {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let (from, until) = (time(7, 30), time(17, 0));
    let wanted = local(at);
    if is_working_day(wanted.date()) && wanted.time() >= from && wanted.time() < until {
        return at;
    }
    let mut day = wanted.date();
    if wanted.time() >= until {
        day = day + Days::new(1);
    }
    while !is_working_day(day) {
        day = day + Days::new(1);
    }
    instant(day.and_time(from))
}
