//! What the officers said of what waits for a decision.

use chrono::NaiveDate;

use crate::app::ledger::asking;
use crate::domain::ids::ContactId;
use crate::store::events::{Actor, Event};

/// What the officers said of what waits.
#[derive(Default)]
pub(super) struct Words {
    pub(super) by: Option<ContactId>,
    pub(super) on: Option<NaiveDate>,
    pub(super) quote: String,
    pub(super) document: String,
}

impl Words {
    /// The words of the wish or claim that waits, and who said the last of them.
    pub(super) fn of(ledger: &[Event]) -> Self {
        let asking = asking(ledger);
        let Some(asked) = asking.asked() else {
            return Self::default();
        };
        let is_asking = |event: &&Event| asking.words().iter().any(|one| one.event == event.id);
        let spoke = |event: &Event| match &event.entry.actor {
            Actor::Contact(id) => Some(id.clone()),
            _ => None,
        };
        Self {
            by: ledger.iter().filter(is_asking).rev().find_map(spoke),
            on: Some(asked.on),
            quote: asked.quote,
            document: asked.document.unwrap_or_default(),
        }
    }
}
