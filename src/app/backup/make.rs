//! Making a copy of a database file while others write it.

use std::fs::File;
use std::path::Path;

use tempfile::NamedTempFile;

use super::BackupError;
use super::error::at;
use super::look::{Contents, look_into};
use super::own::refuse_own;
use crate::store::{Db, StoreError};

/// Writes a copy of the file `database`, as of one moment, to `to`: for its owner only, checked before it gets its name,
/// there whole or not at all. The schema stays as it is.
///
/// # Errors
/// When there is no such database, `to` is that database, is there and may not be replaced, the disk fails, or the copy is not sound.
pub async fn back_up(database: &Path, to: &Path, replace: bool) -> Result<Contents, BackupError> {
    if !database.is_file() {
        return Err(BackupError::NoDatabase(database.to_owned()));
    }
    refuse_own(to, database)?;
    if to.file_name().is_none() || to.is_dir() {
        return Err(BackupError::NoName(to.to_owned()));
    }
    if !replace && to.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let folder = folder_of(to);
    if !folder.is_dir() {
        return Err(BackupError::NoFolder(folder.to_owned()));
    }
    // Made with mode 0600; SQLite writes into a file that is there and empty.
    let copy = NamedTempFile::new_in(folder).map_err(at("making a file in", folder))?;
    let db = Db::open(&database.to_string_lossy()).await?;
    let copied = match db.version().await {
        Ok(Some(_)) => match db.copy_into(copy.path()).await {
            // Nothing but the copy is written.
            Err(StoreError::Full { .. }) => Err(BackupError::NoRoom(to.to_owned())),
            copied => copied.map_err(Into::into),
        },
        Ok(None) => Err(BackupError::NotOurs(database.to_owned())),
        Err(error) => Err(error.into()),
    };
    db.close().await;
    copied?;
    let contents = look_into(copy.path()).await?;
    keep(copy, to, replace)?;
    Ok(contents)
}

/// Gives a file its name once its bytes are on the disk.
pub(super) fn keep(file: NamedTempFile, to: &Path, replace: bool) -> Result<(), BackupError> {
    file.as_file().sync_all().map_err(at("writing", to))?;
    let kept = if replace {
        file.persist(to)
    } else {
        file.persist_noclobber(to)
    };
    match kept {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(BackupError::Exists(to.to_owned()));
        }
        Err(error) => return Err(at("naming", to)(error.error)),
    }
    let folder = folder_of(to);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at("writing the folder", folder))
}

/// The folder in which a file lies.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
