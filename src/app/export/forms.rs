//! The sheets of the workbook and their columns, wide enough to read and narrow enough for one page.

use crate::documents::Kind;

/// A sheet by its name among the words, with the key and the width of each column.
pub(super) type Form = (&'static str, &'static [(&'static str, f64, Kind)]);

pub(super) const OBLIGATIONS: Form = (
    "sheet-obligations",
    &[
        ("number", 7.0, Kind::Number),
        ("milestone", 9.0, Kind::Sign),
        ("content", 48.0, Kind::Text),
        ("deadline", 20.0, Kind::Text),
        ("agency", 26.0, Kind::Text),
        ("original-due", 11.0, Kind::Date),
        ("due", 11.0, Kind::Date),
        ("done", 11.0, Kind::Date),
        ("state", 20.0, Kind::Text),
    ],
);
pub(super) const LEDGER: Form = (
    "sheet-ledger",
    &[
        ("place", 7.0, Kind::Number),
        ("number", 7.0, Kind::Number),
        ("at", 15.5, Kind::Sign),
        ("milestone", 9.0, Kind::Sign),
        ("agency", 23.0, Kind::Text),
        ("actor", 24.0, Kind::Text),
        ("kind", 20.0, Kind::Text),
        ("words", 36.0, Kind::Text),
        ("document", 14.0, Kind::Text),
        ("hash", 25.0, Kind::Text),
    ],
);
pub(super) const DECISIONS: Form = (
    "sheet-decisions",
    &[
        ("number", 7.0, Kind::Number),
        ("at", 15.5, Kind::Sign),
        ("milestone", 9.0, Kind::Sign),
        ("agency", 24.0, Kind::Text),
        ("decider", 26.0, Kind::Text),
        ("kind", 22.0, Kind::Text),
        ("due-before", 11.0, Kind::Date),
        ("due-after", 11.0, Kind::Date),
        ("reason", 38.0, Kind::Text),
        ("document", 16.0, Kind::Text),
    ],
);
pub(super) const ATTACHMENTS: Form = (
    "sheet-attachments",
    &[
        ("number", 9.0, Kind::Sign),
        ("at", 15.5, Kind::Sign),
        ("milestone", 9.0, Kind::Sign),
        ("agency", 28.0, Kind::Text),
        ("file", 40.0, Kind::Text),
        ("bytes", 12.0, Kind::Number),
        ("sha256", 34.0, Kind::Text),
    ],
);
pub(super) const MESSAGES: Form = (
    "sheet-messages",
    &[
        ("number", 7.0, Kind::Number),
        ("kind", 14.0, Kind::Text),
        ("to", 24.0, Kind::Text),
        ("channel", 9.0, Kind::Sign),
        ("subject", 28.0, Kind::Text),
        ("text", 44.0, Kind::Text),
        ("state", 13.0, Kind::Text),
        ("at", 15.5, Kind::Sign),
        ("tries", 7.0, Kind::Number),
        ("reason", 19.0, Kind::Text),
    ],
);
pub(super) const REPLIES: Form = (
    "sheet-replies",
    &[
        ("number", 7.0, Kind::Number),
        ("at", 15.5, Kind::Sign),
        ("channel", 9.0, Kind::Sign),
        ("from", 28.0, Kind::Text),
        ("text", 60.0, Kind::Text),
        ("file", 30.0, Kind::Text),
        ("state", 20.0, Kind::Text),
    ],
);
