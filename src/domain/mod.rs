//! The pure core: no clock, no randomness, no input or output.

pub mod calendar;
pub mod deadline;
pub mod delivery;
pub mod ids;
pub mod obligation;
pub mod plan;
