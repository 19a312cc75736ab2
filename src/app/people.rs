//! The contacts by office, and who of them hears on a day.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::AppError;
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use crate::domain::absence::{Absence, Absences, Hearing, Notice, hearers};
use crate::domain::calendar::Calendar;
use crate::domain::directory::{Contact, Role};
use crate::domain::docket::{Deciders, Rank};
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::store::events::{self, Event};
use crate::store::{Db, Known, StoreError, Tx, absences, contacts, past};

/// The line of the ledger by which somebody is away.
pub(super) const AWAY: &str = "away";
/// The line by which somebody is back.
pub(super) const BACK: &str = "back";

/// How long an absence is remembered: beyond it nobody asks who was told instead.
const REMEMBERED_DAYS: u64 = 62;

/// For how many days somebody who is away is waited for.
const LONGEST_AWAY: usize = 400;

/// The contacts of some agencies, with their absences.
#[derive(Debug)]
pub struct People {
    by_agency: HashMap<AgencyCode, Office>,
    pub(super) absences: Absences,
    day: NaiveDate,
}

/// The people of an agency, by role.
#[derive(Debug, Default)]
struct Office {
    officers: Vec<Contact>,
    heads: Vec<Contact>,
    deputies: Vec<Contact>,
}

impl Office {
    const EMPTY: &Self = &Self {
        officers: Vec::new(),
        heads: Vec::new(),
        deputies: Vec::new(),
    };

    fn in_role(&mut self, role: Role) -> &mut Vec<Contact> {
        match role {
            Role::Officer => &mut self.officers,
            Role::Head => &mut self.heads,
            Role::Deputy => &mut self.deputies,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Contact> {
        [&self.officers, &self.heads, &self.deputies]
            .into_iter()
            .flatten()
    }
}

/// The agency of a contact, removed or not, that has nobody left, and who hears instead of it on `day`; `None` when somebody is
/// left there, or nobody has that id.
///
/// # Errors
/// When the database fails.
pub async fn left_empty(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    contact: &ContactId,
    day: NaiveDate,
) -> Result<Option<(AgencyCode, Vec<Contact>)>, AppError> {
    let mut tx = db.snapshot().await?;
    let Some(found) = contacts::find(&mut tx, contact).await? else {
        return Ok(None);
    };
    let agency = found.contact.agency;
    let Some(charge) = setup.of_agency(&agency) else {
        return Ok(None);
    };
    let plan = &charge.plan;
    let mut offices = vec![agency.clone(), plan.monitor.clone(), plan.issuer.clone()];
    offices.sort_unstable();
    offices.dedup();
    let people = People::of(&mut tx, &offices, day).await?;
    if people.of_agency(&agency).next().is_some() {
        return Ok(None);
    }
    let reaches = |one: &Contact| is_reached(one, origin);
    let hearing = people.heard_or_above(charge, &agency, Audience::Officer, reaches);
    let hearers = hearing.hearers.iter().map(|one| one.contact);
    let hearers = hearers.filter(|one| reaches(one)).cloned().collect();
    Ok(Some((agency, hearers)))
}

/// Who is away on `day`, or was in the weeks before it, as far as that was known: what is known now stands in the rows, and what was
/// known before in the ledger.
///
/// # Errors
/// When the database fails.
pub(super) async fn absences_known(
    tx: &mut Tx,
    day: NaiveDate,
    known: Known,
) -> Result<Absences, StoreError> {
    if known.is_now() {
        let since = day - Days::new(REMEMBERED_DAYS);
        return Ok(Absences::new(absences::list(tx, since).await?));
    }
    let lines = events::list_of_kinds(tx, &[AWAY, BACK]).await?;
    let earlier = lines.iter().filter(|line| known.has(line.entry.at));
    Ok(Absences::told(earlier.filter_map(notice)))
}

/// What a line says of an absence; what was erased says nothing.
fn notice(line: &Event) -> Option<Notice> {
    let payload = &line.entry.payload;
    let contact = ContactId::new(payload["contact"].as_str()?);
    let day = |name: &str| payload[name].as_str()?.parse().ok();
    Some(if line.entry.kind == BACK {
        let on = day("on")?;
        Notice::Back { contact, on }
    } else {
        Notice::Away(Absence {
            contact,
            from: day("from")?,
            to: day("to")?,
            deputy: payload["deputy"].as_str().map(ContactId::new),
        })
    })
}

/// Whether a channel of this installation leads to a contact.
pub(super) fn is_reached(contact: &Contact, origin: &Origin) -> bool {
    let mut channels = contact.channels.iter();
    channels.any(|(channel, _)| origin.channels.contains(channel))
}

impl People {
    /// Reads the contacts of these agencies, and who is away on `day`.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(
        tx: &mut Tx,
        agencies: &[AgencyCode],
        day: NaiveDate,
    ) -> Result<Self, StoreError> {
        Self::known(tx, agencies, day, Known::NOW).await
    }

    /// The same as far as they were known.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn known(
        tx: &mut Tx,
        agencies: &[AgencyCode],
        day: NaiveDate,
        known: Known,
    ) -> Result<Self, StoreError> {
        let stored = past::contacts_of_agencies(tx, agencies, known).await?;
        let absences = absences_known(tx, day, known).await?;
        let contacts = stored.into_iter().map(|one| one.contact);
        Ok(Self::new(contacts, absences, day))
    }

    /// Files the contacts, as of `day`.
    #[must_use]
    pub fn new(
        contacts: impl IntoIterator<Item = Contact>,
        absences: Absences,
        day: NaiveDate,
    ) -> Self {
        let mut by_agency: HashMap<AgencyCode, Office> = HashMap::new();
        for contact in contacts {
            let office = by_agency.entry(contact.agency.clone()).or_default();
            office.in_role(contact.role).push(contact);
        }
        Self {
            by_agency,
            absences,
            day,
        }
    }

    /// The same people on another day.
    pub(super) fn on(self, day: NaiveDate) -> Self {
        Self { day, ..self }
    }

    /// Everybody.
    pub(super) fn all(&self) -> impl Iterator<Item = &Contact> {
        self.by_agency.values().flat_map(Office::all)
    }

    /// Everybody of an agency, away or not.
    pub(super) fn of_agency(&self, agency: &AgencyCode) -> impl Iterator<Item = &Contact> {
        self.office(agency).all()
    }

    /// Who hears in this capacity of what `agency` owes. A deputy stands in where an agency has no head; for whoever is
    /// away, out of reach or was never named, see [`hearers`].
    pub fn heard_by<'a>(
        &'a self,
        charge: &Charge,
        agency: &AgencyCode,
        audience: Audience,
        reaches: impl Fn(&Contact) -> bool,
    ) -> Hearing<'a> {
        let (office, rank) = match audience {
            Audience::Officer => (agency, Rank::Everybody),
            Audience::Head => (agency, Rank::Heads),
            Audience::Monitor => (&charge.plan.monitor, Rank::Everybody),
            Audience::Leader => (&charge.plan.issuer, Rank::Heads),
        };
        self.in_rank(office, rank, reaches)
    }

    /// The same, or whoever hears above an office in which nobody does: for an agency the monitor, for the monitor the leader.
    /// So it is for a head who is away and has nobody to stand in. What is for a head of the monitor its officers hear then: its own
    /// reminders are not for the leader.
    pub fn heard_or_above<'a>(
        &'a self,
        charge: &Charge,
        agency: &AgencyCode,
        audience: Audience,
        reaches: impl Fn(&Contact) -> bool,
    ) -> Hearing<'a> {
        let is_monitor = *agency == charge.plan.monitor;
        let above: &[Audience] = match audience {
            Audience::Head => &[Audience::Monitor, Audience::Leader],
            Audience::Officer if !is_monitor => &[Audience::Monitor, Audience::Leader],
            Audience::Officer | Audience::Monitor => &[Audience::Leader],
            Audience::Leader => &[],
        };
        let mut hearing = self.heard_by(charge, agency, audience, &reaches);
        for audience in above {
            if hearing.unfilled.is_empty() {
                break;
            }
            hearing = hearing.or_above(self.heard_by(charge, agency, *audience, &reaches));
        }
        hearing
    }

    /// Who is asked for the decision on what waits.
    pub(super) fn asked<'a>(
        &'a self,
        deciders: &Deciders<'_>,
        reaches: impl Fn(&Contact) -> bool,
    ) -> Hearing<'a> {
        self.in_rank(deciders.agency, deciders.rank, reaches)
    }

    /// The officers of an office first, or its head; next the others of that rank.
    fn in_rank<'a>(
        &'a self,
        office: &AgencyCode,
        rank: Rank,
        reaches: impl Fn(&Contact) -> bool,
    ) -> Hearing<'a> {
        let Office {
            officers,
            heads,
            deputies,
        } = self.office(office);
        let steps: [&[Contact]; 3] = match rank {
            Rank::Everybody => [officers, heads, deputies],
            Rank::Heads if heads.is_empty() => [deputies, &[], &[]],
            Rank::Heads => [heads, deputies, &[]],
        };
        let find = |id: &ContactId| self.all().find(|one| one.id == *id);
        hearers(&steps, self.day, &self.absences, find, reaches)
    }

    /// The first working day after `day` on which somebody is not away.
    pub(super) fn back_on(
        &self,
        contact: &ContactId,
        day: NaiveDate,
        calendar: &Calendar,
    ) -> Option<NaiveDate> {
        let days = day.iter_days().skip(1).take(LONGEST_AWAY);
        let mut days = days.filter(|one| calendar.is_working_day(*one));
        days.find(|one| self.absences.on(contact, *one).is_none())
    }

    fn office(&self, agency: &AgencyCode) -> &Office {
        self.by_agency.get(agency).unwrap_or(Office::EMPTY)
    }
}
