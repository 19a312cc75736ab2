//! Opening, migrating, and refusing what is not ours to open.

use std::os::unix::fs::PermissionsExt as _;

use dondoc::store::db::known_version;
use dondoc::store::{Db, StoreError, Tx, contacts, plans};

use super::given::{contact, loaded_plan, morning};
use crate::support::db::{execute, on_both_databases};

/// SQLite gives its log and its index the mode of the file.
#[tokio::test]
async fn a_new_file_is_readable_by_its_owner_only_and_one_that_is_there_keeps_its_mode() {
    let test = crate::support::db::sqlite().await;
    for end in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{}{end}", test.url))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{end}");
    }
    std::fs::set_permissions(&test.url, std::fs::Permissions::from_mode(0o640)).unwrap();
    Db::open(&test.url).await.unwrap();
    assert_eq!(
        std::fs::metadata(&test.url).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

on_both_databases! {
    async fn migrating_again_changes_nothing(test: TestDb) {
        test.db.migrate().await.unwrap();
        assert_eq!(test.db.version().await.unwrap(), Some(known_version()));
    }

    async fn a_newer_database_is_refused_by_name_and_version(test: TestDb) {
        make_newer(&test.db).await;
        let error = Db::open(&test.url).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 9999, .. }), "{error:?}");
        let said = error.to_string();
        for part in ["9999", &known_version().to_string(), "install the newer dondoc", &test.db.name()] {
            assert!(said.contains(part), "`{part}` is missing in: {said}");
        }
        assert!(!error.is_transient());
        assert!(matches!(test.db.refuse_newer().await, Err(StoreError::Newer { .. })));
        assert!(matches!(test.db.migrate().await, Err(StoreError::Newer { .. })));
    }

    async fn what_is_not_committed_leaves_no_trace(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
        drop(tx);
        let mut tx = test.db.snapshot().await.unwrap();
        assert_eq!(plans::list(&mut tx).await.unwrap(), []);
    }

    async fn a_snapshot_cannot_write(test: TestDb) {
        let mut tx = test.db.snapshot().await.unwrap();
        plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap_err();
    }

    async fn a_snapshot_sees_one_moment(test: TestDb) {
        let mut before = test.db.snapshot().await.unwrap();
        assert_eq!(plans::list(&mut before).await.unwrap().len(), 0);
        let mut tx = test.db.begin().await.unwrap();
        plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(plans::list(&mut before).await.unwrap().len(), 0);
    }

    async fn a_word_that_is_not_known_is_named_with_its_table_row_and_column(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
        let people = [contact("snv.officer", "SNV")];
        contacts::upsert(&mut tx, &people, morning(1, 2)).await.unwrap();
        tx.commit().await.unwrap();
        run(&test.db, "UPDATE contacts SET role = 'king'").await;
        let mut tx = test.db.snapshot().await.unwrap();
        let error = contacts::list(&mut tx).await.unwrap_err();
        assert_eq!(error.to_string(), "table `contacts`, row snv.officer, column `role`: `king` is not understood");
    }
}

/// Four programs start at once on a database without tables.
async fn start_together(url: &str) {
    let mut programs = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let url = url.to_owned();
        programs.spawn(async move {
            let db = Db::open(&url).await.unwrap();
            db.migrate().await.unwrap();
            db.version().await.unwrap()
        });
    }
    assert_eq!(programs.join_all().await, [Some(known_version()); 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_at_once_on_a_new_file_migrate_it_once() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever turns a new file to WAL meets the others there in few of the attempts.
    for attempt in 0..20 {
        let file = folder.path().join(format!("{attempt}.db"));
        start_together(file.to_str().unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_at_once_on_a_new_server_migrate_it_once() {
    start_together(&crate::support::db::empty_postgres().await).await;
}

async fn make_newer(db: &Db) {
    let sql =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
               SELECT 9999, 'from the future', success, checksum, 1 FROM _sqlx_migrations LIMIT 1";
    run(db, sql).await;
}

async fn run(db: &Db, sql: &'static str) {
    let mut tx = db.begin().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.db");
    std::fs::write(&path, "Quyết định số 4353/QĐ-UBND".repeat(100)).unwrap();
    let error = Db::open(path.to_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_folder_that_is_missing_is_said_to_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none").join("dondoc.db");
    let error = Db::open(path.to_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, StoreError::NoFolder { .. }), "{error:?}");
    assert!(error.to_string().contains("there is no folder"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_down_is_said_to_be_unavailable_without_the_password() {
    let error = Db::open("postgres://me:s3cret@127.0.0.1:1/dondoc")
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("s3cret"));
}

#[tokio::test]
async fn a_name_of_another_kind_of_database_is_refused() {
    for name in [
        "mysql://me:s3cret@host/dondoc",
        "postgres://me:s3cret@host:port/dondoc",
        "",
    ] {
        let error = Db::open(name).await.unwrap_err();
        assert!(matches!(error, StoreError::BadName { .. }), "{error:?}");
        assert!(!format!("{error:?} {error}").contains("s3cret"));
    }
}

#[tokio::test]
async fn a_database_in_memory_keeps_its_rows_between_transactions() {
    let db = Db::open("sqlite::memory:").await.unwrap();
    db.migrate().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.snapshot().await.unwrap();
    assert_eq!(plans::list(&mut tx).await.unwrap(), [loaded_plan("a")]);
}

#[tokio::test]
async fn a_transaction_that_sqlite_ended_by_itself_is_not_the_last() {
    let test = crate::support::db::sqlite().await;
    let mut tx = test.db.begin().await.unwrap();
    execute(&mut tx, "ROLLBACK").await.unwrap(); // as SQLite may when the disk is full
    drop(tx);
    let mut tx = test.db.begin().await.unwrap();
    plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full_and_loses_nothing_before() {
    let test = crate::support::db::sqlite().await;
    let mut tx = test.db.begin().await.unwrap();
    plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
    tx.commit().await.unwrap();
    run(&test.db, "PRAGMA max_page_count = 1").await; // SQLite answers as on a full disk
    let mut tx = test.db.begin().await.unwrap();
    let mut big = loaded_plan("b");
    big.title = "x".repeat(1 << 20);
    let error = plans::upsert(&mut tx, &big).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    drop(tx);
    let mut tx = test.db.snapshot().await.unwrap();
    assert_eq!(plans::list(&mut tx).await.unwrap(), [loaded_plan("a")]);
}
