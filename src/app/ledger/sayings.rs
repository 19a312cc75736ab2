//! What was said of an obligation last: what is taken back leaves what was said before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::Facts;
use crate::domain::decide::{Evidence, What};
use crate::domain::history::Saying;
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::resolution::Resolved;
use crate::store::events::{Actor, Event};
use crate::store::statements::Said;

/// What stands of what was said of each obligation, line by line, in order.
#[derive(Default)]
pub(super) struct Sayings(HashMap<ObligationId, Vec<Standing>>);

/// What was said by a line and still stands.
struct Standing {
    event: i64,
    /// Whether it only added a document to a completion: then it is taken back with it.
    is_proof: bool,
    saying: Saying,
}

impl Sayings {
    /// What holds as said last after a line; `None` where nothing does.
    pub(super) fn after(
        &mut self,
        event: i64,
        obligation: ObligationId,
        facts: &Facts,
        said: Option<Saying>,
    ) -> Option<Saying> {
        let standing = self.0.entry(obligation).or_default();
        if let Some(undone) = facts.undoes {
            let goes_along = |one: &Standing| one.is_proof && one.event > undone;
            standing.retain(|one| one.event != undone && !goes_along(one));
        }
        if facts.resolved == Some(Resolved::Returned) {
            standing.clear();
        }
        standing.extend(said.map(|saying| Standing {
            event,
            is_proof: matches!(facts.said, Some(What::Evidence(_))),
            saying,
        }));
        standing.last().map(|one| one.saying.clone())
    }
}

/// What is kept of a statement as the last word; `None` for one that says nothing of how the work stands.
pub(in crate::app) fn statement(
    obligation: ObligationId,
    by: &ContactId,
    at: DateTime<Utc>,
    what: &What,
    quote: String,
) -> Option<Said> {
    let (percent, expected_on, document) = match what {
        What::Undo { .. } | What::Snooze { .. } => return None,
        What::Done { document, .. } => (None, None, document.clone()),
        What::Progress {
            percent,
            expected_on,
            document,
        } => (*percent, *expected_on, document.clone()),
        What::Extension { until } => (None, *until, None),
        What::Evidence(Evidence { document, .. }) => (None, None, Some(document.clone())),
        What::Blocked | What::Reassign => (None, None, None),
    };
    Some(Said {
        obligation,
        contact: by.clone(),
        at,
        intent: what.as_str().to_owned(),
        quote,
        percent,
        expected_on,
        document,
    })
}

/// The last word of an obligation by its ledger, oldest line first, without what was taken back or returned.
pub(in crate::app) fn last_statement(ledger: &[Event]) -> Option<Said> {
    let mut standing: Vec<(i64, Said)> = Vec::new();
    for event in ledger {
        let facts = Facts::of(event);
        if let Some(undone) = facts.undoes {
            let goes_along = |id: i64, said: &Said| id > undone && said.intent == "evidence";
            standing.retain(|(id, said)| *id != undone && !goes_along(*id, said));
        }
        if facts.resolved == Some(Resolved::Returned) {
            standing.clear();
        }
        let (Some(obligation), Actor::Contact(by), Some(what)) =
            (event.entry.obligation, &event.entry.actor, &facts.said)
        else {
            continue;
        };
        let at = facts.happened_at(event.entry.at);
        let quote = facts.quote.clone().unwrap_or_default();
        let said = statement(obligation, by, at, what, quote);
        standing.extend(said.map(|said| (event.id, said)));
    }
    standing.pop().map(|(_, said)| said)
}
