//! The rules that no date of a cell may break out of: what must stand beside a name with a date of its own, and that
//! nothing is lost in the description of an event.

use super::cursor::Cursor;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::pairs::is_years;
use super::scan::{Item, Scan};
use super::term::{Anchor, Body, Bound, Term, Year};

/// What has to stand beside a name with a date of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A school year: only dates with a year of their own are safe beside it.
    School,
    /// A day that is celebrated: some date or period that is the deadline.
    Day,
    /// "nếu cần gia hạn thì …": no date may depend on it.
    Condition,
}

impl Cursor<'_> {
    /// "Ngày 1 5/10/2021", "Quý I I/2025": a number broken in two. "Đợt thứ 2/2025": a number and a year, and no month.
    pub fn check_numbers(&self) -> Result<(), NotUnderstood> {
        for at in 0..self.tokens.len() {
            let place = Cursor { at, ..*self };
            let figure = |ahead: usize| {
                matches!(
                    place.kind(ahead),
                    Some(Kind::Number { digits: 1, .. } | Kind::Roman(_))
                )
            };
            let unit = place.is_any(0, &[Key::Day, Key::Month, Key::Quarter]);
            let goes_on = place.is_mark(3, &['/', '-', '.']) && place.tight(4);
            let month = place.is(0, Key::Day) && place.is(3, Key::Month);
            if unit && figure(1) && figure(2) && !place.tight(2) && (goes_on || month) {
                return place.refuse(at, "two numbers, or one broken in two");
            }
            let ordinal = place.is(0, Key::Nth) && place.numeral(1).is_some();
            if ordinal && place.is_mark(2, &['/']) && place.four_digits(3).is_some() {
                return place.refuse(at, "which one of the year, not which month");
            }
        }
        Ok(())
    }
}

impl Scan<'_> {
    /// Every name with a date of its own stands beside the deadline proper, in the same sentence.
    pub fn check_names(&mut self) -> Result<(), NotUnderstood> {
        for (at, name) in std::mem::take(&mut self.names) {
            let segment: Vec<&Term> = self
                .items
                .split(|item| matches!(item, Item::Hard(_)))
                .find(|items| items.contains(&Item::Words(at)))
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
                Name::Condition => {
                    term.from < at
                        || matches!(
                            term.body,
                            Body::Event | Body::Conditional | Body::Continuous | Body::FollowPlan
                        )
                }
            };
            let needed = name != Name::Condition;
            self.cursor.at = at;
            if (needed && segment.is_empty()) || !segment.iter().all(fits) {
                return self.cursor.refuse(
                    at,
                    match name {
                        Name::School => "it counts by a calendar that is not kept here",
                        Name::Day => "the date belongs to a name, not to the deadline",
                        Name::Condition => "the date depends on a condition",
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

    /// "< 30/6/2023": before the day, or on it.
    pub fn check_comparison(&self) -> Result<(), NotUnderstood> {
        let cursor = &self.cursor;
        let Some(token) = cursor.peek(0) else {
            return Ok(());
        };
        let listed = matches!(self.items.last(), Some(Item::Term(_)));
        let compares = match &cursor.text[token.start..token.end] {
            "<" | "≥" => true,
            ">" => !listed,
            _ => false,
        };
        if compares && cursor.time_follows(1) {
            return cursor.refuse(cursor.at, "whether the day itself counts is not said");
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
                Kind::Mark(',') if self.lists_a_branch(ahead) => false,
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

    /// "đảng bộ, chi bộ": the comma between two that hold a congress.
    fn lists_a_branch(&self, comma: usize) -> bool {
        let branch = |ahead: usize| {
            ["đảng", "chi"].iter().any(|word| self.is_word(ahead, word))
                && self.is_word(ahead + 1, "bộ")
        };
        comma > 2 && branch(comma - 2) && branch(comma + 1)
    }

    /// "nếu cần gia hạn thì …", "trường hợp …", but not "(nếu cần)".
    pub fn begins_condition(&self) -> bool {
        let goes_on = !matches!(self.kind(1), None | Some(Kind::Mark(_)));
        let word = self.is_word(0, "nếu") || (self.is_word(0, "trường") && self.is_word(1, "hợp"));
        goes_on && (word || self.is(0, Key::Conditional))
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
}

/// Whether every date of the expression is written with its year.
pub(super) fn has_own_year(body: &Body) -> bool {
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
