//! A folder that is there when everything in it is written, or not at all.

use std::fs::{self, DirBuilder, File};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::error::{ExportError, writing};

/// A folder to be, under another name beside its place. Files are named by the program alone: no name of an agency or of
/// a file that somebody sent is a path.
#[derive(Debug)]
pub(super) struct NewFolder {
    place: PathBuf,
    partial: PathBuf,
    is_published: bool,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Its name in the folder.
    pub name: &'static str,
    /// How many lines it has; `None` when it has none.
    pub lines: Option<u64>,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl NewFolder {
    /// Begins a folder; only its owner may read it.
    pub(super) fn begin(place: &Path) -> Result<Self, ExportError> {
        if place.symlink_metadata().is_ok() {
            return Err(ExportError::Exists(place.to_owned()));
        }
        let name = place
            .file_name()
            .ok_or_else(|| ExportError::NoName(place.to_owned()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".partial");
        let partial = place.with_file_name(hidden);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(writing(parent))?;
        }
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(&partial) {
            Ok(()) => Ok(Self {
                place: place.to_owned(),
                partial,
                is_published: false,
            }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(ExportError::Unfinished(partial))
            }
            Err(error) => Err(writing(&partial)(error)),
        }
    }

    /// Begins a file of JSON lines.
    pub(super) fn lines(&self, name: &'static str) -> Result<Lines, ExportError> {
        let path = self.partial.join(name);
        let file = File::create_new(&path).map_err(writing(&path))?;
        Ok(Lines {
            name,
            path,
            file: BufWriter::new(file),
            hash: Sha256::new(),
            lines: 0,
            bytes: 0,
        })
    }

    /// Writes a file.
    pub(super) fn whole(&self, name: &'static str, bytes: &[u8]) -> Result<Written, ExportError> {
        let mut file = self.lines(name)?;
        file.put(bytes)?;
        let written = file.end()?;
        Ok(Written {
            lines: None,
            ..written
        })
    }

    /// Gives the folder its name: from now on it is there.
    pub(super) fn publish(mut self) -> Result<(), ExportError> {
        let synced = |path: &Path| File::open(path).and_then(|folder| folder.sync_all());
        synced(&self.partial).map_err(writing(&self.partial))?;
        // An empty folder that was made meanwhile would be replaced; nothing that holds anything is.
        if self.place.symlink_metadata().is_ok() {
            return Err(ExportError::Exists(self.place.clone()));
        }
        fs::rename(&self.partial, &self.place).map_err(writing(&self.place))?;
        self.is_published = true;
        let parent = match self.place.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        synced(parent).map_err(writing(parent))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if !self.is_published {
            // The first failure is the one to be told; what is left is said at the next try.
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// A file that is being written, line by line.
#[derive(Debug)]
pub(super) struct Lines {
    name: &'static str,
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    lines: u64,
    bytes: u64,
}

impl Lines {
    /// Writes one line.
    pub(super) fn line(&mut self, value: &impl Serialize) -> Result<(), ExportError> {
        let text = serde_json::to_vec(value).map_err(|error| writing(&self.path)(error.into()));
        let mut text = text?;
        text.push(b'\n');
        self.lines += 1;
        self.put(&text)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(writing(&self.path))
    }

    /// Ends the file: it is on the disk.
    pub(super) fn end(self) -> Result<Written, ExportError> {
        let Self { path, file, .. } = self;
        file.into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .map_err(writing(&path))?;
        Ok(Written {
            name: self.name,
            lines: Some(self.lines),
            bytes: self.bytes,
            sha256: HEXLOWER.encode(&self.hash.finalize()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_when_it_is_whole_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("new").join("export");
        let folder = NewFolder::begin(&place).unwrap();
        let mut lines = folder.lines("a.jsonl").unwrap();
        lines.line(&1).unwrap();
        let written = lines.end().unwrap();
        assert_eq!((written.lines, written.bytes), (Some(1), 2));
        // printf '1\n' | sha256sum
        let expected = "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865";
        assert_eq!(written.sha256, expected);
        let second = NewFolder::begin(&place).unwrap_err();
        assert!(matches!(second, ExportError::Unfinished(_)), "{second}");
        assert!(!place.exists());
        drop(folder);
        assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 0);
        NewFolder::begin(&place).unwrap().publish().unwrap();
        let third = NewFolder::begin(&place).unwrap_err();
        assert!(matches!(third, ExportError::Exists(_)), "{third}");
    }

    #[test]
    fn what_is_there_is_never_replaced() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("export");
        let folder = NewFolder::begin(&place).unwrap();
        fs::write(&place, "mine").unwrap();
        let error = folder.publish().unwrap_err();
        assert!(matches!(error, ExportError::Exists(_)), "{error}");
        assert_eq!(fs::read_to_string(&place).unwrap(), "mine");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        for name in ["/", "..", ""] {
            NewFolder::begin(Path::new(name)).unwrap_err();
        }
    }
}
