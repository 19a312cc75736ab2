//! `dondoc verify`: whether the ledger is what was written.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::verify::{Astray, Misfiled, Misfiling, Missing, Particulars, Verified, verify_by};
use crate::domain::chain::walk::{Break, Noted};
use crate::domain::chain::{About, Hash};
use crate::domain::ids::PlanId;
use crate::domain::obligation::{Pending, Watch};

/// Prove that nothing in the ledger was altered, removed or reordered
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc verify\n  dondoc verify --plan quang-nam-2020 --json\n\nWhoever may write the database can make the whole chain anew. So note the head that this prints, on paper or on another machine, and name it later: `dondoc verify --head HASH --count N` proves that the first N lines are still those. It also names what does not stand as the ledger says, and what was removed from the table of obligations. Exit code 1 when the chain is broken, or there is such a thing."
)]
pub struct VerifyArgs {
    /// Only of this plan
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// A head that was noted: it must still be in the chain
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// How many lines the chain had at the noted head
    #[arg(long, value_name = "N", requires = "head")]
    count: Option<i64>,
    /// Print one JSON object for each plan
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &VerifyArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let noted = args.head.as_deref().map(|head| {
        let hash = Hash::parse(head.trim()).ok_or_else(|| {
            WrongInput(format!(
                "`{head}` is no head: write the 64 digits that `dondoc verify` printed"
            ))
        })?;
        let count = args.count;
        Ok::<_, WrongInput>(Noted { hash, count })
    });
    let noted = noted.transpose()?;
    let plan = args.plan.as_deref().map(PlanId::from);
    let loaded = load(&args.config)?;
    let found = block_on(async {
        let db = loaded.open_to_show().await?;
        let found = verify_by(&db, Some(&loaded.setup), plan.as_ref(), noted).await;
        db.close().await;
        found
    })?;
    if let (Some(plan), []) = (&plan, found.as_slice()) {
        let problem = format!("there is no plan {plan}: see `dondoc verify` for all");
        return Err(WrongInput(problem).into());
    }
    let is_whole = found.iter().all(|one| one.broken.is_none());
    if let (Some(count), Some(at)) = (args.count, found.iter().find_map(|one| one.noted_at))
        && is_whole
    {
        let problem = format!(
            "the noted head is that of line {at}, and --count says {count}: look at what was noted, or leave --count out; the chain up to \
             that line is as it was then"
        );
        return Err(WrongInput(problem).into());
    }
    for one in &found {
        if args.json {
            writeln!(out, "{}", as_json(one))?;
        } else {
            print(one, noted.is_some(), out)?;
        }
    }
    let holds = found.iter().all(Verified::holds);
    Ok(if holds { Exit::Fine } else { Exit::Failed })
}

fn print(one: &Verified, is_noted: bool, out: &mut impl Write) -> std::io::Result<()> {
    let Verified {
        plan, head, broken, ..
    } = one;
    match broken {
        Some(broken) => {
            writeln!(out, "{plan}: BROKEN, {}", what(broken))?;
            writeln!(out, "  {}", remedy(broken))?;
            writeln!(out, "  the {} lines before it are as they were", head.count)
        }
        None if head.count == 0 => writeln!(out, "{plan}: no line yet"),
        None => {
            let met = if one.is_noted_met {
                ", and the noted head is among them"
            } else if is_noted {
                "; the noted head is of another plan"
            } else {
                ""
            };
            writeln!(
                out,
                "{plan}: {} lines, none altered, removed or reordered{met}",
                head.count
            )?;
            if one.erased > 0 {
                writeln!(
                    out,
                    "  {} of them have lost the words of a person who was erased, as later lines say",
                    one.erased
                )?;
            }
            writeln!(out, "  head {}", head.hash)?;
            if !is_noted {
                writeln!(
                    out,
                    "  lines that were cut off at the end show by the head that is kept beside them, and where that was rewritten too only by one \
                     that was noted elsewhere: --head, --count"
                )?;
            }
            print_astray(&one.astray, out)?;
            print_missing(&one.missing, out)?;
            print_misfiled(&one.misfiled, out)
        }
    }
}

fn print_misfiled(misfiled: &[Misfiled], out: &mut impl Write) -> std::io::Result<()> {
    if misfiled.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  DOCUMENTS CHANGED PAST THE LEDGER: {}",
        misfiled.len()
    )?;
    for one in misfiled.iter().take(NAMED) {
        writeln!(out, "    amendment {}: {}", one.amendment, fault(one))?;
    }
    if misfiled.len() > NAMED {
        writeln!(out, "    and {} others", misfiled.len() - NAMED)?;
    }
    writeln!(
        out,
        "  `dondoc amend list` and announcements follow these tables, `dondoc explain`, digests and reports the ledger: compare \
         `amendments` and `amendment_items` with a backup"
    )
}

fn fault(one: &Misfiled) -> String {
    match &one.fault {
        Misfiling::Untold => "no line of the ledger tells of it: it was put in".to_owned(),
        Misfiling::Removed => "the ledger tells of it, and its row was removed".to_owned(),
        Misfiling::Differs(columns) => {
            let columns: Vec<&str> = columns.iter().copied().collect();
            format!("not as the ledger says: {}", columns.join(", "))
        }
    }
}

/// At most so many are named.
const NAMED: usize = 20;

fn print_astray(astray: &[Astray], out: &mut impl Write) -> std::io::Result<()> {
    if astray.is_empty() {
        return Ok(());
    }
    writeln!(out, "  CHANGED PAST THE LEDGER: {}", astray.len())?;
    for one in astray.iter().take(NAMED) {
        let Astray {
            milestone, agency, ..
        } = one;
        let stands = stand(&one.stands, &one.told);
        let told = stand(&one.told, &one.stands);
        writeln!(
            out,
            "    {milestone} of {agency}: {stands}; by the ledger: {told}"
        )?;
    }
    if astray.len() > NAMED {
        writeln!(out, "    and {} others", astray.len() - NAMED)?;
    }
    writeln!(
        out,
        "  reminders follow the first, digests and reports the second: find out who wrote to the database, and record what is \
         true by `dondoc report` or `dondoc amend`"
    )
}

fn print_missing(missing: &[Missing], out: &mut impl Write) -> std::io::Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    writeln!(out, "  REMOVED PAST THE LEDGER: {}", missing.len())?;
    for one in missing.iter().take(NAMED) {
        writeln!(out, "    {}", removed(one))?;
    }
    if missing.len() > NAMED {
        writeln!(out, "    and {} others", missing.len() - NAMED)?;
    }
    writeln!(
        out,
        "  nobody is reminded of them and nothing counts them: compare the table `obligations` with a backup before the files are loaded again"
    )
}

fn removed(one: &Missing) -> String {
    match one {
        Missing::Filed { milestone, agency } => {
            format!("{milestone} of {agency}: the files of the plan name it")
        }
        Missing::Numbered(id) => {
            format!("obligation {id}: a line `watched` of the ledger names it")
        }
    }
}

/// What differs of two, as the first has it.
fn stand(one: &Particulars, other: &Particulars) -> String {
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    let mut parts = Vec::new();
    if (one.state, one.done_on) != (other.state, other.done_on) {
        let on = one.done_on.map(|on| format!(" on {on}"));
        parts.push(format!("{}{}", one.state.as_str(), on.unwrap_or_default()));
    }
    if one.pending != other.pending {
        let pending = one.pending.map_or("nothing", Pending::as_str);
        parts.push(format!("waits for {pending}"));
    }
    for (name, own, others) in [
        ("due", one.due_on, other.due_on),
        (
            "due by the plan",
            one.original_due_on,
            other.original_due_on,
        ),
        ("to act by", one.act_by, other.act_by),
    ] {
        if own != others {
            parts.push(format!("{name} {}", day(own)));
        }
    }
    if one.watch != other.watch {
        parts.push(match one.watch {
            Some(Watch { since, settle_by }) => {
                format!("followed since {since} and asked about until {settle_by}")
            }
            None => "followed before it was due".to_owned(),
        });
    }
    parts.join(", ")
}

fn as_json(one: &Verified) -> Value {
    let head = (one.head.count > 0).then(|| one.head.hash.to_string());
    let as_told = |account: &Particulars| {
        json!({
            "state": account.state.as_str(),
            "done_on": account.done_on,
            "pending": account.pending,
            "due_on": account.due_on,
            "original_due_on": account.original_due_on,
            "act_by": account.act_by,
            "followed_since": account.watch.map(|watch| watch.since),
            "settle_by": account.watch.map(|watch| watch.settle_by),
        })
    };
    let astray: Vec<Value> = one
        .astray
        .iter()
        .map(|one| {
            json!({
                "milestone": one.milestone.to_string(),
                "agency": one.agency,
                "stands": as_told(&one.stands),
                "by_ledger": as_told(&one.told),
            })
        })
        .collect();
    let misfiled = one
        .misfiled
        .iter()
        .map(|one| json!({ "amendment": one.amendment, "problem": fault(one) }));
    json!({
        "plan": one.plan,
        "holds": one.holds(),
        "count": one.head.count,
        "head": head,
        "noted_head_met": one.is_noted_met,
        "erased": one.erased,
        "event": one.broken.as_ref().and_then(event),
        "problem": one.broken.as_ref().map(what),
        "remedy": one.broken.as_ref().map(remedy),
        "astray": astray,
        "missing": one.missing.iter().map(removed).collect::<Vec<_>>(),
        "misfiled": misfiled.collect::<Vec<_>>(),
    })
}

/// The line of the ledger where it breaks.
pub(super) fn event(broken: &Break) -> Option<i64> {
    match broken {
        Break::Altered { event }
        | Break::Unreadable { event }
        | Break::Moved { event, .. }
        | Break::Removed { event }
        | Break::Reassigned { event, .. }
        | Break::Unsealed { event } => Some(*event),
        Break::Missing { before, .. } => *before,
        Break::HeadDiffers { .. } | Break::NotNoted { .. } => None,
    }
}

/// What is wrong.
pub(super) fn what(broken: &Break) -> String {
    match broken {
        Break::Altered { event } => {
            format!("event {event}: it is not what was written there, or not behind the same line")
        }
        Break::Unreadable { event } => format!("event {event}: it cannot be read any more"),
        Break::Moved { event, to } => format!("event {event}: it was moved to plan {to}"),
        Break::Removed { event } => format!("event {event}: it was removed"),
        Break::Missing {
            place,
            before: Some(event),
        } => format!("line {place}: it was removed, before event {event}"),
        Break::Missing {
            place,
            before: None,
        } => format!("line {place}: it and all behind it were removed"),
        Break::Reassigned { event, was, now } => {
            let now = now.as_deref().map_or_else(|| "nothing".to_owned(), named);
            format!(
                "event {event}: its obligation {} was {}, and is {now} now",
                was.obligation,
                named(was)
            )
        }
        Break::Unsealed { event } => {
            format!("event {event}: it was added without being part of the chain")
        }
        Break::HeadDiffers { said, found } => format!(
            "the end: it is line {} by the table of heads and line {} by the chain, or with another hash",
            said.count, found.count
        ),
        Break::NotNoted { place: None } => {
            "the noted head: no line has it, so the ledger was made anew after it was noted, or it is of another one"
                .to_owned()
        }
        Break::NotNoted { place: Some(place) } => format!(
            "the noted head: line {place} does not have it, so the ledger was made anew after it was noted, or it is of another one"
        ),
    }
}

fn named(about: &About) -> String {
    format!("{}/{} of {}", about.task, about.milestone, about.agency)
}

/// What to do about it.
pub(super) fn remedy(broken: &Break) -> &'static str {
    match broken {
        Break::Unsealed { .. } => {
            "find out who added it: by hand, or a Dondoc before 0007_chain that still ran after the upgrade"
        }
        Break::Reassigned { .. } => {
            "compare the table of obligations with a backup; the line itself is as it was written"
        }
        Break::HeadDiffers { .. } => {
            "compare the tables `heads` and `seals` with a backup from before"
        }
        Break::NotNoted { .. } => "compare with a backup or an export from the day it was noted",
        _ => {
            "compare with a backup or an export from before, and find out who may write the database; mend nothing by hand"
        }
    }
}
