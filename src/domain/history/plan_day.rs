//! The day that the plan itself gives, as documents have amended it.

use chrono::NaiveDate;

use super::{Amends, Entry};

/// The day to which documents have moved the plan's own, and the last that did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendedDay {
    /// The day.
    pub on: NaiveDate,
    /// By which document; `None` where the line names none.
    pub by: Option<String>,
}

/// The due day that the plan itself gives at the end of `day`: the first, or the one to which a document has moved it last. An
/// extension does not change it.
#[must_use]
pub fn plan_day_of(original: NaiveDate, entries: &[Entry], day: NaiveDate) -> NaiveDate {
    amended_day_of(original, entries, day).map_or(original, |amended| amended.on)
}

/// The day that a document gave it, where one did and nothing has taken that back by the end of `day`. It is no extension: nobody
/// of the agency asked for it.
#[must_use]
pub fn amended_day_of(
    original: NaiveDate,
    entries: &[Entry],
    day: NaiveDate,
) -> Option<AmendedDay> {
    let mut in_force = original;
    // Each day that a document gave, with that which was in force before it.
    let mut amended: Vec<(AmendedDay, NaiveDate)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.on <= day) {
        // A suspension names the day that was in force; only another day is a change of the plan.
        if let Some(due_on) = entry.due_on.filter(|due_on| *due_on != in_force) {
            let before = std::mem::replace(&mut in_force, due_on);
            // What takes back may be taken back itself: then the day is one that a document gave.
            let goes_back = amended.last().is_some_and(|(_, before)| *before == due_on);
            match entry.amends {
                Some(Amends::Back) if goes_back => drop(amended.pop()),
                Some(_) => {
                    let by = entry.moved_by.clone();
                    amended.push((AmendedDay { on: due_on, by }, before));
                }
                None => {}
            }
        }
    }
    amended.pop().map(|(day, _)| day)
}
