//! As whom a brief speaks to its reader, and in whose place the reader hears it.

use crate::app::hearing::StandIn;
use crate::app::setup::Setup;
use crate::domain::absence::Gap;
use crate::domain::brief::{Brief, Item};
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::AgencyCode;
use crate::domain::ladder::Audience;
use crate::messages::StandsIn;

/// As whom a brief speaks to its reader: in the nearest capacity of its items, and to whoever hears in the place of another agency
/// as to one who watches it. A head is greeted as a head, whatever the items are.
pub(super) fn greeted_as(brief: &Brief, contact: &Contact, setup: &Setup) -> Audience {
    let own = |item: &Item| item.agency == contact.agency;
    let is_issuer = setup
        .charges
        .iter()
        .any(|one| one.plan.issuer == contact.agency);
    let is_monitor = setup
        .charges
        .iter()
        .any(|one| one.plan.monitor == contact.agency);
    let heard = brief.items.iter().map(|item| match item.audience {
        Audience::Officer | Audience::Head if own(item) => item.audience,
        Audience::Officer | Audience::Head if is_monitor => Audience::Monitor,
        Audience::Officer | Audience::Head if is_issuer => Audience::Leader,
        audience => audience,
    });
    match (contact.role, heard.min().unwrap_or(Audience::Officer)) {
        (Role::Head | Role::Deputy, Audience::Officer | Audience::Monitor) => Audience::Head,
        (_, audience) => audience,
    }
}

/// Whether the reader is told how often the officers were reminded: whoever is above them is, also in their place.
pub(in crate::app) fn hears_of_reminders(contact: &Contact, item: &Item) -> bool {
    item.audience != Audience::Officer || contact.role != Role::Officer
}

/// For whom the reader stands in, as the templates know it.
pub(in crate::app) fn standing_in(
    stands_in: impl IntoIterator<Item = StandIn>,
    setup: &Setup,
) -> Vec<StandsIn> {
    let all: Vec<StandIn> = stands_in.into_iter().collect();
    let is_empty = |one: &StandIn| one.why == Gap::Nobody && !one.is_head;
    let empty: Vec<AgencyCode> = all
        .iter()
        .filter(|one| is_empty(one))
        .map(|one| one.agency.clone())
        .collect();
    // Of an agency that has nobody at all the head is not named beside its officers.
    let is_said =
        |one: &StandIn| one.why == Gap::Nobody && one.is_head && empty.contains(&one.agency);
    let named = all
        .into_iter()
        .filter(|one| !is_said(one))
        .map(|one| StandsIn {
            agency: setup.of_agency(&one.agency).map_or_else(
                || one.agency.to_string(),
                |charge| charge.agency_name(&one.agency),
            ),
            title: one.title,
            why: match one.why {
                Gap::Away => "away",
                Gap::Unreachable => "unreachable",
                Gap::Nobody if one.is_head => "no-head",
                Gap::Nobody => "nobody",
            }
            .to_owned(),
            until: one.until.filter(|_| one.why == Gap::Away),
        });
    named.collect()
}
