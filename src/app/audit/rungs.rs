//! Rungs that fell due and were not told.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::fallen::{self, Due, Fallen};
use super::offices::{Missed, Offices, Wanted};
use super::{Window, returned_since};
use crate::app::AppError;
use crate::app::setup::Setup;
use crate::clock::local;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, State};
use crate::store::audit::Told;
use crate::store::{Tx, audit, contacts, obligations, watermarks};

/// A rung that somebody was not told of.
struct Untold<'a> {
    obligation: &'a Obligation,
    audience: Audience,
    fallen: &'a Fallen,
    missed: Missed,
}

pub(super) async fn look(
    setup: &Setup,
    tx: &mut Tx,
    window: Window,
) -> Result<Vec<Finding>, AppError> {
    let due = fallen::read(tx, setup, window).await?;
    if due.fallen.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<ObligationId> = due.fallen.keys().map(|(id, _)| *id).collect();
    let owed = ids.iter().filter_map(|id| due.obligations.get(id));
    let offices = Offices::read(tx, setup, owed, window).await?;
    let ids: Vec<ObligationId> = ids.into_iter().collect();
    let told = by_obligation(audit::list_told(tx, &ids, window.from, window.to).await?);
    let mut untold = untold(setup, &due, &told, &offices);
    if !untold.is_empty() {
        excuse(tx, setup, &mut untold).await?;
    }
    Ok(untold.iter().map(Untold::finding).collect())
}

fn by_obligation(told: Vec<Told>) -> HashMap<ObligationId, Vec<Told>> {
    let mut by_obligation: HashMap<ObligationId, Vec<Told>> = HashMap::new();
    for one in told {
        by_obligation.entry(one.obligation).or_default().push(one);
    }
    by_obligation
}

fn untold<'a>(
    setup: &Setup,
    due: &'a Due,
    told: &HashMap<ObligationId, Vec<Told>>,
    offices: &Offices,
) -> Vec<Untold<'a>> {
    let mut untold = Vec::new();
    for ((id, audience), fallen) in &due.fallen {
        let Some(obligation) = due.obligations.get(id) else {
            continue;
        };
        let Some(charge) = setup.find(&obligation.plan) else {
            continue;
        };
        let wanted = Wanted {
            charge,
            obligation,
            audience: *audience,
            on: fallen.on,
        };
        let told = told.get(id).map_or(&[][..], Vec::as_slice);
        let missed = offices.missed(&wanted, told).into_iter();
        untold.extend(missed.map(|missed| Untold {
            obligation,
            audience: *audience,
            fallen,
            missed,
        }));
    }
    untold
}

/// Leaves out what the ledger explains: an obligation that changed on the day of the rung or since, after which the planner
/// looks at it anew, and a person who left or came back since then.
async fn excuse(tx: &mut Tx, setup: &Setup, untold: &mut Vec<Untold<'_>>) -> Result<(), AppError> {
    let ids: HashSet<ObligationId> = untold.iter().map(|one| one.obligation.id).collect();
    let ids: Vec<ObligationId> = ids.into_iter().collect();
    let changed = obligations::last_changed(tx, &ids).await?;
    untold.retain(|one| {
        let last = changed.get(&one.obligation.id);
        last.is_none_or(|at| local(*at).date() < one.fallen.on)
    });
    let Some(first) = untold.iter().map(|one| one.fallen.on).min() else {
        return Ok(());
    };
    let returned = returned_since(setup, tx, first).await?;
    untold.retain(|one| one.missed.as_ref().is_none_or(|id| !returned.contains(id)));
    Ok(())
}

impl Untold<'_> {
    fn finding(&self) -> Finding {
        let Obligation {
            id,
            plan,
            milestone,
            agency,
            ..
        } = self.obligation;
        let Fallen { rung, on } = self.fallen;
        let audience = self.audience.as_str();
        let who = self.missed.as_ref().map_or("-", ContactId::as_str);
        let missed = match &self.missed {
            Some(contact) => format!("{contact} was not told"),
            None => "nobody was told".to_owned(),
        };
        Finding {
            plan: Some(plan.clone()),
            obligation: Some(*id),
            contact: self.missed.clone(),
            day: Some(*on),
            ..Finding::new(
                FindingKind::RungNotTold,
                format!("{id}/{audience}/{who}/{on}"),
                format!(
                    "{milestone} of {agency}: rung {rung} fell due on {on} for the {audience}, and {missed}"
                ),
            )
        }
    }
}

/// Which of these were not told since either: still owed, to somebody who is still there.
pub(super) async fn still_untold(
    tx: &mut Tx,
    known: &[&Finding],
) -> Result<Vec<Finding>, AppError> {
    let Some(first) = known.iter().filter_map(|one| one.day).min() else {
        return Ok(Vec::new());
    };
    let ids: HashSet<ObligationId> = known.iter().filter_map(|one| one.obligation).collect();
    let ids: Vec<ObligationId> = ids.into_iter().collect();
    let last = watermarks::last_planned_day(tx).await?.unwrap_or(first);
    let told = by_obligation(audit::list_told(tx, &ids, first, last).await?);
    let found = obligations::find(tx, &ids).await?.into_iter();
    let open: HashSet<ObligationId> = found
        .filter(|one| one.state == State::Open)
        .map(|one| one.id)
        .collect();
    let people: Vec<&ContactId> = known
        .iter()
        .filter_map(|one| one.contact.as_ref())
        .collect();
    let people = contacts::list_by_id(tx, &people).await?.into_iter();
    let people: HashSet<ContactId> = people.map(|one| one.contact.id).collect();
    let is_told = |one: &Finding, id: ObligationId| {
        let mut told = told.get(&id).into_iter().flatten();
        told.any(|told| {
            let same = match &one.contact {
                Some(contact) => told.contact == *contact,
                None => one
                    .subject
                    .contains(&format!("/{}/", told.audience.as_str())),
            };
            same && one.day.is_some_and(|on| told.day >= on)
        })
    };
    let stands = |one: &&&Finding| {
        let is_there = one.contact.as_ref().is_none_or(|id| people.contains(id));
        let id = one.obligation.filter(|id| open.contains(id));
        is_there && id.is_some_and(|id| !is_told(one, id))
    };
    Ok(known
        .iter()
        .filter(stands)
        .map(|one| (*one).clone())
        .collect())
}
