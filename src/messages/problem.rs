//! What is wrong with the files of `messages/`, said so that it can be put right.

use std::fmt;

/// One thing wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, with its folder as the operator knows it.
    pub file: String,
    /// Its line, from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
}

impl Problem {
    /// A problem with the file as a whole.
    pub(super) fn of_file(
        file: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// A problem on one line of the file.
    pub(super) fn at_line(self, line: Option<usize>) -> Self {
        Self { line, ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}; {}", self.problem, self.remedy)
    }
}

/// The messages cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot load the messages:\n{}", lines(.problems))]
pub struct LoadError {
    /// Every problem found, in the order of the files.
    pub problems: Vec<Problem>,
}

/// A message could not be rendered.
#[derive(Clone, Debug, thiserror::Error)]
#[error("cannot render {0}")]
pub struct RenderError(pub Problem);

impl RenderError {
    /// The program panicked over one message.
    #[must_use]
    pub fn fault() -> Self {
        Self(Problem::of_file(
            "this message",
            "a fault of the program",
            "look for \"panicked\" in the log",
        ))
    }

    /// The words are not made any more, for this reason.
    #[must_use]
    pub fn given_up(why: impl Into<String>) -> Self {
        Self(Problem::of_file(
            "this message",
            why,
            "mend the template, load it again (SIGHUP), or `dondoc outbox retry`",
        ))
    }
}

fn lines(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(Problem::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
