//! Use cases: import the plan, plan the day, deliver, replay, run.
//!
//! A function here loads, calls the pure core, stores the result, and acts. It decides no rule of its own.

pub mod absence;
mod answering;
pub mod compose;
pub mod daemon;
pub mod deliver;
pub mod digest;
mod error;
pub mod evidence;
pub mod explain;
mod hearing;
pub mod import;
pub mod inspect;
mod ledger;
mod mailbox;
pub mod merge;
mod message;
pub mod open;
pub mod park;
pub mod people;
pub mod plan_day;
pub mod push;
pub mod receive;
mod receivers;
pub mod record;
pub mod reply;
pub mod resolve;
mod senders;
pub mod setup;
pub mod simulate;
mod spread;
mod telegram;
pub mod windows;
mod zalo;
pub mod zalo_tokens;

pub use error::AppError;
