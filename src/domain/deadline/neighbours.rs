//! What neighbouring clauses lend each other: the other end of a window, a preposition, a month.

use super::clauses::{Clause, has_words};
use super::lexer::Token;
use super::term::{Body, Bound, Day, Nth, Term, text_of};
use super::text::canonical;

/// "Bắt đầu: quý I; kết thúc: quý IV" is one window, and "Hằng quý; riêng quý IV …" one recurrence.
pub(super) fn unite(tokens: &[Token], clauses: &mut Vec<Clause>) {
    let mut at = 1;
    while at < clauses.len() {
        let (first, next) = (&clauses[at - 1], &clauses[at]);
        let silent = |clause: &Clause| !has_words(tokens, &clause.before);
        let begins = matches!(
            &first.terms[..],
            [Term {
                bound: Bound::From,
                ..
            }]
        );
        let ends = matches!(
            &next.terms[..],
            [Term {
                bound: Bound::By,
                ..
            }]
        );
        let chosen = matches!(next.terms[0].body, Body::Except(_) | Body::Apart(_));
        let window = begins && ends && silent(first) && silent(next);
        if (window || chosen) && silent(next) {
            let next = clauses.remove(at);
            clauses[at - 1].terms.extend(next.terms);
            clauses[at - 1].after = next.after;
        } else {
            at += 1;
        }
    }
}

/// "trước ngày 15/6 (6 tháng) và 15/12 (năm)": the preposition holds for the dates listed after it.
pub(super) fn distribute(tokens: &[Token], clauses: &mut [Clause]) {
    for index in 1..clauses.len() {
        let (earlier, later) = clauses.split_at_mut(index);
        let (Some(previous), Some(clause)) = (earlier.last(), later.first_mut()) else {
            continue;
        };
        let same = previous.segment == clause.segment && !has_words(tokens, &clause.before);
        let Some(lead) = previous
            .terms
            .iter()
            .find(|term| matches!(term.body, Body::Days(_) | Body::DayOfEach(..)))
        else {
            continue;
        };
        for term in &mut clause.terms {
            if same
                && term.bound == Bound::Bare
                && matches!(term.body, Body::Days(_) | Body::DayOfEach(..))
            {
                (term.bound, term.clock) = (lead.bound, lead.clock);
            }
        }
    }
}

/// "Cấp xã: trước ngày 10; cấp tỉnh: trước ngày 20 hằng tháng": the month is said once, at the end.
pub(super) fn lend_month(clauses: &mut [Clause]) {
    let mut later: Option<Body> = None;
    for clause in clauses.iter_mut().rev() {
        let [term] = &mut clause.terms[..] else {
            later = None;
            continue;
        };
        if let Body::LoneDay(days) = &term.body
            && let Some(body) = later.as_ref().and_then(|later| in_month_of(days, later))
        {
            term.body = body;
        }
        later = Some(term.body.clone());
    }
}

/// The days in the month, or the months, of the date after them; one month only for days that precede it.
fn in_month_of(days: &[Nth], later: &Body) -> Option<Body> {
    match later {
        Body::DayOfEach(_, place) => Some(Body::DayOfEach(days.to_vec(), *place)),
        Body::Days(dates) => {
            let [date] = dates[..] else {
                return None;
            };
            let earlier =
                |day: &Nth| matches!((day, date.day), (Nth::Number(a), Nth::Number(b)) if *a <= b);
            let moved = days.iter().map(|day| Day { day: *day, ..date });
            days.iter()
                .all(earlier)
                .then(|| Body::Days(moved.collect()))
        }
        _ => None,
    }
}

/// "trước ngày 15/12, trước khi bình xét thi đua": what is to come after the deadline adds nothing to it.
pub(super) fn leave_out_occasions(text: &str, tokens: &[Token], clauses: &mut Vec<Clause>) {
    let mut at = 1;
    while at < clauses.len() {
        let (first, next) = (&clauses[at - 1], &clauses[at]);
        let silent = !has_words(tokens, &next.before) && !has_words(tokens, &next.after);
        let ahead = next.terms.iter().all(|term| {
            let opens = text_of(text, tokens, term.from, term.from + 1);
            term.body == Body::Event && canonical(opens) == canonical("trước khi")
        });
        let limited = first.terms.iter().any(|term| {
            let bounded = term.bound > Bound::Bare && term.bound <= Bound::Before;
            bounded && matches!(term.body, Body::Days(_) | Body::Spans { .. })
        });
        if first.segment == next.segment && silent && ahead && limited {
            clauses.remove(at);
        } else {
            at += 1;
        }
    }
}
