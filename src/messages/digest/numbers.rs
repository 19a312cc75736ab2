//! The numbers of a first screen, as the templates are told them.

use serde::{Deserialize, Serialize};

use crate::domain::digest::Numbers;

/// The five numbers, as a context holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestNumbers {
    /// Completed.
    pub done: usize,
    /// Open and overdue.
    pub late: usize,
    /// Due within two weeks.
    pub due_soon: usize,
    /// Waits for a decision.
    pub waiting: usize,
    /// How much of that is past its due day, and not late for that.
    #[serde(default)]
    pub past_due: usize,
    /// Overdue, and never answered.
    pub silent: usize,
    /// Due before it was followed here, and not known how it ended.
    #[serde(default)]
    pub unclear: usize,
}

impl From<Numbers> for DigestNumbers {
    fn from(numbers: Numbers) -> Self {
        let Numbers {
            done,
            late,
            due_soon,
            waiting,
            past_due,
            silent,
            unclear,
        } = numbers;
        Self {
            done,
            late,
            due_soon,
            waiting,
            past_due,
            silent,
            unclear,
        }
    }
}
