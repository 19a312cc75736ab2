//! The real program as a daemon: how long until the first brief, and how much memory it holds while nothing happens.
//!
//! It follows the plan of 2020 on an empty database, years late, so that the officers are asked about everything that is
//! open at once, and nobody above them is told: the worst first morning there can be.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark fails loudly, prints, and uses a part of what all share"
)]

#[path = "support/measure.rs"]
mod measure;

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use divan::Bencher;
use tempfile::TempDir;

const FIRST: &str = "first brief after the start";
const JOBS: &str = "brief = \"0 0 0 * * *\"\ndigest = \"0 0 0 * * Mon\"\n";
const CONFIGURATION: &str = "schedules = \"schedules\"\n[console]\nenabled = true\n";

fn main() {
    divan::main();
    if measure::best(FIRST).is_none() {
        return;
    }
    let folder = configured();
    let (idle, most) = rest(folder.path());
    let (after_restart, _) = rest(folder.path());
    println!();
    measure::goal(FIRST, measure::best(FIRST), 1.0, "s");
    measure::goal("idle after the first morning", idle, 30.0, "MB");
    measure::goal("most during that morning", most, 30.0, "MB");
    measure::goal("idle after a restart", after_restart, 30.0, "MB");
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn first_brief_after_the_start(bencher: Bencher) {
    bencher.with_inputs(configured).bench_values(|folder| {
        let mut daemon = measure::timed(FIRST, || {
            let mut daemon = start(folder.path());
            let read = daemon.stdout.as_mut().unwrap().read(&mut [0]).unwrap();
            assert_eq!(
                read, 1,
                "the daemon ended without a brief: is today a day off?"
            );
            daemon
        });
        stop(&mut daemon);
        folder
    });
}

/// A folder with a configuration that prints briefs at any hour.
fn configured() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let schedules = folder.path().join("schedules");
    std::fs::create_dir(&schedules).unwrap();
    let ladder = include_str!("../schedules/ladder.toml")
        .replace("from = \"07:30\"", "from = \"00:00\"")
        .replace("until = \"17:00\"", "until = \"23:59\"");
    std::fs::write(schedules.join("ladder.toml"), ladder).unwrap();
    std::fs::write(schedules.join("jobs.toml"), JOBS).unwrap();
    let calendar = include_str!("../schedules/calendar.toml");
    std::fs::write(schedules.join("calendar.toml"), calendar).unwrap();
    std::fs::write(folder.path().join("dondoc.toml"), CONFIGURATION).unwrap();
    folder
}

fn start(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dondoc"))
        .args(["run", "--config"])
        .arg(folder.join("dondoc.toml"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a daemon run for some seconds after its start; gives the megabytes it holds then, and the most it held.
fn rest(folder: &Path) -> (Option<f64>, Option<f64>) {
    let mut daemon = start(folder);
    let mut output = daemon.stdout.take().unwrap();
    let reader = std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    std::thread::park_timeout(Duration::from_secs(8));
    let process = daemon.id().to_string();
    let held = ["VmRSS:", "VmHWM:"].map(|line| measure::megabytes(&process, line));
    stop(&mut daemon);
    reader.join().unwrap().unwrap();
    (held[0], held[1])
}

fn stop(daemon: &mut Child) {
    daemon.kill().unwrap();
    daemon.wait().unwrap();
}
