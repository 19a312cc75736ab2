//! The weekly digest of a province and of a nation: counted from the ledger, worded, with its files, put into the outbox.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark fails loudly, prints, and uses a part of what all share"
)]

#[path = "support/measure.rs"]
mod measure;
#[path = "support/nation.rs"]
mod nation;

use std::cell::Cell;
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fmt};

use chrono::Days;
use divan::Bencher;
use dondoc::store::Db;
use tokio::runtime::Runtime;

use nation::{Nation, Size, monday};

/// Stands before the database for the process that makes the digest of the nation and nothing else.
const ALONE: &str = "alone";
static MEMORY: OnceLock<f64> = OnceLock::new();

/// Whose plan it is.
#[derive(Clone, Copy)]
enum Of {
    Province,
    Nation,
}

impl Of {
    /// Agencies and tasks: 38 with 1,520 obligations, and the 34 provinces and 3,321 communes of the country since 1 July
    /// 2025 with 301,950.
    fn size(self) -> Size {
        match self {
            Self::Province => Size {
                agencies: 38,
                tasks: 40,
            },
            Self::Nation => Size {
                agencies: 34 + 3321,
                tasks: 90,
            },
        }
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Province => "a province",
            Self::Nation => "a nation",
        })
    }
}

fn main() {
    let mut arguments = env::args().skip_while(|one| one != ALONE);
    if let Some(file) = arguments.nth(1) {
        return tell_memory(&file);
    }
    divan::main();
    println!();
    let name = |of: Of| format!("the digest of {of}");
    let province = measure::best(name(Of::Province));
    let province = province.map(|best| best * 1000.0);
    measure::goal(&name(Of::Province), province, 200.0, "ms");
    let nation = name(Of::Nation);
    measure::goal(&nation, measure::best(&nation), 10.0, "s");
    let memory = MEMORY.get().copied();
    measure::goal("memory of that process at most", memory, 500.0, "MB");
}

#[divan::bench(args = [Of::Province, Of::Nation], sample_count = 3, sample_size = 1)]
fn the_digest(bencher: Bencher, of: Of) {
    let runtime = Runtime::new().unwrap();
    let nation = runtime.block_on(Nation::of(of.size()));
    let obligations = of.size().agencies * of.size().tasks;
    println!("{of}: {obligations} obligations, {} lines", nation.lines);
    let mondays = Cell::new(monday());
    bencher.bench_local(|| {
        let monday = mondays.replace(mondays.get() + Days::new(7));
        let sending = nation::send(&nation.db, &nation.setup, monday);
        let sent = measure::timed(format!("the digest of {of}"), || runtime.block_on(sending));
        assert!(sent);
    });
    if let Of::Nation = of {
        MEMORY.get_or_init(|| memory_alone(&nation));
    }
}

/// The most that a process holds which makes the digest of the nation and nothing else, its plan included: this one has
/// made the nation as well.
fn memory_alone(nation: &Nation) -> f64 {
    let told = Command::new(env::current_exe().unwrap())
        .arg(ALONE)
        .arg(nation.file())
        .output()
        .unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    told.trim().parse().unwrap()
}

fn tell_memory(file: &str) {
    let sent = Runtime::new().unwrap().block_on(async {
        let db = Db::open(file).await.unwrap();
        let setup = nation::setup(Of::Nation.size());
        nation::send(&db, &setup, monday() + Days::new(70)).await
    });
    assert!(sent);
    println!("{}", measure::megabytes("self", "VmHWM:").unwrap());
}
