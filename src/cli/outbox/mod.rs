//! `dondoc outbox`: what was to leave and needs a person.

mod list;
mod show;

use std::io::{IsTerminal, Write};

use clap::{Args, Subcommand};

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::open::Loaded;
use crate::app::outbox::{self, Again, Entry, Retried, Why};
use crate::clock::Clock;

/// Show what was to leave and needs a person; send it again or end it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc outbox list\n  dondoc outbox list --all --contact stp.officer --limit 20\n  dondoc outbox list --state failed --day 2020-03-26 --json\n  dondoc outbox show 4711\n  dondoc outbox show stp.officer/2020-03-26\n  dondoc outbox retry 4711 4712\n  dondoc outbox cancel 4711 --reason \"told by telephone\"\n\nA delivery failed when every try did, or its address is dead; it is unknown when a connection broke after it was written: it may have arrived. A brief is parked when its words cannot be made, and unreachable when its reader has no address that works; both are called by person and day. What the program itself was ended by again and again (no memory, a fault) is parked too, or unknown if it was being sent, and tried by hand only; a digest is then called digest/PLAN, and a received message stands in `dondoc inbox list`. What the auditor found is shown by `dondoc audit`."
)]
pub struct OutboxArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List what failed, may not have arrived, is parked, reaches nobody or waits for long; newest first
    List(list::ListArgs),
    /// Tell the whole story of one entry: what it tells, each try, what took its place
    Show(show::ShowArgs),
    /// Have entries go out again; a running daemon takes them up
    Retry {
        /// Their names in the list
        #[arg(required = true, value_name = "ID")]
        ids: Vec<Entry>,
        /// Also what may have arrived, and would arrive twice; without it a terminal is asked
        #[arg(long)]
        yes: bool,
        /// Also a brief of a past day that a newer one has replaced
        #[arg(long)]
        force: bool,
        /// Why; the ledger keeps it
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// End entries: they are not tried any more
    Cancel {
        /// Their names in the list
        #[arg(required = true, value_name = "ID")]
        ids: Vec<Entry>,
        /// Why; the ledger keeps it
        #[arg(long, value_name = "TEXT", required = true)]
        reason: String,
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// Runs the command.
pub fn run(args: &OutboxArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.what {
        What::List(args) => list::run(args, out),
        What::Show(args) => show::run(args, out),
        What::Retry {
            ids,
            yes,
            force,
            reason,
            config,
        } => {
            let again = Again {
                may_arrive_twice: *yes,
                forced: *force,
            };
            retry(&load(config)?, ids, again, reason.as_deref(), out)
        }
        What::Cancel {
            ids,
            reason,
            config,
        } => {
            if reason.trim().is_empty() {
                return Err(WrongInput("--reason is empty: say why".to_owned()).into());
            }
            cancel(&load(config)?, ids, reason, out)
        }
    }
}

/// What could not be done is said at the end; the others were.
fn ended(refused: &[String]) -> anyhow::Result<Exit> {
    if refused.is_empty() {
        return Ok(Exit::Fine);
    }
    Err(WrongInput(refused.join("\n")).into())
}

fn retry(
    loaded: &Loaded,
    ids: &[Entry],
    again: Again,
    reason: Option<&str>,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let mut refused = Vec::new();
    block_on(async {
        let db = loaded.open_db().await?;
        let (setup, origin) = (&loaded.setup, loaded.origin());
        for id in ids {
            let now = Clock::System.now();
            let mut retried = outbox::retry(&db, setup, &origin, id, again, reason, now).await?;
            if retried == Retried::Not(Why::MayArriveTwice) && is_confirmed(id)? {
                let known = Again {
                    may_arrive_twice: true,
                    ..again
                };
                retried = outbox::retry(&db, setup, &origin, id, known, reason, now).await?;
            }
            match retried {
                Retried::Queued => writeln!(out, "{id} goes out again")?,
                Retried::NothingLeft => {
                    writeln!(
                        out,
                        "{id}: nothing in it is open any more, and nothing goes out"
                    )?;
                }
                Retried::NextTime => writeln!(
                    out,
                    "{id} is made with the next digests; `dondoc digest` writes the one of this week"
                )?,
                Retried::StillUnreachable(why) => refused.push(format!("{id}: {why}")),
                Retried::Not(why) => refused.push(format!("{id}: {why}")),
            }
        }
        db.close().await;
        anyhow::Ok(())
    })?;
    ended(&refused)
}

/// Asks at a terminal; where there is none, nobody has agreed.
fn is_confirmed(id: &Entry) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(false);
    }
    write!(
        std::io::stderr(),
        "{id} may have arrived, and would then arrive twice. Send it all the same? [y/N] "
    )?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn cancel(
    loaded: &Loaded,
    ids: &[Entry],
    reason: &str,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let mut refused = Vec::new();
    block_on(async {
        let db = loaded.open_db().await?;
        for id in ids {
            let now = Clock::System.now();
            match outbox::cancel(&db, &loaded.setup, id, reason, now).await? {
                None => writeln!(out, "{id} is cancelled")?,
                Some(why) => refused.push(format!("{id}: {why}")),
            }
        }
        db.close().await;
        anyhow::Ok(())
    })?;
    ended(&refused)
}
