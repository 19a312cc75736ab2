//! `dondoc explain`: where an obligation comes from, and everything that happened to it.

use std::io::Write;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::agency::agency;
use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::report::task_and_milestone;
use super::status::{as_json, given_json, standing_or_given};
use super::task::PlanArg;
use crate::app::explain::{Actor, Event, Explained, Footing, Telling, Which, explain, happened_at};
use crate::app::open::Loaded;
use crate::clock::{Clock, local};
use crate::domain::amendment::Kind;
use crate::domain::obligation::{Obligation, Pending, State, Watch};

/// Explain an obligation: its words, its dates, its whole history
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc explain II.2/1 STP\n  dondoc explain 214 --json      by the number that `dondoc status` shows"
)]
pub struct ExplainArgs {
    /// The task, or one of its milestones: II.2 or II.2/1; without an agency, the number of an obligation
    task: String,
    /// Code of the agency that owes it
    agency: Option<String>,
    #[command(flatten)]
    plan: PlanArg,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &ExplainArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let which = match &args.agency {
        None => Which::Number(args.task.parse().map_err(|_| {
            let task = &args.task;
            WrongInput(format!(
                "whose {task}? Write `dondoc explain {task} AGENCY`"
            ))
        })?),
        Some(typed) => {
            let (task, milestone) = task_and_milestone(&args.task)?;
            let charge = args.plan.with_task(&loaded.setup, &task)?;
            Which::Owed {
                plan: charge.plan.id.clone(),
                task,
                milestone,
                agency: agency(&loaded.setup, typed)?,
            }
        }
    };
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        let found = explain(&db, &loaded.setup, &which, Clock::System.today()).await;
        db.close().await;
        found
    })?;
    let Some(found) = found else {
        let number = &args.task;
        return Err(WrongInput(format!(
            "no obligation has the number {number}: see `dondoc status`"
        ))
        .into());
    };
    if args.json {
        serde_json::to_writer(&mut *out, &all_as_json(&loaded, &found))?;
        writeln!(out)?;
    } else {
        print(&loaded, &found, out)?;
    }
    Ok(Exit::Fine)
}

fn print(loaded: &Loaded, found: &Explained, out: &mut impl Write) -> anyhow::Result<()> {
    let Obligation {
        id,
        milestone,
        agency,
        ..
    } = &found.obligation;
    writeln!(
        out,
        "obligation {id}: {milestone} of {agency}, {}",
        standing(found)
    )?;
    let mut field = |name: &str, text: &str| {
        let text = text.replace('\n', " / ");
        if text.is_empty() {
            Ok(())
        } else {
            writeln!(out, "  {name:<11} {text}")
        }
    };
    let charge = loaded.setup.find(&found.obligation.plan);
    match charge.and_then(|charge| Some((charge, charge.find(milestone)?))) {
        Some((charge, (task, derived))) => {
            field(
                "plan",
                &format!("{}, {}", charge.plan.number, charge.plan.title),
            )?;
            field("content", &task.content)?;
            field("product", &task.product)?;
            field("deadline", &task.deadline)?;
            field("lead", &task.lead)?;
            field("label", &derived.label)?;
            match &found.event {
                Some((on, document)) => {
                    let rule = format!("waited for an event, which {document} dates {on} (rule 9)");
                    field("rule", &rule)?;
                }
                None => field("rule", &derived.rule)?,
            }
        }
        None => field("plan", "no longer in the files")?,
    }
    let one = &found.obligation;
    field("opens", &date(one.opens_on))?;
    field("due", &date(one.due_on))?;
    if one.original_due_on != one.due_on {
        field("by the plan", &date(one.original_due_on))?;
    }
    field("act by", &date(one.act_by))?;
    if let Some(Watch { since, settle_by }) = one.due_before() {
        let told = format!("since {since}; asked about until {settle_by}, late from then on");
        field("followed", &told)?;
    }
    field("done", &date(one.done_on))?;
    writeln!(out, "history:")?;
    for (at, line) in history(found) {
        writeln!(out, "  {}  {line}", local(at).format("%Y-%m-%d %H:%M"))?;
    }
    if found.told.is_empty() && found.events.is_empty() {
        writeln!(out, "  nothing yet")?;
    }
    if !found.to_come.is_empty() {
        let by = footing_in_words(found.footing);
        let decided = match found.obligation.pending {
            Some(Pending::Extension | Pending::Acceptance) => " and nothing decided",
            Some(Pending::Reassignment) | None => "",
        };
        writeln!(out, "to come, if nothing is said{decided}, by {by}:")?;
    }
    for (day, rung, told) in &found.to_come {
        let told: Vec<&str> = told.iter().map(|one| one.as_str()).collect();
        writeln!(out, "  {day}  rung {rung} to {}", told.join(", "))?;
    }
    Ok(())
}

/// The official word, with the days that it is late.
fn standing(found: &Explained) -> String {
    let word = standing_or_given(found.word, found.obligation.state, &found.given_to);
    match found.days_late {
        0 => word,
        1 => format!("{word} by 1 working day"),
        days => format!("{word} by {days} working days"),
    }
}

fn footing_in_words(footing: Footing) -> String {
    let day = |at: DateTime<Utc>| local(at).date();
    match footing {
        Footing::InForce { since } => format!("the ladder in force since {}", day(since)),
        Footing::Earlier { since } => format!(
            "the ladder of {}, on which its escalation began",
            day(since)
        ),
        Footing::NotLoaded { since, moves } => {
            let then = if moves {
                "then this follows that one"
            } else {
                "this is overdue and goes on by the one it has"
            };
            format!(
                "the ladder in force since {}; schedules/ladder.toml has another, which the daemon has not loaded (send it SIGHUP): {then}",
                day(since)
            )
        }
        Footing::FilesOnly => {
            "schedules/ladder.toml, which no daemon has put in force yet".to_owned()
        }
    }
}

fn footing_json(footing: Footing) -> Value {
    let (is, since) = match footing {
        Footing::InForce { since } => ("in-force", Some(since)),
        Footing::Earlier { since } => ("earlier", Some(since)),
        Footing::NotLoaded { since, .. } => ("files-not-loaded", Some(since)),
        Footing::FilesOnly => ("files-only", None),
    };
    json!({ "is": is, "since": since.map(written) })
}

fn date(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Ledger and tellings in the order in which they happened; what was told at the moment of its cause, behind it.
fn history(found: &Explained) -> Vec<(DateTime<Utc>, String)> {
    let events = found.events.iter().map(|one| {
        let is_erased = found.erased.contains(&one.id);
        (happened_at(one), event_line(one, is_erased))
    });
    let told = found.told.iter().map(|one| {
        let line = told_line(one, found.dropped_as(one));
        (Explained::told_at(one), line)
    });
    let mut lines: Vec<(DateTime<Utc>, String)> = events.chain(told).collect();
    lines.sort_by_key(|(at, _)| *at);
    lines
}

fn told_line(one: &Telling, dropped_as: Option<State>) -> String {
    let Telling {
        contact,
        rung,
        audience,
        ..
    } = one;
    let who = format!("told {contact} as {}, rung {rung}", audience.as_str());
    match (&one.sent, dropped_as) {
        (Ok(sent), Some(state)) => {
            let why = match state {
                State::Done => "answered meanwhile",
                _ => "no longer owed",
            };
            format!(
                "not {who}: dropped, {why}; delivery {} by {} left without it",
                sent.delivery,
                sent.channel.as_str()
            )
        }
        (Ok(sent), None) => {
            let reason = sent.reason.as_ref().map(|reason| format!(" ({reason})"));
            format!(
                "{who}: delivery {} by {}, {}{}",
                sent.delivery,
                sent.channel.as_str(),
                sent.state.as_str(),
                reason.unwrap_or_default()
            )
        }
        (Err(why), _) => format!("{who}: not sent, {why}"),
    }
}

fn event_line(event: &Event, is_erased: bool) -> String {
    let entry = &event.entry;
    let who = match &entry.actor {
        Actor::System => "the program".to_owned(),
        Actor::Operator => "an operator".to_owned(),
        Actor::Contact(contact) => contact.to_string(),
    };
    let text = |key: &str| entry.payload.get(key).and_then(Value::as_str);
    let mut line = format!("{} by {who}", entry.kind);
    let opens = entry.payload.pointer("/amended/now/opens_on");
    let event_on = opens.filter(|_| entry.kind == Kind::Begun.as_str());
    if let Some(on) = event_on.and_then(Value::as_str) {
        line = format!("{line}, event of {on}");
    }
    for (name, place) in [
        ("on", "/done_on"),
        ("due", "/resolved/extended/due_on"),
        ("due", "/amended/now/due_on"),
        ("was due", "/was_due_on"),
        ("was due", "/amended/was/due_on"),
        ("other agency", "/counterpart"),
        ("document", "/document"),
        ("reason", "/reason"),
        ("note", "/note"),
    ] {
        match entry.payload.pointer(place).and_then(Value::as_str) {
            Some("") if is_erased => line = format!("{line}, {name} (erased)"),
            Some("") | None => {}
            Some(found) => line = format!("{line}, {name} {found}"),
        }
    }
    for one in entry.payload["raised"].as_array().into_iter().flatten() {
        let field = |key: &str| one[key].as_str().unwrap_or_default();
        let until = one["day"].as_str().map(|day| format!(" ({day})"));
        line = format!(
            "{line}; {} of {}{}: {}",
            field("what"),
            field("on"),
            until.unwrap_or_default(),
            field("becomes")
        );
    }
    if let Some(from) = entry.payload["carried"]["from"].as_str() {
        let on = entry.payload["carried"]["on"].as_str().unwrap_or_default();
        line = format!("{line}, taken over with it from {from}, said on {on}");
    }
    if let Some(waits) = text("still_waits") {
        line = format!("{line}, still waits: {waits}");
    }
    if let Some(all) = entry.payload["counterpart"].as_array() {
        let codes: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
        line = format!("{line}, other agencies {}", codes.join(", "));
    }
    let recorded_on = local(entry.at).date();
    if recorded_on != local(happened_at(event)).date() {
        line = format!("{line}, recorded {recorded_on}");
    }
    match text("quote") {
        Some("") if is_erased => format!("{line}: (erased)"),
        Some("") | None => line,
        Some(quote) => format!("{line}: “{}”", quote.replace('\n', " / ")),
    }
}

fn all_as_json(loaded: &Loaded, found: &Explained) -> Value {
    let all = as_json(&found.obligation, Clock::System.today(), None);
    let mut all = given_json(all, &found.given_to);
    all["standing"] = json!(found.word);
    all["days_late"] = json!(found.days_late);
    let charge = loaded.setup.find(&found.obligation.plan);
    if let Some((task, derived)) = charge.and_then(|one| one.find(&found.obligation.milestone)) {
        all["content"] = json!(task.content);
        all["product"] = json!(task.product);
        all["deadline"] = json!(task.deadline);
        all["lead"] = json!(task.lead);
        all["label"] = json!(derived.label);
        all["rule"] = json!(derived.rule);
    }
    let told = found.told.iter().map(|one| {
        let sent = one.sent.as_ref();
        json!({
            "day": one.day,
            "at": written(Explained::told_at(one)),
            "contact": one.contact,
            "audience": one.audience,
            "rung": one.rung,
            "delivery": sent.ok().map(|sent| sent.delivery.0),
            "channel": sent.ok().map(|sent| sent.channel.as_str()),
            "state": sent.ok().map(|sent| sent.state.as_str()),
            "dropped": found.dropped_as(one).is_some(),
            "sent_at": sent.ok().and_then(|sent| sent.at).map(written),
            "reason": sent.map_or_else(|why| Some(why.clone()), |sent| sent.reason.clone()),
        })
    });
    all["told"] = told.collect();
    let events = found.events.iter().map(|one| {
        let entry = &one.entry;
        let actor = match &entry.actor {
            Actor::System => "system",
            Actor::Operator => "operator",
            Actor::Contact(contact) => contact.as_str(),
        };
        json!({
            "event": one.id,
            "at": written(entry.at),
            "happened_at": written(happened_at(one)),
            "actor": actor,
            "kind": entry.kind,
            "payload": entry.payload,
            "erased": found.erased.contains(&one.id),
            "source": entry.source,
        })
    });
    all["events"] = events.collect();
    all["event"] = json!(
        found
            .event
            .as_ref()
            .map(|(on, document)| json!({ "on": on, "document": document }))
    );
    all["ladder"] = footing_json(found.footing);
    let to_come = found.to_come.iter();
    all["to_come"] = to_come
        .map(|(day, rung, told)| json!({ "day": day, "rung": rung, "told": told }))
        .collect();
    all
}

/// An instant as RFC 3339 at the hour of Vietnam.
fn written(at: DateTime<Utc>) -> String {
    format!("{}+07:00", local(at).format("%Y-%m-%dT%H:%M:%S"))
}
