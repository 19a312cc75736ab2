//! One obligation before the monitor.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::hear::{Order, Verb};
use crate::domain::calendar::Calendar;
use crate::domain::obligation::{Obligation, Pending};
use crate::domain::resolution::{Past, Policy, Resolution, Unfit, resolve};

/// One obligation, with all that bears on a decision about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The obligation.
    pub obligation: Obligation,
    /// What the ledger knows of it.
    pub past: Past,
    /// What the plan allows.
    pub policy: Policy,
    /// When the plan was issued.
    pub issued_on: NaiveDate,
    /// The last line of its ledger: what is offered about it holds while this is the last.
    pub stamp: i64,
}

/// An answer that is offered on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// What is asked for is granted, what is claimed is confirmed.
    Grant,
    /// More time is granted, until another day.
    OtherDay,
    /// What is asked for is refused, what is claimed is returned.
    Decline,
    /// The next case first.
    Later,
}

impl Choice {
    const ALL: [Self; 4] = [Self::Grant, Self::OtherDay, Self::Decline, Self::Later];

    /// Its word in the tokens of buttons and in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::OtherDay => "other-day",
            Self::Decline => "decline",
            Self::Later => "later",
        }
    }

    /// Its number in the list of answers. It is the same on every card, for whoever decides one card after the other answers by
    /// habit; that of an answer which a card does not offer stays unused.
    #[must_use]
    pub fn number(self) -> usize {
        match self {
            Self::Grant => 1,
            Self::OtherDay => 2,
            Self::Decline => 3,
            Self::Later => 4,
        }
    }

    /// The choice of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Case {
    /// Whether it waits for a decision.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(
            self.obligation.pending,
            Some(Pending::Extension | Pending::Acceptance)
        )
    }

    /// What is offered on it, in order; nothing when it waits for nothing.
    #[must_use]
    pub fn choices(&self, today: NaiveDate, calendar: &Calendar) -> Vec<Choice> {
        match self.obligation.pending {
            Some(Pending::Acceptance) => vec![Choice::Grant, Choice::Decline, Choice::Later],
            Some(Pending::Extension) => {
                let asked = self.try_extend(None, today, calendar);
                let mut choices = Vec::new();
                if asked.is_ok() {
                    choices.push(Choice::Grant);
                }
                // Where the plan allows no further extension at all, no day would do.
                if !matches!(
                    asked,
                    Err(Unfit::TooOften { .. } | Unfit::NotOpen | Unfit::NoDeadline)
                ) {
                    choices.push(Choice::OtherDay);
                }
                choices.extend([Choice::Decline, Choice::Later]);
                choices
            }
            _ => Vec::new(),
        }
    }

    /// Why the wish as it was asked cannot be granted, if it cannot.
    #[must_use]
    pub fn obstacle(&self, today: NaiveDate, calendar: &Calendar) -> Option<Unfit> {
        let asks = self.obligation.pending == Some(Pending::Extension);
        let refused = self.try_extend(None, today, calendar).err();
        refused.filter(|why| asks && *why != Unfit::NoDay)
    }

    fn try_extend(
        &self,
        until: Option<NaiveDate>,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<(), Unfit> {
        resolve(
            &self.obligation,
            Resolution::Extend { until },
            self.past,
            self.policy,
            self.issued_on,
            today,
            calendar,
        )
        .map(drop)
    }

    /// What an order says of it. An approval or a refusal is about what waits; where nothing does, it is about more time.
    #[must_use]
    pub(super) fn resolution(&self, order: &Order) -> Resolution {
        let claims = self.obligation.pending == Some(Pending::Acceptance);
        let (until, on) = (order.day, order.day);
        match order.verb {
            Verb::Approve if claims && until.is_none() => Resolution::Accept { on: None },
            Verb::Approve | Verb::Extend => Resolution::Extend { until },
            Verb::Reject if claims => Resolution::Return,
            Verb::Reject | Verb::Refuse => Resolution::Refuse,
            Verb::Accept => Resolution::Accept { on },
            Verb::Return => Resolution::Return,
        }
    }
}
