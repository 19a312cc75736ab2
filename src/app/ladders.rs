//! The ladder of each obligation: the one in force, or the one on which its escalation began.

use std::collections::HashMap;

use super::AppError;
use super::setup::Setup;
use crate::domain::ids::ObligationId;
use crate::domain::ladder::Ladder;
use crate::domain::obligation::Obligation;
use crate::store::{Tx, ladders};

/// The ladders that some obligations climb.
#[derive(Clone, Debug)]
pub struct Ladders {
    current: Ladder,
    climbing: HashMap<ObligationId, i64>,
    earlier: HashMap<i64, Ladder>,
}

impl Ladders {
    /// The one in force for all.
    #[must_use]
    pub fn current(setup: &Setup) -> Self {
        Self {
            current: setup.ladder.clone(),
            climbing: HashMap::new(),
            earlier: HashMap::new(),
        }
    }

    /// Those of these obligations.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(
        tx: &mut Tx,
        setup: &Setup,
        obligations: &[Obligation],
    ) -> Result<Self, AppError> {
        let ids: Vec<ObligationId> = obligations.iter().map(|one| one.id).collect();
        let (climbing, earlier) = ladders::earlier(tx, &ids).await?;
        let all = Self::current(setup);
        // The hours of sending are not a matter of an escalation.
        let of_today = |ladder: Ladder| Ladder {
            from: setup.ladder.from,
            until: setup.ladder.until,
            ..ladder
        };
        let earlier = earlier.into_iter().map(|(id, one)| (id, of_today(one)));
        Ok(Self {
            earlier: earlier.collect(),
            climbing,
            ..all
        })
    }

    /// That of one of them.
    pub(super) fn find(&self, obligation: ObligationId) -> &Ladder {
        let earlier = self.climbing.get(&obligation);
        earlier
            .and_then(|id| self.earlier.get(id))
            .unwrap_or(&self.current)
    }
}
