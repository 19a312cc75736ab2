//! What of an amendment can be taken back, obligation by obligation.

use std::collections::HashMap;

use super::Changes;
use crate::domain::amendment::{self, Kind, Terms, Unfit};
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::obligation::Obligation;
use crate::store::amendments::AmendmentItem;

/// What an amendment did, and how that stands now.
pub(super) struct Back<'a> {
    pub(super) items: &'a [AmendmentItem],
    pub(super) found: &'a HashMap<ObligationId, Obligation>,
}

impl<'a> Back<'a> {
    /// Each obligation that it changed, with its earlier terms or why it keeps its own.
    pub(super) fn changes(&self) -> Changes {
        // Nothing of what was joined has changed; it is told that it answers for itself alone.
        let changed = self.items.iter().filter(|item| item.kind != Kind::Joined);
        let back = changed.filter_map(|item| {
            let before = self.found.get(&item.obligation)?;
            Some((before.clone(), self.terms(item, before)))
        });
        back.collect()
    }

    /// What answered for another agency as well, with that one.
    pub(super) fn parted(&self) -> Vec<(Obligation, AgencyCode)> {
        let joined = self.items.iter().filter(|item| item.kind == Kind::Joined);
        let parted = joined.filter_map(|item| {
            let other = item.counterparts.first()?;
            Some((self.found.get(&item.obligation)?.clone(), other.clone()))
        });
        parted.collect()
    }

    /// The earlier terms of one. What other agencies took over goes back only if each of them can still give it, and so does
    /// what was asked for then: what was decided there meanwhile is decided.
    fn terms(&self, item: &AmendmentItem, one: &Obligation) -> Result<Terms, Unfit> {
        let mut terms = amendment::revoke(one, &item.amended)?;
        for heir in self.heirs_of(item, one) {
            let Some(owed) = self.found.get(&heir.obligation) else {
                continue;
            };
            amendment::revoke(owed, &heir.amended)?;
            if owed.pending != heir.amended.now.pending {
                terms.pending = None;
            }
        }
        Ok(terms)
    }

    /// Those who took over what this item gave away; of what was taken over, those who took it over with it.
    fn heirs_of(
        &self,
        item: &'a AmendmentItem,
        one: &'a Obligation,
    ) -> impl Iterator<Item = &'a AmendmentItem> {
        let from = match item.kind {
            Kind::Transferred => Some(&one.agency),
            Kind::Received => item.counterparts.first(),
            _ => None,
        };
        let found = self.found;
        self.items.iter().filter(move |heir| {
            let is_of_it = || {
                let owed = found.get(&heir.obligation);
                owed.is_some_and(|owed| owed.milestone == one.milestone)
            };
            heir.kind == Kind::Received
                && from.is_some()
                && heir.counterparts.first() == from
                && is_of_it()
        })
    }
}
