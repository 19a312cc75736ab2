//! What a document moves and hardly means: several days of one task to one day, and days to come brought forward.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Change, Terms, Unfit};
use crate::domain::ids::{AgencyCode, MilestoneId, TaskId};
use crate::domain::obligation::Obligation;

/// Whether a document may give an earlier day than the one that holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EarlyDay {
    /// It is taken for a mistake: documents give more time.
    #[default]
    Refused,
    /// The document says so.
    Meant,
    /// The files are put right, whatever day they say.
    Corrected,
}

/// A move that is more often a slip than meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Slip {
    /// One day for what is due on several.
    #[error("task {task} has several milestones that --to {day} would move: say which, {}", choices(.milestones))]
    Several {
        /// Which task was named.
        task: TaskId,
        /// The day given.
        day: NaiveDate,
        /// What of it would be moved, with the first day on which each is due.
        milestones: Vec<(MilestoneId, Option<NaiveDate>)>,
    },
    /// Somebody would have less time than was said.
    #[error(
        "--to {day} is before {due_on}, when {milestone} of {agency} is due{}: give a later day, or add --earlier when the \
         document brings it forward",
        beside(*.others)
    )]
    Earlier {
        /// The day given.
        day: NaiveDate,
        /// What is due later.
        milestone: MilestoneId,
        /// Who owes it.
        agency: AgencyCode,
        /// When it is due.
        due_on: NaiveDate,
        /// Of how many others it is said as well.
        others: usize,
    },
}

fn choices(milestones: &[(MilestoneId, Option<NaiveDate>)]) -> String {
    let names = milestones.iter().map(|(milestone, due_on)| match due_on {
        Some(day) => format!("{milestone} (due {day})"),
        None => milestone.to_string(),
    });
    names.collect::<Vec<_>>().join(" or ")
}

fn beside(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => ", and another".to_owned(),
        count => format!(", and {count} others"),
    }
}

/// Whether a day can be given at once to all that it would be given to; `whole` are the tasks that were named without a
/// milestone. What stays as it is does not count.
///
/// # Errors
/// What is hardly meant.
pub fn check_moves(
    change: &Change,
    changes: &[(Obligation, Result<Terms, Unfit>)],
    whole: &[&TaskId],
    early: EarlyDay,
) -> Result<(), Slip> {
    let Some(day) = change.due_on() else {
        return Ok(());
    };
    let moved = || {
        let fit = changes.iter().filter(|(_, terms)| terms.is_ok());
        fit.map(|(one, _)| one)
    };
    for task in whole {
        let mut milestones: BTreeMap<&MilestoneId, Option<NaiveDate>> = BTreeMap::new();
        for one in moved().filter(|one| one.milestone.task == **task) {
            let first = milestones.entry(&one.milestone).or_insert(one.due_on);
            *first = (*first).min(one.due_on);
        }
        if milestones.len() > 1 {
            let milestones = milestones.into_iter();
            return Err(Slip::Several {
                task: (*task).clone(),
                day,
                milestones: milestones.map(|(id, due)| (id.clone(), due)).collect(),
            });
        }
    }
    let mut sooner = moved().filter_map(|one| Some((one, one.due_on.filter(|due| day < *due)?)));
    match sooner.next() {
        Some((one, due_on)) if early == EarlyDay::Refused => Err(Slip::Earlier {
            day,
            milestone: one.milestone.clone(),
            agency: one.agency.clone(),
            due_on,
            others: sooner.count(),
        }),
        _ => Ok(()),
    }
}
