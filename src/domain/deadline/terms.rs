//! One expression of time: its preposition and its body, tried rule by rule.

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, Bound, Scale, Span, Term};

/// The prepositions read so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Prefix {
    pub bound: Bound,
    latest: bool,
    within: bool,
    clock: bool,
}

impl Cursor<'_> {
    /// The expression of time that begins here.
    pub fn term(&mut self) -> Parsed<Term> {
        let from = self.at;
        let found = match self.dateless()? {
            Some(body) => Some((Prefix::default(), body)),
            None => self.dated()?,
        };
        if let Some((prefix, body)) = found {
            Ok(Some(Term {
                bound: prefix.bound,
                body,
                clock: prefix.clock,
                from,
                to: self.at,
            }))
        } else {
            self.at = from;
            Ok(None)
        }
    }

    /// Prepositions and a date, period, cycle or count.
    pub fn dated(&mut self) -> Parsed<(Prefix, Body)> {
        let start = self.at;
        let mut prefix = self.prefix();
        if prefix.clock && self.is(0, Key::Daily) {
            self.at += 1;
            let prefix = Prefix {
                clock: true,
                ..Prefix::default()
            };
            return Ok(Some((prefix, Body::Continuous)));
        }
        let Some(body) = self.body(prefix)? else {
            self.at = start;
            return if self.eat_any(&[Key::Before, Key::After]) {
                self.beside_an_event(start)
            } else {
                Ok(None)
            };
        };
        let opens = start
            .checked_sub(1)
            .is_none_or(|at| matches!(self.tokens[at].kind, Kind::Mark(_) | Kind::Key(Key::And)));
        let goes_on = opens
            && prefix.bound == Bound::Bare
            && (is_point(&body) || self.is_part(start, &body))
            && self.is(0, Key::Until)
            && (self.time_follows(1) || matches!(self.kind(1), Some(Kind::Key(Key::Tenth(_)))));
        if prefix.bound == Bound::From || goes_on {
            let before = self.at;
            let until = self.eat_mark(&['-', ',']) | self.eat(Key::Until);
            let end = if until {
                let end = self.prefix();
                if end.bound <= Bound::By {
                    self.body(Prefix {
                        bound: Bound::By,
                        ..end
                    })?
                } else {
                    None
                }
            } else {
                None
            };
            match end {
                Some(end)
                    if (is_point(&end) || self.is_part(before, &end))
                        && (is_point(&body) || self.is_part(start, &body))
                        && (self.tokens[before].kind != Kind::Mark(',')) =>
                {
                    prefix.bound = Bound::Bare;
                    return Ok(Some((prefix, Body::FromTo(Box::new(body), Box::new(end)))));
                }
                _ => self.at = before,
            }
            let each_day = matches!(body, Body::DayOfEach(..)) && self.reads_until(start);
            if is_range(&body) || each_day {
                prefix.bound = Bound::Bare;
            }
        }
        Ok(Some((prefix, body)))
    }

    /// Steps over prepositions and an hour: whether they exclude what follows, and whether there was an hour.
    pub fn day_bound(&mut self) -> (bool, bool) {
        let prefix = self.prefix();
        (prefix.bound == Bound::Before, prefix.clock)
    }

    /// Whether the days are a week or ten days of a month, named as such since `start`.
    fn is_part(&self, start: usize, body: &Body) -> bool {
        matches!(body, Body::DaySpan(..))
            && self.tokens[start..self.at]
                .iter()
                .take(4)
                .any(|token| matches!(token.kind, Kind::Key(Key::Tenth(_) | Key::Week)))
    }

    /// Whether "đến" or a dash stands between `start` and here.
    fn reads_until(&self, start: usize) -> bool {
        self.tokens[start..self.at]
            .iter()
            .any(|token| matches!(token.kind, Kind::Key(Key::Until) | Kind::Mark('-')))
    }

    /// "trước", "chậm nhất đến", "thời hạn: trước 16h".
    fn prefix(&mut self) -> Prefix {
        let mut prefix = Prefix::default();
        loop {
            let Some(Kind::Key(key)) = self.kind(0) else {
                if prefix.bound != Bound::Bare && self.is_mark(0, &[':']) {
                    self.at += 1;
                    continue;
                }
                if !self.clock(&mut prefix) {
                    return prefix;
                }
                continue;
            };
            match key {
                Key::Before if self.is_any(1, &[Key::And, Key::Or]) && self.is(2, Key::In) => {
                    prefix.bound = Bound::By;
                    self.at += 1;
                }
                Key::Before => prefix.bound = Bound::Before,
                Key::Latest => {
                    prefix.latest = true;
                    prefix.bound = stronger(prefix.bound, Bound::By);
                }
                Key::Until | Key::Deadline => prefix.bound = stronger(prefix.bound, Bound::By),
                Key::In => prefix.bound = stronger(prefix.bound, Bound::In),
                Key::Within => {
                    prefix.within = true;
                    prefix.bound = stronger(prefix.bound, Bound::In);
                }
                Key::From if self.is(1, Key::This) => self.at += 1,
                Key::From if self.own_issue_follows() => {}
                Key::From => prefix.bound = stronger(prefix.bound, Bound::From),
                Key::After if prefix.latest => {}
                Key::After => prefix.bound = Bound::After,
                Key::Is | Key::Finish if prefix.bound != Bound::Bare => {}
                _ if prefix.bound != Bound::Bare && self.clock(&mut prefix) => continue,
                _ => return prefix,
            }
            self.at += 1;
        }
    }

    /// "từ ngày ký đến": the plan's own issue, where every term without a start begins. Steps over it.
    fn own_issue_follows(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        let from = self.at;
        self.skip(&[Key::Day, Key::Issue, Key::Document, Key::This]);
        let own = self.is(0, Key::Until)
            && self.tokens[from..self.at]
                .iter()
                .any(|token| token.kind == Kind::Key(Key::Issue));
        self.at = if own { self.at - 1 } else { start };
        own
    }

    /// "16h", "9h00", "17 giờ 30 phút", "16:30": with an hour, the day itself still complies.
    fn clock(&mut self, prefix: &mut Prefix) -> bool {
        let start = self.at;
        let Some(hour) = self.hour() else {
            return false;
        };
        let first = self.at;
        if (self.eat(Key::Until) || self.eat_mark(&['-'])) && self.clock(prefix) {
            prefix.bound = Bound::By;
            return true;
        }
        self.at = first;
        if !(self.time_follows(0) || self.is(0, Key::Sunday)) {
            self.at = start;
            return false;
        }
        prefix.clock = hour != 0;
        true
    }

    /// Steps over "16h30" and what joins it to a day.
    pub fn hour(&mut self) -> Option<u32> {
        let hour = self.small(0).filter(|hour| *hour <= 24)?;
        let letter = self.peek(1).is_some_and(|token| {
            let text = &self.text[token.start..token.end];
            token.kind == Kind::Key(Key::Hour)
                || (!token.gap && matches!(text, "h" | "H" | "g" | "G"))
        });
        let colon = self.is_mark(1, &[':'])
            && self.tight(1)
            && self.tight(2)
            && self.small(2).is_some_and(|minute| minute < 60);
        if !(letter || colon) {
            return None;
        }
        self.at += 2;
        if self.small(0).is_some()
            && (colon
                || self.tight(0)
                || self.is_any(
                    1,
                    &[Key::Minute, Key::Nth, Key::Sunday, Key::Until, Key::Daily],
                )
                || (self.is_mark(1, &[',']) && self.time_follows(2))
                || matches!(self.kind(1), None | Some(Kind::Mark(')' | ';')))
                || (self.is(1, Key::Day) && self.small(2).is_some()))
        {
            self.at += 1;
        }
        self.eat(Key::Minute);
        if ["sáng", "trưa", "chiều", "tối"]
            .iter()
            .any(|part| self.is_word(0, part))
        {
            self.at += 1;
        }
        self.eat_mark(&['\'', ',', '’']);
        self.skip(&[Key::In, Key::Of]);
        Some(hour)
    }

    /// What the prepositions govern.
    fn body(&mut self, prefix: Prefix) -> Parsed<Body> {
        let bound = prefix.bound;
        if let Some(body) = self.part_of_month(bound)? {
            return Ok(Some(body));
        }
        if let Some(body) = self.ten_days()? {
            return Ok(Some(body));
        }
        if let Some(body) = self.week_of_month()? {
            return Ok(Some(body));
        }
        if let Some(body) = self.counted_days(bound)? {
            return Ok(Some(body));
        }
        if let Some(body) = self.count(bound, prefix.within)? {
            return Ok(Some(body));
        }
        if self.eat(Key::Following) {
            return Ok(Some(Body::Following));
        }
        if let Some(body) = self.days(bound)? {
            return Ok(Some(body));
        }
        if let Some(body) = self.edge()? {
            return Ok(Some(body));
        }
        if let Some(span) = self.quarter_by_place()? {
            return Ok(Some(Body::Spans {
                windows: vec![span],
                each: vec![span],
            }));
        }
        let start = self.at;
        if let Some(name) = self.month_name()? {
            return Ok(Some(match name {
                super::places::MonthName::Each(place) => Body::MonthOfEach(place),
                super::places::MonthName::These(months) => {
                    let span = |(month, year)| Span::one(Scale::Month, month, month, year);
                    let each: Vec<Span> = months.into_iter().map(span).collect();
                    Body::Spans {
                        windows: each.clone(),
                        each,
                    }
                }
            }));
        }
        self.at = start;
        if let Some(body) = self.frequency()? {
            return Ok(Some(body));
        }
        if bound == Bound::Bare
            && let Some(body) = self.report_periods()?
        {
            return Ok(Some(body));
        }
        if let Some(body) = self.spans(bound)? {
            return Ok(Some(body));
        }
        match self.weekday()? {
            Some(body) => Ok(Some(body)),
            None if bound > Bound::By => Ok(None),
            None => self.cycles(),
        }
    }
}

fn stronger(own: Bound, other: Bound) -> Bound {
    own.max(other)
}

/// Whether it can be one end of a stretch.
fn is_point(body: &Body) -> bool {
    match body {
        Body::Days(days) => days.len() == 1,
        Body::Spans { each, .. } => each.len() == 1,
        Body::EdgeOf(..) => true,
        _ => false,
    }
}

/// Whether it already has two ends.
pub(super) fn is_range(body: &Body) -> bool {
    match body {
        Body::DaySpan(..) | Body::FromTo(..) => true,
        Body::Spans { windows, .. } => windows.iter().any(|span| match span.scale {
            Scale::Month => (span.first, span.first_year) != (span.last, span.last_year),
            Scale::Quarter => span.last != span.first + 2 || span.first_year != span.last_year,
            Scale::Months => false,
            Scale::Year => span.first_year != span.last_year,
        }),
        _ => false,
    }
}

impl NotUnderstood {
    /// The cell has no expression of time at all.
    pub(super) fn without_date(words: &str) -> Self {
        Self::new(words, "no date, period or event is named")
    }
}
