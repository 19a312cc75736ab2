//! A value and where it stands.

use std::ops::Deref;
use std::path::PathBuf;

use crate::files::problem::Problem;

/// Where in a file something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// The key with its tables: `task[II.2].lead`.
    pub key: String,
}

impl Place {
    /// A problem in this place.
    pub(crate) fn problem(&self, problem: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem {
            file: self.file.clone(),
            line: self.line,
            key: self.key.clone(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Field<T> {
    /// What it says.
    pub value: T,
    /// Where it says so.
    pub at: Place,
}

impl<T> Deref for Field<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
