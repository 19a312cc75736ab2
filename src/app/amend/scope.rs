//! Of what a document speaks. What of that nobody in it owes is said, so that a slip of the hand is seen.

use std::fmt;

use crate::domain::ids::{AgencyCode, TaskId};
use crate::domain::obligation::Obligation;

/// Which obligations a document speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The tasks, each with the number of one milestone or all; none: every task of the plan.
    pub tasks: Vec<(TaskId, Option<u16>)>,
    /// The agencies; none: all.
    pub agencies: Vec<AgencyCode>,
}

impl Scope {
    pub(super) fn holds(&self, one: &Obligation) -> bool {
        let named = |(task, number): &(TaskId, Option<u16>)| {
            *task == one.milestone.task && number.is_none_or(|it| it == one.milestone.number)
        };
        (self.tasks.is_empty() || self.tasks.iter().any(named))
            && (self.agencies.is_empty() || self.agencies.contains(&one.agency))
    }

    /// The tasks that were named without a milestone.
    pub(super) fn whole(&self) -> Vec<&TaskId> {
        let whole = self.tasks.iter().filter(|(_, number)| number.is_none());
        whole.map(|(task, _)| task).collect()
    }
}

/// A part of a scope in which nothing is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unowed {
    /// Of which task, with the number of one milestone or all; `None`: of the whole plan.
    pub task: Option<(TaskId, Option<u16>)>,
    /// By whom; none: by anybody.
    pub agencies: Vec<AgencyCode>,
}

impl fmt::Display for Unowed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match &self.task {
            None => "the plan".to_owned(),
            Some((task, None)) => task.to_string(),
            Some((task, Some(number))) => format!("{task}/{number}"),
        };
        match self.agencies.as_slice() {
            [] => write!(out, "nobody owes anything of {of}"),
            [only] => write!(out, "{only} owes nothing of {of}"),
            [first, others @ ..] if others.len() >= NAMES => {
                write!(
                    out,
                    "{first} and {} others owe nothing of {of}",
                    others.len()
                )
            }
            several => {
                let codes: Vec<&str> = several.iter().map(AgencyCode::as_str).collect();
                write!(out, "{} owe nothing of {of}", codes.join(", "))
            }
        }
    }
}

/// So many are named.
const NAMES: usize = 10;

/// What of this scope these obligations, which are all in it, leave out.
pub(super) fn unowed(scope: &Scope, found: &[Obligation]) -> Vec<Unowed> {
    let of_all = scope.tasks.iter().cloned().map(Some);
    let tasks: Vec<_> = if scope.tasks.is_empty() {
        vec![None]
    } else {
        of_all.collect()
    };
    let parts = tasks.into_iter().filter_map(|task| {
        let alone = Scope {
            tasks: task.iter().cloned().collect(),
            agencies: Vec::new(),
        };
        let owed: Vec<&Obligation> = found.iter().filter(|one| alone.holds(one)).collect();
        let owes = |agency: &AgencyCode| owed.iter().any(|one| one.agency == *agency);
        let agencies: Vec<AgencyCode> = scope
            .agencies
            .iter()
            .filter(|one| !owes(one))
            .cloned()
            .collect();
        let is_idle = !agencies.is_empty() || (scope.agencies.is_empty() && owed.is_empty());
        is_idle.then_some(Unowed { task, agencies })
    });
    parts.collect()
}
