//! Who must have heard: those in the role, as far as they were there.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::Window;
use crate::app::AppError;
use crate::app::setup::{Charge, Setup};
use crate::domain::absence::Absence;
use crate::domain::directory::Role;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::store::audit::Told;
use crate::store::contacts::StoredContact;
use crate::store::{Tx, absences, contacts};

/// The people of the agencies that are concerned.
pub(super) struct Offices {
    people: HashMap<(AgencyCode, Role), Vec<StoredContact>>,
    /// The officers, each with their agency.
    officers: HashMap<ContactId, AgencyCode>,
    absences: Vec<Absence>,
    to: NaiveDate,
    planned_at: DateTime<Utc>,
}

/// What somebody must have heard.
pub(super) struct Wanted<'a> {
    pub charge: &'a Charge,
    pub obligation: &'a Obligation,
    pub audience: Audience,
    pub on: NaiveDate,
}

/// Somebody who was not told; `None`: nobody was, of an office where the role was empty or away.
pub(super) type Missed = Option<ContactId>;

impl Offices {
    pub(super) async fn read<'a>(
        tx: &mut Tx,
        setup: &Setup,
        owed: impl Iterator<Item = &'a Obligation>,
        window: Window,
    ) -> Result<Self, AppError> {
        let mut agencies: HashSet<AgencyCode> = owed.map(|one| one.agency.clone()).collect();
        for charge in &setup.charges {
            agencies.extend([charge.plan.monitor.clone(), charge.plan.issuer.clone()]);
        }
        let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
        let mut people: HashMap<_, Vec<StoredContact>> = HashMap::new();
        let mut officers = HashMap::new();
        for one in contacts::list_of_agencies(tx, &agencies).await? {
            let contact = &one.contact;
            if contact.role == Role::Officer {
                officers.insert(contact.id.clone(), contact.agency.clone());
            }
            let office = (contact.agency.clone(), contact.role);
            people.entry(office).or_default().push(one);
        }
        Ok(Self {
            people,
            officers,
            absences: absences::list(tx, window.from).await?,
            to: window.to,
            planned_at: window.planned_at,
        })
    }

    /// Who of those who must have heard it did not.
    pub(super) fn missed(&self, wanted: &Wanted<'_>, told: &[Told]) -> Vec<Missed> {
        let (holders, next_up) = self.steps(wanted);
        let since = |one: &&Told| one.day >= wanted.on;
        let present: Vec<&ContactId> = self.present(holders, wanted.on).collect();
        if !present.is_empty() {
            let is_told = |id: &ContactId| {
                let mut told = told.iter().filter(since);
                told.any(|one| one.contact == *id)
            };
            let missed = present.into_iter().filter(|id| !is_told(id));
            return missed.map(|id| Some(id.clone())).collect();
        }
        let mut told = told.iter().filter(since);
        let has_next = next_up
            .iter()
            .any(|step| self.present(step, wanted.on).next().is_some());
        // Without anybody to tell, the digest says that somebody has to be named.
        if has_next && !told.any(|one| self.counts(one, wanted)) {
            vec![None]
        } else {
            Vec::new()
        }
    }

    /// Those in the role, and the next people up: of the office, then of those above it.
    fn steps<'a>(&'a self, wanted: &Wanted<'_>) -> (&'a [StoredContact], Vec<&'a [StoredContact]>) {
        let plan = &wanted.charge.plan;
        let owing = &wanted.obligation.agency;
        let has = |role| self.people.contains_key(&(owing.clone(), role));
        let is_headless = !has(Role::Head) && !has(Role::Deputy);
        let (monitor, leader) = ((&plan.monitor, true), (&plan.issuer, false));
        let offices = match wanted.audience {
            Audience::Officer => vec![(owing, true), monitor, leader],
            Audience::Head if is_headless => vec![(owing, false), monitor, leader],
            Audience::Head => vec![(owing, false)],
            Audience::Monitor => vec![monitor, leader],
            Audience::Leader => vec![leader],
        };
        let mut steps = offices.into_iter().flat_map(|(office, everybody)| {
            let of = |role| {
                let found = self.people.get(&(office.clone(), role));
                found.map_or(&[][..], Vec::as_slice)
            };
            let (heads, deputies) = (of(Role::Head), of(Role::Deputy));
            match everybody {
                true => vec![of(Role::Officer), heads, deputies],
                false if heads.is_empty() => vec![deputies],
                false => vec![heads, deputies],
            }
        });
        (steps.next().unwrap_or_default(), steps.collect())
    }

    /// Those of them who were known to the planner and not away on a day from `on`.
    fn present<'a>(
        &self,
        people: &'a [StoredContact],
        on: NaiveDate,
    ) -> impl Iterator<Item = &'a ContactId> {
        let ids = people
            .iter()
            .filter(|one| one.created_at < self.planned_at)
            .map(|one| &one.contact.id);
        ids.filter(move |id| {
            let mut absences = self.absences.iter();
            !absences.any(|one| one.contact == **id && one.from <= self.to && one.to >= on)
        })
    }

    /// Whether what somebody was told in a capacity is the telling of this audience: who is in two is told in the nearer. The
    /// officers of another agency hear it in the place of both officers and head.
    fn counts(&self, told: &Told, wanted: &Wanted<'_>) -> bool {
        let audience = wanted.audience;
        let is_below = self.officers.get(&told.contact).is_some_and(|agency| {
            audience != Audience::Head || *agency == wanted.obligation.agency
        });
        told.audience == audience || (told.audience < audience && !is_below)
    }
}
