//! The daemon as a process of its own: started, signalled, killed, and started again.

mod checked;
mod consent;
mod crash;
mod daemon;
mod evidence;
mod files;
mod help;
mod link;
mod logs;
mod province;
mod refused;
mod signals;
mod trouble;
mod verify;
mod watch;
