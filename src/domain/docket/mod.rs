//! What waits for the monitor of a plan, and what one of its people says of it in a chat.
//!
//! Pure: words are heard ([`hear`]), a button or a word about one [`Case`] gives a [`Step`], and whoever calls carries it
//! out by the rules of [`super::resolution`]. It guards that only the monitor decides ([`may_decide`]), that a button
//! belongs to one state of one obligation ([`Case::stamp`]), and that what is not wholly understood is shown and asked,
//! never decided.

mod case;
mod hear;
mod phrases;
mod turn;

pub use case::{Case, Choice, may_decide};
pub use hear::{Heard, Order, Owner, Verb, hear};
pub use phrases::{Phrases, Sense};
pub use turn::{Inquiry, Step, Turn, Wants, follow};

#[cfg(test)]
mod tests;
