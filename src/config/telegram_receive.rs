//! `[telegram]`: how replies come back.

use url::Url;

use super::channels::url;
use super::load::Paths;
use super::secret::{SecretKeys, SecretSource};
use crate::files::toml::{Field, Table, Word};

/// How what people write to the bot reaches us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TelegramReceive {
    /// We ask for it.
    Poll,
    /// Telegram pushes it.
    Webhook {
        /// Where to.
        url: Url,
        /// What shows that a push is Telegram's.
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

/// The ports that Telegram pushes to.
const PORTS: [u16; 4] = [443, 80, 88, 8443];

impl TelegramReceive {
    /// Reads the keys; `None` when they name no way that works. The address and the secret of a webhook may stand there
    /// while it is not used.
    pub(super) fn read(table: &mut Table<'_>, paths: &Paths<'_>) -> Option<Self> {
        let at = table.place();
        let way: Option<Field<Way>> = table.optional("receive");
        let text: Option<Field<String>> = table.optional_text("webhook_url");
        let has_url = text.is_some();
        let url = text.and_then(|text| webhook_url(text, paths));
        let keys = SecretKeys {
            variable: "webhook_secret_env",
            file: "webhook_secret_file",
        };
        let secret = SecretSource::read(table, &keys, paths);
        let at = way.as_ref().map_or(at, |way| way.at.clone());
        match way.map(|way| way.value).unwrap_or_default() {
            Way::Poll => Some(Self::Poll),
            Way::Off => Some(Self::Off),
            Way::Webhook => {
                if !has_url {
                    let remedy = "add webhook_url = \"https://dondoc.province.example/telegram\"";
                    paths.error(at.problem("the webhook has no address", remedy));
                }
                if secret.is_none() {
                    let remedy = "add webhook_secret_env = \"DONDOC_TELEGRAM_SECRET\" or webhook_secret_file = \"…\"";
                    paths.error(at.problem("the webhook has no secret", remedy));
                }
                Some(Self::Webhook {
                    url: url?,
                    secret: secret?,
                })
            }
        }
    }
}

/// The address; `None` when Telegram does not push there, which is then said.
fn webhook_url(text: Field<String>, paths: &Paths<'_>) -> Option<Url> {
    const USUAL: &str = "https://dondoc.province.example/telegram";
    let at = text.at.clone();
    let parsed = url(Some(text), USUAL, paths)?;
    let port = parsed.port_or_known_default();
    if parsed.scheme() == "https" && port.is_some_and(|port| PORTS.contains(&port)) {
        return Some(parsed);
    }
    paths.error(at.problem(
        "Telegram pushes by https only, to port 443, 80, 88 or 8443",
        format!("write for example {USUAL}"),
    ));
    None
}
