//! `dondoc completions`: what makes a shell complete our commands.

use std::io::Write;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;
use super::exit::Exit;

/// Print what makes a shell complete the commands and options of dondoc
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  dondoc completions bash > dondoc.bash     where bash looks: /usr/share/bash-completion/completions/dondoc"
)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
///
/// # Errors
/// That nothing can be written.
pub fn run(args: &CompletionsArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    // Into memory first: it would panic where the reader has gone.
    let mut script = Vec::new();
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    out.write_all(&script)?;
    Ok(Exit::Fine)
}
