//! `dondoc check`: everything that can be wrong, and the table of what was understood.

mod people;
mod report;

use std::io::Write;
use std::path::PathBuf;

use self::people::unheard_people;
use self::report::Report;
use super::config_file::ConfigFile;
use super::exit::Exit;
use crate::app::merge::contradictions;
use crate::app::open::problems_beside_files;
use crate::config::Config;
use crate::files::{
    Folder, Loaded, Problems, load_calendar, load_plan, load_reader, load_schedules,
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

/// Checks everything that `dondoc run` would refuse, and prints what was found.
///
/// # Errors
/// That nothing can be written.
pub fn run(args: &CheckArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let mut general = Problems::default();
    let config = args.config.load().unwrap_or_else(|problems| {
        general.extend(problems);
        Config::default()
    });
    let (calendar, scoring) = match load_schedules(&config.schedules) {
        Ok(schedules) => (schedules.calendar, Some(schedules.scoring)),
        Err(problems) => {
            general.extend(problems);
            // The dates that depend on it are not shown, for there is an error; the plan's own problems are.
            let calendar = load_calendar(&config.schedules);
            (calendar.unwrap_or_default(), None)
        }
    };
    general.extend(problems_beside_files(&config));
    if let Err(problems) = load_reader(&Folder::lexicon()) {
        general.extend(problems);
    }
    let folders = args.plan.as_ref().map_or_else(
        || config.plans.clone(),
        |folder| vec![Folder::Disk(folder.clone())],
    );
    let plans: Vec<_> = folders
        .iter()
        .map(|folder| (folder, load_plan(folder, &calendar)))
        .collect();
    let sound = plans
        .iter()
        .filter_map(|(folder, plan)| Some((*folder, plan.as_ref().ok()?)));
    let named = sound
        .clone()
        .map(|(_, loaded)| (&loaded.plan, &loaded.directory));
    let unknown = scoring.map(|scoring| scoring.unknown(named));
    general.warnings.extend(unknown.unwrap_or_default());
    general.warnings.extend(
        sound
            .clone()
            .flat_map(|(folder, loaded)| unheard_people(&config, folder, loaded)),
    );
    general.extend(contradictions(sound));
    let mut exit = Exit::Fine;
    for (_, plan) in plans {
        // What belongs to no plan is told once.
        let report = report_on(plan, std::mem::take(&mut general), exit);
        if !report.is_fine() {
            exit = Exit::WrongInput;
        }
        report.print(args.json, out)?;
    }
    Ok(exit)
}

fn report_on(plan: Result<Loaded, Problems>, mut problems: Problems, so_far: Exit) -> Report {
    let loaded = match plan {
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
