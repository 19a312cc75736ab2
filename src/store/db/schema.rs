//! The schema of the database: its version, and bringing it to that of this program.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::query_scalar;

use super::Db;
use crate::store::chain;
use crate::store::error::{Doing, StoreError};

pub(super) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/postgres");

impl Db {
    /// Brings the tables to the version of this program, and seals the lines of a ledger that was kept before there were
    /// seals. Two programs may do so at once: the second waits, then finds nothing to do.
    ///
    /// # Errors
    /// [`StoreError::Newer`], or that a migration failed; the schema is then as before.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.refuse_newer().await?;
        let connecting = "beginning to migrate";
        // `run_direct` and not `run`: the future of the latter cannot be sent to another thread.
        let result = match self {
            // sqlx has no lock of its own on SQLite: the write lock of one transaction around all migrations serves.
            Self::Sqlite(file) => {
                let mut tx = file
                    .writer
                    .begin_with("BEGIN IMMEDIATE")
                    .await
                    .doing(connecting)?;
                match SQLITE_MIGRATIONS.run_direct(None, &mut *tx, false).await {
                    Ok(()) => tx.commit().await.map_err(Into::into),
                    Err(error) => Err(error),
                }
            }
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await.doing(connecting)?;
                connection.close_on_drop(); // a failed migration leaves it with sqlx's lock
                POSTGRES_MIGRATIONS
                    .run_direct(None, &mut *connection, false)
                    .await
            }
        };
        let (database, known) = (self.name(), known_version());
        match result {
            Ok(()) => chain::begin_all(self).await,
            // The disk, a lock, the network: the migration is not to blame.
            Err(MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) => {
                Err(source).doing(format_args!(
                    "bringing {database} to schema version {known}"
                ))
            }
            Err(source) => Err(StoreError::Migration {
                database,
                known,
                source,
            }),
        }
    }

    /// Checks that no newer program has migrated the database, as may happen while several machines are upgraded one by
    /// one. A daemon asks now and then, and stops writing.
    ///
    /// # Errors
    /// [`StoreError::Newer`], or that it could not be read.
    pub async fn refuse_newer(&self) -> Result<(), StoreError> {
        match self.version().await? {
            Some(found) if found > known_version() => Err(StoreError::Newer {
                database: self.name(),
                found,
                known: known_version(),
            }),
            _ => Ok(()),
        }
    }

    /// The schema version of the database; `None` before the first migration.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn version(&self) -> Result<Option<i64>, StoreError> {
        let table_exists = match self {
            Self::Sqlite(_) => "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
            Self::Postgres(_) => {
                "SELECT count(*) FROM pg_tables WHERE tablename = '_sqlx_migrations' AND schemaname = current_schema()"
            }
        };
        let mut tx = self.snapshot().await?;
        on!(&mut tx, conn => {
            let tables: i64 = query_scalar(table_exists).fetch_one(&mut *conn).await.doing("reading the schema")?;
            if tables == 0 {
                return Ok(None);
            }
            query_scalar("SELECT max(version) FROM _sqlx_migrations")
                .fetch_one(conn)
                .await
                .doing("reading the schema version")
        })
    }
}

/// The newest schema version that this program knows.
#[must_use]
pub fn known_version() -> i64 {
    SQLITE_MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_folders_hold_the_same_migrations() {
        let versions =
            |migrator: &Migrator| migrator.iter().map(|one| one.version).collect::<Vec<_>>();
        assert_eq!(versions(&SQLITE_MIGRATIONS), versions(&POSTGRES_MIGRATIONS));
    }
}
