//! The faults of [`crate::faults`] around daemons that are processes, killed as the system kills, on a server that is
//! really stopped and started under them.
//!
//! Real time passes here, so a run is a morning and not a week: the briefs of today, and a few daemons that die over them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use dondoc::clock::Clock;
use dondoc::store::Db;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::crash::end_leases;
use super::daemon::Running;
use super::province::{Province, mail_by};
use crate::faults::judge::{Due, Judge};
use crate::faults::providers::Providers;
use crate::faults::record::Record;
use crate::faults::sky::{CHANNELS, Mood};
use crate::faults::tally::Tally;
use crate::faults::town::Officer;
use crate::faults::{Stage, seeds};
use crate::support::db::{self, TestDb, rows};
use crate::support::postgres::{Cluster, Stop};
use crate::support::zalo_oa::{APP_ID, APP_SECRET, FIRST_REFRESH, OA_ID};
use crate::support::{telegram, zalo_bot};

/// Every so many of these runs are on a file, the others on a server.
const ON_SQLITE: u64 = 40;
/// In peace everything has left by then: the longest wait is a second, and five after a round that failed. The rest is for
/// a machine that is busy with other things.
const DRAINED_WITHIN: TimeDelta = TimeDelta::seconds(120);
/// How long a daemon that is to be killed may take to start.
const TO_START: Duration = Duration::from_mins(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);
const UNSETTLED: &str = "SELECT count(*) FROM deliveries WHERE state IN ('queued', 'leased')";
const PLANNED: &str = "SELECT count(*) FROM briefs";

/// A morning of a province whose daemons die.
struct Morning<'a> {
    rng: ChaCha8Rng,
    officers: Vec<Officer>,
    providers: Providers,
    province: Province,
    db: Db,
    cluster: Option<&'a Cluster>,
    happened: BTreeMap<&'static str, usize>,
}

impl<'a> Morning<'a> {
    async fn new(seed: u64, test: &TestDb, cluster: Option<&'a Cluster>) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut officers = Officer::drawn(&mut rng);
        let providers = Providers::start(1..=officers.len(), seed, Clock::System).await;
        let channels = format!(
            "{}\n[telegram]\ntoken_file = \"telegram\"\napi_url = \"http://{}\"\n\n\
             [zalo_bot]\ntoken_file = \"zalo-bot\"\napi_url = \"http://{}\"\n\n\
             [zalo_oa]\napp_id = \"{APP_ID}\"\napp_secret_file = \"app-secret\"\noa_id = \"{OA_ID}\"\n\
             refresh_token_file = \"consent\"\napi_url = \"http://{}\"\noauth_url = \"http://{}\"\n",
            mail_by(providers.relay.address),
            providers.telegram.address,
            providers.zalo.address,
            providers.zalo_oa.address,
            providers.zalo_oa.address,
        );
        let province = Province::new(officers.len(), &test.url, &channels).await;
        let waits = format!("retry = [{}]", ["\"1s\""; 12].join(", "));
        province.edit("dondoc.toml", "retry = [\"1s\", \"1s\", \"1s\"]", &waits);
        province.write("telegram", telegram::TOKEN);
        province.write("zalo-bot", zalo_bot::TOKEN);
        province.write("app-secret", APP_SECRET);
        province.write("consent", FIRST_REFRESH);
        for officer in &mut officers {
            officer.due_on = Clock::System.today();
        }
        province.write("plan/contacts.toml", &contacts(&officers));
        Self {
            rng,
            officers,
            providers,
            province,
            db: test.db.clone(),
            cluster,
            happened: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    async fn play(mut self) -> (Self, Judge) {
        for _ in 0..self.rng.random_range(3..6) {
            self.one_life().await;
        }
        for channel in CHANNELS {
            self.providers.turn(channel, Mood::Fine);
        }
        let consent = self.providers.consent(&self.db).await;
        self.province.write("consent", &consent);
        let calm_since = Clock::System.now();
        let by = calm_since + DRAINED_WITHIN;
        let mut daemon = Running::start(&self.province);
        let mut drained = None;
        while drained.is_none() && Clock::System.now() < by {
            tokio::time::sleep(PAUSE).await;
            // Before it has started it does not listen to signals.
            let done = daemon.log().contains("started")
                && self.count_of(PLANNED).await > 0
                && self.count_of(UNSETTLED).await == 0;
            drained = done.then(|| Clock::System.now());
        }
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        let today = Clock::System.today();
        let due = Due {
            officers: self.officers.clone(),
            days: vec![today],
            planned: BTreeSet::from([today]),
            // Nobody of the monitor reads here.
            mondays: Vec::new(),
            said: Vec::new(),
            clock_jumped: false,
            drained,
            to_drain_by: by,
        };
        let record = Record::of(&self.db).await;
        let judge = Judge::on(&due, &self.providers.copies(), &record);
        (self, judge)
    }

    /// One daemon in bad weather, until it is killed.
    async fn one_life(&mut self) {
        for channel in CHANNELS {
            let is_bad = self.rng.random_bool(0.6);
            let mood = if is_bad {
                Mood::bad(&mut self.rng)
            } else {
                Mood::Fine
            };
            self.providers.turn(channel, mood);
        }
        let mut daemon = Running::start(&self.province);
        let since = Instant::now();
        let is_early = self.rng.random_bool(0.2);
        while !is_early && !daemon.log().contains("started") && since.elapsed() < TO_START {
            tokio::time::sleep(PAUSE).await;
        }
        self.pass(700).await;
        if self.rng.random_bool(0.7) {
            self.break_database().await;
            self.pass(900).await;
        }
        daemon.signal("KILL");
        let code = daemon.ended().await.code();
        let log = daemon.log();
        if log.contains("started") {
            assert_eq!(code, None, "{log}");
            self.count("killed");
        } else {
            // It says that its database is away and ends; whoever watches it starts it again.
            assert!(matches!(code, None | Some(1)), "{code:?}: {log}");
            self.count("killed or ended while it started");
        }
        end_leases(&self.db).await;
    }

    /// The server goes and comes back under the daemon; a file is locked.
    async fn break_database(&mut self) {
        let Some(cluster) = self.cluster else {
            self.count("locked");
            let lock = self.db.begin().await.unwrap();
            self.pass(700).await;
            return lock.commit().await.unwrap();
        };
        let how = if self.rng.random_bool(0.5) {
            Stop::Fast
        } else {
            Stop::Immediate
        };
        self.count(match how {
            Stop::Fast => "the server was stopped and started",
            Stop::Immediate => "the server crashed and was started",
        });
        cluster.stop(how).await;
        self.pass(600).await;
        cluster.start_again().await;
    }

    /// Real time, up to so many milliseconds.
    async fn pass(&mut self, at_most: u64) {
        let time = self.rng.random_range(0..at_most);
        tokio::time::sleep(Duration::from_millis(time)).await;
    }

    async fn count_of(&self, sql: &'static str) -> i64 {
        rows::<(i64,)>(&self.db, sql).await[0].0
    }
}

fn contacts(officers: &[Officer]) -> String {
    let mut contacts = String::new();
    for officer in officers {
        let n = officer.number;
        let names: Vec<String> = officer
            .channels
            .iter()
            .map(|one| format!("\"{}\"", one.as_str()))
            .collect();
        write!(
            contacts,
            "[[contact]]\nid = \"a{n}.officer\"\nagency = \"A{n}\"\nrole = \"officer\"\n\
             title = \"Chuyên viên Sở số {n}\"\nchannels = [{}]\n",
            names.join(", ")
        )
        .unwrap();
        for channel in &officer.channels {
            writeln!(
                contacts,
                "{} = \"{}\"",
                channel.as_str(),
                officer.address(*channel)
            )
            .unwrap();
        }
        contacts.push('\n');
    }
    contacts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_brief_is_lost_or_doubled_when_daemons_are_killed_and_the_server_is_stopped() {
    let seeds = seeds(Stage::Processes);
    let mut cluster = None;
    let mut tally = Tally::default();
    let since = Instant::now();
    for seed in &seeds {
        let on_file = seed.is_multiple_of(ON_SQLITE);
        if !on_file && cluster.is_none() {
            cluster = Some(Cluster::start().await);
        }
        let (test, cluster) = match &cluster {
            Some(cluster) if !on_file => (
                TestDb::at(cluster.migrated_database().await).await,
                Some(cluster),
            ),
            _ => (db::sqlite_copy().await, None),
        };
        let morning = Morning::new(*seed, &test, cluster).await;
        let (morning, judge) = Box::pin(morning.play()).await;
        tally.add(
            *seed,
            &morning.providers.sky,
            &morning.happened,
            &judge,
            &[],
        );
    }
    if !seeds.is_empty() {
        println!("in {:.0?}", since.elapsed());
        tally.settle("CAMPAIGN_SEED");
    }
}
