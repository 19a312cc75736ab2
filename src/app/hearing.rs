//! Who hears of what is due, and what each is told of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::announce::{Waiting, waiting};
use super::ladders::Ladders;
use super::people::People;
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use super::windows::Windows;
use crate::clock::local;
use crate::domain::absence::{Absences, Gap, Hearer, Hearing, Missing};
use crate::domain::amendment::Announcement;
use crate::domain::brief::{Brief, Candidate, Concern, Saying, brief};
use crate::domain::decide::What;
use crate::domain::directory::Contact;
use crate::domain::docket::who_decides;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::store::statements::Said;
use crate::store::{Tx, absences, briefs, contacts};

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
    let pairs: BTreeSet<(ObligationId, &ContactId)> = heard
        .iter()
        .flat_map(|one| {
            one.told_to(&people, today)
                .map(|id| (one.obligation.id, id))
        })
        .collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    let told = briefs::last_told(tx, &pairs).await?;
    let amended = amended
        .iter()
        .filter_map(|contact| Some((contact, waiting.get(&contact.id)?.as_slice())));
    let known = Known {
        setup,
        people: &people,
        ladders,
        told: &told,
        said,
        today,
    };
    Ok(Briefs {
        briefs: known.briefs(&heard, amended),
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

/// Somebody who hears of an obligation when its rungs fall due, or decides on what waits of it.
struct Heard<'a> {
    obligation: &'a Obligation,
    office: &'a AgencyCode,
    audience: Audience,
    concern: Concern,
    contact: &'a Contact,
    instead_of: Vec<Missing<'a>>,
}

/// Everybody who may hear of some obligations, and those of which somebody should hear who is away, and nobody does instead.
#[derive(Default)]
struct AllHeard<'a> {
    heard: Vec<Heard<'a>>,
    unheard: BTreeSet<ObligationId>,
}

impl<'a> Heard<'a> {
    /// Those whose tellings count as told to this one: who is stood in for, and after an absence of their own whoever heard
    /// in the meantime.
    fn told_to(&self, people: &'a People, today: NaiveDate) -> impl Iterator<Item = &'a ContactId> {
        let others = self.instead_of.iter().filter_map(|one| one.contact);
        let mut ids: Vec<&ContactId> = others.map(|other| &other.id).collect();
        ids.push(&self.contact.id);
        if people
            .absences
            .past(&self.contact.id, today)
            .next()
            .is_some()
        {
            let own = people.of_agency(&self.contact.agency);
            ids.extend(own.map(|colleague| &colleague.id));
        }
        ids.into_iter()
    }

    /// The day on which this person, or somebody in their place, was last told of it.
    fn last_told(&self, people: &People, told: &Told, today: NaiveDate) -> Option<NaiveDate> {
        let day = |id: &ContactId| told.get(&(self.obligation.id, id.clone())).copied();
        let others = self.instead_of.iter().filter_map(|one| one.contact);
        let own = others.map(|other| day(&other.id)).max().flatten();
        let own = own.max(day(&self.contact.id));
        let meanwhile = people
            .absences
            .past(&self.contact.id, today)
            .flat_map(|past| {
                let heard = people.of_agency(&self.contact.agency);
                heard.filter_map(move |other| {
                    let on = day(&other.id).filter(|on| *on >= past.from)?;
                    Some(on.min(past.to))
                })
            });
        own.max(meanwhile.max())
    }

    fn stands_in(&self, people: &People, today: NaiveDate) -> Vec<StandIn> {
        let missing = self.instead_of.iter();
        missing
            .map(|one| StandIn {
                agency: one
                    .contact
                    .map_or(self.office, |other| &other.agency)
                    .clone(),
                title: one
                    .contact
                    .map(|other| other.title.clone())
                    .unwrap_or_default(),
                why: one.why,
                until: one
                    .contact
                    .and_then(|other| people.absences.until(&other.id, today)),
            })
            .collect()
    }
}

/// Everybody who may hear of each obligation, in order.
fn heard<'a>(
    setup: &'a Setup,
    people: &'a People,
    windows: &Windows<'_>,
    due: &'a [Obligation],
) -> AllHeard<'a> {
    let mut all = AllHeard::default();
    for obligation in due {
        // What has left the files, which every load says, has no text.
        let charge = setup.find(&obligation.plan);
        let Some(charge) = charge.filter(|_| setup.owes(obligation)) else {
            continue;
        };
        let mut of_one: Vec<Heard<'a>> = Vec::new();
        let reaches = |contact: &Contact| windows.reach(contact).is_ok();
        for audience in Audience::ALL {
            let hearing = people.heard_or_above(charge, &obligation.agency, audience, reaches);
            if comes_back(&hearing) {
                all.unheard.insert(obligation.id);
            }
            let office = office(charge, obligation, audience);
            of_one.extend(hearing.hearers.into_iter().map(|one| Heard {
                obligation,
                office,
                audience,
                concern: Concern::Ladder,
                contact: one.contact,
                instead_of: one.instead_of,
            }));
        }
        if let Some(pending) = obligation.pending {
            let deciders = who_decides(&charge.plan, pending, &obligation.agency);
            let hearing = people.asked(&deciders, reaches);
            // Who hears in their place cannot decide.
            if comes_back(&hearing) {
                all.unheard.insert(obligation.id);
            }
            let above = match deciders.audience {
                Audience::Monitor if !hearing.unfilled.is_empty() => {
                    let (agency, leader) = (&obligation.agency, Audience::Leader);
                    hearing.or_above(people.heard_by(charge, agency, leader, reaches))
                }
                _ => hearing,
            };
            for one in above.hearers {
                decides(&mut of_one, charge, obligation, deciders.audience, one);
            }
        }
        all.heard.append(&mut of_one);
    }
    all
}

/// Whether somebody who should hear is away, and nobody at all hears: it is told when they are back.
fn comes_back(hearing: &Hearing<'_>) -> bool {
    hearing.unfilled.iter().any(|one| one.why == Gap::Away)
}

/// Whose people hear in this capacity of an obligation.
fn office<'a>(
    charge: &'a Charge,
    obligation: &'a Obligation,
    audience: Audience,
) -> &'a AgencyCode {
    match audience {
        Audience::Officer | Audience::Head => &obligation.agency,
        Audience::Monitor => &charge.plan.monitor,
        Audience::Leader => &charge.plan.issuer,
    }
}

/// Adds that somebody is asked for a decision, be it beside what the ladder has them hear.
fn decides<'a>(
    heard: &mut Vec<Heard<'a>>,
    charge: &'a Charge,
    obligation: &'a Obligation,
    audience: Audience,
    asked: Hearer<'a>,
) {
    let is_same =
        |one: &&mut Heard<'a>| one.contact.id == asked.contact.id && one.audience == audience;
    match heard.iter_mut().find(is_same) {
        Some(known) => known.concern = Concern::LadderAndDecision,
        None => heard.push(Heard {
            obligation,
            office: office(charge, obligation, audience),
            audience,
            concern: Concern::Decision,
            contact: asked.contact,
            instead_of: asked.instead_of,
        }),
    }
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
    ladders: &'a Ladders,
    told: &'a Told,
    said: &'a HashMap<ObligationId, Said>,
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
                told: one.last_told(self.people, self.told, today),
                said: self.said.get(&one.obligation.id).map(saying),
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
