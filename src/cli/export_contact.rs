//! `dondoc export-contact`: all that is kept of a person.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::config_file::ConfigFile;
use super::exit::Exit;
use super::export::to_be_told;
use super::open::{block_on, load};
use crate::app::export::export_person;
use crate::clock::Clock;
use crate::domain::ids::ContactId;

/// Write all that is kept of a person into a folder
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  dondoc export-contact stp.officer --out stp-officer\n\nThe folder holds the contact and its addresses, messages, replies, what was recorded under the contact, absences and names of files, as JSON lines, a summary to read, and a manifest with the SHA-256 of each file. It is readable by you alone. What is in it is what `dondoc erase-contact` looks at."
)]
pub struct ExportContactArgs {
    /// Short name of the contact
    contact: String,
    /// The folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print the manifest
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &ExportContactArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(&args.config)?;
    let contact = ContactId::from(args.contact.as_str());
    let exported = block_on(async {
        let db = loaded.open_to_show().await?;
        let now = Clock::System.now();
        let exported = export_person(&db, &contact, &args.out, now).await;
        db.close().await;
        exported.map_err(to_be_told)
    })?;
    if args.json {
        writeln!(out, "{}", exported.as_json())?;
        return Ok(Exit::Fine);
    }
    for file in &exported.files {
        let path = args.out.join(file.name);
        let lines = file.lines.map(|lines| format!("{lines} lines, "));
        let lines = lines.unwrap_or_default();
        writeln!(out, "{}: {lines}{} bytes", path.display(), file.bytes)?;
    }
    Ok(Exit::Fine)
}
