//! `orders.toml` and `absences.toml` of `messages/vi/lexicon/` -> the phrases by which the monitor decides, and by which
//! people say that they are away.

use super::problem::Problems;
use super::replies::{entries, expand};
use super::source::Folder;
use super::toml::{Document, Field};
use crate::domain::absence::{Word, Words};
use crate::domain::docket::{Phrases, Sense};

/// The files.
const FILE: &str = "orders.toml";
const ABSENCES: &str = "absences.toml";

/// The keys of the file, each with what its phrases say.
const SENSES: [(&str, Sense); 11] = [
    ("grant", Sense::Grant),
    ("extend", Sense::Extend),
    ("refuse", Sense::Refuse),
    ("deny", Sense::Deny),
    ("accept", Sense::Accept),
    ("return", Sense::Return),
    ("until", Sense::Until),
    ("because", Sense::Because),
    ("of", Sense::Of),
    ("many", Sense::Many),
    ("filler", Sense::Filler),
];

/// Reads the phrases of a folder.
///
/// # Errors
/// Every problem of the file.
pub fn load_orders(folder: &Folder) -> Result<Phrases, Problems> {
    let mut problems = Problems::default();
    let mut phrases = Phrases::default();
    if let Some(source) = folder.read(FILE, &mut problems) {
        let document = Document::parse(&source);
        let mut root = document.root();
        if let Some(wish) = root.text("wish") {
            phrases = Phrases::new(&wish);
        }
        for phrase in root.text("show").iter().flat_map(spelt_out) {
            phrases.add_show(&phrase);
        }
        for word in root.text("day").iter().flat_map(spelt_out) {
            phrases.add_day(&word);
        }
        for phrase in root.text("no_reason").iter().flat_map(spelt_out) {
            phrases.add_empty(&phrase);
        }
        for (key, sense) in SENSES {
            for phrase in root.text(key).iter().flat_map(spelt_out) {
                phrases.add(sense, &phrase);
            }
        }
        root.finish();
        problems.extend(document.into_problems());
    }
    problems.admit(Some(phrases)).map(|(phrases, _)| phrases)
}

/// Reads the words of absences of a folder.
///
/// # Errors
/// Every problem of the file.
pub fn load_absence_words(folder: &Folder) -> Result<Words, Problems> {
    let mut problems = Problems::default();
    let mut words = Words::default();
    if let Some(source) = folder.read(ABSENCES, &mut problems) {
        let document = Document::parse(&source);
        let mut root = document.root();
        if let (Some(wish), Some(since)) = (root.text("wish"), root.text("since")) {
            words = Words::new(&wish, &since);
        }
        if let (Some(monday), Some(friday)) = (root.text("week_first"), root.text("week_last")) {
            words = words.with_week(&monday, &friday);
        }
        let keys = [
            ("away", Word::Away),
            ("back", Word::Back),
            ("rest", Word::Rest),
            ("own", Word::Own),
            ("hence", Word::Hence),
            ("from", Word::From),
            ("until", Word::Until),
            ("day", Word::Day),
            ("week", Word::Week),
        ];
        for (key, word) in keys {
            for phrase in root.text(key).iter().flat_map(spelt_out) {
                words.add(word, &phrase);
            }
        }
        root.finish();
        problems.extend(document.into_problems());
    }
    problems.admit(Some(words)).map(|(words, _)| words)
}

/// Every phrase that the entries of a text stand for.
pub(super) fn spelt_out(text: &Field<String>) -> Vec<String> {
    let entries = entries(text);
    entries
        .flat_map(|entry| expand(&entry))
        .map(|words| words.join(" "))
        .collect()
}
