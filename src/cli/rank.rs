//! `dondoc rank`: how each agency kept its days in a quarter or a year, and whom that speaks for or against.

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use super::agency::agency;
use super::config_file::ConfigFile;
use super::day::day_that_has_come;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::out_folder::OutFolder;
use super::task::plans;
use crate::app::inspect;
use crate::app::ranking::count;
use crate::app::setup::Charge;
use crate::clock::Clock;
use crate::documents::{docx, xlsx};
use crate::domain::period::Period;
use crate::messages::{Messages, RankingContext};

/// Rank the agencies of a quarter or a year; draft praise and criticism
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("period").required(true).args(["quarter", "year"])))]
#[command(
    after_help = "Examples:\n  dondoc rank --quarter 1                      of the plan's year, in words\n  dondoc rank --quarter 1 --explain STP        the arithmetic of one agency\n  dondoc rank --quarter 1 --on 2020-04-15      the same quarter, as it stood two weeks later\n  dondoc rank --quarter 1 --out .              rank-quang-nam-2020-2020-q1.xlsx and .docx\n  dondoc rank --year --json"
)]
pub struct RankArgs {
    /// A quarter of the plan's year, 1 to 4
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4))]
    quarter: Option<u32>,
    /// The whole of the plan's year
    #[arg(long)]
    year: bool,
    /// As it stood at the end of this day; without it, the one after the period, or today
    #[arg(long, value_name = "DATE", value_parser = day_that_has_come)]
    on: Option<NaiveDate>,
    /// Only of this plan, by id
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// Only the arithmetic of this agency, by code
    #[arg(long, value_name = "AGENCY", conflicts_with = "json")]
    explain: Option<String>,
    /// Write a workbook and a draft letter into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["json", "explain"])]
    out: Option<PathBuf>,
    /// Replace files of an earlier run
    #[arg(long, requires = "out")]
    force: bool,
    /// Print one JSON object for each plan
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &RankArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let setup = &loaded.setup;
    let code = |typed: &String| agency(setup, typed);
    let explained = args.explain.as_ref().map(code).transpose()?;
    let today = Clock::System.today();
    let mut wanted = Vec::new();
    for charge in plans(setup, args.plan.as_deref())? {
        let (period, day) = span(args, charge, today)?;
        wanted.push((charge, period, day));
    }
    let contexts = block_on(async {
        let mut contexts = Vec::new();
        // A database in memory keeps the real one untouched: looking imports nothing.
        let db = if loaded.database_exists() {
            loaded.open_to_count().await?
        } else {
            inspect::followed(setup, &loaded.contacts).await?
        };
        for (charge, period, day) in wanted {
            let counted = count(&db, setup, charge, period, day).await?;
            contexts.push(counted.context(setup, charge));
        }
        db.close().await;
        anyhow::Ok(contexts)
    })?;
    if let Some(agency) = &explained {
        return explain(&setup.messages, &contexts, agency.as_str(), out);
    }
    for context in &contexts {
        if let Some(folder) = &args.out {
            let folder = OutFolder {
                path: folder,
                replace: args.force,
            };
            write_files(&setup.messages, context, folder, out)?;
        } else if args.json {
            serde_json::to_writer(&mut *out, context)?;
            writeln!(out)?;
        } else {
            let (subject, text) = setup.messages.render_ranking(context)?;
            writeln!(out, "[{subject}]\n{}", text.trim_end())?;
        }
    }
    Ok(Exit::Fine)
}

/// The period of a plan, and the day up to which it is counted.
fn span(
    args: &RankArgs,
    charge: &Charge,
    today: NaiveDate,
) -> Result<(Period, NaiveDate), WrongInput> {
    let plan = &charge.plan;
    let period = match args.quarter {
        Some(quarter) => Period::of_quarter(plan.year, quarter),
        None => Period::of_year(plan.year),
    };
    let period = period.ok_or_else(|| WrongInput(format!("{} is no year", plan.year)))?;
    let day = args.on.unwrap_or_else(|| period.counted_on(today));
    if day < plan.issued_on {
        let (id, issued_on) = (&plan.id, plan.issued_on);
        let problem = format!("on {day} plan {id} was not yet issued: that was on {issued_on}");
        return Err(WrongInput(problem));
    }
    Ok((period, day))
}

/// The workbook and the draft of the letter, each named on a line.
fn write_files(
    messages: &Messages,
    context: &RankingContext,
    folder: OutFolder<'_>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let period = &context.period;
    let quarter = period.quarter.map(|number| format!("-q{number}"));
    let name = format!(
        "rank-{}-{}{}",
        context.id,
        period.year,
        quarter.unwrap_or_default()
    );
    let book = xlsx(&messages.ranking_workbook(context, now)?)?;
    let letter = docx(&messages.ranking_letter(context, now)?)?;
    let files = [
        (format!("{name}.xlsx"), &book[..]),
        (format!("{name}.docx"), &letter[..]),
    ];
    for path in folder.write(&files)? {
        writeln!(out, "{}", path.display())?;
    }
    Ok(())
}

fn explain(
    messages: &Messages,
    contexts: &[RankingContext],
    agency: &str,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let mut is_known = false;
    for context in contexts {
        if let Some(found) = context.find(agency) {
            let text = messages.render_arithmetic(context, found)?;
            let before = if is_known { "\n" } else { "" };
            writeln!(out, "{before}{}", text.trim_end())?;
            is_known = true;
        }
    }
    if is_known {
        Ok(Exit::Fine)
    } else {
        let problem = format!("{agency} owes nothing in these plans: see `dondoc status`");
        Err(WrongInput(problem).into())
    }
}
