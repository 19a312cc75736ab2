//! Why a copy was not made, or not put back.

use std::path::{Path, PathBuf};

use crate::app::AppError;
use crate::store::StoreError;

/// A failure of a backup or a restore. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("there is no database {}: check `database` of the configuration", .0.display())]
    NoDatabase(PathBuf),
    /// There is nothing to put back.
    #[error("there is no file {}", .0.display())]
    NoFile(PathBuf),
    /// Something of that name is there.
    #[error("{} is there already: name another, or replace it with --force", .0.display())]
    Exists(PathBuf),
    /// The copy would be written over what it is a copy of, or be put back from there.
    #[error(
        "{} is the database itself ({} of the configuration), or a part of it: name another file, on another disk if there is one",
        .file.display(), .database.display()
    )]
    Itself {
        /// As it was named.
        file: PathBuf,
        /// The database.
        database: PathBuf,
    },
    /// The folder in which it should lie is not there.
    #[error("there is no folder {}: make it, or name a file elsewhere", .0.display())]
    NoFolder(PathBuf),
    /// The disk of the copy is full.
    #[error(
        "the disk of {} is full: nothing was written; free some space there, or name a file on another disk",
        .0.display()
    )]
    NoRoom(PathBuf),
    /// What is to be put back cannot be read as a database.
    #[error(
        "{} is damaged or no database: nothing was changed; name another backup",
        .0.display()
    )]
    NotSound(PathBuf),
    /// It does not name a file.
    #[error("`{}` does not name a file", .0.display())]
    NoName(PathBuf),
    /// A database that is in use, or was copied while it was.
    #[error(
        "{} is no backup: a log of changes lies beside it; make a copy of that database with `dondoc backup`",
        .0.display()
    )]
    HasLog(PathBuf),
    /// Another program has it open.
    #[error("{0} is in use: stop the daemon and every other dondoc, then try again")]
    InUse(String),
    /// A database, and not one of ours.
    #[error("{} is no database of dondoc: it has no schema version", .0.display())]
    NotOurs(PathBuf),
    /// The file is not sound.
    #[error("{} is damaged: {}", .path.display(), .defects.join("; "))]
    Defective {
        /// Which.
        path: PathBuf,
        /// What is wrong, as SQLite says.
        defects: Vec<String>,
    },
    /// Its ledger is not what was written.
    #[error(
        "the ledger of plan {plan} in {} does not hold: `dondoc verify` says where; use another backup, or --force to put it back as it is",
        .path.display()
    )]
    Broken {
        /// Which file.
        path: PathBuf,
        /// Which plan.
        plan: String,
    },
    /// A file cannot be read or written.
    #[error("{doing} {}", .path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl BackupError {
    /// The same of `file`, of which what it speaks of is a copy.
    pub(super) fn of(self, file: &Path) -> Self {
        let path = file.to_owned();
        match self {
            Self::NotOurs(_) => Self::NotOurs(path),
            Self::Defective { defects, .. } => Self::Defective { path, defects },
            Self::App(AppError::Store(StoreError::Damaged { .. })) => Self::NotSound(path),
            other => other,
        }
    }
}

/// Says what was being done with which file.
pub(super) fn at(
    doing: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    move |source| BackupError::Io {
        doing,
        path,
        source,
    }
}
