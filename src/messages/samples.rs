//! Samples of all messages: `messages/vi/*/samples.json`, rendered by every check and every snapshot.
//!
//! The file of briefs keeps the items that several samples share in one place: a sample names them and says only what differs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::absence::AbsenceContext;
use super::context::BriefContext;
use super::decision::DecisionContext;
use super::digest::DigestContext;
use super::docket::DocketContext;
use super::files::{self, Files};
use super::letter::LetterContext;
use super::problem::Problem;
use super::ranking_context::RankingContext;
use super::receipt::ReceiptContext;

/// What the messages are tried on, under names that are fit for a file: `officer-two-due`.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub briefs: Vec<Sample>,
    pub receipts: BTreeMap<String, ReceiptContext>,
    pub decisions: BTreeMap<String, DecisionContext>,
    pub absences: BTreeMap<String, AbsenceContext>,
    pub dockets: BTreeMap<String, DocketContext>,
    pub digests: BTreeMap<String, DigestContext>,
    pub rankings: BTreeMap<String, RankingContext>,
    pub letters: BTreeMap<String, LetterContext>,
}

impl Samples {
    /// Reads all files of samples; what cannot be read is left out, and its problem added.
    pub fn read(files: &Files, problems: &mut Vec<Problem>) -> Self {
        let briefs = &files[files::SAMPLES];
        let briefs = parse_samples(&briefs.shown, &briefs.text);
        Self {
            briefs: briefs.unwrap_or_else(|found| {
                problems.extend(found);
                Vec::new()
            }),
            receipts: named(files, files::RECEIPT_SAMPLES, problems),
            decisions: named(files, files::DECISION_SAMPLES, problems),
            absences: named(files, files::ABSENCE_SAMPLES, problems),
            dockets: named(files, files::DOCKET_SAMPLES, problems),
            digests: named(files, files::DIGEST_SAMPLES, problems),
            rankings: named(files, files::RANKING_SAMPLES, problems),
            letters: named(files, files::LETTER_SAMPLES, problems),
        }
    }
}

/// Samples by name, each a whole context.
fn named<T: DeserializeOwned>(
    files: &Files,
    name: &str,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, T> {
    let file = &files[name];
    serde_json::from_str(&file.text).unwrap_or_else(|error| {
        let remedy = "give it the fields of the other samples";
        problems.push(
            Problem::of_file(&file.shown, format!("cannot be read: {error}"), remedy)
                .at_line(Some(error.line())),
        );
        BTreeMap::new()
    })
}

/// A brief under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// Short, fit for a file name: `officer-two-due`.
    pub name: String,
    /// The brief.
    pub brief: BriefContext,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleFile {
    /// Parts of items by name.
    tasks: BTreeMap<String, Map<String, Value>>,
    /// Samples by name; `items` may give `"task"` a name of `tasks`, `"owing"` a list of agencies.
    samples: BTreeMap<String, Map<String, Value>>,
}

/// Reads the file, or lists every problem in it.
pub(super) fn parse_samples(file: &str, text: &str) -> Result<Vec<Sample>, Vec<Problem>> {
    let parsed: SampleFile = serde_json::from_str(text).map_err(|error| {
        vec![
            Problem::of_file(file, format!("cannot be read: {error}"), "mend the line")
                .at_line(Some(error.line())),
        ]
    })?;
    let mut samples = Vec::new();
    let mut problems = Vec::new();
    for (name, mut sample) in parsed.samples {
        let items = sample.remove("items").unwrap_or_default();
        let items = items
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|item| expand(item, &parsed.tasks))
            .collect();
        sample.insert("items".to_owned(), Value::Array(items));
        match serde_json::from_value(Value::Object(sample)) {
            Ok(brief) => samples.push(Sample { name, brief }),
            Err(error) => {
                let problem = format!("sample {name:?}: {error}");
                problems.push(Problem::of_file(
                    file,
                    problem,
                    "give it the fields of the other samples",
                ));
            }
        }
    }
    if problems.is_empty() {
        Ok(samples)
    } else {
        Err(problems)
    }
}

/// One item per owing agency, filled with what its task says.
fn expand(item: &Value, tasks: &BTreeMap<String, Map<String, Value>>) -> Vec<Value> {
    let Some(item) = item.as_object() else {
        return vec![item.clone()];
    };
    let shared = item
        .get("task")
        .and_then(Value::as_str)
        .and_then(|name| tasks.get(name));
    let mut full = shared.cloned().unwrap_or_default();
    full.extend(
        item.iter()
            .filter(|(key, _)| shared.is_none() || *key != "task")
            .map(|(k, v)| (k.clone(), v.clone())),
    );
    let owing = full.remove("owing");
    match owing {
        Some(Value::Array(agencies)) => agencies
            .into_iter()
            .map(|agency| owed_by(&full, agency))
            .collect(),
        Some(agency) => vec![owed_by(&full, agency)],
        None => vec![Value::Object(full)],
    }
}

fn owed_by(item: &Map<String, Value>, agency: Value) -> Value {
    let mut item = item.clone();
    item.insert("owing".to_owned(), agency);
    Value::Object(item)
}
