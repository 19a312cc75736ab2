//! `dondoc man`: the manual pages, for whoever packs the program.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::Cli;
use super::exit::Exit;

/// Write the manual pages, one for each command, into a folder
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dondoc man --out man1")]
pub struct ManArgs {
    /// The folder; made where it is missing, and pages that are there are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the pages and says how many.
///
/// # Errors
/// That one cannot be written.
pub fn run(args: &ManArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let writing = || format!("writing manual pages into {}", args.out.display());
    std::fs::create_dir_all(&args.out).with_context(writing)?;
    let mut root = Cli::command();
    root.build();
    let mut pages = Vec::new();
    collect(&root, &mut pages);
    for (name, page) in &pages {
        std::fs::write(args.out.join(name), page).with_context(writing)?;
    }
    writeln!(out, "{} pages", pages.len())?;
    Ok(Exit::Fine)
}

/// The page of a command and those of its subcommands, by file name: `dondoc-contact-link.1`.
fn collect(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) {
    if command.is_hide_set() {
        return;
    }
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page).expect("memory can be written");
    pages.push((man.get_filename(), page));
    for subcommand in command.get_subcommands() {
        collect(subcommand, pages);
    }
}
