//! What a supervisor is told: the test is systemd, with a socket for the daemon's notifications.

use std::fs::OpenOptions;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::net::UnixDatagram;

use super::daemon::Running;
use super::province::{Province, mail_by};
use crate::support::smtp::FakeSmtp;
use crate::support::zalo_oa::{APP_ID, APP_SECRET, FIRST_REFRESH, FakeZaloOa, OA_ID};
use dondoc::clock::Clock;

/// How long a notification may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(40);
const ALIVE: &str = "WATCHDOG=1\n";

/// The end of systemd, with a daemon at the other.
struct Supervisor {
    socket: UnixDatagram,
    daemon: Running,
}

impl Supervisor {
    /// Starts a daemon that must give a sign of life within so many seconds.
    fn start(province: &Province, watchdog: u64) -> Self {
        let path = province.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let daemon = Running::start_under(
            province,
            &[],
            &[
                ("NOTIFY_SOCKET", path.to_str().unwrap()),
                ("WATCHDOG_USEC", &(watchdog * 1_000_000).to_string()),
            ],
        );
        Self { socket, daemon }
    }

    /// The next notification, if one comes in time.
    async fn next_within(&self, patience: Duration) -> Option<String> {
        let mut bytes = [0; 4096];
        let received = tokio::time::timeout(patience, self.socket.recv(&mut bytes)).await;
        let length = received.ok()?.unwrap();
        Some(String::from_utf8(bytes[..length].to_vec()).unwrap())
    }

    async fn next(&self) -> String {
        let next = self.next_within(PATIENCE).await;
        next.unwrap_or_else(|| panic!("nothing is told any more; the log:\n{}", self.daemon.log()))
    }

    /// The next that is not a sign of life.
    async fn news(&self) -> String {
        loop {
            let next = self.next().await;
            if next != ALIVE {
                return next;
            }
        }
    }

    async fn alive(&self) {
        while self.next().await != ALIVE {}
    }
}

#[track_caller]
fn assert_says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part:?} is missing in {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_hears_that_the_daemon_opens_is_ready_lives_loads_again_and_stops() {
    let relay = FakeSmtp::start().await;
    let province = Province::new(1, "dondoc.db", &mail_by(relay.address)).await;
    let mut systemd = Supervisor::start(&province, 20);
    assert_eq!(systemd.next().await, "STATUS=opening the database\n");
    assert_eq!(systemd.news().await, "READY=1\nSTATUS=at work\n");
    assert!(
        province.path("dondoc.db").exists(),
        "ready is more than begun"
    );
    systemd.alive().await;
    systemd.alive().await;

    province.edit("plan/plan.toml", "monitor = \"SNV\"", "monitor = \"SNVV\"");
    systemd.daemon.signal("HUP");
    let told = systemd.news().await;
    assert_says(
        &told,
        &[
            "RELOADING=1\nMONOTONIC_USEC=",
            "\nSTATUS=loading the files again\n",
        ],
    );
    assert_says(
        &systemd.news().await,
        &["READY=1\nSTATUS=at work; the files have problems"],
    );

    province.edit("plan/plan.toml", "monitor = \"SNVV\"", "monitor = \"SNV\"");
    systemd.daemon.signal("HUP");
    assert_says(&systemd.news().await, &["RELOADING=1\n"]);
    assert_eq!(systemd.news().await, "READY=1\nSTATUS=at work\n");

    systemd.daemon.signal("TERM");
    assert_says(&systemd.news().await, &["STOPPING=1\nSTATUS=stopping"]);
    assert_eq!(
        systemd.daemon.ended().await.code(),
        Some(0),
        "{}",
        systemd.daemon.log()
    );
    let after = systemd.next_within(Duration::ZERO).await;
    assert_eq!(
        after.filter(|told| told != ALIVE),
        None,
        "nothing is told behind the end"
    );
    assert_eq!(
        relay.take().len(),
        1,
        "the work goes on beside what is told"
    );
}

/// The file of a secret lies on a disk that does not answer: a pipe into which nobody writes. The loop that reads it hangs,
/// and the rest of the process does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_of_which_a_part_hangs_gives_no_sign_of_life_until_it_gets_on() {
    let api = FakeZaloOa::start(Clock::System, &[]).await;
    let url = format!("http://{}", api.address);
    let channel = format!(
        "[zalo_oa]\napp_id = \"{APP_ID}\"\napp_secret_file = \"app\"\noa_id = \"{OA_ID}\"\n\
         refresh_token_file = \"refresh\"\napi_url = \"{url}\"\noauth_url = \"{url}\"\n"
    );
    let province = Province::new(1, "dondoc.db", &channel).await;
    province.write("app", APP_SECRET);
    province.write("refresh", FIRST_REFRESH);
    let limit = Duration::from_secs(5);
    let mut systemd = Supervisor::start(&province, limit.as_secs());
    while !systemd.next().await.starts_with("READY=1\n") {}
    systemd.alive().await;

    std::fs::remove_file(province.path("refresh")).unwrap();
    let made = Command::new("mkfifo")
        .arg(province.path("refresh"))
        .status()
        .unwrap();
    assert!(made.success());
    systemd.daemon.signal("HUP");
    assert_says(&systemd.news().await, &["RELOADING=1\n"]);
    assert_says(
        &systemd.news().await,
        &["STATUS=hangs: planning and sending has not got on for "],
    );
    // Longer than a supervisor would wait before it kills.
    let since = Instant::now();
    while let Some(left) = (2 * limit).checked_sub(since.elapsed()) {
        let told = systemd.next_within(left).await;
        assert_eq!(told, None, "it hangs and says it lives");
    }

    let mut pipe = OpenOptions::new()
        .write(true)
        .open(province.path("refresh"))
        .unwrap();
    std::io::Write::write_all(&mut pipe, FIRST_REFRESH.as_bytes()).unwrap();
    drop(pipe);
    assert_says(&systemd.news().await, &["READY=1\n"]);
    systemd.alive().await;
    systemd.daemon.signal("TERM");
    assert_eq!(
        systemd.daemon.ended().await.code(),
        Some(0),
        "{}",
        systemd.daemon.log()
    );
}
