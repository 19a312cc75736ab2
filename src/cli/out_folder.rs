//! The folder into which a command writes files.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::exit::WrongInput;

/// A file to be written: its name and what is in it.
pub(super) type Named<'a> = (String, &'a [u8]);

/// Where files go, and whether they may replace others.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutFolder<'a> {
    /// The folder; made where it is missing.
    pub(super) path: &'a Path,
    /// Whether files that are there are replaced.
    pub(super) replace: bool,
}

impl OutFolder<'_> {
    /// Writes the files and answers with their paths. Each is there whole or not at all; when one is there already that
    /// may not be replaced, none is written.
    ///
    /// # Errors
    /// A file is there already; the folder cannot be made or written.
    pub(super) fn write(self, files: &[Named<'_>]) -> anyhow::Result<Vec<PathBuf>> {
        let mut taken = HashSet::new();
        let paths: Vec<PathBuf> = files
            .iter()
            .map(|(name, _)| self.path.join(free_name(name, &mut taken)))
            .collect();
        if let Some(path) = paths.iter().find(|path| !self.replace && is_there(path)) {
            return Err(exists(path).into());
        }
        let folder = self.path.display();
        if self.path.exists() && !self.path.is_dir() {
            return Err(
                WrongInput(format!("{folder} is no folder: name another with --out")).into(),
            );
        }
        std::fs::create_dir_all(self.path)
            .with_context(|| format!("making the folder {folder}"))?;
        for (path, (_, bytes)) in paths.iter().zip(files) {
            self.write_one(path, bytes)?;
        }
        Ok(paths)
    }

    fn write_one(self, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let writing = || format!("writing {}", path.display());
        // For its owner only: it holds what people wrote.
        let mut file = tempfile::NamedTempFile::new_in(self.path).with_context(writing)?;
        file.write_all(bytes).with_context(writing)?;
        file.as_file().sync_all().with_context(writing)?;
        if self.replace {
            file.persist(path).with_context(writing)?;
            return Ok(());
        }
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(exists(path).into())
            }
            Err(error) => Err(error).with_context(writing),
        }
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn exists(path: &Path) -> WrongInput {
    let path = path.display();
    WrongInput(format!(
        "{path} is there already: move it away, choose another folder with --out, or replace it with --force"
    ))
}

/// `name` without what would lead out of the folder, and unlike every other of the files.
fn free_name(name: &str, taken: &mut HashSet<String>) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let clean: String = name
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    let (stem, extension) = clean.rsplit_once('.').unwrap_or((&clean, ""));
    let mut free = clean.clone();
    let mut number = 1;
    while !taken.insert(free.to_lowercase()) {
        number += 1;
        free = format!("{stem}-{number}.{extension}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit::{Exit, code_of};

    fn folder(path: &Path, replace: bool) -> OutFolder<'_> {
        OutFolder { path, replace }
    }

    #[test]
    fn a_file_that_is_there_is_replaced_only_when_asked_and_nothing_else_is_written() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("made/where missing");
        let write = |replace, bytes: &'static [u8]| {
            folder(&out, replace).write(&[("a.txt".to_owned(), bytes), ("b.txt".to_owned(), b"b")])
        };
        assert_eq!(
            write(false, b"1").unwrap(),
            [out.join("a.txt"), out.join("b.txt")]
        );
        std::fs::remove_file(out.join("b.txt")).unwrap();
        let error = write(false, b"2").unwrap_err();
        assert_eq!(code_of(&error), Exit::WrongInput);
        assert!(
            error.to_string().contains("a.txt is there already"),
            "{error}"
        );
        assert!(!out.join("b.txt").exists());
        assert_eq!(std::fs::read(out.join("a.txt")).unwrap(), b"1");
        write(true, b"3").unwrap();
        assert_eq!(std::fs::read(out.join("a.txt")).unwrap(), b"3");
        let left = std::fs::read_dir(&out).unwrap().count();
        assert_eq!(left, 2, "nothing half-written is left");
    }

    #[test]
    fn no_name_leads_out_of_the_folder_and_no_two_are_alike() {
        let mut taken = HashSet::new();
        let mut name = |name| free_name(name, &mut taken);
        assert_eq!(name("reminder-TT/&TT.docx"), "reminder-TT--TT.docx");
        assert_eq!(name("reminder-TT-/TT.docx"), "reminder-TT--TT-2.docx");
        assert_eq!(name("../x.docx"), "..-x.docx");
    }
}
