//! Who is told of what a document changed, and what of it waits for their next brief.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::people::People;
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use super::windows::Windows;
use crate::clock::local;
use crate::domain::amendment::Announcement;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::domain::reach::Unreachable;
use crate::store::{StoreError, Tx, announcements, contacts};

/// Has the officers and heads of the agencies told, once, in their next brief; whoever stands in for them today; and whoever
/// asked for what it decides. Who is away is told when back: a change of the plan holds for the rest of the year. Where it takes
/// back what somebody was not told of yet (`unheard`), that person hears of neither.
pub(super) async fn announce<'a>(
    tx: &mut Tx,
    charge: &Charge,
    amendment: i64,
    today: NaiveDate,
    touched: impl Iterator<Item = &'a Obligation> + Clone,
    askers: Vec<(ContactId, ObligationId)>,
    unheard: &BTreeSet<(ContactId, ObligationId)>,
) -> Result<BTreeSet<ContactId>, AppError> {
    let agencies: BTreeSet<AgencyCode> = touched.clone().map(|one| one.agency.clone()).collect();
    let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
    let people = People::of(tx, &agencies, today).await?;
    let mut told = askers;
    for one in touched {
        for audience in [Audience::Officer, Audience::Head] {
            let hearing = people.heard_by(charge, &one.agency, audience, |_| true);
            let stood_in_for = hearing.hearers.iter().flat_map(|one| &one.instead_of);
            let hearers = hearing.hearers.iter().map(|one| one.contact);
            let away = stood_in_for.chain(&hearing.unfilled);
            let hearers = hearers.chain(away.filter_map(|one| one.contact));
            told.extend(hearers.map(|contact| (contact.id.clone(), one.id)));
        }
    }
    told.retain(|one| !unheard.contains(one));
    announcements::insert(tx, amendment, &told).await?;
    Ok(told.into_iter().map(|(contact, _)| contact).collect())
}

/// Somebody who is to be told of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub contact: ContactId,
    /// By what the next brief leaves, as things are; or why none does. What is to be told waits then for an address that works.
    pub by: Result<Channel, Unreachable>,
}

/// How these people are told in the brief that follows `now`.
pub(super) async fn how_told(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    people: &BTreeSet<ContactId>,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<Told>, StoreError> {
    let ids: Vec<&ContactId> = people.iter().collect();
    let found = contacts::list_by_id(tx, &ids).await?;
    let found: BTreeMap<ContactId, Contact> = found
        .into_iter()
        .map(|one| (one.contact.id.clone(), one.contact))
        .collect();
    let at = setup.next_brief_after(today).unwrap_or(now);
    let windows = Windows::of(tx, setup, origin, found.values(), local(at).date(), at).await?;
    let told = people.iter().map(|id| Told {
        contact: id.clone(),
        by: found
            .get(id)
            .ok_or(Unreachable::NoAddress)
            .and_then(|contact| windows.reach(contact))
            .map(|reach| reach.channel),
    });
    Ok(told.collect())
}

/// What waits to be told, by person.
pub(super) type Waiting = BTreeMap<ContactId, Vec<Announcement>>;

/// Reads it.
pub(super) async fn waiting(tx: &mut Tx) -> Result<Waiting, AppError> {
    let mut waiting = Waiting::new();
    for (contact, one) in announcements::list_waiting(tx).await? {
        waiting.entry(contact).or_default().push(one);
    }
    Ok(waiting)
}
