//! `dondoc decide`: what waits for a decision, and what is decided.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::agency;
use super::config_file::ConfigFile;
use super::day::day;
use super::document::document;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use super::report::task_and_milestone;
use super::status::{as_json, standing, word_or_state};
use super::table::Table;
use super::task::PlanArg;
use crate::app::as_of::list_as_of;
use crate::app::inspect::Filter;
use crate::app::open::Loaded;
use crate::app::resolve::{Order, Revocation, Settled, settle, take_back};
use crate::clock::Clock;
use crate::domain::docket::{Phrases, who_decides};
use crate::domain::ids::{AgencyCode, ContactId, TaskId};
use crate::domain::obligation::{Obligation, Pending};
use crate::domain::resolution::Resolution;

/// List what waits for a decision, and whose it is, or decide it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc decide                                        what waits\n  dondoc decide II.2/1 STP extend --by snv.head        until the day that was asked for, as the head decided\n  dondoc decide II.2/1 STP extend --until 2030-04-15 --document 45/SNV-CCHC\n  dondoc decide II.2/1 STP refuse --reason \"Phải ban hành trong quý I\"\n  dondoc decide II.2/1 STP accept\n  dondoc decide II.2/1 STP return --reason \"Văn bản gửi kèm là dự thảo\"\n  dondoc decide II.2/1 STP revoke                      what waited waits again"
)]
pub struct DecideArgs {
    /// The task, or one of its milestones: II.2 or II.2/1
    #[arg(requires = "agency")]
    task: Option<String>,
    /// Code of the agency that owes it
    #[arg(requires = "verdict")]
    agency: Option<String>,
    /// What is decided
    verdict: Option<Verdict>,
    /// With `extend`: the new due day; without it, the day that was asked for
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<NaiveDate>,
    /// With `accept`: the day of completion; without it, the day that was claimed
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    /// Why; the officers read it. Needed to refuse and to return
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Number of the document by which it is decided
    #[arg(long, value_name = "NUMBER", value_parser = document)]
    document: Option<String>,
    /// Whose decision it is: a contact of those who decide. Needed where the plan says who decides (`[extensions]`); elsewhere,
    /// without it, the operator's
    #[arg(long, value_name = "CONTACT", requires = "verdict")]
    by: Option<String>,
    #[command(flatten)]
    plan: PlanArg,
    /// Say what would change and who would be told, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Verdict {
    /// Grant more time
    Extend,
    /// Refuse more time
    Refuse,
    /// Confirm a claimed completion
    Accept,
    /// Return a completion: the obligation is open again
    Return,
    /// Take the last decision back: what waited waits again
    Revoke,
}

/// What is asked for.
enum Asked {
    Order(Order),
    Revocation(Revocation),
}

impl Asked {
    fn task(&self) -> &TaskId {
        match self {
            Self::Order(order) => &order.task,
            Self::Revocation(what) => &what.task,
        }
    }
}

/// Runs the command.
pub fn run(args: &DecideArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    match (&args.task, &args.agency, args.verdict) {
        (Some(task), Some(agency), Some(verdict)) => {
            let code = agency::agency(&loaded.setup, agency)?;
            let asked = asked(args, &loaded.setup.orders, task, code, verdict)?;
            decide(args, &loaded, &asked, out)
        }
        _ => list(args, &loaded, out),
    }
}

fn asked(
    args: &DecideArgs,
    orders: &Phrases,
    task: &str,
    agency: AgencyCode,
    verdict: Verdict,
) -> anyhow::Result<Asked> {
    let misplaced = [
        ("--until", args.until.is_some(), Verdict::Extend),
        ("--on", args.on.is_some(), Verdict::Accept),
    ];
    for (option, given, of) in misplaced {
        if given && verdict != of {
            let of = format!("{of:?}").to_lowercase();
            return Err(WrongInput(format!("{option} goes with `{of}` only")).into());
        }
    }
    if verdict == Verdict::Revoke && args.document.is_some() {
        let problem = "--document goes with a decision, not with `revoke`";
        return Err(WrongInput(problem.to_owned()).into());
    }
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let reason = filled(&args.reason);
    let (task, milestone) = task_and_milestone(task)?;
    let resolution = match verdict {
        Verdict::Extend => Resolution::Extend { until: args.until },
        Verdict::Refuse => Resolution::Refuse,
        Verdict::Accept => Resolution::Accept { on: args.on },
        Verdict::Return => Resolution::Return,
        Verdict::Revoke => {
            return Ok(Asked::Revocation(Revocation {
                task,
                milestone,
                agency,
                reason,
                by: args.by.as_deref().map(Into::into),
            }));
        }
    };
    let says_nothing = |text: &String| !orders.is_reason(text);
    if let Some(text) = reason.as_ref().filter(|text| says_nothing(text))
        && resolution.needs_reason()
    {
        let problem = format!(
            "--reason “{text}” says nothing: whoever waits is told why, in words that help them; a day is granted by `extend --until`"
        );
        return Err(WrongInput(problem).into());
    }
    if resolution.needs_reason() && reason.is_none() {
        let problem = "whoever waits is told why: give a reason with --reason TEXT";
        return Err(WrongInput(problem.to_owned()).into());
    }
    Ok(Asked::Order(Order {
        task,
        milestone,
        agency,
        resolution,
        reason,
        document: filled(&args.document),
        by: args.by.as_deref().map(Into::into),
    }))
}

fn decide(
    args: &DecideArgs,
    loaded: &Loaded,
    asked: &Asked,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let task = asked.task();
    let charge = args.plan.with_task(&loaded.setup, task)?;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let (setup, origin) = (&loaded.setup, loaded.origin());
    let settled = block_on(async {
        let db = loaded.open_db().await?;
        let dry = args.dry_run;
        let settled = match asked {
            Asked::Order(order) => {
                settle(&db, setup, &origin, charge, order, today, now, dry).await
            }
            Asked::Revocation(what) => {
                take_back(&db, setup, &origin, charge, what, today, now, dry).await
            }
        };
        db.close().await;
        settled
    })?;
    print(&settled, args.dry_run, args.json, today, out)
}

/// What was decided, or would be, and who is told of it at once.
pub fn print(
    settled: &Settled,
    dry_run: bool,
    as_json_line: bool,
    today: NaiveDate,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let Settled {
        before,
        was_asked,
        after,
        asked,
        told,
    } = settled;
    if as_json_line {
        let all = json!({
            "before": as_json(before, today, *was_asked),
            "after": as_json(after, today, *asked),
            "told": told,
            "changed": !dry_run,
        });
        serde_json::to_writer(&mut *out, &all)?;
        writeln!(out)?;
        return Ok(Exit::Fine);
    }
    let would = if dry_run { "would be " } else { "" };
    writeln!(
        out,
        "{} of {}: {would}{}, due {} (before: {}, due {})",
        after.milestone,
        after.agency,
        standing(after, today, *asked),
        date(after.due_on),
        standing(before, today, *was_asked),
        date(before.due_on),
    )?;
    if let Some(pending) = after.pending {
        let waits = match pending {
            Pending::Extension => "the wish for more time",
            Pending::Acceptance => "the claim that it is done",
            Pending::Reassignment => "that it is not theirs",
        };
        writeln!(out, "{waits} still waits for a decision")?;
    }
    let names: Vec<&str> = told.iter().map(ContactId::as_str).collect();
    if names.is_empty() {
        writeln!(out, "nobody there can be reached: the next brief says it")?;
    } else {
        writeln!(out, "{would}told at once: {}", names.join(", "))?;
    }
    Ok(Exit::Fine)
}

fn list(args: &DecideArgs, loaded: &Loaded, out: &mut impl Write) -> anyhow::Result<Exit> {
    let today = Clock::System.today();
    let waiting = block_on(async {
        let db = loaded.open_to_show().await?;
        let mut waiting = list_as_of(&db, &loaded.setup, &Filter::default(), today).await?;
        waiting.retain(|one| one.stands.is_undecided());
        db.close().await;
        anyhow::Ok(waiting)
    })?;
    let decides = |one: &Obligation| {
        let charge = loaded.setup.find(&one.plan)?;
        Some(who_decides(&charge.plan, one.pending?, &one.agency))
    };
    if args.json {
        for stood in &waiting {
            let one = &stood.obligation;
            let mut line = as_json(one, today, stood.asked());
            line["decides"] = json!(decides(one).map(|by| json!({
                "agency": by.agency,
                "roles": by.rank.roles(),
            })));
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::of_plans(
        &loaded.setup,
        &[
            "milestone",
            "agency",
            "waits for",
            "wanted",
            "due",
            "standing",
            "decides",
        ],
    );
    for stood in &waiting {
        let one = &stood.obligation;
        table.row_of(
            &one.plan,
            [
                one.milestone.to_string(),
                one.agency.to_string(),
                one.pending.map_or("", Pending::as_str).to_owned(),
                date(stood.wanted()),
                date(one.due_on),
                word_or_state(stood.word, one.state),
                decides(one).map_or_else(|| "–".to_owned(), |by| by.to_string()),
            ],
        );
    }
    table.print(out)?;
    writeln!(out, "{} wait for a decision", waiting.len())?;
    Ok(Exit::Fine)
}

fn date(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "–".to_owned(), |day| day.to_string())
}
