//! Telegram, by the Bot API.
//!
//! teloxide-core gives the types of the requests. They are posted by `call` and not by teloxide's `Bot`, which sleeps
//! ten seconds on every 5xx, hides `error_code`, knows errors only by exact texts, and reports a delivered message as
//! failed when a newer server's answer does not fit its types.
//!
//! For the same reasons updates are fetched by our own poller and read field by field; teloxide's dispatcher would tell the
//! server that they were received before anybody has stored them.
//!
//! Texts go out without `parse_mode`: nothing in them can be misread as markup.

mod call;
mod config;
mod envelope;
mod failure;
mod files;
mod holds;
mod keyboard;
mod limits;
mod methods;
mod profile;
mod receiver;
mod sender;
mod update;
mod verdict;
mod webhook;

pub use config::{TelegramConfig, TelegramConfigError, TelegramLimits, TelegramTimeouts};
pub use failure::TelegramError;
pub use files::{FILE_LIMIT, FileError, TelegramFiles};
pub use profile::{TelegramProfile, TelegramPushes};
pub use receiver::TelegramReceiver;
pub use sender::{TEXT_LIMIT, TelegramSender};
pub use webhook::TelegramWebhook;
