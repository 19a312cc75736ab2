//! What must survive a restart, on SQLite or PostgreSQL.
//!
//! One module per entity. A function takes a [`Tx`] and does one thing in it; the caller decides what belongs together
//! and commits. Nothing here decides a rule, reads a clock or draws a random number: days and instants are arguments.
//!
//! Every statement is written once and runs on both databases (see the `on!` macro in `tx`). What differs between them
//! is named in [`db`] and [`Tx`], nowhere else.

#[macro_use]
mod tx;

pub mod absences;
pub mod addresses;
pub mod aged;
pub mod ahead;
pub mod amendments;
pub mod announcements;
pub mod attachments;
pub mod attempts;
pub mod audit;
pub mod briefs;
mod bulk;
pub mod chain;
pub mod contacts;
pub mod correspondence;
pub mod cursors;
pub mod db;
pub mod deliveries;
mod delivery_state;
pub mod erasures;
mod error;
pub mod events;
pub mod evidence;
pub mod fetched;
pub mod findings;
pub mod first_told;
pub mod groups;
pub mod in_hand;
pub mod inbox;
mod known;
pub mod ladders;
pub mod leases;
pub mod links;
pub mod lost;
pub mod obligations;
pub mod outbox;
pub mod parked;
pub mod past;
pub mod persons;
pub mod plans;
pub mod questions;
pub mod restored;
pub mod shares;
pub mod statements;
pub mod strangers;
pub mod tellings;
pub mod tokens;
pub mod watermarks;
mod words;
mod written;

pub use db::Db;
pub use error::StoreError;
pub use known::Known;
pub use tx::Tx;
