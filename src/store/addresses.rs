//! Addresses: one for each contact and channel, alive or dead.
//!
//! A dead address gets nothing until it is revived or replaced; who is left without one stands in the digest.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, query_scalar};

use super::Tx;
use super::bulk;
use super::error::{Doing, StoreError};
use crate::domain::delivery::Channel;
use crate::domain::ids::ContactId;

/// Where a contact is reached on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whose it is.
    pub contact: ContactId,
    /// On which channel.
    pub channel: Channel,
    /// Mail address, chat or user id, as the channel writes it.
    pub address: String,
    /// Whether messages arrive there.
    pub state: AddressState,
    /// Since when it is in this state.
    pub since: DateTime<Utc>,
}

/// Whether messages arrive at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressState {
    /// As far as we know.
    Alive,
    /// Not any more.
    Dead {
        /// Why, for the operator.
        reason: String,
    },
}

impl AddressState {
    pub(super) fn find(word: &str, reason: Option<&str>) -> Option<Self> {
        match (word, reason) {
            ("alive", None) => Some(Self::Alive),
            ("dead", Some(reason)) => Some(Self::Dead {
                reason: reason.to_owned(),
            }),
            _ => None,
        }
    }
}

/// Sets the addresses of contacts. One that is the same as before keeps its state; another one is alive.
///
/// # Errors
/// When the database fails, or a contact does not exist.
pub async fn upsert(
    tx: &mut Tx,
    addresses: &[(ContactId, Channel, String)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for chunk in addresses.chunks(bulk::ROWS) {
        on!(tx, conn => {
            QueryBuilder::new("INSERT INTO addresses (contact, channel, address, state, since) ")
                .push_values(chunk, |mut row, (contact, channel, address)| {
                    row.push_bind(contact.as_str())
                        .push_bind(channel.as_str())
                        .push_bind(address)
                        .push_bind("alive")
                        .push_bind(now);
                })
                .push(
                    " ON CONFLICT (contact, channel) DO UPDATE SET address = excluded.address, state = 'alive', \
                     reason = NULL, since = excluded.since, heard_at = NULL WHERE addresses.address <> excluded.address",
                )
                .build()
                .persistent(bulk::is_kept(chunk.len()))
                .execute(conn)
                .await
                .doing(format_args!("storing {} addresses", chunk.len()))?;
        });
    }
    Ok(())
}

/// Binds a chat that sent a code. False, and nothing written, while the contact has another one on that channel that is
/// alive: whoever has a code takes nobody's place.
///
/// # Errors
/// When the database fails, or the contact does not exist.
pub async fn bind(
    tx: &mut Tx,
    contact: &ContactId,
    channel: Channel,
    address: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let bound = on!(tx, conn => {
        query(
            "INSERT INTO addresses (contact, channel, address, state, since) VALUES ($1, $2, $3, 'alive', $4)
             ON CONFLICT (contact, channel) DO UPDATE SET address = excluded.address, state = 'alive', reason = NULL,
                 since = excluded.since, heard_at = NULL
             WHERE addresses.state = 'dead' OR addresses.address = excluded.address",
        )
        .bind(contact.as_str())
        .bind(channel.as_str())
        .bind(address)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("binding an address on {} to {contact}", channel.as_str()))?;
    Ok(bound == 1)
}

/// The contacts that have this address on this channel, alive or dead. An office mailbox may belong to several.
///
/// # Errors
/// When the database fails.
pub async fn list_owners(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
) -> Result<Vec<ContactId>, StoreError> {
    let owners: Vec<String> = on!(tx, conn => {
        query_scalar("SELECT contact FROM addresses WHERE channel = $1 AND address = $2 ORDER BY contact")
            .bind(channel.as_str())
            .bind(address)
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("finding the owners of an address on {}", channel.as_str()))?;
    Ok(owners.into_iter().map(ContactId::new).collect())
}

/// Marks an address dead, for everybody who has it. Returns how many lost it; 0 when it was replaced or dead already.
///
/// # Errors
/// When the database fails.
pub async fn mark_dead(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE addresses SET state = 'dead', reason = $1, since = $2
             WHERE channel = $3 AND address = $4 AND state = 'alive'",
        )
        .bind(reason)
        .bind(now)
        .bind(channel.as_str())
        .bind(address)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!(
        "marking an address on {} dead",
        channel.as_str()
    ))
}

/// Marks an address alive again, for everybody who has it: the person wrote from it, or unblocked the bot.
///
/// # Errors
/// When the database fails.
pub async fn mark_alive(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE addresses SET state = 'alive', reason = NULL, since = $1
             WHERE channel = $2 AND address = $3 AND state = 'dead'",
        )
        .bind(now)
        .bind(channel.as_str())
        .bind(address)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!(
        "marking an address on {} alive",
        channel.as_str()
    ))
}

/// Follows a chat that got a new id (a Telegram group that became a supergroup): the addresses, and what still waits
/// to be sent there. Returns how many contacts moved.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    channel: Channel,
    old: &str,
    new: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let doing = format!("replacing an address on {}", channel.as_str());
    on!(tx, conn => {
        query(
            "UPDATE deliveries SET address = $1
             WHERE channel = $2 AND address = $3 AND state IN ('queued', 'leased')",
        )
        .bind(new)
        .bind(channel.as_str())
        .bind(old)
        .execute(&mut *conn)
        .await
        .doing(&doing)?;
        query(
            "UPDATE addresses SET address = $1, state = 'alive', reason = NULL, since = $2
             WHERE channel = $3 AND address = $4",
        )
        .bind(new)
        .bind(now)
        .bind(channel.as_str())
        .bind(old)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
        .doing(&doing)
    })
}

/// Removes the addresses of a contact on these channels: whoever writes from there is nobody we know. Gives the channels.
///
/// # Errors
/// When the database fails.
pub async fn unbind(
    tx: &mut Tx,
    contact: &ContactId,
    channels: &[Channel],
) -> Result<Vec<Channel>, StoreError> {
    let words: Vec<String> = on!(tx, conn => {
        QueryBuilder::new("DELETE FROM addresses WHERE contact = ")
            .push_bind(contact.as_str())
            .push(" AND channel IN")
            .push_tuples(channels, |mut row, channel| {
                row.push_bind(channel.as_str());
            })
            .push(" RETURNING channel")
            .build_query_scalar()
            .fetch_all(conn)
            .await
    })
    .doing(format_args!("unbinding the addresses of {contact}"))?;
    Ok(words
        .iter()
        .filter_map(|word| Channel::find(word))
        .collect())
}

/// Notes that somebody wrote from an address: it is alive, and was heard `at` that time, or later as is known already.
/// Returns how many contacts have it.
///
/// # Errors
/// When the database fails.
pub async fn hear(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE addresses SET heard_at = CASE WHEN heard_at > $1 THEN heard_at ELSE $1 END, since = CASE WHEN state = 'dead' THEN $1 ELSE since END,
                 state = 'alive', reason = NULL
             WHERE channel = $2 AND address = $3",
        )
        .bind(at)
        .bind(channel.as_str())
        .bind(address)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("noting that an address on {} was heard", channel.as_str()))
}

/// Notes that nobody has been heard from an address since `at`, as the provider says: whatever was known of a later word
/// is wrong. Returns how many contacts have it.
///
/// # Errors
/// When the database fails.
pub async fn note_silence(
    tx: &mut Tx,
    channel: Channel,
    address: &str,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    on!(tx, conn => {
        query(
            "UPDATE addresses SET heard_at = CASE WHEN heard_at < $1 THEN heard_at ELSE $1 END
             WHERE channel = $2 AND address = $3",
        )
        .bind(at)
        .bind(channel.as_str())
        .bind(address)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!(
        "noting that an address on {} is silent",
        channel.as_str()
    ))
}

/// When each of these contacts was last heard from on this channel; those of whom nothing is known are left out.
///
/// # Errors
/// When the database fails.
pub async fn list_heard(
    tx: &mut Tx,
    channel: Channel,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, DateTime<Utc>>, StoreError> {
    let mut heard = HashMap::new();
    for chunk in contacts.chunks(bulk::ROWS) {
        let rows: Vec<(String, DateTime<Utc>)> = on!(tx, conn => {
            QueryBuilder::new("SELECT contact, heard_at FROM addresses WHERE heard_at IS NOT NULL AND channel = ")
                .push_bind(channel.as_str())
                .push(" AND contact IN")
                .push_tuples(chunk, |mut row, contact| {
                    row.push_bind(contact.as_str());
                })
                .build_query_as()
                .persistent(bulk::is_kept(chunk.len()))
                .fetch_all(conn)
                .await
        })
        .doing(format_args!("reading when {} contacts were heard from", chunk.len()))?;
        let found = rows.into_iter();
        heard.extend(found.map(|(contact, at)| (ContactId::new(contact), at)));
    }
    Ok(heard)
}
