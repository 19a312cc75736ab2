//! `[web]`: where providers push what comes in.

use std::net::{Ipv4Addr, SocketAddr};

use super::listen::listen;
use super::load::Paths;
use crate::domain::delivery::Channel;
use crate::files::toml::{Field, Table};

/// The listener for webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where each channel's webhook is.
    pub paths: WebPaths,
}

/// Paths of the webhooks. Only those of channels that receive by webhook are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebPaths {
    /// Telegram's.
    pub telegram: String,
    /// The Zalo bot's.
    pub zalo_bot: String,
    /// The Zalo Official Account's.
    pub zalo_oa: String,
}

impl Default for Web {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            paths: WebPaths::default(),
        }
    }
}

impl Default for WebPaths {
    fn default() -> Self {
        Self {
            telegram: "/webhook/telegram".to_owned(),
            zalo_bot: "/webhook/zalo-bot".to_owned(),
            zalo_oa: "/webhook/zalo-oa".to_owned(),
        }
    }
}

impl Web {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Self {
        let default = Self::default();
        let listen = listen(&mut table, paths, default.listen);
        let own = table
            .optional_table("paths")
            .map(|table| WebPaths::read(table, paths));
        table.finish();
        Self {
            listen,
            paths: own.unwrap_or(default.paths),
        }
    }
}

impl WebPaths {
    /// The path of that channel's webhook; `None` where it has none.
    #[must_use]
    pub fn of(&self, channel: Channel) -> Option<&str> {
        match channel {
            Channel::Telegram => Some(&self.telegram),
            Channel::ZaloBot => Some(&self.zalo_bot),
            Channel::ZaloOa => Some(&self.zalo_oa),
            Channel::Email | Channel::Console => None,
        }
    }

    fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Self {
        let default = Self::default();
        let mut taken = Vec::new();
        let mut or = |key, default: String| {
            let given: Option<Field<String>> = table.optional_text(key);
            let path = given.as_ref().map_or(default, |given| given.value.clone());
            if let Some(given) = given.filter(|given| !is_path(given)) {
                let remedy = format!(
                    "write / and letters, digits, -, _ and . between slashes: \"/webhook/{key}\""
                );
                paths.error(given.at.problem("this is not a path", remedy));
            } else if taken.contains(&path) {
                let at = table.place_of_key(key);
                paths.error(at.problem("another webhook has this path", "give each its own"));
            }
            taken.push(path.clone());
            path
        };
        let read = Self {
            telegram: or("telegram", default.telegram),
            zalo_bot: or("zalo_bot", default.zalo_bot),
            zalo_oa: or("zalo_oa", default.zalo_oa),
        };
        table.finish();
        read
    }
}

/// `/webhook/zalo-bot`: nothing that a router reads as a pattern.
fn is_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| {
        rest.split('/').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        })
    })
}
