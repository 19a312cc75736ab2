//! What a document gives to other agencies: each owes it from then on, or owes, or has done, the same already.

use std::collections::{HashMap, HashSet};

use super::raised::Matter;
use super::write::{Draft, Work, item};
use crate::app::AppError;
use crate::domain::amendment::{Fate, Kind};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, State};
use crate::store::obligations::{self, Filter};
use crate::store::statements::{self, Said};
use crate::store::{StoreError, Tx, amendments};

/// What those agencies owe themselves to which everything is given.
#[derive(Default)]
pub(super) struct Owed {
    own: HashMap<(AgencyCode, MilestoneId), Obligation>,
    /// What of that a document gave them before and another took back, or they gave away themselves: it can be given again.
    givable: HashSet<ObligationId>,
}

/// Which of these documents gave to their agencies by mistake: they are as if they had never been there.
pub(super) async fn ungiven_of(
    tx: &mut Tx,
    all: impl Iterator<Item = &Obligation>,
) -> Result<HashSet<ObligationId>, StoreError> {
    let over = all.filter(|one| one.state == State::Cancelled && one.taken_from.is_some());
    let ids: Vec<ObligationId> = over.map(|one| one.id).collect();
    amendments::ungiven(tx, &ids).await
}

impl Work<'_> {
    /// Reads it.
    pub(super) async fn owed_by_heirs(&self, tx: &mut Tx) -> Result<Owed, AppError> {
        let mut all = Owed::default();
        for to in self.to {
            let filter = Filter {
                plan: Some(self.charge.plan.id.clone()),
                agency: Some(to.clone()),
                ..Filter::default()
            };
            let owed = obligations::list(tx, &filter).await?.into_iter();
            all.own
                .extend(owed.map(|one| ((to.clone(), one.milestone.clone()), one)));
        }
        all.givable = ungiven_of(tx, all.own.values()).await?;
        let over = all.own.values().filter(|one| one.state == State::Cancelled);
        let ids: Vec<ObligationId> = over.map(|one| one.id).collect();
        let away = amendments::given_to(tx, &ids).await?;
        all.givable.extend(away.into_keys());
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
            let own = owed.own.get(&(to.clone(), before.milestone.clone()));
            let again = own.filter(|own| owed.givable.contains(&own.id));
            let fate = if let Some(own) = own.filter(|_| again.is_none()) {
                draft.touch(item(own.id, Kind::Joined, from, own, own), own);
                Fate::beside(own)
            } else {
                let heir = self.hand_over(tx, before, to, again).await?;
                let nothing = again.cloned().unwrap_or_else(|| Obligation {
                    state: State::Cancelled,
                    pending: None,
                    ..heir.clone()
                });
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
        again: Option<&Obligation>,
    ) -> Result<Obligation, AppError> {
        let id =
            obligations::take_over(tx, from, to, again.map(|one| one.id), self.next_rung(from))
                .await?;
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
