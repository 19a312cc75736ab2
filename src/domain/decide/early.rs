//! A completion that comes too soon to be believed unasked: the report of a quarter that has hardly begun.

use chrono::NaiveDate;

use super::choose::is_of_kind;
use super::situation::{Owed, Situation};

/// The sign of a report ("báo cáo") in the number of a document (Decree 30/2020/NĐ-CP, appendix III).
const REPORT: &str = "BC";

/// Whether a report that comes again each period is said to have been completed before half of its period is over: more likely
/// another one is meant.
pub(super) fn is_early(owed: &Owed, on: NaiveDate, situation: &Situation<'_>) -> bool {
    let one = &owed.obligation;
    let (Some(opens_on), Some(due_on)) = (one.opens_on, one.due_on) else {
        return false;
    };
    let is_beside = |other: &&Owed| {
        let other = &other.obligation;
        other.id != one.id && other.plan == one.plan && other.milestone.task == one.milestone.task
    };
    let is_report = |owed: &Owed| is_of_kind(owed, REPORT);
    let mut beside = situation.owed.iter().filter(is_beside);
    let comes_again = is_report(owed) && beside.any(is_report);
    comes_again && on < opens_on + (due_on - opens_on) / 2
}
