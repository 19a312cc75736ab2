//! A command in the wrong folder, without the configuration of the database that lies there.

use std::fs;

use dondoc::store::contacts::StoredContact;
use dondoc::store::{Db, contacts, plans};
use tempfile::TempDir;

use super::daemon::{Running, printed, said};
use super::province::Province;

const CONSOLE: &str = "[console]\nenabled = true\n";
/// Commands that only show.
const SHOW: [&[&str]; 16] = [
    &["status"],
    &["status", "--tokens"],
    &["contact", "list"],
    &["verify"],
    &["audit"],
    &["brief"],
    &["digest"],
    &["outbox", "list"],
    &["inbox", "list"],
    &["evidence", "list"],
    &["amend", "list"],
    &["explain", "1"],
    &["decide"],
    &["decide", "--json"],
    &["export", "--all", "--out", "out"],
    &["rank", "--year"],
];
/// Commands that change something.
const CHANGE: [&[&str]; 4] = [
    &["contact", "remove", "a1.officer"],
    &["contact", "unlink", "a1.officer"],
    &["inbox", "drop", "1"],
    &["outbox", "cancel", "1", "--reason", "x"],
];

/// The plans of the database, and the contacts.
async fn held(province: &Province) -> (Vec<String>, Vec<StoredContact>) {
    let db = Db::open(province.path("dondoc.db").to_str().unwrap())
        .await
        .unwrap();
    let mut tx = db.snapshot().await.unwrap();
    let found = plans::list(&mut tx).await.unwrap();
    let people = contacts::list(&mut tx).await.unwrap();
    drop(tx);
    db.close().await;
    (
        found.into_iter().map(|one| one.id.to_string()).collect(),
        people,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_that_is_built_in_never_comes_into_a_database_of_another() {
    let province = Province::new(2, "dondoc.db", CONSOLE).await;
    printed(&province, &["report", "I.1", "A1", "done"]);
    let before = held(&province).await;
    assert_eq!(
        (before.0.as_slice(), before.1.len()),
        (&["p".to_owned()][..], 2)
    );
    fs::rename(province.path("dondoc.toml"), province.path("away.toml")).unwrap();
    for args in SHOW.iter().chain(&CHANGE) {
        let output = said(&province, args);
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {words}");
        for part in ["dondoc.db holds the plan p", "dondoc.toml", "--config"] {
            assert!(words.contains(part), "{args:?} {part}: {words}");
        }
    }
    assert_eq!(held(&province).await, before);
    province.edit("away.toml", "plans = [\"plan\"]", "# plans");
    let output = said(&province, &["status", "--config", "away.toml"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("away.toml names no `plans`"), "{words}");
    assert_eq!(held(&province).await, before);
    province.edit("away.toml", "# plans", "plans = [\"plan\"]");
    for args in [&["status"], &["verify"]] {
        printed(&province, &[args, &["--config", "away.toml"][..]].concat());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_shows_brings_nothing_of_the_files_into_the_database() {
    let province = Province::new(2, "dondoc.db", CONSOLE).await;
    printed(&province, &["report", "I.1", "A1", "done"]);
    let before = held(&province).await;
    province.edit("plan/plan.toml", "id = \"p\"", "id = \"q\"");
    province.edit("plan/plan.toml", "12/QĐ-UBND", "13/QĐ-UBND");
    province.write_people("email", "@elsewhere.example\"");
    for args in SHOW {
        let output = said(&province, args);
        let words = String::from_utf8_lossy(&output.stderr);
        assert_ne!(output.status.code(), Some(1), "{args:?}: {words}");
        assert_eq!(held(&province).await, before, "{args:?}");
    }
    printed(&province, &["contact", "remove", "a1.officer"]);
    let (plans, _) = held(&province).await;
    assert_eq!(
        plans,
        ["p", "q"],
        "what changes something loads the plan first"
    );
}

#[test]
fn what_only_shows_makes_no_database_where_nothing_is_configured() {
    let folder = TempDir::new().unwrap();
    for args in SHOW {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_dondoc"))
            .args(args)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {words}");
        assert!(!folder.path().join("dondoc.db").exists(), "{args:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_without_the_configuration_is_refused() {
    let province = Province::new(2, "dondoc.db", CONSOLE).await;
    let mut daemon = Running::start(&province);
    daemon.logged("the day is planned").await;
    let before = held(&province).await;
    fs::rename(province.path("dondoc.toml"), province.path("away.toml")).unwrap();
    daemon.signal("HUP");
    daemon.logged("what was loaded before stays in force").await;
    assert!(
        daemon.log().contains("there is no dondoc.toml"),
        "{}",
        daemon.log()
    );
    assert_eq!(held(&province).await, before);
    fs::rename(province.path("away.toml"), province.path("dondoc.toml")).unwrap();
    province.edit("dondoc.toml", "plans = [\"plan\"]", "# plans");
    daemon.signal("HUP");
    daemon.logged("names no `plans` any more").await;
    province.edit("dondoc.toml", "# plans", "plans = [\"plan\"]");
    daemon.signal("HUP");
    daemon
        .until("the files are loaded again", || {
            daemon.log().matches("plan and database agree").count() == 2
        })
        .await;
    daemon.signal("TERM");
    assert!(daemon.ended().await.success());
    assert_eq!(held(&province).await.0, before.0);
}
