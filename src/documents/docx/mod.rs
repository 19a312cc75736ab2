//! A letter as bytes: `WordprocessingML` (ECMA-376) for the form of an official document.
//!
//! Written here because the form is small and fixed, and because the crates that write DOCX cannot repeat a table's
//! headings on each page (`docx-rs` 0.4.22) or bring older copies of half of what is linked already (`docx-rust` 0.1.11).

mod form;
mod package;
mod paragraph;
mod section;
mod table;
mod width;

pub use package::{DocxError, docx};
