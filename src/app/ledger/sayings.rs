//! What was said of an obligation last: what is taken back leaves what was said before, and where nothing was, that it was taken
//! back. Whoever says "em báo nhầm" has answered, and so has whoever reported a completion that was returned: the report stays,
//! with what became of it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::Facts;
use crate::app::AppError;
use crate::clock::local;
use crate::domain::decide::{Evidence, What};
use crate::domain::history::Saying;
use crate::domain::ids::{ContactId, ObligationId};
use crate::domain::resolution::{Resolved, Return};
use crate::store::Tx;
use crate::store::events::{self, Actor, Event};
use crate::store::statements::{self, Said};

/// What was said of one obligation.
struct Standing<T> {
    /// What still stands of it, oldest first.
    lines: Vec<Line<T>>,
    /// The words by which the last was taken back: they are the last word where nothing stands.
    withdrawal: Option<T>,
}

struct Line<T> {
    event: i64,
    /// The day on which it was said.
    on: NaiveDate,
    /// Whether it reports a completion.
    is_claim: bool,
    /// Whether it only added a document to a completion: then it is taken back with it, and returned with it.
    is_proof: bool,
    /// The line by which it was returned.
    returned_by: Option<i64>,
    said: T,
}

/// What is kept of what was said, that can be returned.
trait Returnable {
    /// That it was returned, or that it was not.
    fn set_returned(&mut self, returned: Option<Return>);
}

impl Returnable for Saying {
    fn set_returned(&mut self, returned: Option<Return>) {
        self.returned = returned;
    }
}

impl Returnable for Said {
    fn set_returned(&mut self, returned: Option<Return>) {
        self.returned = returned;
    }
}

impl<T> Default for Standing<T> {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            withdrawal: None,
        }
    }
}

impl<T: Returnable> Standing<T> {
    /// Whether what a line says is kept: what says nothing of how the work stands takes the place of nothing that does.
    fn takes(&self, facts: &Facts) -> bool {
        let said = facts.said.as_ref();
        !matches!(said, Some(What::Undo { .. }))
            && (self.last().is_none() || !said.is_some_and(What::is_slight))
    }

    /// After a line of the ledger, by which something was `said` on that day or not; where it takes something back,
    /// `withdrawal` is how that is told.
    fn hear(
        &mut self,
        event: i64,
        on: NaiveDate,
        facts: &Facts,
        said: Option<T>,
        withdrawal: impl FnOnce(NaiveDate) -> Option<T>,
    ) {
        if let Some(undone) = facts.undoes {
            let gone = self.lines.iter().find(|one| one.event == undone);
            if let Some(gone) = gone.map(|one| one.on) {
                self.withdrawal = withdrawal(gone);
            }
            let goes_along = |one: &Line<T>| one.is_proof && one.event > undone;
            self.lines
                .retain(|one| one.event != undone && !goes_along(one));
        }
        if facts.resolved == Some(Resolved::Returned) {
            self.give_back(event, on, facts);
        }
        for line in &mut self.lines {
            if line.returned_by.is_some() && line.returned_by == facts.revokes {
                line.returned_by = None;
                line.said.set_returned(None);
            }
        }
        self.lines.extend(said.map(|said| Line {
            event,
            on,
            is_claim: matches!(facts.said, Some(What::Done { .. })),
            is_proof: matches!(facts.said, Some(What::Evidence(_))),
            returned_by: None,
            said,
        }));
    }

    /// What was reported done last is returned on that day, with the documents that were added to it.
    fn give_back(&mut self, event: i64, on: NaiveDate, facts: &Facts) {
        let claim = self.lines.iter().rposition(|one| one.is_claim);
        let Some(claim) = claim else { return };
        let (report, since) = self.lines[claim..].split_at_mut(1);
        let proofs = since.iter_mut().filter(|one| one.is_proof);
        for line in report.iter_mut().chain(proofs) {
            line.returned_by = Some(event);
            line.said.set_returned(Some(Return {
                on,
                reason: facts.reason.clone().unwrap_or_default(),
            }));
        }
    }

    fn last(&self) -> Option<&T> {
        let last = self.lines.last().map(|one| &one.said);
        last.or(self.withdrawal.as_ref())
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

    /// What holds as said last after a line of that day; `None` where nothing does.
    pub(super) fn after(
        &mut self,
        event: i64,
        on: NaiveDate,
        obligation: ObligationId,
        facts: &Facts,
        said: Option<Saying>,
    ) -> Option<Saying> {
        let standing = self.0.entry(obligation).or_default();
        standing.hear(event, on, facts, said, |gone| {
            Some(Saying {
                on,
                blocked: false,
                quote: facts.quote.clone().unwrap_or_default(),
                takes_back: Some(gone),
                returned: None,
            })
        });
        standing.last().cloned()
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
        returned: None,
    })
}

/// Keeps the last word of an obligation anew, as its ledger has it: something was taken back, or returned.
///
/// # Errors
/// When the database fails.
pub(in crate::app) async fn keep_last(tx: &mut Tx, id: ObligationId) -> Result<(), AppError> {
    statements::forget(tx, id).await?;
    if let Some(said) = last_statement(&events::list_of_obligation(tx, id).await?) {
        statements::keep(tx, &said).await?;
    }
    Ok(())
}

/// The last word of an obligation by its ledger, oldest line first, without what was taken back.
fn last_statement(ledger: &[Event]) -> Option<Said> {
    let mut standing = Standing::default();
    for event in ledger {
        let facts = Facts::of(event);
        let on = local(facts.happened_at(event.entry.at)).date();
        let said = said_by(event, &facts).filter(|_| standing.takes(&facts));
        standing.hear(event.id, on, &facts, said, |gone| {
            withdrawn_by(event, &facts, gone)
        });
    }
    standing.last().cloned()
}

fn said_by(event: &Event, facts: &Facts) -> Option<Said> {
    let Actor::Contact(by) = &event.entry.actor else {
        return None;
    };
    let at = facts.happened_at(event.entry.at);
    let quote = facts.quote.clone().unwrap_or_default();
    statement(event.entry.obligation?, by, at, facts.said.as_ref()?, quote)
}

/// The words that take back what was said on `gone`.
fn withdrawn_by(event: &Event, facts: &Facts, gone: NaiveDate) -> Option<Said> {
    let Actor::Contact(by) = &event.entry.actor else {
        return None;
    };
    Some(Said {
        obligation: event.entry.obligation?,
        contact: by.clone(),
        at: facts.happened_at(event.entry.at),
        intent: facts.said.as_ref()?.as_str().to_owned(),
        quote: facts.quote.clone().unwrap_or_default(),
        percent: None,
        expected_on: Some(gone),
        document: None,
        returned: None,
    })
}
