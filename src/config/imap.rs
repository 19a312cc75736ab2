//! `[imap]`: where the answers to mails arrive.

use std::path::PathBuf;
use std::time::Duration;

use super::channels::refuse_plain;
use super::load::Paths;
use super::secret::{SecretKeys, SecretSource};
use super::{Email, InstallationKey, Security};
use crate::files::toml::{Field, Place, Table, Word};

/// Room for `+` and a token in a local part of 64 characters (RFC 5321, 4.5.3.1.1).
const LONGEST_NAME: usize = 29;

/// A folder that is read by IMAP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imap {
    /// Where the section stands.
    pub(crate) at: Place,
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Certificates in PEM to trust besides the usual ones.
    pub root_ca_file: Option<PathBuf>,
    /// Who logs in.
    pub user: String,
    /// With what password.
    pub password: SecretSource,
    /// The folder in which replies arrive.
    pub folder: String,
    /// The name under which our own mail server writes `Authentication-Results`.
    pub authserv_id: Option<String>,
    /// The address whose mail arrives there, also with `+token` behind its name.
    pub reply_address: String,
    /// What signs the tokens: the key of the installation, unless the section names another.
    pub token_key: InstallationKey,
    /// How long a token is good.
    pub token_days: u16,
    /// The envelope sender of outgoing mail.
    pub return_path: ReturnPath,
    /// How long each step may take.
    pub timeouts: ImapTimeouts,
}

/// The envelope sender of outgoing mail: where relays report what they could not deliver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReturnPath {
    /// The reply address with a token of its own.
    #[default]
    Token,
    /// The reply address.
    Reply,
    /// The address of `from`.
    From,
}

impl Word for ReturnPath {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("token", Self::Token),
        ("reply", Self::Reply),
        ("from", Self::From),
    ];
}

/// How long each step may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImapTimeouts {
    /// Connecting, encrypting, logging in and opening the folder, together.
    pub connect: Duration,
    /// One command, or the next piece of its answer.
    pub command: Duration,
}

impl Default for ImapTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            command: Duration::from_mins(1),
        }
    }
}

impl Imap {
    pub(super) fn read(
        mut table: Table<'_>,
        email: Option<&Email>,
        paths: &Paths<'_>,
    ) -> Option<Self> {
        let at = table.place();
        let host = table.text("host");
        let security: Security = table
            .optional("security")
            .map_or(Security::Tls, |security: Field<Security>| security.value);
        let port: Option<Field<u16>> = table.optional("port");
        if let Some(port) = port.as_ref().filter(|port| port.value == 0) {
            paths.error(port.at.problem("there is no port 0", "write 993 or 143"));
        }
        let root_ca_file = table
            .optional_text("root_ca_file")
            .map(|path| paths.resolve(&path));
        let user = table.text("user");
        let password = password(&mut table, &at, paths);
        let folder = table.optional_text("folder");
        let authserv_id = authserv_id(table.optional_text("authserv_id"), paths);
        let reply_address = reply_address(table.optional_text("reply_address"), &at, email, paths);
        let token_key = token_key(&mut table, paths);
        let token_days = token_days(table.optional("token_days"), paths);
        let return_path = table
            .optional("return_path")
            .map(|word: Field<ReturnPath>| word.value)
            .unwrap_or_default();
        let timeouts = table
            .optional_table("timeouts")
            .map(ImapTimeouts::read)
            .unwrap_or_default();
        table.finish();
        if let Some(host) = &host {
            refuse_plain(host, security, &at, paths);
        }
        Some(Self {
            at,
            host: host?.value,
            port: port.map_or_else(|| port_of(security), |port| port.value),
            security,
            root_ca_file,
            user: user?.value,
            password: password?,
            folder: folder.map_or_else(|| "INBOX".to_owned(), |folder| folder.value),
            authserv_id,
            reply_address: reply_address?,
            token_key,
            token_days,
            return_path,
            timeouts,
        })
    }
}

/// The port it is usually on.
fn port_of(security: Security) -> u16 {
    match security {
        Security::Tls => 993,
        Security::Starttls | Security::Plain => 143,
    }
}

fn password(table: &mut Table<'_>, at: &Place, paths: &Paths<'_>) -> Option<SecretSource> {
    let keys = SecretKeys {
        variable: "password_env",
        file: "password_file",
    };
    let password = SecretSource::read(table, &keys, paths);
    if password.is_none() {
        let remedy = "add password_env = \"DONDOC_IMAP_PASSWORD\" or password_file = \"…\"";
        paths.error(at.problem("the mailbox has no password", remedy));
    }
    password
}

fn token_key(table: &mut Table<'_>, paths: &Paths<'_>) -> InstallationKey {
    let keys = SecretKeys {
        variable: "token_key_env",
        file: "token_key_file",
    };
    SecretSource::read(table, &keys, paths)
        .map_or_else(|| InstallationKey::beside(paths), InstallationKey::from)
}

fn token_days(given: Option<Field<u16>>, paths: &Paths<'_>) -> u16 {
    const USUAL: u16 = 60;
    let Some(days) = given else { return USUAL };
    if !(1..=366).contains(&days.value) {
        paths.error(
            days.at
                .problem(format!("{} days", days.value), "write 1 to 366"),
        );
    }
    days.value
}

fn authserv_id(given: Option<Field<String>>, paths: &Paths<'_>) -> Option<String> {
    let id = given?;
    if id.is_empty() || id.contains(|c: char| c.is_whitespace() || c.is_control() || c == ';') {
        let remedy = "write the name at the start of the header Authentication-Results that your own mail server adds";
        paths.error(id.at.problem(
            format!("“{}” is not the name of a server", id.value),
            remedy,
        ));
        return None;
    }
    Some(id.value)
}

/// The address whose mail arrives in the folder: the one that is given, else where replies go already.
fn reply_address(
    given: Option<Field<String>>,
    at: &Place,
    email: Option<&Email>,
    paths: &Paths<'_>,
) -> Option<String> {
    let Some(email) = email else {
        let remedy = "add [email]: only what was sent can be answered";
        paths.error(at.problem("a mailbox without mail that goes out", remedy));
        return None;
    };
    let (address, at) = match given {
        Some(given) => (given.value, given.at),
        None => (
            email.reply_to.as_ref().unwrap_or(&email.from).clone(),
            at.clone(),
        ),
    };
    let address = address
        .rsplit_once('<')
        .map_or(address.as_str(), |(_, inner)| inner.trim_end_matches('>'))
        .trim()
        .to_ascii_lowercase();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let is_fine = address.rsplit_once('@').is_some_and(|(name, domain)| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name.chars().all(fits)
            && !domain.is_empty()
            && domain.chars().all(fits)
    });
    if !is_fine {
        let remedy = "write reply_address = \"traloi@province.example\", with a name of at most 29 plain characters: \
            a plus sign and a token are put behind it";
        paths.error(at.problem(format!("“{address}” cannot take replies"), remedy));
        return None;
    }
    Some(address)
}

impl ImapTimeouts {
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
        };
        table.finish();
        timeouts
    }
}
