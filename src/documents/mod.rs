//! Files that an office opens: a workbook (XLSX) and an official letter (DOCX).
//!
//! Pure: typed values in, bytes out, the same bytes for the same values; the time that a file tells of itself is the
//! caller's. Knows the rules of the two formats and the form of an official document (Nghị định 30/2020/NĐ-CP), and
//! nothing of plans, databases, words or the clock: every word comes from the caller, who has it from `messages/`.

mod docx;
mod letter;
pub mod markup;
mod text;
mod workbook;
mod xlsx;

pub use docx::{DocxError, docx};
pub use letter::{Align, Annex, Block, Heading, Letter, LetterColumn, LetterTable, Row};
pub use workbook::{Cell, Column, Kind, Properties, Sheet, Workbook};
pub use xlsx::{XlsxError, xlsx};

/// Media type of [`xlsx`].
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Media type of [`docx`].
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
