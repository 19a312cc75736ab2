//! Several tasks in one message: which clauses speak of which.

use super::clauses::Clause;
use super::fields::Named;
use super::roles::Role;
use super::view::View;

/// The clauses that speak of the same tasks.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The tasks; none is the task that the sender was asked about.
    pub tasks: Vec<String>,
    /// The clauses, in order.
    pub clauses: Vec<Clause>,
}

impl Group {
    /// The tasks as parts name them.
    pub(super) fn named(&self) -> Vec<Option<String>> {
        if self.tasks.is_empty() {
            return vec![None];
        }
        self.tasks.iter().cloned().map(Some).collect()
    }
}

/// The clauses of a text by the tasks they speak of, in order; one group when at most one task is spoken of.
pub(super) fn groups(view: &View, clauses: &[Clause], named: &[Named]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for clause in clauses {
        let from = named.partition_point(|named| named.start < clause.start);
        let own: Vec<String> = named[from..]
            .iter()
            .take_while(|named| named.start < clause.end)
            .map(|named| named.task.clone())
            .collect();
        let of_reminder = view.is(clause.start, Role::But)
            && own.is_empty()
            // "nhưng chưa họp thường vụ" names no work.
            && (clause.start..clause.end).any(|at| view.is(at, Role::Item) && !view.is_covered(at));
        match groups.last_mut() {
            // "III.1, III.3, III.5 dứt điểm": names in a row, and only then what is said of them.
            Some(last)
                if !own.is_empty()
                    && (says_nothing(view, last)
                        || ends_with_names(view, last)
                        || (ends_with_task(view, last) && names_only(view, clause))) =>
            {
                last.tasks.extend(own);
                last.clauses.push(*clause);
            }
            // "Việc 301 xong, việc 305 cũng vậy": what was said of the first is said of the next.
            Some(last)
                if !own.is_empty() && !last.tasks.is_empty() && is_likewise(view, clause) =>
            {
                last.tasks.extend(own);
                last.clauses.push(*clause);
            }
            // "… đã hoàn thành (mục IV.5)": the name comes after.
            Some(last) if !own.is_empty() && last.tasks.is_empty() && names_only(view, clause) => {
                last.tasks.extend(own);
                last.clauses.push(*clause);
            }
            Some(last) if own.is_empty() && !of_reminder => last.clauses.push(*clause),
            _ => groups.push(Group {
                tasks: own,
                clauses: vec![*clause],
            }),
        }
    }
    groups
}

/// Whether nothing is said in a group but names of tasks and courtesies.
fn says_nothing(view: &View, group: &Group) -> bool {
    group.clauses.iter().all(|clause| names_only(view, clause))
}

/// Whether the last that a group says is names of tasks: more of them may follow.
fn ends_with_names(view: &View, group: &Group) -> bool {
    let last = group.clauses.last();
    !group.tasks.is_empty() && last.is_some_and(|clause| names_only(view, clause))
}

/// "Xong VII.1, VII.2, VII.3": whether a group ends with the name of a task, so that names alone go on with the list.
fn ends_with_task(view: &View, group: &Group) -> bool {
    let last = group.clauses.last();
    last.is_some_and(|clause| {
        view.ends_before(clause.end, Role::Task)
            && !(clause.start..clause.end).any(|at| view.is(at, Role::But))
    })
}

/// "việc 305 cũng vậy", "IV.2 cũng thế".
pub(super) fn is_likewise(view: &View, clause: &Clause) -> bool {
    let plain = |at: usize| view.tokens[at].plain.as_str();
    let also = (clause.start..clause.end.saturating_sub(1))
        .find(|at| plain(*at) == "cung" && matches!(plain(at + 1), "vay" | "the" | "rua"));
    also.is_some_and(|also| {
        let (mut before, mut after) = (*clause, *clause);
        (before.end, after.start) = (also, also + 2);
        names_only(view, &before) && names_only(view, &after)
    })
}

fn names_only(view: &View, clause: &Clause) -> bool {
    (clause.start..clause.end).all(|at| {
        let token = &view.tokens[at];
        token.exact.is_empty()
            || view.is(at, Role::Polite)
            || view.is(at, Role::Item)
            || view.is(at, Role::NumberSign)
            || view.is(at, Role::Greeting)
            || view.is(at, Role::Group)
            || view.is(at, Role::Number)
            || view.is(at, Role::Since)
            || view.is(at, Role::Until)
            || (at == clause.start && view.is(at, Role::But))
            || matches!(
                token.plain.as_str(),
                "cac" | "may" | "cai" | "va" | "voi" | "ca" | "muc" | "het"
            )
    })
}
