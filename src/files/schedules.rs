//! The folder of schedules: calendar, ladder, jobs and scoring, which must fit one another.

use chrono::NaiveTime;
use cron::Schedule;

use super::problem::{Problem, Problems};
use super::source::Folder;
use super::toml::Place;
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
        let hours = [
            ("the brief is planned", &jobs.jobs.brief, &jobs.brief_at),
            ("the digest is made", &jobs.jobs.digest, &jobs.digest_at),
        ];
        let outside = hours.map(|(what, job, at)| unsendable(ladder, what, job, at));
        problems.errors.extend(outside.into_iter().flatten());
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

/// What is wrong with a job that comes at an hour at which no message may leave.
fn unsendable(ladder: &Ladder, what: &str, job: &Schedule, at: &Place) -> Option<Problem> {
    let is_outside = |hour: &NaiveTime| !(ladder.from..ladder.until).contains(hour);
    let hour = jobs::times(job).find(is_outside)?;
    let problem = format!(
        "{what} at {}, when no message may leave",
        hour.format("%H:%M")
    );
    let remedy = format!(
        "choose an hour between {} and {}, or change `from` and `until` of ladder.toml",
        ladder.from.format("%H:%M"),
        ladder.until.format("%H:%M")
    );
    Some(at.problem(problem, remedy))
}
