//! What goes into the grammar and what comes out of it.

use chrono::NaiveDate;

use crate::domain::calendar::Calendar;
use crate::domain::plan::{Before, MilestoneKind};

/// What a cell does not say itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The year the plan is for: the year of every date without one.
    pub year: i32,
    /// Day of signature, from which "30 ngày kể từ ngày ban hành" counts.
    pub issued_on: Option<NaiveDate>,
    /// How the plan means "trước".
    pub before: Before,
    /// Working days, for terms that are counted.
    pub calendar: &'a Calendar,
}

impl Context<'_> {
    /// Where a term without a start begins: on the first day of the plan's year, or the day after the issue if that is later.
    pub(super) fn opening(&self) -> Option<NaiveDate> {
        let new_year = NaiveDate::from_ymd_opt(self.year, 1, 1);
        let issued = self.issued_on.and_then(|day| day.succ_opt());
        new_year.max(issued)
    }
}

/// A milestone as a cell gives it, not yet numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Due, continuous or event.
    pub kind: MilestoneKind,
    /// The clause's own words, and for recurring ones the period; empty when the cell names nothing.
    pub label: String,
    /// The words of the clause that say when, as written: `trong quý I`.
    pub written: String,
    /// First day of the window.
    pub opens_on: Option<NaiveDate>,
    /// Last compliant day; present exactly when the kind is `Due`.
    pub due_on: Option<NaiveDate>,
    /// How the dates follow from the words, naming the rule of the design.
    pub rule: String,
}

/// A cell that the grammar does not cover. A normal state: a person lists the dates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("deadline not understood at {words:?}: {reason}; list its dates in `milestones`")]
pub struct NotUnderstood {
    /// The words that stopped it, as the cell has them.
    pub words: String,
    /// What is the matter with them.
    pub reason: String,
}

impl NotUnderstood {
    /// Names the words and the reason.
    pub(super) fn new(words: &str, reason: &str) -> Self {
        Self {
            words: super::text::one_line(words),
            reason: reason.to_owned(),
        }
    }
}
