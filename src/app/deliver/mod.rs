//! The outbox -> people: claim, commit, send outside any transaction, note the outcome.

mod aloft;
mod careful;
mod deliverer;
mod flight;
mod halt;
mod outcome;
mod overtaken;
mod wire;

pub use aloft::Aloft;
pub use deliverer::{Delivered, Deliverer, Pace, Round};
pub use halt::Halt;
