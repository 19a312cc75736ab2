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

/// What was said of one obligation and still stands, oldest first.
struct Standing<T>(Vec<Line<T>>);

struct Line<T> {
    event: i64,
    /// Whether it only added a document to a completion: then it is taken back with it.
    is_proof: bool,
    said: T,
}

impl<T> Default for Standing<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Standing<T> {
    /// Whether what a line says is kept: what says nothing of how the work stands takes the place of nothing that does.
    fn takes(&self, facts: &Facts) -> bool {
        let said = facts.said.as_ref();
        !matches!(said, Some(What::Undo { .. }))
            && (self.0.is_empty() || !said.is_some_and(What::is_slight))
    }

    /// After a line of the ledger, by which something was `said` or not.
    fn hear(&mut self, event: i64, facts: &Facts, said: Option<T>) {
        if let Some(undone) = facts.undoes {
            let goes_along = |one: &Line<T>| one.is_proof && one.event > undone;
            self.0.retain(|one| one.event != undone && !goes_along(one));
        }
        if facts.resolved == Some(Resolved::Returned) {
            self.0.clear();
        }
        self.0.extend(said.map(|said| Line {
            event,
            is_proof: matches!(facts.said, Some(What::Evidence(_))),
            said,
        }));
    }
}

/// What stands of what was said of each obligation, line by line, in order.
#[derive(Default)]
pub(super) struct Sayings(HashMap<ObligationId, Standing<Saying>>);

impl Sayings {
    /// Whether what a line says of it is kept.
    pub(super) fn takes(&self, obligation: ObligationId, facts: &Facts) -> bool {
        let nothing = Standing::default();
        self.0.get(&obligation).unwrap_or(&nothing).takes(facts)
    }

    /// What holds as said last after a line; `None` where nothing does.
    pub(super) fn after(
        &mut self,
        event: i64,
        obligation: ObligationId,
        facts: &Facts,
        said: Option<Saying>,
    ) -> Option<Saying> {
        let standing = self.0.entry(obligation).or_default();
        standing.hear(event, facts, said);
        standing.0.last().map(|one| one.said.clone())
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
        What::Evidence(Evidence { document, .. }) => (None, None, document.clone()),
        What::Blocked | What::Reassign | What::Ack | What::Handed => (None, None, None),
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
    let mut standing = Standing::default();
    for event in ledger {
        let facts = Facts::of(event);
        let said = said_by(event, &facts).filter(|_| standing.takes(&facts));
        standing.hear(event.id, &facts, said);
    }
    standing.0.pop().map(|one| one.said)
}

fn said_by(event: &Event, facts: &Facts) -> Option<Said> {
    let Actor::Contact(by) = &event.entry.actor else {
        return None;
    };
    let at = facts.happened_at(event.entry.at);
    let quote = facts.quote.clone().unwrap_or_default();
    statement(event.entry.obligation?, by, at, facts.said.as_ref()?, quote)
}
