//! Putting a copy back in the place of a database: all of it, checked and made safe before it is there.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use tempfile::NamedTempFile;

use super::BackupError;
use super::error::at;
use super::look::{Contents, contents, look_into};
use super::make::{folder_of, keep};
use super::own::{beside, refuse_own};
use super::settle::{Settled, settle};
use crate::app::AppError;
use crate::app::setup::Setup;
use crate::clock::local;
use crate::config::Database;
use crate::store::db::Alone;
use crate::store::{Db, restored};

/// How often, and after what pause, a server is asked who else has the database open: connections that were just closed
/// are told for a moment.
const ASKED: u32 = 5;
const BETWEEN: Duration = Duration::from_millis(200);

/// How a restore is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Restoring<'a> {
    /// The plans and schedules of the configuration.
    pub setup: &'a Setup,
    /// Whether a database that is there is replaced, and a ledger that does not hold is put back.
    pub force: bool,
    /// Whether what may have been sent since is sent all the same.
    pub repeat: bool,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    /// What was in the backup.
    pub contents: Contents,
    /// What was held back, ended and taken over.
    pub settled: Settled,
    /// Where the database is that was there before.
    pub kept: Option<PathBuf>,
}

/// Puts the copy `file` in the place of `database`. Until the last step everything is as it was; what was there is kept
/// beside it.
///
/// # Errors
/// When the copy is the database itself, is not sound or newer than this program, somebody has the database open, or it is there and may not be
/// replaced.
pub async fn restore(
    file: &Path,
    database: &Path,
    how: Restoring<'_>,
) -> Result<Restored, BackupError> {
    if !file.is_file() {
        return Err(BackupError::NoFile(file.to_owned()));
    }
    refuse_own(file, database)?;
    let log = beside(file, "-wal");
    if log.metadata().is_ok_and(|log| log.len() > 0) {
        return Err(BackupError::HasLog(file.to_owned()));
    }
    let replaced = Replaced::claim(database, how.force).await?;
    let copy = copied(file, database)?;
    let found = look_into(copy.path())
        .await
        .map_err(|error| error.of(file))?;
    if let Some(broken) = found.broken()
        && !how.force
    {
        return Err(BackupError::Broken {
            path: file.to_owned(),
            plan: broken.plan.to_string(),
        });
    }
    let old = replaced.as_ref().and_then(Replaced::readable);
    let settled = made_safe(copy.path(), old, found.newest, how).await?;
    let kept = match &replaced {
        Some(old) => Some(old.keep(how.now)?),
        None => None,
    };
    keep(copy, database, how.force)?;
    Ok(Restored {
        contents: found,
        settled,
        kept,
    })
}

/// Makes a database safe that other tools have put back where the configuration says.
///
/// # Errors
/// When another dondoc has it open, or it fails.
pub async fn settle_in_place(
    database: &Database,
    how: Restoring<'_>,
) -> Result<Restored, BackupError> {
    let target = database.target().map_err(AppError::from)?;
    let alone = match database {
        Database::Sqlite(path) if !path.exists() => {
            return Err(BackupError::NoDatabase(path.clone()));
        }
        // Asked, and let go of: what follows opens it.
        Database::Sqlite(path) => Alone::with(path).await?.is_some(),
        Database::Postgres { .. } => is_alone_on_server(target.expose_secret()).await?,
    };
    if !alone {
        return Err(BackupError::InUse(format!("database {database}")));
    }
    let db = Db::open(target.expose_secret()).await?;
    let settled = async {
        let found = contents(&db, Path::new(&db.name()), None).await?;
        db.migrate().await?;
        let settled = settle(&db, None, found.newest, how).await?;
        Ok(Restored {
            contents: found,
            settled,
            kept: None,
        })
    }
    .await;
    db.close().await;
    settled
}

async fn is_alone_on_server(target: &str) -> Result<bool, BackupError> {
    for _ in 0..ASKED {
        if restored::others_on_server(target).await? == 0 {
            return Ok(true);
        }
        tokio::time::sleep(BETWEEN).await;
    }
    Ok(false)
}

/// The database that is there, locked against everybody.
struct Replaced {
    path: PathBuf,
    /// `None` for one that cannot be read: nobody can have it open either.
    lock: Option<Alone>,
}

impl Replaced {
    async fn claim(path: &Path, force: bool) -> Result<Option<Self>, BackupError> {
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let lock = match Alone::with(path).await {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => return Err(BackupError::InUse(format!("database {}", path.display()))),
            Err(_) if force => None,
            // Whether it can be replaced is the first question: the answer names --force.
            Err(_) => return Err(BackupError::Exists(path.to_owned())),
        };
        if !force {
            return Err(BackupError::Exists(path.to_owned()));
        }
        Ok(Some(Self {
            path: path.to_owned(),
            lock,
        }))
    }

    fn readable(&self) -> Option<&Path> {
        self.lock.is_some().then_some(self.path.as_path())
    }

    /// Gives the file, and what lies beside one that could not be read, a second name: there is no moment without a
    /// database.
    fn keep(&self, now: DateTime<Utc>) -> Result<PathBuf, BackupError> {
        let end = local(now).format(".before-%Y%m%d-%H%M%S").to_string();
        let kept = beside(&self.path, &end);
        link_or_copy(&self.path, &kept).map_err(at("keeping", &self.path))?;
        for end in ["-wal", "-shm"] {
            let (from, to) = (beside(&self.path, end), beside(&kept, end));
            match fs::rename(&from, &to) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(at("keeping", &from)(error));
                }
                _ => {}
            }
        }
        Ok(kept)
    }
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            let mut target = File::create_new(to)?; // a file system without second names
            io::copy(&mut File::open(from)?, &mut target)?;
            target.set_permissions(from.metadata()?.permissions())?;
            target.sync_all()
        }
        result => result,
    }
}

/// The bytes of `file` in a file beside `database`, readable by the owner of that, and by nobody else.
fn copied(file: &Path, database: &Path) -> Result<NamedTempFile, BackupError> {
    let folder = folder_of(database);
    let mut copy = NamedTempFile::new_in(folder).map_err(at("making a file in", folder))?;
    let mut from = File::open(file).map_err(at("reading", file))?;
    io::copy(&mut from, &mut copy).map_err(at("copying", file))?;
    // Put back by root, it is for the user of the daemon all the same.
    let like = if database.exists() { database } else { folder };
    let owner = like.metadata().map_err(at("reading", like))?;
    let own = copy.as_file().metadata().map_err(at("reading", like))?;
    if (owner.uid(), owner.gid()) != (own.uid(), own.gid()) && own.uid() == 0 {
        chown(copy.path(), Some(owner.uid()), Some(owner.gid()))
            .map_err(at("giving its owner", database))?;
    }
    Ok(copy)
}

/// Brings the copy to the schema of this program and makes it safe; nothing lies beside it when this returns.
async fn made_safe(
    copy: &Path,
    old: Option<&Path>,
    newest: Option<DateTime<Utc>>,
    how: Restoring<'_>,
) -> Result<Settled, BackupError> {
    let db = Db::open(&copy.to_string_lossy()).await?;
    let settled = async {
        db.migrate().await?;
        settle(&db, old, newest, how).await
    }
    .await;
    db.close().await;
    let settled = settled?;
    for end in ["-wal", "-shm"] {
        let left = beside(copy, end);
        if left.metadata().is_ok_and(|left| left.len() > 0) {
            return Err(BackupError::HasLog(left));
        }
        let _ = fs::remove_file(left); // what is empty says nothing
    }
    Ok(settled)
}
