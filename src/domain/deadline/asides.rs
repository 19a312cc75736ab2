//! Names and remarks that carry a date of their own, which is not the deadline: "Ngày Chuyển đổi số quốc gia 10/10",
//! "năm học 2024 - 2025", "(thời hạn cũ: 30/9)", "theo Luật … năm 2018", "20/24 tiêu chí"; and the rule that no date of
//! a cell may disappear in the description of an event.

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::pairs::is_years;
use super::scan::{Item, Scan};
use super::term::{Anchor, Body, Bound, Term, Year};

/// What counts units in a fraction: "20/24 tiêu chí".
const COUNTED_NOUNS: &[&str] = &[
    "tiêu",
    "chỉ",
    "nội",
    "nhiệm vụ",
    "xã",
    "huyện",
    "phường",
    "thôn",
    "đơn",
    "địa",
    "sở",
    "cơ",
    "dịch vụ",
    "thủ",
    "hồ",
    "điểm",
    "trường",
    "hộ",
    "người",
    "chi",
    "đảng",
    "mục",
    "tiêu chí",
];

/// What has to stand beside a name with a date of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A school year: only dates with a year of their own are safe beside it.
    School,
    /// A day that is celebrated: some date or period that is the deadline.
    Day,
}

impl Scan<'_> {
    /// "(thời hạn cũ: 30/9/2026)", "chốt số liệu từ ngày … đến ngày …": to the end of the parenthesis or sentence.
    pub fn aside(&mut self) -> bool {
        let start = self.cursor.at;
        let opened = usize::from(self.cursor.is_mark(0, &['(']));
        if !self.cursor.is(opened, Key::Aside) {
            return false;
        }
        let close: &[char] = if opened == 1 { &[')'] } else { &[';', ')'] };
        self.cursor.at += 1 + opened;
        while self.cursor.peek(0).is_some() && !self.cursor.is_mark(0, close) {
            self.cursor.at += 1;
        }
        self.cursor.at += usize::from(opened == 1 && self.cursor.peek(0).is_some());
        self.words(start, self.cursor.at);
        true
    }

    /// "20/24 tiêu chí", "02/04 nội dung".
    pub fn fraction(&mut self) -> bool {
        let cursor = &self.cursor;
        let named = cursor
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::Day));
        let written = matches!(cursor.kind(0), Some(Kind::Number { .. }))
            && cursor.is_mark(1, &['/'])
            && matches!(cursor.kind(2), Some(Kind::Number { .. }));
        if named || !written || !COUNTED_NOUNS.iter().any(|noun| cursor.is_word(3, noun)) {
            return false;
        }
        let at = cursor.at;
        self.words(at, at + 3);
        self.cursor.at += 3;
        true
    }

    /// "Ngày Pháp luật Việt Nam 09/11": a day with a name, and the date that everybody knows it by.
    pub fn named_day(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let name = self
            .cursor
            .peek(1)
            .is_some_and(|next| next.kind == Kind::Word && next.capital);
        if !self.cursor.is(0, Key::Day) || !name {
            return Ok(false);
        }
        let mut cursor = self.cursor;
        cursor.at += 2;
        while matches!(
            cursor.kind(0),
            Some(
                Kind::Word
                    | Kind::Key(
                        Key::Idiom
                            | Key::And
                            | Key::Of
                            | Key::Not
                            | Key::Number
                            | Key::Document
                            | Key::Issuer
                            | Key::Anniversary
                    )
            )
        ) {
            cursor.at += 1;
        }
        let opened = cursor.eat_mark(&['(']);
        if !(matches!(cursor.kind(0), Some(Kind::Number { .. }))
            && cursor.is_mark(1, &['/', '-'])
            && cursor.days(Bound::By)?.is_some())
        {
            return Ok(false);
        }
        if opened && !cursor.eat_mark(&[')']) {
            return Ok(false);
        }
        self.cursor.at = cursor.at;
        self.names.push((start, Name::Day));
        self.words(start, self.cursor.at);
        Ok(true)
    }

    /// "năm học 2024 - 2025", "học kỳ I".
    pub fn school(&mut self) -> bool {
        let start = self.cursor.at;
        while self.cursor.eat(Key::School) {
            let range = self.cursor.four_digits(0).is_some()
                && self.cursor.is_mark(1, &['-', '/'])
                && self.cursor.four_digits(2).is_some();
            let one = self.cursor.numeral(0).is_some() || self.cursor.four_digits(0).is_some();
            self.cursor.at += match (range, one) {
                (true, _) => 3,
                (false, true) => 1,
                (false, false) => 0,
            };
        }
        if self.cursor.at == start {
            return false;
        }
        self.names.push((start, Name::School));
        self.words(start, self.cursor.at);
        true
    }

    /// "theo Luật Phòng, chống tham nhũng năm 2018": a document is named by its year.
    pub fn authority(&mut self) -> bool {
        let start = self.cursor.at;
        if !(self.cursor.is(0, Key::By) && self.cursor.is(1, Key::Document)) {
            return false;
        }
        let mut cursor = self.cursor;
        cursor.at += 2;
        while let Some(kind) = cursor.kind(0) {
            match kind {
                Kind::Word
                | Kind::Key(Key::Idiom | Key::And | Key::Issuer | Key::Own | Key::Of) => {}
                Kind::Mark(',')
                    if matches!(cursor.kind(1), Some(Kind::Word | Kind::Key(Key::Idiom))) => {}
                Kind::Key(Key::Year) if cursor.four_digits(1).is_some() => {
                    cursor.at += 2;
                    self.cursor.at = cursor.at;
                    self.words(start, cursor.at);
                    return true;
                }
                _ => return false,
            }
            cursor.at += 1;
        }
        false
    }

    /// Every name with a date of its own stands beside the deadline proper, in the same sentence.
    pub fn check_names(&mut self) -> Result<(), NotUnderstood> {
        for (at, name) in std::mem::take(&mut self.names) {
            let segment: Vec<&Term> = self
                .items
                .split(|item| matches!(item, Item::Hard(_)))
                .find(|items| items.iter().any(|item| *item == Item::Words(at)))
                .unwrap_or_default()
                .iter()
                .filter_map(|item| match item {
                    Item::Term(term) => Some(term),
                    _ => None,
                })
                .collect();
            let fits = |term: &&Term| match name {
                Name::School => has_own_year(&term.body),
                Name::Day => !matches!(term.body, Body::Cycles { .. }) && !is_years(&term.body),
            };
            self.cursor.at = at;
            if segment.is_empty() || !segment.iter().all(fits) {
                return self.cursor.refuse(
                    at,
                    match name {
                        Name::School => "it counts by a calendar that is not kept here",
                        Name::Day => "the date belongs to a name, not to the deadline",
                    },
                );
            }
        }
        Ok(())
    }

    /// A date inside the description of an event would be lost: the cell says more than "it waits".
    pub fn check_event(&self, term: &Term) -> Result<(), NotUnderstood> {
        let waits = matches!(
            term.body,
            Body::Event
                | Body::FollowPlan
                | Body::Count {
                    anchor: Anchor::Elsewhere,
                    ..
                }
        );
        if !waits || self.cursor.is_purpose(term.from) {
            return Ok(());
        }
        let mut scan = Scan {
            cursor: Cursor {
                at: term.from + 1,
                ..self.cursor
            },
            items: Vec::new(),
            names: Vec::new(),
            cited: false,
        };
        while scan.cursor.at < term.to {
            let at = scan.cursor.at;
            if scan.citation()? {
                continue;
            }
            if let Some(body) = scan.cursor.days(Bound::By)?
                && scan.cursor.at <= term.to
                && matches!(
                    body,
                    Body::Days(_) | Body::DaySpan(..) | Body::LoneDay(_) | Body::DayOfEach(..)
                )
            {
                return self.lost(at);
            }
            scan.cursor.at = at;
            let unit = scan.cursor.is_any(0, &[Key::Month, Key::Quarter]);
            let numbered = matches!(
                scan.cursor.kind(0),
                Some(Kind::Number { .. } | Kind::Roman(_))
            );
            if (unit || numbered)
                && let Some(body @ Body::Spans { .. }) = scan.cursor.spans(Bound::Bare)?
                && !is_years(&body)
            {
                return self.lost(at);
            }
            scan.cursor.at = at + 1;
        }
        Ok(())
    }

    fn lost(&self, at: usize) -> Result<(), NotUnderstood> {
        self.cursor
            .refuse(at, "a date in the description of an event")
    }
}

impl Cursor<'_> {
    /// Whether a session, congress or feast is only what a date of its own clause is about.
    pub fn session_has_date(&self) -> bool {
        if self.is_purpose(self.at) {
            return false;
        }
        let mut ahead = 1;
        while let Some(kind) = self.kind(ahead) {
            let there = match kind {
                Kind::Mark(';' | ',' | ')') => return false,
                Kind::Mark('.') => return false,
                Kind::Key(Key::Quarter | Key::Month) => self.numeral(ahead + 1).is_some(),
                Kind::Key(Key::Day) => self.small(ahead + 1).is_some(),
                Kind::Number { .. } => self.is_mark(ahead + 1, &['/']) && self.tight(ahead + 2),
                _ => false,
            };
            if there {
                return true;
            }
            ahead += 1;
        }
        false
    }

    /// "trước ngày 20/6 để trình HĐND tại kỳ họp tháng 7": what the deadline serves has its own date.
    pub fn is_purpose(&self, at: usize) -> bool {
        let start = self.tokens[..at]
            .iter()
            .rposition(|token| matches!(token.kind, Kind::Mark(';')))
            .unwrap_or(0);
        let purpose = (start..at).rev().find(|at| {
            let place = Cursor { at: *at, ..*self };
            place.is_word(0, "để")
        });
        purpose.is_some_and(|purpose| {
            self.tokens[start..purpose]
                .iter()
                .any(|token| matches!(token.kind, Kind::Number { .. } | Kind::Roman(_)))
        })
    }

    /// "trực 24/7", "24/24 giờ": steps over it.
    pub fn round_the_clock(&mut self) -> bool {
        let hours = self.small(0) == Some(24) && self.is_mark(1, &['/']) && self.tight(2);
        let hour = self.is(3, Key::Hour) || (self.tight(3) && self.is_word(3, "h"));
        let ends = matches!(self.kind(3), None | Some(Kind::Mark(_)));
        let duty = Cursor {
            at: self.at.saturating_sub(1),
            ..*self
        };
        let duty = ["trực", "trực ban", "ban", "vận hành", "hành", "hoạt động"]
            .iter()
            .any(|word| duty.is_word(0, word));
        let width = match (hours, self.small(2)) {
            (true, Some(24)) if hour => 4,
            (true, Some(24)) if ends => 3,
            (true, Some(7)) if duty => 3,
            _ => return false,
        };
        self.at += width;
        true
    }

    /// "trừ tháng 6 và tháng 12", "riêng quý IV".
    pub fn exception(&mut self) -> Parsed<Body> {
        let start = self.at;
        let except = self.is(0, Key::Except);
        self.at += 1;
        self.skip(&[Key::Report, Key::Of]);
        if self.is_any(0, &[Key::Plural, Key::Month, Key::Quarter])
            && let Some(Body::Spans { each, .. }) = self.spans(Bound::In)?
        {
            return Ok(Some(if except {
                Body::Except(each)
            } else {
                Body::Apart(each)
            }));
        }
        self.at = start;
        if except { self.denied() } else { Ok(None) }
    }
}

/// Whether every date of the expression is written with its year.
fn has_own_year(body: &Body) -> bool {
    let numbered = |year: Year| matches!(year, Year::Number(_));
    match body {
        Body::Days(days) => days.iter().all(|day| numbered(day.year)),
        Body::DaySpan(first, last) => numbered(first.year) && numbered(last.year),
        Body::Spans { windows, .. } => {
            !is_years(body) && windows.iter().all(|span| numbered(span.last_year))
        }
        Body::FromTo(first, last) => has_own_year(first) && has_own_year(last),
        _ => false,
    }
}
