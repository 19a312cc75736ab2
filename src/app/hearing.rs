//! Who hears of what is due, and what each is told of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::AppError;
use super::announce::{Waiting, waiting};
use super::ladders::Ladders;
use super::setup::{People, Setup};
use crate::clock::local;
use crate::domain::amendment::Announcement;
use crate::domain::brief::{Brief, Candidate, Saying, brief};
use crate::domain::decide::What;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::store::briefs;
use crate::store::statements::Said;
use crate::store::{Tx, contacts};

/// When the last telling of each obligation to each person was.
type Told = HashMap<(ObligationId, ContactId), NaiveDate>;

/// The briefs of `today`, each with its reader.
///
/// # Errors
/// When the database fails.
pub(super) async fn briefs_of(
    tx: &mut Tx,
    setup: &Setup,
    due: &[Obligation],
    ladders: &Ladders,
    said: &HashMap<ObligationId, Said>,
    today: NaiveDate,
) -> Result<Vec<(Contact, Brief)>, AppError> {
    let people = people(tx, setup, due).await?;
    let waiting = waiting(tx).await?;
    let amended = amended(tx, &waiting).await?;
    let heard = heard(setup, &people, due);
    let pairs: Vec<_> = heard
        .iter()
        .map(|one| (one.obligation.id, &one.contact.id))
        .collect();
    let told = briefs::last_told(tx, &pairs).await?;
    let amended = amended
        .iter()
        .filter_map(|contact| Some((contact, waiting.get(&contact.id)?.as_slice())));
    Ok(briefs_of_day(
        setup, &heard, amended, ladders, &told, said, today,
    ))
}

/// The contacts of the agencies that owe something, and of those that watch.
async fn people(tx: &mut Tx, setup: &Setup, due: &[Obligation]) -> Result<People, AppError> {
    let mut agencies: BTreeSet<AgencyCode> = due
        .iter()
        .map(|obligation| obligation.agency.clone())
        .collect();
    for charge in &setup.charges {
        agencies.extend([charge.plan.monitor.clone(), charge.plan.issuer.clone()]);
    }
    let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
    let stored = contacts::list_of_agencies(tx, &agencies).await?;
    Ok(People::new(stored.into_iter().map(|stored| stored.contact)))
}

/// The people who have not been told yet of what documents have changed.
async fn amended(tx: &mut Tx, waiting: &Waiting) -> Result<Vec<Contact>, AppError> {
    let mut people = Vec::new();
    for id in waiting.keys() {
        let found = contacts::find(tx, id).await?;
        people.extend(found.filter(|one| one.active).map(|one| one.contact));
    }
    Ok(people)
}

/// Somebody who hears of an obligation when its rungs fall due.
struct Heard<'a> {
    obligation: &'a Obligation,
    audience: Audience,
    contact: &'a Contact,
}

/// Everybody who may hear of each obligation, in order.
fn heard<'a>(setup: &'a Setup, people: &'a People, due: &'a [Obligation]) -> Vec<Heard<'a>> {
    let mut heard = Vec::new();
    for obligation in due {
        // What has left the files, which every load says, has no text.
        let charge = setup.find(&obligation.plan);
        let Some(charge) = charge.filter(|_| setup.owes(obligation)) else {
            continue;
        };
        for audience in Audience::ALL {
            let contacts = people.heard_by(charge, &obligation.agency, audience);
            heard.extend(contacts.iter().map(|contact| Heard {
                obligation,
                audience,
                contact,
            }));
        }
    }
    heard
}

/// A person with all that may be in the brief.
struct Concerned<'a> {
    contact: &'a Contact,
    candidates: Vec<Candidate<'a>>,
    changes: &'a [Announcement],
}

impl<'a> Concerned<'a> {
    fn new(contact: &'a Contact) -> Self {
        Self {
            contact,
            candidates: Vec::new(),
            changes: &[],
        }
    }
}

/// The briefs of a day: a pure function of what was read.
fn briefs_of_day<'a>(
    setup: &Setup,
    heard: &'a [Heard<'a>],
    amended: impl Iterator<Item = (&'a Contact, &'a [Announcement])>,
    ladders: &'a Ladders,
    told: &Told,
    said: &HashMap<ObligationId, Said>,
    today: NaiveDate,
) -> Vec<(Contact, Brief)> {
    let mut concerned: BTreeMap<&ContactId, Concerned<'_>> = BTreeMap::new();
    for (contact, changes) in amended {
        concerned
            .entry(&contact.id)
            .or_insert(Concerned::new(contact))
            .changes = changes;
    }
    for one in heard {
        let (obligation, contact) = (one.obligation, one.contact);
        let candidate = Candidate {
            obligation,
            audience: one.audience,
            told: told.get(&(obligation.id, contact.id.clone())).copied(),
            said: said.get(&obligation.id).map(saying),
            ladder: ladders.find(obligation.id),
        };
        concerned
            .entry(&contact.id)
            .or_insert(Concerned::new(contact))
            .candidates
            .push(candidate);
    }
    concerned
        .into_values()
        .filter_map(|one| {
            let contact = one.contact;
            let brief = brief(
                &contact.id,
                today,
                &one.candidates,
                one.changes,
                &setup.calendar,
            )?;
            Some((contact.clone(), brief))
        })
        .collect()
}

fn saying(said: &Said) -> Saying {
    Saying {
        on: local(said.at).date(),
        blocked: said.intent == What::Blocked.as_str(),
    }
}
