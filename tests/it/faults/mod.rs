//! Whatever breaks around the daemon, no brief is lost, none is doubled without a word, and all of it drains.
//!
//! Each seed draws a province, a few days, and what goes wrong on them: providers that refuse, fail, hang, answer late or
//! are cut off; a database that is locked, full or cut off; a clock that jumps; a daemon that dies in the middle of its
//! work. Then all faults stop, and the truth of the wire is held against what was due and what the database says. Days
//! pass by a clock that is moved by hand; requests travel over real sockets.
//!
//! `process::faults` plays the same with daemons that are processes, and with a server that is stopped. A seed that fails
//! is named. Where in the work of a daemon a fault strikes is not drawn by the seed alone: it depends on the scheduler.

mod database;
pub(crate) mod judge;
pub(crate) mod people;
mod plot;
mod proofs;
pub(crate) mod providers;
pub(crate) mod record;
mod run;
pub(crate) mod sky;
pub(crate) mod tally;
pub(crate) mod town;

use futures_util::StreamExt;

use self::database::Store;
use self::run::{Played, Run};
use self::tally::Tally;
use crate::support::chance;

/// How many runs are under way at once; they wait more than they work.
const AT_ONCE: usize = 12;
/// Every so many runs are played by processes, and of the others every so many on PostgreSQL.
const BY_PROCESSES: u64 = 20;
const ON_POSTGRES: u64 = 4;

/// Who plays a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Sqlite,
    Postgres,
    Processes,
}

/// The seeds that are played on this stage: all of them together are `FAULT_SEEDS`, by default 20.
pub(crate) fn seeds(stage: Stage) -> Vec<u64> {
    let stage_of = |seed: u64| {
        if seed.is_multiple_of(BY_PROCESSES) {
            Stage::Processes
        } else if seed.is_multiple_of(ON_POSTGRES) {
            Stage::Postgres
        } else {
            Stage::Sqlite
        }
    };
    let all = chance::seeds_of("FAULT_SEEDS", 20);
    all.into_iter()
        .filter(|seed| stage_of(*seed) == stage)
        .collect()
}

async fn play(seed: u64, stage: Stage) -> Played {
    let store = match stage {
        Stage::Postgres => Store::on_postgres().await,
        _ => Store::on_sqlite().await,
    };
    let bad_days = 2 + usize::try_from(seed % 3).unwrap();
    Box::pin(Run::new(seed, store).await.play(bad_days)).await
}

async fn play_all(stage: Stage) {
    let runs = seeds(stage).into_iter().map(|seed| async move {
        let played = tokio::spawn(play(seed, stage)).await;
        (
            seed,
            played.unwrap_or_else(|fault| panic!("seed {seed}: {fault}")),
        )
    });
    let mut runs = futures_util::stream::iter(runs).buffer_unordered(AT_ONCE);
    let mut tally = Tally::default();
    while let Some((seed, played)) = runs.next().await {
        let Played {
            providers,
            happened,
            unforeseen,
            ..
        } = &played;
        tally.add(seed, &providers.sky, happened, &played.judge(), unforeseen);
    }
    if chance::seed().is_none() || !seeds(stage).is_empty() {
        tally.settle("CAMPAIGN_SEED");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_brief_is_lost_or_doubled_whatever_breaks_on_sqlite() {
    play_all(Stage::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_brief_is_lost_or_doubled_whatever_breaks_on_postgres() {
    play_all(Stage::Postgres).await;
}
