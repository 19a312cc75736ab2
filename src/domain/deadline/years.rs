//! Years that are written once for several dates.

use super::clauses::Clause;
use super::lexer::Token;
use super::order::place;
use super::outcome::{Context, NotUnderstood};
use super::term::{Body, Scale, Span, Term, Year, text_of};

/// A year written once at the end of a segment holds for the periods before it, unless they would then come after it.
pub(super) fn settle_years(
    clauses: &mut [Clause],
    context: &Context,
    text: &str,
    tokens: &[Token],
) -> Result<(), NotUnderstood> {
    let mut later: Option<(usize, i32, (u32, u32))> = None;
    for clause in clauses.iter_mut().rev() {
        let segment = clause.segment;
        for term in clause.terms.iter_mut().rev() {
            let point = match &mut term.body {
                Body::Days(days) => days
                    .iter_mut()
                    .map(|day| {
                        let place = place(*day);
                        (&mut day.year, place, place)
                    })
                    .collect::<Vec<_>>(),
                Body::Spans { windows, .. }
                    if windows.iter().all(|span| span.scale != Scale::Year) =>
                {
                    windows
                        .iter_mut()
                        .map(|span| {
                            let (opens, closes) = days_of(span);
                            (&mut span.first_year, opens, closes)
                        })
                        .collect()
                }
                Body::DaySpan(first, last) => {
                    let (opens, closes) = (place(*first), place(*last));
                    vec![
                        (&mut first.year, opens, opens),
                        (&mut last.year, closes, closes),
                    ]
                }
                Body::EdgeOf(_, span) if span.scale != Scale::Year => {
                    let (opens, closes) = days_of(span);
                    vec![(&mut span.first_year, opens, closes)]
                }
                _ => continue,
            };
            for (year, opens, closes) in point.into_iter().rev() {
                match (*year, later) {
                    (Year::Number(year), _) => later = Some((segment, year, closes)),
                    (Year::Absent, Some((place, number, end)))
                        if place == segment && number != context.year && opens <= end =>
                    {
                        *year = Year::Number(number);
                    }
                    _ => {}
                }
            }
            if let Body::EdgeOf(_, span) = &mut term.body {
                *span = span.or_year(span.first_year);
            }
            if let Body::Spans { windows, each } = &mut term.body {
                for span in windows.iter_mut().chain(each.iter_mut()) {
                    let year = span.first_year;
                    *span = span.or_year(year);
                }
                if each.len() == 1 {
                    each.clone_from(windows);
                }
            }
        }
    }
    let order: Vec<(i32, u32, bool)> = clauses
        .iter()
        .flat_map(|clause| &clause.terms)
        .filter_map(|term| written(term, context))
        .collect();
    let mixed = order.iter().any(|(year, ..)| *year != context.year)
        && order.iter().any(|(.., absent)| *absent);
    let sorted = order
        .windows(2)
        .all(|pair| (pair[0].0, pair[0].1) <= (pair[1].0, pair[1].1));
    if mixed && !sorted {
        return Err(NotUnderstood::new(
            text_of(text, tokens, 0, tokens.len()),
            "a year is missing beside another year",
        ));
    }
    Ok(())
}

/// The first and the last day that a period's first month may have, as months and days.
fn days_of(span: &Span) -> ((u32, u32), (u32, u32)) {
    ((span.first, 1), (span.first, 31))
}

/// Year and month of a single date or finer period, and whether its year is absent.
fn written(term: &Term, context: &Context) -> Option<(i32, u32, bool)> {
    let (year, month) = match &term.body {
        Body::Days(days) => days.last().map(|day| (day.year, day.month))?,
        Body::Spans { windows, .. } => windows
            .last()
            .filter(|span| span.scale != Scale::Year)
            .map(|span| (span.last_year, span.last))?,
        Body::DaySpan(_, last) => (last.year, last.month),
        Body::EdgeOf(_, span) if span.scale != Scale::Year => (span.last_year, span.last),
        _ => return None,
    };
    match year {
        Year::Number(year) => Some((year, month, false)),
        Year::Absent => Some((context.year, month, true)),
        _ => None,
    }
}
