//! The whole of 2020 replayed for Quảng Nam with its 241 communes as agencies: files read, every morning planned,
//! rendered, stored and delivered to channels that keep what they are given.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark fails loudly, prints, and uses a part of what all share"
)]

#[path = "support/measure.rs"]
mod measure;
#[path = "support/province.rs"]
mod province;

use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::NaiveDate;
use divan::Bencher;
use dondoc::app::open;
use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Options, Replay, simulate};
use province::Province;

const NAME: &str = "the year with 241 communes";

/// Agencies that owe something, obligations, messages.
static SIZE: OnceLock<[usize; 3]> = OnceLock::new();
static PROVINCE: LazyLock<Province> = LazyLock::new(Province::with_communes);

fn main() {
    divan::main();
    if let Some([agencies, obligations, messages]) = SIZE.get() {
        println!("\n{agencies} agencies, {obligations} obligations, {messages} messages");
        measure::goal(NAME, measure::best(NAME), 2.0, "s");
        measure::goal(
            "its memory at most, as `dondoc simulate --json`",
            peak_memory(),
            150.0,
            "MB",
        );
    }
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn the_year_with_241_communes(bencher: Bencher) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    bencher.bench_local(|| {
        let (agencies, replay) = measure::timed(NAME, || runtime.block_on(replay()));
        SIZE.get_or_init(|| [agencies, replay.obligations.len(), replay.arrived.len()]);
    });
}

/// The agencies that owe something, and the replay.
async fn replay() -> (usize, Replay) {
    let mut loaded = open::load(Some(&PROVINCE.configuration())).unwrap();
    let setup = Arc::get_mut(&mut loaded.setup).unwrap();
    setup.messages.keep_plain();
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let options = Options {
        from: day(2019, 12, 31),
        to: day(2020, 12, 31),
        answers: Answers::Manner(Manner::Mixed),
        seed: 1,
    };
    let tasks = &loaded.setup.charges[0].plan.tasks;
    let owing: BTreeSet<_> = tasks
        .iter()
        .flat_map(|task| &task.agencies)
        .cloned()
        .collect();
    let replay = simulate(loaded.setup.clone(), &loaded.contacts, options, |_| ())
        .await
        .unwrap();
    (owing.len(), replay)
}

/// Megabytes that the command itself needs, JSON lines included.
fn peak_memory() -> Option<f64> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dondoc"))
        .args(["simulate", "--json", "--config"])
        .arg(PROVINCE.configuration())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let process = child.id().to_string();
    let mut lines = child.stdout.take().unwrap();
    let mut most = None;
    let mut buffer = vec![0; 1 << 20];
    // The lines come after the replay, and are read slowly enough to see the process to its end.
    while lines.read(&mut buffer).unwrap() > 0 {
        most = measure::megabytes(&process, "VmHWM:").or(most);
    }
    assert!(child.wait().unwrap().success());
    most
}
