//! What waits for the monitor of a plan, and what one of its people says of it in a chat.
//!
//! Pure: words are heard ([`hear`]), a button or a word about one [`Case`] gives a [`Step`], and whoever calls carries it
//! out by the rules of [`super::resolution`]. It guards that only those decide whom the plan names ([`who_decides`]), that a
//! button belongs to one state of one obligation ([`Case::stamp`]), and that what is not wholly understood is shown and asked,
//! never decided.

mod case;
mod deciders;
mod hear;
mod phrases;
mod turn;

pub use case::{Case, Choice};
pub use deciders::{
    Deciders, Rank, amends, has_a_say, may_decide, names_who_decides, who_amends, who_decides,
};
pub use hear::{Heard, Order, Owner, Verb, hear};
pub use phrases::{Phrases, Sense};
pub use turn::{Inquiry, Step, Turn, Wants, follow};

#[cfg(test)]
mod tests;
