//! A replay on the terminal and as JSON lines.

use std::io::Write;

use serde_json::json;

use crate::app::setup::Setup;
use crate::app::simulate::promises::{Neglected, Promises};
use crate::app::simulate::summary::{Summary, summary};
use crate::app::simulate::{Answers, Arrived, Options, Replay};
use crate::cli::table::Table;
use crate::clock::local;
use crate::domain::directory::Role;
use crate::domain::obligation::Standing;

/// A message for programs.
pub(super) fn as_json(message: &Arrived) -> serde_json::Value {
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

/// Prints messages one after another and counts them.
pub(super) fn transcript<'a>(
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

/// Prints a replay in numbers, three messages, and the promises.
pub(super) fn print_summary(
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
    print_agencies(replay, &summary, out)?;
    writeln!(out, "\nThree messages as they would arrive:\n")?;
    for message in three(replay) {
        print_message(message, out)?;
    }
    print_promises(promises, out)
}

/// What each agency got, and how the year would be scored: as `dondoc rank --year` does, on the morning after.
fn print_agencies(replay: &Replay, summary: &Summary, out: &mut impl Write) -> anyhow::Result<()> {
    for (plan, ranking) in &replay.rankings {
        if replay.rankings.len() > 1 {
            writeln!(out, "{plan}")?;
        }
        let mut counts = vec![
            (Standing::DoneOnTime, "done on time"),
            (Standing::DoneLate, "done late"),
            (Standing::OpenOnTime, "open in time"),
            (Standing::OpenLate, "open late"),
            (Standing::Waiting, "waits"),
        ];
        // Only a start in mid-year knows what was due before it.
        let mut scores = ranking.scores();
        if scores.any(|score| score.count(Standing::Unclear) > 0) {
            counts.push((Standing::Unclear, "unclear"));
        }
        let mut headings = vec!["agency", "messages"];
        headings.extend(counts.iter().map(|(_, heading)| *heading));
        headings.extend(["days late", "points", "rank"]);
        let mut agencies = Table::new(&headings);
        for (code, messages) in &summary.agencies {
            let found = ranking.find(code);
            let of_score = found.map(|(score, _)| {
                let counts = counts.iter();
                let counts = counts.map(|(standing, _)| score.count(*standing).to_string());
                counts.chain([score.days_late().to_string()])
            });
            let place = found.and_then(|(_, place)| place);
            let of_place = place.map_or(["–".to_owned(), "–".to_owned()], |place| {
                let shared = if place.is_shared { "=" } else { "" };
                [place.points.to_string(), format!("{}{shared}", place.rank)]
            });
            let none = || std::iter::repeat_n("–".to_owned(), counts.len() + 1);
            let cells = [code.to_string(), messages.to_string()].into_iter();
            match of_score {
                Some(counts) => agencies.row(cells.chain(counts).chain(of_place)),
                None => agencies.row(cells.chain(none()).chain(of_place)),
            }
        }
        agencies.print(out)?;
    }
    Ok(())
}

/// The longest-standing kinds of message: an officer's, a head's and the monitor's, from the middle of the period.
fn three(replay: &Replay) -> Vec<&Arrived> {
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
    let findings = &promises.findings;
    writeln!(
        out,
        "  owed without a delivery and without a reason, as the auditor has it: {}",
        findings.len()
    )?;
    for finding in findings.iter().take(20) {
        writeln!(out, "    {}", finding.detail)?;
    }
    Ok(())
}
