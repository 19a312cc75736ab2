//! One decision, within the caller's transaction.

use serde_json::json;

use super::tell::{Told, tell};
use super::{Office, Ruling, Settled, changed_meanwhile, name_of};
use crate::app::AppError;
use crate::app::ledger::{keep_last, past};
use crate::app::requests::day_asked;
use crate::app::setup::Charge;
use crate::clock::local;
use crate::domain::brief::dates_of;
use crate::domain::decide::Stand;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::resolution::{EXTENDED, REVOKED, Resolution, Resolved, Unfit, resolve};
use crate::store::events::{self, Event, NewEvent};
use crate::store::obligations::{self, Dates, StateChange, Waiting};
use crate::store::{Tx, statements};

/// Resolves it, writes the ledger and queues what the officers are told.
///
/// # Errors
/// When nothing of it can be resolved so; nothing is changed then.
pub(in crate::app) async fn settle_in(
    tx: &mut Tx,
    office: &Office<'_>,
    charge: &Charge,
    id: ObligationId,
    ruling: &Ruling,
) -> Result<Settled, AppError> {
    let before = obligations::lock(tx, id).await?;
    let before = before.ok_or_else(|| AppError::WrongState {
        what: id.to_string(),
        state: "gone".to_owned(),
    })?;
    let ledger = events::list_of_obligation(tx, id).await?;
    refuse_overruling(office, &before, ruling, &ledger)?;
    let was = past(&ledger);
    let resolved = resolve(
        &before,
        ruling.resolution,
        was,
        charge.plan.extensions,
        charge.plan.issued_on,
        office.today,
        &office.setup.calendar,
    )
    .map_err(|why| AppError::Unfit {
        what: name_of(&before),
        why,
    })?;
    let said = statements::find(tx, &[id]).await?;
    let speaker = said.get(&id).map(|said| &said.contact);
    write(tx, office, &before, ruling, resolved).await?;
    let after = obligations::find(tx, &[id]).await?.pop();
    let after = after.unwrap_or_else(|| before.clone());
    let asked = day_asked(tx, &after).await?;
    let told = Told {
        before: &before,
        after: &after,
        asked,
        on: ruling.resolution.settles(),
        kind: ruling.resolution.as_str(),
        revoked: "",
        reason: ruling.reason.as_deref(),
        document: ruling.document.as_deref(),
    };
    let told = tell(tx, office, charge, speaker, &told).await?;
    Ok(Settled {
        was_asked: was.day_asked(),
        before,
        after,
        asked,
        told,
    })
}

/// Two people decide at once: whoever comes second moves a day that nobody waits for any more, and does not know it.
fn refuse_overruling(
    office: &Office<'_>,
    before: &Obligation,
    ruling: &Ruling,
    ledger: &[Event],
) -> Result<(), AppError> {
    let extends = matches!(ruling.resolution, Resolution::Extend { .. });
    if !extends || before.pending == Some(Pending::Extension) {
        return Ok(());
    }
    let decisions = |one: &&Event| [EXTENDED, REVOKED].contains(&one.entry.kind.as_str());
    let last = ledger.iter().rev().find(decisions).map(|one| &one.entry);
    let by_another_today = last.is_some_and(|entry| {
        entry.kind == EXTENDED
            && entry.actor != office.actor
            && local(entry.at).date() == office.today
    });
    match before.due_on.filter(|_| by_another_today) {
        Some(due_on) => Err(AppError::Unfit {
            what: name_of(before),
            why: Unfit::DecidedToday { due_on },
        }),
        None => Ok(()),
    }
}

async fn write(
    tx: &mut Tx,
    office: &Office<'_>,
    before: &Obligation,
    ruling: &Ruling,
    resolved: Resolved,
) -> Result<(), AppError> {
    let (setup, today) = (office.setup, office.today);
    let still_waits = resolved.leaves(before.pending);
    let event = NewEvent {
        plan: before.plan.clone(),
        obligation: Some(before.id),
        at: office.now,
        actor: office.actor.clone(),
        kind: ruling.resolution.as_str().to_owned(),
        payload: json!({
            "resolved": resolved,
            "was_due_on": before.due_on,
            "was": Stand::of(before),
            "still_waits": still_waits,
            "reason": ruling.reason,
            "document": ruling.document,
        }),
        source: office.source.clone(),
    };
    // From the day before, so that a rung of today counts for what is open again or due on another day.
    let yesterday = today.pred_opt().unwrap_or(today);
    let next = |one: &Obligation| {
        setup
            .ladder
            .next_day(&dates_of(one), yesterday, &setup.calendar)
    };
    let written = match resolved {
        Resolved::Extended { due_on, act_by } => {
            let moved = Obligation {
                due_on: Some(due_on),
                act_by: Some(act_by),
                ..before.clone()
            };
            let dates = Dates { due_on, act_by };
            obligations::extend(tx, before, &dates, still_waits, next(&moved), &event).await?
        }
        Resolved::Refused => {
            let waiting = Waiting {
                id: before.id,
                pending: None,
                snoozed_until: before.snoozed_until,
                look_on: Some(today),
            };
            obligations::set_waiting(tx, &waiting, &event).await?
        }
        Resolved::Accepted { done_on } => {
            let change = StateChange {
                id: before.id,
                from: before.state,
                to: State::Done,
                done_on: Some(done_on),
                pending: None,
                snoozed_until: None,
                next_rung_on: None,
            };
            obligations::set_state(tx, &change, &event).await?
        }
        Resolved::Returned => {
            let change = StateChange {
                id: before.id,
                from: before.state,
                to: State::Open,
                done_on: None,
                pending: still_waits,
                snoozed_until: None,
                next_rung_on: next(before),
            };
            obligations::set_state(tx, &change, &event).await?
        }
    };
    if written {
        if resolved == Resolved::Returned {
            // A head who is told of it must not read that it is done.
            keep_last(tx, before.id).await?;
        }
        Ok(())
    } else {
        Err(changed_meanwhile(before))
    }
}
