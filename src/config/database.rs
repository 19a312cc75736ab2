//! Where obligations, messages and the ledger are kept.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::load::Paths;
use super::secret::{SecretError, SecretKeys, SecretSource};
use crate::files::toml::{Field, Table, Word};

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
        /// How far the way to it is to be trusted.
        tls: DatabaseTls,
    },
}

/// How far the way to a server on another machine is to be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatabaseTls {
    /// Only encrypted, to a server that was verified.
    #[default]
    Verified,
    /// As the URL says, at the administrator's own risk.
    Unverified,
}

impl Word for DatabaseTls {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("verified", Self::Verified),
        ("unverified", Self::Unverified),
    ];
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
        let unverified: Option<Field<DatabaseTls>> = root.optional("database_tls");
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
                    let tls = unverified.map_or(DatabaseTls::Verified, |given| given.value);
                    if tls == DatabaseTls::Verified && !is_verified(&parsed) {
                        let problem = format!(
                            "the connection to {} is not held to encryption by a server that was verified",
                            parsed.host_str().unwrap_or_default()
                        );
                        let remedy = "add ?sslmode=verify-full&sslrootcert=FILE to the URL, or accept the risk with database_tls = \"unverified\"";
                        paths.error(place.problem(problem, remedy));
                    }
                    return Some(Self::Postgres {
                        url: SecretString::from(name.value),
                        password,
                        tls,
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

    /// Whether the configuration file itself holds a password: in the URL.
    pub(super) fn has_password_in_url(&self) -> bool {
        let Self::Postgres { url, .. } = self else {
            return false;
        };
        Url::parse(url.expose_secret()).is_ok_and(|url| {
            url.password().is_some() || url.query_pairs().any(|(key, _)| key == "password")
        })
    }

    /// The URL of a server as it may be shown to its administrator: without any password.
    #[must_use]
    pub fn without_password(&self) -> Option<Url> {
        let Self::Postgres { url, .. } = self else {
            return None;
        };
        let mut url = Url::parse(url.expose_secret()).ok()?;
        let _ = url.set_password(None); // a URL without a host has none
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| key != "password")
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        Some(url)
    }

    /// The file that holds its password, where one does.
    pub(super) fn secret_file(&self) -> Option<&std::path::Path> {
        match self {
            Self::Postgres {
                password: Some(source),
                ..
            } => source.file(),
            _ => None,
        }
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
                ..
            } => Ok(url.clone()),
            Self::Postgres {
                url,
                password: Some(source),
                ..
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

/// Whether what goes over a network is encrypted to the server that was meant. A socket, and this machine, are no network.
fn is_verified(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_socket = name.is_empty() || name.to_ascii_lowercase().starts_with("%2f");
    let is_near =
        is_socket || name == "localhost" || address.is_ok_and(|address| address.is_loopback());
    let param = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let host = param("host").is_none_or(|host| host.starts_with('/') || host == "localhost");
    let mode = param("sslmode").or_else(|| param("ssl-mode"));
    is_near && host || mode.is_some_and(|mode| matches!(&*mode, "verify-full" | "verify-ca"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_has_to_show_who_it_is() {
        for (url, verified) in [
            ("postgres://d@localhost/d", true),
            ("postgres://d@127.0.0.1:5433/d", true),
            ("postgres://d@[::1]/d", true),
            ("postgres:///d", true),
            ("postgres:///d?host=/run/postgresql", true),
            ("postgres://%2Frun%2Fpostgresql/d", true),
            ("postgres:///d?host=db.example", false),
            ("postgres://d@db.example/d", false),
            ("postgres://d@10.0.0.5/d?sslmode=require", false),
            ("postgres://d@db.example/d?sslmode=prefer", false),
            (
                "postgres://d@db.example/d?sslmode=verify-full&sslrootcert=ca.pem",
                true,
            ),
        ] {
            assert_eq!(is_verified(&Url::parse(url).unwrap()), verified, "{url}");
        }
    }
}
