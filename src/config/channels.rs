//! `[email]`, `[telegram]`, `[console]`: how messages leave.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::load::Paths;
use super::secret::{SecretKeys, SecretSource};
use super::telegram_receive::TelegramReceive;
use crate::files::toml::{Field, Place, Table, Word};

/// Mail by a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Where the section stands, for what shows only when it is used.
    pub(crate) at: Place,
    /// Name or address of the relay.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Certificates in PEM to trust besides the usual ones.
    pub root_ca_file: Option<PathBuf>,
    /// Who logs in, with what password; `None` when the relay knows us by our address.
    pub login: Option<(String, SecretSource)>,
    /// Whom the mail comes from.
    pub from: String,
    /// Where replies go, when not to `from`.
    pub reply_to: Option<String>,
    /// What `List-Id` says.
    pub list_id: String,
    /// How many connections may be open at once.
    pub pool_size: u16,
    /// How long each step may take.
    pub timeouts: EmailTimeouts,
}

/// How a connection to the relay is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// Encrypted from the first byte.
    Tls,
    /// Encrypted by STARTTLS, refused without it.
    #[default]
    Starttls,
    /// Not encrypted; only to this machine itself.
    Plain,
}

impl Word for Security {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("starttls", Self::Starttls),
        ("tls", Self::Tls),
        ("plain", Self::Plain),
    ];
}

impl Security {
    /// The port it is usually on.
    fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::Starttls => 587,
            Self::Plain => 25,
        }
    }
}

/// How long each step of a mail session may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmailTimeouts {
    /// Connecting, encrypting, greeting and logging in, together.
    pub connect: Duration,
    /// One command and its reply.
    pub command: Duration,
    /// Writing the message and waiting for the relay's answer to it.
    pub accept: Duration,
    /// How long an unused connection is kept.
    pub idle: Duration,
}

impl Default for EmailTimeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(20),
            command: seconds(60),
            accept: seconds(180),
            idle: seconds(30),
        }
    }
}

/// Telegram by a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telegram {
    /// Where the section stands, for what shows only when it is used.
    pub(crate) at: Place,
    /// Where the Bot API is.
    pub api_url: Url,
    /// The bot's token.
    pub token: SecretSource,
    /// The HTTP proxy to go through.
    pub proxy: Option<Url>,
    /// How replies come back.
    pub receive: TelegramReceive,
    /// How long a call may take.
    pub timeouts: TelegramTimeouts,
}

/// How long a call of the Bot API may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelegramTimeouts {
    /// Connecting and encrypting.
    pub connect: Duration,
    /// The whole call.
    pub total: Duration,
}

impl Default for TelegramTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
        }
    }
}

/// Messages on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Console {
    /// Whether contacts may be reached this way.
    pub enabled: bool,
}

impl Email {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Option<Self> {
        let at = table.place();
        let host = table.text("host");
        let security = table
            .optional("security")
            .map(|security: Field<Security>| security.value)
            .unwrap_or_default();
        let port: Option<Field<u16>> = table.optional("port");
        if let Some(port) = port.as_ref().filter(|port| port.value == 0) {
            paths.error(
                port.at
                    .problem("there is no port 0", "write 587, 465 or 25"),
            );
        }
        let root_ca_file = table
            .optional_text("root_ca_file")
            .map(|path| paths.resolve(&path));
        let login = login(&mut table, paths);
        let from = mailbox(table.text("from"), paths);
        let reply_to = mailbox(table.optional_text("reply_to"), paths);
        let list_id = table.optional_text("list_id").map(|id| id.value);
        let pool_size: Option<Field<u16>> = table.optional("pool_size");
        if let Some(size) = pool_size
            .as_ref()
            .filter(|size| !(1..=64).contains(&size.value))
        {
            paths.error(
                size.at
                    .problem(format!("{} connections", size.value), "write 1 to 64"),
            );
        }
        let timeouts = table
            .optional_table("timeouts")
            .map(EmailTimeouts::read)
            .unwrap_or_default();
        table.finish();
        if let Some(host) = &host {
            refuse_plain(host, security, &at, paths);
        }
        let from = from?;
        Some(Self {
            at,
            host: host?.value,
            port: port.map_or_else(|| security.port(), |port| port.value),
            security,
            root_ca_file,
            login,
            list_id: list_id.unwrap_or_else(|| format!("dondoc.{}", domain_of(&from))),
            from,
            reply_to,
            pool_size: pool_size.map_or(2, |size| size.value),
            timeouts,
        })
    }
}

/// A problem where mail would cross the network in the clear.
pub(super) fn refuse_plain(host: &str, security: Security, at: &Place, paths: &Paths<'_>) {
    let is_local = host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if security == Security::Plain && !is_local {
        let problem = format!(
            "security = \"plain\" is only for a server on this machine (127.0.0.1, ::1, localhost), and {host} is not"
        );
        paths.error(at.problem(problem, "write \"tls\" or \"starttls\""));
    }
}

fn login(table: &mut Table<'_>, paths: &Paths<'_>) -> Option<(String, SecretSource)> {
    let user = table.optional_text("user");
    let at = table.place();
    let keys = SecretKeys {
        variable: "password_env",
        file: "password_file",
    };
    let password = SecretSource::read(table, &keys, paths);
    match (user, password) {
        (Some(user), Some(password)) => Some((user.value, password)),
        (Some(user), None) => {
            let remedy = "add password_env = \"DONDOC_SMTP_PASSWORD\" or password_file = \"…\"";
            paths.error(user.at.problem("a user without a password", remedy));
            None
        }
        (None, Some(_)) => {
            paths.error(at.problem(
                "a password without a `user`",
                "add user = \"…\", or remove the password",
            ));
            None
        }
        (None, None) => None,
    }
}

fn mailbox(text: Option<Field<String>>, paths: &Paths<'_>) -> Option<String> {
    let text = text?;
    if text.contains(char::is_control) || text.parse::<lettre::message::Mailbox>().is_err() {
        let remedy = "write noivu@province.example or Tên <noivu@province.example>";
        paths.error(
            text.at
                .problem(format!("“{}” is not a mail address", text.value), remedy),
        );
        return None;
    }
    Some(text.value)
}

fn domain_of(mailbox: &str) -> String {
    let domain = mailbox.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.trim_end_matches('>').trim().to_ascii_lowercase()
}

impl EmailTimeouts {
    fn read(mut table: Table<'_>) -> Self {
        let default = Self::default();
        let mut or = |key, default| {
            table
                .optional(key)
                .map_or(default, |given: Field<Duration>| given.value)
        };
        let timeouts = Self {
            connect: or("connect", default.connect),
            command: or("command", default.command),
            accept: or("accept", default.accept),
            idle: or("idle", default.idle),
        };
        table.finish();
        timeouts
    }
}

impl Telegram {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Option<Self> {
        let at = table.place();
        let keys = SecretKeys {
            variable: "token_env",
            file: "token_file",
        };
        let token = SecretSource::read(&mut table, &keys, paths);
        let api_url = url(
            table.optional_text("api_url"),
            "https://api.telegram.org",
            paths,
        );
        let proxy = table.optional_text("proxy");
        let proxy = proxy.and_then(|proxy| url(Some(proxy), "http://proxy.example:3128", paths));
        let timeouts = table
            .optional_table("timeouts")
            .map(TelegramTimeouts::read)
            .unwrap_or_default();
        let receive = TelegramReceive::read(&mut table, paths);
        table.finish();
        if token.is_none() {
            let remedy = "add token_env = \"DONDOC_TELEGRAM_TOKEN\" or token_file = \"…\"";
            paths.error(at.problem("the bot has no token", remedy));
        }
        Some(Self {
            at,
            api_url: api_url?,
            token: token?,
            proxy,
            receive: receive?,
            timeouts,
        })
    }
}

impl TelegramTimeouts {
    fn read(mut table: Table<'_>) -> Self {
        let default = Self::default();
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

impl Console {
    pub(super) fn read(mut table: Table<'_>) -> Self {
        let enabled = table
            .optional("enabled")
            .is_some_and(|enabled| enabled.value);
        table.finish();
        Self { enabled }
    }
}

pub(super) fn url(text: Option<Field<String>>, usual: &str, paths: &Paths<'_>) -> Option<Url> {
    let Some(text) = text else {
        return Url::parse(usual).ok();
    };
    let parsed = Url::parse(&text.value)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if parsed.is_none() {
        // Not quoted: somebody may have put a token into it.
        paths.error(text.at.problem(
            "this is not a web address",
            format!("write for example {usual}"),
        ));
    }
    parsed
}
