//! A reply in plain Vietnamese -> what its sender wants or says.

mod clauses;
mod clean;
mod completion;
mod dates;
mod evidence;
mod features;
mod fields;
mod grammar;
mod intent;
mod keys;
mod lexer;
mod lexicon;
mod model;
mod numerals;
mod parts;
mod periods;
mod plainness;
mod reader;
mod reasons;
mod roles;
mod select;
mod spell;
mod token;
mod typos;
mod view;

pub use grammar::{Pattern, PatternError, Sense};
pub use intent::{Intent, Part, Understanding};
pub use lexicon::{Class, Lexicon, MOST_CLASSES};
pub use model::{Model, Weights};
pub use plainness::Plainness;
pub use reader::{Reader, Ruling};
pub use reasons::Reason;
pub use roles::Role;

#[cfg(test)]
mod tests;
