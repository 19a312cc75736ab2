//! `dondoc brief`: exactly what would be sent on a day, and why.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::config_file::ConfigFile;
use super::day::day;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::counted::counted;
use crate::app::inspect;
use crate::app::plan_day::Drafted;
use crate::clock::Clock;
use crate::domain::brief::Item;
use crate::domain::ids::ContactId;

/// Show exactly what would be sent on a day, and why; sends nothing
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc brief                                      what is still to be told today\n  dondoc brief --on 2020-03-25 --to stp.officer     one person's brief of a day\n  dondoc brief --on 2020-03-25 --fresh              as if nobody had been told anything yet"
)]
pub struct BriefArgs {
    /// The day; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    /// Only to this contact
    #[arg(long, value_name = "CONTACT")]
    to: Option<String>,
    /// Ignore the database: as if the plan had just been loaded
    #[arg(long)]
    fresh: bool,
    /// Print one JSON object for each brief
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &BriefArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let day = args.on.unwrap_or_else(|| Clock::System.today());
    let only = args.to.as_deref().map(ContactId::from);
    let drafted = block_on(async {
        // A database in memory keeps the real one untouched: looking imports nothing.
        let db = if args.fresh || !loaded.database_exists() {
            inspect::fresh(&loaded.setup, &loaded.contacts, day).await?
        } else {
            loaded.open_to_count().await?
        };
        anyhow::Ok(inspect::drafts(&db, &loaded.setup, &loaded.origin(), day, only.as_ref()).await?)
    })?;
    let Some(drafted) = drafted else {
        let name = args.to.as_deref().unwrap_or_default();
        return Err(WrongInput(format!(
            "there is no contact {name}: see `dondoc contact list`"
        ))
        .into());
    };
    for one in &drafted {
        if args.json {
            serde_json::to_writer(&mut *out, &as_json(one))?;
            writeln!(out)?;
        } else {
            print(one, out)?;
        }
    }
    for plan in loaded.setup.issued_after(day) {
        let (id, issued_on) = (&plan.id, plan.issued_on);
        let note = format!("plan {id} was issued on {issued_on}: nothing of it is told before");
        if args.json {
            writeln!(std::io::stderr(), "dondoc: {note}")?;
        } else {
            writeln!(out, "{note}")?;
        }
    }
    if !args.json {
        let off = if loaded.setup.calendar.is_working_day(day) {
            ""
        } else {
            ": a day off, nothing is sent"
        };
        writeln!(out, "{} on {day}{off}", counted(drafted.len(), "brief"))?;
    }
    Ok(Exit::Fine)
}

fn print(one: &Drafted, out: &mut impl Write) -> anyhow::Result<()> {
    let channel = match &one.reach {
        Ok(reach) => reach.channel.as_str().to_owned(),
        Err(why) => format!("nothing: {why}"),
    };
    writeln!(
        out,
        "── {} · {} · by {channel} ──",
        one.contact.id, one.contact.title
    )?;
    match &one.rendered {
        Ok(rendered) => {
            if let Some(subject) = &rendered.subject {
                writeln!(out, "[{subject}]")?;
            }
            writeln!(out, "{}", rendered.text.trim_end())?;
        }
        Err(error) => writeln!(out, "not worded: {error}")?,
    }
    writeln!(out, "why:")?;
    for item in &one.brief.items {
        writeln!(out, "  {}", why(item))?;
    }
    writeln!(out)?;
    Ok(())
}

fn why(item: &Item) -> String {
    let due = item
        .due_on
        .map_or_else(String::new, |due| format!(", due {due}"));
    let left = match item.days_left {
        Some(days) if days < 0 => format!(", {} working days late", -days),
        Some(days) => format!(", {days} working days left"),
        None => String::new(),
    };
    format!(
        "{} of {}: rung {} as {}{due}{left}",
        item.milestone,
        item.agency,
        item.rung,
        item.audience.as_str()
    )
}

fn as_json(one: &Drafted) -> serde_json::Value {
    let items: Vec<_> = one
        .brief
        .items
        .iter()
        .map(|item| {
            json!({
                "obligation": item.obligation,
                "milestone": item.milestone.to_string(),
                "agency": item.agency,
                "rung": item.rung,
                "audience": item.audience,
                "urgency": item.urgency,
                "due_on": item.due_on,
                "act_by": item.act_by,
                "days_left": item.days_left,
            })
        })
        .collect();
    let rendered = one.rendered.as_ref().ok();
    json!({
        "contact": one.contact.id,
        "day": one.brief.day,
        "channel": one.reach.as_ref().ok().map(|reach| reach.channel.as_str()),
        "unreachable": one.reach.as_ref().err().map(ToString::to_string),
        "subject": rendered.map(|rendered| &rendered.subject),
        "text": rendered.map(|rendered| &rendered.text),
        "problem": one.rendered.as_ref().err().map(ToString::to_string),
        "items": items,
    })
}
