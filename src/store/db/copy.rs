//! Whole copies of a SQLite database: making one while others write, and looking into one that is put aside.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection, Row as _, query, query_as};

use super::schema::SQLITE_MIGRATIONS;
use super::{Db, SqliteFile};
use crate::store::error::{Doing, StoreError};

/// The tables whose rows tell whether a copy is whole.
const COUNTED: [&str; 5] = ["plans", "contacts", "obligations", "events", "deliveries"];

/// How many rows a table of a copy has.
pub type Count = (&'static str, i64);

/// A migration that was not applied yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its number: the schema version behind it.
    pub version: i64,
    /// What it is about.
    pub description: String,
}

impl Db {
    /// Opens a copy that nobody writes, read-only and without leaving a file beside it.
    ///
    /// # Errors
    /// When it cannot be opened, is no database, or a newer program has migrated it.
    pub async fn open_copy(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(true)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .doing(format_args!("opening {}", path.display()))?;
        let db = Self::Sqlite(SqliteFile {
            readers: pool.clone(),
            writer: pool,
            is_temporary: false,
        });
        db.refuse_newer().await?;
        Ok(db)
    }

    /// Writes all of it, as of one moment, into the empty file `path`, without what was deleted. Others read and write
    /// meanwhile.
    ///
    /// # Errors
    /// When it cannot; the file may then hold a part. A server is copied by its own tools.
    pub async fn copy_into(&self, path: &Path) -> Result<(), StoreError> {
        let Self::Sqlite(file) = self else {
            return Err(StoreError::NotAFile {
                database: self.name(),
            });
        };
        let doing = format!("copying {} to {}", self.name(), path.display());
        // A connection of its own: those that only read may not do it, and the one that writes has other work.
        let options = file.writer.connect_options();
        let mut connection = options.connect().await.doing(&doing)?;
        query("VACUUM INTO $1")
            .bind(path.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await
            .doing(&doing)?;
        connection.close().await.doing(&doing)
    }

    /// What is wrong with the pages, indexes and references of the file; empty when it is sound, and for a server, which
    /// looks after that itself.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub async fn defects(&self) -> Result<Vec<String>, StoreError> {
        let Self::Sqlite(file) = self else {
            return Ok(Vec::new());
        };
        let doing = format!("checking {}", self.name());
        let mut connection = file.readers.acquire().await.doing(&doing)?;
        let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(20)")
            .fetch_all(&mut *connection)
            .await
            .doing(&doing)?;
        let orphans = query("PRAGMA foreign_key_check")
            .fetch_all(&mut *connection)
            .await
            .doing(&doing)?;
        let orphans = orphans.iter().take(20).map(|row| {
            let table: String = row.try_get(0).unwrap_or_default();
            format!("a row of {table} names what is not there")
        });
        let found = found.into_iter().filter(|line| line != "ok");
        Ok(found.chain(orphans).collect())
    }

    /// How many rows the most important tables have.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Vec<Count>, StoreError> {
        let mut tx = self.snapshot().await?;
        on!(&mut tx, conn => {
            let (plans, contacts, obligations, events, deliveries): (i64, i64, i64, i64, i64) = query_as(
                "SELECT (SELECT count(*) FROM plans), (SELECT count(*) FROM contacts),
                        (SELECT count(*) FROM obligations), (SELECT count(*) FROM events),
                        (SELECT count(*) FROM deliveries)",
            )
            .fetch_one(conn)
            .await
            .doing("counting rows")?;
            let counted = [plans, contacts, obligations, events, deliveries];
            Ok(COUNTED.into_iter().zip(counted).collect())
        })
    }

    /// The migrations that were not applied yet, oldest first.
    ///
    /// # Errors
    /// When the version cannot be read.
    pub async fn pending(&self) -> Result<Vec<Pending>, StoreError> {
        let version = self.version().await?.unwrap_or(0);
        let known = SQLITE_MIGRATIONS.iter();
        let pending = known.filter(|one| one.version > version);
        Ok(pending
            .map(|one| Pending {
                version: one.version,
                description: one.description.to_string(),
            })
            .collect())
    }
}

/// A file that nobody else has open, and that nobody can open for reading or writing until this is dropped.
#[derive(Debug)]
pub struct Alone {
    /// Closed when it is dropped.
    _connection: SqliteConnection,
}

impl Alone {
    /// Locks others out of the file; `None` when somebody has it open, a daemon or another command. What its log holds is
    /// folded into it.
    ///
    /// # Errors
    /// When it cannot be opened or is no database.
    pub async fn with(path: &Path) -> Result<Option<Self>, StoreError> {
        let doing = format!("locking {}", path.display());
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .busy_timeout(Duration::ZERO)
            .disable_statement_logging();
        let mut connection = options.connect().await.doing(&doing)?;
        for statement in ["PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE"] {
            // The log is given up only by the last who has the file open.
            match query(statement)
                .execute(&mut connection)
                .await
                .doing(&doing)
            {
                Ok(_) => {}
                Err(StoreError::Busy { .. }) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(Self {
            _connection: connection,
        }))
    }
}
