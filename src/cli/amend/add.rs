//! `dondoc amend add`: what the rows that a document added would bring, before the daemon takes them in.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::print::{people, told_json};
use crate::app::import::{Added, preview_added};
use crate::app::setup::Setup;
use crate::cli::config_file::ConfigFile;
use crate::cli::exit::Exit;
use crate::cli::open::{block_on, load};
use crate::cli::status::as_json;
use crate::cli::table::Table;
use crate::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// Say what would be added and who would be told, and change nothing: the rows come in when the daemon loads the plan
    #[arg(long, required = true)]
    dry_run: bool,
    /// Print JSON, a line for each document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub(super) fn run(args: &AddArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        let (setup, origin) = (&loaded.setup, loaded.origin());
        let found = preview_added(&db, setup, &origin, &loaded.contacts, now).await;
        db.close().await;
        found
    })?;
    if args.json {
        for (added, told) in &found {
            let obligations = added
                .obligations
                .iter()
                .map(|one| as_json(one, today, None));
            let line = json!({
                "document": added.document.as_ref().map(|(number, _)| number),
                "signed_on": added.document.as_ref().map(|(_, on)| on),
                "obligations": obligations.collect::<Vec<_>>(),
                "told": told.iter().map(told_json).collect::<Vec<_>>(),
                "changed": false,
            });
            writeln!(out, "{line}")?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&["milestone", "agency", "due", "document"]);
    for (added, _) in &found {
        for one in &added.obligations {
            let due_on = one.due_on.map(|day| day.to_string());
            table.row([
                one.milestone.to_string(),
                one.agency.to_string(),
                due_on.unwrap_or_else(|| "–".to_owned()),
                document(added),
            ]);
        }
    }
    table.print(out)?;
    for (added, told) in &found {
        match &added.document {
            Some((number, _)) => {
                write!(out, "{number}: ")?;
                people(told, "would be ", out)?;
            }
            None => writeln!(
                out,
                "without a document (`added_by`) nobody is told of the change, and the reminders begin as they fall"
            )?,
        }
    }
    for line in left_out(&loaded.setup, today) {
        writeln!(out, "{line}")?;
    }
    let count: usize = found.iter().map(|(added, _)| added.obligations.len()).sum();
    writeln!(
        out,
        "{count} would be added when the daemon loads the plan; nothing was"
    )?;
    Ok(Exit::Fine)
}

/// Of the rows that documents added: what is not followed and why, and what the files cannot mean.
fn left_out(setup: &Setup, today: NaiveDate) -> Vec<String> {
    let mut lines = Vec::new();
    for task in setup.charges.iter().flat_map(|one| &one.plan.tasks) {
        let Some(addition) = &task.addition else {
            continue;
        };
        let (id, on) = (&task.id, addition.on);
        if on > today {
            lines.push(format!(
                "{id}: `added_on` {on} has not come, today is {today}"
            ));
        }
        if task.milestones.is_empty() {
            lines.push(format!(
                "{id}: its cells give no due day from {on} on, the day on which it was added, and nobody owes it: see `dondoc check`"
            ));
        }
        for milestone in &task.milestones {
            if let Some(due_on) = milestone.due_on.filter(|due_on| *due_on < on) {
                let id = &milestone.id;
                lines.push(format!(
                    "{id}: due {due_on}, before {on}, the day on which it was added: nobody owes it"
                ));
            }
        }
    }
    lines
}

fn document(added: &Added) -> String {
    let document = added.document.as_ref();
    document.map_or_else(|| "–".to_owned(), |(number, on)| format!("{number}, {on}"))
}
