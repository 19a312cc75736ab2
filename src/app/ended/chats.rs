//! The chats of the people of an agency that has ended: unbound they stay, unless it is taken back that it has.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{ENDED, LINKED, REBOUND, UNBOUND, chats, owed_by};
use crate::app::AppError;
use crate::app::setup::Charge;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::store::events::{self, Actor, NewEvent};
use crate::store::{StoreError, Tx, addresses, contacts, past};

/// What became of chats when it is taken back that their agency has ended.
#[derive(Debug, Default)]
pub(in crate::app) struct Again {
    /// Whose are bound again.
    pub rebound: Vec<ContactId>,
    /// Whose stay unbound: where they were is not known any more, or they are somebody else's by now.
    pub unbound: Vec<ContactId>,
}

/// Binds the chats again that were unbound with the document of that instant, because agencies ended by it, where these owe
/// something again: each is its person's as before, unless somebody has been bound since, there or to it.
///
/// # Errors
/// When the database fails.
pub(in crate::app) async fn bind_again(
    tx: &mut Tx,
    charge: &Charge,
    ended_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Again, AppError> {
    let mut lines = events::list_of_kinds(tx, &[ENDED, UNBOUND]).await?;
    let micros = ended_at.timestamp_micros();
    lines.retain(|one| {
        one.entry.plan == charge.plan.id && one.entry.at.timestamp_micros() == micros
    });
    let mut again = Again::default();
    let mut told = Vec::new();
    for line in &lines {
        let Some(agency) = line.entry.payload["agency"].as_str().map(AgencyCode::new) else {
            continue;
        };
        if owed_by(tx, &agency).await?.is_empty() {
            continue;
        }
        let payload = match line.entry.payload["contact"].as_str().map(ContactId::new) {
            None => json!({ "agency": agency }),
            Some(id) => {
                let channels = rebind(tx, &id, &agency, ended_at, now).await?;
                if channels.is_empty() {
                    again.unbound.push(id);
                    continue;
                }
                again.rebound.push(id.clone());
                json!({ "contact": id, "channels": channels, "agency": agency })
            }
        };
        told.push(NewEvent {
            at: now,
            kind: REBOUND.to_owned(),
            payload,
            ..line.entry.clone()
        });
    }
    events::append(tx, &told).await?;
    Ok(again)
}

/// Binds those chats of a contact that were bound just before that instant. Gives their channels.
async fn rebind(
    tx: &mut Tx,
    id: &ContactId,
    agency: &AgencyCode,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Channel>, AppError> {
    let found = contacts::find(tx, id).await?;
    let Some(stored) = found.filter(|one| one.active && one.contact.agency == *agency) else {
        return Ok(Vec::new());
    };
    let mut rebound = Vec::new();
    for channel in chats() {
        if stored.addresses.iter().any(|one| one.channel == channel) {
            continue;
        }
        let Some(address) = past::chat_before(tx, id, channel, before).await? else {
            continue;
        };
        let is_free = addresses::list_owners(tx, channel, &address)
            .await?
            .is_empty();
        if is_free && addresses::bind(tx, id, channel, &address, now).await? {
            rebound.push(channel);
        }
    }
    Ok(rebound)
}

/// Takes from the people of agencies that have ended the chats that the files give them, but for whom a code has bound since.
/// Gives who lost one.
///
/// # Errors
/// When the database fails.
pub(in crate::app) async fn keep_unbound(
    tx: &mut Tx,
    contacts: &[Contact],
) -> Result<Vec<ContactId>, StoreError> {
    let mut agencies: HashMap<String, i64> = HashMap::new();
    // With the agency by whose end each lost the chat.
    let mut people: HashMap<String, (i64, String)> = HashMap::new();
    let mut linked: HashMap<String, i64> = HashMap::new();
    for line in events::list_of_kinds(tx, &[ENDED, UNBOUND, REBOUND, LINKED]).await? {
        let payload = &line.entry.payload;
        if let Actor::Contact(id) = &line.entry.actor {
            linked.insert(id.to_string(), line.id);
            continue;
        }
        let agency = payload["agency"].as_str().unwrap_or_default();
        if line.entry.kind == REBOUND {
            agencies.remove(agency);
            people.retain(|_, (_, by)| by != agency);
            continue;
        }
        agencies.insert(agency.to_owned(), line.id);
        let named = payload["contacts"].as_array().into_iter().flatten();
        for id in named
            .chain([&payload["contact"]])
            .filter_map(|one| one.as_str())
        {
            people.insert(id.to_owned(), (line.id, agency.to_owned()));
        }
    }
    if agencies.is_empty() {
        return Ok(Vec::new());
    }
    let chats = chats();
    let mut unbound = Vec::new();
    for contact in contacts {
        let ended = people
            .get(contact.id.as_str())
            .map(|(line, _)| line)
            .max(agencies.get(contact.agency.as_str()));
        if ended > linked.get(contact.id.as_str())
            && !addresses::unbind(tx, &contact.id, &chats).await?.is_empty()
        {
            unbound.push(contact.id.clone());
        }
    }
    Ok(unbound)
}
