//! One suite for the store, run on SQLite and on PostgreSQL.

mod attachments;
mod briefs;
mod chain;
mod contacts;
pub(crate) mod given;
mod in_hand;
mod inbox;
mod ledger;
mod obligations;
mod opening;
mod outbox;
mod parked;
mod sending;
mod talking;
mod tokens;
