//! Everything that is kept of one person, as files: what Law 91/2025/QH15 lets everybody ask for.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::error::ExportError;
use super::folder::{NewFolder, Written};
use super::messages::as_json as message;
use super::replies::{CODE, as_json as reply};
use super::written;
use crate::app::reply::is_code;
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;
use crate::domain::inbound::Content;
use crate::store::addresses::AddressState;
use crate::store::contacts::{self, StoredContact};
use crate::store::{Db, Tx, attempts, deliveries, events, fetched, inbox, persons};

/// How many messages are read at once.
const PAGE: usize = 500;

/// What was exported of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedPerson {
    /// Who.
    pub contact: ContactId,
    /// As of when.
    pub at: DateTime<Utc>,
    /// The files, without the manifest.
    pub files: Vec<Written>,
}

impl ExportedPerson {
    /// The manifest.
    #[must_use]
    pub fn as_json(&self) -> Value {
        json!({
            "made_by": concat!("dondoc ", env!("CARGO_PKG_VERSION")),
            "made_at": written(self.at),
            "contact": self.contact,
            "files": self.files,
        })
    }
}

/// Writes all that is kept of a contact, as of one moment, into a new folder: it is there when it is whole, or not at all.
///
/// # Errors
/// When there is no such contact, the folder exists, or the database or the disk fails.
pub async fn export_person(
    db: &Db,
    id: &ContactId,
    folder: &Path,
    now: DateTime<Utc>,
) -> Result<ExportedPerson, ExportError> {
    let mut tx = db.snapshot().await?;
    let Some(stored) = contacts::find(&mut tx, id).await? else {
        return Err(ExportError::NoContact(id.clone()));
    };
    let places = persons::list_places(&mut tx, id).await?;
    let new = NewFolder::begin(folder)?;
    let contact = format!("{:#}\n", contact_json(&stored, &places));
    let mut files = vec![new.whole("contact.json", contact.as_bytes())?];
    files.extend(messages(&mut tx, &new, id, &places).await?);
    files.extend(replies(&mut tx, &new, id, &places).await?);
    files.push(ledger(&mut tx, &new, id).await?);
    files.push(absences(&mut tx, &new, id).await?);
    let summary = summary(&stored, &places, &files, now);
    files.push(new.whole("summary.txt", summary.as_bytes())?);
    let exported = ExportedPerson {
        contact: id.clone(),
        at: now,
        files,
    };
    let manifest = format!("{:#}\n", exported.as_json());
    new.whole("manifest.json", manifest.as_bytes())?;
    new.publish()?;
    Ok(exported)
}

fn contact_json(stored: &StoredContact, places: &[(Channel, String)]) -> Value {
    let contact = &stored.contact;
    let addresses = stored.addresses.iter().map(|one| {
        let reason = match &one.state {
            AddressState::Alive => None,
            AddressState::Dead { reason } => Some(reason),
        };
        json!({
            "channel": one.channel,
            "address": one.address,
            "dead_because": reason,
            "since": written(one.since),
        })
    });
    let places = places
        .iter()
        .map(|(channel, address)| json!({ "channel": channel, "address": address }));
    json!({
        "contact": contact.id,
        "agency": contact.agency,
        "role": contact.role.as_str(),
        "title": contact.title,
        "active": stored.active,
        "since": written(stored.created_at),
        "addresses": addresses.collect::<Value>(),
        "addresses_of_now_and_before": places.collect::<Value>(),
    })
}

async fn messages(
    tx: &mut Tx,
    folder: &NewFolder,
    id: &ContactId,
    places: &[(Channel, String)],
) -> Result<[Written; 2], ExportError> {
    let ids = persons::list_messages(tx, id, places).await?;
    let mut file = folder.lines("messages.jsonl")?;
    for page in ids.chunks(PAGE) {
        let mut tries = attempts::list_all(tx, page).await?;
        for one in deliveries::find_all(tx, page).await? {
            let tries = tries.remove(&one.id).unwrap_or_default();
            file.line(&message(&one, Some(&one), &tries))?;
        }
    }
    let mut attached = folder.lines("attachments.jsonl")?;
    for (delivery, name, bytes) in persons::list_file_names(tx, &ids).await? {
        attached.line(&json!({ "delivery": delivery, "name": name, "bytes": bytes }))?;
    }
    Ok([file.end()?, attached.end()?])
}

/// What the person wrote, and the names of the files that came with it.
async fn replies(
    tx: &mut Tx,
    folder: &NewFolder,
    id: &ContactId,
    places: &[(Channel, String)],
) -> Result<[Written; 2], ExportError> {
    let ids = persons::list_received(tx, id, places).await?;
    let mut file = folder.lines("replies.jsonl")?;
    let mut sent = folder.lines("files_sent.jsonl")?;
    let known = fetched::hashes(tx).await?;
    for page in ids.chunks(PAGE) {
        for one in inbox::list_by_id(tx, page).await? {
            let mut withheld = None;
            if let Content::Text { text, files, .. } = &one.received.inbound.content {
                withheld = is_code(text).then_some(CODE);
                for file in files {
                    sent.line(&json!({
                        "reply": one.received.id.0,
                        "name": file.name,
                        "media_type": file.media_type,
                        "bytes": file.size,
                        "sha256": file.sha256.as_ref().or_else(|| known.get(&file.id)),
                    }))?;
                }
            }
            file.line(&reply(&one, withheld))?;
        }
    }
    Ok([file.end()?, sent.end()?])
}

/// What was recorded under the person's name: reports, and decisions of who works for the monitor.
async fn ledger(tx: &mut Tx, folder: &NewFolder, id: &ContactId) -> Result<Written, ExportError> {
    let mut file = folder.lines("ledger.jsonl")?;
    let actor = events::Actor::Contact(id.clone());
    let mut lines =
        events::list_of_actor(tx, &actor, DateTime::<Utc>::UNIX_EPOCH, u32::MAX).await?;
    lines.reverse();
    for line in lines {
        let entry = line.entry;
        file.line(&json!({
            "event": line.id,
            "plan": entry.plan,
            "obligation": entry.obligation.map(|id| id.0),
            "at": written(entry.at),
            "kind": entry.kind,
            "payload": entry.payload,
            "source": entry.source,
        }))?;
    }
    file.end()
}

async fn absences(tx: &mut Tx, folder: &NewFolder, id: &ContactId) -> Result<Written, ExportError> {
    let mut file = folder.lines("absences.jsonl")?;
    for (from, to, deputy) in persons::list_absences(tx, id).await? {
        file.line(&json!({ "from": from, "to": to, "deputy": deputy }))?;
    }
    file.end()
}

/// The same in a few lines, for a person who reads no JSON.
fn summary(
    stored: &StoredContact,
    places: &[(Channel, String)],
    files: &[Written],
    now: DateTime<Utc>,
) -> String {
    let contact = &stored.contact;
    let mut text = format!(
        "What dondoc keeps of {}, as of {}\n\n{}\nagency {}, role {}, {}\n\nreached, now or before, at:\n",
        contact.id,
        written(now),
        contact.title,
        contact.agency,
        contact.role.as_str(),
        if stored.active { "active" } else { "removed" },
    );
    for (channel, address) in places {
        let _ = writeln!(text, "  {} {address}", channel.as_str());
    }
    text.push_str("\nfiles in this folder:\n");
    for file in files {
        let what = match file.name {
            "contact.json" => "the contact and its addresses",
            "messages.jsonl" => "messages to the person, with every attempt to send them",
            "attachments.jsonl" => "names of files that went out with them",
            "replies.jsonl" => "what the person wrote",
            "files_sent.jsonl" => "names of files that the person sent",
            "ledger.jsonl" => "what was recorded under the contact: reports and decisions",
            "absences.jsonl" => "when the person was away, and who stood in",
            _ => "",
        };
        let lines = file.lines.map(|lines| format!(", {lines} lines"));
        let _ = writeln!(text, "  {}{}: {what}", file.name, lines.unwrap_or_default());
    }
    text
}
