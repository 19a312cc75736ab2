//! Another try, or an end, by hand. Each leaves a line in the ledger.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{DeliveryId, DeliveryState, Entry};
use crate::app::AppError;
use crate::app::caution::Thing;
use crate::app::park;
use crate::app::plan_day::Origin;
use crate::app::setup::Setup;
use crate::clock::local;
use crate::domain::ids::ContactId;
use crate::store::deliveries::Delivery;
use crate::store::events::{self, Actor, NewEvent};
use crate::store::parked::{self, Parked, Silent};
use crate::store::{Db, Tx, addresses, contacts, deliveries, in_hand, outbox};

/// What an operator insists on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// It may arrive twice, and that is known.
    pub may_arrive_twice: bool,
    /// Also a brief that a newer one has replaced.
    pub forced: bool,
}

/// What came of a try to send something again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It is queued.
    Queued,
    /// A brief of which nothing is open any more: there is nothing to be sent.
    NothingLeft,
    /// It reaches nobody still.
    StillUnreachable(String),
    /// A digest that was given up: it is made with the next ones.
    NextTime,
    /// It is not: see why.
    Not(Why),
}

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// No such entry.
    #[error("there is no such entry: see `dondoc outbox list --all`")]
    Unknown,
    /// It is in no state in which that can be done.
    #[error("it is {0}: nothing was changed")]
    State(String),
    /// It may have arrived.
    #[error(
        "it may have arrived, and would then arrive twice: say --yes if it shall go all the same"
    )]
    MayArriveTwice,
    /// Another took its place.
    #[error("delivery {0} was queued in its place: see `dondoc outbox show {0}`")]
    Rerouted(DeliveryId),
    /// A newer brief told what was left of it.
    #[error("the brief of {0} told what was left of it: say --force if it shall go all the same")]
    Replaced(NaiveDate),
    /// A brief of a past day whose words were never made.
    #[error("its day is over: what is left of it is told by the next brief")]
    PastDay,
    /// Somebody is sending it just now.
    #[error("it is being sent just now")]
    UnderWay,
}

/// Has an entry go out again: one that failed, may not have arrived, or waits for words or an address. A running daemon
/// takes it up.
///
/// # Errors
/// When the database fails, or words cannot be made for a brief still.
pub async fn retry(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    entry: &Entry,
    again: Again,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Retried, AppError> {
    let mut tx = db.begin().await?;
    let (retried, contact) = match entry {
        Entry::Delivery(id) => {
            let Some(delivery) = deliveries::find(&mut tx, *id).await? else {
                return Ok(Retried::Not(Why::Unknown));
            };
            if let Some(why) = hindrance(&mut tx, &delivery, again).await? {
                return Ok(Retried::Not(why));
            }
            outbox::retry(&mut tx, *id, now).await?;
            // Whoever sends it again says that the address is right; refused once more, it is dead once more.
            let message = delivery.message;
            addresses::mark_alive(&mut tx, message.channel, &message.address, now).await?;
            (Retried::Queued, message.contact)
        }
        Entry::Brief(contact, day) => {
            let retried = retry_brief(&mut tx, setup, origin, contact, *day, now).await?;
            let thing = Thing::Brief(contact.clone()).to_string();
            in_hand::strike_out(&mut tx, &[thing]).await?;
            (retried, Some(contact.clone()))
        }
        Entry::Digest(plan) => {
            if in_hand::forget(&mut tx, &Thing::Digest(plan.clone()).to_string()).await? == 0 {
                return Ok(Retried::Not(Why::Unknown));
            }
            (Retried::NextTime, None)
        }
    };
    if matches!(retried, Retried::Not(_)) {
        return Ok(retried);
    }
    let line = Line {
        kind: "outbox-retried",
        entry,
        contact: contact.as_ref(),
        reason,
    };
    line.write(&mut tx, setup, now).await?;
    tx.commit().await?;
    Ok(retried)
}

/// Why a delivery is not sent again.
async fn hindrance(
    tx: &mut Tx,
    delivery: &Delivery,
    again: Again,
) -> Result<Option<Why>, AppError> {
    match delivery.state {
        DeliveryState::Failed => {}
        DeliveryState::Unknown if again.may_arrive_twice => {}
        DeliveryState::Unknown => return Ok(Some(Why::MayArriveTwice)),
        state => return Ok(Some(Why::State(state.as_str().to_owned()))),
    }
    if let Some(next) = outbox::find_next(tx, delivery.id).await? {
        return Ok(Some(Why::Rerouted(next)));
    }
    let message = &delivery.message;
    if let (Some(contact), Some(day), false) = (&message.contact, message.brief_day, again.forced)
        && let Some(newest) = outbox::newest_brief(tx, contact).await?
        && newest > day
    {
        return Ok(Some(Why::Replaced(newest)));
    }
    Ok(None)
}

/// Words a brief of today anew, for whatever way leads to its reader now.
async fn retry_brief(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    contact: &ContactId,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Retried, AppError> {
    let reason = match parked::find(tx, contact, day).await? {
        None => return Ok(Retried::Not(Why::Unknown)),
        Some(_) if day < local(now).date() => return Ok(Retried::Not(Why::PastDay)),
        Some(Silent::Parked(reason)) => reason,
        Some(Silent::Unreachable(reason)) => {
            parked::reopen(tx, contact, day).await?;
            reason
        }
    };
    let brief = Parked {
        contact: contact.clone(),
        day,
        reason,
    };
    if park::word(tx, setup, origin, &brief, now).await? {
        return Ok(Retried::Queued);
    }
    Ok(match parked::find(tx, contact, day).await? {
        Some(Silent::Unreachable(why)) => Retried::StillUnreachable(why),
        _ => Retried::NothingLeft,
    })
}

/// Ends an entry that waits, failed or may not have arrived: it is not tried any more. `None` when that was done.
///
/// # Errors
/// When the database fails.
pub async fn cancel(
    db: &Db,
    setup: &Setup,
    entry: &Entry,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Option<Why>, AppError> {
    let by_hand = format!("cancelled by hand: {reason}");
    let mut tx = db.begin().await?;
    let contact = match entry {
        Entry::Delivery(id) => {
            let Some(delivery) = deliveries::find(&mut tx, *id).await? else {
                return Ok(Some(Why::Unknown));
            };
            if !outbox::cancel(&mut tx, *id, None, &by_hand).await? {
                return Ok(Some(match delivery.state {
                    DeliveryState::Leased => Why::UnderWay,
                    state => Why::State(state.as_str().to_owned()),
                }));
            }
            delivery.message.contact
        }
        Entry::Brief(contact, day) => {
            if !parked::release(&mut tx, contact, *day, Some(&by_hand)).await? {
                return Ok(Some(match parked::find(&mut tx, contact, *day).await? {
                    Some(_) => Why::State("unreachable".to_owned()),
                    None => Why::Unknown,
                }));
            }
            Some(contact.clone())
        }
        Entry::Digest(_) => {
            return Ok(Some(Why::State("left out until it is retried".to_owned())));
        }
    };
    let line = Line {
        kind: "outbox-cancelled",
        entry,
        contact: contact.as_ref(),
        reason: Some(reason),
    };
    line.write(&mut tx, setup, now).await?;
    tx.commit().await?;
    Ok(None)
}

/// A line of the ledger: what was done by hand to a message, and why.
struct Line<'a> {
    kind: &'static str,
    entry: &'a Entry,
    contact: Option<&'a ContactId>,
    reason: Option<&'a str>,
}

impl Line<'_> {
    /// Adds it to the plan of the reader's agency, or to the first where the reader has none.
    async fn write(&self, tx: &mut Tx, setup: &Setup, now: DateTime<Utc>) -> Result<(), AppError> {
        let stored = match self.contact {
            Some(contact) => contacts::find(tx, contact).await?,
            None => None,
        };
        let own = stored.and_then(|one| setup.of_agency(&one.contact.agency));
        let Some(charge) = own.or_else(|| setup.charges.first()) else {
            return Ok(());
        };
        let line = NewEvent {
            plan: charge.plan.id.clone(),
            obligation: None,
            at: now,
            actor: Actor::Operator,
            kind: self.kind.to_owned(),
            payload: json!({
                "entry": self.entry.to_string(),
                "contact": self.contact,
                "reason": self.reason,
            }),
            source: None,
        };
        Ok(events::append(tx, &[line]).await?)
    }
}
