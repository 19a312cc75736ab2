//! What is late by task: a task that every agency owes stands in a digest once, with those who owe it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{LateAgency, Line};
use crate::domain::ids::MilestoneId;

/// A milestone that agencies owe late since one day, and for as long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateTask<'a> {
    /// Which.
    pub milestone: &'a MilestoneId,
    /// The due day of all of them.
    pub due_on: NaiveDate,
    /// Working days that it is late; of a completion that is claimed and waits they end with that.
    pub days_late: i64,
    /// From which day that is counted, where it is not the due day ([`Line::asked_by`]).
    pub asked_by: Option<NaiveDate>,
    /// Who owes it, in the order in which they were given.
    pub lines: Vec<&'a Line>,
}

/// The same by task, where what is said of one line is true of all: the longest late first, of those the oldest day, then what
/// most agencies owe, then by the place in the plan.
#[must_use]
pub fn by_task<Place: Ord>(
    agencies: &[LateAgency],
    place_of: impl Fn(&MilestoneId) -> Place,
) -> Vec<LateTask<'_>> {
    type Key<'a> = (NaiveDate, &'a MilestoneId, Option<NaiveDate>, i64);
    let mut tasks: BTreeMap<Key<'_>, LateTask<'_>> = BTreeMap::new();
    for line in agencies.iter().flat_map(|one| &one.lines) {
        // What is late has a due day.
        let Some(due_on) = line.due_on else {
            continue;
        };
        let key = (due_on, &line.milestone, line.asked_by, line.days_late);
        let task = tasks.entry(key);
        let task = task.or_insert_with(|| LateTask {
            milestone: &line.milestone,
            due_on,
            days_late: line.days_late,
            asked_by: line.asked_by,
            lines: Vec::new(),
        });
        task.lines.push(line);
    }
    let mut tasks: Vec<LateTask<'_>> = tasks.into_values().collect();
    tasks.sort_by_key(|task| {
        (
            Reverse(task.days_late),
            task.due_on,
            Reverse(task.lines.len()),
            place_of(task.milestone),
        )
    });
    tasks
}
