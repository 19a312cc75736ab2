//! How the work stands: who can be reached, whether today is planned, what waits.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::channels::configured;
use super::{Finding, Findings, Patient};
use crate::app::counted::counted;
use crate::clock::local;
use crate::domain::directory::Role;
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::State;
use crate::store::addresses::AddressState;
use crate::store::deliveries::DeliveryState;
use crate::store::{
    StoreError, contacts as people, inbox as received, leases as held, obligations,
    outbox as queue, parked, watermarks,
};

/// How many names a finding holds.
const NAMED: usize = 8;
/// How late planning may be, and how long anything may wait in the outbox.
const LATE: TimeDelta = TimeDelta::minutes(10);
const OVERDUE: TimeDelta = TimeDelta::hours(2);
/// By how much a lease may end later than it could by this clock.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(30);

fn unread(check: &'static str, error: &StoreError) -> Findings {
    let remedy = "see the findings on the database";
    vec![Finding::fail(check, error.to_string(), remedy)]
}

/// So many, and the first of them by name.
fn named(names: &[String]) -> String {
    let some = names.iter().take(NAMED).cloned().collect::<Vec<_>>();
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{} ({}{more})", names.len(), some.join(", "))
}

/// Who cannot be reached, and which addresses are dead.
pub(super) async fn contacts(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "contacts";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let listed = async {
        let mut tx = db.snapshot().await?;
        people::list(&mut tx).await
    };
    let mut all = match listed.await {
        Ok(all) => all,
        Err(error) => return unread(CHECK, &error),
    };
    all.retain(|one| one.active);
    let usable = configured(patient);
    let mut found = Vec::new();
    let unreached: Vec<String> = all
        .iter()
        .filter(|one| {
            !one.contact
                .channels
                .iter()
                .any(|(channel, _)| usable.contains(channel))
        })
        .map(|one| one.contact.id.to_string())
        .collect();
    if !unreached.is_empty() {
        found.push(Finding::warn(
            CHECK,
            format!("nobody can reach {}", named(&unreached)),
            "give each an address of a channel that is configured, in contacts.toml, or a code: `dondoc contact link`",
        ));
    }
    let dead: Vec<String> = all
        .iter()
        .flat_map(|one| &one.addresses)
        .filter(|one| matches!(one.state, AddressState::Dead { .. }))
        .map(|one| format!("{} by {}", one.contact, one.channel.as_str()))
        .collect();
    if !dead.is_empty() {
        found.push(Finding::warn(
            CHECK,
            format!("dead addresses: {}", named(&dead)),
            "`dondoc contact list` says why; correct those that are wrong in contacts.toml, or bind a chat anew: `dondoc contact link`; those that are right are used again after `dondoc contact revive`",
        ));
    }
    if found.is_empty() {
        found.push(Finding::ok(
            CHECK,
            format!("{} contacts can be reached", all.len()),
        ));
    }
    match headless(patient, &all).await {
        Ok(headless) if headless.is_empty() => {}
        Ok(headless) => found.push(Finding::warn(
            CHECK,
            format!("neither head nor deputy: {}", named(&headless)),
            "name one of each in contacts.toml; until then what is for them goes to whoever is above them",
        )),
        Err(error) => return unread(CHECK, &error),
    }
    found
}

/// Agencies with something open that have neither head nor deputy.
async fn headless(
    patient: &Patient<'_>,
    all: &[people::StoredContact],
) -> Result<Vec<String>, StoreError> {
    let Some(db) = patient.db else {
        return Ok(Vec::new());
    };
    let mut tx = db.snapshot().await?;
    let filter = obligations::Filter {
        state: Some(State::Open),
        ..obligations::Filter::default()
    };
    let open = obligations::list(&mut tx, &filter).await?;
    let owed = open.iter().filter(|one| patient.loaded.setup.owes(one));
    let owing: BTreeSet<&AgencyCode> = owed.map(|one| &one.agency).collect();
    let heads = all
        .iter()
        .map(|one| &one.contact)
        .filter(|one| one.role != Role::Officer);
    let headed: BTreeSet<&AgencyCode> = heads.map(|one| &one.agency).collect();
    Ok(owing.difference(&headed).map(ToString::to_string).collect())
}

/// Whether the briefs of today are planned once their hour has passed.
pub(super) async fn planning(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "planning";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let setup = &patient.loaded.setup;
    let here = local(patient.now);
    let planned = async {
        let mut tx = db.snapshot().await?;
        let day = watermarks::last_planned_day(&mut tx).await?;
        Ok::<_, StoreError>((day, parked::list(&mut tx).await?.len()))
    };
    let (planned, parked) = match planned.await {
        Ok(found) => found,
        Err(error) => return unread(CHECK, &error),
    };
    let mut found = Vec::new();
    let is_due = setup
        .brief_time(here.date())
        .is_some_and(|at| at + LATE <= patient.now);
    let last = planned.map_or("never".to_owned(), |day| day.to_string());
    if planned.is_some_and(|day| day > here.date()) {
        found.push(Finding::fail(
            CHECK,
            format!("{last} is planned already, a day that has not come"),
            "set the clock of this machine; if it is right now and ran ahead then, `dondoc replan` plans those days anew: until then nothing is planned",
        ));
    } else if is_due && setup.is_sendable(here) && planned != Some(here.date()) {
        found.push(Finding::fail(
            CHECK,
            format!("today is not planned (last: {last})"),
            "start `dondoc run`; if it runs, its log says why",
        ));
    } else {
        found.push(Finding::ok(CHECK, format!("last planned: {last}")));
    }
    if parked > 0 {
        found.push(Finding::fail(
            CHECK,
            format!(
                "{} for which the words cannot be made",
                counted(parked, "brief")
            ),
            "`dondoc status` says why; mend the template, then send SIGHUP",
        ));
    }
    found
}

/// What waits too long, and what was given up.
pub(super) async fn outbox(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "outbox";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let counted = async {
        let mut tx = db.snapshot().await?;
        queue::tally_unsettled(&mut tx).await
    };
    let tallies = match counted.await {
        Ok(tallies) => tallies,
        Err(error) => return unread(CHECK, &error),
    };
    let mut found = Vec::new();
    for one in tallies {
        let (channel, total) = (one.channel.as_str(), one.total);
        let since = local(one.oldest).format("%Y-%m-%d %H:%M");
        match one.state {
            DeliveryState::Failed | DeliveryState::Unknown => found.push(Finding::warn(
                CHECK,
                format!(
                    "{total} by {channel} are {}, since {since}",
                    one.state.as_str()
                ),
                "`dondoc outbox list` says why; retry or cancel each",
            )),
            _ if patient.now - one.oldest > OVERDUE => found.push(Finding::warn(
                CHECK,
                format!("{total} by {channel} wait, the oldest since {since}"),
                "look at the findings on that channel, and whether `dondoc run` runs",
            )),
            _ => {}
        }
    }
    if found.is_empty() {
        found.push(Finding::ok(
            CHECK,
            "nothing waits too long, nothing was given up",
        ));
    }
    found
}

/// What came in and waits.
pub(super) async fn inbox(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "inbox";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let counted = async {
        let mut tx = db.snapshot().await?;
        received::tally(&mut tx).await
    };
    vec![match counted.await {
        Ok((_, 0, 0)) => Finding::ok(CHECK, "nothing waits for a person"),
        Ok((_, held, parked)) => Finding::warn(
            CHECK,
            format!(
                "{held} messages of unproven origin and {parked} that failed wait for a person"
            ),
            "`dondoc inbox list` shows them; retry or drop each",
        ),
        Err(error) => return unread(CHECK, &error),
    }]
}

/// Who does what, and whether a clock that ran ahead has said until when.
pub(super) async fn leases(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "leases";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let listed = async {
        let mut tx = db.snapshot().await?;
        held::list(&mut tx).await
    };
    let all = match listed.await {
        Ok(all) => all,
        Err(error) => return unread(CHECK, &error),
    };
    let mut found = Vec::new();
    let ended = all
        .iter()
        .filter(|one| one.held_until < patient.now - LATE)
        .count();
    if ended > 0 {
        found.push(Finding::warn(
            CHECK,
            format!(
                "{ended} of {} leases have ended: nobody reads those channels",
                all.len()
            ),
            "start `dondoc run`; a channel that is no longer configured leaves its lease behind, which does no harm",
        ));
    }
    let ahead = all.iter().map(|one| one.ahead_of(patient.now));
    if let Some(ahead) = ahead.max().filter(|ahead| *ahead > CLOCKS_APART) {
        found.push(Finding::warn(
            CHECK,
            format!(
                "a lease was taken by a clock that ran {} s ahead of this one",
                ahead.num_seconds()
            ),
            "nothing, if that clock has been set since: `dondoc run` takes over within half a minute of its start; else set the clocks of all machines that run dondoc",
        ));
    }
    if found.is_empty() {
        found.push(Finding::ok(CHECK, format!("{} leases are held", all.len())));
    }
    found
}
