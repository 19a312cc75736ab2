//! The use cases on a real database with a manual clock: planning, delivering, catching up, replaying.

mod absence;
mod again;
mod amending;
mod campaign;
mod conversation;
mod day;
mod deciding;
mod digests;
mod docket;
mod edits;
mod export;
mod golden;
mod import;
mod intruders;
mod ladders;
mod login;
mod privacy;
mod ranking;
mod schedules;
mod stage;
mod words;
mod year;
mod zalo_tokens;
mod zalo_window;
