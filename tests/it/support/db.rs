//! A fresh, migrated database for each test.

use std::path::Path;

use dondoc::store::{Db, Tx};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, query_as};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::postgres;
pub(crate) use super::postgres::find_programs;

/// A database of one test. The file lives as long as this value, the PostgreSQL database as long as the process.
pub(crate) struct TestDb {
    /// The open database.
    pub(crate) db: Db,
    /// What to give to [`Db::open`] for another handle on it, as another process has.
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

/// On a file in a folder of its own.
pub(crate) async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("dondoc.db").to_str().unwrap().to_owned();
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    TestDb {
        db,
        url,
        _folder: Some(folder),
    }
}

/// The same from a copy of one that was migrated before, for those who need many.
pub(crate) async fn sqlite_copy() -> TestDb {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let migrated = MIGRATED
        .get_or_init(|| async {
            let test = sqlite().await;
            test.db.close().await;
            std::fs::read(&test.url).unwrap()
        })
        .await;
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("dondoc.db").to_str().unwrap().to_owned();
    std::fs::write(Path::new(&url), migrated).unwrap();
    TestDb {
        db: Db::open(&url).await.unwrap(),
        url,
        _folder: Some(folder),
    }
}

/// On the throw-away PostgreSQL server of this process.
pub(crate) async fn postgres() -> TestDb {
    TestDb::at(postgres::migrated_database().await).await
}

impl TestDb {
    /// One that somebody else has made and keeps.
    pub(crate) async fn at(url: String) -> Self {
        Self {
            db: Db::open(&url).await.unwrap(),
            url,
            _folder: None,
        }
    }
}

/// The URL of a PostgreSQL database without any table.
pub(crate) async fn empty_postgres() -> String {
    postgres::empty_database().await
}

/// What a query finds.
pub(crate) async fn rows<T>(db: &Db, sql: &'static str) -> Vec<T>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let mut tx = db.snapshot().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => query_as(sql).fetch_all(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => query_as(sql).fetch_all(&mut **tx).await.unwrap(),
    }
}

/// Runs statements within a transaction.
pub(crate) async fn execute(tx: &mut Tx, sql: &str) -> Result<(), sqlx::Error> {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    match tx {
        Tx::Sqlite(tx) => sql.execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sql.execute(&mut **tx).await.map(drop),
    }
}

/// Passes a future on. Every function of the store must be one that the daemon can spawn.
pub(crate) fn must_be_send<F: Future + Send>(future: F) -> F {
    future
}

/// Runs statements as somebody would who owns the database: what guards the ledger is taken off first, for good on a file,
/// for these statements on a server.
pub(crate) async fn tamper(db: &Db, sql: &str) {
    const OFF_FILE: &str = "DROP TRIGGER IF EXISTS events_change; DROP TRIGGER IF EXISTS events_removal; \
        DROP TRIGGER IF EXISTS seals_change; DROP TRIGGER IF EXISTS seals_removal; \
        DROP TRIGGER IF EXISTS heads_removal; DROP TRIGGER IF EXISTS erasures_change; \
        DROP TRIGGER IF EXISTS erasures_removal";
    const OFF_SERVER: &str = "SET LOCAL session_replication_role = replica";
    let mut tx = db.begin().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => {
            let sql = AssertSqlSafe(format!("{OFF_FILE}; {sql}"));
            sqlx::raw_sql(sql).execute(&mut **tx).await.unwrap();
        }
        Tx::Postgres(tx) => {
            let sql = AssertSqlSafe(format!("{OFF_SERVER}; {sql}"));
            sqlx::raw_sql(sql).execute(&mut **tx).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// Makes two tests, `sqlite` and `postgres`, of each function; it gets a fresh database.
macro_rules! on_both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($test:ident: TestDb) $body:block)*) => {
        $(
            mod $name {
                use super::*;

                $(#[$doc])*
                async fn check($test: $crate::support::db::TestDb) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    $crate::support::db::must_be_send(check($crate::support::db::sqlite().await)).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    $crate::support::db::must_be_send(check($crate::support::db::postgres().await)).await;
                }
            }
        )*
    };
}
pub(crate) use on_both_databases;
