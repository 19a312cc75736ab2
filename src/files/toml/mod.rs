//! TOML with places: every value knows its file, line and key, and reading goes on after a mistake.
//!
//! Text → [`Document`] → [`Table`] → [`Field`]. A table remembers which keys it was asked for; the others are unknown
//! keys. Nothing here knows what the files are about.

mod document;
mod field;
mod syntax;
mod table;
mod value;

pub(crate) use document::{Document, Node};
pub(crate) use field::{Field, Place};
pub(crate) use table::Table;
pub(crate) use value::{FromNode, Word, Wrong};
