//! `--answers`: a manner by name, or a file with one JSON object a line.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::app::record::{Record, Recorded};
use crate::app::simulate::answers::Manner;
use crate::app::simulate::{Answers, Listed};
use crate::cli::exit::WrongInput;

/// The answers that the option names.
///
/// # Errors
/// Every line of the file that cannot be read.
pub(super) fn answers(text: &str) -> anyhow::Result<Answers> {
    Ok(match text {
        "prompt" => Answers::Manner(Manner::Prompt),
        "late" => Answers::Manner(Manner::Late),
        "silent" => Answers::Manner(Manner::Silent),
        "mixed" => Answers::Manner(Manner::Mixed),
        file => Answers::Listed(read_answers(&PathBuf::from(file))?),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    on: NaiveDate,
    agency: String,
    task: String,
    milestone: Option<u16>,
    status: Status,
    done_on: Option<NaiveDate>,
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
fn read_answers(file: &Path) -> anyhow::Result<Vec<Listed>> {
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
        match serde_json::from_str::<Line>(line) {
            Ok(line) => listed.push(Listed {
                on: line.on,
                record: Record {
                    task: line.task.as_str().into(),
                    milestone: line.milestone,
                    agency: line.agency.as_str().into(),
                    what: match line.status {
                        Status::Done => Recorded::Done(line.done_on.unwrap_or(line.on)),
                        Status::Open => Recorded::Open,
                    },
                    document: line.document,
                    note: line.note,
                    by: None,
                },
            }),
            Err(error) => wrong.push(format!("{}:{}: {error}", file.display(), number + 1)),
        }
    }
    if wrong.is_empty() {
        Ok(listed)
    } else {
        Err(WrongInput(wrong.join("\n")).into())
    }
}
