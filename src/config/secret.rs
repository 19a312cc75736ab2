//! Secrets: named in the configuration, read from the environment or from a file, never shown.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::files::Problem;
use crate::files::toml::{Field, Place, Table};

/// A secret is one short line; more is another file.
const LONGEST: u64 = 64 * 1024;

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretSource {
    kept: Kept,
    at: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kept {
    Variable(String),
    File(PathBuf),
}

/// A secret that is not where the configuration says; it says so, and nothing of the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(pub Problem);

/// The keys that can name one secret.
pub(super) struct SecretKeys {
    pub variable: &'static str,
    pub file: &'static str,
}

impl SecretSource {
    /// Reads where a secret is kept; `None` when neither key is there.
    pub(super) fn read(
        table: &mut Table<'_>,
        keys: &SecretKeys,
        paths: &super::load::Paths<'_>,
    ) -> Option<Self> {
        let variable: Option<Field<String>> = table.optional_text(keys.variable);
        let file: Option<Field<String>> = table.optional_text(keys.file);
        match (variable, file) {
            (Some(variable), Some(file)) => {
                let problem = format!(
                    "the secret is named twice, by `{}` and by `{}`",
                    keys.variable, keys.file
                );
                paths.error(file.at.problem(problem, "keep one"));
                Some(Self {
                    kept: Kept::Variable(variable.value),
                    at: variable.at,
                })
            }
            (Some(variable), None) => {
                if !is_name(&variable) {
                    let remedy = "write the name of the variable, not the secret";
                    paths.error(
                        variable
                            .at
                            .problem("this is not the name of an environment variable", remedy),
                    );
                }
                Some(Self {
                    kept: Kept::Variable(variable.value),
                    at: variable.at,
                })
            }
            (None, Some(file)) => Some(Self {
                kept: Kept::File(paths.resolve(&file)),
                at: file.at,
            }),
            (None, None) => None,
        }
    }

    /// A secret in a file that the configuration does not name itself.
    pub(super) fn in_file(path: PathBuf) -> Self {
        let at = Place {
            file: path.clone(),
            line: 1,
            key: String::new(),
        };
        Self {
            kept: Kept::File(path),
            at,
        }
    }

    /// What is wrong with the secret, where it is named.
    pub(super) fn problem(&self, problem: impl Into<String>, remedy: &str) -> SecretError {
        SecretError(self.at.problem(problem, remedy))
    }

    /// The file that holds it, if it is one.
    pub(super) fn file(&self) -> Option<&std::path::Path> {
        match &self.kept {
            Kept::File(path) => Some(path),
            Kept::Variable(_) => None,
        }
    }

    /// The secret, without the line end an editor leaves behind.
    ///
    /// # Errors
    /// That it is not there, or empty.
    pub fn reveal(&self) -> Result<SecretString, SecretError> {
        let text = match &self.kept {
            Kept::Variable(name) => environment(name).ok_or_else(|| {
                self.problem(
                    format!("the environment variable{} is not set", shown(name)),
                    "set it for the user that runs dondoc",
                )
            })?,
            Kept::File(path) => read_short(path).map_err(|error| {
                let problem = format!("the secret cannot be read from {}: {error}", path.display());
                self.problem(
                    problem,
                    "create the file, readable by the user that runs dondoc only",
                )
            })?,
        };
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            return Err(self.problem("the secret is empty", "put it there, on one line"));
        }
        Ok(SecretString::from(secret.to_owned()))
    }
}

/// What POSIX lets a variable be called: letters, digits and underscores, no digit first.
fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// The name, where it looks like one by custom: somebody may have written the secret itself in its place.
fn shown(name: &str) -> String {
    let is_customary = name.contains('_')
        && name.len() <= 60
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if is_customary {
        format!(" {name}")
    } else {
        String::new()
    }
}

fn read_short(path: &std::path::Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)?
        .take(LONGEST)
        .read_to_string(&mut text)?;
    Ok(text)
}

/// The one look into the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
