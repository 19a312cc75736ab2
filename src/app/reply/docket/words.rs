//! What the officers said of what waits for the monitor.

use chrono::NaiveDate;

use crate::app::ledger::Facts;
use crate::app::resolve::Standing;
use crate::clock::local;
use crate::domain::decide::What;
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
    /// The words of the wish or claim that waits: all since the last decision that were not taken back.
    pub(super) fn of(ledger: &[Event], acceptance: bool) -> Self {
        let decided = Standing::last(ledger).map_or(0, |last| last.event);
        let facts: Vec<(&Event, Facts)> = ledger
            .iter()
            .map(|event| (event, Facts::of(event)))
            .collect();
        let is_taken_back = |id: i64| facts.iter().any(|(_, one)| one.undoes == Some(id));
        let mut words = Self::default();
        for (event, facts) in &facts {
            if event.id <= decided || is_taken_back(event.id) {
                continue;
            }
            let quote = facts.quote.as_deref().unwrap_or_default();
            match &facts.said {
                Some(What::Done { document, .. }) if acceptance => {
                    words.document = document.clone().unwrap_or_default();
                }
                Some(What::Evidence(evidence)) if acceptance => {
                    words.document.clone_from(&evidence.document);
                }
                Some(What::Extension { .. }) if !acceptance => {}
                _ => continue,
            }
            if let Actor::Contact(id) = &event.entry.actor {
                words.by = Some(id.clone());
            }
            words.on = Some(local(event.entry.at).date());
            if !words.quote.is_empty() && !quote.is_empty() {
                words.quote.push_str("; ");
            }
            words.quote.push_str(quote);
        }
        words
    }
}
