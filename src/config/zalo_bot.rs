//! `[zalo_bot]`: a bot of the Zalo Bot Platform.

use std::time::Duration;

use url::Url;

use super::channels::url;
use super::load::Paths;
use super::secret::{SecretKeys, SecretSource};
use crate::files::toml::{Field, Place, Table, Word};

/// A bot of the Zalo Bot Platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZaloBot {
    /// Where the section stands, for what shows only when it is used.
    pub(crate) at: Place,
    /// The bot's token.
    pub token: SecretSource,
    /// How what people write comes in.
    pub receive: ZaloBotReceive,
    /// Where the platform is.
    pub api_url: Url,
    /// How long a call may take.
    pub timeouts: ZaloTimeouts,
}

/// How what people write comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZaloBotReceive {
    /// We ask for it.
    Poll,
    /// The platform pushes it to `[web]`.
    Webhook {
        /// Under which address the platform reaches it.
        url: Url,
        /// What shows that a push is the platform's.
        secret: SecretSource,
    },
    /// It does not: the bot only sends.
    Off,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Poll,
    Webhook,
    Off,
}

impl Word for Way {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("poll", Self::Poll),
        ("webhook", Self::Webhook),
        ("off", Self::Off),
    ];
}

/// How long a call to Zalo may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZaloTimeouts {
    /// Connecting and encrypting.
    pub connect: Duration,
    /// The whole call.
    pub total: Duration,
}

impl Default for ZaloTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
        }
    }
}

impl ZaloBot {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Option<Self> {
        let at = table.place();
        let keys = SecretKeys {
            variable: "token_env",
            file: "token_file",
        };
        let token = SecretSource::read(&mut table, &keys, paths);
        let receive = receive(&mut table, paths);
        let api_url = url(
            table.optional_text("api_url"),
            "https://bot-api.zaloplatforms.com",
            paths,
        );
        let timeouts = ZaloTimeouts::read(&mut table);
        table.finish();
        if token.is_none() {
            let remedy = "add token_env = \"DONDOC_ZALO_BOT_TOKEN\" or token_file = \"…\"";
            paths.error(at.problem("the bot has no token", remedy));
        }
        Some(Self {
            at,
            token: token?,
            receive: receive?,
            api_url: api_url?,
            timeouts,
        })
    }
}

/// Reads how; the address and the secret of a webhook may stand there while it is not used.
fn receive(table: &mut Table<'_>, paths: &Paths<'_>) -> Option<ZaloBotReceive> {
    let at = table.place();
    let way: Option<Field<Way>> = table.optional("receive");
    let text = table.optional_text("webhook_url");
    let has_url = text.is_some();
    let url = text.and_then(|text| webhook_url(text, paths));
    let keys = SecretKeys {
        variable: "webhook_secret_env",
        file: "webhook_secret_file",
    };
    let secret = SecretSource::read(table, &keys, paths);
    let at = way.as_ref().map_or(at, |way| way.at.clone());
    match way.map(|way| way.value).unwrap_or_default() {
        Way::Poll => Some(ZaloBotReceive::Poll),
        Way::Off => Some(ZaloBotReceive::Off),
        Way::Webhook => {
            if !has_url {
                let remedy = format!("add webhook_url = \"{USUAL}\"");
                paths.error(at.problem("the webhook has no address", remedy));
            }
            if secret.is_none() {
                let remedy = "add webhook_secret_env = \"DONDOC_ZALO_BOT_SECRET\" or webhook_secret_file = \"…\"";
                paths.error(at.problem("the webhook has no secret", remedy));
            }
            Some(ZaloBotReceive::Webhook {
                url: url?,
                secret: secret?,
            })
        }
    }
}

/// An address that the platform pushes to.
const USUAL: &str = "https://dondoc.province.example/webhook/zalo-bot";

fn webhook_url(text: Field<String>, paths: &Paths<'_>) -> Option<Url> {
    let at = text.at.clone();
    let parsed = url(Some(text), USUAL, paths)?;
    if parsed.scheme() == "https" {
        return Some(parsed);
    }
    let remedy = format!("write for example {USUAL}");
    paths.error(at.problem("Zalo pushes by https only", remedy));
    None
}

impl ZaloTimeouts {
    /// Reads the table `timeouts` of a section.
    pub(super) fn read(section: &mut Table<'_>) -> Self {
        let default = Self::default();
        let Some(mut table) = section.optional_table("timeouts") else {
            return default;
        };
        let mut or = |key, default| {
            table
                .optional(key)
                .map_or(default, |given: Field<Duration>| given.value)
        };
        let timeouts = Self {
            connect: or("connect", default.connect),
            total: or("total", default.total),
        };
        table.finish();
        timeouts
    }
}
