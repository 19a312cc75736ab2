//! `dondoc export`: all that is known of an agency, a task or everything, as files.

use std::io::Write;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::agency::agency;
use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::verify::what;
use crate::app::evidence::{self, Differs, FetchError, Filter, LookedAt};
use crate::app::export::{ExportError, Exported, Scope, export};
use crate::clock::{Clock, local};
use crate::files::Problems;

/// Write the whole evidence of an agency, a task or all into a folder
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("scope").args(["agency", "task", "all"]).required(true).multiple(true),
    after_help = "Examples:\n  dondoc export --agency STP --out stp\n  dondoc export --all --out all --json\n\nThe folder holds obligations, ledger, decisions, attachments, messages and replies as JSON lines, the same as a workbook for officials, and a manifest with the SHA-256 of each file and the heads of the chains. It holds names and addresses of people: it is readable by you alone. Exit code 1 when a chain is broken, or --fetch could not fetch what Telegram should have, or found another file than before: each is named; the folder is written all the same."
)]
pub struct ExportArgs {
    /// What this agency owes, by code, and nothing of another
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// What is owed under this task: II.2
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
    /// Everything
    #[arg(long, conflicts_with_all = ["agency", "task"])]
    all: bool,
    /// Only of this plan
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// First fetch what Telegram hands out, up to 20 MB each, so that its SHA-256 is known, and whether it still is what it was
    #[arg(long)]
    fetch: bool,
    /// The folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print the manifest
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

const NO_BOT: &str =
    "--fetch asks Telegram for the files: configure the bot that received them in [telegram]";

/// Runs the command.
pub fn run(args: &ExportArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let code = |typed: &String| agency(&loaded.setup, typed);
    let scope = Scope {
        plan: args.plan.as_deref().map(Into::into),
        task: args.task.as_deref().map(Into::into),
        agency: args.agency.as_ref().map(code).transpose()?,
    };
    let mut found = LookedAt::default();
    let exported = block_on(async {
        let db = loaded.open_to_count().await?;
        let now = Clock::System.now();
        if args.fetch {
            let telegram = loaded.telegram_files().map_err(|problem| {
                let mut problems = Problems::default();
                problems.errors.push(problem);
                problems
            })?;
            let telegram = telegram.ok_or_else(|| WrongInput(NO_BOT.to_owned()))?;
            let filter = Filter {
                task: scope.task.clone(),
                agency: scope.agency.clone(),
                event: None,
            };
            // What cannot be had is told, and exported without its hash.
            found = evidence::look_at_all(&db, &telegram, &filter, now).await?;
        }
        let exported = export(&db, &loaded.setup, &scope, &args.out, now).await;
        db.close().await;
        exported.map_err(to_be_told)
    })?;
    let LookedAt { missed, differ } = found;
    let has_all = missed.iter().all(FetchError::is_for_good);
    let is_same = differ.is_empty();
    let differ: Vec<String> = differ.iter().map(other).collect();
    let missed: Vec<String> = missed.into_iter().map(why).collect();
    if args.json {
        let mut manifest = exported.as_json();
        if args.fetch {
            manifest["not_fetched"] = missed.into();
            manifest["differ"] = differ.into();
        }
        writeln!(out, "{manifest}")?;
    } else {
        print(args, &exported, out)?;
        for one in missed {
            writeln!(out, "not fetched: {one}")?;
        }
        for one in differ {
            writeln!(out, "WARNING: {one}")?;
        }
    }
    Ok(if exported.holds() && has_all && is_same {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

/// That a file is another than before.
fn other(Differs { id, first }: &Differs) -> String {
    let on = local(first.at).format("%Y-%m-%d %H:%M");
    format!(
        "file {id} is not the one that was fetched on {on}, whose SHA-256 is {}: the ledger keeps both",
        first.sha256
    )
}

/// Why a file was not fetched, with all that lies behind it.
fn why(error: FetchError) -> String {
    format!("{:#}", anyhow::Error::new(error))
}

fn print(args: &ExportArgs, exported: &Exported, out: &mut impl Write) -> anyhow::Result<()> {
    for file in &exported.files {
        let path = args.out.join(file.name);
        let lines = file.lines.map(|lines| format!("{lines} lines, "));
        let lines = lines.unwrap_or_default();
        writeln!(out, "{}: {lines}{} bytes", path.display(), file.bytes)?;
    }
    if exported.unfetched > 0 {
        let count = exported.unfetched;
        writeln!(
            out,
            "{count} attachments were never fetched, and have no SHA-256: --fetch, or `dondoc evidence fetch`"
        )?;
    }
    for one in &exported.plans {
        match &one.broken {
            Some(broken) => writeln!(out, "{}: BROKEN, {}", one.plan, what(broken))?,
            None if one.head.count == 0 => writeln!(out, "{}: no line yet", one.plan)?,
            None => writeln!(
                out,
                "{}: {} of {} lines, head {}",
                one.plan, one.exported, one.head.count, one.head.hash
            )?,
        }
    }
    Ok(())
}

/// What the person can choose otherwise is wrong input; the rest failed.
pub(super) fn to_be_told(error: ExportError) -> anyhow::Error {
    match error {
        ExportError::Nothing
        | ExportError::NoContact(_)
        | ExportError::Exists(_)
        | ExportError::NoName(_)
        | ExportError::Unfinished(_) => WrongInput(error.to_string()).into(),
        ExportError::Write { .. } | ExportError::Workbook(_) | ExportError::App(_) => error.into(),
    }
}
