//! Where obligations, messages and the ledger are kept.

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::load::Paths;
use super::secret::{SecretError, SecretKeys, SecretSource};
use crate::files::toml::{Field, Table};

/// The database.
#[derive(Clone)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the URL may hold a password.
    Postgres {
        /// `postgres://user@host/database`.
        url: SecretString,
        /// The password, when it is kept elsewhere.
        password: Option<SecretSource>,
    },
}

impl Database {
    /// Reads `database` and where its password is.
    pub(super) fn read(root: &mut Table<'_>, paths: &Paths<'_>) -> Option<Self> {
        let place = root.place_of_key("database");
        let name: Option<Field<String>> = root.optional_text("database");
        let keys = SecretKeys {
            variable: "database_password_env",
            file: "database_password_file",
        };
        let password = SecretSource::read(root, &keys, paths);
        let name = name?;
        if let Some(url) = name
            .strip_prefix("postgres:")
            .or_else(|| name.strip_prefix("postgresql:"))
        {
            // Parsing errors of a URL never quote it; neither do we: it may hold a password.
            match Url::parse(&name.value) {
                Ok(parsed) if url.starts_with("//") => {
                    if password.is_some() && parsed.password().is_some() {
                        let problem = "the URL holds a password and another is named";
                        paths.error(place.problem(problem, "take it out of the URL"));
                    }
                    return Some(Self::Postgres {
                        url: SecretString::from(name.value),
                        password,
                    });
                }
                _ => {
                    let remedy = "write postgres://user@host:5432/database";
                    paths.error(
                        place.problem("this is not the URL of a PostgreSQL database", remedy),
                    );
                    return None;
                }
            }
        }
        if password.is_some() {
            let problem = "a database file has no password";
            paths.error(place.problem(
                problem,
                "remove `database_password_…`, or write a postgres:// URL",
            ));
        }
        let path = name
            .strip_prefix("sqlite://")
            .or_else(|| name.strip_prefix("sqlite:"))
            .unwrap_or(&name);
        if path.contains("://") {
            let remedy = "write the path of a file, or postgres://user@host/database";
            paths.error(place.problem("this is neither a file nor a PostgreSQL database", remedy));
            return None;
        }
        Some(Self::Sqlite(paths.resolve(path)))
    }

    /// What the store opens: a path, or a URL with its password.
    ///
    /// # Errors
    /// That the password is not where it should be.
    pub fn target(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Sqlite(path) => Ok(SecretString::from(path.to_string_lossy().into_owned())),
            Self::Postgres {
                url,
                password: None,
            } => Ok(url.clone()),
            Self::Postgres {
                url,
                password: Some(source),
            } => {
                let password = source.reveal()?;
                // It was parsed when it was read.
                let Ok(mut parsed) = Url::parse(url.expose_secret()) else {
                    return Ok(url.clone());
                };
                let set = parsed.set_password(Some(password.expose_secret()));
                Ok(if set.is_ok() {
                    SecretString::from(String::from(parsed))
                } else {
                    url.clone()
                })
            }
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::Sqlite(PathBuf::from("dondoc.db"))
    }
}

/// Without user, password or parameters.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres { url, .. } => {
                let parsed = Url::parse(url.expose_secret()).ok();
                let host = parsed.as_ref().and_then(Url::host_str).unwrap_or_default();
                write!(
                    f,
                    "postgres://{host}{}",
                    parsed.as_ref().map(Url::path).unwrap_or_default()
                )
            }
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({self})")
    }
}
