//! The command line: one file per subcommand.
//!
//! Exit codes: 0 fine, 1 failed, 2 wrong input or usage. What a program wants to read comes by `--json`.

mod agency;
mod amend;
mod audit;
mod away;
mod backup;
mod brief;
mod calendar;
mod check;
mod completions;
mod config;
mod config_file;
mod contact;
mod day;
mod deadline;
mod decide;
mod digest;
mod doctor;
mod document;
mod draft;
mod erase_contact;
mod evidence;
mod exit;
mod explain;
mod export;
mod export_contact;
mod inbox;
mod link;
mod man;
mod migrate;
mod open;
mod out_folder;
mod outbox;
mod output;
mod rank;
mod reach;
mod replan;
mod report;
mod restore;
mod run;
mod simulate;
mod status;
mod stocktake;
mod supervisor;
mod table;
mod task;
mod token_health;
mod understand;
mod verify;
mod version;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

pub use exit::Exit;
use output::Output;

/// Makes a province keep its own administrative-reform plan.
#[derive(Debug, Parser)]
#[command(
    name = "dondoc",
    version,
    long_version = version::LONG.as_str(),
    about,
    propagate_version = true,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Start here:\n  dondoc check        what was understood of the plan\n  dondoc simulate     a year of messages in seconds\n  dondoc config       the annotated configuration for `dondoc run`"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Validate plan, people, schedules and messages; show every deadline
    Check(check::CheckArgs),
    /// Explain phrases of a "Thời gian hoàn thành" column
    Deadline(deadline::DeadlineArgs),
    /// Explain replies: what the sender wants or says, of which task, until when
    Understand(understand::UnderstandArgs),
    /// Print the days off and the swapped working days of a year, with their source
    Calendar(calendar::CalendarArgs),
    /// Replay a period through the same code as the daemon, and check its own promises
    Simulate(simulate::SimulateArgs),
    /// Run the daemon: plan each working day, deliver, catch up after downtime
    Run(run::RunArgs),
    /// Show exactly what would be sent on a day, and why; sends nothing
    Brief(brief::BriefArgs),
    /// Show obligations and where they stand
    Status(status::StatusArgs),
    /// Explain an obligation: its words, its dates, its whole history
    Explain(explain::ExplainArgs),
    /// Record the status of an obligation by hand
    Report(report::ReportArgs),
    /// Take stock of what was due before Dondoc began to follow it, in one table
    Stocktake(stocktake::StocktakeArgs),
    /// List what waits for a decision of the monitor, or decide it
    Decide(decide::DecideArgs),
    /// Change a running plan by a numbered document: due days, holds, events, transfers
    Amend(amend::AmendArgs),
    /// Print the weekly digest as of a morning, or write it to files; sends nothing
    Digest(digest::DigestArgs),
    /// Rank the agencies of a quarter or a year; draft praise and criticism
    Rank(rank::RankArgs),
    /// Draft official letters: reminders to late agencies, quarterly reports
    Draft(draft::DraftArgs),
    /// List, add or remove contacts
    Contact(contact::ContactArgs),
    /// Show what came in and waits for a person; try again what failed
    Inbox(inbox::InboxArgs),
    /// Show what was to leave and needs a person; send it again or end it
    Outbox(outbox::OutboxArgs),
    /// Show what was owed to somebody and has neither a delivery nor a reason
    Audit(audit::AuditArgs),
    /// List the files that people sent with their reports; fetch one
    Evidence(evidence::EvidenceArgs),
    /// Prove that nothing in the ledger was altered, removed or reordered
    Verify(verify::VerifyArgs),
    /// Write the whole evidence of an agency, a task or all into a folder
    Export(export::ExportArgs),
    /// Check configuration, database, clock, network and channels; say what to do
    Doctor(doctor::DoctorArgs),
    /// Plan anew what a clock that ran ahead has planned for days that have not come
    Replan(replan::ReplanArgs),
    /// Copy the database into a file while the daemon runs
    Backup(backup::BackupArgs),
    /// Put a copy back in the place of the database
    Restore(restore::RestoreArgs),
    /// Bring the database to the version of this program, or show what is pending
    Migrate(migrate::MigrateArgs),
    /// Write all that is kept of a person into a folder
    ExportContact(export_contact::ExportContactArgs),
    /// Erase a person: addresses, words, messages; the record of the office stays
    EraseContact(erase_contact::EraseContactArgs),
    /// Print the annotated default configuration
    Config(config::ConfigArgs),
    /// Print what makes a shell complete these commands
    Completions(completions::CompletionsArgs),
    /// Write the manual pages
    Man(man::ManArgs),
}

/// Parses the command line, runs it, maps the result to an exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for and go to standard output; usage errors are exit code 2.
            let code = if error.use_stderr() {
                Exit::WrongInput
            } else {
                Exit::Fine
            };
            // Whoever asked for help and read enough of it got what they asked for.
            let printed = match error.print() {
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(code),
                printed => printed
                    .map(|()| code)
                    .context("standard output cannot be written"),
            };
            return code_of(printed);
        }
    };
    // Not locked: while a daemon runs, its console channel prints from other threads.
    let mut out = Output::to(std::io::stdout());
    let result = run(cli.command, &mut out).and_then(|exit| Ok(out.flush().map(|()| exit)?));
    match result {
        Err(_) if !out.has_reader() => Exit::Fine.into(),
        result => code_of(result),
    }
}

/// The code of a result; an error is told first.
fn code_of(result: anyhow::Result<Exit>) -> ExitCode {
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            // Nothing is left to be done when even this cannot be written.
            let _ = writeln!(std::io::stderr(), "dondoc: {}", exit::told(&error));
            exit::code_of(&error).into()
        }
    }
}

fn run(command: Command, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        Command::Check(args) => check::run(&args, out),
        Command::Deadline(args) => deadline::run(&args, out),
        Command::Understand(args) => understand::run(&args, out),
        Command::Calendar(args) => calendar::run(&args, out),
        Command::Simulate(args) => simulate::run(&args, out),
        Command::Run(args) => run::run(&args),
        Command::Brief(args) => brief::run(&args, out),
        Command::Status(args) => status::run(&args, out),
        Command::Explain(args) => explain::run(&args, out),
        Command::Report(args) => report::run(&args, out),
        Command::Stocktake(args) => stocktake::run(&args, out),
        Command::Decide(args) => decide::run(&args, out),
        Command::Amend(args) => amend::run(&args, out),
        Command::Digest(args) => digest::run(&args, out),
        Command::Rank(args) => rank::run(&args, out),
        Command::Draft(args) => draft::run(&args, out),
        Command::Contact(args) => contact::run(&args, out),
        Command::Inbox(args) => inbox::run(&args, out),
        Command::Outbox(args) => outbox::run(&args, out),
        Command::Audit(args) => audit::run(&args, out),
        Command::Evidence(args) => evidence::run(&args, out),
        Command::Verify(args) => verify::run(&args, out),
        Command::Export(args) => export::run(&args, out),
        Command::Doctor(args) => doctor::run(&args, out),
        Command::Replan(args) => replan::run(&args, out),
        Command::Backup(args) => backup::run(&args, out),
        Command::Restore(args) => restore::run(&args, out),
        Command::Migrate(args) => migrate::run(&args, out),
        Command::ExportContact(args) => export_contact::run(&args, out),
        Command::EraseContact(args) => erase_contact::run(&args, out),
        Command::Config(args) => config::run(&args, out),
        Command::Completions(args) => completions::run(&args, out),
        Command::Man(args) => man::run(&args, out),
    }
}
