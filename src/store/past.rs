//! Who people were, and how they were reached, as far as that was known at an instant: rows know only how things are now.
//!
//! An address that has not changed since is as its row says. Of every other tell the lines of the ledger that bind and unbind,
//! what was sent there, and what came from there.

mod traces;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::query_scalar;

use super::Tx;
use super::addresses::{self, Address, AddressState};
use super::contacts::{self, StoredContact, of_agencies, order_routes};
use super::erasures::NOWHERE;
use super::error::{Doing, StoreError};
use super::events::{self, Actor, Event};
use super::known::Known;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId};
use traces::{Traces, last_received, last_sent};

/// The line of the ledger by which somebody was added by hand.
pub const ADDED: &str = "contact-added";
/// The line by which somebody was removed.
pub const REMOVED: &str = "contact-removed";

/// The line by which the files gave somebody another address on a channel than they had there.
pub const READDRESSED: &str = "readdressed";

/// The contacts of these agencies that were not removed by then, by id, with their addresses of then.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn contacts_of_agencies(
    tx: &mut Tx,
    agencies: &[AgencyCode],
    known: Known,
) -> Result<Vec<StoredContact>, StoreError> {
    if known.is_now() {
        return contacts::list_of_agencies(tx, agencies).await;
    }
    let mut found = of_agencies(tx, agencies, "").await?;
    let lines = Lines::read(tx).await?;
    let has_known_anybody = knew_anybody(tx, known).await?;
    found.retain(|(one, _)| lines.had(one, known, has_known_anybody));
    let is_changed = |one: &&StoredContact| {
        let has_moved = one.addresses.iter().any(|own| !known.has(own.since));
        has_moved || lines.unbinds_after(&one.contact.id, known)
    };
    let changed = found.iter().map(|(one, _)| one).filter(is_changed);
    let traces = Traces::read(tx, &changed.collect::<Vec<_>>(), known).await?;
    for (one, _) in &mut found {
        one.active = true;
        one.addresses = Channel::ALL
            .into_iter()
            .filter_map(|channel| address(one, channel, &lines, &traces, known))
            .collect();
    }
    Ok(found.into_iter().map(order_routes).collect())
}

/// When each of these contacts had been heard from last on this channel by then; those of whom nothing is known are left out.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_heard(
    tx: &mut Tx,
    channel: Channel,
    contacts: &[&Contact],
    known: Known,
) -> Result<HashMap<ContactId, DateTime<Utc>>, StoreError> {
    let ids: Vec<ContactId> = contacts.iter().map(|one| one.id.clone()).collect();
    let mut heard = addresses::list_heard(tx, channel, &ids).await?;
    heard.retain(|_, at| known.has(*at));
    let later = contacts.iter().filter(|one| !heard.contains_key(&one.id));
    let later: Vec<(&ContactId, &String)> = later
        .filter_map(|one| {
            let own = one.channels.iter().find(|(other, _)| *other == channel)?;
            Some((&one.id, &own.1))
        })
        .collect();
    if known.is_now() || later.is_empty() {
        return Ok(heard);
    }
    let senders: Vec<&str> = later.iter().map(|(_, from)| from.as_str()).collect();
    let came = last_received(tx, channel, &senders, known).await?;
    heard.extend(later.into_iter().filter_map(|(id, from)| {
        let (at, lets_in) = came.get(from)?;
        lets_in.then(|| (id.clone(), *at))
    }));
    Ok(heard)
}

/// The chat that was a contact's just before that instant: by the line that bound it, or the last message to it.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn chat_before(
    tx: &mut Tx,
    contact: &ContactId,
    channel: Channel,
    before: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let known = Known::by(before, before);
    let lines = Lines::read(tx).await?;
    let mut linked = lines
        .of(contact)
        .rev()
        .filter(|line| known.has(line.entry.at));
    let linked = linked.find(|line| is_of(line, channel) && binds(line));
    let by = linked.map_or(DateTime::UNIX_EPOCH, |line| line.entry.at);
    let mut sent = last_sent(tx, &[contact], known).await?;
    let sent = sent.remove(&(contact.clone(), channel));
    if let Some(sent) = sent.filter(|sent| sent.at >= by) {
        return Ok(Some(sent.address));
    }
    let source = linked.and_then(|line| line.entry.source.as_deref()?.strip_prefix("inbox:"));
    let Some(received) = source.and_then(|number| number.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let sender: Option<String> = on!(tx, conn => {
        query_scalar("SELECT sender FROM inbox WHERE id = $1 AND channel = $2")
            .bind(received)
            .bind(channel.as_str())
            .fetch_optional(conn)
            .await
    })
    .doing(format_args!("reading from where {contact} was linked"))?;
    Ok(sender.filter(|sender| !sender.is_empty() && sender != NOWHERE))
}

/// Whether anybody was stored by then: otherwise whoever is stored now stands for who was there.
async fn knew_anybody(tx: &mut Tx, known: Known) -> Result<bool, StoreError> {
    on!(tx, conn => {
        query_scalar("SELECT EXISTS (SELECT 1 FROM contacts WHERE created_at <= $1)")
            .bind(known.instant())
            .fetch_one(conn)
            .await
    })
    .doing("looking whether anybody was known")
}

/// What the ledger says of contacts, oldest first, by whom it is about.
struct Lines(HashMap<ContactId, Vec<Event>>);

impl Lines {
    async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let kinds = [
            ADDED,
            REMOVED,
            READDRESSED,
            "linked",
            "unlinked",
            "unbound",
            "rebound",
        ];
        let mut by_contact: HashMap<_, Vec<Event>> = HashMap::new();
        for line in events::list_of_kinds(tx, &kinds).await? {
            let named = line.entry.payload["contact"].as_str().map(ContactId::new);
            let about = match &line.entry.actor {
                Actor::Contact(id) => Some(id.clone()),
                _ => named,
            };
            if let Some(about) = about {
                by_contact.entry(about).or_default().push(line);
            }
        }
        Ok(Self(by_contact))
    }

    fn of(&self, contact: &ContactId) -> impl DoubleEndedIterator<Item = &Event> {
        self.0.get(contact).into_iter().flatten()
    }

    /// Whether somebody was there by then: what was noted first since tells what was before it.
    fn had(&self, one: &StoredContact, known: Known, has_known_anybody: bool) -> bool {
        let mut since = self.of(&one.contact.id);
        let next = since.find(|line| {
            [ADDED, REMOVED].contains(&line.entry.kind.as_str()) && !known.has(line.entry.at)
        });
        match next {
            Some(line) => line.entry.kind == REMOVED,
            None => one.active && (known.has(one.created_at) || !has_known_anybody),
        }
    }

    /// The last line by then that binds the chat of a contact or unbinds it: when, and whether it binds.
    fn bound(
        &self,
        contact: &ContactId,
        channel: Channel,
        known: Known,
    ) -> Option<(DateTime<Utc>, bool)> {
        let mut earlier = self
            .of(contact)
            .rev()
            .filter(|line| known.has(line.entry.at));
        let last = earlier.find(|line| is_of(line, channel))?;
        Some((last.entry.at, binds(last)))
    }

    /// Whether the first line after then that is of that channel binds it anew: one that unbinds it, or replaces an address, tells that
    /// there was one before.
    fn binds_next(&self, contact: &ContactId, channel: Channel, known: Known) -> Option<bool> {
        let mut later = self.of(contact).filter(|line| !known.has(line.entry.at));
        let next = later.find(|line| is_of(line, channel))?;
        Some(binds(next) && next.entry.kind != READDRESSED)
    }

    /// Whether a line after then unbinds any chat of a contact.
    fn unbinds_after(&self, contact: &ContactId, known: Known) -> bool {
        let mut later = self.of(contact).filter(|line| !known.has(line.entry.at));
        later.any(|line| ["unlinked", "unbound"].contains(&line.entry.kind.as_str()))
    }
}

fn is_of(line: &Event, channel: Channel) -> bool {
    let payload = &line.entry.payload;
    let several = payload["channels"].as_array().into_iter().flatten();
    let mut named = several.chain([&payload["channel"]]);
    named.any(|one| one == channel.as_str())
}

fn binds(line: &Event) -> bool {
    ["linked", "rebound", READDRESSED].contains(&line.entry.kind.as_str())
}

/// The address of then.
fn address(
    one: &StoredContact,
    channel: Channel,
    lines: &Lines,
    traces: &Traces,
    known: Known,
) -> Option<Address> {
    let id = &one.contact.id;
    let row = one.addresses.iter().find(|own| own.channel == channel);
    if let Some(row) = row.filter(|row| known.has(row.since)) {
        return Some(row.clone());
    }
    let bound = lines.bound(id, channel, known);
    if bound.is_some_and(|(_, binds)| !binds) {
        return None;
    }
    let sent = traces.sent.get(&(id.clone(), channel));
    let binds_next = lines.binds_next(id, channel, known);
    // What has died since lived, unless it was bound since.
    let has_died =
        row.is_some_and(|row| row.state != AddressState::Alive) && binds_next != Some(true);
    let was_there = bound.is_some() || sent.is_some() || binds_next == Some(false) || has_died;
    if !was_there {
        return None;
    }
    let address = match (sent, row) {
        (Some(sent), _) => sent.address.clone(),
        (None, Some(row)) => row.address.clone(),
        (None, None) => String::new(),
    };
    let came = traces.came.get(&(channel, address.clone()));
    let shut = came.filter(|(_, lets_in)| !lets_in).map(|(at, _)| *at);
    let open = came.filter(|(_, lets_in)| *lets_in).map(|(at, _)| *at);
    let lost = sent.and_then(|sent| sent.refused_at).max(shut);
    let open = open.max(bound.map(|(at, _)| at));
    let is_lost = lost.is_some() && lost > open;
    let since = if is_lost {
        lost
    } else {
        open.or(sent.map(|sent| sent.at))
    };
    Some(Address {
        contact: id.clone(),
        channel,
        address,
        state: if is_lost {
            AddressState::Dead {
                reason: "refused".to_owned(),
            }
        } else {
            AddressState::Alive
        },
        since: since.unwrap_or(one.created_at),
    })
}
