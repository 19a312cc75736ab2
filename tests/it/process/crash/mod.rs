//! What a process that was killed leaves behind: of what it sent, and of what it received.

mod judge;
mod leases;
mod people;
mod providers;
mod receiving;
mod record;
mod sending;
mod town;
mod undisturbed;
mod webhook;

pub(super) use leases::end_leases;
