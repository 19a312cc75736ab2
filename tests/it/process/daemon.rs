//! `dondoc run` as a child of the test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use super::province::Province;
use dondoc::store::Db;
use dondoc::store::deliveries::{self, Delivery, DeliveryState, Filter};

/// How long anything may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(40);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A daemon that runs; killed when it is dropped.
pub(super) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a daemon on the files of the province.
    pub(super) fn start(province: &Province) -> Self {
        Self::start_with(province, &[])
    }

    /// The same, with these options.
    pub(super) fn start_with(province: &Province, options: &[&str]) -> Self {
        Self::start_under(province, options, &[])
    }

    /// The same, with these options and these variables in its environment.
    pub(super) fn start_under(
        province: &Province,
        options: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dondoc"));
        command
            .arg("run")
            .args(options)
            .envs(variables.iter().copied());
        Self::spawn(province, command)
    }

    /// Starts a daemon to which the system gives so much memory and no more.
    pub(super) fn start_within(province: &Province, kilobytes: u32) -> Self {
        let mut command = Command::new("sh");
        let script = format!("ulimit -v {kilobytes} && exec \"$0\" run");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_dondoc")]);
        Self::spawn(province, command)
    }

    fn spawn(province: &Province, mut command: Command) -> Self {
        let number = (1..1000)
            .find(|n| !province.path(&format!("log.{n}")).exists())
            .unwrap();
        let log = province.path(&format!("log.{number}"));
        let child = command
            .current_dir(province.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Self { child, log }
    }

    /// Sends it a signal: `TERM`, `INT`, `HUP`, `KILL`.
    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Whether it has not ended yet.
    pub(super) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has ended.
    pub(super) async fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        let log = self.log.clone();
        until("the daemon has ended", &log, || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.unwrap()
    }

    /// What it has logged so far.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it has logged these words.
    pub(super) async fn logged(&self, words: &str) {
        self.until(&format!("it says {words:?}"), || self.log().contains(words))
            .await;
    }

    /// Waits for a condition, and shows the log when it does not come.
    pub(super) async fn until(&self, what: &str, condition: impl FnMut() -> bool + Send) {
        until(what, &self.log, condition).await;
    }

    /// Waits until so many deliveries are in this state.
    pub(super) async fn counted(&self, db: &Db, state: DeliveryState, wanted: usize) {
        let since = Instant::now();
        loop {
            let found = deliveries_of(db).await;
            if found.iter().filter(|one| one.state == state).count() == wanted {
                return;
            }
            let late = || {
                let found: Vec<_> = found.iter().map(|one| (one.state, &one.reason)).collect();
                format!("{wanted} are not {state:?}: {found:?}\n{}", self.log())
            };
            assert!(since.elapsed() < PATIENCE, "{}", late());
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn until(what: &str, log: &Path, mut condition: impl FnMut() -> bool + Send) {
    let since = Instant::now();
    while !condition() {
        assert!(
            since.elapsed() < PATIENCE,
            "in vain: {what}; the log:\n{}",
            fs::read_to_string(log).unwrap()
        );
        tokio::time::sleep(PAUSE).await;
    }
}

/// Every delivery, oldest first.
pub(super) async fn deliveries_of(db: &Db) -> Vec<Delivery> {
    let mut tx = db.snapshot().await.unwrap();
    let mut found = deliveries::list(&mut tx, &Filter::default(), 1000)
        .await
        .unwrap();
    found.reverse();
    found
}

/// What a command prints, run on the files of the province.
pub(super) fn said(province: &Province, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dondoc"))
        .args(args)
        .current_dir(province.folder())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Standard output of a command that succeeds.
#[track_caller]
pub(super) fn printed(province: &Province, args: &[&str]) -> String {
    let output = said(province, args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
