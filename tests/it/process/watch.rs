//! What a running daemon tells whoever watches it, by HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::NaiveTime;
use dondoc::clock::{Clock, instant};
use dondoc::store::Tx;
use dondoc::store::deliveries::DeliveryState;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::daemon::Running;
use super::province::{Province, mail_by};
use crate::support::db::{execute, on_both_databases, postgres, sqlite};
use crate::support::scrape::{assert_values, get, metrics, readiness};
use crate::support::smtp::{FakeSmtp, Fault, Verb};
use crate::support::telegram::{self, FakeTelegram, TOKEN};
use crate::support::zalo_oa::{APP_ID, APP_SECRET, FakeZaloOa, OA_ID};

const WATCH: &str = "\n[watch]\nlisten = \"127.0.0.1:0\"\n";

/// Adds a section before those of the province.
fn watched(channel: &str) -> String {
    format!("{channel}{WATCH}")
}

/// Where the daemon answers whoever watches.
async fn address_of(daemon: &Running) -> SocketAddr {
    daemon.logged("/metrics are served").await;
    let log = daemon.log();
    let line = log
        .lines()
        .find(|line| line.contains("/metrics are served"));
    let (_, address) = line.unwrap().rsplit_once("address=").unwrap();
    address.trim().parse().unwrap()
}

/// Waits until a series has this value: what is read of the database is up to five seconds old.
async fn until(
    daemon: &Running,
    address: SocketAddr,
    series: &str,
    value: f64,
) -> BTreeMap<String, f64> {
    for _ in 0..1200 {
        let found = metrics(address).await;
        if found.get(series) == Some(&value) {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!(
        "{series} is not {value}: {:#?}\n{}",
        metrics(address).await,
        daemon.log()
    );
}

/// Waits until the daemon is ready or not.
async fn until_ready(daemon: &Running, address: SocketAddr, status: u16) -> Value {
    for _ in 0..1200 {
        let (found, told) = readiness(address).await;
        if found == status {
            return told;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!(
        "it does not answer {status}: {:?}\n{}",
        readiness(address).await,
        daemon.log()
    );
}

/// Waits until exactly these parts are not ready: until the day is planned, that is told as well.
async fn until_told(daemon: &Running, address: SocketAddr, parts: &[&str]) -> Value {
    for _ in 0..1200 {
        let (_, told) = readiness(address).await;
        let problems = told["problems"].as_array().unwrap().iter();
        let found = problems.map(|one| {
            let name = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            [name("part"), name("channel")].join(" ")
        });
        if found.eq(parts.iter().copied()) {
            return told;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!(
        "it does not tell {parts:?}: {:?}\n{}",
        readiness(address).await,
        daemon.log()
    );
}

/// What the relay answers to a recipient.
const NOBODY: &str = "550 5.1.1 no such user";
const LATER: &str = "451 4.7.1 greylisted, come back";
const TAKEN: &str = "250 2.1.5 OK";
const SENT_BY_MAIL: &str = "dondoc_deliveries_total{channel=\"email\",outcome=\"sent\"}";
const MAIL_STATES: [(&str, f64); 4] = [
    ("dondoc_outbox{channel=\"email\",state=\"queued\"}", 1.0),
    ("dondoc_outbox{channel=\"email\",state=\"leased\"}", 0.0),
    ("dondoc_outbox{channel=\"email\",state=\"failed\"}", 1.0),
    ("dondoc_outbox{channel=\"email\",state=\"unknown\"}", 0.0),
];

on_both_databases! {
    async fn three_that_were_sent_one_refused_and_one_that_waits_are_counted(test: TestDb) {
        let relay = FakeSmtp::start().await;
        for reply in [NOBODY, LATER, TAKEN, TAKEN, TAKEN, NOBODY, LATER] {
            relay.fault(Verb::Rcpt, Fault::Reply(reply));
        }
        let province = Province::new(5, &test.url, &watched(&mail_by(relay.address))).await;
        province.edit("dondoc.toml", "retry = [\"1s\", ", "workers = 1\nretry = [\"1s\", \"1h\", ");
        let mut daemon = Running::start(&province);
        daemon.counted(&test.db, DeliveryState::Sent, 3).await;
        daemon.counted(&test.db, DeliveryState::Failed, 1).await;
        daemon.counted(&test.db, DeliveryState::Queued, 1).await;
        let address = address_of(&daemon).await;
        let found = until(&daemon, address, MAIL_STATES[0].0, 1.0).await;
        assert_values(&found, &MAIL_STATES);
        assert_values(&found, &[
            ("dondoc_attempts_total{channel=\"email\",outcome=\"sent\"}", 3.0),
            ("dondoc_attempts_total{channel=\"email\",outcome=\"rejected\"}", 1.0),
            ("dondoc_attempts_total{channel=\"email\",outcome=\"later\"}", 3.0),
            ("dondoc_attempts_total{channel=\"email\",outcome=\"unknown\"}", 0.0),
            ("dondoc_deliveries_total{channel=\"email\",outcome=\"sent\"}", 3.0),
            ("dondoc_deliveries_total{channel=\"email\",outcome=\"failed\"}", 1.0),
            ("dondoc_deliveries_total{channel=\"email\",outcome=\"unknown\"}", 0.0),
            ("dondoc_delivery_failures_total{channel=\"email\",reason=\"address\"}", 1.0),
            ("dondoc_delivery_failures_total{channel=\"email\",reason=\"retries\"}", 0.0),
            ("dondoc_retries_total{channel=\"email\"}", 3.0),
            ("dondoc_delivery_wait_seconds_count{channel=\"email\"}", 3.0),
            ("dondoc_briefs_total{outcome=\"queued\"}", 5.0),
            ("dondoc_briefs_total{outcome=\"unreachable\"}", 0.0),
            ("dondoc_outbox_due{channel=\"email\"}", 0.0),
            ("dondoc_outbox_lag_seconds{channel=\"email\"}", 0.0),
            ("dondoc_obligations_due", 0.0),
            ("dondoc_planner_late_seconds", 0.0),
            ("dondoc_inbox{state=\"new\"}", 0.0),
            ("dondoc_errors_total{step=\"round\"}", 0.0),
            ("dondoc_database_up", 1.0),
            ("dondoc_channel_up{channel=\"email\",way=\"send\"}", 1.0),
            ("dondoc_calendar_official{year=\"this\"}", 1.0),
            ("dondoc_files_refused", 0.0),
            (concat!("dondoc_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}"), 1.0),
        ]);
        let midnight = instant(Clock::System.today().and_time(NaiveTime::MIN)).timestamp();
        #[expect(clippy::cast_precision_loss, reason = "an instant of this century is exact")]
        let midnight = midnight as f64;
        assert_values(&found, &[("dondoc_planned_day_timestamp_seconds", midnight)]);
        assert!(found["dondoc_outbox_oldest_seconds{channel=\"email\"}"] > 0.0);
        assert!(found["dondoc_database_size_bytes"] > 100_000.0);
        assert_eq!(get(address, "/healthz").await, (200, "alive\n".to_owned()));
        assert_eq!(readiness(address).await, (200, json!({ "ready": true, "problems": [] })));
        assert_eq!(get(address, "/").await.0, 404);

        province.write("plan/plan.toml", "no plan");
        daemon.signal("HUP");
        until(&daemon, address, "dondoc_files_refused", 1.0).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        relay.take();
    }

    async fn after_a_restart_the_process_counts_anew_and_the_database_is_as_it_was(test: TestDb) {
        let relay = FakeSmtp::start().await;
        for reply in [NOBODY, LATER, TAKEN, NOBODY, LATER] {
            relay.fault(Verb::Rcpt, Fault::Reply(reply));
        }
        let province = Province::new(3, &test.url, &watched(&mail_by(relay.address))).await;
        province.edit("dondoc.toml", "retry = [\"1s\", ", "workers = 1\nretry = [\"1s\", \"1h\", ");
        for sent in [1.0, 0.0] {
            let mut daemon = Running::start(&province);
            daemon.counted(&test.db, DeliveryState::Sent, 1).await;
            daemon.counted(&test.db, DeliveryState::Failed, 1).await;
            daemon.counted(&test.db, DeliveryState::Queued, 1).await;
            let address = address_of(&daemon).await;
            let found = until(&daemon, address, MAIL_STATES[0].0, 1.0).await;
            assert_values(&found, &MAIL_STATES);
            assert_values(&found, &[("dondoc_deliveries_total{channel=\"email\",outcome=\"sent\"}", sent)]);
            daemon.signal("TERM");
            assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        }
        relay.take();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_token_and_a_refused_bot_are_told_without_their_secrets() {
    let api = FakeZaloOa::start(Clock::System, &[]).await;
    let bots = FakeTelegram::start(&[1]).await;
    bots.fault_of("getUpdates", telegram::Fault::Error(401, "Unauthorized"));
    let url = format!("http://{}", api.address);
    let channels = format!(
        "[zalo_oa]\napp_id = \"{APP_ID}\"\napp_secret_file = \"app\"\noa_id = \"{OA_ID}\"\n\
         refresh_token_file = \"refresh\"\napi_url = \"{url}\"\noauth_url = \"{url}\"\n\n\
         [telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n",
        bots.address
    );
    let test = sqlite().await;
    let province = Province::new(1, &test.url, &watched(&channels)).await;
    province.write("app", APP_SECRET);
    province.write("refresh", "fake-refresh-that-was-spent");
    province.write("token", TOKEN);
    let mut daemon = Running::start(&province);
    let address = address_of(&daemon).await;
    daemon.logged("no further tokens").await;
    daemon.logged("access is refused").await;
    let found = until(&daemon, address, "dondoc_tokens_failed", 1.0).await;
    assert_values(
        &found,
        &[
            (
                "dondoc_channel_up{channel=\"telegram\",way=\"receive\"}",
                0.0,
            ),
            ("dondoc_channel_up{channel=\"telegram\",way=\"send\"}", 1.0),
            ("dondoc_channel_up{channel=\"zalo_oa\",way=\"send\"}", 0.0),
            ("dondoc_leases{holder=\"this\",lease=\"receive\"}", 1.0),
        ],
    );
    let told = until_told(&daemon, address, &["send zalo_oa", "receive telegram"]).await;
    assert_eq!(told["ready"], json!(false));
    let (_, text) = get(address, "/metrics").await;
    for secret in [TOKEN, APP_SECRET, APP_ID, OA_ID, "fake-"] {
        for told in [&told.to_string(), &text] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
    daemon.signal("TERM");
    assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_whose_login_or_token_is_refused_when_sending_is_not_up() {
    let (relay, bots) = (FakeSmtp::start().await, FakeTelegram::start(&[1, 2]).await);
    bots.fault(1, telegram::Fault::Error(401, "Unauthorized"));
    let test = sqlite().await;
    let telegram = format!(
        "[telegram]\ntoken_file = \"token\"\napi_url = \"http://{}\"\n",
        bots.address
    );
    let channels = watched(&(mail_by(relay.address) + &telegram));
    let province = Province::new(1, &test.url, &channels).await;
    province.write("token", TOKEN);
    province.write_people("telegram", "");
    province.edit("dondoc.toml", "retry = [\"1s\", ", "retry = [\"20s\", ");
    let mut daemon = Running::start(&province);
    let address = address_of(&daemon).await;
    let up = "dondoc_channel_up{channel=\"telegram\",way=\"send\"}";
    until(&daemon, address, up, 0.0).await;
    let told = until_told(&daemon, address, &["send telegram"]).await;
    let why = "the login or the token is refused: correct the configuration";
    assert_eq!(told["problems"][0]["why"], why);
    let mail = "dondoc_channel_up{channel=\"email\",way=\"send\"}";
    assert_values(&metrics(address).await, &[(mail, 1.0)]);

    // With the next try, which the provider accepts, it is up again.
    until(&daemon, address, up, 1.0).await;
    until_ready(&daemon, address, 200).await;
    bots.take();
    daemon.signal("TERM");
    assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
}

/// Passes connections on to a PostgreSQL server, until it is cut.
struct Cable {
    folder: TempDir,
    server: PathBuf,
    strands: Mutex<Option<JoinSet<()>>>,
}

/// What PostgreSQL calls its socket.
const SOCKET: &str = ".s.PGSQL.5432";

impl Cable {
    fn to(server: &str) -> Arc<Self> {
        let cable = Arc::new(Self {
            folder: TempDir::new().unwrap(),
            server: Path::new(server).join(SOCKET),
            strands: Mutex::new(Some(JoinSet::new())),
        });
        let listener = UnixListener::bind(cable.folder.path().join(SOCKET)).unwrap();
        let passing = Arc::clone(&cable);
        tokio::spawn(async move {
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let server = passing.server.clone();
                // While it is cut, whoever connects is hung up on.
                if let Some(strands) = passing.strands.lock().unwrap().as_mut() {
                    strands.spawn(async move {
                        let mut far = UnixStream::connect(server).await.unwrap();
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    });
                }
            }
        });
        cable
    }

    fn cut(&self) {
        *self.strands.lock().unwrap() = None;
    }

    fn mend(&self) {
        *self.strands.lock().unwrap() = Some(JoinSet::new());
    }
}

on_both_databases! {
    async fn a_database_that_takes_nothing_is_told_although_it_answers(test: TestDb) {
        let relay = FakeSmtp::start().await;
        let province = Province::new(2, &test.url, &watched(&mail_by(relay.address))).await;
        let mut daemon = Running::start(&province);
        let address = address_of(&daemon).await;
        until(&daemon, address, SENT_BY_MAIL, 2.0).await;
        assert_values(&until(&daemon, address, "dondoc_database_up", 1.0).await, &[("dondoc_database_writable", 1.0)]);

        // As a full disk does, this lets everybody read and nobody write.
        let mut tx = test.db.begin().await.unwrap();
        let (full, room): (&[&str], _) = match &tx {
            Tx::Sqlite(_) => (
                &["CREATE TRIGGER full BEFORE UPDATE ON leases BEGIN SELECT RAISE(ABORT, 'full'); END"],
                "DROP TRIGGER full",
            ),
            Tx::Postgres(_) => (
                &[
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$",
                    "CREATE TRIGGER no_room BEFORE UPDATE ON leases EXECUTE FUNCTION refuse()",
                ],
                "DROP TRIGGER no_room ON leases",
            ),
        };
        for sql in full {
            execute(&mut tx, sql).await.unwrap();
        }
        tx.commit().await.unwrap();
        let told = until_told(&daemon, address, &["database "]).await;
        assert!(told["problems"][0]["why"].as_str().unwrap().contains("cannot be written"), "{told}");
        assert_values(&until(&daemon, address, "dondoc_database_up", 1.0).await, &[("dondoc_database_writable", 0.0)]);
        assert_eq!(get(address, "/healthz").await.0, 200);
        let mut tx = test.db.begin().await.unwrap();
        execute(&mut tx, room).await.unwrap();
        tx.commit().await.unwrap();
        until_ready(&daemon, address, 200).await;
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
        relay.take();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_metrics_are_answered_and_readiness_is_refused() {
    let relay = FakeSmtp::start().await;
    let test = postgres().await;
    let (name, folder) = test.url.split_once("?host=").unwrap();
    let cable = Cable::to(folder);
    let through = format!("{name}?host={}", cable.folder.path().display());
    let mail = watched(&mail_by(relay.address));
    let province = Province::new(2, &through, &mail).await;
    let mut daemon = Running::start(&province);
    let address = address_of(&daemon).await;
    until(&daemon, address, SENT_BY_MAIL, 2.0).await;

    cable.cut();
    let found = until(&daemon, address, "dondoc_database_up", 0.0).await;
    assert_values(&found, &[(SENT_BY_MAIL, 2.0)]);
    assert!(
        !found
            .keys()
            .any(|series| series.starts_with("dondoc_outbox"))
    );
    let told = until_ready(&daemon, address, 503).await;
    assert_eq!(told["problems"][0]["part"], "database", "{told}");
    assert_eq!(get(address, "/healthz").await.0, 200);
    for hidden in ["dondoc_", "localhost", folder] {
        assert!(!told.to_string().contains(hidden), "{told}");
    }

    cable.mend();
    until(&daemon, address, "dondoc_database_up", 1.0).await;
    until_ready(&daemon, address, 200).await;
    daemon.signal("TERM");
    assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
    relay.take();
}
