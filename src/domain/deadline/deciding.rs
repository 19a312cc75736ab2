//! Which of a clause's expressions gives the date, and what it then is.

use super::fixed::{Reader, Window};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::pairs::is_years;
use super::sentence::Sentence;
use super::term::{Body, Bound, Day, Nth, Scale, Span, Term};
use super::text::canonical;

/// Last words of seasons: "hè năm 2021" is no year.
const SEASONS: &[&str] = &["hè", "xuân", "thu", "đông", "mưa", "khô", "lũ", "bão"];

impl Sentence<'_> {
    /// The expression that gives the date: a bounded day before a period, the finer period before the year. What is
    /// left over must be a period around it or in front of it, or the clause says more than one thing.
    pub fn deciding(&self, reader: &Reader) -> Result<Option<&Term>, NotUnderstood> {
        let dated: Vec<&Term> = self
            .clause
            .terms
            .iter()
            .filter(|term| is_dated(term))
            .collect();
        let days: Vec<&&Term> = dated
            .iter()
            .filter(|term| !matches!(term.body, Body::Spans { .. }))
            .collect();
        let finer: Vec<&&Term> = dated
            .iter()
            .filter(|term| matches!(term.body, Body::Spans { .. }) && !is_years(&term.body))
            .collect();
        let written: Vec<&&&Term> = days
            .iter()
            .filter(|term| {
                !matches!(
                    term.body,
                    Body::EdgeOf(
                        _,
                        Span {
                            scale: Scale::Year,
                            ..
                        }
                    )
                )
            })
            .collect();
        match (&days[..], &finer[..]) {
            ([day], [_, ..]) if matches!(day.body, Body::EdgeOf(..)) => {
                reader.refuse("a period and a part of another for one thing")
            }
            ([day], [period]) if self.contradicts(reader, day, period)? => {
                reader.refuse("the date lies outside the period beside it")
            }
            ([day], _) if self.outside_its_year(reader, &dated, day)? => {
                reader.refuse("the date lies outside the year beside it")
            }
            ([day], _) => Ok(Some(**day)),
            ([_, _], []) if let [day] = written[..] => Ok(Some(**day)),
            ([], [outer, inner]) => {
                let (around, within) = (reader.bounds(&outer.body)?, reader.bounds(&inner.body)?);
                if around.0 <= within.0 && within.1 <= around.1 {
                    Ok(Some(**inner))
                } else if within.0 <= around.0 && around.1 <= within.1 {
                    Ok(Some(**outer))
                } else {
                    reader.refuse("two periods for one thing")
                }
            }
            ([], [period]) if self.outside_its_year(reader, &dated, period)? => {
                reader.refuse("the period lies outside the year beside it")
            }
            ([], [period]) => Ok(Some(**period)),
            ([], []) => Ok(dated.last().copied()),
            _ => reader.refuse("several dates for one thing"),
        }
    }

    /// "Quý I (trước ngày 15/5)": a period that names nothing is not far from the day.
    fn contradicts(
        &self,
        reader: &Reader,
        day: &Term,
        period: &Term,
    ) -> Result<bool, NotUnderstood> {
        match &period.body {
            Body::Spans { windows, .. }
                if self.clause.label_words(self.tokens).is_empty()
                    && self.inherited.is_empty()
                    && period.bound == Bound::Bare
                    && matches!(day.body, Body::Days(_)) =>
            {
                match windows[..] {
                    [span] => reader.is_far_from(day, &span),
                    _ => Ok(false),
                }
            }
            _ => Ok(false),
        }
    }

    /// "Năm 2024, trước ngày 30/6/2025": a year that names nothing must hold the day.
    fn outside_its_year(
        &self,
        reader: &Reader,
        dated: &[&Term],
        day: &Term,
    ) -> Result<bool, NotUnderstood> {
        if !self.clause.label_words(self.tokens).is_empty() {
            return Ok(false);
        }
        let Some(year) = dated.iter().find(|term| is_years(&term.body)) else {
            return Ok(false);
        };
        let (first, last) = reader.bounds(&year.body)?;
        let days = reader.windows(day)?;
        Ok(days
            .iter()
            .any(|window| window.due_on < first || window.due_on > last))
    }

    /// Whether the expressions of time say what a report is about.
    pub fn reports(&self) -> bool {
        self.clause.before.end.checked_sub(1).is_some_and(|last| {
            !self.clause.before.is_empty() && self.tokens[last].kind == Kind::Key(Key::Report)
        })
    }

    pub fn windows(&self, reader: &Reader, term: &Term) -> Result<Vec<Window>, NotUnderstood> {
        self.check_name(reader, term)?;
        let reports = self.reports();
        let body = match &term.body {
            Body::Spans { each, .. } if reports && term.bound == Bound::Bare && each.len() > 1 => {
                Body::Spans {
                    windows: each.clone(),
                    each: each.clone(),
                }
            }
            Body::LoneDay(days) => self.day_of_month(reader, days)?,
            body => body.clone(),
        };
        let mut windows = reader.windows(&Term {
            body,
            ..term.clone()
        })?;
        let start = self
            .clause
            .terms
            .iter()
            .find(|other| other.bound == Bound::From);
        if let (Some(start), [window]) = (start, &mut windows[..]) {
            let (opens_on, _) = reader.bounds(&start.body)?;
            if opens_on > window.due_on {
                return reader.refuse("it ends before it begins");
            }
            window.opens_on = opens_on;
        }
        Ok(windows)
    }

    /// "Tháng 12/2020 (trước ngày 15)".
    fn day_of_month(&self, reader: &Reader, days: &[Nth]) -> Result<Body, NotUnderstood> {
        let month = self.clause.terms.iter().find_map(|term| match &term.body {
            Body::Spans { windows, .. } => match windows[..] {
                [
                    Span {
                        scale: Scale::Month,
                        first,
                        last,
                        first_year,
                        ..
                    },
                ] if first == last => Some((first, first_year)),
                _ => None,
            },
            _ => None,
        });
        match month {
            Some((month, year)) => Ok(Body::Days(
                days.iter()
                    .map(|day| Day {
                        day: *day,
                        month,
                        year,
                    })
                    .collect(),
            )),
            None => reader.refuse("it is not said in which month"),
        }
    }

    /// "Kế hoạch năm 2021", "Chỉ số cải cách hành chính năm 2019": a bare year behind words may be part of a name.
    fn check_name(&self, reader: &Reader, term: &Term) -> Result<(), NotUnderstood> {
        let Body::Spans { windows, .. } = &term.body else {
            return Ok(());
        };
        let touching = !self.clause.before.is_empty()
            && term.from == self.clause.first_term()
            && !matches!(self.tokens[term.from - 1].kind, Kind::Mark(_));
        if !is_years(&term.body) || term.bound != Bound::Bare || !touching {
            return Ok(());
        }
        let season = SEASONS.iter().any(|season| {
            let word = &self.tokens[term.from - 1];
            canonical(&self.text[word.start..word.end]) == canonical(season)
        });
        if season {
            return reader.refuse("a season has no last day");
        }
        if MONEY.iter().any(|name| self.opens_with(name)) {
            return reader.refuse("the year may be that of the money");
        }
        let past = windows
            .iter()
            .any(|span| reader.year(span.last_year) < self.context.year);
        if past
            || self
                .clause
                .mentions(self.tokens, &[Key::Document, Key::Report, Key::Review])
        {
            return reader.refuse("the year may belong to the name before it");
        }
        Ok(())
    }

    /// Whether the words before the date begin so.
    fn opens_with(&self, name: &str) -> bool {
        let words = &self.tokens[self.clause.before.clone()];
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return false;
        };
        let mut written = self.text[first.start..last.end].split_whitespace();
        name.split(' ')
            .all(|word| written.next().map(canonical) == Some(canonical(word)))
    }
}

/// What is spent in a year, in a cell that came from the column beside: "Nguồn sự nghiệp CNTT năm 2023".
const MONEY: [&str; 4] = ["nguồn", "kinh phí", "ngân sách", "vốn"];

/// Whether the expression has a last day.
pub(super) fn is_dated(term: &Term) -> bool {
    let bounded = !matches!(term.bound, Bound::From | Bound::After);
    bounded
        && matches!(
            term.body,
            Body::Days(_)
                | Body::DaySpan(..)
                | Body::Spans { .. }
                | Body::EdgeOf(..)
                | Body::FromTo(..)
                | Body::LoneDay(_)
        )
}
