//! `dondoc replan`: after a clock that ran ahead.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::config_file::ConfigFile;
use super::day::day;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::replan::{Replanned, replan};
use crate::clock::Clock;

/// Plan anew what a clock that ran ahead has planned for days that have not come
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc replan 2026-11-30 --dry-run     what would be taken back\n  dondoc replan 30/11/2026\n\nWhile a day that has not come counts as planned, nothing is planned. Set the clock first. Briefs of days to come are taken back, those that have not left are cancelled, and the planner looks at everything again. What has left stays with its recipients and counts for no reminder. Entries of the ledger that are dated ahead stay as they are."
)]
pub struct ReplanArgs {
    /// Today's date, as you know it: this machine must agree
    #[arg(value_name = "TODAY", value_parser = day)]
    today: NaiveDate,
    /// Change nothing; say what would be
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &ReplanArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let clock = Clock::System;
    let here = clock.today();
    if here != args.today {
        let problem = format!(
            "this machine says that today is {here}, and you say {}: set its clock first, or give the right day",
            args.today
        );
        return Err(WrongInput(problem).into());
    }
    let loaded = load(&args.config)?;
    let replanned = block_on(async {
        let db = loaded.open_to_show().await?;
        let replanned = replan(&db, &loaded.setup, clock.now(), args.dry_run).await?;
        db.close().await;
        anyhow::Ok(replanned)
    })?;
    match &replanned {
        _ if args.json => writeln!(out, "{}", as_json(replanned.as_ref(), args.dry_run))?,
        Some(replanned) => print(replanned, args.dry_run, out)?,
        None => writeln!(out, "nothing is planned for a day after {here}")?,
    }
    Ok(Exit::Fine)
}

fn print(replanned: &Replanned, is_dry: bool, out: &mut impl Write) -> std::io::Result<()> {
    let Replanned {
        was,
        planned,
        taken,
    } = replanned;
    let verb = if is_dry { "to be" } else { "now" };
    let told = [
        (
            "briefs of days to come",
            taken.briefs,
            format!("{verb} taken back"),
        ),
        (
            "messages of theirs that have not left",
            taken.cancelled,
            format!("{verb} cancelled"),
        ),
        (
            "messages of theirs that have left",
            taken.left,
            "nothing takes those back".to_owned(),
        ),
        (
            "other messages that wait for a time to come",
            taken.hastened,
            format!("{verb} free to leave"),
        ),
        (
            "entries of the ledger dated ahead",
            taken.entries,
            "kept, as every entry is".to_owned(),
        ),
    ];
    writeln!(out, "days up to {was} counted as planned")?;
    for (what, count, then) in told {
        if count > 0 {
            writeln!(out, "{what}: {count}, {then}")?;
        }
    }
    let last = planned.map_or("no day".to_owned(), |day| day.to_string());
    let then = if is_dry {
        "nothing was changed"
    } else {
        "`dondoc run` plans what follows"
    };
    writeln!(out, "last planned day: {last}; {then}")
}

fn as_json(replanned: Option<&Replanned>, is_dry: bool) -> serde_json::Value {
    let Some(replanned) = replanned else {
        return json!({ "ahead": false });
    };
    let taken = &replanned.taken;
    json!({
        "ahead": true,
        "dry_run": is_dry,
        "planned_before": replanned.was,
        "planned": replanned.planned,
        "briefs": taken.briefs,
        "left": taken.left,
        "cancelled": taken.cancelled,
        "hastened": taken.hastened,
        "entries": taken.entries,
    })
}
