//! Disks that are full, readers that have seen enough, clocks that are wrong, a database of the future.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};

use chrono::{Datelike, TimeDelta};
use dondoc::clock::Clock;
use dondoc::store::deliveries::DeliveryState;
use dondoc::store::{Tx, watermarks};

use super::daemon::{Running, deliveries_of, printed, said};
use super::province::{Province, mail_by};
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Verb};

/// A province whose plan will be issued next year.
fn not_issued_yet(province: &Province) -> String {
    let year = Clock::System.today().year();
    province.write_plan(&format!("1/3/{}", year + 2));
    let issued = format!("{}-12-20", year + 1);
    province.edit("plan/plan.toml", &format!("{}-12-20", year - 1), &issued);
    province.edit(
        "plan/plan.toml",
        &format!("year = {year}"),
        &format!("year = {}", year + 2),
    );
    issued
}

on_both_databases! {
    async fn a_clock_before_the_plan_is_said_and_nothing_is_sent(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(1, &test.url, &mail_by(relay.address)).await;
        let issued = not_issued_yet(&province);
        let mut daemon = Running::start(&province);
        daemon.logged("the day is planned").await;
        daemon.logged("the plan is not issued yet").await;
        assert!(daemon.log().contains(&format!("issued_on={issued}")), "{}", daemon.log());
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        assert_eq!(relay.sessions(), 0);

        let brief = printed(&province, &["brief"]);
        assert!(brief.contains(&format!("plan p was issued on {issued}: nothing of it is told before")), "{brief}");
        let refused = said(&province, &["report", "I.1", "A1", "done"]);
        assert_eq!(refused.status.code(), Some(2));
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(words.contains(&issued) && words.contains("set the clock of this machine"), "{words}");
    }

    async fn a_clock_that_went_back_is_said_once(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(1, &test.url, &mail_by(relay.address)).await;
        let mut tx = test.db.begin().await.unwrap();
        watermarks::mark_planned(&mut tx, Clock::System.today() + TimeDelta::days(40), Clock::System.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut daemon = Running::start(&province);
        daemon.logged("a day that has not come is planned already").await;
        daemon.signal("HUP"); // a round later
        daemon.until("it has loaded again", || daemon.log().matches("plan and database agree").count() == 2).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        assert_eq!(daemon.log().matches("that has not come").count(), 1, "{}", daemon.log());
        assert_eq!(relay.sessions(), 0);

        let refused = said(&province, &["replan", "2020-01-31"]);
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!((refused.status.code(), words.contains("set its clock first")), (Some(2), true), "{words}");
        let today = Clock::System.today().to_string();
        let dry = printed(&province, &["replan", &today, "--dry-run"]);
        assert!(dry.contains("last planned day: no day; nothing was changed"), "{dry}");
        let done = printed(&province, &["replan", &today]);
        assert!(done.contains("`dondoc run` plans what follows"), "{done}");
        let again = printed(&province, &["replan", &today, "--json"]);
        assert_eq!(again, "{\"ahead\":false}\n");
    }

    async fn a_database_of_a_newer_version_is_left_alone(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(1, &test.url, &mail_by(relay.address)).await;
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                   SELECT 9999, 'from the future', success, checksum, 1 FROM _sqlx_migrations LIMIT 1";
        let mut tx = test.db.begin().await.unwrap();
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
        }
        tx.commit().await.unwrap();
        for command in ["run", "status", "brief"] {
            let refused = said(&province, &[command]);
            assert_eq!(refused.status.code(), Some(1));
            let words = String::from_utf8_lossy(&refused.stderr).into_owned();
            for part in ["9999", "install the newer dondoc"] {
                assert!(words.contains(part), "{part}: {words}");
            }
        }
        assert_eq!(deliveries_of(&test.db).await, []);
        assert_eq!(relay.sessions(), 0);
    }

    async fn a_relay_that_refuses_every_recipient_loses_nothing(test: TestDb) {
        let relay = FakeSmtp::start().await;
        for _ in 0..3 {
            relay.fault(Verb::Rcpt, Fault::Reply("550 5.7.1 relaying denied"));
        }
        let province = Province::new(3, &test.url, &mail_by(relay.address)).await;
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 3).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        assert_eq!(relay.take().len(), 3);
        assert_eq!(daemon.log().matches("not sent yet, will be tried again").count(), 3, "{}", daemon.log());
        assert!(daemon.log().contains("naming the recipient: 550 5.7.1"), "{}", daemon.log());
    }

    async fn a_recipient_that_does_not_exist_is_given_up_with_the_reason(test: TestDb) {
        let relay = FakeSmtp::start().await;
        for reply in ["550 5.1.1 no such user", "250 2.1.5 OK", "250 2.1.5 OK", "550 5.1.1 no such user"] {
            relay.fault(Verb::Rcpt, Fault::Reply(reply));
        }
        let province = Province::new(3, &test.url, &mail_by(relay.address)).await;
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Failed, 1).await;
        daemon.counted(&test.db, DeliveryState::Sent, 2).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        assert_eq!(relay.take().len(), 2);
        assert_eq!(daemon.log().matches("given up").count(), 1, "{}", daemon.log());
        let given_up: Vec<_> = deliveries_of(&test.db).await.into_iter().filter_map(|one| one.reason).collect();
        assert!(given_up.len() == 1 && given_up[0].contains("550 5.1.1"), "{given_up:?}");
        let contacts = printed(&province, &["contact", "list"]);
        assert_eq!(contacts.matches("dead").count(), 1, "{contacts}");
        // Its mailbox was full: whoever looks after it says that it is right.
        let dead = contacts.lines().find(|line| line.contains("dead")).unwrap();
        let id = dead.split_whitespace().next().unwrap();
        let told = printed(&province, &["contact", "revive", id]);
        assert_eq!(told, format!("{id} is reached by email again, from the next message on\n"));
        assert_eq!(printed(&province, &["contact", "list"]).matches("dead").count(), 0);
        assert_eq!(printed(&province, &["contact", "revive", id]), format!("{id} has no dead address there\n"));
    }

    async fn a_relay_that_knows_nobody_is_told_to_the_operator_and_makes_no_address_dead(test: TestDb) {
        let relay = FakeSmtp::start().await;
        relay.weather(|verb| (verb == Verb::Rcpt).then_some(Fault::Reply("550 5.1.1 no such user")));
        let province = Province::new(3, &test.url, &mail_by(relay.address)).await;
        province.edit("dondoc.toml", "retry = [\"1s\", ", "retry = [\"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", ");
        let mut daemon = Running::start(&province);
        daemon.logged("refuses several recipients in a row").await;
        relay.weather(|_| None);
        daemon.counted(&test.db, DeliveryState::Sent, 3).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0));
        assert_eq!(relay.take().len(), 3);
        let contacts = printed(&province, &["contact", "list"]);
        assert_eq!(contacts.matches("dead").count(), 0, "{contacts}");
    }
}

/// Runs `dondoc` in a folder of 200 KB, mounted for it alone; `None` where this user may not do that.
fn on_a_small_disk(args: &str) -> Option<(Option<i32>, String)> {
    on_a_disk("200k", &format!("exec $DONDOC {args} >/dev/null"))
}

/// Runs a script in a folder of that size, mounted for it alone, with the program as `$DONDOC`; `None` where this user may
/// not do that.
fn on_a_disk(size: &str, script: &str) -> Option<(Option<i32>, String)> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size={size} none {0} && cd {0} && export DONDOC={1} && {script}",
        folder.path().display(),
        env!("CARGO_BIN_EXE_dondoc")
    );
    let shell = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", script]);
        command.output().unwrap()
    };
    let probe = format!("mount -t tmpfs none {}", folder.path().display());
    if !shell(&probe).status.success() {
        return None;
    }
    let output = shell(&script);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Some((output.status.code(), words))
}

#[test]
fn a_disk_that_is_full_is_named_with_the_remedy() {
    let Some((code, words)) = on_a_small_disk("contact remove snv.head") else {
        return;
    };
    assert_eq!(code, Some(1), "{words}");
    for part in ["the disk of the database is full", "free some space"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(words.lines().count(), 1, "{words}");
}

/// What each of these commands says, in whose words nothing of a server may stand.
fn assert_tells_of_a_file(script: &str, parts: &[&str]) {
    let run = "$DONDOC report IV.1.b STP done >/dev/null; $DONDOC contact remove snv.head; $DONDOC contact unlink snv.head";
    let doctor = "$DONDOC doctor --offline | grep -A1 ^FAIL >&2";
    let Some((_, words)) = on_a_disk("20m", &format!("{script}; {run}; {doctor}")) else {
        return;
    };
    let said: Vec<&str> = words
        .lines()
        .filter(|line| line.starts_with("dondoc: "))
        .collect();
    assert_eq!(said.len(), 3, "{words}");
    for line in said {
        for part in parts {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(
            line.matches("(code: ").count() <= 1,
            "the cause is told once: {line}"
        );
    }
    assert!(words.contains("FAIL  database"), "{words}");
    let doctor = words
        .split_once("FAIL  database")
        .map_or("", |(_, rest)| rest);
    assert!(parts.iter().all(|part| doctor.contains(part)), "{words}");
    for word in ["reached", "server", "firewall", "password"] {
        assert!(!words.contains(word), "{word}: {words}");
    }
}

/// Makes the database, closed and whole.
const MAKE: &str = "$DONDOC contact unlink snv.head >/dev/null 2>&1";

#[test]
fn a_disk_that_has_become_full_under_a_database_is_named_with_the_remedy() {
    let fill = "dd if=/dev/zero of=rest bs=1k 2>/dev/null";
    assert_tells_of_a_file(
        &format!("{MAKE}; {fill}"),
        &["the disk of the database is full", "free some space"],
    );
}

#[test]
fn a_database_that_cannot_be_written_is_named_with_the_remedy() {
    assert_tells_of_a_file(
        &format!("{MAKE}; mount -o remount,ro ."),
        &[
            "cannot be opened and written",
            "let the user that runs dondoc own the file and its folder",
        ],
    );
}

#[test]
fn a_folder_that_is_not_there_is_named_with_the_remedy() {
    assert_tells_of_a_file(
        "echo 'database = \"none/dondoc.db\"' > dondoc.toml",
        &[
            "there is no folder none",
            "create it, or correct `database`",
        ],
    );
}

#[test]
fn output_that_cannot_be_written_is_a_failure_with_a_message() {
    for args in [
        &["simulate", "--to", "2020-01-03", "--json"][..],
        &["check"],
        &["status"],
        &["--help"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_dondoc"))
            .args(args)
            .current_dir(folder.path())
            .stdout(File::options().write(true).open("/dev/full").unwrap())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {words}");
        assert!(
            words.starts_with("dondoc: standard output cannot be written: "),
            "{words}"
        );
        assert!(!words.contains("panicked"), "{words}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_a_command_quietly() {
    for args in [
        &["simulate", "--to", "2020-02-28", "--json"][..],
        &["check"],
        &["simulate", "--to", "2020-01-31", "--to", "stp.officer"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dondoc"))
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = [0; 40];
        child.stdout.take().unwrap().read_exact(&mut line).unwrap(); // and closes
        let output = child.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.code(), words.as_str()),
            (Some(0), ""),
            "{args:?}"
        );
    }
}
