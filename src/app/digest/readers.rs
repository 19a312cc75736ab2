//! Who reads a digest, and when: of a monitor of which all are away, whoever is back first.

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::AppError;
use crate::app::people::People;
use crate::app::plan_day::Origin;
use crate::app::setup::{Charge, Setup};
use crate::app::windows::Windows;
use crate::clock::instant;
use crate::domain::absence::Gap;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::store::{Known, Tx};

/// One who reads it.
pub(super) struct Reading {
    /// Who.
    pub(super) contact: Contact,
    /// As what.
    pub(super) audience: Audience,
    /// The morning on which they are back, where nobody of the monitor was there when it was made.
    pub(super) held_until: Option<DateTime<Utc>>,
}

/// Who reads it: officers and heads of the monitor, and the head of the issuer, or who stands in for them. Where all of the monitor
/// are away it waits for those who are back first, for nobody else reads the whole; the next digests speak of its days as well if
/// they are made before.
pub(super) async fn readers(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    known: Known,
    (day, at): (NaiveDate, DateTime<Utc>),
) -> Result<Vec<Reading>, AppError> {
    let (monitor, issuer) = (&charge.plan.monitor, &charge.plan.issuer);
    let offices = [monitor.clone(), issuer.clone()];
    let people = People::known(tx, &offices, day, known).await?;
    let windows = Windows::known(tx, setup, origin, people.all(), known, (day, at)).await?;
    let reaches = |contact: &Contact| windows.hears(contact);
    let mut readers: Vec<Reading> = Vec::new();
    let mut add = |contact: &Contact, audience, held_until| {
        if readers.iter().all(|known| known.contact.id != contact.id) {
            readers.push(Reading {
                contact: contact.clone(),
                audience,
                held_until,
            });
        }
    };
    let mut away: Vec<(&Contact, Audience)> = Vec::new();
    let mut is_heard = false;
    for (heard_as, reads_as) in [
        (Audience::Officer, Audience::Monitor),
        (Audience::Head, Audience::Head),
    ] {
        let hearing = people.heard_by(charge, monitor, heard_as, reaches);
        is_heard |= hearing.unfilled.is_empty();
        let missing = hearing.unfilled.iter().filter(|one| one.why == Gap::Away);
        away.extend(missing.filter_map(|one| Some((one.contact?, reads_as))));
        for one in hearing.hearers {
            add(one.contact, reads_as, None);
        }
    }
    if !is_heard {
        for (contact, reads_as, back) in back_first(&people, setup, away, day) {
            add(contact, reads_as, Some(back));
        }
    }
    let leaders = people.heard_by(charge, issuer, Audience::Leader, reaches);
    for one in leaders.hearers {
        add(one.contact, Audience::Leader, None);
    }
    Ok(readers)
}

/// Those of these who are back first, with the morning.
fn back_first<'a>(
    people: &People,
    setup: &Setup,
    away: Vec<(&'a Contact, Audience)>,
    day: NaiveDate,
) -> Vec<(&'a Contact, Audience, DateTime<Utc>)> {
    let reachable = away.into_iter().filter(|(one, _)| !one.channels.is_empty());
    let back = reachable.filter_map(|(contact, reads_as)| {
        let on = people.back_on(&contact.id, day, &setup.calendar)?;
        // With the briefs of that morning.
        let at = setup.next_brief_after(on.pred_opt()?);
        let at = at.unwrap_or_else(|| instant(on.and_time(setup.ladder.from)));
        Some((contact, reads_as, at))
    });
    let mut back: Vec<_> = back.collect();
    let first = back.iter().map(|(_, _, at)| *at).min();
    back.retain(|(_, _, at)| Some(*at) == first);
    back
}

/// Somebody of an office of which no contact is known yet.
pub(super) fn nobody(agency: &AgencyCode) -> Contact {
    Contact {
        id: ContactId::new(String::new()),
        agency: agency.clone(),
        role: Role::Officer,
        title: String::new(),
        channels: Vec::new(),
    }
}
