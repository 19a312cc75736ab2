//! Somebody is away, or back.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::AppError;
use super::setup::Setup;
use crate::domain::absence::Absence;
use crate::domain::ids::ContactId;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::{Db, StoreError, Tx, absences, contacts};

/// Why an absence is not noted.
#[derive(Debug, thiserror::Error)]
pub enum AbsenceError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such contact, or removed.
    #[error("there is no contact {0}: see `dondoc contact list`")]
    NoContact(ContactId),
    /// The deputy works elsewhere: nobody hears for another agency.
    #[error("{deputy} is not of the same agency as {contact}")]
    OtherAgency {
        /// Who is away.
        contact: ContactId,
        /// Who was to stand in.
        deputy: ContactId,
    },
    /// Somebody cannot stand in for themselves.
    #[error("{0} cannot stand in for themselves")]
    OwnDeputy(ContactId),
    /// The days make no sense.
    #[error("an absence from {from} to {to} ends before it begins, or is over")]
    BadDays {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
}

/// By whom it was said, and when.
pub struct Told {
    /// By whom.
    pub actor: Actor,
    /// In which message.
    pub source: Option<String>,
    /// The day.
    pub today: NaiveDate,
    /// The instant.
    pub now: DateTime<Utc>,
}

/// Notes an absence, within the caller's transaction.
///
/// # Errors
/// When it makes no sense; nothing is noted then.
pub(super) async fn leave(
    tx: &mut Tx,
    setup: &Setup,
    absence: &Absence,
    told: &Told,
) -> Result<(), AbsenceError> {
    let (from, to) = (absence.from, absence.to);
    if to < from || to < told.today {
        return Err(AbsenceError::BadDays { from, to });
    }
    let find = async |tx: &mut Tx, id: &ContactId| -> Result<_, AbsenceError> {
        let found = contacts::find(tx, id).await?.filter(|one| one.active);
        let found = found.ok_or_else(|| AbsenceError::NoContact(id.clone()))?;
        Ok(found.contact)
    };
    let contact = find(tx, &absence.contact).await?;
    if let Some(deputy) = &absence.deputy {
        if *deputy == contact.id {
            return Err(AbsenceError::OwnDeputy(contact.id));
        }
        if find(tx, deputy).await?.agency != contact.agency {
            return Err(AbsenceError::OtherAgency {
                contact: contact.id,
                deputy: deputy.clone(),
            });
        }
    }
    absences::insert(tx, absence, told.now).await?;
    if let Some(charge) = setup.of_agency(&contact.agency) {
        let event = NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: told.now,
            actor: told.actor.clone(),
            kind: "away".to_owned(),
            payload: json!({ "contact": contact.id, "from": from, "to": to, "deputy": absence.deputy }),
            source: told.source.clone(),
        };
        events::append(tx, &[event]).await?;
    }
    Ok(())
}

/// Ends every absence of a contact, within the caller's transaction. False when there is none.
///
/// # Errors
/// When the database fails.
pub(super) async fn come_back(
    tx: &mut Tx,
    setup: &Setup,
    contact: &ContactId,
    told: &Told,
) -> Result<bool, StoreError> {
    let Some(stored) = contacts::find(tx, contact).await? else {
        return Ok(false);
    };
    if absences::end(tx, contact, told.today).await? == 0 {
        return Ok(false);
    }
    if let Some(charge) = setup.of_agency(&stored.contact.agency) {
        let event = NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: told.now,
            actor: told.actor.clone(),
            kind: "back".to_owned(),
            payload: json!({ "contact": contact, "on": told.today }),
            source: told.source.clone(),
        };
        events::append(tx, &[event]).await?;
    }
    Ok(true)
}

/// Notes an absence that an administrator was told of.
///
/// # Errors
/// When it makes no sense; nothing is noted then.
pub async fn note_absence(
    db: &Db,
    setup: &Setup,
    absence: &Absence,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), AbsenceError> {
    let mut tx = db.begin().await?;
    leave(&mut tx, setup, absence, &Told::by_operator(today, now)).await?;
    Ok(tx.commit().await?)
}

/// Ends the absences of a contact as of `today`. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn end_absence(
    db: &Db,
    setup: &Setup,
    contact: &ContactId,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut tx = db.begin().await?;
    let told = Told::by_operator(today, now);
    let was_away = come_back(&mut tx, setup, contact, &told).await?;
    tx.commit().await?;
    Ok(was_away)
}

/// The absences that are not over on `today`, in the order in which they were said.
///
/// # Errors
/// When the database fails.
pub async fn list_absences(db: &Db, today: NaiveDate) -> Result<Vec<Absence>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(absences::list(&mut tx, today).await?)
}

impl Told {
    fn by_operator(today: NaiveDate, now: DateTime<Utc>) -> Self {
        Self {
            actor: Actor::Operator,
            source: None,
            today,
            now,
        }
    }
}
