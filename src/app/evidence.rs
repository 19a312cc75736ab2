//! Files that people sent with what they reported: listed, and fetched from where they are when somebody wants one.

mod kept;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::AppError;
use crate::channels::file_name;
use crate::channels::telegram::{FILE_LIMIT, FileError, TelegramFiles};
use crate::domain::delivery::Channel;
use crate::domain::inbound::File;
use crate::files::private;
use crate::store::Db;
pub use crate::store::events::Actor;
pub use crate::store::evidence::{Filed, Filter};
use crate::store::{evidence, fetched};
pub use kept::{Differs, LookedAt, look_at_all, note};

/// How many bytes of a name are kept: file systems take 255.
const LONGEST_NAME: usize = 200;

/// One file by the number of its line in the ledger and its place in it, from 1: `214.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceId {
    /// The line.
    pub event: i64,
    /// The place.
    pub place: usize,
}

impl EvidenceId {
    /// Reads `214.1`; `214` is its first file.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (event, place) = text.split_once('.').unwrap_or((text, "1"));
        Some(Self {
            event: event.parse().ok()?,
            place: place.parse().ok().filter(|place| *place > 0)?,
        })
    }
}

impl FetchError {
    /// Whether the file can be had nowhere from here, today or later: it came by another channel, or is too large.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        let source = match self {
            Self::NotByTelegram { .. } => return true,
            Self::Channel { source, .. } => source,
            Self::Exists(_) | Self::Write { .. } => return false,
        };
        matches!(source, FileError::TooBig)
    }
}

impl std::fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.event, self.place)
    }
}

/// One file, with the line of the ledger that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub id: EvidenceId,
    /// The line; its own list of files is empty.
    pub line: Filed,
    /// The file.
    pub file: File,
    /// The SHA-256 that it had when it was fetched again and was another, oldest first.
    pub later: Vec<String>,
}

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Why a file was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Dondoc keeps no files, and only Telegram hands one out by its number.
    #[error("file {id} came by {channel} and is not kept by Dondoc: {remedy}")]
    NotByTelegram {
        /// Which.
        id: EvidenceId,
        /// How it came.
        channel: &'static str,
        /// Where it is.
        remedy: String,
    },
    /// There is a file of that name; it is not overwritten.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// The channel does not hand it over.
    #[error("fetching file {id}")]
    Channel {
        /// Which.
        id: EvidenceId,
        /// Why.
        #[source]
        source: FileError,
    },
    /// It cannot be written.
    #[error("writing {}", .path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The files of the ledger, oldest first, each with its hash where the bytes ever came through Dondoc's hands.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, filter: &Filter) -> Result<Vec<Evidence>, AppError> {
    let mut tx = db.snapshot().await?;
    let lines = evidence::list(&mut tx, filter).await?;
    let known = fetched::hashes(&mut tx).await?;
    let later = fetched::later_hashes(&mut tx).await?;
    let mut files: Vec<Evidence> = lines.into_iter().flat_map(each_file).collect();
    for one in &mut files {
        let sha256 = one.file.sha256.take();
        one.file.sha256 = sha256.or_else(|| known.get(&one.file.id).cloned());
        one.later = later.get(&one.file.id).cloned().unwrap_or_default();
    }
    Ok(without_placed(files, filter))
}

/// What belonged nowhere at first, and was put somewhere since, stands there alone.
fn without_placed(mut files: Vec<Evidence>, filter: &Filter) -> Vec<Evidence> {
    let placed = files.iter().filter(|one| one.line.milestone.is_some());
    let placed: BTreeSet<String> = placed.map(|one| one.file.id.clone()).collect();
    files.retain(|one| one.line.milestone.is_some() || !placed.contains(&one.file.id));
    if filter.task.is_some() {
        files.retain(|one| one.line.milestone.is_some());
    }
    files
}

/// The file of that number.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, id: EvidenceId) -> Result<Option<Evidence>, AppError> {
    let filter = Filter {
        event: Some(id.event),
        ..Filter::default()
    };
    let found = list(db, &filter).await?;
    Ok(found.into_iter().find(|one| one.id == id))
}

fn each_file(mut line: Filed) -> Vec<Evidence> {
    let files = std::mem::take(&mut line.files);
    let numbered = files.into_iter().zip(1..);
    numbered
        .map(|(file, place)| Evidence {
            id: EvidenceId {
                event: line.event,
                place,
            },
            line: line.clone(),
            file,
            later: Vec::new(),
        })
        .collect()
}

/// Whether Telegram has it. What is known to be beyond its limit, or lies elsewhere, is not asked for.
///
/// # Errors
/// Why it cannot be fetched.
pub fn check(evidence: &Evidence) -> Result<(), FetchError> {
    let id = evidence.id;
    let channel = evidence.line.channel;
    if channel != Some(Channel::Telegram) {
        return Err(FetchError::NotByTelegram {
            id,
            channel: channel.map_or("an unknown channel", Channel::as_str),
            remedy: match channel {
                Some(Channel::Email) => "look into the mailbox".to_owned(),
                Some(_) if evidence.file.id.starts_with("https://") => {
                    format!("open {}", evidence.file.id)
                }
                _ => "ask the sender for it".to_owned(),
            },
        });
    }
    if evidence.file.size.is_some_and(|size| size > FILE_LIMIT) {
        let source = FileError::TooBig;
        return Err(FetchError::Channel { id, source });
    }
    Ok(())
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

async fn bytes_of(
    telegram: &TelegramFiles,
    evidence: &Evidence,
) -> Result<(Vec<u8>, u64), FetchError> {
    check(evidence)?;
    let mut bytes = Vec::new();
    let size = telegram.fetch(&evidence.file.id, &mut bytes).await;
    let size = size.map_err(|source| FetchError::Channel {
        id: evidence.id,
        source,
    })?;
    Ok((bytes, size))
}

/// Fetches the file into this folder, under a name that begins with its number; nothing is overwritten, and nothing is
/// there when it fails.
///
/// # Errors
/// Why it is not there.
pub async fn fetch(
    telegram: &TelegramFiles,
    evidence: &Evidence,
    folder: &Path,
) -> Result<Fetched, FetchError> {
    check(evidence)?;
    let path = folder.join(name_of(evidence));
    if path.symlink_metadata().is_ok() {
        return Err(FetchError::Exists(path));
    }
    let (bytes, size) = bytes_of(telegram, evidence).await?;
    match write_new(folder, &path, &bytes) {
        Ok(()) => Ok(Fetched {
            path,
            size,
            sha256: hash(&bytes),
        }),
        Err(source) if source.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(FetchError::Exists(path))
        }
        Err(source) => Err(FetchError::Write { path, source }),
    }
}

fn write_new(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = private().create_new(true).open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // What is not whole is no evidence; the first failure is the one to be told.
        let _ = std::fs::remove_file(path);
    }
    written
}

/// `214.1 KH 12.pdf`: never a path, whatever the sender called it, and short enough; its end with the extension stays.
fn name_of(evidence: &Evidence) -> String {
    let name = evidence.file.name.as_deref().and_then(file_name);
    let name = name.unwrap_or_else(|| "file".to_owned());
    let from = name.len().saturating_sub(LONGEST_NAME);
    let from = (from..=name.len()).find(|at| name.is_char_boundary(*at));
    let end = name.get(from.unwrap_or(0)..).unwrap_or(&name);
    format!("{} {end}", evidence.id)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn evidence(name: Option<&str>, channel: Option<Channel>) -> Evidence {
        Evidence {
            id: EvidenceId {
                event: 214,
                place: 1,
            },
            line: Filed {
                event: 214,
                at: DateTime::UNIX_EPOCH,
                actor: Actor::Contact("stp.officer".into()),
                kind: "done".to_owned(),
                milestone: Some(crate::domain::ids::MilestoneId {
                    task: "II.2".into(),
                    number: 1,
                }),
                agency: "STP".into(),
                channel,
                files: Vec::new(),
            },
            file: File {
                id: "BQAC".to_owned(),
                name: name.map(str::to_owned),
                media_type: None,
                size: None,
                sha256: None,
                album: None,
            },
            later: Vec::new(),
        }
    }

    #[test]
    fn a_file_is_named_by_its_line_and_its_place() {
        let id = |event, place| Some(EvidenceId { event, place });
        for (text, expected) in [
            ("214.1", id(214, 1)),
            ("214", id(214, 1)),
            ("214.12", id(214, 12)),
            ("214.0", None),
            ("", None),
            ("a.1", None),
            ("214.", None),
            ("1.1.1", None),
        ] {
            assert_eq!(EvidenceId::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for (sent, kept) in [
            (Some("KH 12_KH-STP.pdf"), "214.1 KH 12_KH-STP.pdf"),
            (Some("../../etc/passwd"), "214.1 passwd"),
            (Some("/etc/cron.d/x"), "214.1 x"),
            (Some("..\\..\\a.exe"), "214.1 a.exe"),
            (Some(".."), "214.1 file"),
            (Some("a\0/b\n.pdf"), "214.1 b.pdf"),
            (None, "214.1 file"),
        ] {
            let name = name_of(&evidence(sent, None));
            assert_eq!(name, kept);
            assert_eq!(Path::new(&name).components().count(), 1);
        }
        let long = name_of(&evidence(Some(&format!("{}.pdf", "ệ".repeat(400))), None));
        assert!(long.len() <= 255 && long.ends_with("ệ.pdf"), "{long}");
    }

    #[test]
    fn what_telegram_does_not_have_is_not_asked_for() {
        let mut of_mail = evidence(None, Some(Channel::Email));
        assert!(
            check(&of_mail)
                .unwrap_err()
                .to_string()
                .contains("look into the mailbox")
        );
        of_mail.line.channel = Some(Channel::Telegram);
        assert!(check(&of_mail).is_ok());
        of_mail.file.size = Some(FILE_LIMIT + 1);
        let error = check(&of_mail).unwrap_err();
        assert!(
            matches!(
                error,
                FetchError::Channel {
                    source: FileError::TooBig,
                    ..
                }
            ),
            "{error:?}"
        );
    }
}
