//! What a document gives to other agencies: each owes it from then on, or owes, or has done, the same already.

use std::collections::HashMap;

use super::raised::Matter;
use super::write::{Draft, Work, item};
use crate::app::AppError;
use crate::domain::amendment::{Fate, Kind};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::store::Tx;
use crate::store::obligations::{self, Filter};
use crate::store::statements::{self, Said};

/// What those agencies owe themselves to which everything is given.
pub(super) type Owed = HashMap<(AgencyCode, MilestoneId), Obligation>;

impl Work<'_> {
    /// Reads it.
    pub(super) async fn owed_by_heirs(&self, tx: &mut Tx) -> Result<Owed, AppError> {
        let mut all = Owed::new();
        for to in self.to {
            let filter = Filter {
                plan: Some(self.charge.plan.id.clone()),
                agency: Some(to.clone()),
                ..Filter::default()
            };
            let owed = obligations::list(tx, &filter).await?.into_iter();
            all.extend(owed.map(|one| ((to.clone(), one.milestone.clone()), one)));
        }
        Ok(all)
    }

    /// Gives it to each of them. Says what became of it there.
    pub(super) async fn give(
        &self,
        tx: &mut Tx,
        before: &Obligation,
        owed: &Owed,
        draft: &mut Draft,
    ) -> Result<Vec<(AgencyCode, Fate)>, AppError> {
        let mut given = Vec::new();
        let from = std::slice::from_ref(&before.agency);
        for to in self.to {
            let fate = if let Some(own) = owed.get(&(to.clone(), before.milestone.clone())) {
                draft.touch(item(own.id, Kind::Joined, from, own, own), own);
                Fate::beside(own)
            } else {
                let heir = self.hand_over(tx, before, to).await?;
                let nothing = Obligation {
                    state: State::Cancelled,
                    pending: None,
                    ..heir.clone()
                };
                draft.touch(item(heir.id, Kind::Received, from, &nothing, &heir), &heir);
                if let Some(matter) = self.matters.get(&before.id) {
                    self.carry(tx, matter, before, &heir, draft).await?;
                }
                Fate::TakenOver
            };
            given.push((to.clone(), fate));
        }
        Ok(given)
    }

    async fn hand_over(
        &self,
        tx: &mut Tx,
        from: &Obligation,
        to: &AgencyCode,
    ) -> Result<Obligation, AppError> {
        let id = obligations::take_over(tx, from, to, self.next_rung(from)).await?;
        let ids: Vec<ObligationId> = id.into_iter().collect();
        let heir = obligations::find(tx, &ids).await?.pop();
        // Somebody gave it to the same agency a moment ago.
        heir.ok_or_else(|| AppError::WrongState {
            what: format!("{} of {to}", from.milestone),
            state: "not as it was a moment ago".to_owned(),
        })
    }

    /// What was raised of it goes with it.
    async fn carry(
        &self,
        tx: &mut Tx,
        matter: &Matter,
        from: &Obligation,
        heir: &Obligation,
        draft: &mut Draft,
    ) -> Result<(), AppError> {
        let lines = matter.carried(from, heir, self.now);
        if let Some(said) = matter.statement().filter(|_| !lines.is_empty()) {
            let said = Said {
                obligation: heir.id,
                ..said.clone()
            };
            statements::keep(tx, &said).await?;
        }
        draft.carried.extend(lines);
        Ok(())
    }
}
