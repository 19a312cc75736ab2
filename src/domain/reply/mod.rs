//! What people answer: text -> statements.

mod intent;

pub use intent::{Intent, Part, Understanding};
