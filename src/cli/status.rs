//! `dondoc status`: what is owed, and where it stands.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::Exit;
use super::open::{block_on, load};
use super::table::Table;
use super::token_health;
use crate::app::inspect::{self, Filter, Parked};
use crate::clock::Clock;
use crate::domain::obligation::{Obligation, Standing, State};

/// Show obligations and where they stand
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc status --late              everything overdue today\n  dondoc status --agency STP        what Sở Tư pháp owes\n  dondoc status --task II.2 --json\n  dondoc status --tokens            whether the Zalo Official Account can still write"
)]
pub struct StatusArgs {
    /// Only of this agency, by code
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// Only of this task: II.2
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
    /// Only what is open and overdue
    #[arg(long)]
    late: bool,
    /// As of this day instead of today
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Instead: the tokens that Dondoc renews, when they were, until when they live, and why they are no longer
    #[arg(long, conflicts_with_all = ["agency", "task", "late", "on"])]
    tokens: bool,
    /// Print one JSON object for each obligation, or for each account
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &StatusArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    if args.tokens {
        return token_health::print(&loaded, args.json, out);
    }
    let day = args.on.unwrap_or_else(|| Clock::System.today());
    let filter = Filter {
        agency: args.agency.as_deref().map(Into::into),
        task: args.task.as_deref().map(Into::into),
        late_on: args.late.then_some(day),
        ..Filter::default()
    };
    let (found, parked, accounts) = block_on(async {
        let db = loaded.open_db().await?;
        let found = inspect::list_obligations(&db, &filter).await?;
        let parked = inspect::list_parked(&db).await?;
        anyhow::Ok((found, parked, inspect::list_token_health(&db).await?))
    })?;
    if args.json {
        for obligation in &found {
            serde_json::to_writer(&mut *out, &as_json(obligation, day))?;
            writeln!(out)?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&[
        "id",
        "milestone",
        "agency",
        "due",
        "act by",
        "done",
        "standing",
    ]);
    for one in &found {
        let date =
            |day: Option<NaiveDate>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        table.row([
            one.id.to_string(),
            one.milestone.to_string(),
            one.agency.to_string(),
            date(one.due_on),
            date(one.act_by),
            date(one.done_on),
            standing(one, day),
        ]);
    }
    table.print(out)?;
    writeln!(out, "{} obligations as of {day}", found.len())?;
    let gone = found.iter().filter(|one| !loaded.setup.owes(one));
    for one in gone.filter(|one| one.state != State::Done && one.state != State::Cancelled) {
        let Obligation {
            milestone, agency, ..
        } = one;
        writeln!(
            out,
            "not told: {milestone} of {agency} is no longer in the files of the plan"
        )?;
    }
    for one in &parked {
        let Parked {
            contact,
            day,
            reason,
        } = one;
        writeln!(out, "not sent: the brief of {contact} for {day}: {reason}")?;
    }
    if !parked.is_empty() {
        let remedy = "mend the templates and send SIGHUP to the daemon: each goes out once";
        writeln!(out, "{} briefs wait for words: {remedy}", parked.len())?;
    }
    token_health::tell_failed(&accounts, out)?;
    Ok(Exit::Fine)
}

/// The official word in English, or the state where no word applies.
pub fn standing(obligation: &Obligation, day: NaiveDate) -> String {
    match obligation.standing(day) {
        Some(Standing::DoneOnTime) => "done on time".to_owned(),
        Some(Standing::DoneLate) => "done late".to_owned(),
        Some(Standing::OpenOnTime) => "open in time".to_owned(),
        Some(Standing::OpenLate) => "open late".to_owned(),
        None => format!("{:?}", obligation.state).to_lowercase(),
    }
}

/// An obligation for programs.
pub fn as_json(one: &Obligation, day: NaiveDate) -> serde_json::Value {
    json!({
        "obligation": one.id,
        "plan": one.plan,
        "task": one.milestone.task,
        "milestone": one.milestone.to_string(),
        "agency": one.agency,
        "kind": one.kind,
        "opens_on": one.opens_on,
        "due_on": one.due_on,
        "original_due_on": one.original_due_on,
        "act_by": one.act_by,
        "state": one.state,
        "done_on": one.done_on,
        "standing": one.standing(day),
    })
}
