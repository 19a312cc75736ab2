//! `dondoc check`: everything that can be wrong, and the table of what was understood.

mod report;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;

use self::report::Report;
use super::config_file::ConfigFile;
use super::exit::Exit;
use crate::config::Config;
use crate::domain::calendar::Calendar;
use crate::files::{
    Folder, Problem, Problems, load_calendar, load_plan, load_reader, load_schedules,
};

/// Options of `dondoc check`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dondoc check\n  \
    dondoc check --plan plans/2026 --json | jq '.tasks[] | {id, milestones}'\n\n\
    Exit code 2 when something is wrong; a warning alone is fine.")]
pub struct CheckArgs {
    /// Check this folder instead of the plans of the configuration
    #[arg(long, value_name = "FOLDER")]
    plan: Option<PathBuf>,
    /// Print one JSON object per plan
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Checks everything and prints what was found; `others` finds what is wrong with files that are not read here.
///
/// # Errors
/// That nothing can be written.
pub fn run_with(
    args: &CheckArgs,
    others: impl FnOnce(&Config) -> Vec<Problem>,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let mut general = Problems::default();
    let config = args.config.load().unwrap_or_else(|problems| {
        general.extend(problems);
        Config::default()
    });
    let calendar = match load_schedules(&config.schedules) {
        Ok(schedules) => schedules.calendar,
        Err(problems) => {
            general.extend(problems);
            // The dates that depend on it are not shown, for there is an error; the plan's own problems are.
            load_calendar(&config.schedules).unwrap_or_default()
        }
    };
    general.errors.extend(others(&config));
    if let Err(problems) = load_reader(&Folder::lexicon()) {
        general.extend(problems);
    }
    let plans = args.plan.as_ref().map_or_else(
        || config.plans.clone(),
        |folder| vec![Folder::Disk(folder.clone())],
    );
    let mut exit = Exit::Fine;
    for folder in &plans {
        // What belongs to no plan is told once.
        let report = report_on(folder, &calendar, std::mem::take(&mut general), exit);
        if !report.is_fine() {
            exit = Exit::WrongInput;
        }
        report
            .print(args.json, out)
            .context("cannot write the report")?;
    }
    Ok(exit)
}

fn report_on(folder: &Folder, calendar: &Calendar, mut problems: Problems, so_far: Exit) -> Report {
    let loaded = match load_plan(folder, calendar) {
        Ok(loaded) => {
            problems.warnings.extend(loaded.warnings.iter().cloned());
            Some(loaded)
        }
        Err(found) => {
            problems.extend(found);
            None
        }
    };
    let shown = loaded.filter(|_| problems.is_fine() && so_far == Exit::Fine);
    Report {
        loaded: shown,
        problems,
    }
}
