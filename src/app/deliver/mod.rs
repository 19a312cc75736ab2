//! The outbox -> people: claim, commit, send outside any transaction, note the outcome.

mod deliverer;
mod outcome;

pub use deliverer::{Delivered, Deliverer, Pace};
