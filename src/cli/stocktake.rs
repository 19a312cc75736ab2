//! `dondoc stocktake`: what was due before anybody could be reminded of it here, as a table to be filled in and read back.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::agency::agency;
use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::out_folder::OutFolder;
use super::status::{as_json, standing};
use crate::app::counted::counted;
use crate::app::open::Loaded;
use crate::app::stocktake::{Mode, list, take};
use crate::clock::Clock;
use crate::files::{Folder, LARGEST_TABLE, StocktakeWords, load_stocktake_words};

/// Take stock of what was due before Dondoc began to follow it, in one table
///
/// A plan that was under way when Dondoc was installed has deadlines of which nobody was reminded here. Their agencies are
/// asked, and nothing is called late before the days of grace in schedules/ladder.toml are over. What the monitor knows
/// already is recorded by this table: --out writes it, with a line for each obligation; fill in status (xong, chưa), day and
/// number of the document, save it as CSV (UTF-8), and give it back. All that it says is done is recorded, or
/// nothing, with every problem of every line; lines without a status are left as they are, notes are kept in the ledger, and
/// reading a table twice records nothing twice.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc stocktake --out ra-soat.csv\n  dondoc stocktake --out ra-soat-stp.csv --agency STP\n  dondoc stocktake ra-soat.csv --dry-run\n  dondoc stocktake ra-soat.csv --by snv.officer"
)]
pub struct StocktakeArgs {
    /// The table that was filled in
    #[arg(required_unless_present = "out")]
    file: Option<PathBuf>,
    /// Write the table to this file instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "dry_run", "by", "json"])]
    out: Option<PathBuf>,
    /// Only of this agency, so that several people can fill in at a time
    #[arg(long, value_name = "CODE", requires = "out")]
    agency: Option<String>,
    /// Replace that file if it is there
    #[arg(long, requires = "out")]
    force: bool,
    /// Show what would be recorded, and record nothing
    #[arg(long)]
    dry_run: bool,
    /// Who records it: a contact of the monitor; without it, the operator
    #[arg(long, value_name = "CONTACT")]
    by: Option<String>,
    /// Print what was recorded as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &StocktakeArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let words = load_stocktake_words(&Folder::lexicon())?;
    match (&args.out, &args.file) {
        (Some(path), _) => write(args, &loaded, &words, path, out),
        (None, Some(file)) => read(args, &loaded, &words, file, out),
        (None, None) => {
            Err(WrongInput("name the table, or --out FILE to write one".to_owned()).into())
        }
    }
}

fn write(
    args: &StocktakeArgs,
    loaded: &Loaded,
    words: &StocktakeWords,
    path: &Path,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let typed = args.agency.as_deref();
    let of = typed
        .map(|typed| agency(&loaded.setup, typed))
        .transpose()?;
    if !loaded.database_exists() {
        // What was due before is known from the day on which the plan is first followed.
        let words = "no plan is followed yet: start `dondoc run` first, then take stock of what was due before";
        return Err(WrongInput(words.to_owned()).into());
    }
    let rows = block_on(async {
        let db = loaded.open_to_show().await?;
        let rows = list(&db, &loaded.setup, of.as_ref()).await;
        db.close().await;
        rows
    })?;
    if rows.is_empty() {
        writeln!(
            out,
            "nothing that is open was due before it began to be followed"
        )?;
        return Ok(Exit::Fine);
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| WrongInput(format!("{} names no file", path.display())))?;
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = OutFolder {
        path: parent.unwrap_or(Path::new(".")),
        replace: args.force,
    };
    let text = words.write(&rows);
    if text.len() as u64 > LARGEST_TABLE {
        let problem = format!(
            "the table would be larger than {} MB and not be read back: write one for each agency, with --agency CODE",
            LARGEST_TABLE / (1024 * 1024)
        );
        return Err(WrongInput(problem).into());
    }
    folder.write(&[(name.to_owned(), text.as_bytes())])?;
    writeln!(
        out,
        "{}: {} to be filled in; then `dondoc stocktake {}`",
        path.display(),
        counted(rows.len(), "obligation"),
        path.display()
    )?;
    Ok(Exit::Fine)
}

fn read(
    args: &StocktakeArgs,
    loaded: &Loaded,
    words: &StocktakeWords,
    file: &Path,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let table = words.read(file);
    let unanswered = table.unanswered;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let mode = if args.dry_run {
        Mode::DryRun
    } else {
        Mode::Record
    };
    let by = args.by.as_deref().map(Into::into);
    let taken = block_on(async {
        let db = loaded.open_db().await?;
        let taken = take(&db, &loaded.setup, table, by.as_ref(), today, now, mode).await;
        db.close().await;
        taken
    })?;
    if args.json {
        let recorded = taken.recorded.iter();
        let recorded: Vec<_> = recorded.map(|one| as_json(one, today, None)).collect();
        let told = json!({
            "recorded": recorded, "already": taken.already, "open": taken.open, "noted": taken.noted, "unanswered": unanswered,
            "dry_run": args.dry_run,
        });
        serde_json::to_writer(&mut *out, &told)?;
        writeln!(out)?;
        return Ok(Exit::Fine);
    }
    for one in &taken.recorded {
        writeln!(
            out,
            "{} of {}: {}",
            one.milestone,
            one.agency,
            standing(one, today, None)
        )?;
    }
    writeln!(
        out,
        "{} {}; {} recorded before, {} not done, {} without a status; notes and documents kept of {}",
        counted(taken.recorded.len(), "obligation"),
        if args.dry_run {
            "would be recorded"
        } else {
            "recorded"
        },
        taken.already,
        taken.open,
        unanswered,
        taken.noted
    )?;
    Ok(Exit::Fine)
}
