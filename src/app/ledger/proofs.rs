//! Which documents prove something, and which moved a due day, line by line.

use std::collections::HashMap;

use super::facts::Facts;
use crate::domain::ids::ObligationId;
use crate::domain::resolution::Resolved;

/// The documents that prove something, line by line.
#[derive(Default)]
pub(super) struct Proofs {
    /// Of each obligation, with the number of the event that gave it.
    given: HashMap<ObligationId, Vec<(i64, String)>>,
    /// What each event withdrew.
    withdrawn: HashMap<i64, Vec<String>>,
}

impl Proofs {
    /// The document that a line gives, and those that it withdraws.
    pub(super) fn after(
        &mut self,
        event: i64,
        obligation: ObligationId,
        facts: &Facts,
        kind: &str,
    ) -> (Option<String>, Vec<String>) {
        let is_returned = facts.resolved == Some(Resolved::Returned) || kind == "reopened";
        // What was added to a completion later is taken back with it.
        let since = facts.undoes.or(is_returned.then_some(i64::MIN));
        let given = self.given.get(&obligation).into_iter().flatten();
        let gone = given.filter(|(id, _)| since.is_some_and(|since| *id >= since));
        let withdrawn: Vec<String> = gone.map(|(_, document)| document.clone()).collect();
        // A return that is taken back: its proof holds again.
        let again = facts.revokes.and_then(|id| self.withdrawn.get(&id)?.last());
        let document = facts.proof().or(again).cloned();
        if let Some(document) = &document {
            let given = self.given.entry(obligation).or_default();
            given.push((event, document.clone()));
        }
        if !withdrawn.is_empty() {
            self.withdrawn.insert(event, withdrawn.clone());
        }
        (document, withdrawn)
    }
}

/// The documents that moved due days, line by line.
#[derive(Default)]
pub(super) struct Moves {
    now: HashMap<ObligationId, String>,
    /// Which one held before each event, where one did.
    before: HashMap<i64, String>,
}

impl Moves {
    /// The document by which the day was moved last, after a line.
    pub(super) fn after(
        &mut self,
        event: i64,
        obligation: ObligationId,
        facts: &Facts,
    ) -> Option<String> {
        let held = self.now.get(&obligation).cloned();
        let has_moved = match (&facts.resolved, &facts.amended) {
            (Some(Resolved::Extended { .. }), _) => true,
            (_, Some(amended)) => amended.now.due_on != amended.was.due_on,
            _ => false,
        };
        let holds = match facts.revokes {
            _ if has_moved => facts.document.clone(),
            // With the day, the document behind the decision before holds again.
            Some(id) => self.before.get(&id).cloned(),
            None => held.clone(),
        };
        if let Some(held) = held {
            self.before.insert(event, held);
        }
        match &holds {
            Some(document) => self.now.insert(obligation, document.clone()),
            None => self.now.remove(&obligation),
        };
        holds
    }
}
