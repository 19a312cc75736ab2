//! `dondoc simulate`: a period of messages in seconds.

mod answers_file;
mod print;

use std::io::{IsTerminal, Write};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use clap::Args;

use answers_file::answers;
use print::{as_json, print_summary, transcript};

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::load;
use crate::app::setup::Setup;
use crate::app::simulate::promises;
use crate::app::simulate::{Options, alone, simulate};
use crate::cli::day::day;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;

/// Replay a period with a manual clock through the same code as the daemon
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc simulate                                   the plan's year in numbers\n  dondoc simulate --to stp.officer --to 2020-04-30  every message to one person until April\n  dondoc simulate --answers silent --json           JSON lines, one for each message\n\nA file of answers has one JSON object a line:\n  {\"on\":\"2020-03-20\",\"agency\":\"STP\",\"task\":\"I.2\",\"milestone\":1,\"status\":\"done\",\"document\":\"12/KH-STP\"}"
)]
pub struct SimulateArgs {
    /// First day; without it, the day the plan was issued
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<NaiveDate>,
    /// Last day (a date; without one, the last day of the plan's year), or the one contact to show; may be given twice
    #[arg(long, value_name = "DATE|CONTACT")]
    to: Vec<To>,
    /// How officers answer: a file, or prompt, late, silent, mixed
    #[arg(long, value_name = "FILE|MANNER", default_value = "mixed")]
    answers: String,
    /// Another number gives another province
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON lines, one for each message
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Debug)]
enum To {
    Day(NaiveDate),
    Contact(ContactId),
}

impl FromStr for To {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return day(text)
                .map(Self::Day)
                .map_err(|problem| format!("`{text}`: {problem}"));
        }
        Ok(Self::Contact(ContactId::new(text)))
    }
}

/// Runs the command.
pub fn run(args: &SimulateArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let (mut setup, contacts) = (loaded.setup, loaded.contacts);
    if let Some(setup) = Arc::get_mut(&mut setup) {
        setup.messages.keep_plain();
    }
    let only = only(args, &contacts)?;
    let options = options(args, &setup)?;
    let shows_progress = std::io::stderr().is_terminal() && !args.json;
    let replay = alone(simulate(setup.clone(), &contacts, options, |day| {
        if shows_progress && day.day() == 1 {
            // Progress is a courtesy: a terminal that went away does not stop the replay.
            let _ = write!(std::io::stderr(), "\r{}-{:02} ", day.year(), day.month());
        }
    }))??;
    if shows_progress {
        let _ = write!(std::io::stderr(), "\r        \r");
    }
    let shown = replay
        .arrived
        .iter()
        .filter(|message| only.as_ref().is_none_or(|id| *id == message.contact));
    if args.json {
        for message in shown {
            // In one piece: what is printed is looked through piece by piece.
            let line = serde_json::to_string(&as_json(message))?;
            writeln!(out, "{line}")?;
        }
        return Ok(Exit::Fine);
    }
    let promises = promises::check(&replay, &setup.ladder, &setup.calendar);
    if let Some(contact) = &only {
        let count = transcript(shown, out)?;
        writeln!(out, "{count} messages to {contact}.")?;
    } else {
        print_summary(&replay, &promises, &setup, out)?;
    }
    Ok(if promises.are_kept() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

fn only(args: &SimulateArgs, contacts: &[Contact]) -> anyhow::Result<Option<ContactId>> {
    let mut named = args.to.iter().filter_map(|to| match to {
        To::Contact(id) => Some(id),
        To::Day(_) => None,
    });
    let (first, second) = (named.next(), named.next());
    if second.is_some() {
        return Err(WrongInput("--to names two contacts: name one".to_owned()).into());
    }
    match first {
        Some(id) if !contacts.iter().any(|contact| contact.id == *id) => Err(WrongInput(format!(
            "there is no contact {id}: see `dondoc contact list`"
        ))
        .into()),
        found => Ok(found.cloned()),
    }
}

fn options(args: &SimulateArgs, setup: &Setup) -> anyhow::Result<Options> {
    let plan = &setup.charges.first().context("no plan is loaded")?.plan;
    let mut days = args.to.iter().filter_map(|to| match to {
        To::Day(day) => Some(*day),
        To::Contact(_) => None,
    });
    let last =
        NaiveDate::from_ymd_opt(plan.year, 12, 31).context("the plan's year is out of range")?;
    let (from, to) = (
        args.from.unwrap_or(plan.issued_on),
        days.next().unwrap_or(last),
    );
    if days.next().is_some() {
        return Err(WrongInput("--to names two dates: name one".to_owned()).into());
    }
    if from > to {
        return Err(WrongInput(format!("the period ends ({to}) before it begins ({from})")).into());
    }
    if (to - from).num_days() > 366 * 5 {
        return Err(WrongInput("the period is longer than five years".to_owned()).into());
    }
    Ok(Options {
        from,
        to,
        answers: answers(&args.answers, setup)?,
        seed: args.seed,
    })
}
