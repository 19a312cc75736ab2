//! The ranking of a plan for a quarter or a year: counted from the ledger, and told to whoever words it.

mod count;
mod tell;

pub use count::{Counted, count, count_in};
