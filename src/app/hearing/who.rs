//! Everybody who may hear of what is owed, in which capacity, and for whom they stand in.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::former::Former;
use super::{StandIn, Told};
use crate::app::people::People;
use crate::app::setup::{Charge, Setup};
use crate::app::windows::Windows;
use crate::domain::absence::{Gap, Hearer, Hearing, Missing};
use crate::domain::brief::Concern;
use crate::domain::directory::{Contact, Role};
use crate::domain::docket::who_decides;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;

/// Somebody who hears of an obligation when its rungs fall due, or decides on what waits of it.
pub(super) struct Heard<'a> {
    pub(super) obligation: &'a Obligation,
    pub(super) office: &'a AgencyCode,
    pub(super) audience: Audience,
    pub(super) concern: Concern,
    pub(super) contact: &'a Contact,
    pub(super) instead_of: Vec<Missing<'a>>,
}

/// Everybody who may hear of some obligations, and those of which somebody should hear who is away, and nobody does instead.
#[derive(Default)]
pub(super) struct AllHeard<'a> {
    pub(super) heard: Vec<Heard<'a>>,
    pub(super) unheard: BTreeSet<ObligationId>,
}

impl<'a> Heard<'a> {
    /// Those whose tellings count as told to this one: who is stood in for, and after an absence of their own whoever heard
    /// in the meantime.
    pub(super) fn told_to(
        &self,
        people: &'a People,
        today: NaiveDate,
    ) -> impl Iterator<Item = &'a ContactId> {
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

    /// Whether it is heard in the place of a role that nobody has.
    pub(super) fn is_for_an_empty_role(&self) -> bool {
        self.instead_of.iter().any(|one| one.contact.is_none())
    }

    /// The day on which this person, or somebody in their place, was last told of it.
    pub(super) fn last_told(
        &self,
        people: &People,
        former: &Former,
        told: &Told,
        today: NaiveDate,
    ) -> Option<NaiveDate> {
        let day = |id: &ContactId| told.get(&(self.obligation.id, id.clone())).copied();
        let others = self.instead_of.iter().filter_map(|one| one.contact);
        let own = others.map(|other| day(&other.id)).max().flatten();
        let own = own.max(day(&self.contact.id));
        let own = own.max(former.before(self).filter_map(day).max());
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

    pub(super) fn stands_in(&self, people: &People, today: NaiveDate) -> Vec<StandIn> {
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
                is_head: one.contact.map_or(
                    matches!(self.audience, Audience::Head | Audience::Leader),
                    |other| other.role != Role::Officer,
                ),
                why: one.why,
                until: one
                    .contact
                    .and_then(|other| people.absences.until(&other.id, today)),
            })
            .collect()
    }
}

/// Everybody who may hear of each obligation, in order.
pub(super) fn heard<'a>(
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
        let reaches = |contact: &Contact| windows.hears(contact);
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
