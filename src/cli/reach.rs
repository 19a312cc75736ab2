//! `dondoc contact unlink` and `dondoc contact revive`: by which ways a contact is reached.

use std::io::Write;

use clap::Args;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::inspect;
use crate::clock::Clock;
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;

const CHATS: [Channel; 3] = [Channel::Telegram, Channel::ZaloBot, Channel::ZaloOa];

/// Unbind the chats of a contact: only a new code binds one again
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc contact unlink stp.officer\n  dondoc contact unlink stp.officer --channel telegram"
)]
pub struct UnlinkArgs {
    /// Its short name
    id: String,
    /// Only this channel: email, telegram, `zalo_bot` or `zalo_oa` [default: every chat, not the mail address]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Send again to an address that was refused and is right: it counts as alive
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc contact revive stp.officer\n  dondoc contact revive stp.officer --channel email\n\nA relay that was set up wrongly, a mailbox that was full: `dondoc contact list` names dead addresses and why. One that is refused once more is dead once more. An address that is wrong is corrected in contacts.toml instead."
)]
pub struct ReviveArgs {
    /// Its short name
    id: String,
    /// Only this channel: email, telegram, `zalo_bot` or `zalo_oa` [default: every dead address]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Unbinds.
///
/// # Errors
/// When there is no such contact or channel, or the database fails.
pub fn unlink(args: &UnlinkArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let id = ContactId::new(args.id.as_str());
    let channels = chosen(args.channel.as_deref(), &CHATS)?;
    let loaded = load(&args.config)?;
    let lost = block_on(async {
        let db = loaded.open_db().await?;
        let lost = inspect::unlink(&db, &loaded.setup, &id, &channels, Clock::System.now()).await?;
        db.close().await;
        anyhow::Ok(lost)
    })?;
    let lost = lost.ok_or_else(|| nobody(&id))?;
    if lost.is_empty() {
        writeln!(out, "{id} has no address there")?;
    }
    for channel in lost {
        let of_file = loaded.contacts.iter().find(|one| one.id == id);
        let is_in_file =
            of_file.is_some_and(|one| one.channels.iter().any(|(named, _)| *named == channel));
        let note = if is_in_file {
            "; the contacts file names an address there, and the next load brings it back"
        } else {
            ""
        };
        writeln!(out, "unlinked {id} on {}{note}", channel.as_str())?;
    }
    Ok(Exit::Fine)
}

/// Revives.
///
/// # Errors
/// When there is no such contact or channel, or the database fails.
pub fn revive(args: &ReviveArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let id = ContactId::new(args.id.as_str());
    let channels = chosen(args.channel.as_deref(), &Channel::ALL)?;
    let loaded = load(&args.config)?;
    let revived = block_on(async {
        let db = loaded.open_db().await?;
        let revived =
            inspect::revive(&db, &loaded.setup, &id, &channels, Clock::System.now()).await?;
        db.close().await;
        anyhow::Ok(revived)
    })?;
    let revived = revived.ok_or_else(|| nobody(&id))?;
    if revived.is_empty() {
        writeln!(out, "{id} has no dead address there")?;
    }
    for channel in revived {
        writeln!(
            out,
            "{id} is reached by {} again, from the next message on",
            channel.as_str()
        )?;
    }
    Ok(Exit::Fine)
}

fn chosen(word: Option<&str>, all: &[Channel]) -> Result<Vec<Channel>, WrongInput> {
    let Some(word) = word else {
        return Ok(all.to_vec());
    };
    let wrong = || {
        let known: Vec<&str> = Channel::ALL.iter().map(|one| one.as_str()).collect();
        WrongInput(format!(
            "--channel {word}: no such channel; there are {}",
            known.join(", ")
        ))
    };
    Ok(vec![Channel::find(word).ok_or_else(wrong)?])
}

fn nobody(id: &ContactId) -> WrongInput {
    WrongInput(format!(
        "there is no contact {id}: see `dondoc contact list`"
    ))
}
