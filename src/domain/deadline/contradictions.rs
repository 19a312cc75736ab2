//! Two dates in one breath that cannot both be meant: "Tháng 7/2023 (Quý II)", "ban hành ngày 29/6 trong quý III", "tiếp
//! nhận trước ngày 01/01/2021 giải quyết trong quý II". One of them says something else, and nobody can tell which.

use super::fixed::Reader;
use super::lexer::Token;
use super::outcome::NotUnderstood;
use super::pairs::{Gap, is_years};
use super::term::{Body, Bound, Nth, Span, Term, Year, text_of};

/// Refuses two dates that nothing but a bracket stands between, and a date of a past year with another behind it.
pub(super) fn check_one_breath(
    (text, tokens, plan_year): (&str, &[Token], i32),
    first: &Term,
    next: &Term,
    gap: Gap,
) -> Result<(), NotUnderstood> {
    let bounded = |term: &Term| is_dated(&term.body) && term.bound <= Bound::Before;
    if !bounded(first) || !bounded(next) {
        return Ok(());
    }
    let refused = match gap {
        Gap::None => true,
        Gap::Words => {
            let names_a_year = first.bound == Bound::Bare && is_years(&first.body);
            !names_a_year && is_past(first, plan_year) && !is_past(next, plan_year)
        }
        Gap::Comma | Gap::Separate => false,
    };
    if refused {
        let words = text_of(text, tokens, first.from, next.to);
        return Err(NotUnderstood::new(words, "two dates for one thing"));
    }
    Ok(())
}

fn is_dated(body: &Body) -> bool {
    matches!(
        body,
        Body::Days(_)
            | Body::DaySpan(..)
            | Body::Spans { .. }
            | Body::EdgeOf(..)
            | Body::FromTo(..)
    )
}

/// Whether the expression is over when the plan's year begins.
pub(super) fn is_past(term: &Term, plan_year: i32) -> bool {
    let early = |year: Year| matches!(year, Year::Number(year) if year < plan_year);
    match &term.body {
        Body::Days(days) => days.iter().all(|day| {
            let turn = (day.month, day.day) == (1, Nth::Number(1)) && term.bound == Bound::Before;
            early(day.year) || turn && day.year == Year::Number(plan_year)
        }),
        Body::DaySpan(_, last) => early(last.year),
        Body::Spans { windows, .. } => windows.iter().all(|span| early(span.last_year)),
        Body::EdgeOf(_, span) => early(span.last_year),
        _ => false,
    }
}

impl Reader<'_> {
    /// "Quý I (trước ngày 15/5)": nothing of a period is due more than a month after it, nor before it begins.
    pub fn is_far_from(&self, term: &Term, period: &Span) -> Result<bool, NotUnderstood> {
        let (first, last) = self.span(period)?;
        let latest = last
            .checked_add_months(chrono::Months::new(1))
            .unwrap_or(last);
        let windows = self.windows(term)?;
        Ok(windows
            .iter()
            .any(|window| window.due_on < first || window.due_on > latest))
    }
}
