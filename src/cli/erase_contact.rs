//! `dondoc erase-contact`: a person's addresses and words go; what their office did stays.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::counted::counted;
use crate::app::erase::{Erasure, erase, preview};
use crate::clock::Clock;
use crate::domain::ids::ContactId;

/// Erase a person: addresses, words, messages; the record of the office stays
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc erase-contact stp.officer2 --dry-run     what would be erased\n  dondoc erase-contact stp.officer2 --yes\n\nWhat goes: addresses, chats, codes, absences, the title, the words of messages and replies, quotations and names of files in the ledger. What stays, under the short name of the contact: that the office reported or decided what, when, by which document. The chain of the ledger verifies as before, and a line of it says which lines lost words. It cannot be undone; backups keep what they hold (docs/privacy.md)."
)]
pub struct EraseContactArgs {
    /// Short name of the contact
    contact: String,
    /// Only show what would be erased
    #[arg(long)]
    dry_run: bool,
    /// It is meant
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &EraseContactArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let contact = ContactId::from(args.contact.as_str());
    if !(args.dry_run || args.yes) {
        let problem = format!(
            "erasing {contact} cannot be undone: look with --dry-run first, then write --yes"
        );
        return Err(WrongInput(problem).into());
    }
    let loaded = load(&args.config)?;
    if loaded.contacts.iter().any(|one| one.id == contact) && args.yes {
        let problem = format!(
            "{contact} stands in contacts.toml and would come back at the next load: take them out of the file first"
        );
        return Err(WrongInput(problem).into());
    }
    let found = block_on(async {
        let db = loaded.open_db().await?;
        let found = if args.dry_run {
            preview(&db, &contact).await
        } else {
            erase(&db, &loaded.setup, &contact, Clock::System.now()).await
        };
        db.close().await;
        found
    })?;
    let Some(erasure) = found else {
        let problem = format!("there is no contact {contact}: see `dondoc contact list`");
        return Err(WrongInput(problem).into());
    };
    if args.json {
        writeln!(out, "{}", json_of(&contact, &erasure, args.yes))?;
    } else {
        print(&contact, &erasure, args.yes, out)?;
    }
    Ok(Exit::Fine)
}

fn print(
    contact: &ContactId,
    erasure: &Erasure,
    done: bool,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let would = if done { "erased" } else { "would be erased" };
    writeln!(out, "{contact}: {would}")?;
    writeln!(
        out,
        "  {} of now and before",
        counted(erasure.places.len(), "address")
    )?;
    writeln!(
        out,
        "  the words of {}",
        counted(erasure.messages.len(), "message")
    )?;
    writeln!(out, "  the words of {} replies", erasure.received.len())?;
    writeln!(
        out,
        "  the words in {} of {} lines of the ledger; all {} stay, under {contact}",
        erasure.redacted(),
        erasure.stay,
        erasure.stay
    )?;
    if done {
        writeln!(
            out,
            "`dondoc verify` proves the ledger as before. Backups and exports keep what they hold: see docs/privacy.md"
        )?;
    }
    Ok(())
}

fn json_of(contact: &ContactId, erasure: &Erasure, done: bool) -> serde_json::Value {
    json!({
        "contact": contact,
        "erased": done,
        "addresses": erasure.places.len(),
        "messages": erasure.messages.len(),
        "replies": erasure.received.len(),
        "ledger_lines_without_words": erasure.redacted(),
        "ledger_lines_that_stay": erasure.stay,
    })
}
