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

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use divan::Bencher;
use dondoc::app::open;
use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Options, Replay, alone, simulate};
use province::{Owed, Province};

/// Agencies that owe something, obligations, messages; and the memory.
type Size = ([usize; 3], Option<f64>);

/// What was measured, by name.
static SIZES: Mutex<BTreeMap<String, Size>> = Mutex::new(BTreeMap::new());

fn main() {
    divan::main();
    for owed in [Owed::AsWritten, Owed::DutiesToo] {
        let name = name(owed);
        let sizes = SIZES.lock().unwrap();
        let Some(([agencies, obligations, messages], memory)) = sizes.get(&name) else {
            continue;
        };
        println!("\n{name}: {agencies} agencies, {obligations} obligations, {messages} messages");
        let (took, memory_name) = (
            measure::best(&name),
            "its memory at most, as `dondoc simulate --json`",
        );
        match owed {
            Owed::AsWritten => {
                measure::goal("the year", took, 2.0, "s");
                measure::goal(memory_name, *memory, 150.0, "MB");
            }
            Owed::DutiesToo => {
                measure::told("the year", took, "s");
                measure::told(memory_name, *memory, "MB");
            }
        }
    }
}

fn name(owed: Owed) -> String {
    format!("the year with 241 communes, {owed}")
}

#[divan::bench(args = [Owed::AsWritten, Owed::DutiesToo], sample_count = 3, sample_size = 1)]
fn the_year_with_241_communes(bencher: Bencher, owed: Owed) {
    let province = Province::with_communes(owed);
    let mut size = None;
    bencher.bench_local(|| {
        let replay = replay(&province);
        let (agencies, replay) = measure::timed(name(owed), || alone(replay).unwrap());
        size.get_or_insert([agencies, replay.obligations.len(), replay.arrived.len()]);
    });
    if let Some(size) = size {
        let mut sizes = SIZES.lock().unwrap();
        sizes.insert(name(owed), (size, peak_memory(&province)));
    }
}

/// The agencies that owe something, and the replay.
async fn replay(province: &Province) -> (usize, Replay) {
    let mut loaded = open::load(Some(&province.configuration())).unwrap();
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
fn peak_memory(province: &Province) -> Option<f64> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dondoc"))
        .args(["simulate", "--json", "--config"])
        .arg(province.configuration())
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
