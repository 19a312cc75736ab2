//! Who is told of what a document changed, and what of it waits for their next brief.

use std::collections::{BTreeMap, BTreeSet};

use super::AppError;
use super::setup::{Charge, People};
use crate::domain::amendment::Announcement;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::store::{Tx, announcements, contacts};

/// Has the officers and heads of the agencies told, once, in their next brief.
pub(super) async fn announce<'a>(
    tx: &mut Tx,
    charge: &Charge,
    amendment: i64,
    touched: impl Iterator<Item = &'a Obligation> + Clone,
) -> Result<BTreeSet<ContactId>, AppError> {
    let agencies: BTreeSet<AgencyCode> = touched.clone().map(|one| one.agency.clone()).collect();
    let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
    let stored = contacts::list_of_agencies(tx, &agencies).await?;
    let people = People::new(stored.into_iter().map(|one| one.contact));
    let mut told = Vec::new();
    for one in touched {
        for audience in [Audience::Officer, Audience::Head] {
            let hearers = people.heard_by(charge, &one.agency, audience).iter();
            told.extend(hearers.map(|contact| (contact.id.clone(), one.id)));
        }
    }
    announcements::insert(tx, amendment, &told).await?;
    Ok(told.into_iter().map(|(contact, _)| contact).collect())
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
