//! Mail that comes back, read by IMAP (RFC 3501, 2177).
//!
//! `connect` opens an encrypted session, `session` speaks the few commands with a deadline on each, `receiver` brings
//! what is new behind a cursor of UIDVALIDITY and UID, and `decode` turns the bytes of a mail into what came in.
//!
//! The folder is opened read-only: flags are left to the people who look into it, and none of them is a cursor. A mail is
//! known by what its author made of it, so that reading one twice is harmless.

mod config;
mod connect;
mod cursor;
mod decode;
mod receiver;
mod session;

pub use config::{MailboxConfig, MailboxConfigError, MailboxTimeouts};
pub use decode::{Decoder, Stored};
pub use receiver::MailboxReceiver;
