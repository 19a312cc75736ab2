//! Numbers that senders give to their own lines: "1. II.2 xong⏎2. II.3 chưa", "1) …; 2) …". They name no task and say nothing.

use super::clauses::Clause;
use super::fields::Named;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// The clauses without those that only number the lines of a list of which each line names a task.
pub(super) fn without_markers(
    view: &View,
    text: &str,
    mut clauses: Vec<Clause>,
    named: &[Named],
) -> Vec<Clause> {
    let mut markers = Vec::new();
    for clause in &clauses {
        if numbers_line(view, text, clause) == Some(markers.len() + 1) {
            markers.push(clause.start);
        }
    }
    let names_task = |(at, marker): (usize, &usize)| {
        let end = markers.get(at + 1).copied().unwrap_or(view.len());
        named.iter().any(|one| (*marker..end).contains(&one.start))
    };
    if markers.len() > 1 && markers.iter().enumerate().all(names_task) {
        clauses.retain(|clause| !markers.contains(&clause.start));
    }
    clauses
}

/// The number that a clause gives to what follows it, where it does nothing else: at the start of a line, or in brackets.
fn numbers_line(view: &View, text: &str, clause: &Clause) -> Option<usize> {
    let tokens = &view.tokens[clause.start..clause.end];
    let closes = |mark: char| {
        view.tokens
            .get(clause.end)
            .is_some_and(|token| token.is_mark(mark))
    };
    let before = text
        .get(..tokens.first()?.start)?
        .trim_end_matches([' ', '(']);
    let begins_line = before.is_empty() || before.ends_with('\n');
    let number = match tokens {
        [number] if closes(')') || begins_line => match number.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        },
        // "Thứ nhất, …", "Một là: …"
        [order, _] if begins_line && order.plain == "thu" => in_words(view, clause.start + 1),
        [_, is] if begins_line && is.plain == "la" => in_words(view, clause.start),
        _ => None,
    };
    number.and_then(|number| usize::try_from(number).ok())
}

fn in_words(view: &View, at: usize) -> Option<u32> {
    match view.tokens[at].plain.as_str() {
        "nhat" => Some(1),
        _ => view.find(at, Role::Number.class()).map(|hit| hit.value),
    }
}
