//! `--answers`: a manner by name, or a file with one JSON object a line.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::app::record::{Record, Recorded};
use crate::app::setup::Setup;
use crate::app::simulate::answers::Manner;
use crate::app::simulate::{Answers, Listed};
use crate::cli::agency::agency;
use crate::cli::day::day as parse_day;
use crate::cli::exit::WrongInput;
use crate::cli::task::known;
use crate::domain::ids::TaskId;

/// The answers that the option names.
///
/// # Errors
/// Every line of the file that cannot be read.
pub(super) fn answers(text: &str, setup: &Setup) -> anyhow::Result<Answers> {
    Ok(match text {
        "prompt" => Answers::Manner(Manner::Prompt),
        "late" => Answers::Manner(Manner::Late),
        "silent" => Answers::Manner(Manner::Silent),
        "mixed" => Answers::Manner(Manner::Mixed),
        file => Answers::Listed(read_answers(&PathBuf::from(file), setup)?),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    on: String,
    agency: String,
    task: String,
    milestone: Option<u16>,
    status: Status,
    done_on: Option<String>,
    document: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Done,
    Open,
}

/// Every wrong line is reported at once.
fn read_answers(file: &Path, setup: &Setup) -> anyhow::Result<Vec<Listed>> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        WrongInput(format!(
            "--answers {}: {error}; name a file, or prompt, late, silent or mixed",
            file.display()
        ))
    })?;
    let mut listed = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let at = |problem: &str| format!("{}:{}: {problem}", file.display(), number + 1);
        match serde_json::from_str::<Line>(line) {
            Ok(line) => match listed_of(line, setup) {
                Ok(one) => listed.push(one),
                Err(found) => {
                    let found = found.into_iter();
                    wrong.extend(found.map(|problem| at(&problem)));
                }
            },
            Err(error) => wrong.push(at(&format!("not an answer: {}", without_place(&error)))),
        }
    }
    if wrong.is_empty() {
        Ok(listed)
    } else {
        Err(WrongInput(wrong.join("\n")).into())
    }
}

/// What a line says, or everything in it that no plan knows.
fn listed_of(line: Line, setup: &Setup) -> Result<Listed, Vec<String>> {
    let mut wrong = Vec::new();
    let mut read = |day: &str| match parse_day(day) {
        Ok(day) => day,
        Err(problem) => {
            wrong.push(problem);
            NaiveDate::default()
        }
    };
    let on = read(&line.on);
    let done_on = line.done_on.as_deref().map(read);
    let task: TaskId = line.task.as_str().into();
    let found = agency(setup, &line.agency);
    let code = found
        .map_err(|WrongInput(problem)| wrong.push(problem))
        .ok();
    match setup.with_task(&task) {
        None => wrong.extend(known(setup, &task).err().map(|WrongInput(problem)| problem)),
        Some(charge) => {
            let tasks = &charge.plan.tasks;
            let count = tasks.iter().find(|one| one.id == task);
            let count = count.map_or(0, |one| one.milestones.len());
            if let Some(number) = line.milestone
                && !(1..=count).contains(&usize::from(number))
            {
                wrong.push(format!(
                    "task {task} has no milestone {number}: it has {count}"
                ));
            }
        }
    }
    let code = code.filter(|_| wrong.is_empty()).ok_or(wrong)?;
    Ok(Listed {
        on,
        record: Record {
            task,
            milestone: line.milestone,
            agency: code,
            what: match line.status {
                Status::Done => Recorded::Done(done_on.unwrap_or(on)),
                Status::Open => Recorded::Open,
            },
            document: line.document,
            note: line.note,
            by: None,
        },
    })
}

/// What the parser says, without the column, which nobody counts.
fn without_place(error: &serde_json::Error) -> String {
    let words = error.to_string();
    match words.rsplit_once(" at line ") {
        Some((words, _)) => words.to_owned(),
        None => words,
    }
}
