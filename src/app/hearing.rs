//! Who hears of what is due, and what each is told of it.

mod former;
mod who;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::announce::{Waiting, waiting};
use super::ladders::Ladders;
use super::people::People;
use super::plan_day::Origin;
use super::requests::wished_until;
use super::setup::Setup;
use super::windows::Windows;
use crate::clock::local;
use crate::domain::absence::{Absences, Gap};
use crate::domain::amendment::Announcement;
use crate::domain::brief::{Brief, Candidate, Saying, brief};
use crate::domain::decide::What;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::store::statements::Said;
use crate::store::{Tx, absences, briefs, contacts};
use former::Former;
use who::{AllHeard, Heard, heard};

/// When the last telling of each obligation to each person was.
type Told = HashMap<(ObligationId, ContactId), NaiveDate>;

/// A brief with its reader.
pub(super) struct Heeded {
    pub contact: Contact,
    pub brief: Brief,
    /// For whom the reader stands in.
    pub stands_in: BTreeSet<StandIn>,
}

/// The briefs of a day.
pub(super) struct Briefs {
    pub briefs: Vec<Heeded>,
    /// Until when more time is asked for of what is due, where that waits and a day was named.
    pub wished: HashMap<ObligationId, NaiveDate>,
    /// Of what somebody should hear who is away, and nobody does instead: it is looked at again on every day until they are
    /// back.
    pub unheard: BTreeSet<ObligationId>,
}

/// Somebody whom another hears for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StandIn {
    pub agency: AgencyCode,
    /// The other's title; empty for a role that nobody has.
    pub title: String,
    /// Whether the other heads the agency, or should.
    pub is_head: bool,
    pub why: Gap,
    /// The last day of the absence.
    pub until: Option<NaiveDate>,
}

/// The briefs of `today`, each with its reader.
///
/// # Errors
/// When the database fails.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub(super) async fn briefs_of(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    due: &[Obligation],
    ladders: &Ladders,
    said: &HashMap<ObligationId, Said>,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> Result<Briefs, AppError> {
    let people = people(tx, setup, due, today).await?;
    let waiting = waiting(tx).await?;
    let amended = amended(tx, &waiting, today).await?;
    let windows = Windows::of(tx, setup, origin, people.all(), today, at).await?;
    let AllHeard { heard, unheard } = heard(setup, &people, &windows, due);
    let former = Former::of(tx, &heard).await?;
    let pairs: BTreeSet<(ObligationId, &ContactId)> = heard
        .iter()
        .flat_map(|one| {
            let told_to = one.told_to(&people, today).chain(former.before(one));
            told_to.map(|id| (one.obligation.id, id))
        })
        .collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    let told = briefs::last_told(tx, &pairs).await?;
    let amended = amended
        .iter()
        .filter_map(|contact| Some((contact, waiting.get(&contact.id)?.as_slice())));
    let wished = wished_until(tx, due.iter()).await?;
    let known = Known {
        setup,
        people: &people,
        former: &former,
        ladders,
        told: &told,
        said,
        wished: &wished,
        today,
    };
    Ok(Briefs {
        briefs: known.briefs(&heard, amended),
        wished,
        unheard,
    })
}

/// The people who have not been told yet of what documents have changed, but for who is away: they are told when back.
async fn amended(
    tx: &mut Tx,
    waiting: &Waiting,
    today: NaiveDate,
) -> Result<Vec<Contact>, AppError> {
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let absences = Absences::new(absences::list(tx, today).await?);
    let present = waiting.keys();
    let present: Vec<&ContactId> = present
        .filter(|id| absences.on(id, today).is_none())
        .collect();
    let found = contacts::list_by_id(tx, &present).await?;
    Ok(found.into_iter().map(|one| one.contact).collect())
}

/// For whom `contact` stands in on `day`, of those who should hear of these obligations in these capacities.
///
/// # Errors
/// When the database fails.
pub(super) async fn stand_ins(
    tx: &mut Tx,
    setup: &Setup,
    windows: &Windows<'_>,
    contact: &ContactId,
    day: NaiveDate,
    told: &[(&Obligation, Audience)],
) -> Result<BTreeSet<StandIn>, AppError> {
    let due: Vec<Obligation> = told.iter().map(|(one, _)| (*one).clone()).collect();
    let people = people(tx, setup, &due, day).await?;
    let all = heard(setup, &people, windows, &due);
    let own = all.heard.iter().filter(|one| {
        let is_told = |(obligation, audience): &(&Obligation, Audience)| {
            obligation.id == one.obligation.id && *audience == one.audience
        };
        one.contact.id == *contact && told.iter().any(is_told)
    });
    Ok(own.flat_map(|one| one.stands_in(&people, day)).collect())
}

/// The contacts of the agencies that owe something, and of those that watch.
async fn people(
    tx: &mut Tx,
    setup: &Setup,
    due: &[Obligation],
    day: NaiveDate,
) -> Result<People, AppError> {
    let mut agencies: BTreeSet<AgencyCode> = due
        .iter()
        .map(|obligation| obligation.agency.clone())
        .collect();
    for charge in &setup.charges {
        agencies.extend([charge.plan.monitor.clone(), charge.plan.issuer.clone()]);
    }
    let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
    Ok(People::of(tx, &agencies, day).await?)
}

/// A person with all that may be in the brief.
struct Concerned<'a> {
    contact: &'a Contact,
    heard: Vec<&'a Heard<'a>>,
    changes: &'a [Announcement],
}

impl<'a> Concerned<'a> {
    fn new(contact: &'a Contact) -> Self {
        Self {
            contact,
            heard: Vec::new(),
            changes: &[],
        }
    }
}

/// What was read, beside who hears of what.
struct Known<'a> {
    setup: &'a Setup,
    people: &'a People,
    former: &'a Former,
    ladders: &'a Ladders,
    told: &'a Told,
    said: &'a HashMap<ObligationId, Said>,
    wished: &'a HashMap<ObligationId, NaiveDate>,
    today: NaiveDate,
}

impl Known<'_> {
    /// The briefs of a day: a pure function of what was read.
    fn briefs<'a>(
        &self,
        heard: &'a [Heard<'a>],
        amended: impl Iterator<Item = (&'a Contact, &'a [Announcement])>,
    ) -> Vec<Heeded> {
        let mut concerned: BTreeMap<&ContactId, Concerned<'_>> = BTreeMap::new();
        for (contact, changes) in amended {
            concerned
                .entry(&contact.id)
                .or_insert(Concerned::new(contact))
                .changes = changes;
        }
        for one in heard {
            concerned
                .entry(&one.contact.id)
                .or_insert(Concerned::new(one.contact))
                .heard
                .push(one);
        }
        let concerned = concerned.into_values();
        concerned.filter_map(|one| self.brief(&one)).collect()
    }

    fn brief(&self, concerned: &Concerned<'_>) -> Option<Heeded> {
        let (contact, heard, today) = (concerned.contact, &concerned.heard, self.today);
        let candidates: Vec<Candidate<'_>> = heard
            .iter()
            .map(|one| Candidate {
                obligation: one.obligation,
                audience: one.audience,
                concern: one.concern,
                told: one.last_told(self.people, self.former, self.told, today),
                said: self.said.get(&one.obligation.id).map(saying),
                wished: self.wished.get(&one.obligation.id).copied(),
                ladder: self.ladders.find(one.obligation.id),
            })
            .collect();
        let calendar = &self.setup.calendar;
        let brief = brief(&contact.id, today, &candidates, concerned.changes, calendar)?;
        let carried = heard.iter().filter(|one| {
            let mut items = brief.items.iter();
            items.any(|item| item.obligation == one.obligation.id && item.audience == one.audience)
        });
        let stands_in = carried
            .flat_map(|one| one.stands_in(self.people, today))
            .collect();
        Some(Heeded {
            contact: contact.clone(),
            brief,
            stands_in,
        })
    }
}

fn saying(said: &Said) -> Saying {
    Saying {
        on: local(said.at).date(),
        blocked: said.intent == What::Blocked.as_str(),
    }
}
