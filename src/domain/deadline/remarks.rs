//! Remarks beside a deadline: the date it replaces ("thay cho quý I/2020"), and how much is to be done in each period
//! ("tối thiểu 02 tin, bài/tháng"), or in all.

use super::cursor::Cursor;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, Scan};
use super::term::{Body, Bound};

/// What is said of a date that holds no more.
const REPLACED: &[&[&str]] = &[&["thay", "cho"], &["thay", "thế"], &["thay", "thế", "cho"]];

/// The same where nothing stands in front: "hệ thống cũ: quý II" is none.
const FORMER: &[&[&str]] = &[
    &["trước đây"],
    &["trước đây", "là"],
    &["ban đầu"],
    &["ban đầu", "là"],
    &["cũ"],
    &["cũ", "là"],
];

/// What is done to a date by the one who moves it.
const MOVED: &[&[&str]] = &[&["điều", "chỉnh"], &["lùi"], &["dời"], &["chuyển"]];

pub(super) const PERIODS: &[Key] = &[Key::Day, Key::Week, Key::Month, Key::Quarter, Key::Year];

/// The longest quota that is looked for.
const LONGEST_QUOTA: usize = 20;

impl<'a> Scan<'a> {
    /// "(điều chỉnh, thay cho quý I/2020)", "(trước đây là tháng 6)", "(lùi từ quý I)": the date before it was moved.
    pub fn superseded(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let opens = self
            .cursor
            .previous()
            .is_none_or(|token| matches!(token.kind, Kind::Mark(_)));
        let former = FORMER.iter().filter(|_| opens);
        for phrase in REPLACED.iter().chain(former) {
            let mut cursor = self.cursor;
            if !cursor.eat_words(phrase) {
                continue;
            }
            cursor.eat_mark(&[':']);
            if cursor.is_word(0, "mốc") {
                cursor.at += 1;
            }
            let dated = cursor.dated()?.map(|(_, body)| body);
            if dated.is_some_and(|body| is_a_date(&body)) {
                self.leave_out(start, cursor);
                return Ok(true);
            }
        }
        for phrase in MOVED {
            let mut cursor = self.cursor;
            if !cursor.eat_words(phrase) {
                continue;
            }
            let moved = cursor
                .dated()?
                .is_some_and(|(prefix, body)| prefix.bound == Bound::From && is_a_date(&body));
            if cursor.is_word(0, "sang") {
                cursor.at += 1;
            }
            if moved && cursor.ends_here() && self.is_told() {
                self.leave_out(start, cursor);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes the remark from `start` to `end` part of the expression it touches, or else plain words.
    fn leave_out(&mut self, start: usize, end: Cursor<'a>) {
        self.cursor.at = end.at;
        let opened = matches!(
            self.items.last(),
            Some(Item::Words(at)) if end.tokens[*at].kind == Kind::Mark('(')
        );
        let before = self.items.len().checked_sub(1 + usize::from(opened));
        if let Some(Item::Term(term)) = before.and_then(|at| self.items.get_mut(at)) {
            self.cursor.at += usize::from(opened && end.is_mark(0, &[')']));
            term.to = self.cursor.at;
            self.items.truncate(self.items.len() - usize::from(opened));
        } else {
            self.words(start, end.at);
        }
    }

    /// Whether an expression of time stands in this sentence already.
    fn is_told(&self) -> bool {
        let sentence = self.items.iter().rev();
        sentence
            .take_while(|item| !matches!(item, Item::Hard(_)))
            .any(|item| matches!(item, Item::Term(_)))
    }

    /// "(tối thiểu 02 tin, bài/tháng)" behind "thường xuyên": how much, not when.
    pub fn quota(&mut self) -> bool {
        let start = self.cursor.at;
        let always =
            matches!(self.items.last(), Some(Item::Term(term)) if term.body == Body::Continuous);
        let opened = self.cursor.is_mark(0, &['(']);
        if !(always && (opened || self.cursor.is_mark(0, &[',']))) {
            return false;
        }
        let mut cursor = self.cursor;
        let (mut counted, mut rated) = (false, false);
        cursor.at += 1;
        while cursor.at < start + LONGEST_QUOTA {
            let per = cursor.is_mark(0, &['/']) && cursor.is_any(1, PERIODS);
            let each = cursor.is(0, Key::Every) && cursor.is_any(1, PERIODS);
            match cursor.kind(0) {
                Some(Kind::Key(_)) if each => {
                    rated = true;
                    cursor.at += 1;
                }
                Some(Kind::Mark('/')) if per && counted => {
                    rated = true;
                    cursor.at += 1;
                }
                Some(Kind::Number { .. }) if !cursor.is_mark(1, &['/', '-', '.']) => counted = true,
                Some(
                    Kind::Word
                    | Kind::Mark(',' | '%')
                    | Kind::Key(
                        Key::Filler
                        | Key::From
                        | Key::Latest
                        | Key::Counted
                        | Key::Document
                        | Key::Report
                        | Key::Idiom
                        | Key::Of
                        | Key::Manner
                        | Key::About,
                    ),
                ) => {}
                _ => break,
            }
            cursor.at += 1;
        }
        let closed = if opened {
            cursor.eat_mark(&[')'])
        } else {
            cursor.ends_here()
        };
        if !(counted && rated && closed) {
            return false;
        }
        self.step_over(cursor.at)
    }
}

impl Cursor<'_> {
    /// Steps over these words, if all of them stand here.
    pub fn eat_words(&mut self, words: &[&str]) -> bool {
        let there = words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.is_word(ahead, word));
        self.at += if there { words.len() } else { 0 };
        there
    }
}

pub(super) fn is_a_date(body: &Body) -> bool {
    matches!(
        body,
        Body::Days(_) | Body::DaySpan(..) | Body::Spans { .. } | Body::EdgeOf(..)
    )
}
