//! A decision that is taken back, by a new line in the ledger, within the caller's transaction.

use serde_json::json;

use super::tell::{Told, tell};
use super::{Office, Settled, changed_meanwhile, name_of};
use crate::app::AppError;
use crate::app::ledger::{Facts, keep_last, past};
use crate::app::requests::day_asked;
use crate::app::setup::Charge;
use crate::domain::brief::dates_of;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Pending, State};
use crate::domain::resolution::{Former, REVOKED, Resolved, Unfit, revoke};
use crate::store::events::{self, Actor, Event, NewEvent};
use crate::store::obligations;
use crate::store::{Tx, statements};

/// A decision that nobody has taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Standing {
    /// Its line in the ledger.
    pub event: i64,
    /// About which obligation.
    pub obligation: ObligationId,
    /// The word of the event.
    pub kind: String,
    /// Who took it.
    pub actor: Actor,
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    resolved: Resolved,
    former: Former,
}

impl Standing {
    /// The decision that `event` is, if it is one.
    pub fn of(event: &Event) -> Option<Self> {
        let facts = Facts::of(event);
        Some(Self {
            event: event.id,
            obligation: event.entry.obligation?,
            kind: event.entry.kind.clone(),
            actor: event.entry.actor.clone(),
            at: event.entry.at,
            resolved: facts.resolved?,
            former: Former {
                stand: facts.was?,
                due_on: facts.was_due_on,
                left: facts.still_waits,
            },
        })
    }

    /// What it has settled of what waited.
    pub fn settles(&self) -> Pending {
        self.resolved.settles()
    }

    /// The last decision of the ledger of an obligation, oldest line first.
    pub fn last(ledger: &[Event]) -> Option<Self> {
        let revoked: Vec<i64> = ledger
            .iter()
            .filter_map(|event| Facts::of(event).revokes)
            .collect();
        let mut decisions = ledger.iter().rev().filter_map(Self::of);
        decisions.find(|one| !revoked.contains(&one.event))
    }
}

/// Puts the obligation back to where it stood, writes the ledger and queues what the officers are told.
///
/// # Errors
/// When it has changed since, or this is not the last decision on it; nothing is changed then.
pub(in crate::app) async fn take_back_in(
    tx: &mut Tx,
    office: &Office<'_>,
    charge: &Charge,
    standing: &Standing,
    reason: Option<&str>,
) -> Result<Settled, AppError> {
    let id = standing.obligation;
    let before = obligations::lock(tx, id).await?;
    let before = before.ok_or_else(|| AppError::WrongState {
        what: id.to_string(),
        state: "gone".to_owned(),
    })?;
    let unfit = |why| AppError::Unfit {
        what: name_of(&before),
        why,
    };
    let ledger = events::list_of_obligation(tx, id).await?;
    let is_last = Standing::last(&ledger).is_some_and(|last| last.event == standing.event);
    if !is_last {
        return Err(unfit(Unfit::ChangedSince));
    }
    let calendar = &office.setup.calendar;
    let after = revoke(&before, standing.resolved, standing.former, calendar).map_err(unfit)?;
    let yesterday = office.today.pred_opt().unwrap_or(office.today);
    let ladder = &office.setup.ladder;
    let next = (after.state == State::Open)
        .then(|| ladder.next_day(&dates_of(&after), yesterday, calendar))
        .flatten();
    let event = NewEvent {
        plan: before.plan.clone(),
        obligation: Some(id),
        at: office.now,
        actor: office.actor.clone(),
        kind: REVOKED.to_owned(),
        payload: json!({
            "revokes": standing.event,
            "revoked": standing.kind,
            "was_due_on": before.due_on,
            "restored": standing.former.stand,
            "restored_due_on": standing.former.due_on,
            "reason": reason,
        }),
        source: office.source.clone(),
    };
    if !obligations::restore(tx, &before, &after, next, &event).await? {
        return Err(changed_meanwhile(&before));
    }
    if standing.resolved == Resolved::Returned {
        keep_last(tx, id).await?;
    }
    let said = statements::find(tx, &[id]).await?;
    let speaker = said.get(&id).map(|said| &said.contact);
    let asked = day_asked(tx, &after).await?;
    let told = Told {
        before: &before,
        after: &after,
        asked,
        on: standing.settles(),
        kind: REVOKED,
        revoked: &standing.kind,
        reason,
        document: None,
    };
    let told = tell(tx, office, charge, speaker, &told).await?;
    Ok(Settled {
        was_asked: past(&ledger).day_asked(),
        before,
        after,
        asked,
        told,
    })
}
