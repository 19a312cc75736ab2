//! The whole story of one message.

use super::{Attempt, Delivery, DeliveryId, Entry};
use crate::app::AppError;
use crate::app::caution::{Thing, fallen};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, RungId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::State;
use crate::store::parked::{self, Silent};
use crate::store::{Db, Tx, attempts, briefs, deliveries, in_hand, obligations, outbox};

/// What a message told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The obligation.
    pub obligation: ObligationId,
    /// Its milestone.
    pub milestone: MilestoneId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// The rung.
    pub rung: RungId,
    /// The capacity in which the person hears of it.
    pub audience: Audience,
    /// Where it stands now.
    pub state: State,
}

/// Everything that is known of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The delivery; `None` for a brief without one.
    pub delivery: Option<Delivery>,
    /// Why a brief has none.
    pub silent: Option<Silent>,
    /// What the brief tells.
    pub items: Vec<Item>,
    /// Each try.
    pub attempts: Vec<Attempt>,
    /// What was queued in its place.
    pub next: Option<DeliveryId>,
}

/// The story of an entry; `None` when there is none of that name.
///
/// # Errors
/// When the database fails.
pub async fn show(db: &Db, entry: &Entry) -> Result<Option<Story>, AppError> {
    let mut tx = db.snapshot().await?;
    match entry {
        Entry::Delivery(id) => {
            let Some(delivery) = deliveries::find(&mut tx, *id).await? else {
                return Ok(None);
            };
            let message = &delivery.message;
            let brief = message.contact.clone().zip(message.brief_day);
            Ok(Some(Story {
                silent: None,
                items: match &brief {
                    Some(brief) => items(&mut tx, brief).await?.unwrap_or_default(),
                    None => Vec::new(),
                },
                attempts: attempts::list(&mut tx, *id).await?,
                next: outbox::find_next(&mut tx, *id).await?,
                delivery: Some(delivery),
            }))
        }
        Entry::Digest(plan) => {
            let thing = Thing::Digest(plan.clone()).to_string();
            let given_up = in_hand::list_given_up(&mut tx, &thing).await?;
            Ok(given_up
                .iter()
                .any(|(what, _)| *what == thing)
                .then(|| Story {
                    delivery: None,
                    silent: Some(Silent::Parked(fallen())),
                    items: Vec::new(),
                    attempts: Vec::new(),
                    next: None,
                }))
        }
        Entry::Brief(contact, day) => {
            let brief = (contact.clone(), *day);
            let Some(items) = items(&mut tx, &brief).await? else {
                return Ok(None);
            };
            Ok(Some(Story {
                delivery: None,
                silent: parked::find(&mut tx, contact, *day).await?,
                items,
                attempts: Vec::new(),
                next: None,
            }))
        }
    }
}

async fn items(
    tx: &mut Tx,
    (contact, day): &briefs::BriefKey,
) -> Result<Option<Vec<Item>>, AppError> {
    let Some(told) = briefs::find_items(tx, contact, *day).await? else {
        return Ok(None);
    };
    let ids: Vec<ObligationId> = told.iter().map(|item| item.obligation).collect();
    let owed = obligations::find(tx, &ids).await?;
    let items = told.into_iter().filter_map(|item| {
        let one = owed.iter().find(|one| one.id == item.obligation)?;
        Some(Item {
            obligation: one.id,
            milestone: one.milestone.clone(),
            agency: one.agency.clone(),
            rung: item.rung,
            audience: item.audience,
            state: one.state,
        })
    });
    Ok(Some(items.collect()))
}
