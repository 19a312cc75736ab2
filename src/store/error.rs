//! What can go wrong in the store, as far as a caller acts differently on it.

use std::fmt::Display;

use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// A failure of the store. `doing` says what was attempted and with which item.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The name of the database says neither a file nor a PostgreSQL URL, or has a bad part. Never shows a password.
    #[error(
        "`{database}` does not name a database: write a file path, `sqlite:FILE` or `postgres://USER@HOST/NAME`"
    )]
    BadName {
        /// The name, without user and password.
        database: String,
        /// What is wrong with it, where the driver says so.
        #[source]
        source: Option<sqlx::Error>,
    },
    /// The file should lie in a folder that is not there.
    #[error(
        "opening database {database}: there is no folder {folder}; create it, or correct `database` of the configuration"
    )]
    NoFolder {
        /// The file.
        database: String,
        /// Its folder.
        folder: String,
    },
    /// The file, or one that SQLite keeps beside it, is not to be opened or not to be written.
    #[error(
        "{doing}: the file cannot be opened and written; let the user that runs dondoc own the file and its folder, on a disk that is not read-only"
    )]
    NotAllowed {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The disk under the file gives errors.
    #[error("{doing}: the disk of the database cannot be read or written; look at the disk")]
    Disk {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// No connection: server down, network cut. Trying again later may help.
    #[error("{doing}: the database cannot be reached")]
    Unavailable {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The server answers, and has no such database or user, or does not take the password.
    #[error(
        "{doing}: the server does not let us in; make the database and its user (docs/installation.md), or correct `database` of the \
         configuration"
    )]
    NoEntry {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// Somebody else holds a lock, or two transactions blocked each other. Trying again at once may help.
    #[error("{doing}: the database is locked by somebody else")]
    Busy {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The disk of the database is full. Nothing of the transaction was written.
    #[error("{doing}: the disk of the database is full; free some space")]
    Full {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The file is damaged, or not a database at all.
    #[error("{doing}: the database file is damaged or is not a database; restore a backup")]
    Damaged {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// A newer Dondoc has been here.
    #[error(
        "{database} has schema version {found}, this program knows versions up to {known}: \
         install the newer dondoc, or restore the backup made before the upgrade"
    )]
    Newer {
        /// Which database, without user and password.
        database: String,
        /// The version found in it.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A server, where only a file will do.
    #[error("{database} is no file")]
    NotAFile {
        /// Which database, without user and password.
        database: String,
    },
    /// A migration failed; the schema is as it was before.
    #[error("bringing {database} to schema version {known}")]
    Migration {
        /// Which database, without user and password.
        database: String,
        /// The version that was wanted.
        known: i64,
        /// The cause.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// A row holds something that this program does not understand.
    #[error("table `{table}`, row {row}, column `{column}`: `{value}` is not understood")]
    BadValue {
        /// The table.
        table: &'static str,
        /// The key of the row.
        row: String,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// Anything else: a broken constraint, a wrong statement. A defect of the program.
    #[error("{doing}: the database refused it")]
    Bug {
        /// What was being done.
        doing: String,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing the program or its data.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. }
                | Self::NoEntry { .. }
                | Self::Busy { .. }
                | Self::Full { .. }
                | Self::NoFolder { .. }
                | Self::NotAllowed { .. }
                | Self::Disk { .. }
        )
    }
}

/// Says what was being done when the database failed.
pub(super) trait Doing<T> {
    /// Turns a driver error into a [`StoreError`] of the right kind.
    fn doing(self, what: impl Display) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, what: impl Display) -> Result<T, StoreError> {
        self.map_err(|source| {
            let doing = what.to_string();
            match cause(&source) {
                Cause::Unavailable => StoreError::Unavailable { doing, source },
                Cause::NoEntry => StoreError::NoEntry { doing, source },
                Cause::Busy => StoreError::Busy { doing, source },
                Cause::Full => StoreError::Full { doing, source },
                Cause::NotAllowed => StoreError::NotAllowed { doing, source },
                Cause::Disk => StoreError::Disk { doing, source },
                Cause::Damaged => StoreError::Damaged { doing, source },
                Cause::Bug => StoreError::Bug { doing, source },
            }
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Unavailable,
    NoEntry,
    Busy,
    Full,
    NotAllowed,
    Disk,
    Damaged,
    Bug,
}

fn cause(error: &sqlx::Error) -> Cause {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Cause::Unavailable,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            if error.try_downcast_ref::<SqliteError>().is_some() {
                cause_of_sqlite(&code)
            } else if error.try_downcast_ref::<PgDatabaseError>().is_some() {
                cause_of_postgres(&code)
            } else {
                Cause::Bug
            }
        }
        _ => Cause::Bug,
    }
}

/// Whether somebody else holds what was asked for, and will let it go.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    cause(error) == Cause::Busy
}

/// <https://www.sqlite.org/rescode.html>; the low byte of an extended code is the primary code.
fn cause_of_sqlite(code: &str) -> Cause {
    const NO_ROOM_FOR_INDEX: i32 = 0x130a; // IOERR_SHMSIZE: the index of the log cannot grow
    let code = code.parse::<i32>().unwrap_or_default();
    match code & 0xff {
        _ if code == NO_ROOM_FOR_INDEX => Cause::Full,
        5 | 6 => Cause::Busy,        // BUSY, LOCKED
        13 => Cause::Full,           // FULL
        11 | 26 => Cause::Damaged,   // CORRUPT, NOTADB
        8 | 14 => Cause::NotAllowed, // READONLY, CANTOPEN
        10 => Cause::Disk,           // IOERR
        _ => Cause::Bug,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn cause_of_postgres(code: &str) -> Cause {
    match code {
        "40001" | "40P01" | "55P03" | "57014" => Cause::Busy, // serialization, deadlock, lock timeout, cancelled
        "53100" => Cause::Full,
        // shutting down, crashed, starting up, stood still in a transaction; read-only standby
        "57P01" | "57P02" | "57P03" | "57P05" | "25006" | "25P03" => Cause::Unavailable,
        // unknown database or role, wrong password
        "3D000" | "28000" | "28P01" => Cause::NoEntry,
        "XX001" | "XX002" => Cause::Damaged,
        _ if code.starts_with("08") || code.starts_with("53") || code.starts_with("58") => {
            Cause::Unavailable
        }
        _ => Cause::Bug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_either_database_tells_what_a_caller_can_do() {
        for (code, expected) in [
            ("5", Cause::Busy),
            ("517", Cause::Busy), // BUSY_SNAPSHOT
            ("13", Cause::Full),
            ("26", Cause::Damaged),
            ("14", Cause::NotAllowed),
            ("1544", Cause::NotAllowed), // READONLY_DIRECTORY
            ("4874", Cause::Full),       // IOERR_SHMSIZE
            ("266", Cause::Disk),        // IOERR_READ
            ("2067", Cause::Bug),        // CONSTRAINT_UNIQUE
        ] {
            assert_eq!(cause_of_sqlite(code), expected, "{code}");
        }
        for (code, expected) in [
            ("40P01", Cause::Busy),
            ("53100", Cause::Full),
            ("53300", Cause::Unavailable),
            ("08006", Cause::Unavailable),
            ("57P01", Cause::Unavailable),
            ("3D000", Cause::NoEntry),
            ("28P01", Cause::NoEntry),
            ("23505", Cause::Bug),
            ("42P01", Cause::Bug),
        ] {
            assert_eq!(cause_of_postgres(code), expected, "{code}");
        }
    }
}
