//! The daemon as a process of its own: started, signalled, killed, and started again.

mod answered;
mod astray;
mod backup;
mod checked;
mod consent;
mod crash;
mod daemon;
mod decided;
mod doctor;
mod edited;
mod evidence;
mod faults;
mod files;
mod help;
mod link;
mod logs;
mod machines;
mod memory;
mod province;
mod refused;
mod signals;
mod supervised;
mod trouble;
mod verify;
mod watch;
