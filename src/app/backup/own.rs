//! Whether a file is the database itself, or one of those that SQLite keeps beside it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::BackupError;
use super::make::folder_of;

/// What stands behind the name of a database in the names of its own files. One that is put there is taken for its log.
const ENDS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Refuses `file` where it is the database, by whatever name: to write over it would leave its log to another file.
pub(super) fn refuse_own(file: &Path, database: &Path) -> Result<(), BackupError> {
    // A log lies beside the file itself, and not beside a link to it.
    let real = fs::canonicalize(database).ok();
    let names = [Some(database), real.as_deref()].into_iter().flatten();
    let mut own = names.flat_map(|name| ENDS.map(|end| beside(name, end)));
    if own.any(|own| is_same(file, &own)) {
        return Err(BackupError::Itself {
            file: file.to_owned(),
            database: database.to_owned(),
        });
    }
    Ok(())
}

/// Whether both are one file, or would be once they are there.
fn is_same(a: &Path, b: &Path) -> bool {
    let inode = |path: &Path| fs::metadata(path).ok().map(|one| (one.dev(), one.ino()));
    match (inode(a), inode(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => place(a).is_some_and(|place_of_a| place(b) == Some(place_of_a)),
        _ => false,
    }
}

/// Where a file that is not there would come to lie.
fn place(path: &Path) -> Option<PathBuf> {
    let folder = fs::canonicalize(folder_of(path)).ok()?;
    Some(folder.join(path.file_name()?))
}

/// The path with something behind its name.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}
