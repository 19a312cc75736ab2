//! `terse.toml` of `messages/vi/lexicon/` -> the words of a few words.

use super::orders::spelt_out;
use super::problem::Problems;
use super::source::Folder;
use super::toml::Document;
use crate::domain::terse::{Frame, Sense, Terse};

/// The file.
const FILE: &str = "terse.toml";

/// The keys of the file, each with what its phrases say.
const SENSES: [(&str, Sense); 45] = [
    ("filler", Sense::Filler),
    ("mistake", Sense::Mistake),
    ("right", Sense::Right),
    ("not_this", Sense::NotThis),
    ("instead", Sense::Instead),
    ("number", Sense::Number),
    ("kind", Sense::Kind),
    ("day_lead", Sense::DayLead),
    ("day", Sense::Day),
    ("later", Sense::Later),
    ("unsent", Sense::Unsent),
    ("past", Sense::Past),
    ("get", Sense::Get),
    ("more", Sense::More),
    ("from_now", Sense::FromNow),
    ("days", Sense::Days),
    ("weeks", Sense::Weeks),
    ("months", Sense::Months),
    ("counted", Sense::Counted),
    ("half", Sense::Half),
    ("about", Sense::About),
    ("because", Sense::Because),
    ("not_yet", Sense::NotYet),
    ("nth", Sense::Nth),
    ("first", Sense::First),
    ("last", Sense::Last),
    ("item", Sense::Item),
    ("status", Sense::Status),
    ("drop", Sense::Drop),
    ("wish", Sense::Wish),
    ("wish_beside", Sense::WishBeside),
    ("except", Sense::Except),
    ("except_end", Sense::ExceptEnd),
    ("except_out", Sense::ExceptOut),
    ("left", Sense::Left),
    ("remains", Sense::Remains),
    ("enough", Sense::Enough),
    ("and", Sense::And),
    ("all", Sense::All),
    ("rest", Sense::Rest),
    ("in_time", Sense::InTime),
    ("late", Sense::Late),
    ("over", Sense::Over),
    ("file", Sense::File),
    ("moved", Sense::Moved),
];

/// The keys of the sentences that a few words complete.
const FRAMES: [(&str, Frame); 5] = [
    ("issued", Frame::Issued),
    ("since", Frame::Since),
    ("until", Frame::Until),
    ("remind", Frame::Remind),
    ("task", Frame::Task),
];

/// Reads the words of a folder.
///
/// # Errors
/// Every problem of the file.
pub fn load_terse(folder: &Folder) -> Result<Terse, Problems> {
    let mut problems = Problems::default();
    let mut terse = Terse::default();
    if let Some(source) = folder.read(FILE, &mut problems) {
        let document = Document::parse(&source);
        let mut root = document.root();
        for (key, frame) in FRAMES {
            if let Some(words) = root.text(key) {
                terse.set(frame, &words);
            }
        }
        for word in root.text("counts").iter().flat_map(spelt_out) {
            terse.add_count(&word);
        }
        for word in root.text("places").iter().flat_map(spelt_out) {
            terse.add_place(&word);
        }
        for (key, sense) in SENSES {
            for phrase in root.text(key).iter().flat_map(spelt_out) {
                terse.add(sense, &phrase);
            }
        }
        root.finish();
        problems.extend(document.into_problems());
    }
    problems.admit(Some(terse)).map(|(terse, _)| terse)
}
