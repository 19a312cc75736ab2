//! `dondoc report`: the monitor records a status by hand.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::config_file::ConfigFile;
use super::day::day;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::status::{as_json, standing};
use crate::app::record::{Record, Recorded, record};
use crate::clock::Clock;
use crate::domain::ids::TaskId;

/// Record the status of an obligation by hand
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc report II.2/1 STP done --on 2020-03-20 --document 12/KH-STP\n  dondoc report II.2/1 STP open --note \"the plan was returned\""
)]
pub struct ReportArgs {
    /// The task, or one of its milestones: II.2 or II.2/1
    task: String,
    /// Code of the agency that owes it
    agency: String,
    /// What to record
    status: Status,
    /// Day of completion; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    /// Number of the document that proves it
    #[arg(long, value_name = "NUMBER")]
    document: Option<String>,
    /// Why, kept in the ledger
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Print the obligation as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Status {
    /// Completed
    Done,
    /// Not completed after all
    Open,
}

/// Runs the command.
pub fn run(args: &ReportArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let (task, milestone) = task_and_milestone(&args.task)?;
    let loaded = load(&args.config)?;
    let today = Clock::System.today();
    let wanted = Record {
        task,
        milestone,
        agency: args.agency.as_str().into(),
        what: match args.status {
            Status::Done => Recorded::Done(args.on.unwrap_or(today)),
            Status::Open => Recorded::Open,
        },
        document: args.document.clone(),
        note: args.note.clone(),
    };
    let charge = loaded.setup.with_task(&wanted.task).ok_or_else(|| {
        WrongInput(format!(
            "no plan has a task {}: see `dondoc check`",
            wanted.task
        ))
    })?;
    let after = block_on(async {
        let db = loaded.open_db().await?;
        let result = record(&db, charge, &wanted, today, Clock::System.now()).await;
        db.close().await;
        result
    })?;
    if args.json {
        serde_json::to_writer(&mut *out, &as_json(&after, today, None))?;
        writeln!(out)?;
    } else {
        writeln!(
            out,
            "{} of {}: {}",
            after.milestone,
            after.agency,
            standing(&after, today)
        )?;
    }
    Ok(Exit::Fine)
}

/// `II.2/1` as a task and the number of a milestone; `II.2` has none.
pub fn task_and_milestone(text: &str) -> Result<(TaskId, Option<u16>), WrongInput> {
    match text.split_once('/') {
        None => Ok((text.into(), None)),
        Some((task, number)) => match number.parse() {
            Ok(number) => Ok((task.into(), Some(number))),
            Err(_) => Err(WrongInput(format!(
                "`{text}` is no milestone: write II.2/1"
            ))),
        },
    }
}
