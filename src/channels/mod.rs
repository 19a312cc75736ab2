//! Ways to reach a person: one message to one address, and what came of it.
//!
//! A sender is handed a finished [`Message`] and answers with a [`SendReport`]. It keeps the promises that belong to
//! the wire: encryption, deadlines of its own around every wait, the provider's rate limits, and an honest [`Outcome`]:
//!
//! - `Sent` only when the provider said so;
//! - `Rejected` only when this address cannot be reached. A fault of ours (password, sender, relay rules) is a `Retry`
//!   with a reason for the operator: nobody's address dies because our password is wrong;
//! - `Closed` when this message is not taken there now, and another may be later: nobody's address dies of a week's silence;
//! - `Unknown` when the message was written in full and no answer came.
//!
//! A [`Receiver`] brings what came in as [`Inbound`] values and the cursor to be stored with them; nothing is acknowledged
//! to the provider before the next call, which is made after they are stored.
//!
//! A sender must not know the database, the templates or the plan; it never retries by itself (one resend to the new id
//! of a migrated chat apart), and no reason it returns names an address, a token or a URL.
//!
//! [`Inbound`]: crate::domain::inbound::Inbound
//! [`Outcome`]: crate::domain::delivery::Outcome

mod compare;
mod console;
pub mod email;
mod file_name;
mod held;
mod http;
mod lenient;
pub mod mailbox;
mod memory;
mod message;
mod now;
mod receiver;
mod sender;
pub mod telegram;
mod webhook;
mod zalo;
pub mod zalo_bot;
pub mod zalo_oa;

pub use console::ConsoleSender;
pub use file_name::file_name;
pub use http::date_of;
pub use lenient::fingerprint;
pub use memory::{MemoryReceiver, MemorySender};
pub use message::{Attachment, Message, RESENT_MARK};
pub use now::Now;
pub use receiver::{Batch, ReceiveError, Receiver};
pub use sender::{SendReport, Sender, text_limit};
pub use webhook::{Refusal, Webhook};
pub use zalo::TEXT_LIMIT as ZALO_TEXT_LIMIT;
