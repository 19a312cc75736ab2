//! Opening a database and its transactions.

mod copy;
mod schema;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Sqlite, Transaction, query, query_scalar};

use super::error::{Doing, StoreError, is_busy};
use super::tx::Tx;
pub use copy::{Alone, Count, Pending};
pub use schema::known_version;

/// How long a write waits for another program's write to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long between two attempts to open a file that others are just opening.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// How long a caller waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// Rows that SQLite's thread may read ahead of us: each time it waits for us costs two switches of threads.
const ROWS_AHEAD: usize = 1000;
/// What a temporary database keeps in memory before it writes to its file: 24 MB.
const CACHE_ALONE: &str = "-24576";
/// Bytes of its pages: each commit walks over all that were changed and not yet written to its file, so few are better.
const PAGE_ALONE: u32 = 16_384;
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;
/// How PostgreSQL begins a transaction that may write. One whose process stands still for so long is ended by the server:
/// its locks must not outlast the leases of that process ([`super::leases`]), or nobody could take its work over.
const POSTGRES_BEGIN: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '15s'";
/// What is asked of PostgreSQL for each connection: to give one up whose machine is gone, and whatever only reads after a
/// while too; and to plan each statement for the tables as they are, for one that was planned while a table was empty would
/// be kept after a morning has filled it, until somebody analyses it.
const POSTGRES_SETTINGS: [(&str, &str); 6] = [
    ("idle_in_transaction_session_timeout", "10min"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "3"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
    ("plan_cache_mode", "force_custom_plan"),
];

/// An open database. Clones share its connections.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file, served by this machine alone.
    Sqlite(SqliteFile),
    /// A server that several machines share.
    Postgres(PgPool),
}

/// The connections to one SQLite file.
///
/// SQLite has one writer at a time, so writers queue here, for one connection, and not in SQLite's busy loop.
/// A database in memory, or a temporary one, exists within one connection only: there both pools are that one, and whoever holds a
/// transaction must end it before beginning the next.
#[derive(Clone, Debug)]
pub struct SqliteFile {
    readers: SqlitePool,
    writer: SqlitePool,
    is_temporary: bool,
}

impl Db {
    /// Opens a database: a file path, `sqlite:FILE`, `sqlite::memory:` or `postgres://USER@HOST/NAME`. A missing file is
    /// created, empty: [`Db::migrate`] makes the tables. `sqlite:` alone is a temporary database, which SQLite keeps in a
    /// file of its own where it grows large, and which ends with the program.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer program has migrated it; otherwise that the name is bad or it cannot be opened.
    pub async fn open(database: &str) -> Result<Self, StoreError> {
        let bad_name = |source| StoreError::BadName {
            database: without_login(database),
            source,
        };
        let db = match database.split_once(':') {
            Some(("postgres" | "postgresql", _)) => {
                let options =
                    PgConnectOptions::from_str(database).map_err(|error| bad_name(Some(error)))?;
                Self::open_postgres(options, database).await?
            }
            Some(("sqlite", _)) => {
                let options = SqliteConnectOptions::from_str(database)
                    .map_err(|error| bad_name(Some(error)))?;
                Self::open_sqlite(options, database).await?
            }
            _ if database.is_empty() || database.contains("://") => return Err(bad_name(None)),
            _ => {
                Self::open_sqlite(SqliteConnectOptions::new().filename(database), database).await?
            }
        };
        db.refuse_newer().await?;
        Ok(db)
    }

    async fn open_sqlite(options: SqliteConnectOptions, name: &str) -> Result<Self, StoreError> {
        // synchronous = FULL: a commit survives a power cut. NORMAL would lose the last commits of the WAL, and we tell
        // Telegram and Zalo that a reply was received, and the relay that a mail may go, on the strength of a commit.
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .row_buffer_size(ROWS_AHEAD)
            .pragma("journal_size_limit", "67108864") // a large import does not leave a large WAL behind
            .disable_statement_logging();
        let in_memory = name.contains(":memory:") || name.contains("mode=memory");
        let temporary = options.get_filename().as_os_str().is_empty();
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let only_one = pool()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None);
        let opening = format!("opening database {name}");
        if in_memory || temporary {
            // It ends with the program: nothing of it has to survive a power cut.
            let pool = only_one
                .connect_with(
                    options
                        .shared_cache(false)
                        .journal_mode(SqliteJournalMode::Memory)
                        .synchronous(SqliteSynchronous::Off)
                        .page_size(PAGE_ALONE)
                        .pragma("cache_size", CACHE_ALONE),
                )
                .await
                .doing(&opening)?;
            return Ok(Self::Sqlite(SqliteFile {
                readers: pool.clone(),
                writer: pool,
                is_temporary: true,
            }));
        }
        // What is erased is overwritten, not only forgotten.
        let options = options.pragma("secure_delete", "ON");
        if let Some(folder) = options.get_filename().parent()
            && folder != Path::new("")
            && !folder.exists()
        {
            return Err(StoreError::NoFolder {
                database: name.to_owned(),
                folder: folder.display().to_string(),
            });
        }
        make_private(options.get_filename());
        let writer = connect_patiently(only_one, &options)
            .await
            .doing(&opening)?;
        let readers = pool()
            .max_connections(SQLITE_READERS)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self::Sqlite(SqliteFile {
            readers,
            writer,
            is_temporary: false,
        }))
    }

    async fn open_postgres(options: PgConnectOptions, name: &str) -> Result<Self, StoreError> {
        let options = options
            .application_name("dondoc")
            .options(POSTGRES_SETTINGS)
            .disable_statement_logging();
        // One connection by hand first: the pool would hide "connection refused" behind a timeout of its own.
        let first = tokio::time::timeout(ACQUIRE_TIMEOUT, options.connect())
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))
            .doing(format_args!("opening database {}", without_login(name)))?;
        first.close().await.doing("closing the first connection")?;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self::Postgres(pool))
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`), so that it
    /// never fails half-way because somebody else wrote since it read.
    ///
    /// # Errors
    /// When no connection or lock is to be had.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite(file) => begin_to_write(file)
                .await
                .map(|begun| Tx::Sqlite(begun.into())),
            Self::Postgres(pool) => begin_whole(pool, POSTGRES_BEGIN).await,
        }
        .doing("beginning a transaction")
    }

    /// Begins a transaction that only reads, and sees the database as of one moment. It waits for no writer.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite(file) => file
                .readers
                .begin_with("BEGIN DEFERRED")
                .await
                .map(|begun| Tx::Sqlite(begun.into())),
            Self::Postgres(pool) => {
                begin_whole(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
            }
        }
        .doing("beginning to read")
    }

    /// How large it is, in bytes, with its indexes; on SQLite without the log of what was written last.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let size = match self {
            Self::Sqlite(_) => {
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            }
            Self::Postgres(_) => "SELECT pg_database_size(current_database())",
        };
        let mut tx = self.snapshot().await?;
        let bytes: i64 = on!(&mut tx, conn => query_scalar(size).fetch_one(&mut *conn).await)
            .doing("reading the size of the database")?;
        Ok(bytes.unsigned_abs())
    }

    /// How to call it in a message: file or host and name, never a password.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite(file) => {
                let options = file.writer.connect_options();
                format!("database {}", options.get_filename().display())
            }
            Self::Postgres(pool) => {
                let options = pool.connect_options();
                let name = options.get_database().unwrap_or_default();
                format!("database {name} on {}", options.get_host())
            }
        }
    }

    /// Writes a file anew, so that nothing stands in its unused parts: where rows were moved from one page to another, what they
    /// held stays behind, and overwriting them does not reach it. Others wait to write meanwhile, and it needs as much room
    /// again on the disk. A server looks after its own.
    ///
    /// # Errors
    /// When the disk is full, or another program writes for long.
    pub async fn rewrite(&self) -> Result<(), StoreError> {
        let Self::Sqlite(file) = self else {
            return Ok(());
        };
        query("VACUUM")
            .execute(&file.writer)
            .await
            .map(drop)
            .doing("writing the database anew")
    }

    /// Empties the log beside a file, so that what was overwritten stands there no more either. True when it is empty: another
    /// program that is reading an older state keeps it, for ten seconds at most it is waited for. A server looks after its own.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn empty_log(&self) -> Result<bool, StoreError> {
        let Self::Sqlite(file) = self else {
            return Ok(true);
        };
        let busy: i64 = query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&file.writer)
            .await
            .doing("emptying the log of the database")?;
        Ok(busy == 0)
    }

    /// Closes every connection after its work is done. SQLite then folds the WAL into the file.
    pub async fn close(self) {
        match self {
            Self::Sqlite(file) => {
                file.readers.close().await;
                file.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Connects, also while other programs open the same new file: whoever turns it to the WAL mode needs it alone, and
/// SQLite's own patience ([`BUSY_TIMEOUT`]) does not hold in every moment of that.
async fn connect_patiently(
    pool: SqlitePoolOptions,
    file: &SqliteConnectOptions,
) -> Result<SqlitePool, sqlx::Error> {
    let until = tokio::time::Instant::now() + BUSY_TIMEOUT;
    loop {
        match pool.clone().connect_with(file.clone()).await {
            Err(error) if is_busy(&error) && tokio::time::Instant::now() < until => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            connected => return connected,
        }
    }
}

/// Begins a transaction to write also after one that SQLite has ended by itself, as it may when the disk is full. sqlx
/// could not roll that back, believes to be in it still, and would begin no other on this connection: another takes its
/// place, except where the database ends with the connection.
async fn begin_to_write(file: &SqliteFile) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    let statement = "BEGIN IMMEDIATE";
    match file.writer.begin_with(statement).await {
        Err(sqlx::Error::InvalidSavePointStatement) if !file.is_temporary => {
            file.writer.acquire().await?.close().await?;
            file.writer.begin_with(statement).await
        }
        begun => begun,
    }
}

/// Begins a transaction even when the caller is dropped meanwhile: sqlx would give the connection back to the pool with
/// the transaction open, and whoever gets it next would write into it, or be refused because it only reads.
async fn begin_whole(pool: &PgPool, statement: &'static str) -> Result<Tx, sqlx::Error> {
    let pool = pool.clone();
    let beginning = tokio::spawn(async move { pool.begin_with(statement).await });
    match beginning.await {
        Ok(begun) => begun.map(|begun| Tx::Postgres(begun.into())),
        Err(_) => Err(sqlx::Error::WorkerCrashed),
    }
}

/// Makes the file where it is missing, for its owner only: SQLite gives its WAL and the rest the mode of the database.
fn make_private(file: &Path) {
    let mut options = OpenOptions::new();
    // What is there keeps its mode, and what cannot be made is said by SQLite, which tries next.
    let _ = options.write(true).create_new(true).mode(0o600).open(file);
}

/// `postgres://user:secret@host/name?password=secret` -> `postgres://host/name`.
fn without_login(database: &str) -> String {
    let Some((scheme, rest)) = database.split_once("://") else {
        return database.to_owned();
    };
    let place = rest.split('?').next().unwrap_or_default();
    let place = place.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_repeated() {
        assert_eq!(
            without_login("postgres://me:s@cret@db/x"),
            "postgres://db/x"
        );
        assert_eq!(
            without_login("postgres://db/x?password=secret"),
            "postgres://db/x"
        );
        assert_eq!(without_login("sqlite:a@b.db"), "sqlite:a@b.db");
    }
}
