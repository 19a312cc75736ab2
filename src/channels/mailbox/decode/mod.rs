//! The bytes of a mail -> what came in.
//!
//! Pure: no mailbox, no clock. Nothing that a mail says of itself is believed without proof, and no bytes break it.

mod auth_results;
mod automatic;
mod body;
mod bounce;
mod charset;
mod files;
mod headers;
mod html;
mod legacy;
mod mail;
mod quoted;
mod sender;
mod wrap;

pub(super) use mail::unreadable;
pub use mail::{Decoder, Stored};
