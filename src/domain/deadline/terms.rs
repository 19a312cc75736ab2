//! One expression of time: its preposition and its body, tried rule by rule.

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, Bound, Scale, Span, Term};

/// The prepositions read so far.
#[derive(Clone, Copy, Default)]
struct Prefix {
    bound: Bound,
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
    fn dated(&mut self) -> Parsed<(Prefix, Body)> {
        let start = self.at;
        let mut prefix = self.prefix();
        let Some(body) = self.body(prefix)? else {
            self.at = start;
            return if self.eat_any(&[Key::Before, Key::After]) {
                self.beside_an_event(start)
            } else {
                Ok(None)
            };
        };
        if prefix.bound == Bound::From {
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
                    if is_point(&end)
                        && is_point(&body)
                        && (self.tokens[before].kind != Kind::Mark(',')) =>
                {
                    prefix.bound = Bound::Bare;
                    return Ok(Some((prefix, Body::FromTo(Box::new(body), Box::new(end)))));
                }
                _ => self.at = before,
            }
            if is_range(&body) {
                prefix.bound = Bound::Bare;
            }
        }
        Ok(Some((prefix, body)))
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
        let hour = self.small(0).filter(|hour| *hour <= 24);
        let letter = self.peek(1).is_some_and(|token| {
            let text = &self.text[token.start..token.end];
            token.kind == Kind::Key(Key::Hour)
                || (!token.gap && matches!(text, "h" | "H" | "g" | "G"))
        });
        let colon = self.is_mark(1, &[':'])
            && self.tight(1)
            && self.tight(2)
            && self.small(2).is_some_and(|minute| minute < 60);
        if hour.is_none() || !(letter || colon) {
            return false;
        }
        self.at += 2;
        if self.small(0).is_some()
            && (colon
                || self.tight(0)
                || self.is(1, Key::Minute)
                || (self.is(1, Key::Day) && self.small(2).is_some()))
        {
            self.at += 1;
        }
        self.eat(Key::Minute);
        self.eat_mark(&['\'', ',', '’']);
        self.skip(&[Key::In, Key::Of]);
        if !(self.time_follows(0) || self.is(0, Key::Sunday)) {
            self.at = start;
            return false;
        }
        prefix.clock = true;
        true
    }

    /// What the prepositions govern.
    fn body(&mut self, prefix: Prefix) -> Parsed<Body> {
        let bound = prefix.bound;
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
        let start = self.at;
        if let Some(name) = self.month_name()? {
            return Ok(Some(match name {
                super::places::MonthName::Each(place) => Body::MonthOfEach(place),
                super::places::MonthName::One(month, year) => {
                    let span = Span::one(Scale::Month, month, month, year);
                    Body::Spans {
                        windows: vec![span],
                        each: vec![span],
                    }
                }
            }));
        }
        self.at = start;
        if let Some(body) = self.frequency()? {
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

    /// "trước ngày khai mạc …", "sau thí điểm", "trước kỳ họp …": what stands there is an event, not a date.
    fn beside_an_event(&mut self, start: usize) -> Parsed<(Prefix, Body)> {
        let day = usize::from(self.is(0, Key::Day));
        let event = match self.kind(day) {
            Some(Kind::Word | Kind::Code) => true,
            Some(Kind::Key(key)) => {
                !self.time_follows(day)
                    && !matches!(
                        key,
                        Key::Before | Key::After | Key::And | Key::Latest | Key::Until
                    )
            }
            _ => false,
        };
        if !event {
            self.at = start;
            return Ok(None);
        }
        self.swallow();
        Ok(Some((Prefix::default(), Body::Event)))
    }

    /// Expressions that have no date.
    fn dateless(&mut self) -> Parsed<Body> {
        let Some(Kind::Key(key)) = self.kind(0) else {
            return Ok(None);
        };
        let body = match key {
            Key::Continuous => {
                self.at += 1;
                while (self.is_mark(0, &[',', '/', '-', '&']) || self.is(0, Key::And))
                    && self.is(1, Key::Continuous)
                {
                    self.at += 2;
                }
                self.skip(&[Key::Continuous]);
                Body::Continuous
            }
            Key::When | Key::Session => {
                self.swallow();
                Body::Event
            }
            Key::FollowPlan => {
                self.swallow();
                Body::FollowPlan
            }
            Key::OnDemand => {
                self.at += 1;
                Body::Event
            }
            Key::Conditional => {
                self.at += 1;
                Body::Conditional
            }
            Key::Foreign => {
                return self.refuse(self.at, "it counts by a calendar that is not kept here");
            }
            Key::Periodic => {
                if let Some(body) = self.cycles()? {
                    body
                } else {
                    self.at += 1;
                    Body::Periodic
                }
            }
            Key::Not | Key::About => return self.denied(),
            _ => return Ok(None),
        };
        Ok(Some(body))
    }

    /// "không thường xuyên", "khoảng tháng 6": not what the words after it say.
    fn denied(&mut self) -> Parsed<Body> {
        let start = self.at;
        self.at += 1;
        let denies = self.term()?.is_some();
        if denies {
            return self.refuse(start, "the words deny or blur the date");
        }
        self.at = start;
        Ok(None)
    }

    /// Steps over the description of an event: to the end of the clause, or to where another deadline is given.
    fn swallow(&mut self) {
        let start = self.at;
        self.at += 1;
        let since =
            start.checked_sub(1).map(|at| self.tokens[at].kind) == Some(Kind::Key(Key::From));
        let mut depth = 0_u32;
        while let Some(token) = self.peek(0) {
            let stop = match token.kind {
                Kind::Mark(';') => true,
                Kind::Mark('(') => {
                    depth += 1;
                    false
                }
                Kind::Mark(')') => {
                    depth = depth.wrapping_sub(1);
                    depth == u32::MAX
                }
                Kind::Mark('.') => self.peek(1).is_none_or(|next| next.gap && next.capital),
                Kind::Mark('-' | '•') => token.new_line && self.at > start,
                Kind::Mark(',') => self.deadline_follows(1, true),
                Kind::Key(Key::And | Key::Or) => self.deadline_follows(1, false),
                Kind::Key(Key::Until) => since && self.time_follows(1),
                Kind::Key(Key::Latest) => {
                    self.time_follows(1)
                        || self.is_any(1, &[Key::In, Key::Is, Key::Until, Key::Before])
                }
                Kind::Key(Key::Before) => {
                    self.time_follows(1) && (self.small(1).is_some() || self.small(2).is_some())
                }
                _ => false,
            };
            if stop {
                return;
            }
            self.at += 1;
        }
    }

    /// Whether a new deadline begins `ahead`: a preposition with a time, or a verb of finishing or reporting.
    fn deadline_follows(&self, ahead: usize, comma: bool) -> bool {
        let Some(Kind::Key(key)) = self.kind(ahead) else {
            return false;
        };
        match key {
            Key::Continuous | Key::OnDemand | Key::Periodic | Key::Latest | Key::Finish => true,
            Key::Report | Key::Review | Key::Issue => comma,
            Key::Before | Key::In | Key::Until | Key::From | Key::Every => {
                self.time_follows(ahead + 1)
            }
            Key::Quarter | Key::Month => self.numeral(ahead + 1).is_some(),
            Key::Day => comma && self.small(ahead + 1).is_some(),
            Key::Year => comma && self.four_digits(ahead + 1).is_some(),
            _ => false,
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
fn is_range(body: &Body) -> bool {
    match body {
        Body::DaySpan(..) => true,
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
