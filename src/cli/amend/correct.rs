//! `dondoc amend correct`: due days that were copied wrongly, put right from the files as they are now.

use std::io::Write;

use clap::Args;

use super::{ByArgs, ShowingArgs, print};
use crate::app::amend::{correct, drifted};
use crate::cli::exit::{Exit, WrongInput};
use crate::cli::open::{block_on, load};
use crate::cli::task::PlanArg;
use crate::clock::Clock;

#[derive(Debug, Args)]
#[command(
    after_help = "Put the day right in plan.toml first; then:\n  dondoc amend correct --reason \"Chép nhầm thời hạn\" --dry-run"
)]
pub(super) struct CorrectArgs {
    /// Why: what was copied wrongly; the ledger keeps it, and whoever owes it is told
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    plan: PlanArg,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    showing: ShowingArgs,
}

/// Runs the command.
pub(super) fn run(args: &CorrectArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let reason = args.reason.trim();
    if reason.is_empty() {
        let problem = "say by --reason what was copied wrongly: the ledger keeps it";
        return Err(WrongInput(problem.to_owned()).into());
    }
    let showing = &args.showing;
    let loaded = load(&showing.config)?;
    let (today, now) = (Clock::System.today(), Clock::System.now());
    let outcome = block_on(async {
        let db = loaded.open_to_correct().await?;
        let (setup, origin, dry) = (&loaded.setup, loaded.origin(), showing.dry_run);
        let drifted = drifted(&db, setup).await?;
        let charge = args.plan.of_drifted(setup, &drifted)?;
        let (reason, by) = (reason.to_owned(), args.by.contact());
        let outcome = correct(
            &db,
            setup,
            &origin,
            charge,
            reason,
            by.as_ref(),
            today,
            now,
            dry,
        )
        .await;
        db.close().await;
        Ok::<_, anyhow::Error>(outcome?)
    })?;
    let exit = print::outcome(&outcome, None, showing, today, out)?;
    if !showing.dry_run && !showing.json {
        writeln!(
            out,
            "the files can be loaded now: send the daemon SIGHUP (`systemctl reload dondoc`)"
        )?;
    }
    Ok(exit)
}
