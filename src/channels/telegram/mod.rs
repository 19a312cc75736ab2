//! Telegram, by the Bot API.
//!
//! teloxide-core gives the types of the requests. They are posted by `call` and not by teloxide's `Bot`, which sleeps
//! ten seconds on every 5xx, hides `error_code`, knows errors only by exact texts, and reports a delivered message as
//! failed when a newer server's answer does not fit its types.
//!
//! Texts go out without `parse_mode`: nothing in them can be misread as markup.

mod call;
mod config;
mod holds;
mod limits;
mod sender;
mod verdict;

pub use config::{TelegramConfig, TelegramConfigError, TelegramLimits, TelegramTimeouts};
pub use sender::{TEXT_LIMIT, TelegramSender};
