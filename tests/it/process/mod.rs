//! The daemon as a process of its own: started, signalled, killed, and started again.

mod crash;
mod daemon;
mod files;
mod province;
mod refused;
mod signals;
