//! `dondoc migrate`: brings the tables to the version of this program, or says what that would do.

use std::io::Write;

use clap::Args;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::block_on;
use crate::app::inspect::{Db, known_version};
use crate::config::Database;

/// Bring the database to the version of this program, or show what is pending
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc migrate\n  dondoc migrate --check     exit code 1 when something is pending\n\nThe daemon, and every command that opens the database, does the same when it starts. Make a backup first: `dondoc backup` copies a database of an older version as it is. A database of a newer version is refused."
)]
pub struct MigrateArgs {
    /// Change nothing; exit code 1 when something is pending
    #[arg(long)]
    check: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &MigrateArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let config = args.config.load()?;
    if let Database::Sqlite(path) = &config.database
        && args.check
        && !path.exists()
    {
        let problem = format!("there is no database {} yet", path.display());
        return Err(WrongInput(problem).into());
    }
    let target = config.database.target()?;
    let (version, pending, now) = block_on(async {
        let db = Db::open(target.expose_secret()).await?;
        let (version, pending) = (db.version().await?, db.pending().await?);
        if !args.check {
            db.migrate().await?;
        }
        let now = db.version().await?;
        db.close().await;
        anyhow::Ok((version, pending, now))
    })?;
    let number = |version: Option<i64>| version.unwrap_or(0);
    if args.json {
        let listed = pending
            .iter()
            .map(|one| json!({ "version": one.version, "is": one.description }));
        let value = json!({
            "database": config.database.to_string(),
            "was": number(version),
            "is": number(now),
            "known": known_version(),
            "pending_before": listed.collect::<serde_json::Value>(),
        });
        writeln!(out, "{value}")?;
    } else {
        let verb = if args.check { "pending" } else { "applied" };
        for one in &pending {
            writeln!(out, "{verb}: {:04} {}", one.version, one.description)?;
        }
        writeln!(
            out,
            "{} has schema version {}, this program {}",
            config.database,
            number(now),
            known_version()
        )?;
    }
    Ok(if args.check && !pending.is_empty() {
        Exit::Failed
    } else {
        Exit::Fine
    })
}
