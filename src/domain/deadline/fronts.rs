//! What stands in front of a thing and its date: "Hằng năm, báo cáo trước ngày 05/12", "Từ tháng 7/2025, báo cáo trước ngày
//! 25 hằng tháng", "Hằng năm, báo cáo 6 tháng trước ngày 15/6 và báo cáo năm trước ngày 15/12".

use super::clauses::{Clause, has_words};
use super::exceptions::frames as frames_each;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::pairs::{is_each, is_limit, is_told};
use super::term::{Body, Bound, Cycle, Term};

/// "Hằng năm, báo cáo trước ngày 05/12": the cycle stands in front of the words and their limit.
pub(super) fn frames(tokens: &[Token], clause: &Clause, next: &Term) -> bool {
    let alone = clause.opens_with_time(tokens);
    let cycle = matches!(
        &clause.terms[..],
        [Term {
            body: Body::Cycles { marked: true, .. },
            ..
        }]
    );
    let joint = clause
        .terms
        .last()
        .and_then(|term| tokens.get(term.to))
        .map(|token| token.kind);
    let heads = joint != Some(Kind::Key(Key::And));
    let period = matches!(next.body, Body::Spans { .. });
    let within = heads
        && match next.bound {
            Bound::In => !matches!(next.body, Body::Days(_)),
            Bound::Bare => period && !is_reported(tokens, next),
            _ => false,
        };
    let limit = next.bound >= Bound::By || within || matches!(next.body, Body::DaySpan(..));
    let limited = cycle && limit && is_limit(next);
    let counted = cycle && heads && matches!(next.body, Body::Count { .. });
    (alone && (limited || counted)) || is_stretch(tokens, clause, next)
}

/// "báo cáo quý I": the period is what the report, or the plan, is about.
fn is_reported(tokens: &[Token], term: &Term) -> bool {
    let before = term.from.checked_sub(1).map(|at| tokens[at].kind);
    matches!(
        before,
        Some(Kind::Key(Key::Report | Key::Review | Key::Document))
    )
}

/// "Hằng năm, báo cáo 6 tháng trước ngày 15/6 và …": only says that all that follows is of each year.
pub(super) fn heads_a_year(tokens: &[Token], clause: &Clause, next: &Term) -> bool {
    let alone = clause.opens_with_time(tokens);
    let yearly = matches!(
        &clause.terms[..],
        [Term {
            body: Body::Cycles { cycles, marked: true },
            ..
        }] if cycles[..] == [Cycle::Year]
    );
    let shorter = match &next.body {
        Body::Cycles { marked, .. } => !marked,
        Body::Spans { .. } => {
            next.bound == Bound::Bare && is_limit(next) && is_reported(tokens, next)
        }
        _ => false,
    };
    alone && yearly && shorter && !is_told(tokens, clause)
}

/// "Từ tháng 7/2025, báo cáo trước ngày 25 hằng tháng": the stretch in which it comes round stands in front.
pub(super) fn is_stretch(tokens: &[Token], clause: &Clause, next: &Term) -> bool {
    let [stretch] = &clause.terms[..] else {
        return false;
    };
    let alone = clause.opens_with_time(tokens);
    let recurs = is_each(&next.body) || matches!(next.body, Body::Cycles { marked: true, .. });
    let begins = stretch.bound == Bound::From
        && matches!(
            stretch.body,
            Body::Spans { .. } | Body::Days(_) | Body::EdgeOf(..)
        );
    recurs && alone && !is_told(tokens, clause) && (begins || frames_each(next, stretch))
}

/// "Hằng năm, xây dựng kế hoạch trong quý IV năm trước": what comes round in front of a thing with a date that it does
/// not go with.
pub(super) fn is_loose(tokens: &[Token], pair: &[Clause]) -> bool {
    let [first, next] = pair else {
        return false;
    };
    let [cycle] = &first.terms[..] else {
        return false;
    };
    let alone = matches!(cycle.body, Body::Cycles { marked: true, .. })
        && !has_words(tokens, &first.before)
        && !has_words(tokens, &first.after);
    let heads = matches!(
        tokens.get(cycle.to).map(|token| token.kind),
        Some(Kind::Mark(',' | ':'))
    );
    let dated = next.terms.first().is_some_and(|term| {
        matches!(
            term.body,
            Body::Days(_)
                | Body::DaySpan(..)
                | Body::Spans { .. }
                | Body::EdgeOf(..)
                | Body::MonthOfEach(_)
        )
    });
    alone && heads && dated && first.segment == next.segment && has_words(tokens, &next.before)
}

/// "Phấn đấu trong tháng 2, chậm nhất trong tháng 3": a date, and a later one that is the limit of the same thing.
pub(super) fn is_outdone(tokens: &[Token], pair: &[Clause]) -> bool {
    let [first, next] = pair else {
        return false;
    };
    let ([date], [limit]) = (&first.terms[..], &next.terms[..]) else {
        return false;
    };
    let dated = |term: &Term| {
        matches!(
            term.body,
            Body::Days(_) | Body::DaySpan(..) | Body::Spans { .. } | Body::EdgeOf(..)
        )
    };
    let latest = |term: &Term| {
        tokens[term.from..term.to]
            .iter()
            .any(|token| token.kind == Kind::Key(Key::Latest))
    };
    let joint = first.after.is_empty()
        || first
            .after
            .clone()
            .all(|at| matches!(tokens[at].kind, Kind::Mark(',')));
    let silent = !has_words(tokens, &next.before) && !has_words(tokens, &next.after);
    first.segment == next.segment
        && dated(date)
        && dated(limit)
        && latest(limit)
        && !latest(date)
        && joint
        && silent
}
