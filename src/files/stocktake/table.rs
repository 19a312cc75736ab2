//! What stands in the table: rows as they are written, lines as they come back.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::files::problem::{Problem, Problems};

/// A row for a person to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StocktakeRow {
    /// Number of the plan.
    pub plan: String,
    /// `II.2/1`.
    pub task: String,
    /// Code of the agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub content: String,
    /// Its due day.
    pub due_on: NaiveDate,
}

/// What a line says of an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Done on that day.
    Done {
        /// The day.
        on: NaiveDate,
        /// Number of the document that proves it.
        document: Option<String>,
    },
    /// Not done.
    Open {
        /// Number of a document that has something to do with it all the same.
        document: Option<String>,
    },
    /// Not said: only a note stands beside it.
    Nothing,
}

impl Said {
    /// The document that is named.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        match self {
            Self::Done { document, .. } | Self::Open { document } => document.as_deref(),
            Self::Nothing => None,
        }
    }
}

/// A line that a person has filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StocktakeLine {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The plan, as written; may be empty.
    pub plan: String,
    /// The task, as written.
    pub task: String,
    /// The agency, as written.
    pub agency: String,
    /// What it says.
    pub said: Said,
    /// A note; may be empty.
    pub note: String,
}

/// A table that was read.
#[derive(Clone, Debug, Default)]
pub struct Stocktake {
    /// Where it stands.
    pub file: PathBuf,
    /// The lines that say how something stands, or have a note.
    pub lines: Vec<StocktakeLine>,
    /// How many lines say not how it stands.
    pub unanswered: usize,
    /// What is wrong with the others.
    pub problems: Problems,
}

impl Stocktake {
    /// What is wrong with one of its lines.
    #[must_use]
    pub fn problem(&self, line: usize, key: &str, problem: String, remedy: String) -> Problem {
        Problem {
            file: self.file.clone(),
            line,
            key: key.to_owned(),
            problem,
            remedy,
        }
    }

    pub(super) fn unclosed(&mut self, line: usize) {
        let problem = "a quotation mark opens here that nothing closes".to_owned();
        let remedy = "close it, or save the table anew as CSV";
        self.wrong(line, "", problem, remedy);
    }

    pub(super) fn wrong(
        &mut self,
        line: usize,
        key: &str,
        problem: String,
        remedy: impl Into<String>,
    ) {
        let problem = self.problem(line, key, problem, remedy.into());
        self.problems.errors.push(problem);
    }
}
