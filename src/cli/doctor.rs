//! `dondoc doctor`: whether the installation is well, and what to do where it is not.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::Exit;
use super::open::{block_on, load};
use crate::app::doctor::{CONFIGURATION, Finding, Verdict, examine};
use crate::clock::Clock;

/// Check configuration, database, clock, network and channels; say what to do
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc doctor\n  dondoc doctor --offline --json\n\nNobody is written to and nothing is changed: the relay and the mailbox are logged in to, the bots are asked who they are. No finding shows a secret. Exit code 0 when nothing fails, warnings or not; 1 when something fails; 2 when the configuration is wrong."
)]
pub struct DoctorArgs {
    /// Ask nobody over the network but the database
    #[arg(long)]
    offline: bool,
    /// Print one JSON object for each finding
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &DoctorArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let found =
        block_on(async { anyhow::Ok(examine(&loaded, args.offline, Clock::System.now()).await) })?;
    if args.json {
        for one in &found {
            writeln!(out, "{}", json!(one))?;
        }
    } else {
        print(&found, out)?;
    }
    let fails = |one: &&Finding| one.verdict == Verdict::Fail;
    Ok(match found.iter().find(fails) {
        None => Exit::Fine,
        // What the daemon would refuse to start with comes first.
        Some(first) if first.check == CONFIGURATION => Exit::WrongInput,
        Some(_) => Exit::Failed,
    })
}

fn print(found: &[Finding], out: &mut impl Write) -> std::io::Result<()> {
    let width = found.iter().map(|one| one.check.len()).max().unwrap_or(0);
    for one in found {
        writeln!(
            out,
            "{:<4}  {:<width$}  {}",
            one.verdict.as_str(),
            one.check,
            one.what
        )?;
        if let Some(remedy) = &one.remedy {
            writeln!(out, "{:6}{:width$}  → {remedy}", "", "")?;
        }
    }
    let count = |verdict| found.iter().filter(|one| one.verdict == verdict).count();
    writeln!(
        out,
        "{} fine, {} to look at, {} failed",
        count(Verdict::Ok),
        count(Verdict::Warn),
        count(Verdict::Fail)
    )
}
