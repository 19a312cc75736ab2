//! Who is told of what a document changed, and what of it waits for their next brief.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::AppError;
use super::people::People;
use super::setup::Charge;
use crate::domain::amendment::Announcement;
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::Obligation;
use crate::store::{Tx, announcements};

/// Has the officers and heads of the agencies told, once, in their next brief; and whoever stands in for them today. Who is
/// away is told when back: a change of the plan holds for the rest of the year.
pub(super) async fn announce<'a>(
    tx: &mut Tx,
    charge: &Charge,
    amendment: i64,
    today: NaiveDate,
    touched: impl Iterator<Item = &'a Obligation> + Clone,
) -> Result<BTreeSet<ContactId>, AppError> {
    let agencies: BTreeSet<AgencyCode> = touched.clone().map(|one| one.agency.clone()).collect();
    let agencies: Vec<AgencyCode> = agencies.into_iter().collect();
    let people = People::of(tx, &agencies, today).await?;
    let mut told = Vec::new();
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
