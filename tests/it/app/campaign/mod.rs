//! Years of chance: whatever happens to the daemon, to the calendar and to the answers, the promises hold.
//!
//! Each seed draws a small province, and for every day whether the daemon runs, when, and whether it dies in the middle;
//! who finishes what, and what turns out not to be finished; and a new calendar in the middle of the year. A seed that
//! fails is named. Only where an interruption strikes is not drawn by the seed alone: it depends on the scheduler.

mod fate;
mod ledger;
mod province;
mod year;

use crate::support::chance::seeds;
use crate::support::db::{self, TestDb};
use year::Year;

async fn play(seed: u64, test: TestDb) {
    let broken = Box::pin(Year::new(seed, &test.db).play()).await;
    assert!(
        broken.is_empty(),
        "seed {seed}: {} promises broken (CAMPAIGN_SEED={seed} plays it again)\n{}",
        broken.len(),
        broken[..broken.len().min(20)].join("\n")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn years_of_chance_keep_the_promises_on_sqlite() {
    for seed in seeds(3) {
        println!("seed {seed}");
        Box::pin(play(seed, db::sqlite().await)).await;
    }
}

/// The same promises, and planners that wait for each other's rows: a year takes longer there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn years_of_chance_keep_the_promises_on_postgres() {
    let seeds = seeds(1);
    let every = seeds.len().div_ceil(8).max(1);
    for seed in seeds.into_iter().step_by(every) {
        println!("seed {seed}");
        Box::pin(play(seed, db::postgres().await)).await;
    }
}
