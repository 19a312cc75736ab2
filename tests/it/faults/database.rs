//! The database of a run, and what goes wrong with it.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use dondoc::clock::instant;
use dondoc::store::{Db, Tx, watermarks};

use crate::support::db::{TestDb, execute, postgres, rows, sqlite_copy};

/// How long a write waits for another's, in milliseconds, where the file is locked for longer.
const BUSY: &str = "PRAGMA busy_timeout = 30";
/// As on a disk that takes nothing more.
const FULL: &str = "PRAGMA max_page_count = 1";
const ROOMY: &str = "PRAGMA max_page_count = 1073741823";

/// A server says the same of a full disk that this says where `disk` is full.
const DISK: &str = "CREATE TABLE disk (is_full BOOLEAN NOT NULL);
    INSERT INTO disk VALUES (false);
    CREATE FUNCTION refuse_when_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT is_full FROM disk) THEN
            RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER disk BEFORE INSERT OR UPDATE ON deliveries EXECUTE FUNCTION refuse_when_full();
    CREATE TRIGGER disk BEFORE INSERT OR UPDATE ON attempts EXECUTE FUNCTION refuse_when_full();
    CREATE TRIGGER disk BEFORE INSERT OR UPDATE ON briefs EXECUTE FUNCTION refuse_when_full();";

/// What goes wrong for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// Somebody else holds the lock that every write needs.
    Locked,
    /// Nothing more fits on the disk.
    Full,
    /// Connections break in the middle of something, as when a server restarts.
    Broken,
}

impl Trouble {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Full => "full",
            Self::Broken => "connections broken",
        }
    }
}

/// A database that things go wrong with.
pub(super) struct Store {
    pub(super) test: TestDb,
    pub(super) trouble: Option<Trouble>,
    lock: Option<Tx>,
}

impl Store {
    pub(super) async fn on_sqlite() -> Self {
        Self {
            test: sqlite_copy().await,
            trouble: None,
            lock: None,
        }
    }

    pub(super) async fn on_postgres() -> Self {
        let test = postgres().await;
        let mut tx = test.db.begin().await.unwrap();
        execute(&mut tx, DISK).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            test,
            trouble: None,
            lock: None,
        }
    }

    /// As if the digests of that day had been made: the daemon of a run is not the first.
    pub(super) async fn note_digest(&self, monday: NaiveDate) {
        let mut tx = self.test.db.begin().await.unwrap();
        let made_at = instant(monday.and_hms_opt(7, 30, 0).unwrap());
        assert!(
            watermarks::mark_digest(&mut tx, monday, Some(made_at))
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
    }

    /// Notes that days were planned up to this one.
    pub(super) async fn note_planned(&self, day: NaiveDate) {
        let mut tx = self.test.db.begin().await.unwrap();
        let at = instant(day.and_hms_opt(7, 30, 0).unwrap());
        watermarks::mark_planned(&mut tx, day, at).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn is_file(&self) -> bool {
        matches!(self.test.db, Db::Sqlite(_))
    }

    /// Opens it once more, as a process does that starts.
    pub(super) async fn open(&mut self) -> Db {
        let lock = self.lock.take();
        let was_locked = lock.is_some();
        if let Some(lock) = lock {
            lock.commit().await.unwrap();
        }
        let db = Db::open(&self.test.url).await.unwrap();
        if self.is_file() {
            let full = self.trouble == Some(Trouble::Full);
            tell(&db, if full { FULL } else { ROOMY }).await;
            tell(&db, BUSY).await;
        }
        if was_locked {
            self.lock = Some(self.test.db.begin().await.unwrap());
        }
        db
    }

    /// Trouble begins. `daemon` is what a running process has open.
    pub(super) async fn begin(&mut self, trouble: Trouble, daemon: Option<&Db>) {
        self.end(daemon).await;
        self.trouble = Some(trouble);
        match (trouble, self.is_file()) {
            (Trouble::Locked, true) => {
                if let Some(db) = daemon {
                    tell(db, BUSY).await; // it may have a new connection
                }
                self.lock = Some(self.test.db.begin().await.unwrap());
            }
            (Trouble::Full, true) => {
                if let Some(db) = daemon {
                    tell(db, FULL).await;
                }
            }
            (Trouble::Full, false) => tell(&self.test.db, "UPDATE disk SET is_full = true").await,
            // These come in the middle of something.
            (Trouble::Locked, false) | (Trouble::Broken, _) => {}
        }
    }

    /// Trouble ends.
    pub(super) async fn end(&mut self, daemon: Option<&Db>) {
        if let Some(lock) = self.lock.take() {
            lock.commit().await.unwrap();
        }
        match (self.trouble.take(), self.is_file(), daemon) {
            (Some(Trouble::Full), true, Some(db)) => tell(db, ROOMY).await,
            (Some(Trouble::Full), false, _) => {
                tell(&self.test.db, "UPDATE disk SET is_full = false").await;
            }
            _ => {}
        }
    }

    /// What comes in the middle of a round, where the trouble is of such a kind.
    pub(super) fn strike(&self, lasts: Duration) -> Option<impl Future<Output = ()> + use<>> {
        let trouble = self.trouble.filter(|_| !self.is_file())?;
        let db = self.test.db.clone();
        Some(async move {
            // A connection that is broken, or a lock that is not given, is trouble enough.
            let Ok(mut tx) = db.begin().await else {
                return;
            };
            let sql = match trouble {
                Trouble::Broken => {
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()"
                }
                _ => "LOCK TABLE deliveries, briefs IN EXCLUSIVE MODE",
            };
            let _ = execute(&mut tx, sql).await;
            if trouble == Trouble::Locked {
                tokio::time::sleep(lasts).await;
            }
            let _ = tx.commit().await;
        })
    }

    /// When the next of what waits may be taken, after `now`.
    pub(super) async fn next_claimable(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waiting = "SELECT claimable_at FROM deliveries WHERE state IN ('queued', 'leased')";
        let waiting: Vec<(DateTime<Utc>,)> = rows(&self.test.db, waiting).await;
        waiting
            .into_iter()
            .map(|(at,)| at)
            .filter(|at| *at > now)
            .min()
    }

    /// How many messages are neither sent nor given up.
    pub(super) async fn unsettled(&self) -> i64 {
        let sql = "SELECT count(*) FROM deliveries WHERE state IN ('queued', 'leased')";
        let counted: Vec<(i64,)> = rows(&self.test.db, sql).await;
        counted[0].0
    }
}

/// Tells it until it listens: what a dead process began may still be under way.
async fn tell(db: &Db, sql: &str) {
    for _ in 0..200 {
        if let Ok(mut tx) = db.begin().await
            && execute(&mut tx, sql).await.is_ok()
            && tx.commit().await.is_ok()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the database does not listen to {sql}");
}
