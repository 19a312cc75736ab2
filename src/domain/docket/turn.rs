//! What one of the monitor says of a case -> what follows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::{Case, Choice};
use super::hear::Order;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Pending;
use crate::domain::resolution::Resolution;

/// What was asked about a case, and waits for its answer. Stored as JSON for a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The case.
    pub case: ObligationId,
    /// The last line of its ledger when it was asked.
    pub stamp: i64,
    /// What is wanted.
    pub wants: Wants,
}

/// What is wanted of who decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wants {
    /// One of these, by its button or its number.
    Choice(Vec<Choice>),
    /// The day until which more time is granted.
    Day,
    /// Why this is decided.
    Reason(Resolution),
}

/// What was said of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// An answer that was offered.
    Choose(Choice),
    /// An order.
    Say(Order),
    /// The day that was asked for; `None` when none was understood.
    Day(Option<NaiveDate>),
    /// Why this is decided.
    Reason(Resolution, String),
}

impl Turn {
    /// Which decision on the case it would lead to; `None` where none is asked for.
    #[must_use]
    pub fn settles(&self, case: &Case) -> Option<Pending> {
        match self {
            Self::Choose(Choice::Later) => None,
            Self::Choose(_) => case.obligation.pending.filter(|_| case.waits()),
            Self::Say(order) => Some(case.resolution(order).settles()),
            Self::Day(_) => Some(Pending::Extension),
            Self::Reason(resolution, _) => Some(resolution.settles()),
        }
    }
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// This is decided.
    Resolve(Resolution, Option<String>),
    /// More is wanted.
    Ask(Wants),
    /// The day was not understood: it is asked once more.
    AskDayAgain,
    /// It stands otherwise than when this was offered: how it stands is told.
    Stale,
    /// The case is shown: what was said of it is in doubt.
    Show,
    /// The next case is shown.
    Next,
}

/// What follows from `turn`, which was offered when `stamp` was the last line of the ledger; `None` for an order that
/// names its case.
#[must_use]
pub fn follow(case: &Case, stamp: Option<i64>, turn: Turn) -> Step {
    if stamp.is_some_and(|stamp| stamp != case.stamp) {
        return Step::Stale;
    }
    let claims = case.obligation.pending == Some(Pending::Acceptance);
    let (resolution, reason) = match turn {
        Turn::Choose(Choice::Later) => return Step::Next,
        Turn::Choose(_) if !case.waits() => return Step::Stale,
        Turn::Choose(Choice::OtherDay) => return Step::Ask(Wants::Day),
        Turn::Choose(Choice::Grant) if claims => (Resolution::Accept { on: None }, None),
        Turn::Choose(Choice::Grant) => (Resolution::Extend { until: None }, None),
        Turn::Choose(Choice::Decline) if claims => (Resolution::Return, None),
        Turn::Choose(Choice::Decline) => (Resolution::Refuse, None),
        Turn::Day(Some(day)) => (Resolution::Extend { until: Some(day) }, None),
        Turn::Day(None) => return Step::AskDayAgain,
        Turn::Reason(resolution, reason) => (resolution, Some(reason)),
        Turn::Say(order) if !order.plain => return Step::Show,
        Turn::Say(order) => (case.resolution(&order), order.reason),
    };
    if resolution.needs_reason() && reason.is_none() {
        return if resolution.fits(&case.obligation) {
            Step::Ask(Wants::Reason(resolution))
        } else {
            Step::Stale
        };
    }
    let asks_nothing =
        case.past.asked_until.is_none() || case.obligation.pending != Some(Pending::Extension);
    if resolution == (Resolution::Extend { until: None }) && asks_nothing {
        return if case.waits() {
            Step::Ask(Wants::Day)
        } else {
            Step::Stale
        };
    }
    Step::Resolve(resolution, reason)
}
