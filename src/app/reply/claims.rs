//! What an agency claims and asks for of what it owes, as the ledger has it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::situation::EVIDENCE;
use crate::app::AppError;
use crate::app::ledger::{Entries, Facts, past};
use crate::clock::local;
use crate::domain::decide::{Claim, Owed, Stand, What};
use crate::domain::history::at_end_of;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Obligation, Pending, State};
use crate::store::Tx;
use crate::store::events::{self, Event};
use crate::store::evidence::MOVED;

/// Finds the completions that the agency claims and nobody has confirmed, and the days of what waits for a decision.
///
/// # Errors
/// When the database fails.
pub(super) async fn find(tx: &mut Tx, owed: &mut [Owed]) -> Result<(), AppError> {
    let bears = |one: &&mut Owed| {
        let now = &one.obligation;
        now.state == State::Done || now.pending.is_some_and(Pending::is_undecided)
    };
    let ids: Vec<ObligationId> = owed.iter_mut().filter(bears).map(|one| one.id()).collect();
    let ledgers = events::list_of_obligations(tx, &ids).await?;
    for one in owed.iter_mut().filter(bears) {
        let Some(ledger) = ledgers.get(&one.id()) else {
            continue;
        };
        let waits = one.obligation.pending.is_some_and(Pending::is_undecided);
        one.asked = past(ledger).day_asked().filter(|_| waits);
        if one.obligation.pending != Some(Pending::Extension) {
            one.claim = claim_of(ledger, Stand::of(&one.obligation));
            one.further = documents(ledger, &one.obligation);
            one.further
                .retain(|named| one.document.as_ref() != Some(named));
        }
    }
    Ok(())
}

/// The documents that were named for it and prove it still.
fn documents(ledger: &[Event], one: &Obligation) -> Vec<String> {
    let entries = Entries::of_events(ledger);
    at_end_of(one, entries.of(one.id), NaiveDate::MAX).documents
}

/// The claim by which an obligation stands as it does; `None` where anybody decided or said anything of it since.
fn claim_of(ledger: &[Event], now: Stand) -> Option<Claim> {
    let mut taken_back = BTreeSet::new();
    for event in ledger.iter().rev() {
        let facts = Facts::of(event);
        if let Some(undone) = facts.undoes {
            taken_back.insert(undone);
        } else if ![EVIDENCE, MOVED].contains(&event.entry.kind.as_str())
            && !taken_back.contains(&event.id)
        {
            let claims = facts.after == Some(now);
            let Some(What::Done { on, .. }) = facts.said.filter(|_| claims) else {
                return None;
            };
            return Some(Claim {
                event: event.id,
                on,
                said_on: local(event.entry.at).date(),
                before: facts.before?,
            });
        }
    }
    None
}
