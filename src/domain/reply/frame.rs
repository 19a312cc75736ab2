//! What stands around a report and is none: greetings, grounds, signatures, place and day of writing.

use super::classes::Classes;
use super::clauses::Clause;
use super::roles::Role;
use super::view::View;

/// Drops "Kính gửi chị Thu," at the beginning and the name and unit below "Trân trọng" at the end.
pub(super) fn without_frame(view: &View, text: &str, mut clauses: Vec<Clause>) -> Vec<Clause> {
    while let Some(first) = clauses.first() {
        let short = first.end - first.start <= 7;
        let greets = view.is(first.start, Role::Greeting)
            && !(first.start + 1..first.end).any(|at| {
                view.is(at, Role::Done) || view.is(at, Role::Not) || view.is(at, Role::Already)
            });
        if !(short && greets && clauses.len() > 1) {
            break;
        }
        clauses.remove(0);
    }
    without_grounds(view, &mut clauses);
    let signed = clauses
        .iter()
        .position(|clause| clause.sentence > 0 && signs(view, text, clause));
    if let Some(signed) = signed.filter(|signed| *signed > 0) {
        clauses.truncate(signed);
    }
    without_places(view, &mut clauses);
    let closing = clauses
        .iter()
        .position(|clause| clause.sentence > 0 && view.is(clause.start, Role::SignOff));
    if let Some(closing) = closing {
        let kept = clauses[closing].sentence;
        clauses.retain(|clause| clause.sentence <= kept);
    }
    clauses
}

/// "KT. CHỦ TỊCH", "Người ký: …": whoever signs, and nothing of the work.
fn signs(view: &View, text: &str, clause: &Clause) -> bool {
    let token = &view.tokens[clause.start];
    let mark = |at: usize, mark: char| {
        let next = view.tokens.get(at);
        next.is_some_and(|next| !next.gap && next.is_mark(mark))
    };
    // "TL" is "trả lời" elsewhere, and is told by its point here.
    let written = text.get(token.start..token.end).unwrap_or_default();
    let mut after = clause.start + 1;
    while view
        .tokens
        .get(after)
        .is_some_and(|next| next.start == token.start)
    {
        after += 1;
    }
    let stands_for = FOR_WHOM.contains(&written) && mark(after, '.');
    let named = view.role(clause.start, Role::Signature);
    stands_for || token.capital && named.is_some_and(|end| mark(end, ':'))
}

/// For whom somebody signs: thay mặt, ký thay, thừa lệnh, thừa ủy quyền.
const FOR_WHOM: [&str; 4] = ["TM", "KT", "TL", "TUQ"];

/// What no name of a place has.
const NO_PLACE: Classes = Classes::of(&[
    Role::Done,
    Role::Act,
    Role::Step,
    Role::Perfect,
    Role::Already,
    Role::Task,
    Role::Item,
    Role::Paper,
    Role::Own,
    Role::Will,
    Role::Not,
    Role::Deadline,
    Role::Until,
    Role::Date,
]);

/// Drops "Tam Kỳ, ngày 10/3/2020": where and when it was written is no day of the work.
fn without_places(view: &View, clauses: &mut Vec<Clause>) {
    let is_place = |pair: &[Clause]| {
        let [place, day] = pair else {
            return false;
        };
        let named = place.end - place.start <= 5
            && (place.start..place.end).all(|at| view.tokens[at].capital)
            && view.tokens[place.end].is_mark(',')
            && !view.classes_in(place.start..place.end).any(NO_PLACE);
        let led = view.role(day.start, Role::Day).unwrap_or(day.start);
        let dated = [day.start, led]
            .into_iter()
            .find_map(|at| view.role(at, Role::Date));
        named && dated == Some(day.end)
    };
    let mut kept = Vec::with_capacity(clauses.len());
    for line in clauses.chunk_by(|one, next| one.sentence == next.sentence) {
        if !is_place(line) {
            kept.extend_from_slice(line);
        }
    }
    if !kept.is_empty() {
        *clauses = kept;
    }
}

/// Drops "Thực hiện Kế hoạch số 15/KH-UBND ngày 05/3/2020,": the ground on which something is done is no report of it.
fn without_grounds(view: &View, clauses: &mut Vec<Clause>) {
    let is_ground = |clause: &Clause, next: Option<&Clause>| {
        let cited = view.role(clause.start, Role::Cited);
        let Some(end) = cited.filter(|end| *end < clause.end) else {
            return false;
        };
        let mut papers = (end..clause.end.min(end + 3)).filter(|at| view.is(*at, Role::Paper));
        let cites = papers.next().is_some()
            && view.classes_in(end..clause.end).has(Role::Document)
            && !view.classes_in(clause.start..clause.end).any(NO_GROUND);
        let goes_on = next.is_some_and(|next| next.sentence == clause.sentence);
        cites && goes_on && view.tokens[clause.end].is_mark(',')
    };
    let kept: Vec<Clause> = clauses
        .iter()
        .enumerate()
        .filter(|(at, clause)| !is_ground(clause, clauses.get(at + 1)))
        .map(|(_, clause)| *clause)
        .collect();
    *clauses = kept;
}

/// What no ground has.
const NO_GROUND: Classes = Classes::of(&[
    Role::Task,
    Role::Done,
    Role::Already,
    Role::Not,
    Role::Own,
    Role::Will,
    Role::Wait,
]);
