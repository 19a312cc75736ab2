//! What was injected and what came of it, as a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dondoc::domain::delivery::Channel;

use super::judge::Judge;
use super::sky::{CHANNELS, Sky, Strike};

/// The sum of many runs.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    runs: usize,
    struck: BTreeMap<(Strike, Channel), usize>,
    happened: BTreeMap<&'static str, usize>,
    fates: BTreeMap<&'static str, usize>,
    /// Seeds that broke a promise, and how.
    broken: Vec<(u64, String)>,
}

impl Tally {
    pub(crate) fn add(
        &mut self,
        seed: u64,
        sky: &Sky,
        happened: &BTreeMap<&'static str, usize>,
        judge: &Judge,
        unforeseen: &[String],
    ) {
        self.runs += 1;
        for (what, times) in sky.struck() {
            *self.struck.entry(what).or_default() += times;
        }
        for (sum, part) in [
            (&mut self.happened, happened),
            (&mut self.fates, &judge.fates.0),
        ] {
            for (what, times) in part {
                *sum.entry(what).or_default() += times;
            }
        }
        if !judge.is_content() || !unforeseen.is_empty() {
            let unforeseen = unforeseen
                .iter()
                .map(|one| format!("  unforeseen: {one}\n"));
            let all = judge.complaints() + &unforeseen.collect::<String>();
            self.broken.push((seed, all));
        }
    }

    /// The table.
    pub(crate) fn table(&self) -> String {
        let mut table = format!("{} runs\n", self.runs);
        let heads = CHANNELS.map(|channel| format!("{:>10}", channel.as_str()));
        writeln!(table, "{:<44}{}", "struck", heads.concat()).unwrap();
        let mut strikes: Vec<Strike> = self.struck.keys().map(|(strike, _)| *strike).collect();
        strikes.dedup();
        for strike in strikes {
            let times = CHANNELS.map(|channel| {
                let times = self.struck.get(&(strike, channel)).copied();
                format!("{:>10}", times.unwrap_or_default())
            });
            writeln!(table, "  {:<42}{}", strike.word(), times.concat()).unwrap();
        }
        for (head, lines) in [
            ("happened", &self.happened),
            ("came of the briefs", &self.fates),
        ] {
            writeln!(table, "{head}").unwrap();
            for (what, times) in lines {
                writeln!(table, "  {what:<42}{times:>10}").unwrap();
            }
        }
        table
    }

    /// Shows the table; fails where a promise was broken, and says how to see it again.
    #[expect(
        clippy::print_stdout,
        reason = "shown with --nocapture, and when it fails"
    )]
    pub(crate) fn settle(&self, variable: &str) {
        println!("{}", self.table());
        let broken: Vec<String> = self
            .broken
            .iter()
            .map(|(seed, what)| format!("seed {seed} ({variable}={seed} draws it again):\n{what}"))
            .collect();
        assert!(
            broken.is_empty(),
            "{} of {} runs\n{}",
            broken.len(),
            self.runs,
            broken.join("\n")
        );
        assert!(self.runs > 0, "nothing was played");
    }
}
