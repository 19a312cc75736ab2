//! `dondoc evidence`: the files that people sent with what they reported.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::table::Table;
use crate::app::evidence::{
    self, Actor, Differs, Evidence, EvidenceId, FetchError, Fetched, Filter,
};
use crate::clock::{Clock, local};
use crate::domain::delivery::Channel;
use crate::files::Problems;

/// List the files that people sent with their reports; fetch one
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc evidence list --agency STP\n  dondoc evidence fetch 214.1 --out evidence\n\nDondoc keeps no files, only where they are, and the SHA-256 of one that it has fetched. Telegram hands out what it has, up to 20 MB; a file that came by mail lies in the mailbox. One that is another when it is fetched again is named with exit code 1, and the ledger keeps both hashes."
)]
pub struct EvidenceArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the files, oldest first
    List {
        /// Only of this task: II.2
        #[arg(long, value_name = "TASK")]
        task: Option<String>,
        /// Only of this agency, by code
        #[arg(long, value_name = "CODE")]
        agency: Option<String>,
        /// Print one JSON object for each
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Write one file into a folder
    Fetch {
        /// Its number in the list: 214.1
        id: String,
        /// The folder, made where it is missing; no file in it is overwritten
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// Runs the command.
pub fn run(args: &EvidenceArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.what {
        What::List {
            task,
            agency,
            json,
            config,
        } => list(config, task.as_deref(), agency.as_deref(), *json, out),
        What::Fetch {
            id,
            out: folder,
            json,
            config,
        } => fetch(config, id, folder, *json, out),
    }
}

fn list(
    config: &ConfigFile,
    task: Option<&str>,
    agency: Option<&str>,
    as_json: bool,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    let agency = agency.map(|typed| super::agency::agency(&loaded.setup, typed));
    let filter = Filter {
        task: task.map(Into::into),
        agency: agency.transpose()?,
        event: None,
    };
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        anyhow::Ok(evidence::list(&db, &filter).await?)
    })?;
    if as_json {
        for one in &found {
            writeln!(out, "{}", json_of(one))?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&[
        "id",
        "on",
        "milestone",
        "agency",
        "with",
        "by",
        "bytes",
        "name",
    ]);
    for one in &found {
        let line = &one.line;
        let unknown = || "–".to_owned();
        table.row([
            one.id.to_string(),
            local(line.at).format("%Y-%m-%d").to_string(),
            line.milestone
                .as_ref()
                .map_or_else(unknown, ToString::to_string),
            line.agency.to_string(),
            line.kind.clone(),
            line.channel.map_or("–", Channel::as_str).to_owned(),
            one.file.size.map_or_else(unknown, |size| size.to_string()),
            one.file.name.clone().unwrap_or_else(unknown),
        ]);
    }
    table.print(out)?;
    writeln!(out, "{} files", found.len())?;
    Ok(Exit::Fine)
}

fn fetch(
    config: &ConfigFile,
    id: &str,
    folder: &Path,
    as_json: bool,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let wrong = |what: String| WrongInput(format!("{what}: see `dondoc evidence list`"));
    let number = EvidenceId::parse(id)
        .ok_or_else(|| wrong(format!("`{id}` is no number of a file, such as 214.1")))?;
    let loaded = load(config)?;
    let fetched = block_on(async {
        let db = loaded.open_to_show().await?;
        let found = evidence::find(&db, number).await?;
        let found = found.ok_or_else(|| wrong(format!("there is no file {number}")))?;
        evidence::check(&found).map_err(to_be_told)?;
        let telegram = loaded.telegram_files().map_err(|problem| {
            let mut problems = Problems::default();
            problems.errors.push(problem);
            problems
        })?;
        let telegram = telegram.ok_or_else(|| {
            let remedy = "configure the bot that received it in [telegram]";
            WrongInput(format!("file {number} is with Telegram: {remedy}"))
        })?;
        let fetched = evidence::fetch(&telegram, &found, folder).await;
        let fetched = fetched.map_err(to_be_told)?;
        let now = Clock::System.now();
        let differs = evidence::note(&db, &found, fetched.size, &fetched.sha256, now).await?;
        db.close().await;
        anyhow::Ok((fetched, differs))
    })?;
    let (Fetched { path, size, sha256 }, differs) = fetched;
    if as_json {
        let first = differs.as_ref().map(|one| &one.first);
        let value = json!({
            "id": number.to_string(),
            "path": path,
            "size": size,
            "sha256": sha256,
            "first": first.map(|first| json!({ "sha256": first.sha256, "fetched_at": first.at })),
        });
        writeln!(out, "{value}")?;
    } else {
        writeln!(out, "{}: {size} bytes, SHA-256 {sha256}", path.display())?;
        if let Some(Differs { first, .. }) = &differs {
            let on = local(first.at).format("%Y-%m-%d %H:%M");
            writeln!(
                out,
                "WARNING: it is not the file that was fetched on {on}, whose SHA-256 is {}: the ledger keeps both",
                first.sha256
            )?;
        }
    }
    Ok(match differs {
        Some(_) => Exit::Failed,
        None => Exit::Fine,
    })
}

/// What the person can choose otherwise is wrong input; the rest failed.
fn to_be_told(error: FetchError) -> anyhow::Error {
    match error {
        FetchError::NotByTelegram { .. } | FetchError::Exists(_) => {
            WrongInput(error.to_string()).into()
        }
        FetchError::Channel { .. } | FetchError::Write { .. } => error.into(),
    }
}

fn json_of(one: &Evidence) -> serde_json::Value {
    let line = &one.line;
    let contact = match &line.actor {
        Actor::Contact(contact) => Some(contact),
        _ => None,
    };
    json!({
        "id": one.id.to_string(),
        "at": line.at,
        "milestone": line.milestone.as_ref().map(ToString::to_string),
        "task": line.milestone.as_ref().map(|milestone| &milestone.task),
        "agency": line.agency,
        "contact": contact,
        "with": line.kind,
        "channel": line.channel.map(Channel::as_str),
        "name": one.file.name,
        "media_type": one.file.media_type,
        "size": one.file.size,
        "sha256": one.file.sha256,
        "sha256_later": one.later,
    })
}
