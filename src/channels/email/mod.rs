//! Mail by SMTP.
//!
//! lettre composes the message and speaks the protocol, but its pooled transport is not used: that one does not tell
//! which step failed, and the step is what separates a dead address from a wrong password, and "not sent" from "perhaps
//! sent". So `session` walks lettre's connection through the steps with a deadline on each, `pool` keeps and bounds
//! the connections, `door` knows whether the relay lets us in, `recipients` whether it is believed that a
//! mailbox is gone, and `verdict` turns a failed step into an outcome.

mod compose;
mod config;
mod door;
mod pool;
mod recipients;
mod replies;
mod sender;
mod session;
mod token;
mod verdict;

pub use config::{Credentials, EmailConfig, EmailConfigError, EmailTimeouts, Security};
pub use door::Room;
pub use replies::{Replies, ReturnPath};
pub use sender::EmailSender;
pub use token::{Purpose, ReplyTokens, TokenError, Verified};
