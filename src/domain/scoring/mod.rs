//! The ledger -> how each agency kept its days in a quarter or a year, in which order, and whom that speaks for or against.
//!
//! Pure: [`rank`] is given every obligation with its ledger and counts how each stood at the end of a day
//! ([`super::history::at_end_of`]), so a past quarter can be counted again at any time and gives the same. It guards that
//! every point can be checked with a pocket calculator, that nothing is scored from nothing, and that equal points share a
//! rank. It knows no names and no words: those are for whoever renders it.

mod mark;
mod proposal;
mod ranking;
mod rules;
mod score;

pub use mark::{Case, LeftOut, Mark, PlanDay};
pub use proposal::{Proposal, Reason};
pub use ranking::{Place, Ranking, Table, rank};
pub use rules::{Among, Commend, Criticise, Heavier, Joined, Part, Points, Rules, Weights};
pub use score::{PartScore, Score, Share};

#[cfg(test)]
mod tests;
