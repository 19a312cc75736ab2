//! The ladder of each obligation: the one in force, or the one on which its escalation began.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::AppError;
use super::setup::Setup;
use crate::domain::brief::dates_of;
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

/// The day on which each of these is to be looked at next, after `today`; what somebody is to hear who is away, on every day.
pub(super) fn next_rungs(
    due: &[Obligation],
    unheard: &BTreeSet<ObligationId>,
    ladders: &Ladders,
    setup: &Setup,
    today: NaiveDate,
) -> Vec<(ObligationId, Option<NaiveDate>)> {
    due.iter()
        .map(|obligation| {
            let ladder = ladders.find(obligation.id);
            let next = ladder.next_day(&dates_of(obligation), today, &setup.calendar);
            // A reminder that was asked for is looked at on its day, however far the next rung is.
            let asked_for = obligation.snoozed_until.filter(|day| *day > today);
            let tomorrow = today.succ_opt();
            let again = tomorrow.filter(|_| unheard.contains(&obligation.id));
            let days = [next, asked_for, again].into_iter().flatten();
            (obligation.id, days.min())
        })
        .collect()
}
