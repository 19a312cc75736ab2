//! A contact as rows, one for each of its addresses.

use std::ops::Deref;

use serde::Deserialize;

use super::StoredContact;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::store::addresses::{Address, AddressState};
use crate::store::error::StoreError;
use crate::store::words::{Cell, find_channels, find_role};
use crate::store::written::Instant;

/// The columns of [`Row`]; SQLite keeps a truth as a number.
pub(super) const COLUMNS: &str = "c.id, c.agency, c.role, c.title, c.channels, CAST(c.active AS INTEGER), c.created_at, \
     a.channel, a.address, a.state, a.reason, a.since";
pub(super) const FROM: &str = " FROM contacts c LEFT JOIN addresses a ON a.contact = c.id";

/// A contact beside one of its addresses, or beside none, with texts of that type.
#[derive(Deserialize)]
pub(super) struct Row<T = String> {
    id: T,
    agency: T,
    role: T,
    title: T,
    channels: T,
    active: i64,
    created_at: Instant,
    channel: Option<T>,
    address: Option<T>,
    state: Option<T>,
    reason: Option<T>,
    since: Option<Instant>,
}

/// The contacts of these rows, by id.
pub(super) fn gather<T: Deref<Target = str>>(
    rows: impl IntoIterator<Item = Row<T>>,
) -> Result<Vec<StoredContact>, StoreError> {
    let mut gathered = Gathered::default();
    gathered.add(rows)?;
    Ok(gathered.by_id().map(order_routes).collect())
}

/// Each contact with all of its addresses, and the order of its channels.
#[derive(Default)]
pub(super) struct Gathered(Vec<(StoredContact, Vec<Channel>)>);

impl Gathered {
    pub(super) fn add<T: Deref<Target = str>>(
        &mut self,
        rows: impl IntoIterator<Item = Row<T>>,
    ) -> Result<(), StoreError> {
        for row in rows {
            let before = self.0.last().map(|(before, _)| &before.contact);
            // The rows of one contact mostly stand together.
            if before.is_none_or(|before| *before.id.as_str() != *row.id) {
                self.0.push(contact_of(&row, before)?);
            }
            if let Some((known, _)) = self.0.last_mut() {
                let address = address_of(&row, &known.contact.id)?;
                known.addresses.extend(address);
            }
        }
        Ok(())
    }

    pub(super) fn by_id(self) -> impl Iterator<Item = (StoredContact, Vec<Channel>)> {
        let Self(mut all) = self;
        all.sort_by(|(one, _), (other, _)| one.contact.id.cmp(&other.contact.id));
        all.dedup_by(|(next, _), (known, _)| {
            let is_same = next.contact.id == known.contact.id;
            if is_same {
                known.addresses.append(&mut next.addresses);
            }
            is_same
        });
        all.into_iter()
    }
}

/// A contact with its routes, by the order of its channels.
pub(in crate::store) fn order_routes(
    (mut known, order): (StoredContact, Vec<Channel>),
) -> StoredContact {
    known.contact.channels = routes(&known.addresses, &order);
    known
}

/// The contact of a row; the name of its agency is that of the one before, where it is the same.
fn contact_of<T: Deref<Target = str>>(
    row: &Row<T>,
    before: Option<&Contact>,
) -> Result<(StoredContact, Vec<Channel>), StoreError> {
    let id: &str = &row.id;
    let cell = |column| Cell {
        table: "contacts",
        row: &id,
        column,
    };
    let role = cell("role").read(&row.role, find_role(&row.role))?;
    let order = cell("channels").read(&row.channels, find_channels(&row.channels))?;
    let known = before.map(|before| &before.agency);
    let known = known.filter(|agency| *agency.as_str() == *row.agency);
    let contact = Contact {
        id: ContactId::new(id),
        agency: known
            .cloned()
            .unwrap_or_else(|| AgencyCode::new(&*row.agency)),
        role,
        title: row.title.to_owned(),
        channels: Vec::new(),
    };
    let stored = StoredContact {
        contact,
        addresses: Vec::new(),
        active: row.active != 0,
        created_at: row.created_at.into(),
    };
    Ok((stored, order))
}

fn address_of<T: Deref<Target = str>>(
    row: &Row<T>,
    contact: &ContactId,
) -> Result<Option<Address>, StoreError> {
    let (Some(channel), Some(address), Some(state), Some(since)) =
        (&row.channel, &row.address, &row.state, row.since)
    else {
        return Ok(None);
    };
    let cell = |column| Cell {
        table: "addresses",
        row: contact,
        column,
    };
    Ok(Some(Address {
        contact: contact.clone(),
        channel: cell("channel").read(channel, Channel::find(channel))?,
        address: address.to_string(),
        state: cell("state").read(state, AddressState::find(state, row.reason.as_deref()))?,
        since: since.into(),
    }))
}

/// The addresses that are alive, in the order in which they are to be tried.
fn routes(addresses: &[Address], order: &[Channel]) -> Vec<(Channel, String)> {
    let mut alive: Vec<&Address> = addresses
        .iter()
        .filter(|address| address.state == AddressState::Alive)
        .collect();
    alive.sort_by_key(|address| {
        let rank = order.iter().position(|channel| *channel == address.channel);
        (rank, std::cmp::Reverse(address.since), address.channel)
    });
    alive
        .into_iter()
        .map(|address| (address.channel, address.address.clone()))
        .collect()
}
