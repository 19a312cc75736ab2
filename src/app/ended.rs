//! An agency that has ended: it owes nothing any more, and nobody speaks for it.
//!
//! The ledger keeps it: a line `ended` names the agency and its people of that day. Whatever the files say of their chats, each
//! speaks again only after a new code, which is a line `linked`.

mod chats;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::AppError;
use super::setup::Charge;
use crate::clock::local;
use crate::domain::amendment::Unfit;
use crate::domain::brief::Brief;
use crate::domain::delivery::Channel;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::store::events::{self, Actor, Event, NewEvent};
use crate::store::obligations::{self, Filter};
use crate::store::{Db, StoreError, Tx, addresses, amendments, contacts};
pub(super) use chats::{Again, bind_again, keep_unbound};

/// The kinds of lines.
const ENDED: &str = "ended";
const UNBOUND: &str = "unbound";
const LINKED: &str = "linked";
const REBOUND: &str = "rebound";

/// Refuses to end an agency that monitors a plan or issued one: nobody would decide under it, and digests would go to an agency
/// that nobody speaks for.
///
/// # Errors
/// When a plan names it so.
pub(super) fn refuse_in_charge(charges: &[Charge], agency: &AgencyCode) -> Result<(), AppError> {
    let parts = charges.iter().flat_map(|charge| {
        let plan = &charge.plan;
        [
            (plan, "monitor", &plan.monitor),
            (plan, "issuer", &plan.issuer),
        ]
    });
    match parts.into_iter().find(|(_, _, code)| *code == agency) {
        Some((plan, part, _)) => Err(AppError::InCharge {
            agency: agency.clone(),
            plan: plan.id.clone(),
            part,
        }),
        None => Ok(()),
    }
}

/// Unbinds the chats of everybody of an agency: each is bound again by a new code, to whatever agency the person then
/// belongs to (DESIGN rule 10). Mail goes on, for its addresses stand in the files.
///
/// # Errors
/// When the agency still owes something: a person decides for each.
pub(super) async fn end_agency(
    tx: &mut Tx,
    charge: &Charge,
    agency: &AgencyCode,
    now: DateTime<Utc>,
) -> Result<Vec<ContactId>, AppError> {
    let owed = owed_by(tx, agency).await?;
    if !owed.is_empty() {
        // What is claimed to be done stays where it is whatever the document says, so it comes first, with why.
        let (claimed, others): (Vec<_>, Vec<_>) = owed
            .iter()
            .partition(|one| one.pending == Some(Pending::Acceptance));
        let claimed = claimed
            .iter()
            .map(|one| format!("{}, which {}", one.milestone, Unfit::Claimed));
        let others = others.iter().map(|one| one.milestone.to_string());
        let names: Vec<String> = claimed.chain(others).take(8).collect();
        let more = owed.len() - names.len();
        return Err(AppError::StillOwes {
            agency: agency.clone(),
            owed: match more {
                0 => names.join("; "),
                more => format!("{} and {more} others", names.join("; ")),
            },
        });
    }
    let chats = chats();
    let people = contacts::list_of_agencies(tx, std::slice::from_ref(agency)).await?;
    let ids: Vec<ContactId> = people.into_iter().map(|one| one.contact.id).collect();
    let line = |kind: &str, payload| NewEvent {
        plan: charge.plan.id.clone(),
        obligation: None,
        at: now,
        actor: Actor::Operator,
        kind: kind.to_owned(),
        payload,
        source: None,
    };
    let mut lines = vec![line(ENDED, json!({ "agency": agency, "contacts": ids }))];
    let mut unbound = Vec::new();
    for id in ids {
        let channels = addresses::unbind(tx, &id, &chats).await?;
        if !channels.is_empty() {
            let payload = json!({ "contact": id, "channels": channels, "agency": agency });
            lines.push(line(UNBOUND, payload));
            unbound.push(id);
        }
    }
    events::append(tx, &lines).await?;
    Ok(unbound)
}

fn chats() -> Vec<Channel> {
    let all = Channel::ALL.into_iter();
    all.filter(|channel| channel.is_chat()).collect()
}

async fn owed_by(tx: &mut Tx, agency: &AgencyCode) -> Result<Vec<Obligation>, StoreError> {
    let filter = Filter {
        agency: Some(agency.clone()),
        ..Filter::default()
    };
    let mut found = obligations::list(tx, &filter).await?;
    found.retain(|one| matches!(one.state, State::Open | State::Asleep | State::Suspended));
    Ok(found)
}

/// Whether an agency has ended, and owes nothing again by a document that was taken back.
///
/// # Errors
/// When the database fails.
async fn is_ended(tx: &mut Tx, agency: &AgencyCode) -> Result<bool, StoreError> {
    let lines = events::list_of_kinds(tx, &[ENDED, UNBOUND, REBOUND]).await?;
    let is_of_it = |line: &&Event| line.entry.payload["agency"] == agency.as_str();
    let last = lines.iter().rfind(is_of_it);
    let ends = last.is_some_and(|line| line.entry.kind != REBOUND);
    Ok(ends && owed_by(tx, agency).await?.is_empty())
}

/// How an agency has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// On which day that was recorded.
    pub on: NaiveDate,
    /// To whom all went that it owed.
    pub heirs: Vec<AgencyCode>,
}

/// The agencies of which it was recorded by the end of `until` that they end, and not that this is taken back, with the day; some owe
/// something again.
///
/// # Errors
/// When the database fails.
pub(super) async fn recorded(
    tx: &mut Tx,
    until: NaiveDate,
) -> Result<HashMap<AgencyCode, NaiveDate>, StoreError> {
    let mut ended = HashMap::new();
    for line in events::list_of_kinds(tx, &[ENDED, REBOUND]).await? {
        let on = local(line.entry.at).date();
        let Some(agency) = line.entry.payload["agency"]
            .as_str()
            .filter(|_| on <= until)
        else {
            continue;
        };
        let agency = AgencyCode::new(agency);
        if line.entry.kind == REBOUND {
            ended.remove(&agency);
        } else {
            ended.insert(agency, on);
        }
    }
    Ok(ended)
}

/// The agencies that have ended.
///
/// # Errors
/// When the database fails.
pub(super) async fn all(tx: &mut Tx) -> Result<HashMap<AgencyCode, Ended>, StoreError> {
    let mut found = HashMap::new();
    for (agency, on) in recorded(tx, NaiveDate::MAX).await? {
        if is_ended(tx, &agency).await? {
            let heirs = heirs_of(tx, &agency).await?;
            found.insert(agency, Ended { on, heirs });
        }
    }
    Ok(found)
}

/// Whether these briefs tell that something went from one agency to another: then whoever ended is to be told too.
pub(super) fn gives_away<'a>(briefs: impl IntoIterator<Item = &'a Brief>) -> bool {
    let mut changes = briefs.into_iter().flat_map(|brief| &brief.changes);
    changes.any(|one| !one.from().is_empty())
}

/// Those that have ended, where that is to be told.
///
/// # Errors
/// When the database fails.
pub(super) async fn all_if(
    tx: &mut Tx,
    is_told: bool,
) -> Result<HashMap<AgencyCode, Ended>, StoreError> {
    if is_told {
        all(tx).await
    } else {
        Ok(HashMap::new())
    }
}

/// To whom documents have given what it owed.
async fn heirs_of(tx: &mut Tx, agency: &AgencyCode) -> Result<Vec<AgencyCode>, StoreError> {
    let filter = Filter {
        agency: Some(agency.clone()),
        ..Filter::default()
    };
    let owed = obligations::list(tx, &filter).await?;
    let given = given_of(tx, &owed).await?;
    let heirs: BTreeSet<AgencyCode> = given.into_values().flatten().collect();
    Ok(heirs.into_iter().collect())
}

/// Refuses an agency that has ended.
///
/// # Errors
/// When it has, or the database fails.
pub async fn refuse_ended(db: &Db, agency: &AgencyCode) -> Result<(), AppError> {
    let mut tx = db.snapshot().await?;
    refuse_ended_in(&mut tx, agency).await
}

/// The same of an agency that had ended by `day`, within the caller's transaction: what is of a day before is not refused.
///
/// # Errors
/// When it had, or the database fails.
pub(super) async fn refuse_ended_by(
    tx: &mut Tx,
    agency: &AgencyCode,
    day: NaiveDate,
) -> Result<(), AppError> {
    if recorded(tx, day).await?.contains_key(agency) {
        refuse_ended_in(tx, agency).await?;
    }
    Ok(())
}

/// As [`refuse_ended`], within the caller's transaction.
pub(super) async fn refuse_ended_in(tx: &mut Tx, agency: &AgencyCode) -> Result<(), AppError> {
    if !is_ended(tx, agency).await? {
        return Ok(());
    }
    Err(AppError::Ended {
        agency: agency.clone(),
        heirs: heirs_of(tx, agency).await?,
    })
}

/// To whom documents have given what of these is owed no longer.
pub(super) async fn given_of(
    tx: &mut Tx,
    obligations: &[Obligation],
) -> Result<HashMap<ObligationId, Vec<AgencyCode>>, StoreError> {
    let over = obligations
        .iter()
        .filter(|one| one.state == State::Cancelled);
    let ids: Vec<ObligationId> = over.map(|one| one.id).collect();
    amendments::given_to(tx, &ids).await
}

/// Refuses a contact whose agency has ended: a code would bind a chat to an agency that nobody speaks for.
///
/// # Errors
/// When it has, or the database fails.
pub async fn refuse_contact_of_ended(db: &Db, contact: &ContactId) -> Result<(), AppError> {
    let mut tx = db.snapshot().await?;
    match contacts::find(&mut tx, contact).await? {
        Some(found) => refuse_ended_in(&mut tx, &found.contact.agency).await,
        None => Ok(()),
    }
}
