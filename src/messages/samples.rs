//! Samples of briefs: `messages/vi/brief/samples.json`, rendered by every check and every snapshot.
//!
//! The file keeps the items that several samples share in one place: a sample names them and says only what differs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::context::BriefContext;
use super::problem::Problem;

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
