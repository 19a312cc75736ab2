//! Whether an installation is well: each thing that can be wrong is looked at, and for what is wrong there is a remedy.
//!
//! Nothing is sent to a person, no token is spent, nothing is migrated, and no finding shows a secret. Checks run side by
//! side, each with its own deadline; findings come in the order of the checks, whatever answers first.

mod channels;
mod clock;
mod database;
mod files;
mod finding;
mod network;
mod work;

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use secrecy::ExposeSecret as _;

pub use finding::{CONFIGURATION, Finding, Verdict};

use crate::app::open::Loaded;
use crate::config::Database;
use crate::store::db::known_version;
use crate::store::{Db, StoreError};

/// How long a question over the network may take, and how long looking through the whole database may.
const BRIEFLY: Duration = Duration::from_secs(15);
const THOROUGHLY: Duration = Duration::from_mins(2);

/// What the checks look at.
struct Patient<'a> {
    loaded: &'a Loaded,
    /// The database, when it can be opened and has the tables of this program.
    db: Option<&'a Db>,
    now: DateTime<Utc>,
}

type Findings = Vec<Finding>;
type Check<'a> = Pin<Box<dyn Future<Output = Findings> + Send + 'a>>;

/// Looks at everything; over the network only unless `offline`.
pub async fn examine(loaded: &Loaded, offline: bool, now: DateTime<Utc>) -> Vec<Finding> {
    let (mut found, db) = open(loaded).await;
    let ready = match &db {
        Some(db) => db.version().await.ok().flatten() == Some(known_version()),
        None => false,
    };
    let patient = Patient {
        loaded,
        db: db.as_ref().filter(|_| ready),
        now,
    };
    let patient = &patient;
    let mut checks: Vec<Check<'_>> = vec![
        within(CONFIGURATION, BRIEFLY, async {
            files::configuration(patient)
        }),
        within("secrets", BRIEFLY, async { files::secrets(patient) }),
        within("integrity", THOROUGHLY, database::integrity(patient)),
        within("writing", BRIEFLY, database::writing(patient)),
        within("space", BRIEFLY, async { database::space(patient) }),
        within("ledger", THOROUGHLY, database::ledger(patient)),
        within("clock", BRIEFLY, clock::entries(patient)),
        within("time zone", BRIEFLY, async { clock::zone(patient) }),
        within("holidays", BRIEFLY, async { files::holidays(patient) }),
        within("contacts", BRIEFLY, work::contacts(patient)),
        within("planning", BRIEFLY, work::planning(patient)),
        within("outbox", BRIEFLY, work::outbox(patient)),
        within("inbox", BRIEFLY, work::inbox(patient)),
        within("leases", BRIEFLY, work::leases(patient)),
    ];
    if !offline {
        let over_network: [Check<'_>; 8] = [
            within("clock of others", BRIEFLY, clock::others(patient)),
            within("names", BRIEFLY, network::names(patient)),
            within("mail relay", BRIEFLY, channels::relay(patient)),
            within("mailbox", BRIEFLY, channels::mailbox(patient)),
            within("telegram", BRIEFLY, channels::telegram(patient)),
            within("zalo bot", BRIEFLY, channels::zalo_bot(patient)),
            within("zalo account", BRIEFLY, channels::zalo_oa(patient)),
            within("webhooks", BRIEFLY, network::listener(patient)),
        ];
        checks.extend(over_network);
    }
    found.extend(join_all(checks).await.into_iter().flatten());
    if let Some(db) = db {
        db.close().await;
    }
    found
}

/// A check that ends in time, one way or another.
fn within<'a>(
    name: &'static str,
    time: Duration,
    check: impl Future<Output = Findings> + Send + 'a,
) -> Check<'a> {
    Box::pin(async move {
        tokio::time::timeout(time, check).await.unwrap_or_else(|_| {
            let what = format!("no answer within {} s", time.as_secs());
            vec![Finding::fail(
                name,
                what,
                "look whether the machine is overloaded or the other side hangs, then try again",
            )]
        })
    })
}

/// Opens the database as it is: nothing is made and nothing is migrated.
async fn open(loaded: &Loaded) -> (Findings, Option<Db>) {
    const CHECK: &str = "database";
    let config = &loaded.config.database;
    if let Database::Sqlite(path) = config
        && !path.exists()
        && folder_of(path).exists()
    {
        let what = format!("there is no {} yet", path.display());
        let remedy = "the first start of `dondoc run` makes it; if there should be one, correct `database` of the configuration or restore a backup";
        return (vec![Finding::warn(CHECK, what, remedy)], None);
    }
    let target = match config.target() {
        Ok(target) => target,
        Err(error) => {
            let found = Finding::fail(CHECK, error.0.problem.clone(), error.0.remedy.clone());
            return (vec![found], None);
        }
    };
    let is_file = database_file(loaded).is_some();
    let opening = tokio::time::timeout(BRIEFLY, Db::open(target.expose_secret())).await;
    let db = match opening {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => return (vec![unopened(&error, is_file)], None),
        Err(_) => {
            let what = format!("{config} does not answer within {} s", BRIEFLY.as_secs());
            return (vec![Finding::fail(CHECK, what, REACH)], None);
        }
    };
    let version = db.version().await;
    let found = match version {
        Ok(Some(version)) if version == known_version() => {
            Finding::ok(CHECK, format!("{config} answers, schema version {version}"))
        }
        Ok(version) => Finding::warn(
            CHECK,
            format!(
                "{config} has schema version {}, this program {}; what it holds is not looked at",
                version.unwrap_or(0),
                known_version()
            ),
            "make a backup with `dondoc backup`, then `dondoc migrate`, or start the daemon, which does the same",
        ),
        Err(error) => unopened(&error, is_file),
    };
    (vec![found], Some(db))
}

const REACH: &str =
    "start the server, look at address, firewall, user and password, then try again";

fn unopened(error: &StoreError, is_file: bool) -> Finding {
    let mut what = error.to_string();
    if let StoreError::Unavailable { source, .. }
    | StoreError::NoEntry { source, .. }
    | StoreError::NotAllowed { source, .. }
    | StoreError::Disk { source, .. } = error
    {
        // The driver's own words name the server at most, never a password.
        what = format!("{what} ({source})");
    }
    let remedy = match error {
        StoreError::Newer { .. } => {
            "install the newer dondoc, or restore the backup made before the upgrade"
        }
        StoreError::Damaged { .. } => {
            "stop the daemon and restore a backup: `dondoc restore FILE --force`"
        }
        StoreError::Full { .. } => "free some space",
        StoreError::NoEntry { .. } => {
            "make the database and its user (docs/installation.md), or correct `database` and its password"
        }
        StoreError::NoFolder { .. } => {
            "create it for the user that runs dondoc, or correct `database`"
        }
        StoreError::NotAllowed { .. } => {
            "look at both with ls -ld, as the user that runs dondoc, and at the disk with findmnt"
        }
        StoreError::Disk { .. } => {
            "look at the disk with df and dmesg; on another one, restore a backup"
        }
        _ if is_file => "end what holds the database, look at its disk, then try again",
        StoreError::Busy { .. } => "end what holds the database, then try again",
        _ => REACH,
    };
    Finding::fail("database", what, remedy)
}

/// The folder in which a file lies.
fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// The file of the database, when it is one.
fn database_file(loaded: &Loaded) -> Option<&Path> {
    match &loaded.config.database {
        Database::Sqlite(path) => Some(path),
        Database::Postgres { .. } => None,
    }
}
