//! `dondoc backup`: a copy of the database, made while the daemon runs.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use url::Url;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::block_on;
use super::verify::what;
use crate::app::backup::{BackupError, Contents, back_up};
use crate::app::counted::counted;
use crate::clock::local;
use crate::config::{Config, Database};
use crate::files::Folder;

/// Copy the database into a file while the daemon runs
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc backup backup.db\n  dondoc backup backup.db --force --json\n\nThe copy is of one moment, readable by you alone, and checked before it gets its name: pages, references, the chain of each ledger. It holds messages, addresses and tokens: keep it encrypted. `dondoc restore` puts it back. A PostgreSQL database is copied by pg_dump: the command is printed, with exit code 2."
)]
pub struct BackupArgs {
    /// The file to be written
    file: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &BackupArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let config = args.config.load()?;
    let database = match &config.database {
        Database::Sqlite(path) => path,
        Database::Postgres { .. } => {
            let url = shell_url(&config.database);
            return Err(WrongInput(format!(
                "a PostgreSQL database is copied by its own tools:\n  \
                 pg_dump --format=custom --no-owner --file={} {url}\n\
                 with the password in PGPASSWORD or ~/.pgpass; docs/backup.md shows how it is put back",
                quoted(&args.file.to_string_lossy())
            ))
            .into());
        }
    };
    let copied = block_on(async {
        back_up(database, &args.file, args.force)
            .await
            .map_err(to_be_told)
    })?;
    let besides = besides(&config);
    if args.json {
        let value = json!({
            "file": args.file,
            "contents": as_json(&copied),
            "keep_besides": besides,
        });
        writeln!(out, "{value}")?;
    } else {
        writeln!(out, "{} is written and sound", args.file.display())?;
        print(&copied, out)?;
        writeln!(out, "keep with it, as secret as itself:")?;
        for one in &besides {
            writeln!(out, "  {one}")?;
        }
    }
    let holds = copied.chains.iter().all(|one| one.broken.is_none());
    Ok(if holds { Exit::Fine } else { Exit::Failed })
}

/// What is in a copy.
pub(super) fn print(contents: &Contents, out: &mut impl Write) -> std::io::Result<()> {
    let newest = contents.newest.map_or_else(
        || "nothing yet".to_owned(),
        |at| local(at).format("%Y-%m-%d %H:%M").to_string(),
    );
    writeln!(
        out,
        "  schema version {}, newest entry {newest}",
        contents.version
    )?;
    let counts: Vec<String> = contents
        .counts
        .iter()
        .map(|(table, count)| match table.strip_suffix("ies") {
            Some(stem) if *count == 1 => format!("1 {stem}y"),
            _ => counted(count, table.trim_end_matches('s')),
        })
        .collect();
    writeln!(out, "  {}", counts.join(", "))?;
    for one in &contents.chains {
        match &one.broken {
            Some(broken) => writeln!(out, "  ledger of {}: BROKEN, {}", one.plan, what(broken))?,
            None if one.head.count == 0 => writeln!(out, "  ledger of {}: no line yet", one.plan)?,
            None => writeln!(
                out,
                "  ledger of {}: {} lines, head {}",
                one.plan, one.head.count, one.head.hash
            )?,
        }
    }
    Ok(())
}

/// The same for a program.
pub(super) fn as_json(contents: &Contents) -> Value {
    let counts: serde_json::Map<String, Value> = contents
        .counts
        .iter()
        .map(|(table, count)| ((*table).to_owned(), json!(count)))
        .collect();
    let chains = contents.chains.iter().map(|one| {
        json!({
            "plan": one.plan,
            "holds": one.broken.is_none(),
            "count": one.head.count,
            "head": (one.head.count > 0).then(|| one.head.hash.to_string()),
        })
    });
    json!({
        "schema_version": contents.version,
        "newest_entry": contents.newest,
        "rows": counts,
        "chains": chains.collect::<Value>(),
    })
}

/// What a database alone does not bring back.
fn besides(config: &Config) -> Vec<String> {
    let path = |path: &Path| path.display().to_string();
    let mut found = Vec::new();
    found.extend(config.file.as_deref().map(path));
    let files = config.secret_files();
    // The key of the installation is made when it is first needed.
    let others = files
        .iter()
        .filter(|one| one.exists() && config.file.as_ref() != Some(*one));
    found.extend(others.map(|one| path(one)));
    let folders = config.plans.iter().chain([&config.schedules]);
    found.extend(folders.filter_map(|folder| match folder {
        Folder::Disk(folder) => Some(path(folder)),
        Folder::BuiltIn { .. } => None,
    }));
    found.extend(config.messages.as_deref().map(path));
    found.push("the environment variables that hold secrets".to_owned());
    found.dedup();
    found
}

/// The URL without its password, as one word of a shell.
pub(super) fn shell_url(database: &Database) -> String {
    quoted(
        &database
            .without_password()
            .map_or_else(String::new, Url::into),
    )
}

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What the person can choose otherwise is wrong input; the rest failed.
pub(super) fn to_be_told(error: BackupError) -> anyhow::Error {
    match error {
        BackupError::NoDatabase(_)
        | BackupError::NoFile(_)
        | BackupError::Exists(_)
        | BackupError::NoName(_)
        | BackupError::Itself { .. }
        | BackupError::HasLog(_)
        | BackupError::NoFolder(_)
        | BackupError::NotOurs(_) => WrongInput(error.to_string()).into(),
        error => error.into(),
    }
}
