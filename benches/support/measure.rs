//! The best time of everything that was measured, and a line for every goal.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::sync::Mutex;
use std::time::{Duration, Instant};

static BEST: Mutex<BTreeMap<String, Duration>> = Mutex::new(BTreeMap::new());

/// Does the work and keeps its time when it is the best of that name.
pub(crate) fn timed<R>(name: impl Display, work: impl FnOnce() -> R) -> R {
    let started = Instant::now();
    let result = work();
    let took = started.elapsed();
    let mut best = BEST.lock().unwrap();
    let best = best.entry(name.to_string()).or_insert(took);
    *best = took.min(*best);
    result
}

/// The best time of that name, in seconds; `None` when it was not measured, for the benchmark was filtered out.
pub(crate) fn best(name: impl Display) -> Option<f64> {
    let best = BEST.lock().unwrap();
    best.get(&name.to_string()).map(Duration::as_secs_f64)
}

/// Says what was measured, where there is no goal.
pub(crate) fn told(what: &str, measured: Option<f64>, unit: &str) {
    let Some(measured) = measured else { return };
    println!("{what}: {measured:.2} {unit}");
}

/// Says whether what was measured keeps within its goal.
pub(crate) fn goal(what: &str, measured: Option<f64>, goal: f64, unit: &str) {
    let Some(measured) = measured else { return };
    let verdict = if measured <= goal { "met" } else { "MISSED" };
    println!("{what}: {measured:.2} {unit}, goal {goal} {unit}: {verdict}");
}

/// Says whether what was measured reaches its goal.
pub(crate) fn at_least(what: &str, measured: Option<f64>, goal: f64, unit: &str) {
    let Some(measured) = measured else { return };
    let verdict = if measured >= goal { "met" } else { "MISSED" };
    println!("{what}: {measured:.2} {unit}, goal at least {goal} {unit}: {verdict}");
}

/// Seconds of processor time that a process has used, its own and the system's for it.
pub(crate) fn processor_time(process: &str) -> f64 {
    // proc(5): utime and stime are the 14th and 15th field, in hundredths; the 2nd may contain blanks and ends with ")".
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, after_name) = stat.rsplit_once(')').unwrap();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields
        .map(|ticks| ticks.parse::<f64>().unwrap() / 100.0)
        .sum()
}

/// A line of `/proc/PID/status` in megabytes: `VmRSS`, or `VmHWM`, the most there was. `None` when the process is gone.
pub(crate) fn megabytes(process: &str, line: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let found = status.lines().find_map(|text| text.strip_prefix(line))?;
    let kilobytes: f64 = found.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
