//! What is wrong with a file, said so that the person who edits it can put it right.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// One thing that is wrong in one place of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, as it was named to us.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// The key: `task[II.2].lead`; empty where the whole file is meant.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file.display(), self.line)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}; {}", self.problem, self.remedy)
    }
}

/// Everything that is wrong in some files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// Nothing is loaded while there is one of these.
    pub errors: Vec<Problem>,
    /// What was loaded leaves something out until a person has looked at it.
    pub warnings: Vec<Problem>,
}

impl Problems {
    /// Whether nothing stands in the way of loading.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.errors.is_empty()
    }

    /// Adds what was found elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.errors.extend(other.errors);
        self.warnings.extend(other.warnings);
    }

    /// The value, if everything it is made of was readable.
    ///
    /// # Errors
    /// These problems, if one of them is an error.
    pub(crate) fn admit<T>(mut self, value: Option<T>) -> Result<(T, Vec<Problem>), Self> {
        self.sort();
        match value {
            Some(value) if self.is_fine() => Ok((value, self.warnings)),
            _ => Err(self),
        }
    }

    /// By file in the order of first mention, then by line.
    fn sort(&mut self) {
        for list in [&mut self.errors, &mut self.warnings] {
            let mut files: Vec<PathBuf> = Vec::new();
            for problem in list.iter() {
                if !files.contains(&problem.file) {
                    files.push(problem.file.clone());
                }
            }
            list.sort_by_key(|problem| {
                let file = files.iter().position(|file| *file == problem.file);
                (file, problem.line)
            });
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.errors.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
