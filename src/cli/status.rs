//! `dondoc status`: what is owed, and where it stands.

use std::collections::HashMap;
use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::agency::agency;
use super::config_file::ConfigFile;
use super::day::day;
use super::exit::Exit;
use super::open::{block_on, load};
use super::table::Table;
use super::task::known;
use super::token_health;
use crate::app::as_of::{AsOf, list_as_of};
use crate::app::counted::counted;
use crate::app::inspect::{self, Filter, Parked};
use crate::app::setup::Setup;
use crate::clock::Clock;
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::obligation::{Obligation, Pending, Standing, State, TRANSFERRED};

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
    /// Only what is open, overdue, and not for want of a decision
    #[arg(long)]
    late: bool,
    /// As it stood at the end of this day instead of now
    #[arg(long, value_name = "DATE", value_parser = day)]
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
    let code = |typed: &String| agency(&loaded.setup, typed);
    let filter = Filter {
        agency: args.agency.as_ref().map(code).transpose()?,
        task: args.task.as_deref().map(Into::into),
        ..Filter::default()
    };
    let (mut found, given, parked, accounts) = block_on(async {
        let db = loaded.open_to_show().await?;
        let found = list_as_of(&db, &loaded.setup, &filter, day).await?;
        let shown: Vec<Obligation> = found.iter().map(|one| one.obligation.clone()).collect();
        let given = inspect::list_given(&db, &shown).await?;
        let parked = inspect::list_parked(&db).await?;
        let accounts = inspect::list_token_health(&db).await?;
        anyhow::Ok((found, given, parked, accounts))
    })?;
    // What has left the files is shown as long as it is in the database.
    if let (true, Some(task)) = (found.is_empty(), &filter.task) {
        known(&loaded.setup, task)?;
    }
    if args.late {
        found.retain(|one| one.word == Some(Standing::OpenLate));
    }
    let given_of = |one: &Obligation| given.get(&one.id).map_or(&[][..], Vec::as_slice);
    if args.json {
        for stood in &found {
            let one = &stood.obligation;
            let mut line = given_json(as_json(one, day, stood.asked()), given_of(one));
            line["days_late"] = json!(stood.days_late);
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
        }
        return Ok(Exit::Fine);
    }
    listed(&loaded.setup, &found, &given, day).print(out)?;
    writeln!(out, "{} obligations as of {day}", found.len())?;
    let gone = found.iter().map(|one| &one.obligation);
    let gone = gone.filter(|one| !loaded.setup.owes(one));
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
        writeln!(
            out,
            "{} without words: {remedy}",
            counted(parked.len(), "brief")
        )?;
    }
    token_health::tell_failed(&accounts, out)?;
    Ok(Exit::Fine)
}

/// The obligations as a table.
fn listed(
    setup: &Setup,
    found: &[AsOf],
    given: &HashMap<ObligationId, Vec<AgencyCode>>,
    day: NaiveDate,
) -> Table {
    let given_of = |one: &Obligation| given.get(&one.id).map_or(&[][..], Vec::as_slice);
    let mut table = Table::of_plans(
        setup,
        &[
            "id",
            "milestone",
            "agency",
            "due",
            "act by",
            "done",
            "standing",
            "days late",
            "waits for",
        ],
    );
    for stood in found {
        let one = &stood.obligation;
        let date =
            |day: Option<NaiveDate>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        table.row_of(
            &one.plan,
            [
                one.id.to_string(),
                one.milestone.to_string(),
                one.agency.to_string(),
                date(one.due_on),
                date(one.act_by),
                date(one.done_on),
                standing_or_given(stood.word, one.state, given_of(one)),
                match stood.days_late {
                    0 => "–".to_owned(),
                    days => days.to_string(),
                },
                waits_for(one, day, stood.wanted()),
            ],
        );
    }
    table
}

/// The official word of a row in English, or its state where no word applies. `asked` is the day of what waits.
pub fn standing(obligation: &Obligation, day: NaiveDate, asked: Option<NaiveDate>) -> String {
    word_or_state(obligation.standing(day, asked), obligation.state)
}

/// The official word in English, or the state where no word applies.
pub fn word_or_state(word: Option<Standing>, state: State) -> String {
    match word {
        Some(Standing::DoneOnTime) => "done on time".to_owned(),
        Some(Standing::DoneLate) => "done late".to_owned(),
        Some(Standing::OpenOnTime) => "open in time".to_owned(),
        Some(Standing::OpenLate) => "open late".to_owned(),
        Some(Standing::Waiting) => "waits".to_owned(),
        Some(Standing::Unclear) => "unclear".to_owned(),
        None => format!("{state:?}").to_lowercase(),
    }
}

/// As [`word_or_state`], of what documents may have given to other agencies.
pub fn standing_or_given(word: Option<Standing>, state: State, given_to: &[AgencyCode]) -> String {
    if given_to.is_empty() {
        return word_or_state(word, state);
    }
    let heirs: Vec<&str> = given_to.iter().map(AgencyCode::as_str).collect();
    format!("{TRANSFERRED} to {}", heirs.join(", "))
}

/// An obligation for programs, of what documents may have given to other agencies.
pub fn given_json(mut one: serde_json::Value, given_to: &[AgencyCode]) -> serde_json::Value {
    if !given_to.is_empty() {
        one["state"] = json!(TRANSFERRED);
        one["given_to"] = json!(given_to);
    }
    one
}

/// What it waits for besides the work: a decision of the monitor or of its head, the reminder that was put off.
fn waits_for(one: &Obligation, day: NaiveDate, wanted: Option<NaiveDate>) -> String {
    let decision = one.pending.map(|pending| match (pending, wanted) {
        (Pending::Extension, Some(until)) => format!("decision: extension until {until}"),
        (Pending::Extension, None) => "decision: extension".to_owned(),
        (Pending::Acceptance, _) => "decision: acceptance".to_owned(),
        (Pending::Reassignment, _) => "decision: whose it is".to_owned(),
    });
    let snoozed = one.snoozed_until.filter(|until| *until > day);
    let reminder = snoozed.map(|until| format!("reminder on {until}"));
    let parts: Vec<String> = decision.into_iter().chain(reminder).collect();
    parts.join("; ")
}

/// An obligation for programs. `asked` is the day of what waits: until when more time is wanted, or of which day the completion
/// is that is claimed.
pub fn as_json(one: &Obligation, day: NaiveDate, asked: Option<NaiveDate>) -> serde_json::Value {
    let wanted = asked.filter(|_| one.pending == Some(Pending::Extension));
    let mut told = json!({
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
        "standing": one.standing(day, asked),
        "pending": one.pending,
        "wanted_until": wanted,
        "snoozed_until": one.snoozed_until,
    });
    if let Some(watch) = one.due_before() {
        told["followed_since"] = json!(watch.since);
        told["settle_by"] = json!(watch.settle_by);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{MilestoneId, ObligationId};
    use crate::domain::plan::MilestoneKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_waited_for_is_said_with_its_days() {
        let due = Some(day("2020-03-31"));
        let mut one = Obligation {
            id: ObligationId(1),
            plan: "p".into(),
            milestone: MilestoneId {
                task: "II.2".into(),
                number: 1,
            },
            agency: "STP".into(),
            kind: MilestoneKind::Due,
            opens_on: None,
            due_on: due,
            original_due_on: due,
            act_by: due,
            state: State::Open,
            done_on: None,
            pending: None,
            snoozed_until: None,
            taken_from: None,
            watch: None,
        };
        let today = day("2020-03-25");
        assert_eq!(waits_for(&one, today, None), "");
        one.pending = Some(Pending::Extension);
        one.snoozed_until = Some(day("2020-03-27"));
        let wanted = Some(day("2020-04-15"));
        assert_eq!(
            waits_for(&one, today, wanted),
            "decision: extension until 2020-04-15; reminder on 2020-03-27"
        );
        let json = as_json(&one, today, wanted);
        assert_eq!(
            (
                &json["pending"],
                &json["wanted_until"],
                &json["snoozed_until"]
            ),
            (
                &json!("extension"),
                &json!("2020-04-15"),
                &json!("2020-03-27")
            )
        );
        one.pending = Some(Pending::Reassignment);
        let later = day("2020-03-27");
        assert_eq!(waits_for(&one, later, None), "decision: whose it is");
    }
}
