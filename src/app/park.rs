//! A brief whose words cannot be made: it waits, named to the operator, for templates that can, and holds up nobody else.

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::caution::{Hands, Thing, fallen};
use super::deliver::Deliverer;
use super::message::message;
use super::plan_day::{Origin, draft_again};
use super::setup::Setup;
use super::windows::Windows;
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::reach::{Reach, Unreachable};
use crate::messages::RenderError;
use crate::store::deliveries::NewDelivery;
use crate::store::parked::{self, Parked};
use crate::store::{Tx, briefs, contacts, obligations};

/// Tells the operator whose brief cannot be worded, and what to do.
pub(super) fn tell(contact: &ContactId, day: NaiveDate, error: &RenderError) {
    tracing::error!(
        %contact,
        %day,
        %error,
        "a brief cannot be worded: it waits until the templates are mended and loaded again (SIGHUP)"
    );
}

/// Parks a brief that was planned with words and cannot be worded anew; what becomes of its delivery is the caller's.
pub(super) async fn park(
    tx: &mut Tx,
    contact: &ContactId,
    day: NaiveDate,
    error: &RenderError,
) -> Result<(), AppError> {
    tell(contact, day, error);
    let brief = Parked {
        contact: contact.clone(),
        day,
        reason: error.to_string(),
    };
    Ok(parked::park(tx, &brief).await?)
}

/// Words the parked briefs of `today` with the templates as they are now, and queues those that can be. Returns how
/// many. Those of earlier days are told anew by the next planning. Each is noted before it is touched: this is what a process
/// does first, and may have died of.
///
/// # Errors
/// When the database fails.
pub(super) async fn unpark(deliverer: &Deliverer) -> Result<u64, AppError> {
    let (db, today) = (&deliverer.db, deliverer.clock.today());
    let mut tx = db.snapshot().await?;
    let waiting = parked::list(&mut tx).await?;
    drop(tx);
    let hands = Hands::of(deliverer);
    let mut queued = 0;
    for brief in waiting.iter().filter(|brief| brief.day == today) {
        let thing = Thing::Brief(brief.contact.clone());
        if hands.take(&thing).await? {
            queued += u64::from(unpark_one(deliverer, brief).await?);
            hands.strike_out(&[thing]).await?;
        } else {
            let mut tx = db.begin().await?;
            park(
                &mut tx,
                &brief.contact,
                today,
                &RenderError::given_up(fallen()),
            )
            .await?;
            tx.commit().await?;
        }
    }
    Ok(queued)
}

async fn unpark_one(deliverer: &Deliverer, brief: &Parked) -> Result<bool, AppError> {
    let Deliverer {
        db,
        setup,
        origin,
        clock,
        ..
    } = deliverer;
    let mut tx = db.begin().await?;
    match word(&mut tx, setup, origin, brief, clock.now()).await {
        Ok(has_words) => {
            tx.commit().await?;
            Ok(has_words)
        }
        // The transaction ends without a trace, and the brief stays parked.
        Err(AppError::Render { contact, source }) => {
            tell(&contact, brief.day, &source);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Queues one brief. False when there is nothing to be queued: nothing in it is open any more, nobody can be reached, or
/// another process was faster.
///
/// # Errors
/// When the database or a template fails.
pub(super) async fn word(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    brief: &Parked,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let Parked { contact, day, .. } = brief;
    let stored = contacts::find(tx, contact).await?;
    let active = stored
        .filter(|stored| stored.active)
        .map(|stored| stored.contact);
    let windows = Windows::of(tx, setup, origin, active.iter(), *day, now).await?;
    let reached = active.map_or(Err(Unreachable::NoAddress), |one| windows.reach(&one));
    let Reach {
        channel, address, ..
    } = match reached {
        Ok(reach) => reach,
        Err(why) => {
            parked::release(tx, contact, *day, Some(&why.to_string())).await?;
            return Ok(false);
        }
    };
    if !parked::release(tx, contact, *day, None).await? {
        return Ok(false);
    }
    let items = briefs::find_items(tx, contact, *day).await?;
    let ids: Vec<ObligationId> = items.iter().flatten().map(|item| item.obligation).collect();
    let open = obligations::find(tx, &ids).await?;
    let Some(rendered) = draft_again(tx, setup, contact, *day, &open, channel, &windows).await?
    else {
        return Ok(false);
    };
    let delivery = NewDelivery {
        message: message(contact, *day, channel, address, rendered, origin),
        not_before: now,
    };
    parked::queue(tx, &delivery, now).await?;
    Ok(true)
}
