//! `jobs.toml`, as its own head describes it -> when the daemon does what.

use std::str::FromStr;

use chrono::{DateTime, NaiveTime, Utc};
use cron::Schedule;

use super::problem::Problems;
use super::source::Folder;
use super::toml::{Document, Field, Place, Table};

/// When the daemon does what, in the zone of the province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jobs {
    /// The morning brief; days off are left out by the calendar.
    pub brief: Schedule,
    /// The weekly digest.
    pub digest: Schedule,
}

/// Reads the jobs of a folder of schedules.
///
/// # Errors
/// Every problem of the file.
pub fn load_jobs(folder: &Folder) -> Result<Jobs, Problems> {
    let mut problems = Problems::default();
    let jobs = read(folder, &mut problems);
    problems.admit(jobs).map(|(jobs, _)| jobs.jobs)
}

/// The jobs and where their hours stand, for comparing them with the ladder.
pub(super) struct Read {
    pub jobs: Jobs,
    pub brief_at: Place,
    pub digest_at: Place,
}

/// Reads the jobs as far as they can be read.
pub(super) fn read(folder: &Folder, problems: &mut Problems) -> Option<Read> {
    let source = folder.read("jobs.toml", problems)?;
    let document = Document::parse(&source);
    let mut found = Problems::default();
    let mut root = document.root();
    let brief = schedule(&mut root, "brief", &mut found);
    let digest = schedule(&mut root, "digest", &mut found);
    root.finish();
    problems.extend(found);
    problems.extend(document.into_problems());
    let (brief, brief_at) = brief?;
    let (digest, digest_at) = digest?;
    Some(Read {
        jobs: Jobs { brief, digest },
        brief_at,
        digest_at,
    })
}

fn schedule(
    root: &mut Table<'_>,
    key: &'static str,
    problems: &mut Problems,
) -> Option<(Schedule, Place)> {
    let text: Field<String> = root.text(key)?;
    let remedy = "write second minute hour day month weekday: \"0 30 7 * * *\" is 07:30 each day, \
        \"0 30 7 * * Mon\" each Monday";
    match Schedule::from_str(&text) {
        Ok(schedule) if times(&schedule).next().is_none() => {
            problems.errors.push(
                text.at
                    .problem(format!("“{}” never comes", text.value), remedy),
            );
            None
        }
        Ok(schedule) => Some((schedule, text.at)),
        Err(error) => {
            let problem = format!("“{}” is not a cron expression: {error}", text.value);
            problems.errors.push(text.at.problem(problem, remedy));
            None
        }
    }
}

/// The next hours of the day at which it comes, from a fixed day on: enough to see them all for a daily job.
pub(super) fn times(schedule: &Schedule) -> impl Iterator<Item = NaiveTime> {
    let start = DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
    schedule.after_owned(start).take(60).map(|at| at.time())
}
