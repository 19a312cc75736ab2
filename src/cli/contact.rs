//! `dondoc contact`: who is reached, and how.

use std::io::Write;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::away::{self, AwayArgs};
use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::link;
use super::open::{block_on, load};
use super::reach::{self, ReviveArgs, UnlinkArgs};
use super::table::Table;
use crate::app::absence::list_absences;
use crate::app::ended::refuse_ended;
use crate::app::inspect::{self, AddressState, StoredContact};
use crate::app::open::Loaded;
use crate::app::people::left_empty;
use crate::clock::Clock;
use crate::domain::absence::Absence;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::ContactId;

/// List, add or remove contacts, and say who is away
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dondoc contact list --agency STP\n  dondoc contact add stp.officer2 STP officer \"Chuyên viên Sở Tư pháp\" --at email=cv2.stp@quangnam.example\n  dondoc contact link stp.officer\n  dondoc contact unlink stp.officer --channel telegram\n  dondoc contact revive stp.officer\n  dondoc contact away stp.officer --from 2030-03-16 --to 2030-03-20\n  dondoc contact back stp.officer\n  dondoc contact remove stp.officer2"
)]
pub struct ContactArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List contacts with their channels
    List {
        /// Only of this agency, by code
        #[arg(long, value_name = "CODE")]
        agency: Option<String>,
        /// Print one JSON object for each contact
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Add a contact
    Add {
        /// A short name of your choice: stp.officer2
        id: String,
        /// Code of the agency
        agency: String,
        /// What the person is there
        role: RoleWord,
        /// How the person is addressed
        title: String,
        /// A channel and an address, in order of preference: email=name@domain
        #[arg(long = "at", value_name = "CHANNEL=ADDRESS", required = true)]
        at: Vec<String>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Print a single-use code by which the person binds a chat of theirs, valid for 7 days
    Link(link::LinkArgs),
    /// Unbind the chats of a contact: only a new code binds one again
    Unlink(UnlinkArgs),
    /// Send again to an address that was refused and is right: it counts as alive
    Revive(ReviveArgs),
    /// Say that a contact is away: others hear instead
    Away(AwayArgs),
    /// Say that a contact is back
    Back {
        /// Its short name
        id: String,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Remove a contact: nothing is sent any more, the record stays
    Remove {
        /// Its short name
        id: String,
        #[command(flatten)]
        config: ConfigFile,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleWord {
    /// Head of the agency
    Head,
    /// Stands in for the head
    Deputy,
    /// Officer in charge
    Officer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Head => Self::Head,
            RoleWord::Deputy => Self::Deputy,
            RoleWord::Officer => Self::Officer,
        }
    }
}

/// Runs the command.
pub fn run(args: &ContactArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.what {
        What::List {
            agency,
            json,
            config,
        } => list(config, agency.as_deref(), *json, out),
        What::Add {
            id,
            agency,
            role,
            title,
            at,
            config,
        } => {
            let contact = Contact {
                id: id.as_str().into(),
                agency: agency.as_str().into(),
                role: (*role).into(),
                title: title.clone(),
                channels: at
                    .iter()
                    .map(|one| channel(one))
                    .collect::<Result<_, _>>()?,
            };
            add(config, &contact, out)
        }
        What::Link(args) => link::run(args, out),
        What::Unlink(args) => reach::unlink(args, out),
        What::Revive(args) => reach::revive(args, out),
        What::Away(args) => away::away(args, out),
        What::Back { id, config } => away::back(config, &id.as_str().into(), out),
        What::Remove { id, config } => remove(config, &id.as_str().into(), out),
    }
}

fn channel(text: &str) -> Result<(Channel, String), WrongInput> {
    let known: Vec<&str> = Channel::ALL
        .iter()
        .map(|channel| channel.as_str())
        .collect();
    let wrong = |why: &str| {
        WrongInput(format!(
            "--at {text}: {why}; write email=name@domain ({})",
            known.join(", ")
        ))
    };
    let (word, address) = text.split_once('=').ok_or_else(|| wrong("no `=`"))?;
    let channel = Channel::find(word).ok_or_else(|| wrong("no such channel"))?;
    let address = address.trim();
    let is_plausible = match channel {
        Channel::Email => address.parse::<lettre::Address>().is_ok(),
        Channel::Telegram => address.parse::<i64>().is_ok(),
        Channel::ZaloBot | Channel::ZaloOa | Channel::Console => !address.is_empty(),
    };
    if is_plausible {
        Ok((channel, address.to_owned()))
    } else {
        Err(wrong("this is no address of that channel"))
    }
}

fn add(config: &ConfigFile, contact: &Contact, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    if !loaded
        .setup
        .charges
        .iter()
        .any(|charge| charge.directory.find(&contact.agency).is_some())
    {
        return Err(WrongInput(format!(
            "no agency has the code {}: see `dondoc check`",
            contact.agency
        ))
        .into());
    }
    let added = block_on(async {
        let db = loaded.open_db().await?;
        refuse_ended(&db, &contact.agency).await?;
        let added = inspect::add_contact(&db, &loaded.setup, contact, Clock::System.now()).await?;
        db.close().await;
        anyhow::Ok(added)
    })?;
    if !added {
        return Err(WrongInput(format!("there is a contact {} already", contact.id)).into());
    }
    writeln!(out, "added {}", contact.id)?;
    Ok(Exit::Fine)
}

fn remove(config: &ConfigFile, id: &ContactId, out: &mut impl Write) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    let (setup, origin, today) = (&loaded.setup, loaded.origin(), Clock::System.today());
    let (removed, empty) = block_on(async {
        let db = loaded.open_db().await?;
        let now = Clock::System.now();
        let removed = inspect::remove_contact(&db, setup, id, now).await?;
        let empty = left_empty(&db, setup, &origin, id, today).await?;
        db.close().await;
        anyhow::Ok((removed, empty))
    })?;
    if !removed {
        bail!(WrongInput(format!(
            "there is no contact {id} to remove: see `dondoc contact list`"
        )));
    }
    writeln!(
        out,
        "removed {id}; it stays removed although the contacts file may still name it"
    )?;
    if let Some((agency, hearers)) = empty {
        let hearers: Vec<&str> = hearers.iter().map(|one| one.id.as_str()).collect();
        let hears = match hearers.as_slice() {
            [] => "nobody hears instead".to_owned(),
            some => format!("{} hears instead", some.join(", ")),
        };
        writeln!(
            out,
            "warning: nobody of {agency} is left to be told what falls due there, or to answer: {hears}; name somebody with \
             `dondoc contact add`"
        )?;
    }
    Ok(Exit::Fine)
}

fn list(
    config: &ConfigFile,
    agency: Option<&str>,
    as_json: bool,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let loaded = load(config)?;
    let (mut found, absences) = block_on(async {
        let db = loaded.open_to_show().await?;
        let absences = list_absences(&db, Clock::System.today()).await?;
        anyhow::Ok((inspect::list_contacts(&db).await?, absences))
    })?;
    let away = |one: &StoredContact| -> Vec<&Absence> {
        let own = absences.iter();
        own.filter(|absence| absence.contact == one.contact.id)
            .collect()
    };
    found.retain(|one| agency.is_none_or(|agency| one.contact.agency.as_str() == agency));
    if as_json {
        for one in &found {
            serde_json::to_writer(&mut *out, &json(one, is_in_files(&loaded, one), &away(one)))?;
            writeln!(out)?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&[
        "contact",
        "agency",
        "role",
        "title",
        "in files",
        "reached by",
        "away",
    ]);
    for one in &found {
        let addresses: Vec<String> = one
            .addresses
            .iter()
            .map(|address| match &address.state {
                AddressState::Alive => format!("{} {}", address.channel.as_str(), address.address),
                AddressState::Dead { reason } => {
                    format!("{} dead: {reason}", address.channel.as_str())
                }
            })
            .collect();
        let reached = if addresses.is_empty() {
            "nothing".to_owned()
        } else {
            addresses.join("; ")
        };
        let contact = &one.contact;
        table.row([
            contact.id.to_string(),
            contact.agency.to_string(),
            contact.role.as_str().to_owned(),
            contact.title.clone(),
            if is_in_files(&loaded, one) {
                "yes"
            } else {
                "NO"
            }
            .to_owned(),
            reached,
            away::in_words(&away(one)),
        ]);
    }
    table.print(out)?;
    writeln!(out, "{} contacts", found.len())?;
    Ok(Exit::Fine)
}

/// Whether the contacts files name the person: otherwise it was added by hand, or taken out of them and speaks on.
fn is_in_files(loaded: &Loaded, one: &StoredContact) -> bool {
    loaded
        .contacts
        .iter()
        .any(|of_file| of_file.id == one.contact.id)
}

fn json(one: &StoredContact, in_files: bool, away: &[&Absence]) -> serde_json::Value {
    let addresses: Vec<_> = one
        .addresses
        .iter()
        .map(|address| {
            let reason = match &address.state {
                AddressState::Alive => None,
                AddressState::Dead { reason } => Some(reason),
            };
            json!({ "channel": address.channel.as_str(), "address": address.address, "dead_because": reason })
        })
        .collect();
    json!({
        "contact": one.contact.id,
        "agency": one.contact.agency,
        "role": one.contact.role,
        "title": one.contact.title,
        "in_files": in_files,
        "addresses": addresses,
        "away": away.iter().map(|one| {
            json!({ "from": one.from, "to": one.to, "deputy": one.deputy })
        }).collect::<Vec<_>>(),
    })
}
