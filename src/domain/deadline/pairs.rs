//! Which two expressions of time speak of the same deadline.
//!
//! "Định kỳ 6 tháng (gửi trước ngày 15/6)" is one deadline said in two parts; "Quý I/2021 và thường xuyên" is two.

use super::clauses::Clause;
use super::counts::is_length;
use super::exceptions::frames as frames_each;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::term::{Anchor, Body, Bound, Cycle, Day, Edge, Place, Scale, Span, Term, Year};

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing, or a parenthesis.
    None,
    /// Words.
    Words,
    /// A comma or "và", and no words after it.
    Comma,
    /// A comma or "và", then words: never one deadline.
    Separate,
}

/// Whether `next` belongs to the deadline that `clause` is about.
pub(super) fn joins(tokens: &[Token], clause: &Clause, next: &Term, gap: Gap) -> bool {
    let complete =
        clause.terms.len() > 1 && !clause.terms.iter().any(|term| term.bound == Bound::From);
    if gap == Gap::Comma && is_told(tokens, clause) && begins_later(clause, next) {
        return false;
    }
    if gap == Gap::Comma && complete && (is_limit(next) || matches!(next.body, Body::Cycles { .. }))
    {
        return false;
    }

    if gap == Gap::Words && is_for_another(tokens, clause, next) {
        return false;
    }
    clause
        .terms
        .iter()
        .any(|term| takes_so_long(tokens, term, next, gap) || pair(tokens, term, next, gap))
}

/// "Quý II (riêng cấp xã: trước ngày 01/9)": the words between say that the date is somebody else's.
fn is_for_another(tokens: &[Token], clause: &Clause, next: &Term) -> bool {
    let Some(last) = clause.terms.last() else {
        return false;
    };
    let between = &tokens[last.to..next.from];
    let silent = clause.opens_with_time(tokens);
    let apart = |token: &Token| token.kind == Kind::Key(Key::Apart);
    let regards = |token: &Token| token.kind == Kind::Key(Key::Regards);
    between.iter().any(apart)
        || (silent && is_dated(&last.body) && is_dated(&next.body) && between.iter().any(regards))
}

fn is_dated(body: &Body) -> bool {
    matches!(body, Body::Spans { .. } | Body::Days(_) | Body::EdgeOf(..))
}

/// Whether words after the clause's dates say what they are for: "Năm 2012 hoàn thành 50%".
pub(super) fn is_told(tokens: &[Token], clause: &Clause) -> bool {
    clause
        .after
        .clone()
        .any(|at| !matches!(tokens[at].kind, Kind::Mark(_)))
}

/// Whether the date lies in a year after the clause's own.
fn begins_later(clause: &Clause, next: &Term) -> bool {
    let (Some(own), Body::Days(days)) = (clause.terms.last(), &next.body) else {
        return false;
    };
    let Body::Spans { windows, .. } = &own.body else {
        return false;
    };
    let later = |first: Year, year: Year| match (first, year) {
        (Year::Number(first), Year::Number(year)) => year > first,
        _ => false,
    };
    is_years(&own.body)
        && windows
            .iter()
            .all(|span| days.iter().all(|day| later(span.last_year, day.year)))
}

/// "Hội nghị sơ kết 6 tháng: tháng 7", "Báo cáo quý I trong tháng 4": the first period is part of a name, which a
/// colon or a preposition closes.
pub(super) fn is_name(tokens: &[Token], terms: &[Term], next: &Term) -> bool {
    let colon = next.from.checked_sub(1).map(|at| tokens[at].kind) == Some(Kind::Mark(':'));
    let dated = matches!(
        next.body,
        Body::Spans { .. } | Body::DaySpan(..) | Body::FromTo(..) | Body::EdgeOf(..)
    );
    let closed = colon || matches!(next.bound, Bound::In | Bound::By | Bound::Before);
    let bare = |term: &Term| {
        term.bound == Bound::Bare
            && match &term.body {
                Body::Spans { windows, .. } => {
                    windows.iter().all(|span| span.last_year != Year::Every)
                }
                Body::Cycles { marked: false, .. } => !is_limit(next),
                _ => false,
            }
    };
    dated && closed && terms.iter().all(bare)
}

fn pair(tokens: &[Token], first: &Term, next: &Term, gap: Gap) -> bool {
    let same = gap != Gap::Comma;
    let named_period = |term: &Term| tokens[term.from].kind == Kind::Key(Key::Periodic);
    match (&first.body, &next.body) {
        (Body::Event | Body::Conditional, Body::Event | Body::Conditional) => true,
        (_, Body::Conditional) => true,
        (Body::Conditional, _) => false,
        (Body::Periodic, Body::Continuous | Body::Event | Body::FollowPlan)
        | (Body::Continuous, Body::Periodic) => true,
        (Body::Periodic, Body::Days(days)) if days.len() > 1 => true,
        (Body::Periodic, Body::Spans { windows, each })
            if windows.len() > 1 && windows.len() == each.len() && !is_years(&next.body) =>
        {
            same
        }
        (Body::Cycles { .. } | Body::DayOfEach(..), Body::Except(_) | Body::Apart(_)) => true,
        (Body::Apart(_), _) => same && is_limit(next),
        (Body::Spans { .. }, Body::Periodic) if first.bound == Bound::From => gap != Gap::Words,
        (Body::Periodic, limit) | (limit, Body::Periodic) => same && is_each(limit),
        (
            Body::Days(_) | Body::Spans { .. },
            Body::Count {
                anchor: Anchor::Issue { .. } | Anchor::Day(_),
                ..
            },
        ) => gap == Gap::None,
        (
            Body::Count {
                anchor: Anchor::Issue { .. } | Anchor::Day(_),
                ..
            },
            Body::Days(_) | Body::Spans { .. },
        ) if gap == Gap::Comma && next.bound >= Bound::By => true,
        (
            Body::Count {
                anchor: Anchor::Elsewhere,
                ..
            },
            Body::Days(_),
        )
        | (
            Body::Days(_),
            Body::Count {
                anchor: Anchor::Elsewhere,
                ..
            },
        ) if gap == Gap::None => is_enclosed(tokens, next),
        (Body::Count { .. }, Body::Event) | (Body::Event, Body::Count { .. }) => same,
        (Body::Cycles { .. }, Body::Count { .. }) => same,
        (Body::FollowPlan, Body::FollowPlan | Body::Event) => true,
        (Body::Continuous, Body::Continuous) => true,
        (Body::Continuous, Body::DaySpan(..)) if is_daily(tokens, first) => gap != Gap::Words,
        (Body::Continuous, Body::Cycles { cycles, .. }) => {
            cycles[..] == [Cycle::Year] && !named_period(next)
        }
        (Body::Cycles { cycles, .. }, Body::Continuous) => {
            cycles[..] == [Cycle::Year] && !named_period(first)
        }
        (Body::Continuous, other) => {
            next.bound == Bound::From || (next.bound <= Bound::In && is_years(other))
        }
        (other, Body::Continuous) => {
            gap != Gap::Words
                && (first.bound == Bound::From || (first.bound <= Bound::In && is_years(other)))
        }
        (Body::Cycles { .. }, Body::Cycles { .. }) => gap != Gap::Words,
        _ if frames_each(first, next) => gap != Gap::Words || next.bound == Bound::In,
        _ if frames_each(next, first) => true,
        (Body::DayOfEach(..), Body::DaySpan(..) | Body::FromTo(..)) => gap != Gap::Words,
        (Body::DayOfEach(..), months @ Body::Spans { .. })
            if !is_years(months) && is_enclosed(tokens, next) =>
        {
            true
        }
        (Body::Spans { .. }, Body::DayOfEach(..) | Body::AfterEach { .. })
            if !is_years(&first.body) && !is_each(&first.body) =>
        {
            (first.bound == Bound::Bare && same) || first.bound == Bound::From
        }
        (Body::Cycles { .. }, other) => {
            is_years(other) || is_limit(next) || next.bound == Bound::From
        }
        (other, Body::Cycles { marked, .. }) => match other {
            Body::Spans { .. } if is_years(other) => gap != Gap::Words || !marked,
            Body::Spans { .. } => same && !marked,
            _ if first.bound == Bound::From => gap != Gap::Words,
            Body::DayOfEach(_, Place::EachMonth) => gap != Gap::Words && !marked,
            _ => same && (is_limit(first) || is_each(other)),
        },
        (each, years) if is_each(each) && (is_years(years) || next.bound == Bound::From) => {
            let stretch = next.bound == Bound::From || super::terms::is_range(years);
            gap != Gap::Words && stretch && next.bound != Bound::After
        }
        (Body::Days(days), Body::Spans { windows, .. })
            if gap == Gap::None && windows.len() == 1 =>
        {
            let inside = |day: &Day| holds(&windows[0], day.month, day.year);
            is_enclosed(tokens, next) && days.iter().all(inside)
        }
        _ => dated_pair(tokens, first, next, gap),
    }
}

/// Two expressions that both have dates.
fn dated_pair(tokens: &[Token], first: &Term, next: &Term, gap: Gap) -> bool {
    let same = gap != Gap::Comma;
    match (&first.body, &next.body) {
        (Body::Spans { windows, .. }, Body::Days(days)) if windows.len() == 1 => {
            let inside = days
                .iter()
                .all(|day| holds(&windows[0], day.month, day.year));
            if same {
                first.bound == Bound::Bare || inside
            } else {
                let limit = is_years(&first.body) && next.bound >= Bound::By;
                (inside || limit) && first.bound <= Bound::In
            }
        }
        (Body::Spans { windows, .. }, Body::LoneDay(_)) => {
            matches!(windows[..], [Span { scale: Scale::Month, first, last, .. }] if first == last)
        }
        (Body::Spans { .. } | Body::Days(_) | Body::EdgeOf(..), other)
            if first.bound == Bound::From =>
        {
            next.bound != Bound::From
                && matches!(other, Body::Spans { .. } | Body::Days(_) | Body::EdgeOf(..))
        }
        (years @ Body::Spans { .. }, other) if is_years(years) && first.bound == Bound::Bare => {
            let limit = matches!(next.bound, Bound::In | Bound::By | Bound::Before);
            (same || (gap == Gap::Comma && limit && !is_years(other)))
                && matches!(
                    other,
                    Body::Spans { .. }
                        | Body::Days(_)
                        | Body::EdgeOf(..)
                        | Body::DaySpan(..)
                        | Body::FromTo(..)
                )
        }
        (Body::Spans { windows, .. }, Body::Spans { windows: inner, .. }) => {
            let within = |outer: &Span, inner: &Span| {
                holds(outer, inner.first, inner.first_year)
                    && holds(outer, inner.last, inner.last_year)
            };
            match (&windows[..], &inner[..]) {
                ([first], [second]) if gap == Gap::None => {
                    within(first, second) || (is_enclosed(tokens, next) && within(second, first))
                }
                ([first], [second]) => {
                    within(first, second) && gap == Gap::Words && is_reported(tokens, next)
                }
                _ => false,
            }
        }

        (
            Body::EdgeOf(
                _,
                Span {
                    scale: Scale::Year, ..
                },
            ),
            Body::Days(_),
        ) => same && first.bound == Bound::Bare && next.bound >= Bound::By,
        (Body::Spans { windows, .. }, Body::EdgeOf(edge, part)) if !is_years(&first.body) => {
            let apart = *edge == Edge::Late
                && first.bound == Bound::Bare
                && windows.iter().all(|span| {
                    lies_outside(span, part) || (part.scale == Scale::Year && span.last < 12)
                });
            gap == Gap::Comma && !apart
        }
        (Body::EdgeOf(Edge::Middle, year), Body::EdgeOf(Edge::Late, other)) if year == other => {
            false
        }
        (Body::EdgeOf(edge, one), Body::EdgeOf(other, two)) => {
            let early = [edge, other].contains(&&Edge::Early);
            let both_late = (edge, other) == (&Edge::Late, &Edge::Late);
            let apart = !early && lies_outside(one, two) && (both_late || two.first > one.last + 1);
            gap != Gap::Words && !apart
        }
        _ => false,
    }
}

/// "02 ngày (dự kiến tháng 8/2024)", "21-22/6 (02 ngày)": a date, and how long the thing takes.
fn takes_so_long(tokens: &[Token], first: &Term, next: &Term, gap: Gap) -> bool {
    let has_date = |term: &Term| {
        is_dated(&term.body) || matches!(term.body, Body::DaySpan(..) | Body::FromTo(..))
    };
    let says_how_long = |length: &Term, date: &Term| is_length(tokens, length) && has_date(date);
    gap == Gap::None && (says_how_long(first, next) || says_how_long(next, first))
}

/// Whether what never ends is done every day.
pub(super) fn is_daily(tokens: &[Token], term: &Term) -> bool {
    term.body == Body::Continuous
        && tokens[term.from..term.to]
            .iter()
            .all(|token| !matches!(token.kind, Kind::Key(Key::Continuous)))
        && tokens[term.to - 1].kind == Kind::Key(Key::Daily)
}

/// Whether the expression opens a parenthesis.
pub(super) fn is_enclosed(tokens: &[Token], term: &Term) -> bool {
    term.from.checked_sub(1).map(|at| tokens[at].kind) == Some(Kind::Mark('('))
}

/// "(báo cáo quý I)": the period is what the report is about.
fn is_reported(tokens: &[Token], term: &Term) -> bool {
    let report = term.from.checked_sub(1).map(|at| tokens[at].kind) == Some(Kind::Key(Key::Report));
    let opened = term.from.checked_sub(2).map(|at| tokens[at].kind) == Some(Kind::Mark('('));
    report && opened && term.bound == Bound::Bare
}

/// Whole years, as the frame of something finer.
pub(super) fn is_years(body: &Body) -> bool {
    matches!(body, Body::Spans { windows, .. } if windows.iter().all(|span| span.scale == Scale::Year))
}

/// Comes round without a cycle being named.
pub(super) fn is_each(body: &Body) -> bool {
    match body {
        Body::DayOfEach(..)
        | Body::MonthOfEach(_)
        | Body::EdgeOfEach { .. }
        | Body::AfterEach { .. }
        | Body::Weekdays(_) => true,
        Body::Days(days) => days.iter().any(|day| day.year == Year::Every),
        Body::DaySpan(_, last) => last.year == Year::Every,
        Body::Spans { windows, .. } => windows.iter().any(|span| span.last_year == Year::Every),
        _ => false,
    }
}

/// Can say when in its period a recurring duty is due.
pub(super) fn is_limit(term: &Term) -> bool {
    match &term.body {
        Body::Days(_) | Body::LoneDay(_) | Body::EdgeOf(..) | Body::DaySpan(..) => true,
        Body::Spans { windows, .. } => windows
            .iter()
            .all(|span| matches!(span.last_year, Year::Absent | Year::Every | Year::Next)),
        body => is_each(body),
    }
}

/// Whether no month of `part` lies in the span, whichever of the two has its year written.
fn lies_outside(span: &Span, part: &Span) -> bool {
    match (span.first_year, span.last_year, part.first_year) {
        (Year::Number(a), Year::Number(b), Year::Number(_)) if a != b => false,
        (Year::Number(a), Year::Number(_), Year::Number(b)) if a != b => true,
        _ => part.last < span.first || span.last < part.first,
    }
}

/// Whether a month lies in the span; an absent year is the same year.
fn holds(span: &Span, month: u32, year: Year) -> bool {
    match (year, span.first_year, span.last_year) {
        (Year::Number(year), Year::Number(first), Year::Number(last)) => {
            (first, span.first) <= (year, month) && (year, month) <= (last, span.last)
        }
        (Year::Number(_), Year::Absent, Year::Absent) => (span.first..=span.last).contains(&month),
        (Year::Absent, first, last) => first == last && (span.first..=span.last).contains(&month),
        (year, first, last) => {
            year == first && year == last && (span.first..=span.last).contains(&month)
        }
    }
}
