//! `dondoc amend`: what a numbered document changes of a running plan.

mod add;
mod correct;
mod days;
mod print;
mod scope;

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::agency;
use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::amend::{self, Authority};
use crate::app::setup::Charge;
use crate::cli::{day::day, document::document, task::PlanArg};
use crate::clock::Clock;
use crate::domain::amendment::Change;
use crate::domain::ids::{AgencyCode, ContactId};
use days::{MovedArgs, PastArgs};
use scope::{Scoped, scope};

/// Change a running plan by a numbered document: due days, holds, events, transfers
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc amend due II.2/1 I.2/1 --to 2030-06-30 --beyond --document 905/QĐ-UBND --dry-run\n  dondoc amend due II.2/1 --to 2030-06-30 --beyond --agencies \"UBND các huyện, thị xã, thành phố\" --document 905/QĐ-UBND\n  dondoc amend suspend VII.9 --document 905/QĐ-UBND --reason \"Phòng, chống dịch\"\n  dondoc amend begin III.1 --on 2020-04-10 --to 2020-05-31 --past --document 30/2020/NĐ-CP\n  dondoc amend transfer VI.5 --from STTTT --to STP --document 911/QĐ-UBND\n  dondoc amend transfer VI.6 --from STTTT --to STP,SNV --document 911/QĐ-UBND      split: both owe it\n  dondoc amend add --dry-run                       rows written into plan.toml with added_by\n  dondoc amend list"
)]
pub struct AmendArgs {
    #[command(subcommand)]
    command: AmendCommand,
}

#[derive(Debug, Subcommand)]
enum AmendCommand {
    /// Move the due day; the one of the plan stays beside it. Of a task with several days it must be said which: II.2/1
    Due {
        #[command(flatten)]
        scope: ScopeArgs,
        /// The new due day
        #[arg(long, value_name = "DATE", value_parser = day)]
        to: NaiveDate,
        #[command(flatten)]
        moved: MovedArgs,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Remind nobody until it is resumed
    Suspend {
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Have what was suspended or cancelled owed again
    Resume {
        #[command(flatten)]
        scope: ScopeArgs,
        /// The new due day; without it, the one it had
        #[arg(long, value_name = "DATE", value_parser = day)]
        to: Option<NaiveDate>,
        #[command(flatten)]
        moved: MovedArgs,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// End what is owed
    Cancel {
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Record the event that a milestone waits for
    Begin {
        #[command(flatten)]
        scope: ScopeArgs,
        /// The day of the event
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: NaiveDate,
        /// The due day that follows from it
        #[arg(long, value_name = "DATE", value_parser = day)]
        to: NaiveDate,
        #[command(flatten)]
        past: PastArgs,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Give what one agency owes to another; no task: all of it
    Transfer {
        /// The tasks, or milestones: II.2, II.2/1
        #[arg(value_name = "TASK")]
        tasks: Vec<String>,
        /// The agency that owes them
        #[arg(long, value_name = "AGENCY")]
        from: String,
        /// The agency that will; where one was split, each that owes it from now on: --to STP,SNV
        #[arg(long, required = true, value_name = "AGENCY", value_delimiter = ',')]
        to: Vec<String>,
        /// The first agency has ended: its chats are unbound at once, and its people told by mail alone until new codes
        #[arg(long)]
        ended: bool,
        #[command(flatten)]
        plan: PlanArg,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Take back an amendment where nothing has changed since
    Revoke {
        /// Its number: see `dondoc amend list`
        #[arg(value_name = "NUMBER")]
        number: i64,
        /// Number of the document; without it, that of the amendment
        #[arg(long, value_name = "NUMBER", value_parser = document)]
        document: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        by: ByArgs,
        #[command(flatten)]
        showing: ShowingArgs,
    },
    /// What the rows that a document added to plan.toml (`added_by`) would bring, and who would be told
    Add(add::AddArgs),
    /// Take the due days of the files as they are now: they were copied wrongly, or a new calendar moves them
    Correct(correct::CorrectArgs),
    /// List the amendments so far
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// What a document speaks of.
#[derive(Debug, Args)]
struct ScopeArgs {
    /// The tasks, or milestones: II.2, II.2/1
    #[arg(required = true, value_name = "TASK")]
    tasks: Vec<String>,
    /// Codes, names or groups as in a lead cell; without it, all
    #[arg(long, value_name = "AGENCIES")]
    agencies: Vec<String>,
    #[command(flatten)]
    plan: PlanArg,
}

/// By which document.
#[derive(Debug, Args)]
struct OrderArgs {
    /// Number of the document
    #[arg(long, value_name = "NUMBER", value_parser = document)]
    document: String,
    /// The day on which it was signed
    #[arg(long, value_name = "DATE", value_parser = day)]
    signed: Option<NaiveDate>,
    /// Why; the ledger keeps it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    showing: ShowingArgs,
}

/// In whose name.
#[derive(Debug, Args)]
struct ByArgs {
    /// Whose decision it is: a contact of those who decide, or the leader. Needed to move due days where the plan says who decides
    /// (`[extensions]`); elsewhere, without it, the operator's
    #[arg(long, value_name = "CONTACT")]
    by: Option<String>,
}

impl ByArgs {
    fn contact(&self) -> Option<ContactId> {
        self.by.as_deref().map(Into::into)
    }
}

/// Whether anything is changed, and how it is shown.
#[derive(Debug, Args)]
struct ShowingArgs {
    /// Say what would change and who would be told, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &AmendArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.command {
        AmendCommand::Due {
            scope,
            to,
            moved,
            order,
        } => {
            let scope = Scoped::from(scope).with(moved.into());
            amend(&scope, Change::Due { on: *to }, order, out)
        }
        AmendCommand::Suspend { scope, order } => amend(&scope.into(), Change::Suspend, order, out),
        AmendCommand::Resume {
            scope,
            to,
            moved,
            order,
        } => {
            let scope = Scoped::from(scope).with(moved.into());
            amend(&scope, Change::Resume { due_on: *to }, order, out)
        }
        AmendCommand::Cancel { scope, order } => amend(&scope.into(), Change::Cancel, order, out),
        AmendCommand::Begin {
            scope,
            on,
            to,
            past,
            order,
        } => {
            let change = Change::Begin {
                happened_on: *on,
                due_on: *to,
            };
            amend(&Scoped::from(scope).with(past.into()), change, order, out)
        }
        AmendCommand::Transfer {
            tasks,
            from,
            to,
            ended,
            plan,
            order,
        } => {
            let scope = Scoped {
                from: Some(from),
                ends: *ended,
                ..Scoped::of(tasks, &[], plan)
            };
            let change = Change::Transfer {
                to: to.iter().map(|code| code.trim().into()).collect(),
            };
            amend(&scope, change, order, out)
        }
        AmendCommand::Revoke {
            number,
            document,
            reason,
            by,
            showing,
        } => {
            let (document, reason) = (filled(document.as_ref()), filled(reason.as_ref()));
            revoke(
                *number,
                document,
                reason,
                by.contact().as_ref(),
                showing,
                out,
            )
        }
        AmendCommand::Add(args) => add::run(args, out),
        AmendCommand::Correct(args) => correct::run(args, out),
        AmendCommand::List { json, config } => list(*json, config, out),
    }
}

fn amend(
    words: &Scoped<'_>,
    change: Change,
    order: &OrderArgs,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let document = order.document.trim();
    if document.is_empty() {
        let problem = "a plan is changed by a document: give its number with --document";
        return Err(WrongInput(problem.to_owned()).into());
    }
    let loaded = load(&order.showing.config)?;
    let (charge, scope) = scope(&loaded, words)?;
    let change = match change {
        Change::Transfer { to } => Change::Transfer {
            to: heirs(charge, &to)?,
        },
        other => other,
    };
    let authority = Authority {
        document: document.to_owned(),
        signed_on: order.signed,
        reason: filled(order.reason.as_ref()),
    };
    let ends = scope.agencies.first().filter(|_| words.ends).cloned();
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let (setup, origin, dry) = (&loaded.setup, loaded.origin(), order.showing.dry_run);
    let by = order.by.contact();
    let outcome = block_on(async {
        let db = loaded.open_db().await?;
        let order = amend::Order {
            scope,
            change,
            past: words.past,
            far: words.far,
            early: words.early,
            authority,
            ends: ends.clone(),
            by,
        };
        let outcome = amend::amend(&db, setup, &origin, charge, &order, today, now, dry).await;
        db.close().await;
        outcome
    })?;
    print::outcome(&outcome, ends.as_ref(), &order.showing, today, out)
}

/// The agencies to which something is given, each once.
fn heirs(charge: &Charge, typed: &[AgencyCode]) -> Result<Vec<AgencyCode>, WrongInput> {
    let mut heirs = Vec::new();
    for one in typed {
        let code = agency::agency_of(charge, one.as_str())?;
        if heirs.contains(&code) {
            return Err(WrongInput(format!("--to names {code} twice")));
        }
        heirs.push(code);
    }
    Ok(heirs)
}

fn filled(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}

fn revoke(
    number: i64,
    document: Option<String>,
    reason: Option<String>,
    by: Option<&ContactId>,
    showing: &ShowingArgs,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let loaded = load(&showing.config)?;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let (setup, origin, dry) = (&loaded.setup, loaded.origin(), showing.dry_run);
    let outcome = block_on(async {
        let db = loaded.open_db().await?;
        let outcome = amend::revoke(
            &db, setup, &origin, number, document, reason, by, today, now, dry,
        )
        .await;
        db.close().await;
        outcome
    })?;
    print::outcome(&outcome, None, showing, today, out)
}

fn list(json: bool, config: &ConfigFile, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    let amendments = block_on(async {
        let db = loaded.open_to_show().await?;
        let amendments = amend::list(&db).await;
        db.close().await;
        amendments
    })?;
    print::amendments(&loaded.setup, &amendments, json, out)
}
