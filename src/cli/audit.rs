//! `dondoc audit`: what the auditor found.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::Exit;
use super::open::{block_on, load};
use super::table::Table;
use crate::app::inspect::{self, Stored};
use crate::clock::local;

/// Show what was owed to somebody and has neither a delivery nor a reason
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc audit\n  dondoc audit --json\n\nThe daemon looks every hour, and when the day's hours of sending are over: every rung that fell due has a delivery, a fallback or a recorded reason. Anything else is listed here until it is made up for; then the exit code is 1."
)]
pub struct AuditArgs {
    /// Print one JSON object for each
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &AuditArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        anyhow::Ok(inspect::list_findings(&db).await?)
    })?;
    if args.json {
        for one in &found {
            writeln!(out, "{}", as_json(one))?;
        }
    } else {
        let mut table = Table::new(&["kind", "since", "what"]);
        for one in &found {
            table.row([
                one.finding.kind.as_str().to_owned(),
                local(one.first_seen).format("%Y-%m-%d %H:%M").to_string(),
                one.finding.detail.clone(),
            ]);
        }
        table.print(out)?;
        writeln!(out, "{} findings stand", found.len())?;
    }
    Ok(if found.is_empty() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

fn as_json(one: &Stored) -> serde_json::Value {
    let finding = &one.finding;
    json!({
        "kind": finding.kind.as_str(),
        "subject": finding.subject,
        "plan": finding.plan,
        "obligation": finding.obligation,
        "contact": finding.contact,
        "day": finding.day,
        "detail": finding.detail,
        "first_seen": one.first_seen,
        "last_seen": one.last_seen,
    })
}
