//! `dondoc outbox list`.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::app::outbox::{self, Listed, Only, in_trouble, name_of};
use crate::cli::config_file::ConfigFile;
use crate::cli::day::day;
use crate::cli::exit::Exit;
use crate::cli::open::{block_on, load};
use crate::cli::table::Table;
use crate::clock::{Clock, local};
use crate::domain::ids::ContactId;

/// How much of a reason is shown in the table.
const GLANCE: usize = 80;

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Everything, not only what needs a person
    #[arg(long)]
    all: bool,
    /// Only in this state
    #[arg(long)]
    state: Option<StateWord>,
    /// Only to this contact
    #[arg(long, value_name = "ID")]
    contact: Option<String>,
    /// Only the briefs of this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    day: Option<NaiveDate>,
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    limit: u32,
    /// Print one JSON object for each
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StateWord {
    Queued,
    Leased,
    Sent,
    Failed,
    Unknown,
    Cancelled,
    Parked,
    Unreachable,
}

pub(super) fn run(args: &ListArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let only = Only {
        state: args
            .state
            .and_then(|state| Some(state.to_possible_value()?.get_name().to_owned())),
        contact: args.contact.as_deref().map(ContactId::from),
        day: args.day,
        troubled_since: None,
    };
    // Who names a state wants all that is in it.
    let only = if args.all || args.state.is_some() {
        only
    } else {
        in_trouble(only, Clock::System.now())
    };
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        anyhow::Ok(outbox::list(&db, &only, args.limit).await?)
    })?;
    if args.json {
        for row in &found {
            writeln!(out, "{}", as_json(row))?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&[
        "id", "state", "kind", "day", "to", "channel", "tries", "since", "why",
    ]);
    for row in &found {
        let reason = row.reason.as_deref().unwrap_or_default();
        table.row([
            name_of(row),
            row.state.clone(),
            row.kind.clone(),
            row.brief_day.map(|day| day.to_string()).unwrap_or_default(),
            row.contact.clone().unwrap_or_default(),
            row.channel.clone().unwrap_or_default(),
            row.attempts.to_string(),
            local(row.created_at).format("%Y-%m-%d %H:%M").to_string(),
            reason
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(GLANCE)
                .collect(),
        ]);
    }
    table.print(out)?;
    let what = if only.troubled_since.is_some() {
        "entries need a person"
    } else {
        "entries"
    };
    writeln!(out, "{} {what}", found.len())?;
    Ok(Exit::Fine)
}

fn as_json(row: &Listed) -> serde_json::Value {
    json!({
        "id": name_of(row),
        "state": row.state,
        "kind": row.kind,
        "day": row.brief_day,
        "contact": row.contact,
        "channel": row.channel,
        "attempts": row.attempts,
        "claimable_at": row.claimable_at,
        "created_at": row.created_at,
        "reason": row.reason,
    })
}
