//! `dondoc inbox`: what came in and waits for a person.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::table::Table;
use crate::app::inspect::{self, Waiting};
use crate::clock::{Clock, local};
use crate::domain::inbound::Content;

/// How many rows are shown.
const MOST: u32 = 200;
/// How much of a message is shown in the table.
const GLANCE: usize = 60;

/// Show what came in and waits for a person; try again what failed
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc inbox list\n  dondoc inbox retry 17\n  dondoc inbox drop 18\n\nA message is held when nobody can be sure who sent it; it is never applied: ask the person, and record with `dondoc report`. It is parked when dealing with it failed: mend the cause, then try again."
)]
pub struct InboxArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List what is held or parked, newest first
    List {
        /// Print one JSON object for each
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Put one message aside for good: spam, or settled otherwise
    Drop {
        /// Its number in the list
        id: i64,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Deal with one message again
    Retry {
        /// Its number in the list
        id: i64,
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// Runs the command.
pub fn run(args: &InboxArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.what {
        What::List { json, config } => list(config, *json, out),
        What::Drop { id, config } => {
            let loaded = load(config)?;
            let found = block_on(async {
                let db = loaded.open_db().await?;
                anyhow::Ok(inspect::drop_received(&db, *id, Clock::System.now()).await?)
            })?;
            waiting(*id, found)?;
            writeln!(out, "message {id} is put aside")?;
            Ok(Exit::Fine)
        }
        What::Retry { id, config } => {
            let loaded = load(config)?;
            let found = block_on(async {
                let db = loaded.open_db().await?;
                anyhow::Ok(inspect::retry_received(&db, *id).await?)
            })?;
            waiting(*id, found)?;
            writeln!(out, "message {id} is dealt with again by the daemon")?;
            Ok(Exit::Fine)
        }
    }
}

fn waiting(id: i64, found: bool) -> Result<(), WrongInput> {
    if found {
        return Ok(());
    }
    let remedy = "see `dondoc inbox list`";
    Err(WrongInput(format!(
        "no message {id} is held or parked: {remedy}"
    )))
}

fn list(config: &ConfigFile, as_json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        anyhow::Ok(inspect::list_waiting(&db, MOST).await?)
    })?;
    if as_json {
        for one in &found {
            let value = json!({
                "id": one.received.id.0,
                "state": state(one),
                "reason": one.reason,
                "received_at": one.received.received_at,
                "channel": one.received.inbound.channel,
                "from": one.received.inbound.from,
                "text": text(one),
            });
            writeln!(out, "{value}")?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&["id", "state", "received", "channel", "from", "why", "text"]);
    for one in &found {
        table.row([
            one.received.id.to_string(),
            state(one).to_owned(),
            local(one.received.received_at)
                .format("%Y-%m-%d %H:%M")
                .to_string(),
            one.received.inbound.channel.as_str().to_owned(),
            one.received.inbound.from.clone(),
            one.reason.clone(),
            text(one)
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(GLANCE)
                .collect(),
        ]);
    }
    table.print(out)?;
    writeln!(out, "{} messages wait for a person", found.len())?;
    Ok(Exit::Fine)
}

fn state(one: &Waiting) -> &'static str {
    if one.held { "held" } else { "parked" }
}

fn text(one: &Waiting) -> &str {
    match &one.received.inbound.content {
        Content::Text { text, .. } => text,
        _ => "",
    }
}
