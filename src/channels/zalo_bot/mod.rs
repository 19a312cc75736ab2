//! Zalo by a bot of the Bot Platform (`bot-api.zaloplatforms.com`).
//!
//! It looks like Telegram's Bot API and is not: `getUpdates` gives one object and no offset, an empty poll is an HTTP
//! 408, the same update may come again on each poll or never again, errors may come with HTTP 200, and there are no
//! buttons. The token stands in every URL, so no URL is ever logged.
//!
//! A chat's id is known only after the person has written first: contacts are linked by a single-use code.

mod bot;
mod config;
mod receiver;
mod reply;
mod sender;
mod update;
mod verdict;
mod webhook;

pub use bot::{ZaloBot, ZaloBotError};
pub use config::{ZaloBotConfig, ZaloBotConfigError, ZaloBotTimeouts};
pub use receiver::ZaloBotReceiver;
pub use sender::ZaloBotSender;
pub use webhook::ZaloBotWebhook;
