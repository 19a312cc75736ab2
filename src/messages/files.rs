//! The files of `messages/`: the copies embedded in the program, and a folder that may override them one by one.
//!
//! A folder holds only what a province words differently. A file that no message uses is an error, so that a
//! misspelt name is noticed and not silently ignored.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::problem::Problem;

/// Where the words stand.
pub(super) const WORDS: &str = "vi/words.toml";

/// Where the words stand by which replies are read. They are no messages; a copy of the whole folder has them all the same.
const LEXICON: &str = "vi/lexicon/";

/// Where the samples of briefs stand.
pub(super) const SAMPLES: &str = "vi/brief/samples.json";

/// Where the samples of answers stand.
pub(super) const RECEIPT_SAMPLES: &str = "vi/receipt/samples.json";

/// Where the samples of decisions stand.
pub(super) const DECISION_SAMPLES: &str = "vi/decision/samples.json";

/// Where the samples of absences stand.
pub(super) const ABSENCE_SAMPLES: &str = "vi/absence/samples.json";

/// Where the samples of dockets stand.
pub(super) const DOCKET_SAMPLES: &str = "vi/docket/samples.json";

/// Where the samples of digests stand.
pub(super) const DIGEST_SAMPLES: &str = "vi/digest/samples.json";

/// Where the samples of rankings stand.
pub(super) const RANKING_SAMPLES: &str = "vi/ranking/samples.json";
/// Where the samples of letters stand.
pub(super) const LETTER_SAMPLES: &str = "vi/letter/samples.json";

/// Every file of `messages/`, as shipped.
pub(super) static EMBEDDED: [(&str, &str); 59] = [
    (WORDS, include_str!("../../messages/vi/words.toml")),
    (
        SAMPLES,
        include_str!("../../messages/vi/brief/samples.json"),
    ),
    (
        "vi/brief/_headline.j2",
        include_str!("../../messages/vi/brief/_headline.j2"),
    ),
    (
        "vi/brief/_phrases.j2",
        include_str!("../../messages/vi/brief/_phrases.j2"),
    ),
    (
        "vi/brief/_body.txt.j2",
        include_str!("../../messages/vi/brief/_body.txt.j2"),
    ),
    (
        "vi/brief/_parts.html.j2",
        include_str!("../../messages/vi/brief/_parts.html.j2"),
    ),
    (
        "vi/brief/chat.txt.j2",
        include_str!("../../messages/vi/brief/chat.txt.j2"),
    ),
    (
        "vi/brief/email.subject.j2",
        include_str!("../../messages/vi/brief/email.subject.j2"),
    ),
    (
        "vi/brief/email.txt.j2",
        include_str!("../../messages/vi/brief/email.txt.j2"),
    ),
    (
        "vi/brief/email.html.j2",
        include_str!("../../messages/vi/brief/email.html.j2"),
    ),
    (
        RECEIPT_SAMPLES,
        include_str!("../../messages/vi/receipt/samples.json"),
    ),
    (
        "vi/receipt/_phrases.j2",
        include_str!("../../messages/vi/receipt/_phrases.j2"),
    ),
    (
        "vi/receipt/_body.txt.j2",
        include_str!("../../messages/vi/receipt/_body.txt.j2"),
    ),
    (
        "vi/receipt/chat.txt.j2",
        include_str!("../../messages/vi/receipt/chat.txt.j2"),
    ),
    (
        "vi/receipt/email.subject.j2",
        include_str!("../../messages/vi/receipt/email.subject.j2"),
    ),
    (
        "vi/receipt/email.txt.j2",
        include_str!("../../messages/vi/receipt/email.txt.j2"),
    ),
    (
        "vi/receipt/choice.txt.j2",
        include_str!("../../messages/vi/receipt/choice.txt.j2"),
    ),
    (
        "vi/notice/chat.txt.j2",
        include_str!("../../messages/vi/notice/chat.txt.j2"),
    ),
    (
        DECISION_SAMPLES,
        include_str!("../../messages/vi/decision/samples.json"),
    ),
    (
        "vi/decision/_body.txt.j2",
        include_str!("../../messages/vi/decision/_body.txt.j2"),
    ),
    (
        "vi/decision/chat.txt.j2",
        include_str!("../../messages/vi/decision/chat.txt.j2"),
    ),
    (
        "vi/decision/email.subject.j2",
        include_str!("../../messages/vi/decision/email.subject.j2"),
    ),
    (
        "vi/decision/email.txt.j2",
        include_str!("../../messages/vi/decision/email.txt.j2"),
    ),
    (
        ABSENCE_SAMPLES,
        include_str!("../../messages/vi/absence/samples.json"),
    ),
    (
        "vi/absence/_phrases.j2",
        include_str!("../../messages/vi/absence/_phrases.j2"),
    ),
    (
        "vi/absence/_body.txt.j2",
        include_str!("../../messages/vi/absence/_body.txt.j2"),
    ),
    (
        "vi/absence/chat.txt.j2",
        include_str!("../../messages/vi/absence/chat.txt.j2"),
    ),
    (
        "vi/absence/choice.txt.j2",
        include_str!("../../messages/vi/absence/choice.txt.j2"),
    ),
    (
        "vi/absence/email.subject.j2",
        include_str!("../../messages/vi/absence/email.subject.j2"),
    ),
    (
        "vi/absence/email.txt.j2",
        include_str!("../../messages/vi/absence/email.txt.j2"),
    ),
    (
        DOCKET_SAMPLES,
        include_str!("../../messages/vi/docket/samples.json"),
    ),
    (
        "vi/docket/_phrases.j2",
        include_str!("../../messages/vi/docket/_phrases.j2"),
    ),
    (
        "vi/docket/_body.txt.j2",
        include_str!("../../messages/vi/docket/_body.txt.j2"),
    ),
    (
        "vi/docket/chat.txt.j2",
        include_str!("../../messages/vi/docket/chat.txt.j2"),
    ),
    (
        "vi/docket/choice.txt.j2",
        include_str!("../../messages/vi/docket/choice.txt.j2"),
    ),
    (
        "vi/docket/email.subject.j2",
        include_str!("../../messages/vi/docket/email.subject.j2"),
    ),
    (
        "vi/docket/email.txt.j2",
        include_str!("../../messages/vi/docket/email.txt.j2"),
    ),
    (
        DIGEST_SAMPLES,
        include_str!("../../messages/vi/digest/samples.json"),
    ),
    (
        "vi/digest/_phrases.j2",
        include_str!("../../messages/vi/digest/_phrases.j2"),
    ),
    (
        "vi/digest/chat.txt.j2",
        include_str!("../../messages/vi/digest/chat.txt.j2"),
    ),
    (
        "vi/digest/email.subject.j2",
        include_str!("../../messages/vi/digest/email.subject.j2"),
    ),
    (
        "vi/digest/email.txt.j2",
        include_str!("../../messages/vi/digest/email.txt.j2"),
    ),
    (
        "vi/digest/email.html.j2",
        include_str!("../../messages/vi/digest/email.html.j2"),
    ),
    (
        RANKING_SAMPLES,
        include_str!("../../messages/vi/ranking/samples.json"),
    ),
    (
        "vi/ranking/_phrases.j2",
        include_str!("../../messages/vi/ranking/_phrases.j2"),
    ),
    (
        "vi/ranking/email.subject.j2",
        include_str!("../../messages/vi/ranking/email.subject.j2"),
    ),
    (
        "vi/ranking/email.txt.j2",
        include_str!("../../messages/vi/ranking/email.txt.j2"),
    ),
    (
        "vi/ranking/explain.txt.j2",
        include_str!("../../messages/vi/ranking/explain.txt.j2"),
    ),
    (
        "vi/ranking/workbook.json.j2",
        include_str!("../../messages/vi/ranking/workbook.json.j2"),
    ),
    (
        "vi/letter/ranking.docx.j2",
        include_str!("../../messages/vi/letter/ranking.docx.j2"),
    ),
    (
        "vi/register/note.txt.j2",
        include_str!("../../messages/vi/register/note.txt.j2"),
    ),
    (
        "vi/register/titles.txt.j2",
        include_str!("../../messages/vi/register/titles.txt.j2"),
    ),
    (
        LETTER_SAMPLES,
        include_str!("../../messages/vi/letter/samples.json"),
    ),
    (
        "vi/letter/_form.j2",
        include_str!("../../messages/vi/letter/_form.j2"),
    ),
    (
        "vi/letter/weekly.docx.j2",
        include_str!("../../messages/vi/letter/weekly.docx.j2"),
    ),
    (
        "vi/letter/reminder.docx.j2",
        include_str!("../../messages/vi/letter/reminder.docx.j2"),
    ),
    (
        "vi/letter/quarter.docx.j2",
        include_str!("../../messages/vi/letter/quarter.docx.j2"),
    ),
    (
        "vi/letter/difficulties.docx.j2",
        include_str!("../../messages/vi/letter/difficulties.docx.j2"),
    ),
    (
        "vi/letter/own.docx.j2",
        include_str!("../../messages/vi/letter/own.docx.j2"),
    ),
];

/// One file of the set in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SourceFile {
    /// What the operator calls it: with the folder, or with `messages/` when it is the embedded copy.
    pub shown: String,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// The files in use, by their path below `messages/`.
pub(super) type Files = BTreeMap<String, SourceFile>;

/// The embedded files, overridden by those of `dir`.
pub(super) fn files(dir: Option<&Path>) -> Result<Files, Vec<Problem>> {
    let embedded = EMBEDDED.iter().map(|(name, text)| {
        (
            (*name).to_owned(),
            SourceFile {
                shown: format!("messages/{name}"),
                text: Cow::Borrowed(text),
            },
        )
    });
    let mut files: Files = embedded.collect();
    let mut problems = Vec::new();
    if let Some(dir) = dir {
        overlay(dir, dir, &mut files, &mut problems);
    }
    if problems.is_empty() {
        Ok(files)
    } else {
        Err(problems)
    }
}

/// Reads what stands in `folder`, which is `root` or lies below it.
fn overlay(root: &Path, folder: &Path, files: &mut Files, problems: &mut Vec<Problem>) {
    let shown = |path: &Path| path.display().to_string();
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            let remedy = "name a readable folder, or none to use the embedded messages";
            problems.push(Problem::of_file(
                &shown(folder),
                format!("cannot be read: {error}"),
                remedy,
            ));
            return;
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for path in entries.iter().map(fs::DirEntry::path) {
        if path.is_dir() {
            overlay(root, &path, files, problems);
            continue;
        }
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .display()
            .to_string()
            .replace('\\', "/");
        if name.starts_with(LEXICON) {
            continue;
        }
        let Some(file) = files.get_mut(&name) else {
            let near = EMBEDDED
                .iter()
                .map(|(known, _)| *known)
                .min_by_key(|known| strsim::levenshtein(known, &name));
            let remedy = format!(
                "remove it or rename it; the nearest known file is {}",
                near.unwrap_or_default()
            );
            problems.push(Problem::of_file(
                &shown(&path),
                "no message uses this file",
                remedy,
            ));
            continue;
        };
        match fs::read_to_string(&path) {
            Ok(text) if text.trim().is_empty() => {
                let remedy = "write its text, or remove the file to use the embedded one";
                problems.push(Problem::of_file(&shown(&path), "is empty", remedy));
            }
            Ok(text) => {
                *file = SourceFile {
                    shown: shown(&path),
                    text: Cow::Owned(text),
                }
            }
            Err(error) => {
                problems.push(Problem::of_file(
                    &shown(&path),
                    format!("cannot be read: {error}"),
                    "save it as UTF-8",
                ));
            }
        }
    }
}
