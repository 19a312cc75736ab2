//! `dondoc report`: the monitor records a status by hand. What is open after all is returned, as by `dondoc decide`.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::agency::agency;
use super::config_file::ConfigFile;
use super::day::day;
use super::decide;
use super::document::document;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::status::{as_json, standing};
use super::task::PlanArg;
use crate::app::record::{Record, Recorded, record};
use crate::app::resolve::{Order, settle};
use crate::clock::Clock;
use crate::domain::docket::Phrases;
use crate::domain::ids::{AgencyCode, ContactId, TaskId};
use crate::domain::obligation::State;
use crate::domain::plan::MilestoneKind;
use crate::domain::resolution::Resolution;

/// Record the status of an obligation by hand
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc report II.2/1 STP done --on 2020-03-20 --document 12/KH-STP\n  dondoc report II.2/1 STP open --note \"Văn bản gửi kèm là dự thảo\" --by snv.officer"
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
    #[arg(long, value_name = "NUMBER", value_parser = document)]
    document: Option<String>,
    /// Why, kept in the ledger. Needed with `open`: the officers read it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Who records it: a contact of the monitor; without it, the operator
    #[arg(long, value_name = "CONTACT")]
    by: Option<String>,
    #[command(flatten)]
    plan: PlanArg,
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
    /// Not completed after all: it is returned, and the officers are told why at once
    Open,
}

/// Runs the command.
pub fn run(args: &ReportArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let (task, milestone) = task_and_milestone(&args.task)?;
    for (option, given) in [("--document", &args.document), ("--note", &args.note)] {
        if given.as_ref().is_some_and(|text| text.trim().is_empty()) {
            return Err(
                WrongInput(format!("{option} is empty: fill it in or leave it out")).into(),
            );
        }
    }
    let loaded = load(&args.config)?;
    let charge = args.plan.with_task(&loaded.setup, &task)?;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let agency = agency(&loaded.setup, &args.agency)?;
    let by = args.by.as_deref().map(Into::into);
    let wanted = match args.status {
        Status::Open => {
            let order = reopening(args, &loaded.setup.orders, task, milestone, agency, by)?;
            let (setup, origin) = (&loaded.setup, loaded.origin());
            let settled = block_on(async {
                let db = loaded.open_db().await?;
                let settled = settle(&db, setup, &origin, charge, &order, today, now, false).await;
                db.close().await;
                settled
            })?;
            return decide::print(&settled, false, args.json, today, out);
        }
        Status::Done => Record {
            task,
            milestone,
            agency,
            what: Recorded::Done(args.on.unwrap_or(today)),
            document: args.document.clone(),
            note: args.note.clone(),
            by,
        },
    };
    let after = block_on(async {
        let db = loaded.open_db().await?;
        let result = record(&db, charge, &wanted, today, now).await;
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
            standing(&after, today, None)
        )?;
        if after.kind == MilestoneKind::Continuous && after.state == State::Open {
            writeln!(
                out,
                "continuous work is never over: noted for this quarter, and asked about again in the next"
            )?;
        }
    }
    Ok(Exit::Fine)
}

/// What is open after all is returned: a person is told why.
fn reopening(
    args: &ReportArgs,
    orders: &Phrases,
    task: TaskId,
    milestone: Option<u16>,
    agency: AgencyCode,
    by: Option<ContactId>,
) -> Result<Order, WrongInput> {
    if args.on.is_some() {
        return Err(WrongInput("--on goes with `done` only".to_owned()));
    }
    let reason = args.note.clone().ok_or_else(|| {
        WrongInput("whoever reported it is told why: give a reason with --note TEXT".to_owned())
    })?;
    if !orders.is_reason(&reason) {
        let problem = format!(
            "--note “{reason}” says nothing: whoever reported it is told why, in words that help them"
        );
        return Err(WrongInput(problem));
    }
    Ok(Order {
        task,
        milestone,
        agency,
        resolution: Resolution::Return,
        reason: Some(reason),
        document: args.document.clone(),
        by,
    })
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
