//! `dondoc simulate`: a period of messages in a second.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::table::Table;
use crate::app::record::{Record, Recorded};
use crate::app::setup::Setup;
use crate::app::simulate::answers::Manner;
use crate::app::simulate::promises::{self, Neglected, Promises};
use crate::app::simulate::summary::summary;
use crate::app::simulate::{Answers, Arrived, Listed, Options, Replay, simulate};
use crate::clock::local;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;

/// Replay a period with a manual clock through the same code as the daemon
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc simulate                                  the plan's year in numbers\n  dondoc simulate --to stp.officer --to 2020-04-30 every message to one person until April\n  dondoc simulate --answers silent --json          JSON lines, one for each message\n\nA file of answers has one JSON object a line:\n  {\"on\":\"2020-03-20\",\"agency\":\"STP\",\"task\":\"I.2\",\"milestone\":1,\"status\":\"done\",\"document\":\"12/KH-STP\"}"
)]
pub struct SimulateArgs {
    /// First day; without it, the day the plan was issued
    #[arg(long, value_name = "DATE")]
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
            return text
                .parse()
                .map(Self::Day)
                .map_err(|_| format!("`{text}` is no date: write 2020-12-31"));
        }
        Ok(Self::Contact(ContactId::new(text)))
    }
}

/// Runs the command.
pub fn run(args: &SimulateArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let (setup, contacts) = (loaded.setup, loaded.contacts);
    let only = only(args, &contacts)?;
    let options = options(args, &setup)?;
    let shows_progress = std::io::stderr().is_terminal() && !args.json;
    let replay = block_on(simulate(setup.clone(), &contacts, options, |day| {
        if shows_progress && day.day() == 1 {
            // Progress is a courtesy: a terminal that went away does not stop the replay.
            let _ = write!(std::io::stderr(), "\r{}-{:02} ", day.year(), day.month());
        }
    }))?;
    if shows_progress {
        let _ = write!(std::io::stderr(), "\r        \r");
    }
    let shown = replay
        .arrived
        .iter()
        .filter(|message| only.as_ref().is_none_or(|id| *id == message.contact));
    if args.json {
        for message in shown {
            serde_json::to_writer(&mut *out, &as_json(message))?;
            writeln!(out)?;
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
    let kept = promises.untimely == 0 && promises.doubled == 0 && promises.neglected.is_empty();
    Ok(if kept { Exit::Fine } else { Exit::Failed })
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
        answers: answers(&args.answers)?,
        seed: args.seed,
    })
}

fn answers(text: &str) -> anyhow::Result<Answers> {
    Ok(match text {
        "prompt" => Answers::Manner(Manner::Prompt),
        "late" => Answers::Manner(Manner::Late),
        "silent" => Answers::Manner(Manner::Silent),
        "mixed" => Answers::Manner(Manner::Mixed),
        file => Answers::Listed(read_answers(&PathBuf::from(file))?),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    on: NaiveDate,
    agency: String,
    task: String,
    milestone: Option<u16>,
    status: Status,
    done_on: Option<NaiveDate>,
    document: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Done,
    Open,
}

/// Every wrong line is reported at once.
fn read_answers(file: &PathBuf) -> anyhow::Result<Vec<Listed>> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        WrongInput(format!(
            "--answers {}: {error}; name a file, or prompt, late, silent or mixed",
            file.display()
        ))
    })?;
    let mut listed = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        match serde_json::from_str::<Line>(line) {
            Ok(line) => listed.push(Listed {
                on: line.on,
                record: Record {
                    task: line.task.as_str().into(),
                    milestone: line.milestone,
                    agency: line.agency.as_str().into(),
                    what: match line.status {
                        Status::Done => Recorded::Done(line.done_on.unwrap_or(line.on)),
                        Status::Open => Recorded::Open,
                    },
                    document: line.document,
                    note: line.note,
                },
            }),
            Err(error) => wrong.push(format!("{}:{}: {error}", file.display(), number + 1)),
        }
    }
    if wrong.is_empty() {
        Ok(listed)
    } else {
        Err(WrongInput(wrong.join("\n")).into())
    }
}

fn as_json(message: &Arrived) -> serde_json::Value {
    let items: Vec<_> = message
        .items
        .iter()
        .map(|item| {
            json!({
                "obligation": item.obligation,
                "task": item.task,
                "milestone": item.milestone.to_string(),
                "agency": item.agency,
                "rung": item.rung,
                "due_on": item.due_on,
            })
        })
        .collect();
    json!({
        "at": format!("{}+07:00", local(message.at).format("%Y-%m-%dT%H:%M:%S")),
        "contact": message.contact,
        "role": message.role,
        "agency": message.agency,
        "channel": message.channel.as_str(),
        "kind": message.kind,
        "items": items,
        "subject": message.subject,
        "text": message.text,
    })
}

fn transcript<'a>(
    messages: impl Iterator<Item = &'a Arrived>,
    out: &mut impl Write,
) -> anyhow::Result<usize> {
    let mut count = 0;
    for message in messages {
        print_message(message, out)?;
        count += 1;
    }
    Ok(count)
}

fn print_message(message: &Arrived, out: &mut impl Write) -> anyhow::Result<()> {
    let at = local(message.at).format("%a %Y-%m-%d %H:%M");
    writeln!(
        out,
        "── {at} · {} by {} to {} ──",
        message.kind,
        message.channel.as_str(),
        message.contact
    )?;
    if let Some(subject) = &message.subject {
        writeln!(out, "[{subject}]")?;
    }
    writeln!(out, "{}\n", message.text.trim_end())?;
    Ok(())
}

fn print_summary(
    replay: &Replay,
    promises: &Promises,
    setup: &Setup,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let summary = summary(replay);
    let Options {
        from,
        to,
        answers,
        seed,
    } = &replay.options;
    let manner = match answers {
        Answers::Manner(manner) => format!("{manner:?}").to_lowercase(),
        Answers::Listed(listed) => format!("{} listed", listed.len()),
    };
    let plans: Vec<&str> = setup
        .charges
        .iter()
        .map(|charge| charge.plan.number.as_str())
        .collect();
    writeln!(
        out,
        "Plan {} from {from} to {to}, answers: {manner}, seed {seed}",
        plans.join(", ")
    )?;
    writeln!(
        out,
        "{} messages, {} obligations\n",
        replay.arrived.len(),
        replay.obligations.len()
    )?;

    let mut months = Table::new(&["month", "kind", "messages"]);
    for ((year, month), kinds) in &summary.months {
        for (kind, count) in kinds {
            months.row([
                format!("{year}-{month:02}"),
                (*kind).to_owned(),
                count.to_string(),
            ]);
        }
    }
    months.print(out)?;
    if let Some((day, count)) = summary.busiest {
        writeln!(
            out,
            "\nBusiest day: {day} with {count} messages. Most for one person in a month: {}.\n",
            summary.most_for_one
        )?;
    }
    let mut agencies = Table::new(&[
        "agency",
        "messages",
        "done on time",
        "done late",
        "open in time",
        "open late",
    ]);
    for (code, score) in &summary.agencies {
        let counts = [
            score.messages,
            score.done_on_time,
            score.done_late,
            score.open_on_time,
            score.open_late,
        ];
        agencies.row(
            [code.to_string()]
                .into_iter()
                .chain(counts.map(|count| count.to_string())),
        );
    }
    agencies.print(out)?;
    writeln!(out, "\nThree messages as they would arrive:\n")?;
    for message in three(replay) {
        print_message(message, out)?;
    }
    print_promises(promises, out)
}

/// The longest-standing kinds of message: an officer's, a head's and the monitor's, from the middle of the period.
fn three(replay: &Replay) -> Vec<&Arrived> {
    use crate::domain::directory::Role;
    let middle = replay.arrived.len() / 4;
    let later = &replay.arrived[middle..];
    let pick = |wanted: &dyn Fn(&Arrived) -> bool| later.iter().find(|message| wanted(message));
    let own = |message: &Arrived| {
        message
            .items
            .iter()
            .all(|item| item.agency == message.agency)
    };
    let few = |message: &Arrived| (2..=4).contains(&message.items.len());
    let found = [
        pick(&|message| message.role == Role::Officer && own(message) && few(message)),
        pick(&|message| message.role == Role::Head && own(message)),
        pick(&|message| !own(message)),
    ];
    found.into_iter().flatten().collect()
}

fn print_promises(promises: &Promises, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "Promises")?;
    writeln!(
        out,
        "  messages on days off or outside the hours: {}",
        promises.untimely
    )?;
    writeln!(
        out,
        "  people with two briefs on one day: {}",
        promises.doubled
    )?;
    writeln!(
        out,
        "  due obligations with fewer than two reminders before act_by: {}",
        promises.neglected.len()
    )?;
    let mut print = |neglected: &Neglected, why: &str| {
        let one = &neglected.obligation;
        writeln!(
            out,
            "    {} of {}: {} reminders in {} working days{why}",
            one.milestone, one.agency, neglected.reminders, neglected.working_days
        )
    };
    for neglected in promises.neglected.iter().take(20) {
        print(neglected, "")?;
    }
    for neglected in promises.too_short.iter().take(20) {
        print(neglected, ": not counted, the window is too short")?;
    }
    Ok(())
}
