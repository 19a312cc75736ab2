//! One million open obligations: a morning on which nothing is due, and one on which 10,000 rungs fall.
//!
//! 10,000 communes owe a hundred things each. Most are due at the year's end; on each of a few mornings of March the
//! 30-day rung of one of them falls for every commune, so that 10,000 officers get a brief with one item. On PostgreSQL
//! also 100,000 communes that owe ten things each: there every officer of them gets one.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark fails loudly, prints, and uses a part of what all share"
)]

#[path = "support/crowd.rs"]
mod crowd;
#[path = "support/measure.rs"]
mod measure;
#[path = "../tests/it/support/postgres.rs"]
#[expect(dead_code, reason = "the tests also ask for databases without tables")]
mod postgres;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::OnceLock;

use divan::Bencher;
use dondoc::app::compose::{Background, compose};
use dondoc::app::ladders::Ladders;
use dondoc::app::plan_day::draft;
use dondoc::clock::instant;
use dondoc::domain::delivery::Channel;
use dondoc::messages::Limit;
use dondoc::store::obligations;

use crowd::{Crowd, FEW, MANY};

/// Where the obligations are.
#[derive(Clone, Copy)]
enum On {
    Sqlite,
    Postgres,
    /// Ten times as many people.
    PostgresWide,
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::PostgresWide => "PostgreSQL, 100,000 people",
        })
    }
}

const RENDERING: &str = "rendering 10,000 briefs";
const SAMPLES: u32 = 3;
fn main() {
    divan::main();
    println!();
    for on in databases() {
        let idle = measure::best(format!("nothing due, {on}"));
        measure::goal(
            &format!("nothing due of a million, {on}"),
            idle.map(|best| best * 1000.0),
            50.0,
            "ms",
        );
        let planning = measure::best(format!("all due, {on}"));
        let times = if matches!(on, On::PostgresWide) {
            10.0
        } else {
            1.0
        };
        let ratio = planning
            .zip(measure::best(RENDERING))
            .map(|(planning, rendering)| planning / rendering / times);
        measure::goal(
            &format!("a rung for all of a million, {on}"),
            ratio,
            10.0,
            "times their rendering on one processor",
        );
    }
    if let Some(most) = MOST.get() {
        println!("most memory while planning a rung for all: {most:.0} MB");
    }
    // Nothing drops what is static.
    for crowd in CROWDS.iter().filter_map(OnceLock::get) {
        crowd.remove();
    }
}

static CROWDS: [OnceLock<Crowd>; 3] = [const { OnceLock::new() }; 3];
static MOST: OnceLock<f64> = OnceLock::new();

fn databases() -> Vec<On> {
    if postgres::find_programs().is_some() {
        vec![On::Sqlite, On::Postgres, On::PostgresWide]
    } else {
        vec![On::Sqlite]
    }
}

fn crowd(on: On) -> &'static Crowd {
    match on {
        On::Sqlite => CROWDS[0].get_or_init(|| Crowd::on_sqlite(FEW)),
        On::Postgres => {
            CROWDS[1].get_or_init(|| Crowd::on_postgres(postgres::migrated_database(), FEW))
        }
        On::PostgresWide => {
            CROWDS[2].get_or_init(|| Crowd::on_postgres(postgres::migrated_database(), MANY))
        }
    }
}

#[divan::bench(args = databases(), sample_count = 20, sample_size = 1)]
fn planning_when_nothing_is_due(bencher: Bencher, on: On) {
    let crowd = crowd(on);
    bencher.bench_local(|| {
        let planned = measure::timed(format!("nothing due, {on}"), || crowd.plan(crowd.quiet));
        assert_eq!(planned.briefs, 0);
    });
}

#[divan::bench(args = databases(), sample_count = SAMPLES, sample_size = 1)]
fn planning_when_one_rung_falls_for_all(bencher: Bencher, on: On) {
    let crowd = crowd(on);
    // The most memory from here on, without what it took to make the obligations.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    bencher
        .with_inputs(|| crowd.next_busy_day())
        .bench_local_values(|day| {
            let planned = measure::timed(format!("all due, {on}"), || crowd.plan(day));
            assert_eq!(planned.briefs, crowd.size.communes);
        });
    MOST.get_or_init(|| measure::megabytes("self", "VmHWM:").unwrap());
}

/// The same briefs composed and rendered one after another, without reading or storing anything.
#[divan::bench(sample_count = SAMPLES, sample_size = 1)]
fn rendering_10_000_briefs(bencher: Bencher) {
    let crowd = crowd(On::Sqlite);
    let day = crowd.next_busy_day();
    let (drafted, background) = crowd.runtime.block_on(async {
        let mut tx = crowd.db.snapshot().await.unwrap();
        let due = obligations::due_for_planning(&mut tx, day).await.unwrap();
        let at = instant(day.and_time(crowd.setup.ladder.from));
        let ladders = Ladders::current(&crowd.setup);
        let drafted = draft(
            &mut tx,
            &crowd.setup,
            &crowd.origin,
            &due,
            &ladders,
            day,
            at,
        )
        .await
        .unwrap();
        let obligations = due.into_iter().map(|one| (one.id, one)).collect();
        (
            drafted,
            Background {
                requests: HashMap::new(),
                wished: HashMap::new(),
                amended: HashMap::new(),
                ended: HashMap::new(),
                obligations,
                reminded_on: HashMap::new(),
                said: HashMap::new(),
                unreached: HashSet::new(),
                waiting: Vec::new(),
                ladders,
            },
        )
    });
    bencher.bench_local(|| {
        measure::timed(RENDERING, || {
            for one in drafted.drafted.iter().take(FEW.communes) {
                let context = compose(&one.brief, &one.contact, &background, &crowd.setup);
                let rendered = crowd.setup.messages.render_brief(
                    &context,
                    Channel::Email,
                    Limit::of(Channel::Email),
                );
                divan::black_box(rendered.unwrap());
            }
        });
    });
}
