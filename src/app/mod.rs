//! Use cases: import the plan, plan the day, deliver, replay, run.
//!
//! A function here loads, calls the pure core, stores the result, and acts. It decides no rule of its own.

pub mod absence;
pub mod amend;
mod announce;
mod answering;
pub mod audit;
pub mod backup;
mod caught;
pub mod compose;
pub mod daemon;
pub mod deliver;
pub mod digest;
pub mod doctor;
mod ended;
pub mod erase;
mod error;
pub mod evidence;
pub mod expire;
pub mod explain;
pub mod export;
mod hearing;
pub mod import;
pub mod inspect;
pub mod ladders;
mod ledger;
mod mailbox;
pub mod merge;
mod message;
pub mod node;
pub mod open;
pub mod outbox;
pub mod park;
pub mod people;
pub mod plan_day;
pub mod pulse;
pub mod push;
pub mod ranking;
pub mod receive;
mod receivers;
pub mod record;
pub mod register;
pub mod reply;
pub mod resolve;
mod risks;
mod senders;
pub mod setup;
pub mod simulate;
mod spread;
mod telegram;
pub mod verify;
pub mod vitals;
pub mod windows;
mod zalo;
pub mod zalo_tokens;

pub use error::AppError;
