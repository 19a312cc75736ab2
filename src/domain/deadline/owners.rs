//! Years and periods that belong to a name instead of saying when: "Kế hoạch năm 2020 của đơn vị", "trước ngày 10/4 đối
//! với báo cáo quý I".

use super::cursor::Cursor;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::pairs::is_years;
use super::scan::{Item, Scan};
use super::term::{Body, Bound, Term};

/// What has a year or a period of its own.
const OWNERS: &[Key] = &[Key::Document, Key::Report, Key::Review];

impl Scan<'_> {
    /// Whether the bare period that ends here is whose the thing before it is, not when it is due.
    pub fn belongs_to_a_name(&self, term: &Term) -> bool {
        let period = term.bound == Bound::Bare
            && matches!(&term.body, Body::Spans { windows, .. } if windows.len() == 1);
        let Some(word) = term.from.checked_sub(1).map(|at| self.cursor.tokens[at]) else {
            return false;
        };
        let touching = matches!(self.items.last(), Some(Item::Words(_)))
            && !matches!(word.kind, Kind::Mark(_));
        if !(period && touching) {
            return false;
        }
        let years = is_years(&term.body);
        let name = self.words_before();
        let named = name.iter().any(owns);
        let other = years && !self.is_of_the_plan(term);
        (other && named && self.is_told_behind_a_comma())
            || (years && named && (self.is_of_somebody() || self.is_then_sent()))
            || (self.is_told_its_date() && self.closes_a_name() && (owns(&word) || years && named))
    }

    /// Whether the years are the plan's own, or hold it.
    fn is_of_the_plan(&self, term: &Term) -> bool {
        let Body::Spans { windows, .. } = &term.body else {
            return true;
        };
        let plan_year = self.cursor.plan_year;
        windows.iter().any(|span| {
            let (first, last) = (span.first_year, span.last_year);
            (first.number(plan_year)..=last.number(plan_year)).contains(&plan_year)
        })
    }

    /// "Trước ngày 05/12 hằng năm, trình kế hoạch đầu tư công năm sau": the limit stands in front, and what is due by
    /// then is of another year.
    fn is_told_behind_a_comma(&self) -> bool {
        let mut comma = false;
        for item in self.items.iter().rev() {
            match item {
                Item::Words(_) => {}
                Item::Soft(_) => comma = true,
                Item::Hard(_) => return false,
                Item::Term(term) => {
                    let limit = matches!(term.bound, Bound::By | Bound::Before);
                    let day = matches!(term.body, Body::Days(_) | Body::DayOfEach(..));
                    let closed = self.closes_a_name() || self.cursor.kind(0) == Some(Kind::Word);
                    return comma && limit && day && closed;
                }
            }
        }
        false
    }

    /// The words since the last expression of time, comma or full stop.
    fn words_before(&self) -> Vec<Token> {
        let words = self.items.iter().rev().map_while(|item| match item {
            Item::Words(at) => Some(self.cursor.tokens[*at]),
            _ => None,
        });
        words.collect()
    }

    /// "Kế hoạch năm 2020 của đơn vị": a deadline belongs to nobody.
    fn is_of_somebody(&self) -> bool {
        self.cursor.is(0, Key::Of) && !self.cursor.time_follows(1)
    }

    /// "Kế hoạch năm 2020, gửi Sở Nội vụ trước ngày 15/02": what is sent by a day is ready by then.
    fn is_then_sent(&self) -> bool {
        let joint = self.cursor.is_mark(0, &[',']) || self.cursor.is(0, Key::And);
        let sent = ["gửi", "gửi về", "nộp", "trình"]
            .iter()
            .any(|verb| self.cursor.is_word(1, verb));
        let mut ahead = Cursor {
            at: self.cursor.at + 1,
            ..self.cursor
        };
        let limited = std::iter::from_fn(|| {
            ahead.at += 1;
            ahead.kind(0)
        })
        .take_while(|kind| !matches!(kind, Kind::Mark(';' | ',')))
        .any(|kind| matches!(kind, Kind::Key(Key::Before | Key::Latest | Key::Until)));
        joint && sent && limited
    }

    /// Whether the clause has its date already, in front of the name.
    fn is_told_its_date(&self) -> bool {
        let before = self
            .items
            .iter()
            .rev()
            .find(|item| !matches!(item, Item::Words(_)));
        let dated = |term: &Term| {
            term.bound != Bound::From
                && matches!(
                    term.body,
                    Body::Days(_)
                        | Body::DaySpan(..)
                        | Body::Spans { .. }
                        | Body::EdgeOf(..)
                        | Body::DayOfEach(..)
                )
        };
        matches!(before, Some(Item::Term(term)) if dated(term))
    }

    /// Whether nothing follows that the period could be the deadline of.
    fn closes_a_name(&self) -> bool {
        matches!(
            self.cursor.kind(0),
            None | Some(Kind::Mark(',' | ';' | '.' | ')' | '(') | Kind::Key(Key::And | Key::Of))
        ) || self.cursor.peek(0).is_some_and(|token| token.new_line)
    }
}

fn owns(token: &Token) -> bool {
    OWNERS.iter().any(|owner| token.kind == Kind::Key(*owner))
}
