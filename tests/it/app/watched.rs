//! What whoever watches is told, with a clock that is moved by hand; and that alerts, dashboard and handbook speak of metrics
//! that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use chrono::TimeDelta;
use dondoc::app::daemon::Wish;
use dondoc::app::vitals::HANGS_AFTER;
use dondoc::clock::instant;
use dondoc::store::tokens::{self, NewTokens};
use dondoc::store::{leases, watermarks};
use dondoc::web::{Limits, serve, watch_router};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::stage::{Stage, day};
use crate::support::db::{on_both_databases, sqlite};
use crate::support::scrape::{assert_values, get, metrics, readiness};

/// Serves what is told of this stage; ends with what is given beside the address.
async fn served(stage: &Stage) -> (SocketAddr, watch::Sender<Wish>) {
    served_by(stage, HANGS_AFTER).await
}

async fn served_by(stage: &Stage, hangs_after: Duration) -> (SocketAddr, watch::Sender<Wish>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (wish, wishes) = watch::channel(Wish::Run);
    let router = watch_router(stage.daemon.watcher(), hangs_after);
    tokio::spawn(serve(listener, router, Limits::default(), wishes));
    (address, wish)
}

/// What is told once the database was read as of now, however busy the machine is: until then it counts as away.
async fn metrics_when_read(address: SocketAddr) -> BTreeMap<String, f64> {
    for _ in 0..300 {
        let found = metrics(address).await;
        if found["dondoc_database_up"] > 0.0 {
            return found;
        }
    }
    panic!("the database is away: {:#?}", metrics(address).await);
}

/// The same for readiness.
async fn readiness_when_read(address: SocketAddr) -> (u16, Value) {
    metrics_when_read(address).await;
    readiness(address).await
}

fn minutes(number: i64) -> f64 {
    TimeDelta::minutes(number).as_seconds_f64()
}

on_both_databases! {
    async fn a_planner_that_is_late_is_told_and_one_that_is_not_is_not(test: TestDb) {
        let stage = Stage::at(test, "2020-03-17T07:29:00").await;
        let (address, _wish) = served(&stage).await;
        let late = |minutes: i64| json!({ "ready": false, "problems": [{
            "part": "planner",
            "why": format!("the briefs of 2020-03-17 should have been planned {minutes} minutes ago: see the log; those of earlier days wait for it"),
        }] });
        let ready = json!({ "ready": true, "problems": [] });
        for (time, value, expected) in [
            ("2020-03-17T07:29:00", 0.0, (200, ready.clone())),
            ("2020-03-17T07:35:00", minutes(5), (200, ready.clone())), // planning may take a while
            ("2020-03-17T08:00:00", minutes(30), (503, late(30))),
        ] {
            stage.set_time(time);
            assert_values(&metrics_when_read(address).await, &[("dondoc_planner_late_seconds", value)]);
            assert_eq!(readiness_when_read(address).await, expected, "{time}");
        }
        let waiting = metrics_when_read(address).await;
        assert!(waiting["dondoc_obligations_due"] > 0.0, "{waiting:#?}");

        let mails = stage.round_at("2020-03-17T08:01:00").await.len();
        let found = metrics_when_read(address).await;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let sent = (mails + stage.chat.take().len()) as f64;
        assert!(sent > 0.0);
        assert_values(&found, &[("dondoc_planner_late_seconds", 0.0), ("dondoc_obligations_due", 0.0),
            ("dondoc_briefs_total{outcome=\"queued\"}", sent)]);
        assert_eq!(readiness_when_read(address).await, (200, ready.clone()));
        // On a Saturday, and in the evening, nothing is late.
        stage.set_time("2020-03-21T09:00:00");
        assert_eq!(readiness_when_read(address).await, (200, ready));
    }

    async fn a_day_that_is_planned_before_it_has_come_is_told(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        let now = stage.daemon.deliverer.clock.now();
        watermarks::mark_planned(&mut tx, day("2020-04-20"), now).await.unwrap();
        tx.commit().await.unwrap();
        let (address, _wish) = served(&stage).await;
        let (status, told) = readiness_when_read(address).await;
        let why = "2020-04-20 is planned already, and today is 2020-03-16: set the clock of this machine; if it is right now and ran ahead then, run `dondoc replan`";
        assert_eq!((status, &told["problems"][0]["why"]), (503, &json!(why)));
    }

    async fn what_is_due_lags_and_what_waits_for_its_time_does_not(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        let planned = stage.plan("2020-03-16").await;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let queued = planned.briefs as f64;
        let (address, _wish) = served(&stage).await;
        let of = |name: &str| format!("{name}{{channel=\"email\"}}");
        let due = |found: &BTreeMap<String, f64>| {
            let of_channel = |channel| found.get(&format!("dondoc_outbox_due{{channel=\"{channel}\"}}"));
            of_channel("email").unwrap_or(&0.0) + of_channel("telegram").unwrap_or(&0.0)
        };
        stage.set_time("2020-03-16T07:50:00");
        let found = metrics_when_read(address).await;
        assert!((due(&found) - queued).abs() < 0.1, "{found:#?}");
        assert_values(&found, &[
            (&of("dondoc_outbox_lag_seconds"), minutes(20)),
            (&of("dondoc_outbox_oldest_seconds"), minutes(20)),
        ]);
        // A reading serves whoever asks for five seconds.
        stage.deliver().await;
        stage.set_time("2020-03-16T07:50:04");
        assert!((due(&metrics_when_read(address).await) - queued).abs() < 0.1);
        stage.set_time("2020-03-16T07:50:05");
        let found = metrics_when_read(address).await;
        assert_values(&found, &[(&of("dondoc_outbox_due"), 0.0), (&of("dondoc_outbox_lag_seconds"), 0.0)]);
    }

    async fn a_database_that_is_closed_is_away(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let (address, _wish) = served(&stage).await;
        metrics_when_read(address).await;
        stage.daemon.deliverer.db.clone().close().await;
        stage.set_time("2020-03-16T09:01:00");
        assert_values(&metrics(address).await, &[("dondoc_database_up", 0.0)]);
        let why = "it does not answer: nothing is planned, sent or received until it does";
        let problems = json!([{ "part": "database", "why": why }]);
        assert_eq!(readiness(address).await, (503, json!({ "ready": false, "problems": problems })));
        assert_eq!(get(address, "/healthz").await.0, 200);
    }

    async fn a_daemon_of_which_a_part_hangs_is_not_alive(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let (address, _wish) = served_by(&stage, Duration::ZERO).await;
        let beat = stage.daemon.pulse.begin("planning and sending");
        let (status, why) = get(address, "/healthz").await;
        assert_eq!((status, why.as_str()), (503, "planning and sending has not got on for 0 s\n"));
        beat.silent_for(Duration::from_mins(1));
        assert_eq!(get(address, "/healthz").await.0, 200, "it said that it would be silent");
    }
}

/// An exposition in which every metric has a value.
async fn everything() -> String {
    let stage = Stage::at(sqlite().await, "2020-03-16T08:00:00").await;
    stage.round_at("2020-03-16T08:00:00").await;
    let deliverer = &stage.daemon.deliverer;
    let now = deliverer.clock.now();
    let mut tx = deliverer.db.begin().await.unwrap();
    let secret = SecretString::from("x".to_owned());
    let pair = NewTokens {
        access: None,
        refresh: &secret,
        expires_at: now,
    };
    tokens::seed(&mut tx, "zalo_oa:1", "seed", pair, now)
        .await
        .unwrap();
    for name in [
        "receive:telegram:1",
        "receive:email:u@h/INBOX",
        "of another kind",
    ] {
        leases::acquire(&mut tx, name, "another", now, TimeDelta::hours(1), None)
            .await
            .unwrap();
    }
    watermarks::mark_digest(&mut tx, day("2020-03-16"), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (address, _wish) = served(&stage).await;
    metrics_when_read(address).await;
    get(address, "/metrics").await.1
}

/// The names behind `# TYPE`, and for a histogram those of its series.
fn named(exposition: &str) -> BTreeSet<String> {
    let types = exposition
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    types
        .flat_map(|line| {
            let (name, kind) = line.split_once(' ').unwrap();
            let endings: &[&str] = if kind == "histogram" {
                &["", "_bucket", "_count", "_sum"]
            } else {
                &[""]
            };
            endings.iter().map(move |ending| format!("{name}{ending}"))
        })
        .collect()
}

/// Whatever looks like one of our metrics.
fn spoken_of(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    text.split(|c: char| !is_name(c))
        .filter(|word| word.starts_with("dondoc_"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_dashboard_and_handbook_speak_of_the_metrics_that_there_are() {
    let exposition = everything().await;
    let there_are = named(&exposition);
    for file in ["alerts.yml", "grafana.json", "operation.md"] {
        let text = fs::read_to_string(format!("docs/{file}")).unwrap();
        let strangers: Vec<_> = spoken_of(&text).difference(&there_are).cloned().collect();
        assert!(strangers.is_empty(), "{file} speaks of {strangers:?}");
    }
    let handbook = fs::read_to_string("docs/operation.md").unwrap();
    let parts = ["_bucket", "_count", "_sum"];
    for name in &there_are {
        let explained = handbook.contains(&format!("| `{name}"));
        let is_part = parts.iter().any(|part| name.ends_with(part));
        assert!(explained || is_part, "operation.md does not explain {name}");
    }
    let alerts = fs::read_to_string("docs/alerts.yml").unwrap();
    for line in alerts.lines() {
        if let Some(name) = line.trim().strip_prefix("- alert: ") {
            let heading = format!("| `{name}` |");
            assert!(
                handbook.contains(&heading),
                "operation.md does not explain {name}"
            );
        }
    }
    let dashboard: Value =
        serde_json::from_str(&fs::read_to_string("docs/grafana.json").unwrap()).unwrap();
    assert_eq!(dashboard["title"], "Dondoc");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_are_words_of_the_program() {
    let exposition = everything().await;
    for (label, words) in [
        ("channel", &["email", "telegram"][..]),
        ("lease", &["receive", "other"]),
        ("holder", &["another"]),
        ("way", &["send"]),
    ] {
        let found: BTreeSet<&str> = exposition
            .match_indices(&format!("{label}=\""))
            .map(|(at, key)| {
                let rest = &exposition[at + key.len()..];
                &rest[..rest.find('"').unwrap()]
            })
            .collect();
        assert_eq!(found, words.iter().copied().collect(), "{label}");
    }
    let series = exposition
        .lines()
        .filter(|line| !line.starts_with('#'))
        .count();
    assert!(series < 200, "{series} series");
    assert!(exposition.is_ascii(), "{exposition}");
    let midnight = instant(day("2020-03-16").into()).timestamp();
    let line = exposition
        .lines()
        .find(|line| line.starts_with("dondoc_digest_day_timestamp_seconds "));
    assert!(
        line.unwrap().ends_with(&format!(" {midnight}.0")),
        "{line:?}"
    );
}

#[test]
fn prometheus_takes_the_rules_and_they_fire() {
    let promtool = |args: &[&str]| Command::new("promtool").args(args).output();
    if promtool(&["--version"]).is_err() {
        return eprintln!("not tested: there is no promtool (Debian's package prometheus)");
    }
    for args in [
        ["check", "rules", "docs/alerts.yml"],
        ["test", "rules", "tests/it/app/alerts.yml"],
    ] {
        let output = promtool(&args).unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
    }
}
