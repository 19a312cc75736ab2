//! What is said beside a report and tells nothing of the work.

use chrono::NaiveDate;

use super::classes::Classes;
use super::clauses::Clause;
use super::evidence::Strength;
use super::grammar::Sense;
use super::intent::Intent;
use super::reader::Read;
use super::remainder::{denies_less, leaves_nothing};
use super::roles::Role;

/// A clause with any of these tells of work, whatever else is asked in it.
const OF_WORK: Classes = Classes::of(&[
    Role::Task,
    Role::Step,
    Role::Draft,
    Role::Piece,
    Role::NotYet,
]);

impl Read {
    /// "Nộp rồi, anh kiểm tra giúp": what stands beside a report that says done tells nothing against it.
    pub(super) fn without_asides(mut self, sent: NaiveDate) -> Self {
        let is_aside = |clause: &Clause| {
            let from = self
                .matches
                .partition_point(|found| found.start < clause.start);
            let own = self.matches[from..]
                .iter()
                .take_while(|found| found.start < clause.end);
            let aside = own.clone().any(|found| found.sense == Sense::Aside)
                && !self.names_a_last_day(clause)
                && !self.view.classes_in(clause.start..clause.end).any(OF_WORK);
            let next = self
                .clauses
                .partition_point(|other| other.start <= clause.start);
            aside
                || leaves_nothing(&self.view, clause)
                || denies_less(&self.view, clause, self.clauses.get(next))
        };
        let (asides, report): (Vec<Clause>, Vec<Clause>) =
            self.clauses.iter().copied().partition(is_aside);
        if asides.is_empty() || report.is_empty() {
            return self;
        }
        let all = std::mem::replace(&mut self.clauses, report);
        let (intent, strength) = self.findings(sent).evidence(&self.clauses).ruling();
        if (intent, strength) != (Intent::Done, Strength::Said) {
            self.clauses = all;
        }
        self
    }

    /// "Đừng nhắc nữa tới thứ sáu": a wish, and no aside.
    fn names_a_last_day(&self, clause: &Clause) -> bool {
        self.dates
            .iter()
            .filter(|date| clause.start <= date.start && date.start < clause.end)
            .any(|date| {
                self.view.is(date.start, Role::Until)
                    || self.view.ends_before(date.start, Role::Until)
            })
    }
}
