//! Looking into the database, and the few changes an administrator makes by hand.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::AppError;
use super::ended::given_of;
use super::import::import;
use super::ladders::Ladders;
use super::plan_day::{Drafted, Origin, draft};
use super::reply::{CODE_DAYS, hash_of, new_code};
use super::setup::Setup;
use crate::clock::instant;
use crate::config::InstallationKey;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::obligation::Obligation;
pub use crate::store::Db;
pub use crate::store::addresses::AddressState;
pub use crate::store::contacts::StoredContact;
pub use crate::store::db::known_version;
use crate::store::events::{Actor, NewEvent};
pub use crate::store::findings::Stored;
pub use crate::store::inbox::Waiting;
use crate::store::inbox::{self, InboxId};
use crate::store::links::{self, LinkCode};
pub use crate::store::obligations::Filter;
pub use crate::store::parked::Parked;
pub use crate::store::tokens::Health;
use crate::store::{
    Known, Tx, addresses, contacts, events, findings, obligations, parked, past, tokens,
};

/// Opens the database and brings its tables to the version of this program.
///
/// # Errors
/// When it cannot be opened or a newer program has migrated it.
pub async fn open(database: &str) -> Result<Db, AppError> {
    let db = Db::open(database).await?;
    db.migrate().await?;
    Ok(db)
}

/// A database in memory with the plan as a first start on `day` would make it: nothing was told yet.
///
/// # Errors
/// When the plan cannot be imported.
pub async fn fresh(setup: &Setup, contacts: &[Contact], day: NaiveDate) -> Result<Db, AppError> {
    let db = open("sqlite::memory:").await?;
    import(&db, setup, contacts, instant(day.and_time(NaiveTime::MIN))).await?;
    Ok(db)
}

/// A database in memory in which the plans have been followed since the first of them was issued, and nothing was told or answered:
/// what the files alone say of any day.
///
/// # Errors
/// When the plan cannot be imported.
pub async fn followed(setup: &Setup, contacts: &[Contact]) -> Result<Db, AppError> {
    let day = setup.issued_first().unwrap_or_default();
    fresh(setup, contacts, day).await
}

/// Lists obligations by due day.
///
/// # Errors
/// When the database fails.
pub async fn list_obligations(db: &Db, filter: &Filter) -> Result<Vec<Obligation>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(obligations::list(&mut tx, filter).await?)
}

/// To whom documents have given what of these is owed no longer.
///
/// # Errors
/// When the database fails.
pub async fn list_given(
    db: &Db,
    obligations: &[Obligation],
) -> Result<HashMap<ObligationId, Vec<AgencyCode>>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(given_of(&mut tx, obligations).await?)
}

/// The briefs that wait because their words cannot be made.
///
/// # Errors
/// When the database fails.
pub async fn list_parked(db: &Db) -> Result<Vec<Parked>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(parked::list(&mut tx).await?)
}

/// What the auditor found and was not made up for.
///
/// # Errors
/// When the database fails.
pub async fn list_findings(db: &Db) -> Result<Vec<Stored>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(findings::list_open(&mut tx, Known::NOW).await?)
}

/// How the tokens of every account stand that Dondoc renews.
///
/// # Errors
/// When the database fails.
pub async fn list_token_health(db: &Db) -> Result<Vec<Health>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(tokens::list_health(&mut tx).await?)
}

/// The briefs that planning `day` would make now; nothing is stored. `None` when `only` names no contact.
///
/// # Errors
/// When the database fails.
pub async fn drafts(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    day: NaiveDate,
    only: Option<&ContactId>,
) -> Result<Option<Vec<Drafted>>, AppError> {
    let mut tx = db.snapshot().await?;
    if let Some(only) = only
        && contacts::find(&mut tx, only).await?.is_none()
    {
        return Ok(None);
    }
    let due = obligations::due_for_planning(&mut tx, day).await?;
    let at = instant(day.and_time(setup.ladder.from));
    let ladders = Ladders::of(&mut tx, setup, &due).await?;
    let draft = draft(&mut tx, setup, origin, &due, &ladders, day, at).await?;
    let mut drafted = draft.drafted;
    drafted.retain(|one| only.is_none_or(|only| one.contact.id == *only));
    Ok(Some(drafted))
}

/// The contacts that were not removed, by id.
///
/// # Errors
/// When the database fails.
pub async fn list_contacts(db: &Db) -> Result<Vec<StoredContact>, AppError> {
    let mut tx = db.snapshot().await?;
    let mut found = contacts::list(&mut tx).await?;
    found.retain(|contact| contact.active);
    Ok(found)
}

/// Adds a contact. False when it is there already. The ledger says so.
///
/// # Errors
/// When the database fails.
pub async fn add_contact(
    db: &Db,
    setup: &Setup,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    let added = contacts::add(&mut tx, contact, now).await?;
    if added {
        note_contact(&mut tx, setup, contact, past::ADDED, now).await?;
    }
    tx.commit().await?;
    Ok(added)
}

/// Removes a contact: nothing is sent to it any more. False when there is none. The ledger says so: digests of days before still
/// know who was there.
///
/// # Errors
/// When the database fails.
pub async fn remove_contact(
    db: &Db,
    setup: &Setup,
    id: &ContactId,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    let found = contacts::find(&mut tx, id).await?;
    let removed = contacts::remove(&mut tx, id).await?;
    if let Some(stored) = found.filter(|_| removed) {
        note_contact(&mut tx, setup, &stored.contact, past::REMOVED, now).await?;
    }
    tx.commit().await?;
    Ok(removed)
}

/// That an operator added or removed somebody, as a line of the ledger of the plan.
async fn note_contact(
    tx: &mut Tx,
    setup: &Setup,
    contact: &Contact,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(charge) = setup.of_agency(&contact.agency) else {
        return Ok(());
    };
    let (agency, role) = (&contact.agency, contact.role.as_str());
    let line = NewEvent {
        plan: charge.plan.id.clone(),
        obligation: None,
        at: now,
        actor: Actor::Operator,
        kind: kind.to_owned(),
        payload: json!({ "contact": contact.id, "agency": agency, "role": role }),
        source: None,
    };
    Ok(events::append(tx, &[line]).await?)
}

/// Takes these channels from a contact: whoever writes from there is nobody we know, and only a new code binds a chat again.
/// Gives the channels that it had; `None` when there is no such contact. The ledger says so.
///
/// # Errors
/// When the database fails.
pub async fn unlink(
    db: &Db,
    setup: &Setup,
    id: &ContactId,
    channels: &[Channel],
    now: DateTime<Utc>,
) -> Result<Option<Vec<Channel>>, AppError> {
    let mut tx = db.begin().await?;
    let Some(stored) = contacts::find(&mut tx, id).await? else {
        return Ok(None);
    };
    let lost = addresses::unbind(&mut tx, id, channels).await?;
    note_by_hand(&mut tx, setup, &stored.contact, "unlinked", &lost, now).await?;
    tx.commit().await?;
    Ok(Some(lost))
}

/// Counts the dead addresses of a contact on these channels as alive again: whoever looks after them says that they are right. One
/// that is refused once more is dead once more. Gives the channels on which that changed something; `None` when there is no such
/// contact. The ledger says so.
///
/// # Errors
/// When the database fails.
pub async fn revive(
    db: &Db,
    setup: &Setup,
    id: &ContactId,
    channels: &[Channel],
    now: DateTime<Utc>,
) -> Result<Option<Vec<Channel>>, AppError> {
    let mut tx = db.begin().await?;
    let Some(stored) = contacts::find(&mut tx, id).await? else {
        return Ok(None);
    };
    let mut revived = Vec::new();
    for one in &stored.addresses {
        let is_dead = matches!(one.state, AddressState::Dead { .. });
        if is_dead && channels.contains(&one.channel) {
            addresses::mark_alive(&mut tx, one.channel, &one.address, now).await?;
            revived.push(one.channel);
        }
    }
    note_by_hand(&mut tx, setup, &stored.contact, "revived", &revived, now).await?;
    tx.commit().await?;
    Ok(Some(revived))
}

/// What an operator did to channels of a contact, as lines of the ledger of its plan.
async fn note_by_hand(
    tx: &mut Tx,
    setup: &Setup,
    contact: &Contact,
    kind: &str,
    channels: &[Channel],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(charge) = setup.of_agency(&contact.agency) else {
        return Ok(());
    };
    let lines: Vec<NewEvent> = channels
        .iter()
        .map(|channel| NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: now,
            actor: Actor::Operator,
            kind: kind.to_owned(),
            payload: json!({ "contact": contact.id, "channel": channel.as_str() }),
            source: None,
        })
        .collect();
    Ok(events::append(tx, &lines).await?)
}

/// On which of these channels a contact is bound, as far as messages arrive there. While it is, a code binds no other chat there.
///
/// # Errors
/// When that is on each of them, so that a code would be good for nothing; when the database fails.
pub async fn refuse_bound(
    db: &Db,
    contact: &ContactId,
    channels: &[Channel],
) -> Result<Vec<Channel>, AppError> {
    let mut tx = db.snapshot().await?;
    let Some(stored) = contacts::find(&mut tx, contact).await? else {
        return Ok(Vec::new());
    };
    let alive = stored.contact.channels.into_iter();
    let bound: Vec<Channel> = alive
        .map(|(channel, _)| channel)
        .filter(|channel| channels.contains(channel))
        .collect();
    if !bound.is_empty() && bound.len() == channels.len() {
        return Err(AppError::BoundAlready {
            contact: contact.clone(),
            channels: bound,
        });
    }
    Ok(bound)
}

/// A code that was made for a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The code, as it is handed over: only its hash is stored.
    pub code: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

/// Makes a code by which a contact binds a chat; older ones of the contact end. `None` when there is no such contact. The
/// key is made when it is not there yet.
///
/// # Errors
/// When the database fails, or the key can be neither read nor made.
pub async fn issue_code(
    db: &Db,
    key: &InstallationKey,
    contact: &ContactId,
    channel: Option<Channel>,
    random: u64,
    now: DateTime<Utc>,
) -> Result<Option<Issued>, AppError> {
    let mut tx = db.begin().await?;
    if !contacts::find(&mut tx, contact)
        .await?
        .is_some_and(|stored| stored.active)
    {
        return Ok(None);
    }
    let key = key.reveal_or_create()?;
    let code = new_code(random);
    let expires_at = now + TimeDelta::days(CODE_DAYS);
    let stored = LinkCode {
        hash: hash_of(&code, &key),
        contact: contact.clone(),
        channel,
        expires_at,
        claimed_by: None,
    };
    links::issue(&mut tx, &stored, now).await?;
    tx.commit().await?;
    Ok(Some(Issued { code, expires_at }))
}

/// The newest received messages that wait for a person.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(db: &Db, limit: u32) -> Result<Vec<Waiting>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(inbox::list_waiting(&mut tx, limit).await?)
}

/// Puts a held or parked message aside: nobody is asked about it again. False when it is neither.
///
/// # Errors
/// When the database fails.
pub async fn drop_received(db: &Db, id: i64, now: DateTime<Utc>) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    let found = inbox::put_aside(&mut tx, InboxId(id), now).await?;
    tx.commit().await?;
    Ok(found)
}

/// Puts a held or parked message back among the new ones. False when it is neither.
///
/// # Errors
/// When the database fails.
pub async fn retry_received(db: &Db, id: i64) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    let found = inbox::retry(&mut tx, InboxId(id)).await?;
    tx.commit().await?;
    Ok(found)
}
