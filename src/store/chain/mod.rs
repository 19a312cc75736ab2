//! The chain of each plan's ledger as tables: a seal for each line, a head for each plan.
//!
//! Lines are sealed when the transaction that added them commits, under a lock on the head of their plan: the places of
//! a chain are in the order of commits, and two programs never seal the same place.

mod read;
mod seal;

pub(super) use read::about;
pub use read::{find_unsealed, head, list};
pub(super) use seal::{begin_all, seal};
