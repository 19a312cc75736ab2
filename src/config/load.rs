//! The file as a whole.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;

use super::{Console, Database, Email, Imap, Privacy, Send, Telegram, Watch, Web, ZaloBot, ZaloOa};
use crate::files::toml::{Document, Field, Table, Word};
use crate::files::{Folder, Problem, Problems, Source};

/// The annotated defaults, as `dondoc config` prints them.
pub const DEFAULT_FILE: &str = include_str!("default.toml");

/// The name under which the file is looked for in the working directory.
const NAME: &str = "dondoc.toml";

/// What the program runs on.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it came from; `None` for the defaults.
    pub file: Option<PathBuf>,
    /// Where everything is kept.
    pub database: Database,
    /// The plans in force.
    pub plans: Vec<Folder>,
    /// Calendar, ladder and jobs.
    pub schedules: Folder,
    /// Templates; `None` for those compiled in.
    pub messages: Option<PathBuf>,
    /// Mail, when it is set up.
    pub email: Option<Email>,
    /// The mailbox of the replies, when it is set up.
    pub imap: Option<Imap>,
    /// Telegram, when it is set up.
    pub telegram: Option<Telegram>,
    /// A bot of the Zalo Bot Platform, when it is set up.
    pub zalo_bot: Option<ZaloBot>,
    /// A Zalo Official Account, when it is set up.
    pub zalo_oa: Option<ZaloOa>,
    /// Where providers push to, when they can.
    pub web: Option<Web>,
    /// Where whoever watches asks, when anybody may.
    pub watch: Option<Watch>,
    /// Standard output.
    pub console: Console,
    /// How deliveries are tried.
    pub send: Send,
    /// For how long words are kept.
    pub privacy: Privacy,
    /// What is logged, and how.
    pub log: Log,
    /// A fingerprint of what stands under each key of the file.
    pub written: BTreeMap<String, u64>,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// For people or for programs.
    pub format: LogFormat,
    /// A level, or levels per module: `info,sqlx=warn`.
    pub level: String,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object per line.
    Json,
}

impl Word for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            level: "info".to_owned(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            file: None,
            database: Database::default(),
            plans: vec![Folder::seeds()],
            schedules: Folder::schedules(),
            messages: None,
            email: None,
            imap: None,
            telegram: None,
            zalo_bot: None,
            zalo_oa: None,
            web: None,
            watch: None,
            console: Console::default(),
            send: Send::default(),
            privacy: Privacy::default(),
            log: Log::default(),
            written: BTreeMap::new(),
        }
    }
}

/// What a running daemon takes from a file that has changed.
const RELOADED: [&str; 4] = ["plans", "schedules", "messages", "privacy"];

impl Config {
    /// The keys and sections of the file that `newer` has otherwise and a running daemon does not take: it keeps what it began
    /// with.
    #[must_use]
    pub fn kept_until_restart<'a>(&'a self, newer: &'a Self) -> Vec<&'a str> {
        let keys: BTreeSet<&String> = self.written.keys().chain(newer.written.keys()).collect();
        let changed = keys.into_iter().map(String::as_str).filter(|key| {
            self.written.get(*key) != newer.written.get(*key) && !RELOADED.contains(key)
        });
        changed.collect()
    }
}

/// Reads the file named, which must be there; without a name `dondoc.toml` in the working directory, and the defaults
/// if there is none.
///
/// # Errors
/// Every problem of the file.
pub fn load(file: Option<&Path>) -> Result<Config, Problems> {
    let path = match file {
        Some(path) => path,
        None if Path::new(NAME).exists() => Path::new(NAME),
        None => return Ok(Config::default()),
    };
    let mut problems = Problems::default();
    let source = Source::read(path, &mut problems);
    let config = source.map(|source| read(&source, &mut problems));
    problems.admit(config).map(|(config, _)| config)
}

/// Resolves what the file says relative to where it stands, and collects what is wrong.
pub(super) struct Paths<'a> {
    folder: &'a Path,
    problems: RefCell<Vec<Problem>>,
}

impl Paths<'_> {
    /// The path as seen from the folder of the file.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Notes an error.
    pub(crate) fn error(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }
}

fn read(source: &Source, problems: &mut Problems) -> Config {
    let document = Document::parse(source);
    let folder = source.file.parent().unwrap_or(Path::new(""));
    let paths = Paths {
        folder,
        problems: RefCell::default(),
    };
    let mut root = document.root();
    let default = Config::default();
    let email = root
        .optional_table("email")
        .and_then(|table| Email::read(table, &paths));
    let imap = root
        .optional_table("imap")
        .and_then(|table| Imap::read(table, email.as_ref(), &paths));
    let web = root
        .optional_table("web")
        .map(|table| Web::read(table, &paths));
    let watch_at = root.place_of_key("watch");
    let watch = root
        .optional_table("watch")
        .map(|table| Watch::read(table, &paths));
    if let (Some(web), Some(watch)) = (&web, &watch)
        && web.listen == watch.listen
        && web.listen.port() != 0
    {
        paths.error(watch_at.problem(
            format!("[web] listens on {} already", web.listen),
            "give [watch] a port of its own: what it tells is not for the public",
        ));
    }
    let config = Config {
        file: Some(source.file.clone()),
        database: Database::read(&mut root, &paths)
            .unwrap_or_else(|| Database::Sqlite(paths.resolve("dondoc.db"))),
        plans: plans(&mut root, &paths).unwrap_or(default.plans),
        schedules: folder_of(&mut root, "schedules", &paths)
            .map_or(default.schedules, Folder::Disk),
        messages: folder_of(&mut root, "messages", &paths),
        email,
        imap,
        telegram: root
            .optional_table("telegram")
            .and_then(|table| Telegram::read(table, &paths)),
        zalo_bot: root
            .optional_table("zalo_bot")
            .and_then(|table| ZaloBot::read(table, &paths)),
        zalo_oa: root
            .optional_table("zalo_oa")
            .and_then(|table| ZaloOa::read(table, &paths)),
        web,
        watch,
        console: root
            .optional_table("console")
            .map(Console::read)
            .unwrap_or_default(),
        send: root
            .optional_table("send")
            .map(|table| Send::read(table, &paths))
            .unwrap_or_default(),
        privacy: root
            .optional_table("privacy")
            .map(|table| Privacy::read(table, &paths))
            .unwrap_or_default(),
        log: root
            .optional_table("log")
            .map(|table| Log::read(table, &paths))
            .unwrap_or_default(),
        written: document.fingerprints(),
    };
    root.finish();
    problems.errors.extend(paths.problems.into_inner());
    problems.extend(document.into_problems());
    config
}

fn plans(root: &mut Table<'_>, paths: &Paths<'_>) -> Option<Vec<Folder>> {
    let at = root.place_of_key("plans");
    let given: Vec<Field<String>> = root.list("plans")?;
    if given.is_empty() {
        paths.error(at.problem(
            "no plan is named",
            "name a folder, or remove the key for the plan that is built in",
        ));
    }
    Some(
        given
            .iter()
            .map(|folder| Folder::Disk(existing(folder, paths)))
            .collect(),
    )
}

fn folder_of(root: &mut Table<'_>, key: &'static str, paths: &Paths<'_>) -> Option<PathBuf> {
    root.optional_text(key)
        .map(|folder| existing(&folder, paths))
}

fn existing(folder: &Field<String>, paths: &Paths<'_>) -> PathBuf {
    let path = paths.resolve(folder);
    if !path.is_dir() {
        let problem = format!("there is no folder {}", path.display());
        paths.error(folder.at.problem(
            problem,
            "create it, or correct the path (relative to this file)",
        ));
    }
    path
}

/// Whether each part is a level, or a module with one: a lone "warning" would be taken for a module, and log nothing else.
fn is_level(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let named = |part: &str| {
        let part = part.trim().to_lowercase();
        part.contains('=') || LEVELS.contains(&part.as_str())
    };
    EnvFilter::try_new(text).is_ok() && text.split(',').all(named)
}

impl Log {
    fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Self {
        let default = Self::default();
        let format = table
            .optional("format")
            .map(|format: Field<LogFormat>| format.value)
            .unwrap_or_default();
        let level = table.optional_text("level");
        table.finish();
        if let Some(level) = level.as_ref().filter(|level| !is_level(&level.value)) {
            let remedy =
                "write error, warn, info, debug or trace, or levels per module: \"info,sqlx=warn\"";
            paths.error(level.at.problem(
                format!("“{}” is not a level of logging", level.value),
                remedy,
            ));
        }
        Self {
            format,
            level: level.map_or(default.level, |level| level.value),
        }
    }
}
