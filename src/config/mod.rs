//! `dondoc.toml`: where things are, and how messages leave.
//!
//! The only place that reads the environment. Everything has a default except what reaches out (mail, Telegram);
//! without the file the program runs on what is compiled in. Secrets are named here (an environment variable or a
//! file) and read only when they are used: see [`SecretSource`].

mod channels;
mod database;
mod imap;
mod key;
mod listen;
mod load;
mod privacy;
mod secret;
mod secret_files;
mod send;
mod telegram_receive;
mod watch;
mod web;
mod zalo_bot;
mod zalo_oa;

pub use channels::{Console, Email, EmailTimeouts, Security, Telegram, TelegramTimeouts};
pub use database::{Database, DatabaseTls};
pub use imap::{Imap, ImapTimeouts, ReturnPath};
pub use key::InstallationKey;
pub use load::{Config, DEFAULT_FILE, Log, LogFormat, load};
pub use privacy::Privacy;
pub use secret::{SecretError, SecretSource};
pub use send::Send;
pub use telegram_receive::TelegramReceive;
pub use watch::Watch;
pub use web::{Web, WebPaths};
pub use zalo_bot::{ZaloBot, ZaloBotReceive, ZaloTimeouts};
pub use zalo_oa::{Signature, ZaloOa};
