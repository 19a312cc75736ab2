//! A plan's folder: `plan.toml`, `agencies.toml`, `contacts.toml` -> the plan with its milestones, its agencies, its
//! people.
//!
//! A plan with one error is not loaded at all (DESIGN §5.2): half a plan would silently owe nothing. What a person
//! still has to settle, such as a deadline cell that is not understood, is a warning.

mod header;
mod leads;
mod load;
mod milestones;
mod owners;
mod secrecy;
mod tasks;

pub use load::{Loaded, load_plan};
