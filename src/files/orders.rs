//! `messages/vi/lexicon/orders.toml` -> the phrases by which the monitor decides.

use super::problem::Problems;
use super::replies::{entries, expand};
use super::source::Folder;
use super::toml::{Document, Field};
use crate::domain::docket::{Phrases, Sense};

/// The file.
const FILE: &str = "orders.toml";

/// The keys of the file, each with what its phrases say.
const SENSES: [(&str, Sense); 9] = [
    ("grant", Sense::Grant),
    ("extend", Sense::Extend),
    ("refuse", Sense::Refuse),
    ("deny", Sense::Deny),
    ("accept", Sense::Accept),
    ("return", Sense::Return),
    ("until", Sense::Until),
    ("because", Sense::Because),
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

/// Every phrase that the entries of a text stand for.
fn spelt_out(text: &Field<String>) -> Vec<String> {
    let entries = entries(text);
    entries
        .flat_map(|entry| expand(&entry))
        .map(|words| words.join(" "))
        .collect()
}
