//! A database is copied under a running daemon, put back, and nothing is sent twice.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use dondoc::store::deliveries::DeliveryState;
use dondoc::store::{Db, links, watermarks};
use serde_json::Value;

use super::daemon::{Running, deliveries_of, printed, said};
use super::province::{Province, mail_by};
use crate::support::db::{empty_postgres, find_programs, tamper};
use crate::support::smtp::FakeSmtp;

async fn opened(province: &Province) -> Db {
    let path = province.path("dondoc.db");
    Db::open(path.to_str().unwrap()).await.unwrap()
}

fn told(province: &Province, args: &[&str]) -> (i32, String) {
    let output = said(province, args);
    let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), all)
}

const CONSOLE: &str = "[console]\nenabled = true\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_running_daemon_writes_is_copied_and_put_back_and_nothing_is_sent_twice() {
    let province = Province::new(3, "dondoc.db", CONSOLE).await;
    let mut daemon = Running::start(&province);
    daemon.logged("the day is planned").await;
    let db = opened(&province).await;
    daemon.counted(&db, DeliveryState::Sent, 3).await;

    let copy: Value =
        serde_json::from_str(&printed(&province, &["backup", "copy.db", "--json"])).unwrap();
    assert_eq!(copy["contents"]["rows"]["deliveries"], 3);
    let mode = fs::metadata(province.path("copy.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!province.path("copy.db-wal").exists());
    let (code, words) = told(&province, &["backup", "copy.db"]);
    assert!(code == 2 && words.contains("is there already"), "{words}");
    let words = printed(&province, &["backup", "copy.db", "--force"]);
    assert!(
        words.contains("dondoc.toml") && words.contains("plan"),
        "{words}"
    );

    let (code, words) = told(&province, &["restore", "copy.db", "--force"]);
    assert!(code == 1 && words.contains("is in use"), "{words}");
    daemon.signal("TERM");
    assert!(daemon.ended().await.success());
    db.close().await;
    let (code, words) = told(&province, &["restore", "copy.db"]);
    assert!(code == 2 && words.contains("--force"), "{words}");

    // As a backup of the early morning: two messages wait, one of them in the hands of a process; today is not planned.
    let early = Db::open(province.path("copy.db").to_str().unwrap())
        .await
        .unwrap();
    tamper(
        &early,
        "UPDATE deliveries SET state = 'queued', sent_at = NULL WHERE id = 1;
         UPDATE deliveries SET state = 'leased', lease_owner = 'x', sent_at = NULL WHERE id = 2;
         DELETE FROM watermarks;
         INSERT INTO link_codes (hash, contact, created_at, expires_at)
             VALUES ('h', 'a1.officer', '2020-01-01 00:00:00+00:00', '2999-01-01 00:00:00+00:00')",
    )
    .await;
    early.close().await;
    let restored: Value = serde_json::from_str(&printed(
        &province,
        &["restore", "copy.db", "--force", "--json"],
    ))
    .unwrap();
    assert_eq!(
        (&restored["held"], &restored["codes_ended"]),
        (&2.into(), &1.into())
    );
    assert_eq!(restored["today_is_planned"], true);
    assert!(
        fs::metadata(
            restored["kept"]
                .as_str()
                .map(|kept| province.path(kept))
                .unwrap()
        )
        .is_ok()
    );

    let mut daemon = Running::start(&province);
    daemon.logged("started").await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await; // three rounds, in which it could send
    daemon.signal("TERM");
    assert!(daemon.ended().await.success());
    assert!(!daemon.log().contains("delivered"), "{}", daemon.log());
    let db = opened(&province).await;
    let found = deliveries_of(&db).await;
    let states: Vec<_> = found.iter().map(|one| one.state).collect();
    assert_eq!(
        states,
        [
            DeliveryState::Unknown,
            DeliveryState::Unknown,
            DeliveryState::Sent
        ]
    );
    let why = found[0].reason.as_deref().unwrap();
    assert!(
        why.contains("backup") && why.contains("may have been sent since"),
        "{why}"
    );
    let mut tx = db.snapshot().await.unwrap();
    assert!(
        watermarks::last_planned_day(&mut tx)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        links::find(&mut tx, "h", dondoc::clock::Clock::System.now())
            .await
            .unwrap(),
        None
    );
    drop(tx);
    db.close().await;
    printed(&province, &["verify"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_it_sends_again_what_waited() {
    let relay = FakeSmtp::start().await;
    let province = Province::new(1, "dondoc.db", &mail_by(relay.address)).await;
    printed(&province, &["migrate"]); // makes the database
    printed(&province, &["backup", "copy.db"]);
    let restored: Value = serde_json::from_str(&printed(
        &province,
        &["restore", "copy.db", "--force", "--repeat", "--json"],
    ))
    .unwrap();
    assert_eq!(restored["today_is_planned"], false);
    let mut daemon = Running::start(&province);
    let db = opened(&province).await;
    daemon.counted(&db, DeliveryState::Sent, 1).await;
    daemon.signal("TERM");
    assert!(daemon.ended().await.success());
    assert_eq!(relay.take().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_named() {
    let province = Province::new(1, "dondoc.db", CONSOLE).await;
    printed(&province, &["report", "I.1", "A1", "done"]);
    let (code, words) = told(&province, &["backup", "nowhere/copy.db"]);
    assert!(
        code == 2 && words.contains("no folder nowhere: make it"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_sound_backup_is_refused_and_the_database_stays() {
    let province = Province::new(1, "dondoc.db", CONSOLE).await;
    let (code, words) = told(&province, &["backup", "copy.db"]);
    assert!(
        code == 2 && words.contains("there is no database"),
        "{words}"
    );
    printed(&province, &["report", "I.1", "A1", "done"]);
    printed(&province, &["backup", "copy.db"]);
    let before = printed(&province, &["verify"]);

    fs::write(province.path("text.db"), "Kế hoạch ".repeat(2000)).unwrap();
    let bytes = fs::read(province.path("copy.db")).unwrap();
    fs::write(province.path("half.db"), &bytes[..bytes.len() / 2]).unwrap();
    fs::copy(province.path("copy.db"), province.path("log.db")).unwrap();
    fs::write(province.path("log.db-wal"), "x").unwrap();
    fs::copy(province.path("copy.db"), province.path("altered.db")).unwrap();
    alter(
        &province,
        "altered.db",
        "UPDATE events SET actor = 'system'",
    )
    .await;
    fs::copy(province.path("copy.db"), province.path("newer.db")).unwrap();
    alter(&province, "newer.db", NEWER).await;
    let empty = Db::open(province.path("empty.db").to_str().unwrap())
        .await
        .unwrap();
    empty.close().await;
    for (file, code, part) in [
        ("none.db", 2, "there is no file"),
        (
            "text.db",
            1,
            "text.db is damaged or no database: nothing was changed",
        ),
        ("half.db", 1, "half.db is damaged"),
        ("log.db", 2, "log of changes"),
        ("newer.db", 1, "schema version 9999"),
        ("empty.db", 2, "empty.db is no database of dondoc"),
    ] {
        let (found, words) = told(&province, &["restore", file, "--force"]);
        assert!(
            found == code && words.contains(part),
            "{file}: {found} {words}"
        );
    }
    // A ledger that does not hold is put back only by force, and said to be broken.
    fs::rename(province.path("dondoc.db"), province.path("aside.db")).unwrap();
    let (code, words) = told(&province, &["restore", "altered.db"]);
    assert!(code == 1 && words.contains("does not hold"), "{words}");
    assert!(!province.path("dondoc.db").exists());
    fs::rename(province.path("aside.db"), province.path("dondoc.db")).unwrap();
    assert_eq!(printed(&province, &["verify"]), before);
    let left: Vec<_> = fs::read_dir(province.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".tmp") || name.contains("before"))
        .collect();
    assert_eq!(left, [""; 0], "nothing half-made is left");
    // A database that cannot be read is replaced by force, and kept.
    fs::write(province.path("dondoc.db"), "no database ".repeat(1000)).unwrap();
    let words = printed(&province, &["restore", "copy.db", "--force"]);
    assert!(words.contains("is kept as"), "{words}");
    assert_eq!(printed(&province, &["verify"]), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_refused_by_each_command_and_an_older_one_is_shown_and_migrated() {
    let province = Province::new(1, "dondoc.db", CONSOLE).await;
    let (code, words) = told(&province, &["migrate", "--check"]);
    assert!(
        code == 2 && words.contains("there is no database"),
        "{words}"
    );
    let empty = opened(&province).await;
    empty.close().await;
    let (code, words) = told(&province, &["migrate", "--check"]);
    assert!(
        code == 1 && words.contains("pending: 0001 store"),
        "{words}"
    );
    let words = printed(&province, &["migrate"]);
    assert!(words.contains("applied: 0014 ledger guard"), "{words}");
    let told_so: Value =
        serde_json::from_str(&printed(&province, &["migrate", "--check", "--json"])).unwrap();
    assert_eq!(told_so["is"], told_so["known"]);
    printed(&province, &["backup", "copy.db"]);
    alter(&province, "dondoc.db", NEWER).await;
    for args in [
        &["migrate"][..],
        &["migrate", "--check"],
        &["backup", "other.db"],
        &["restore", "--in-place"],
        &["verify"],
        &["status"],
        &["export-contact", "a1.officer", "--out", "x"],
        &["erase-contact", "a1.officer", "--dry-run"],
        &["run"],
    ] {
        let (code, words) = told(&province, args);
        let is_said =
            words.contains("schema version 9999") && words.contains("install the newer dondoc");
        assert!(code == 1 && is_said, "{args:?}: {words}");
    }
    let (code, words) = told(&province, &["doctor", "--offline"]);
    assert!(code == 1 && words.contains("FAIL  database"), "{words}");
    // Back before an upgrade: the backup from before takes the place of the newer database.
    printed(&province, &["restore", "copy.db", "--force"]);
    printed(&province, &["migrate", "--check"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_left_to_its_own_tools_which_are_named_without_the_password() {
    let url = empty_postgres().await;
    let secret = url.replacen("dondoc@", "dondoc:s3cret@", 1);
    let province = Province::new(1, &secret, CONSOLE).await;
    for (args, part) in [
        (&["backup", "copy.dump"][..], "pg_dump --format=custom"),
        (&["restore", "copy.dump"], "pg_restore"),
    ] {
        let (code, words) = told(&province, args);
        assert!(code == 2 && words.contains(part), "{words}");
        assert!(!words.contains("s3cret"), "{words}");
    }
    printed(&province, &["migrate"]);
    let held: Value =
        serde_json::from_str(&printed(&province, &["restore", "--in-place", "--json"])).unwrap();
    assert_eq!(held["held"], 0);
    let daemon = Running::start(&province);
    daemon.logged("started").await;
    let (code, words) = told(&province, &["restore", "--in-place"]);
    assert!(code == 1 && words.contains("is in use"), "{words}");
}

/// The commands as they are printed, run by a shell.
#[tokio::test(flavor = "multi_thread")]
async fn the_commands_that_are_printed_copy_a_server_and_put_it_back() {
    let (from, to) = (empty_postgres().await, empty_postgres().await);
    let province = Province::new(2, &from, CONSOLE).await;
    printed(&province, &["report", "I.1", "A1", "done"]);
    let before = printed(&province, &["verify"]);
    let run = |words: &str| {
        let line = words
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("pg_"))
            .unwrap();
        let programs = find_programs().unwrap();
        let output = std::process::Command::new("sh")
            .args([
                "-c",
                &format!("PATH='{}':$PATH; {line}", programs.display()),
            ])
            .current_dir(province.folder())
            .output()
            .unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{line}: {words}");
    };
    run(&told(&province, &["backup", "copy.dump"]).1);
    province.edit("dondoc.toml", &from, &to);
    run(&told(&province, &["restore", "copy.dump"]).1);
    printed(&province, &["restore", "--in-place"]);
    assert_eq!(printed(&province, &["verify"]), before);
    // What guards the ledger has come along.
    let db = Db::open(&to).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let dondoc::store::Tx::Postgres(connection) = &mut tx else {
        unreachable!()
    };
    let error = sqlx::query("DELETE FROM events")
        .execute(&mut **connection)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("only added to"), "{error}");
}

const NEWER: &str =
    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
    SELECT 9999, 'from the future', success, checksum, 1 FROM _sqlx_migrations LIMIT 1";

/// Changes a file that nobody has open.
async fn alter(province: &Province, file: &str, sql: &str) {
    let db = Db::open(province.path(file).to_str().unwrap())
        .await
        .unwrap();
    tamper(&db, sql).await;
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_is_written_over_the_database_that_is_copied_and_none_is_put_back_from_itself() {
    use std::os::unix::fs::{MetadataExt as _, symlink};

    let province = Province::new(3, "dondoc.db", CONSOLE).await;
    let mut daemon = Running::start(&province);
    daemon.logged("the day is planned").await;
    let db = opened(&province).await;
    daemon.counted(&db, DeliveryState::Sent, 3).await;
    let file = |name: &str| fs::metadata(province.path(name)).unwrap().ino();
    let before = (file("dondoc.db"), file("dondoc.db-wal"));
    symlink("dondoc.db", province.path("link.db")).unwrap();
    fs::hard_link(province.path("dondoc.db"), province.path("second.db")).unwrap();
    let whole = province.path("plan/../dondoc.db");
    for name in [
        "dondoc.db",
        "./dondoc.db",
        whole.to_str().unwrap(),
        "link.db",
        "second.db",
        "dondoc.db-wal",
        "dondoc.db-shm",
        "dondoc.db-journal",
    ] {
        for args in [&["backup", name, "--force"], &["restore", name, "--force"]] {
            let (code, words) = told(&province, args);
            let is_missing = args[0] == "restore" && name == "dondoc.db-journal";
            assert!(
                code == 2 && (is_missing || words.contains("is the database itself")),
                "{args:?}: {code} {words}"
            );
            assert!(is_missing || words.contains("name another file"), "{words}");
        }
    }
    assert_eq!((file("dondoc.db"), file("dondoc.db-wal")), before);
    daemon.signal("TERM");
    assert!(daemon.ended().await.success());
    db.close().await;
    // With nothing running there is no log, and one of that name would be taken for it.
    assert!(!province.path("dondoc.db-wal").exists());
    let (code, words) = told(&province, &["backup", "dondoc.db-wal"]);
    assert!(
        code == 2 && words.contains("is the database itself"),
        "{words}"
    );
    assert!(!province.path("dondoc.db-wal").exists());
    printed(&province, &["verify"]);
}
