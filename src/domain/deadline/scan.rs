//! Tokens -> items: expressions of time, separators, and plain words.
//!
//! The guard of the whole grammar stands here: a number or a word of time that no rule accounts for stops the cell.

use super::cursor::Cursor;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, Bound, Term};

/// A stretch of the cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// An expression of time.
    Term(Term),
    /// One token of plain words.
    Words(usize),
    /// A comma or "và".
    Soft(usize),
    /// A semicolon, full stop, or bullet.
    Hard(usize),
}

/// The items of a cell.
pub(super) fn items(text: &str, tokens: &[Token]) -> Result<Vec<Item>, NotUnderstood> {
    let mut scan = Scan {
        cursor: Cursor {
            text,
            tokens,
            at: 0,
        },
        items: Vec::new(),
        cited: false,
    };
    while scan.cursor.at < tokens.len() {
        scan.step()?;
    }
    Ok(scan.items)
}

struct Scan<'a> {
    cursor: Cursor<'a>,
    items: Vec<Item>,
    /// The number of a document stood in this clause: a bare date after it is the document's.
    cited: bool,
}

impl Scan<'_> {
    fn step(&mut self) -> Result<(), NotUnderstood> {
        if self.bullet() || self.separator() || self.citation()? || self.counted_words() {
            return Ok(());
        }
        if self.cursor.is(0, Key::AsOf) {
            let from = self.cursor.at;
            self.cursor.at += 1;
            self.cursor.term()?;
            self.words(from, self.cursor.at);
            return Ok(());
        }
        self.line_end();
        if let Some(term) = self.cursor.term()? {
            let owned = self.cited
                && term.bound == Bound::Bare
                && matches!(term.body, Body::Days(_) | Body::Spans { .. });
            if owned {
                self.words(term.from, term.to);
            } else {
                self.items.push(Item::Term(term));
            }
            return Ok(());
        }
        if self.cursor.harmless_number() {
            self.words(self.cursor.at, self.cursor.at + 1);
            self.cursor.at += 1;
            return Ok(());
        }
        self.plain_word()
    }

    fn words(&mut self, from: usize, to: usize) {
        self.items.extend((from..to).map(Item::Words));
    }

    /// "1.", "a)", "-", "•", "+" where a line or the cell begins, or "-" after an expression of time.
    fn bullet(&mut self) -> bool {
        let cursor = &mut self.cursor;
        let start = cursor.at;
        let Some(token) = cursor.peek(0) else {
            return false;
        };
        let spaced = cursor.peek(1).is_none_or(|next| next.gap);
        let after_term = matches!(self.items.last(), Some(Item::Term(_)))
            || (cursor.at > 0
                && matches!(
                    cursor.tokens[cursor.at - 1].kind,
                    Kind::Mark(')' | ';' | '.' | ',')
                ));
        let width = match token.kind {
            Kind::Mark('•') => 1,
            Kind::Mark('-' | '+' | '–') if token.new_line => 1,
            Kind::Mark('-') if after_term && (token.gap || spaced) => 1,
            Kind::Number { digits: 1 | 2, .. } | Kind::Word
                if token.new_line && cursor.is_mark(1, &[')']) && token.end - token.start <= 2 =>
            {
                2
            }
            Kind::Number { digits: 1 | 2, .. }
                if token.new_line
                    && cursor.is_mark(1, &['.'])
                    && cursor.peek(2).is_some_and(|next| next.gap) =>
            {
                2
            }
            Kind::Mark('(')
                if token.new_line
                    && matches!(cursor.kind(1), Some(Kind::Number { digits: 1, .. }))
                    && cursor.is_mark(2, &[')']) =>
            {
                3
            }
            _ => return false,
        };
        cursor.at += width;
        self.hard(start);
        true
    }

    fn hard(&mut self, at: usize) {
        self.items.push(Item::Hard(at));
        self.cited = false;
    }

    /// ";", a full stop, ",", "và", or a mark that means nothing here.
    fn separator(&mut self) -> bool {
        let at = self.cursor.at;
        let Some(token) = self.cursor.peek(0) else {
            return false;
        };
        match token.kind {
            Kind::Mark(';') => self.hard(at),
            Kind::Mark('.')
                if self.cursor.peek(1).is_none_or(|next| {
                    next.gap && (next.capital || matches!(next.kind, Kind::Mark('-' | '•')))
                }) =>
            {
                self.hard(at);
            }
            Kind::Mark(',' | '&') | Kind::Key(Key::And) if self.inside_a_name() => {
                self.items.push(Item::Words(at));
            }
            Kind::Mark(',' | '&') | Kind::Key(Key::And) => {
                self.items.push(Item::Soft(at));
                self.cited = false;
            }
            Kind::Mark(_) => self.items.push(Item::Words(at)),
            _ => return false,
        }
        self.cursor.at += 1;
        true
    }

    /// "Bộ Khoa học và Công nghệ", "Sở Văn hóa, Thể thao và Du lịch".
    fn inside_a_name(&self) -> bool {
        let name = self
            .cursor
            .peek(1)
            .is_some_and(|next| next.capital && next.kind == Kind::Word);
        name && matches!(self.items.last(), Some(Item::Words(at)) if !matches!(self.cursor.tokens[*at].kind, Kind::Mark(_)))
    }

    /// A new line that begins with a capital after an expression of time begins a new clause.
    fn line_end(&mut self) {
        let at = self.cursor.at;
        let begins = at > 0 && self.cursor.tokens[at].new_line && self.cursor.tokens[at].capital;
        if begins && matches!(self.items.last(), Some(Item::Term(_))) {
            self.hard(at);
        }
    }

    /// "Quyết định số 2922/QĐ-UBND ngày 27/9/2018", "Đề án 06", "mức độ 3, 4": numbers that name something, with their date.
    fn citation(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let head = match self.cursor.kind(0) {
            Some(Kind::Code) => true,
            Some(Kind::Key(Key::Number | Key::Counted | Key::Document)) => false,
            _ => return Ok(false),
        };
        let document = !self.cursor.is(0, Key::Counted);
        self.cursor.at += 1;
        if !head {
            self.cursor.eat_mark(&[':']);
            self.cursor.eat(Key::Number);
            self.cursor.eat_mark(&[':']);
        }
        let numbered = head || self.numbers(document);
        if !numbered {
            self.cursor.at = start;
            return Ok(false);
        }
        self.cited |= document;
        let before = self.cursor.at;
        self.cursor.eat_mark(&[',', '(']);
        if document && self.cursor.is(0, Key::Day) && self.cursor.small(1).is_some() {
            self.cursor.days(Bound::Bare)?;
        } else {
            self.cursor.at = before;
        }
        self.words(start, self.cursor.at);
        Ok(true)
    }

    /// The number after "số", "Đề án", "mức độ": one, or a list.
    fn numbers(&mut self, document: bool) -> bool {
        let cursor = &mut self.cursor;
        let first = match cursor.kind(0) {
            Some(Kind::Code) => true,
            Some(Kind::Number { digits, .. }) => {
                let dated = cursor.is_mark(1, &['/', '-', '.'])
                    && cursor.tight(2)
                    && matches!(cursor.kind(2), Some(Kind::Number { .. }));
                let time = matches!(
                    cursor.kind(1),
                    Some(Kind::Key(
                        Key::Day
                            | Key::WorkingDay
                            | Key::Month
                            | Key::Year
                            | Key::Quarter
                            | Key::Week
                    ))
                );
                !(document
                    && digits == 4
                    && cursor.four_digits(0).is_some()
                    && cursor.tokens[cursor.at - 1].kind != Kind::Key(Key::Number))
                    && (!dated || !document)
                    && (!time || cursor.is(1, Key::Day) && cursor.small(2).is_some())
            }
            Some(Kind::Roman(_)) => true,
            _ => false,
        };
        if !first {
            return false;
        }
        cursor.at += 1;
        while !document {
            let decimal = cursor.is_mark(0, &['.', '-', ','])
                && matches!(cursor.kind(1), Some(Kind::Number { .. } | Kind::Roman(_)));
            let joined = cursor.is(0, Key::And)
                && matches!(cursor.kind(1), Some(Kind::Number { .. } | Kind::Roman(_)));
            let date = cursor.is_mark(2, &['/', '-'])
                || cursor.is_any(
                    2,
                    &[
                        Key::Month,
                        Key::Quarter,
                        Key::Day,
                        Key::Year,
                        Key::WorkingDay,
                    ],
                );
            if !(decimal || joined) || date {
                break;
            }
            cursor.at += 2;
        }
        true
    }

    /// "5 năm thực hiện", "giai đoạn 2": how long or which, not when.
    fn counted_words(&mut self) -> bool {
        let cursor = &self.cursor;
        let anniversary = cursor.small(0).is_some()
            && cursor.is_any(1, &[Key::Year, Key::Month])
            && (cursor.is_any(2, &[Key::Anniversary, Key::Manner]));
        let phase = cursor.is(0, Key::Stage)
            && matches!(
                cursor.kind(1),
                Some(Kind::Number { digits: 1, .. } | Kind::Roman(_))
            );
        let width = match (anniversary, phase) {
            (true, _) => 3,
            (_, true) => 2,
            _ => return false,
        };
        self.words(self.cursor.at, self.cursor.at + width);
        self.cursor.at += width;
        true
    }

    /// One word that is no expression of time; refused if it should have been one.
    fn plain_word(&mut self) -> Result<(), NotUnderstood> {
        let at = self.cursor.at;
        match self.cursor.tokens[at].kind {
            Kind::Number { .. } => {
                return self.cursor.refuse(at, "a number that belongs to no date");
            }
            Kind::Key(
                Key::Day
                | Key::WorkingDay
                | Key::Week
                | Key::Month
                | Key::Quarter
                | Key::Year
                | Key::WholeYear,
            ) => {
                return self.cursor.refuse(at, "a unit of time without its number");
            }
            Kind::Key(Key::Before | Key::After | Key::Latest) => {
                return self.cursor.refuse(at, "a limit without its date");
            }
            Kind::Key(Key::Every) if self.cursor.time_follows(1) => {
                return self.cursor.refuse(at, "a recurrence that is not known");
            }
            _ => self.items.push(Item::Words(at)),
        }
        self.cursor.at += 1;
        Ok(())
    }
}

impl Cursor<'_> {
    /// Whether the number here counts or names something: "100%", "02 hội nghị", "PAR INDEX 2019".
    fn harmless_number(&self) -> bool {
        let Some(Kind::Number { digits, .. }) = self.kind(0) else {
            return false;
        };
        let previous = self.previous().map(|token| token.kind);
        let limit = matches!(
            previous,
            Some(Kind::Key(
                Key::Before
                    | Key::After
                    | Key::Latest
                    | Key::Day
                    | Key::Month
                    | Key::Quarter
                    | Key::Year
                    | Key::Stage
                    | Key::Every
                    | Key::From
            ))
        );
        let percent =
            self.is_mark(1, &['%']) || (self.is_mark(1, &['.', ',']) && self.is_mark(3, &['%']));
        let hyphened = self.at >= 2 && self.is_hyphened();
        let year_of_a_name = digits == 4
            && matches!(
                previous,
                Some(
                    Kind::Word
                        | Kind::Code
                        | Kind::Key(Key::Document | Key::Idiom | Key::Own | Key::Report)
                )
            );
        let counts = matches!(
            self.kind(1),
            Some(
                Kind::Word
                    | Kind::Key(
                        Key::Document
                            | Key::Report
                            | Key::Review
                            | Key::Idiom
                            | Key::Counted
                            | Key::Issue
                            | Key::Is
                            | Key::Session
                            | Key::Anniversary
                            | Key::Manner
                    )
            )
        );
        !limit && (percent || hyphened || year_of_a_name || (counts && digits != 4))
    }

    /// "COVID-19".
    fn is_hyphened(&self) -> bool {
        self.tight(0)
            && self.tokens[self.at - 1].kind == Kind::Mark('-')
            && !self.tokens[self.at - 1].gap
            && self.tokens[self.at - 2].kind == Kind::Word
    }
}
