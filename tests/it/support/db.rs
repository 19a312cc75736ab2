//! A fresh, migrated database for each test.

use dondoc::store::Db;
use tempfile::TempDir;

use super::postgres;

/// A database of one test. The file lives as long as this value, the PostgreSQL database as long as the process.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// What to give to [`Db::open`] for another handle on it, as another process has.
    pub url: String,
    _folder: Option<TempDir>,
}

/// On a file in a folder of its own.
pub async fn sqlite() -> TestDb {
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
pub async fn postgres() -> TestDb {
    let url = postgres::migrated_database().await;
    TestDb {
        db: Db::open(&url).await.unwrap(),
        url,
        _folder: None,
    }
}

/// The URL of a PostgreSQL database without any table.
pub async fn empty_postgres() -> String {
    postgres::empty_database().await
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
                    check($crate::support::db::sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    check($crate::support::db::postgres().await).await;
                }
            }
        )*
    };
}
pub(crate) use on_both_databases;
