//! One private PostgreSQL server for this test process, reached by a socket in its own folder, and thrown away.
//!
//! Each process runs a copy of data that were made once, with a migrated database in them: to make them anew takes longer than
//! most tests.
//!
//! A small shell stands between us and the server. It waits on a pipe that closes when this process ends, however it
//! ends; then it stops the server and removes the folder.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dondoc::store::Db;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const TEMPLATE: &str = "dondoc_template";
const START_TIMEOUT: Duration = Duration::from_mins(1);
const WATCHDOG: &str = r#""$@" >"$DONDOC_PG/log" 2>&1 & cat >/dev/null
server=$(head -n 1 "$DONDOC_PG/data/postmaster.pid"); kill -INT "$server"; wait $!
while kill -0 "$server"; do sleep 0.1; done; rm -rf "$DONDOC_PG""#;
/// What makes a server fast that nobody stops: what it forgets when it crashes does not matter.
const FORGETFUL: &str = "-c synchronous_commit=off";

/// Creates a migrated database and gives its URL.
pub(crate) async fn migrated_database() -> String {
    new_database(TEMPLATE).await
}

/// Creates a database without any table and gives its URL.
pub(crate) async fn empty_database() -> String {
    new_database("template0").await
}

async fn new_database(template: &str) -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let start = || {
        std::thread::spawn(|| Server::start(FORGETFUL))
            .join()
            .unwrap()
    };
    let starting = move || SERVER.get_or_init(start);
    let server = tokio::task::spawn_blocking(starting).await.unwrap();
    database_on(server, template).await
}

async fn database_on(server: &Server, template: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("dondoc_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server.create_database(&name, template).await;
    server.url(&name)
}

/// A server of one's own, which can be stopped and started under whoever uses it.
pub(crate) struct Cluster(Server);

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Whoever is connected is sent away.
    Fast,
    /// As in a crash: nobody is told anything, and it recovers from its log.
    Immediate,
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        let start = || std::thread::spawn(|| Server::start("")).join().unwrap();
        Self(tokio::task::spawn_blocking(start).await.unwrap())
    }

    /// Creates a migrated database on it and gives its URL.
    pub(crate) async fn migrated_database(&self) -> String {
        database_on(&self.0, TEMPLATE).await
    }

    /// Stops it; returns when it has stopped.
    pub(crate) async fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.control(&["stop", "-m", mode]).await;
    }

    /// Starts it again; returns when it takes connections.
    pub(crate) async fn start_again(&self) {
        let folder = &self.0.folder;
        let (options, log) = (options(folder, ""), folder.join("log.again"));
        self.control(&["start", "-l", log.to_str().unwrap(), "-o", &options])
            .await;
    }

    async fn control(&self, args: &[&str]) {
        let mut command = as_user(User::other_than_root().as_ref(), &programs().join("pg_ctl"));
        command
            .arg("-w")
            .arg("-D")
            .arg(self.0.folder.join("data"))
            .args(args);
        // What is started keeps what it inherits open.
        command
            .current_dir(&self.0.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = tokio::task::spawn_blocking(move || command.status().unwrap())
            .await
            .unwrap();
        let log = || std::fs::read_to_string(self.0.folder.join("log.again")).unwrap_or_default();
        assert!(status.success(), "pg_ctl {args:?}: {}", log());
    }
}

/// What the server is told beside where its data is.
fn options(folder: &Path, more: &str) -> String {
    format!(
        "-k {} -c listen_addresses= -c max_connections=300 -F -c full_page_writes=off -c autovacuum=off {more}",
        folder.display()
    )
}

struct Server {
    folder: PathBuf,
    _watchdog: Child,
}

impl Server {
    /// Runs a copy of the stock.
    fn start(more: &str) -> Self {
        let user = User::other_than_root();
        let stock = stock(user.as_ref());
        Self::on(more, user.as_ref(), |data| copy(&stock, data))
    }

    /// Runs on the data that `fill` puts into a folder.
    fn on(more: &str, user: Option<&User>, fill: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("dondoc-pg-")
            .tempdir()
            .unwrap()
            .keep();
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
        if let Some(user) = user {
            chown(&folder, Some(user.uid), Some(user.gid)).unwrap();
        }
        let data = folder.join("data");
        fill(&data);
        let server = as_user(user, &programs().join("postgres"));
        let watchdog = Command::new("sh")
            .args(["-c", WATCHDOG, "sh"])
            .arg(server.get_program())
            .args(server.get_args())
            .arg("-D")
            .arg(&data)
            .args(options(&folder, more).split_whitespace())
            .env("DONDOC_PG", &folder)
            .current_dir(&folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            folder,
            _watchdog: watchdog,
        };
        blocking(server.wait_until_up());
        server
    }

    async fn prepare_template(&self) {
        self.create_database(TEMPLATE, "template0").await;
        let db = Db::open(&self.url(TEMPLATE)).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
    }

    async fn wait_until_up(&self) {
        let since = Instant::now();
        while let Err(error) = PgConnection::connect(&self.url("postgres")).await {
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(
                since.elapsed() < START_TIMEOUT,
                "PostgreSQL does not start: {error}\n{}",
                log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn create_database(&self, name: &str, template: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"));
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://dondoc@localhost/{database}?host={}",
            self.folder.display()
        )
    }
}

/// The data of a server with a migrated database, made once for these migrations, this PostgreSQL and this user, and kept among what
/// the build leaves.
fn stock(user: Option<&User>) -> PathBuf {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("postgres-{}", made_of(user)));
    if kept.exists() {
        return kept;
    }
    let server = Server::on(FORGETFUL, user, |data| {
        let output = as_user(user, &programs().join("initdb"))
            .args([
                "--username=dondoc",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--wal-segsize=1",
                "--no-sync",
                "-D",
            ])
            .arg(data)
            .current_dir("/")
            .output()
            .unwrap();
        assert_succeeded("initdb", &output);
    });
    blocking(server.prepare_template());
    let data = server.folder.join("data");
    let output = as_user(user, &programs().join("pg_ctl"))
        .args(["stop", "-w", "-m", "fast", "-D"])
        .arg(&data)
        .current_dir("/")
        .output()
        .unwrap();
    assert_succeeded("pg_ctl stop", &output);
    let copied = kept.with_extension(std::process::id().to_string());
    copy(&data, &copied);
    // Whoever made it at the same time was first.
    if std::fs::rename(&copied, &kept).is_err() {
        std::fs::remove_dir_all(&copied).unwrap();
    }
    kept
}

/// What tells one stock from another.
fn made_of(user: Option<&User>) -> String {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/postgres");
    let mut files: Vec<PathBuf> = std::fs::read_dir(migrations)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        (&file, std::fs::read(&file).unwrap()).hash(&mut hasher);
    }
    let version = Command::new(programs().join("postgres"))
        .arg("--version")
        .output()
        .unwrap();
    (version.stdout, user.map(|user| user.uid)).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Copies a folder with its owners.
fn copy(from: &Path, to: &Path) {
    let output = Command::new("cp")
        .arg("-a")
        .args([from, to])
        .output()
        .unwrap();
    assert_succeeded("cp", &output);
}

fn blocking<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// The folder with PostgreSQL's programs.
fn programs() -> PathBuf {
    find_programs().expect(
        "no PostgreSQL server was found: run ./test, which installs one, or set PG_BIN to the folder of `initdb` and `postgres`",
    )
}

/// The folder with PostgreSQL's programs: `PG_BIN`, else on the `PATH`, else where Debian has the newest.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where the server's programs are"
)]
pub(crate) fn find_programs() -> Option<PathBuf> {
    let has_server =
        |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    if let Some(folder) = std::env::var_os("PG_BIN").map(PathBuf::from) {
        assert!(
            has_server(&folder),
            "PG_BIN is {}, where there is no `initdb` or `postgres`",
            folder.display()
        );
        return Some(folder);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = std::env::split_paths(&path).find(has_server) {
        return Some(folder);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut folders: Vec<PathBuf> = versions
        .map(|version| version.unwrap().path().join("bin"))
        .collect();
    folders.sort();
    folders.into_iter().rfind(has_server)
}

/// PostgreSQL refuses to run as root; then it runs as one of these.
struct User {
    uid: u32,
    gid: u32,
}

impl User {
    fn other_than_root() -> Option<Self> {
        if id(&["-u"]) != Some(0) {
            return None;
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| {
                Some(Self {
                    uid: id(&["-u", name])?,
                    gid: id(&["-g", name])?,
                })
            })
            .or_else(|| {
                panic!("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
            })
    }
}

fn id(args: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(args).output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .ok()
}

fn as_user(user: Option<&User>, program: &Path) -> Command {
    let Some(user) = user else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={}", user.uid))
        .arg(format!("--regid={}", user.gid))
        .args(["--clear-groups", "--"])
        .arg(program);
    command
}

fn assert_succeeded(what: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what} failed: {said}");
}
