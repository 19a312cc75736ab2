//! A fresh, migrated database for each test.

use dondoc::store::Db;
use tempfile::TempDir;

use super::postgres;

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

/// On the throw-away PostgreSQL server of this process.
pub(crate) async fn postgres() -> TestDb {
    let url = postgres::migrated_database().await;
    TestDb {
        db: Db::open(&url).await.unwrap(),
        url,
        _folder: None,
    }
}

/// The URL of a PostgreSQL database without any table.
pub(crate) async fn empty_postgres() -> String {
    postgres::empty_database().await
}

/// Passes a future on. Every function of the store must be one that the daemon can spawn.
pub(crate) fn must_be_send<F: Future + Send>(future: F) -> F {
    future
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
