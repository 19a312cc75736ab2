//! "Ban hành rồi, à nhầm, mới lấy ý kiến": whoever corrects himself means what comes after.

use chrono::NaiveDate;

use super::classes::Classes;
use super::clauses::Clause;
use super::intent::{Intent, Understanding};
use super::reader::{Read, Reader};
use super::roles::Role;
use super::view::View;
use super::writer::Writer;

impl Reader {
    /// What is understood of what follows the last words by which the sender corrects himself, with the tasks of the whole text;
    /// `None` where there are none, or what follows says nothing clear.
    pub(super) fn on_second_thought(
        &self,
        read: &Read,
        sent: NaiveDate,
        writer: &Writer,
    ) -> Option<Understanding> {
        let at = last_correction(&read.view, &read.clauses)?;
        let mut after = self.understand_from(&read.words_of(&read.clauses[at + 1..]), sent, writer);
        let says_nothing = matches!(after.intent, Intent::Ack | Intent::Unknown | Intent::Undo);
        let is_clear = after.sure && !says_nothing;
        if !is_clear || !after.parts.is_empty() {
            return None;
        }
        if after.refs.is_empty() {
            after.refs = read.named.iter().map(|named| named.task.clone()).collect();
        }
        Some(after)
    }
}

/// Whether a correction is the last word on whether it is finished: what was finished before is taken back.
pub(super) fn takes_it_back(view: &View, clauses: &[Clause], last: usize) -> bool {
    last_correction(view, clauses).is_some_and(|at| last < clauses[at].start)
}

/// The last clause that says no more than that what was said before it is wrong.
fn last_correction(view: &View, clauses: &[Clause]) -> Option<usize> {
    let says_something = |clause: &Clause| {
        let empty = Classes::of(&[Role::Polite, Role::Task, Role::SecondThought]);
        (clause.start..clause.end).any(|at| !view.begins(at).any(empty) && !view.is_covered(at))
    };
    let corrects = |clause: &Clause| {
        // "Vướng mắc: không" fills in a field.
        if view.tokens[clause.start - 1].is_mark(':') {
            return false;
        }
        let mut at = clause.start;
        while view.is(at, Role::Polite) && !view.is(at, Role::SecondThought) {
            at += 1;
        }
        let ends = view.role(at, Role::SecondThought);
        ends.is_some_and(|end| (end..clause.end).all(|at| view.is(at, Role::Polite)))
    };
    let places = 1..clauses.len().saturating_sub(1);
    let at = places.rev().find(|at| corrects(&clauses[*at]))?;
    clauses[..at].iter().any(says_something).then_some(at)
}
