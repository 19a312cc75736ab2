//! The folder of schedules: calendar, ladder, jobs and scoring, which must fit one another.

use super::problem::Problems;
use super::source::Folder;
use super::{calendar, jobs, ladder, scoring};
use crate::domain::calendar::Calendar;
use crate::domain::ladder::Ladder;

/// Everything the folder says.
#[derive(Clone, Debug)]
pub struct Schedules {
    /// Working days.
    pub calendar: Calendar,
    /// Who hears what, when.
    pub ladder: Ladder,
    /// When the daemon does what.
    pub jobs: jobs::Jobs,
    /// How a ranking counts.
    pub scoring: scoring::Scoring,
}

/// Reads the four files.
///
/// # Errors
/// Every problem of the four files.
pub fn load_schedules(folder: &Folder) -> Result<Schedules, Problems> {
    let mut problems = Problems::default();
    let calendar = calendar::read(folder, &mut problems);
    let ladder = ladder::read(folder, &mut problems);
    let jobs = jobs::read(folder, &mut problems);
    let scoring = scoring::read(folder, &mut problems);
    if let (Some(ladder), Some(jobs)) = (&ladder, &jobs) {
        let outside =
            jobs::times(&jobs.jobs.brief).find(|at| !(ladder.from..ladder.until).contains(at));
        if let Some(at) = outside {
            let problem = format!(
                "the brief is planned at {}, when no message may leave",
                at.format("%H:%M")
            );
            let remedy = format!(
                "choose an hour between {} and {}, or change `from` and `until` of ladder.toml",
                ladder.from.format("%H:%M"),
                ladder.until.format("%H:%M")
            );
            problems.errors.push(jobs.brief_at.problem(problem, remedy));
        }
    }
    let everything = calendar.zip(ladder).zip(jobs.zip(scoring));
    let (((calendar, ladder), (jobs, scoring)), _) = problems.admit(everything)?;
    Ok(Schedules {
        calendar,
        ladder,
        jobs: jobs.jobs,
        scoring,
    })
}
