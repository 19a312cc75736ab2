//! The pure core: no clock, no randomness, no input or output.

pub mod absence;
pub mod amendment;
pub mod audit;
pub mod brief;
pub mod calendar;
pub mod chain;
pub mod composed;
pub mod deadline;
pub mod decide;
pub mod delivery;
pub mod digest;
pub mod directory;
pub mod docket;
pub mod finding;
pub mod history;
pub mod ids;
pub mod inbound;
pub mod invisible;
pub mod ladder;
pub mod obligation;
pub mod period;
pub mod plan;
pub mod reach;
pub mod register;
pub mod reply;
pub mod resolution;
pub mod scoring;
pub mod secrecy;
pub mod spelling;
pub mod terse;
pub mod watched;
pub mod window;

#[cfg(test)]
mod tests;
