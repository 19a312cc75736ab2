//! A daemon that is killed at random moments while replies come in by every channel.
//!
//! The seed draws who writes what and when the daemon is killed; where in its work that strikes depends on the machine too.

use std::time::{Duration, Instant};

use dondoc::clock::Clock;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::judge::Judge;
use super::leases::end_leases;
use super::people::{Reply, draw, people_for};
use super::providers::{Providers, free_address};
use super::record::{Record, count};
use super::town::town;
use super::undisturbed::undisturbed;
use crate::process::daemon::Running;
use crate::process::province::Province;
use crate::support::chance;
use crate::support::db::{self, TestDb};
use crate::support::zalo_oa::Call;

/// How often the world is looked at.
const PAUSE: Duration = Duration::from_millis(10);
/// How long a daemon that is to be killed at its work may wait for some.
const LONG_ENOUGH: Duration = Duration::from_secs(1);
/// How long a daemon that nobody kills may do nothing while there is something to do: longer than any lease, for a
/// database server may commit what a dead process asked of it after the leases were ended.
const PATIENCE: Duration = Duration::from_mins(2);

const STORED: &str = "SELECT count(*) FROM inbox";
const SHOWN_BY_THE_BOT: &str = "SELECT count(*) FROM inbox WHERE channel = 'zalo_bot'";
/// What comes in is dealt with and its answer queued in one transaction.
const TO_DO: &str = "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')
     + (SELECT count(*) FROM deliveries WHERE state IN ('queued', 'leased'))";

/// So much is done to a daemon.
#[derive(Clone, Copy, Debug)]
struct Load {
    kills: usize,
    replies: usize,
}

const SHORT: Load = Load {
    kills: 8,
    replies: 80,
};
const FULL: Load = Load {
    kills: 200,
    replies: 2000,
};

/// A province whose daemon is killed.
struct Campaign {
    rng: ChaCha8Rng,
    test: TestDb,
    province: Province,
    providers: Providers,
    written: Vec<Reply>,
    /// How many of them were sent off.
    said: usize,
}

impl Campaign {
    async fn new(seed: u64, test: TestDb, load: Load) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let people = people_for(load.replies);
        let listen = free_address();
        let providers = Providers::start(&people, listen).await;
        let province = town(&people, &test.url, &providers, listen).await;
        let written = draw(&mut rng, &people, load.replies, Clock::System.today());
        Self {
            rng,
            test,
            province,
            providers,
            written,
            said: 0,
        }
    }

    /// The first start. The refresh token of an Official Account is for one use, and a process that is killed between
    /// using it and storing the next takes the account with it: that is Zalo's, and no reply depends on it.
    async fn settle_in(&self) {
        let mut daemon = Running::start(&self.province);
        daemon.logged("started").await;
        daemon
            .until("it has tokens", || {
                self.providers.oa.calls(Call::Refresh) == 1
            })
            .await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
    }

    /// Lets time pass, in which so many people write at random moments.
    async fn live(&mut self, time: Duration, replies: usize) {
        let end = self.said + replies.min(self.written.len() - self.said);
        let left = u64::try_from(time.as_millis()).unwrap();
        let mut moments: Vec<u64> = (self.said..end)
            .map(|_| self.rng.random_range(0..=left))
            .collect();
        moments.sort_unstable();
        let since = Instant::now();
        while since.elapsed() < time || self.said < end {
            while self.said < end
                && u128::from(moments[moments.len() - (end - self.said)])
                    <= since.elapsed().as_millis()
            {
                self.providers.says(&self.written[self.said]);
                self.said += 1;
            }
            self.look().await;
            tokio::time::sleep(PAUSE.min(time.saturating_sub(since.elapsed()))).await;
        }
    }

    async fn look(&self) {
        let stored = count(&self.test.db, SHOWN_BY_THE_BOT).await;
        self.providers.show_next(stored);
    }

    /// One daemon: started, killed, buried.
    async fn kill_one(&mut self, replies: usize) {
        let while_down = self.rng.random_range(0..=replies);
        let down = Duration::from_millis(self.rng.random_range(0..60));
        self.live(down, while_down).await;
        let stored = count(&self.test.db, STORED).await;
        let mut daemon = Running::start(&self.province);
        let rest = replies - while_down;
        match self.rng.random_range(0..8) {
            // Perhaps before it has begun.
            0 => self.live_up_to(400, rest).await,
            1..4 => {
                daemon.logged("started").await;
                self.live_up_to(800, rest).await;
            }
            // In the middle of its work.
            _ => {
                daemon.logged("started").await;
                self.live_up_to(20, rest).await;
                self.something_comes_in(stored).await;
                self.live_up_to(60, 0).await;
            }
        }
        daemon.signal("KILL");
        assert_eq!(daemon.ended().await.code(), None, "{}", daemon.log());
        end_leases(&self.test.db).await;
    }

    async fn live_up_to(&mut self, milliseconds: u64, replies: usize) {
        let time = self.rng.random_range(0..milliseconds);
        self.live(Duration::from_millis(time), replies).await;
    }

    /// Waits until more than that is stored; not for long, for perhaps nothing is on its way.
    async fn something_comes_in(&self, stored: usize) {
        let since = Instant::now();
        while count(&self.test.db, STORED).await == stored && since.elapsed() < LONG_ENOUGH {
            self.look().await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// A daemon that nobody kills, until nothing is left to do. Gives its log when nothing more comes before that.
    async fn drain(&mut self) -> Option<String> {
        let mut daemon = Running::start(&self.province);
        self.live(Duration::ZERO, self.written.len()).await;
        let mut last = (Instant::now(), (0, 0));
        let stuck = loop {
            self.look().await;
            let stored = count(&self.test.db, STORED).await;
            let to_do = count(&self.test.db, TO_DO).await;
            if stored >= self.written.len() && to_do == 0 {
                break None;
            }
            if last.1 != (stored, to_do) {
                last = (Instant::now(), (stored, to_do));
            }
            if last.0.elapsed() > PATIENCE {
                break Some(format!(
                    "{stored} stored, {to_do} to be dealt with or sent, {} not shown by the Zalo bot:\n{}",
                    self.providers.held_back(),
                    daemon.log()
                ));
            }
            tokio::time::sleep(PAUSE).await;
        };
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        stuck
    }

    async fn judge(&self, stuck: Option<String>) -> (Judge, Record) {
        let record = Record::of(&self.test.db).await;
        let undisturbed = undisturbed(&self.province, &record.inbox).await;
        let mut judge = Judge::default();
        if let Some(stuck) = stuck {
            judge.complain("stuck", stuck);
        }
        judge.received(&self.written, &self.providers, &record);
        judge.applied(&record, &undisturbed);
        judge.answered(&record, self.providers.take());
        (judge, record)
    }
}

/// Plays it all, and gives the figures.
async fn play(test: TestDb, load: Load) -> String {
    let seed = chance::seed().unwrap_or(1);
    let since = Instant::now();
    let mut campaign = Campaign::new(seed, test, load).await;
    campaign.settle_in().await;
    for done in 1..=load.kills {
        let so_far = load.replies * done / load.kills;
        campaign.kill_one(so_far - campaign.said).await;
    }
    let killed = since.elapsed();
    let stuck = campaign.drain().await;
    let (judge, record) = campaign.judge(stuck).await;
    let figures = format!(
        "seed {seed}: {} kills within {killed:.1?}, {} replies {:?}; {} attempts were cut, {} answers came twice, {} \
         pushes were repeated; {:.1?} in all",
        load.kills,
        load.replies,
        record.kinds,
        judge.cut,
        judge.copies,
        campaign.providers.pusher.repeated(),
        since.elapsed(),
    );
    assert!(
        judge.is_content(),
        "{figures}; CAMPAIGN_SEED={seed} draws the same again\n{}",
        judge.complaints(),
    );
    for kind in ["done", "progress", "evidence", "extension-asked", "undone"] {
        assert!(record.kinds.contains_key(kind), "nobody meant {kind}");
    }
    figures
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_killed_while_replies_come_in_applies_each_once_and_answers_it_on_sqlite() {
    println!("{}", play(db::sqlite().await, SHORT).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_killed_while_replies_come_in_applies_each_once_and_answers_it_on_postgres() {
    println!("{}", play(db::postgres().await, SHORT).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: ./test long"]
async fn two_hundred_killed_daemons_apply_two_thousand_replies_once_and_answer_them_on_sqlite() {
    println!("{}", play(db::sqlite().await, FULL).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: ./test long"]
async fn two_hundred_killed_daemons_apply_two_thousand_replies_once_and_answer_them_on_postgres() {
    println!("{}", play(db::postgres().await, FULL).await);
}
