//! Contacts: who they are, and how each is reached.

mod row;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query};

use super::Tx;
use super::addresses::{self, Address};
use super::bulk::{self, Packed};
use super::error::{Doing, StoreError};
use super::words::{Cell, channels_text, find_role};
use super::written::Text;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::{AgencyCode, ContactId};
pub(super) use row::order_routes;
use row::{COLUMNS, FROM, Gathered, Row, gather};

/// A contact as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredContact {
    /// The person. `channels` holds only addresses that are alive, in the order in which they are to be tried: first a
    /// chat that the person linked without it standing in the contact's own order (the latest first), then that order.
    pub contact: Contact,
    /// Every address, dead ones included.
    pub addresses: Vec<Address>,
    /// False once removed.
    pub active: bool,
    /// When first stored, or brought back.
    pub created_at: DateTime<Utc>,
}

/// Stores contacts from the seed files. What the database learnt since is kept: removal, dead addresses that the file
/// still has, chats that were linked for the agency that the contact still belongs to. An address that changed in the file is alive again.
///
/// # Errors
/// When the database fails.
pub async fn upsert(
    tx: &mut Tx,
    contacts: &[Contact],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    unbind_moved(tx, contacts).await?;
    for chunk in contacts.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("INSERT INTO contacts (id, agency, role, title, channels, active, created_at) ")
                .push_values(chunk, |mut row, contact| {
                    row.push_bind(contact.id.as_str())
                        .push_bind(contact.agency.as_str())
                        .push_bind(contact.role.as_str())
                        .push_bind(&contact.title)
                        .push_bind(channels_text(&order_of(contact)))
                        .push_bind(true)
                        .push_bind(now);
                })
                .push(
                    " ON CONFLICT (id) DO UPDATE SET agency = excluded.agency, role = excluded.role, \
                     title = excluded.title, channels = excluded.channels",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("storing {} contacts", chunk.len()))?;
        });
    }
    let addresses: Vec<_> = contacts
        .iter()
        .flat_map(|contact| {
            let of_contact = |(channel, address): &(Channel, String)| {
                (contact.id.clone(), *channel, address.clone())
            };
            contact.channels.iter().map(of_contact)
        })
        .collect();
    addresses::upsert(tx, &addresses, now).await
}

/// Whoever belongs to another agency than before speaks for it only once a new code has said so: chats that were linked for
/// the old one are unbound.
async fn unbind_moved(tx: &mut Tx, contacts: &[Contact]) -> Result<(), StoreError> {
    for chunk in contacts.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("WITH now (id, agency) AS (")
                .push_values(chunk, |mut row, contact| {
                    row.push_bind(contact.id.as_str())
                        .push_bind(contact.agency.as_str());
                })
                .push(
                    ") DELETE FROM addresses WHERE channel <> 'email' AND contact IN (SELECT now.id FROM now \
                     JOIN contacts c ON c.id = now.id WHERE c.agency <> now.agency)",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing("unbinding the chats of those who belong to another agency now")?;
        });
    }
    Ok(())
}

/// Adds a contact, or brings a removed one back. False, and nothing written, when it is there already.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, contact: &Contact, now: DateTime<Utc>) -> Result<bool, StoreError> {
    if find(tx, &contact.id)
        .await?
        .is_some_and(|known| known.active)
    {
        return Ok(false);
    }
    upsert(tx, std::slice::from_ref(contact), now).await?;
    on!(tx, conn => {
        query("UPDATE contacts SET active = $1, created_at = $2 WHERE id = $3 AND active <> $1")
            .bind(true)
            .bind(now)
            .bind(contact.id.as_str())
            .execute(conn)
            .await
            .map(drop)
    })
    .doing(format_args!("bringing contact {} back", contact.id))?;
    Ok(true)
}

/// Removes a contact: nothing is sent to it any more; what was sent and said stays. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, id: &ContactId) -> Result<bool, StoreError> {
    let changed = on!(tx, conn => {
        query("UPDATE contacts SET active = $1 WHERE id = $2 AND active <> $1")
            .bind(false)
            .bind(id.as_str())
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("removing contact {id}"))?;
    Ok(changed == 1)
}

/// Finds a contact, removed or not.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: &ContactId) -> Result<Option<StoredContact>, StoreError> {
    let as_one = tx.rows_as_one(COLUMNS);
    let rows: String = on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(as_one)
            .push(FROM)
            .push(" WHERE c.id = ")
            .push_bind(id.as_str())
            .build_query_scalar()
            .fetch_one(conn)
            .await
    })
    .doing(format_args!("finding contact {id}"))?;
    Ok(gather(bulk::rows::<Row<Text<'_>>>("contacts", &rows)?)?.pop())
}

/// The contacts of these ids that were not removed, by id.
///
/// # Errors
/// When the database fails.
pub async fn list_by_id(tx: &mut Tx, ids: &[&ContactId]) -> Result<Vec<StoredContact>, StoreError> {
    let mut gathered = Gathered::default();
    let (as_one, (open, close)) = (tx.rows_as_one(COLUMNS), tx.texts());
    for chunk in ids.chunks(bulk::ROWS) {
        let found: String = on!(tx, conn => {
            QueryBuilder::new("SELECT ")
                .push(&as_one)
                .push(FROM)
                .push(" WHERE c.active AND c.id IN")
                .push(open)
                .push_bind(bulk::texts(chunk.iter().map(|id| id.as_str())))
                .push(close)
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing(format_args!("finding {} contacts", chunk.len()))?;
        gathered.add(bulk::rows::<Row<Text<'_>>>("contacts", &found)?)?;
    }
    Ok(gathered.by_id().map(order_routes).collect())
}

/// Every contact, removed ones included, by id.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<StoredContact>, StoreError> {
    let row = tx.packed(COLUMNS);
    let rows: Vec<Packed<Row>> = on!(tx, conn => {
        QueryBuilder::new("SELECT ")
            .push(row)
            .push(FROM)
            .build_query_as()
            .fetch_all(conn)
            .await
    })
    .doing("listing contacts")?;
    gather(rows.into_iter().map(|Packed(row)| row))
}

/// The contacts of these agencies that were not removed, by id.
///
/// # Errors
/// When the database fails.
pub async fn list_of_agencies(
    tx: &mut Tx,
    agencies: &[AgencyCode],
) -> Result<Vec<StoredContact>, StoreError> {
    let found = of_agencies(tx, agencies, "c.active AND ").await?;
    Ok(found.into_iter().map(order_routes).collect())
}

/// The contacts of these agencies for whom this holds too, each with the order of the channels; the routes are still to be made of both.
pub(super) async fn of_agencies(
    tx: &mut Tx,
    agencies: &[AgencyCode],
    condition: &'static str,
) -> Result<Vec<(StoredContact, Vec<Channel>)>, StoreError> {
    let mut gathered = Gathered::default();
    let (as_one, (open, close)) = (tx.rows_as_one(COLUMNS), tx.texts());
    for chunk in agencies.chunks(bulk::ROWS) {
        let found: String = on!(tx, conn => {
            QueryBuilder::new("SELECT ")
                .push(&as_one)
                .push(FROM)
                .push(" WHERE ")
                .push(condition)
                .push("c.agency IN")
                .push(open)
                .push_bind(bulk::texts(chunk.iter().map(AgencyCode::as_str)))
                .push(close)
                .build_query_scalar()
                .fetch_one(conn)
                .await
        })
        .doing("listing the contacts of agencies")?;
        gathered.add(bulk::rows::<Row<Text<'_>>>("contacts", &found)?)?;
    }
    Ok(gathered.by_id().collect())
}

/// Who was removed from each of these agencies, with the role of then; an agency that lost nobody is left out.
///
/// # Errors
/// When the database fails, or a row makes no sense.
pub async fn list_removed(
    tx: &mut Tx,
    agencies: &[AgencyCode],
) -> Result<HashMap<AgencyCode, Vec<(Role, ContactId)>>, StoreError> {
    let mut removed: HashMap<AgencyCode, Vec<(Role, ContactId)>> = HashMap::new();
    let (open, close) = tx.texts();
    for chunk in agencies.chunks(bulk::ROWS) {
        let rows: Vec<(String, String, String)> = on!(tx, conn => {
            QueryBuilder::new("SELECT agency, role, id FROM contacts WHERE NOT active AND agency IN")
                .push(open)
                .push_bind(bulk::texts(chunk.iter().map(AgencyCode::as_str)))
                .push(close)
                .push(" ORDER BY id")
                .build_query_as()
                .fetch_all(conn)
                .await
        })
        .doing("listing who was removed from agencies")?;
        for (agency, role, id) in rows {
            let cell = Cell {
                table: "contacts",
                row: &id,
                column: "role",
            };
            let role = cell.read(&role, find_role(&role))?;
            let of_agency = removed.entry(AgencyCode::new(agency)).or_default();
            of_agency.push((role, ContactId::new(id)));
        }
    }
    Ok(removed)
}

fn order_of(contact: &Contact) -> Vec<Channel> {
    contact
        .channels
        .iter()
        .map(|(channel, _)| *channel)
        .collect()
}
