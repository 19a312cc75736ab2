//! Expressions that have no date: what never ends, what waits for an event, what follows another plan.

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::term::{Body, Bound};
use super::terms::Prefix;

/// How many words the event may have that a stretch begins with.
const LONGEST_EVENT: usize = 14;

/// First words of what somebody else has to give before one can go on: "ý kiến", "kết quả", "chỉ đạo", "chủ trương".
const AWAITED: &[&str] = &[
    "ý", "kết", "chỉ", "chủ", "cấp", "bộ", "trung", "sự", "thẩm", "kinh",
];

impl Cursor<'_> {
    /// Expressions that have no date.
    pub fn dateless(&mut self) -> Parsed<Body> {
        if self.round_the_clock() {
            return Ok(Some(Body::Continuous));
        }
        if let Some(width) = self.all_through().or(self.stands_for_always().then_some(1)) {
            self.at += width;
            return Ok(Some(Body::Continuous));
        }
        let start = self.at;
        if self.sides() {
            if self.time_follows(0) && !(self.is(0, Key::Day) && self.small(1).is_none()) {
                return self.refuse(start, "before and after a date at once");
            }
            self.swallow();
            return Ok(Some(Body::Event));
        }
        if self.waits() {
            self.swallow();
            return Ok(Some(Body::Event));
        }
        let Some(Kind::Key(key)) = self.kind(0) else {
            return Ok(None);
        };
        let body = match key {
            Key::Continuous | Key::Daily => {
                let always = [Key::Continuous, Key::Daily];
                self.at += 1;
                while (self.is_mark(0, &[',', '/', '-', '&']) || self.is(0, Key::And))
                    && self.is_any(1, &always)
                {
                    self.at += 2;
                }
                self.skip(&always);
                Body::Continuous
            }
            Key::When if self.is(1, Key::Until) && self.is_word(0, "trước khi") => {
                return self.before_the_end();
            }
            Key::Session if self.session_has_date() => return Ok(None),
            Key::When | Key::Session => {
                self.swallow();
                Body::Event
            }
            Key::FollowPlan => {
                self.swallow();
                Body::FollowPlan
            }
            Key::Day if self.opens_with_an_event() => {
                self.swallow();
                Body::Event
            }
            Key::OnDemand if self.has_been_asked() => return Ok(None),
            Key::OnDemand => {
                self.at += 1;
                Body::Event
            }
            Key::Conditional => {
                self.at += 1;
                Body::Conditional
            }
            Key::Open => {
                return self.refuse(self.at, "it is not said how long it goes on");
            }
            Key::Foreign => {
                return self.refuse(self.at, "it counts by a calendar that is not kept here");
            }
            Key::Periodic if self.is_word(0, "thường kỳ") && self.sits() => return Ok(None),
            Key::Periodic => {
                if let Some(body) = self.cycles()? {
                    body
                } else if self.is_mark(1, &[':']) || self.reports_on_a_quarter() {
                    return Ok(None);
                } else {
                    self.at += 1;
                    Body::Periodic
                }
            }
            Key::Except | Key::Apart => return self.exception(),
            Key::Not | Key::About => return self.denied(),
            _ => return Ok(None),
        };
        Ok(Some(body))
    }

    /// "định kỳ báo cáo Quý I (trước ngày 15/3), 6 tháng (…)": each report is named with its day.
    fn reports_on_a_quarter(&self) -> bool {
        self.is(1, Key::Report) && (self.is(2, Key::Quarter) || self.is(3, Key::Quarter))
    }

    /// "ngày có quyết định" between "từ" and "đến hết năm": the stretch begins with an event.
    fn opens_with_an_event(&self) -> bool {
        let since = self
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::From));
        let until = (1..LONGEST_EVENT)
            .find(|ahead| {
                !matches!(
                    self.kind(*ahead),
                    Some(
                        Kind::Word
                            | Kind::Code
                            | Kind::Key(
                                Key::Document
                                    | Key::Issue
                                    | Key::Issuer
                                    | Key::Of
                                    | Key::Is
                                    | Key::Idiom
                                    | Key::Own
                                    | Key::Anniversary
                                    | Key::Effect
                                    | Key::Manner
                                    | Key::Report
                            )
                    )
                )
            })
            .filter(|ahead| *ahead > 1);
        since
            && until.is_some_and(|until| self.is(until, Key::Until) && self.time_follows(until + 1))
    }

    /// "chờ hướng dẫn của Bộ", "đợi phê duyệt", but not "thời gian chờ kết quả": what is waited for is an event.
    fn waits(&self) -> bool {
        let waiting = self.is_word(0, "chờ") || self.is_word(0, "đợi");
        let measured = self
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::Deadline));
        let awaited = match self.kind(1) {
            Some(Kind::Key(key)) => matches!(
                key,
                Key::Document | Key::Issue | Key::Issuer | Key::Session | Key::When | Key::Report
            ),
            Some(Kind::Word) => AWAITED.iter().any(|word| self.is_word(1, word)),
            _ => false,
        };
        waiting && awaited && !measured
    }

    /// Whether a session stands before this word: "phiên họp thường kỳ" says nothing of when.
    fn sits(&self) -> bool {
        let session = |token: &super::lexer::Token| token.kind == Kind::Key(Key::Session);
        self.previous().is_some_and(session)
    }

    /// "TX", alone between marks: short for "thường xuyên", where "TX Điện Bàn" is a town.
    fn stands_for_always(&self) -> bool {
        let alone = |kind: Option<Kind>| matches!(kind, None | Some(Kind::Mark(_)));
        self.is_word(0, "tx")
            && alone(self.previous().map(|token| token.kind))
            && alone(self.kind(1))
    }

    /// How many tokens "xuyên suốt" and "suốt năm" take, where nothing bounds them.
    fn all_through(&self) -> Option<usize> {
        let through = self.is_word(0, "xuyên suốt") || self.is_word(0, "suốt");
        let closed = |ahead: usize| {
            matches!(
                self.kind(ahead),
                None | Some(Kind::Mark(';' | '.' | ')' | ','))
            )
        };
        match self.kind(1) {
            _ if !through => None,
            Some(Kind::Key(Key::Year)) if closed(2) => Some(2),
            _ => closed(1).then_some(1),
        }
    }

    /// "trước khi kết thúc năm 2023": by its last day.
    fn before_the_end(&mut self) -> Parsed<Body> {
        let start = self.at;
        self.at += 2;
        let numbered = self.numeral(1).is_some() || self.four_digits(1).is_some();
        if numbered
            && let Some(span) = self.one_span()?
            && (self.ends_here() || self.is_mark(0, &[',']))
        {
            return Ok(Some(Body::Spans {
                windows: vec![span],
                each: vec![span],
            }));
        }
        self.at = start;
        self.swallow();
        Ok(Some(Body::Event))
    }

    /// "không thường xuyên", "khoảng tháng 6": not what the words after it say.
    pub fn denied(&mut self) -> Parsed<Body> {
        let start = self.at;
        let about = self.is(0, Key::About);
        self.at += 1;
        let celebrated =
            about && matches!(self.kind(0), Some(Kind::Number { .. })) && self.is(1, Key::Year);
        // "trong khoảng từ ngày 1/12 đến ngày 12/12" is a stretch with two ends.
        let stretch = about && self.is(0, Key::From);
        if celebrated || stretch {
            self.at = start;
            return Ok(None);
        }
        let denied = self.term()?.map(|term| term.body);
        if about && denied == Some(Body::Event) {
            return Ok(denied);
        }
        if denied.is_some() {
            return self.refuse(start, "the words deny or blur the date");
        }
        self.at = start;
        Ok(None)
    }

    /// "trước ngày khai mạc …", "sau thí điểm", "trước kỳ họp …": what stands there is an event, not a date.
    pub fn beside_an_event(&mut self, start: usize) -> Parsed<(Prefix, Body)> {
        let day = usize::from(self.is(0, Key::Day));
        let event = match self.kind(day) {
            Some(Kind::Word | Kind::Code) => true,
            Some(Kind::Key(key)) => {
                !self.time_follows(day)
                    && !matches!(
                        key,
                        Key::Before | Key::After | Key::And | Key::Or | Key::Latest | Key::Until
                    )
            }
            _ => false,
        };
        if !event {
            self.at = start;
            return Ok(None);
        }
        let before = self.at;
        if self.tokens[start].kind == Kind::Key(Key::Before)
            && let Some(day) = self.written_day()?
        {
            let mut prefix = Prefix::default();
            prefix.bound = Bound::Before;
            return Ok(Some((prefix, Body::Days(vec![day]))));
        }
        self.at = before;
        self.swallow();
        Ok(Some((Prefix::default(), Body::Event)))
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
