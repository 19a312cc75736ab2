//! Where a file's text comes from: a folder on disk, or what is compiled into the program.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::problem::{Problem, Problems};

/// No file of ours comes near this size; more is a mistake, and is not read into memory. Of tables see
/// [`LARGEST_TABLE`](super::stocktake::LARGEST_TABLE).
const LARGEST: u64 = 8 * 1024 * 1024;

/// How many lines that are not UTF-8 are named.
const NAMED_LINES: usize = 20;

macro_rules! built_in {
    ($folder:literal: $($name:literal),*) => {
        [$(($name, include_str!(concat!("../../", $folder, "/", $name)))),*]
    };
}

// Each is a place of its own, so that the program holds the megabytes of the lexicon once.
static SEEDS: [(&str, &str); 3] =
    built_in!["seeds/quang-nam-2020": "plan.toml", "agencies.toml", "contacts.toml"];
static SCHEDULES: [(&str, &str); 4] =
    built_in!["schedules": "calendar.toml", "ladder.toml", "jobs.toml", "scoring.toml"];
static LEXICON: [(&str, &str); 15] = built_in![
    "messages/vi/lexicon":
    "spelling.toml",
    "time.toml",
    "people.toml",
    "status.toml",
    "requests.toml",
    "obstacles.toml",
    "courtesy.toml",
    "papers.toml",
    "orders.toml",
    "absences.toml",
    "works.toml",
    "asides.toml",
    "stocktake.toml",
    "terse.toml",
    "weights.tsv"
];

/// A place where files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    /// A folder on disk.
    Disk(PathBuf),
    /// Files that are part of the program, so that it works before anything is configured.
    BuiltIn {
        /// The folder they were compiled from.
        name: &'static str,
        /// Names and texts.
        files: &'static [(&'static str, &'static str)],
    },
}

impl Folder {
    /// The plan of Quảng Nam for 2020, as shipped.
    #[must_use]
    pub fn seeds() -> Self {
        Self::BuiltIn {
            name: "seeds/quang-nam-2020",
            files: &SEEDS,
        }
    }

    /// Calendar, ladder, jobs and scoring, as shipped.
    #[must_use]
    pub fn schedules() -> Self {
        Self::BuiltIn {
            name: "schedules",
            files: &SCHEDULES,
        }
    }

    /// The words, patterns and weights for reading replies, as shipped.
    #[must_use]
    pub fn lexicon() -> Self {
        Self::BuiltIn {
            name: "messages/vi/lexicon",
            files: &LEXICON,
        }
    }

    /// Whether the folder has such a file.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::Disk(folder) => folder.join(name).exists(),
            Self::BuiltIn { files, .. } => files.iter().any(|(file, _)| *file == name),
        }
    }

    /// One file of the folder.
    pub(crate) fn read(&self, name: &str, problems: &mut Problems) -> Option<Source> {
        match self {
            Self::Disk(folder) => Source::read(&folder.join(name), problems),
            Self::BuiltIn {
                name: folder,
                files,
            } => {
                let found = files.iter().find(|(file, _)| *file == name);
                found.map(|(file, text)| {
                    let shown = format!("{folder}/{file} (built in)");
                    Source::new(PathBuf::from(shown), *text)
                })
            }
        }
    }
}

/// The text of one file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its name in problems.
    pub file: PathBuf,
    /// What it says; without a byte order mark.
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// A text under a name.
    pub(crate) fn new(file: PathBuf, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = [0]
            .into_iter()
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self {
            file,
            text,
            line_starts,
        }
    }

    /// Reads a file from disk; what prevents it is a problem.
    pub(crate) fn read(path: &Path, problems: &mut Problems) -> Option<Self> {
        Self::read_up_to(LARGEST, path, problems)
    }

    /// The same of a file that may have so many bytes.
    pub(crate) fn read_up_to(largest: u64, path: &Path, problems: &mut Problems) -> Option<Self> {
        let whole_file = |line, problem: String, remedy: &str| Problem {
            file: path.to_owned(),
            line,
            key: String::new(),
            problem,
            remedy: remedy.to_owned(),
        };
        let bytes = match read_at_most(path, largest) {
            Ok(bytes) => bytes,
            Err(error) => {
                let remedy = match error.kind() {
                    io::ErrorKind::NotFound => {
                        "create the file, or correct the path that leads here"
                    }
                    io::ErrorKind::PermissionDenied => "let the user that runs dondoc read it",
                    _ => "put a readable text file there",
                };
                let problem = format!("the file cannot be read: {error}");
                problems.errors.push(whole_file(1, problem, remedy));
                return None;
            }
        };
        if bytes.len() as u64 > largest {
            let problem = format!("the file is larger than {} MB", largest / (1024 * 1024));
            problems
                .errors
                .push(whole_file(1, problem, "this is probably another file"));
            return None;
        }
        match String::from_utf8(bytes) {
            Ok(text) => Some(Self::new(path.to_owned(), text)),
            Err(error) => {
                let bytes = error.as_bytes();
                let remedy = "save the file as UTF-8 (in Notepad: Save as, Encoding: UTF-8)";
                let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
                if utf16 {
                    let problem = "the file is UTF-16, not UTF-8".to_owned();
                    problems.errors.push(whole_file(1, problem, remedy));
                    return None;
                }
                let lines = bytes.split(|byte| *byte == b'\n').enumerate();
                let wrong = lines.filter(|(_, line)| std::str::from_utf8(line).is_err());
                for (line, _) in wrong.take(NAMED_LINES) {
                    let problem = "the line is not UTF-8".to_owned();
                    problems.errors.push(whole_file(line + 1, problem, remedy));
                }
                None
            }
        }
    }

    /// The line of a byte, from 1.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.line_starts
            .partition_point(|start| *start <= offset)
            .max(1)
    }

    /// The bytes of a line, its end included; empty for a line that does not exist.
    pub(crate) fn range_of_line(&self, line: usize) -> std::ops::Range<usize> {
        let start = self
            .line_starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len());
        start
            ..self
                .line_starts
                .get(line)
                .copied()
                .unwrap_or(self.text.len())
    }
}

/// At most one byte more than `limit`, which shows that there is more.
fn read_at_most(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A short text that changes when one of the sources does (FNV-1a, 64 bits: stable across builds, not a seal).
pub(crate) fn fingerprint<'s>(sources: impl IntoIterator<Item = &'s Source>) -> String {
    let bytes = sources
        .into_iter()
        .flat_map(|source| source.text.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
