//! Somebody is away, or back.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::AppError;
use super::people::{AWAY, BACK, People, is_reached};
use super::plan_day::Origin;
use super::setup::Setup;
use crate::domain::absence::{self, Absence};
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::{Db, StoreError, Tx, absences, contacts, outbox};

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
    /// The last day is a slip, or the person has left.
    #[error(
        "an absence until {to} is not noted: it may end on {latest} at the latest; of somebody who has left, see `dondoc contact \
         remove`, and name who follows in contacts.toml"
    )]
    TooLong {
        /// Last day.
        to: NaiveDate,
        /// The latest that may be.
        latest: NaiveDate,
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

/// What followed from an absence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// What was known of the same days, as it was. Of one that began earlier the days before the new one stay.
    pub replaced: Vec<Absence>,
    /// When somebody was to stand in who is away too.
    pub gaps: Vec<Gap>,
    /// When nobody of the agency is left.
    pub deserted: Option<Deserted>,
    /// An officer who was named to stand in for a head: what climbs ends with who owes the answer.
    pub below: Option<ContactId>,
}

/// Some days on which nobody of an agency hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deserted {
    /// The agency.
    pub agency: AgencyCode,
    /// The first working day.
    pub from: NaiveDate,
    /// The last working day.
    pub to: NaiveDate,
    /// Who hears instead on the first of them; empty: nobody, until somebody of the agency is back.
    pub hearers: Vec<Contact>,
}

/// Some days on which somebody is away, and so is the deputy they named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Who is away.
    pub contact: Contact,
    /// Who was to stand in.
    pub deputy: Contact,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Who hears instead from the first of them on, of the agency or above it; empty: nobody.
    pub hearers: Vec<Contact>,
}

/// Notes an absence, within the caller's transaction. It takes the place of what was known of its days: an earlier absence of
/// the same person that overlaps it keeps only its days before.
///
/// # Errors
/// When it makes no sense; nothing is noted then.
pub(super) async fn leave(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    absence: &Absence,
    told: &Told,
) -> Result<Noted, AbsenceError> {
    let (from, to) = (absence.from, absence.to);
    if to < from || to < told.today {
        return Err(AbsenceError::BadDays { from, to });
    }
    let latest = absence::latest_end(from, told.today);
    if to > latest {
        return Err(AbsenceError::TooLong { to, latest });
    }
    let find = async |tx: &mut Tx, id: &ContactId| -> Result<_, AbsenceError> {
        let found = contacts::find(tx, id).await?.filter(|one| one.active);
        let found = found.ok_or_else(|| AbsenceError::NoContact(id.clone()))?;
        Ok(found.contact)
    };
    let contact = find(tx, &absence.contact).await?;
    let mut below = None;
    if let Some(deputy) = &absence.deputy {
        if *deputy == contact.id {
            return Err(AbsenceError::OwnDeputy(contact.id));
        }
        let stands_in = find(tx, deputy).await?;
        let is_below = contact.role != Role::Officer && stands_in.role == Role::Officer;
        below = is_below.then(|| deputy.clone());
        if stands_in.agency != contact.agency {
            return Err(AbsenceError::OtherAgency {
                contact: contact.id,
                deputy: deputy.clone(),
            });
        }
    }
    let replaced = absences::replace(tx, absence).await?;
    absences::insert(tx, absence, told.now).await?;
    if let Some(charge) = setup.of_agency(&contact.agency) {
        let event = NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: told.now,
            actor: told.actor.clone(),
            kind: AWAY.to_owned(),
            payload: json!({
                "contact": contact.id,
                "from": from,
                "to": to,
                "deputy": absence.deputy,
                "replaces": replaced.iter().map(days).collect::<Vec<_>>(),
            }),
            source: told.source.clone(),
        };
        events::append(tx, &[event]).await?;
    }
    let known = absences::list(tx, absence.from).await?;
    let people = people(tx, setup, &contact.agency, absence.from).await?;
    let (gaps, people) = gaps(people, &known, setup, origin, absence, &contact);
    Ok(Noted {
        replaced,
        gaps,
        deserted: deserted(people, setup, origin, absence, &contact.agency),
        below,
    })
}

fn days(absence: &Absence) -> Value {
    json!({ "from": absence.from, "to": absence.to, "deputy": absence.deputy })
}

/// The days of `absence` on which its deputy is away too, and those on which `contact` was to stand in for others, as far as
/// absences are `known`. Gives the people back.
fn gaps(
    mut people: People,
    known: &[Absence],
    setup: &Setup,
    origin: &Origin,
    absence: &Absence,
    contact: &Contact,
) -> (Vec<Gap>, People) {
    let by_deputy = known
        .iter()
        .filter(|one| absence.deputy.as_ref() == Some(&one.contact))
        .filter_map(|one| Some((absence, one.shared_with(absence)?)));
    let of_others = known
        .iter()
        .filter(|one| one.deputy.as_ref() == Some(&contact.id))
        .filter_map(|one| Some((one, one.shared_with(absence)?)));
    let mut found = Vec::new();
    for (away, (from, to)) in by_deputy.chain(of_others) {
        people = people.on(from);
        let find = |id: &ContactId| people.of_agency(&contact.agency).find(|one| one.id == *id);
        let deputy = away.deputy.as_ref().and_then(find);
        if let Some((who, deputy)) = find(&away.contact).zip(deputy) {
            found.push(Gap {
                hearers: stand_ins(&people, setup, origin, who),
                contact: who.clone(),
                deputy: deputy.clone(),
                from,
                to,
            });
        }
    }
    (found, people)
}

/// The working days of `absence` on which nobody of `agency` hears.
fn deserted(
    mut people: People,
    setup: &Setup,
    origin: &Origin,
    absence: &Absence,
    agency: &AgencyCode,
) -> Option<Deserted> {
    let charge = setup.of_agency(agency)?;
    let reaches = |one: &Contact| is_reached(one, origin);
    let mut found: Option<Deserted> = None;
    let days = absence.from.iter_days();
    let days = days.take_while(|day| *day <= absence.to);
    for day in days.filter(|day| setup.calendar.is_working_day(*day)) {
        people = people.on(day);
        let own = people.heard_by(charge, agency, Audience::Officer, reaches);
        if own.unfilled.iter().all(|one| one.why != absence::Gap::Away) {
            continue;
        }
        if let Some(known) = &mut found {
            known.to = day;
        } else {
            let above = people.heard_or_above(charge, agency, Audience::Officer, reaches);
            let hearers = above.hearers.iter().map(|one| one.contact);
            found = Some(Deserted {
                agency: agency.clone(),
                from: day,
                to: day,
                hearers: hearers.filter(|one| reaches(one)).cloned().collect(),
            });
        }
    }
    found
}

/// The people of an agency and of those above it.
async fn people(
    tx: &mut Tx,
    setup: &Setup,
    agency: &AgencyCode,
    day: NaiveDate,
) -> Result<People, StoreError> {
    let mut offices = vec![agency.clone()];
    if let Some(charge) = setup.of_agency(agency) {
        offices.extend([charge.plan.monitor.clone(), charge.plan.issuer.clone()]);
    }
    offices.sort_unstable();
    offices.dedup();
    People::of(tx, &offices, day).await
}

/// Who hears in the place of `contact`, of the same agency or above it, on the day of `people`.
fn stand_ins(people: &People, setup: &Setup, origin: &Origin, contact: &Contact) -> Vec<Contact> {
    let Some(charge) = setup.of_agency(&contact.agency) else {
        return Vec::new();
    };
    let audience = match contact.role {
        Role::Officer => Audience::Officer,
        Role::Head | Role::Deputy => Audience::Head,
    };
    let reaches = |one: &Contact| is_reached(one, origin);
    let hearing = people.heard_or_above(charge, &contact.agency, audience, reaches);
    let instead = hearing.hearers.iter().filter(|one| {
        let mut missing = one.instead_of.iter().filter_map(|gap| gap.contact);
        missing.any(|other| other.id == contact.id)
    });
    instead.map(|one| one.contact.clone()).collect()
}

/// Who hears in the place of `contact` on `day`, within the caller's transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn instead_of(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    contact: &Contact,
    day: NaiveDate,
) -> Result<Vec<Contact>, StoreError> {
    let people = people(tx, setup, &contact.agency, day).await?;
    Ok(stand_ins(&people, setup, origin, contact))
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
    outbox::hand_over_digests(tx, contact, told.now).await?;
    if let Some(charge) = setup.of_agency(&stored.contact.agency) {
        let event = NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: told.now,
            actor: told.actor.clone(),
            kind: BACK.to_owned(),
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
    origin: &Origin,
    absence: &Absence,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Noted, AbsenceError> {
    let mut tx = db.begin().await?;
    let told = Told::by_operator(today, now);
    let noted = leave(&mut tx, setup, origin, absence, &told).await?;
    tx.commit().await?;
    Ok(noted)
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
