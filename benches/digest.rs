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
use std::fmt;

use chrono::Days;
use divan::Bencher;
use dondoc::app::digest::send_digests;
use dondoc::clock::instant;
use tokio::runtime::Runtime;

use nation::{Nation, Size, monday};

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
    divan::main();
    println!();
    let name = |of: Of| format!("the digest of {of}");
    let province = measure::best(name(Of::Province));
    let province = province.map(|best| best * 1000.0);
    measure::goal(&name(Of::Province), province, 200.0, "ms");
    measure::goal(
        &name(Of::Nation),
        measure::best(name(Of::Nation)),
        10.0,
        "s",
    );
}

#[divan::bench(args = [Of::Province, Of::Nation], sample_count = 3, sample_size = 1)]
fn the_digest(bencher: Bencher, of: Of) {
    let runtime = Runtime::new().unwrap();
    let nation = runtime.block_on(Nation::of(of.size()));
    let obligations = of.size().agencies * of.size().tasks;
    println!("{of}: {obligations} obligations, {} lines", nation.lines);
    // The most memory from here on, without what it took to make them.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = measure::megabytes("self", "VmRSS:").unwrap();
    let mondays = Cell::new(0);
    bencher.bench_local(|| {
        let week = mondays.replace(mondays.get() + 7);
        let day = monday() + Days::new(week);
        let now = instant(day.and_hms_opt(7, 30, 0).unwrap());
        let sent = measure::timed(format!("the digest of {of}"), || {
            let Nation {
                db, setup, origin, ..
            } = &nation;
            runtime.block_on(send_digests(db, setup, origin, day, day, now))
        });
        assert!(sent.unwrap());
    });
    let most = measure::megabytes("self", "VmHWM:").unwrap();
    println!("{of}: {before:.0} MB before, {most:.0} MB at most");
}
