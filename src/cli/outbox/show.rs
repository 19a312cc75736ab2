//! `dondoc outbox show`.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use crate::app::outbox::{self, Delivery, Entry, Silent, Story};
use crate::cli::config_file::ConfigFile;
use crate::cli::exit::{Exit, WrongInput};
use crate::cli::open::{block_on, load};
use crate::clock::local;
use crate::domain::ids::ContactId;

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Its name in the list
    id: Entry,
    /// Print the words of the message too
    #[arg(long)]
    body: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) fn run(args: &ShowArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let story = block_on(async {
        let db = loaded.open_to_show().await?;
        anyhow::Ok(outbox::show(&db, &args.id).await?)
    })?;
    let Some(story) = story else {
        let problem = format!(
            "there is no entry {}: see `dondoc outbox list --all`",
            args.id
        );
        return Err(WrongInput(problem).into());
    };
    if args.json {
        writeln!(out, "{:#}", as_json(args, &story))?;
    } else {
        print(args, &story, out)?;
    }
    Ok(Exit::Fine)
}

/// Where an entry stands, and why.
fn standing(story: &Story) -> (&'static str, Option<&str>) {
    match (&story.delivery, &story.silent) {
        (Some(delivery), _) => (delivery.state.as_str(), delivery.reason.as_deref()),
        (None, Some(Silent::Parked(why))) => ("parked", Some(why)),
        (None, Some(Silent::Unreachable(why))) => ("unreachable", Some(why)),
        (None, None) => ("planned", None),
    }
}

fn at(moment: DateTime<Utc>) -> String {
    local(moment).format("%Y-%m-%d %H:%M:%S").to_string()
}

fn print(args: &ShowArgs, story: &Story, out: &mut impl Write) -> anyhow::Result<()> {
    let (state, reason) = standing(story);
    writeln!(out, "{}: {state}", args.id)?;
    if let Some(reason) = reason {
        writeln!(out, "  why: {reason}")?;
    }
    if let Some(delivery) = &story.delivery {
        print_delivery(delivery, out)?;
    }
    if let Some(next) = story.next {
        writeln!(out, "  in its place: delivery {next}")?;
    }
    if !story.items.is_empty() {
        writeln!(out, "\nIt tells")?;
        for item in &story.items {
            writeln!(
                out,
                "  {} of {}: {} to the {}, {} now",
                item.milestone,
                item.agency,
                item.rung,
                item.audience.as_str(),
                format!("{:?}", item.state).to_lowercase()
            )?;
        }
    }
    if !story.attempts.is_empty() {
        writeln!(out, "\nTries")?;
    }
    for attempt in &story.attempts {
        let ended = attempt.finished_at.map_or_else(
            || "without an end".to_owned(),
            |ended| {
                format!(
                    "{} at {}",
                    attempt.outcome.as_deref().unwrap_or("ended"),
                    at(ended)
                )
            },
        );
        let why = attempt.reason.as_deref().map(|why| format!(": {why}"));
        let (number, began) = (attempt.number, at(attempt.started_at));
        writeln!(
            out,
            "  {number}. {began}, {ended}{}",
            why.unwrap_or_default()
        )?;
    }
    if let (Some(delivery), true) = (&story.delivery, args.body) {
        writeln!(out, "\n{}", delivery.message.body.trim_end())?;
    }
    Ok(())
}

fn print_delivery(delivery: &Delivery, out: &mut impl Write) -> anyhow::Result<()> {
    let message = &delivery.message;
    let to = message
        .contact
        .as_ref()
        .map_or("nobody we know", ContactId::as_str);
    let channel = message.channel.as_str();
    writeln!(out, "  {} to {to} by {channel}", message.kind.as_str())?;
    if let Some(day) = message.brief_day {
        writeln!(out, "  day: {day}")?;
    }
    writeln!(out, "  queued: {}", at(delivery.created_at))?;
    match delivery.sent_at {
        Some(sent) => writeln!(out, "  sent: {}", at(sent))?,
        None => writeln!(out, "  not before: {}", at(delivery.claimable_at))?,
    }
    if let Some(failed) = delivery.reroutes {
        writeln!(out, "  in the place of: delivery {failed}")?;
    }
    Ok(())
}

/// What an entry is that has no delivery.
fn kind_of(entry: &Entry) -> &'static str {
    match entry {
        Entry::Digest(_) => "digest",
        Entry::Delivery(_) | Entry::Brief(..) => "brief",
    }
}

fn as_json(args: &ShowArgs, story: &Story) -> serde_json::Value {
    let (state, reason) = standing(story);
    let items: Vec<_> = story
        .items
        .iter()
        .map(|item| {
            json!({
                "obligation": item.obligation,
                "milestone": item.milestone.to_string(),
                "agency": item.agency,
                "rung": item.rung,
                "audience": item.audience,
                "state": item.state,
            })
        })
        .collect();
    let attempts: Vec<_> = story
        .attempts
        .iter()
        .map(|one| {
            json!({
                "number": one.number,
                "started_at": one.started_at,
                "finished_at": one.finished_at,
                "outcome": one.outcome,
                "reason": one.reason,
            })
        })
        .collect();
    let delivery = story.delivery.as_ref();
    let message = delivery.map(|one| &one.message);
    json!({
        "id": args.id.to_string(),
        "state": state,
        "reason": reason,
        "kind": message.map_or(kind_of(&args.id), |one| one.kind.as_str()),
        "contact": message.and_then(|one| one.contact.as_ref()),
        "day": message.and_then(|one| one.brief_day),
        "channel": message.map(|one| one.channel.as_str()),
        "created_at": delivery.map(|one| one.created_at),
        "claimable_at": delivery.map(|one| one.claimable_at),
        "sent_at": delivery.and_then(|one| one.sent_at),
        "reroutes": delivery.and_then(|one| one.reroutes).map(|id| id.0),
        "rerouted_to": story.next.map(|id| id.0),
        "items": items,
        "attempts": attempts,
        "body": message.filter(|_| args.body).map(|one| &one.body),
    })
}
