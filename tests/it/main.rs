//! The shell of Dondoc, tested against real databases and strict fakes, in one binary.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test fails as loudly as the test itself"
)]

mod app;
mod architecture;
mod calendar;
mod channels;
mod deadlines;
mod faults;
mod files;
mod office;
mod process;
mod store;
mod support;
mod web;
