//! Numbers and dates that name something instead of saying when: documents, levels, counts, percentages.

use super::cursor::Cursor;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, Scan};
use super::term::Bound;

/// Last words of what is done to a document that is there already: "sửa đổi", "thay thế", "bãi bỏ", "căn cứ".
const OLDER: &[&str] = &["đổi", "thế", "bỏ", "cứ"];

impl Scan<'_> {
    /// "Quyết định số 2922/QĐ-UBND ngày 27/9/2018", "Đề án 06", "mức độ 3, 4": numbers that name something, with their date.
    pub fn citation(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let head = match self.cursor.kind(0) {
            Some(Kind::Code) => true,
            Some(Kind::Key(Key::Number | Key::Counted | Key::Document | Key::Times)) => false,
            _ => return Ok(false),
        };
        let document = !self.cursor.is_any(0, &[Key::Counted, Key::Times]);
        self.cursor.at += 1;
        if !head {
            self.cursor.eat_mark(&[':']);
            self.cursor.eat(Key::Number);
            self.cursor.eat_mark(&[':']);
        }
        let numbered = head || self.numbers(document);
        if !numbered && self.dated_document()? {
            self.cited = true;
            self.words(start, self.cursor.at);
            return Ok(true);
        }
        if !numbered {
            self.cursor.at = start;
            self.cited |= document && self.minuted();
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

    /// "Kết luận tại cuộc họp ngày 15/9": the day of the meeting.
    fn minuted(&self) -> bool {
        let about = ["kết luận", "thông báo"]
            .iter()
            .any(|word| self.cursor.is_word(0, word));
        about
            && (1..6)
                .take_while(|ahead| !matches!(self.cursor.kind(*ahead), Some(Kind::Mark(_))))
                .any(|ahead| self.cursor.is_word(ahead, "họp"))
    }

    /// "ngày 15/9/2024 của HĐND tỉnh" behind "Nghị quyết": steps over the date, which is the document's.
    fn dated_document(&mut self) -> Result<bool, NotUnderstood> {
        let document = self
            .cursor
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::Document));
        let day = self.cursor.is(0, Key::Day) && self.cursor.small(1).is_some();
        if !(document && day) {
            return Ok(false);
        }
        let replaced = self.cursor.at.checked_sub(2).is_some_and(|at| {
            let before = Cursor { at, ..self.cursor };
            before.is(0, Key::By) || OLDER.iter().any(|word| before.is_word(0, word))
        });
        let dated = self.cursor.days(Bound::Bare)?.is_some();
        Ok(dated && (replaced || self.cursor.is(0, Key::Of)))
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
                let year = digits == 4
                    && cursor.four_digits(0).is_some()
                    && cursor.tokens[cursor.at - 1].kind != Kind::Key(Key::Number);
                let full = dated && cursor.four_digits(4).is_some();
                !full
                    && !(document && (year || dated))
                    && (!time
                        || cursor.is(1, Key::Day) && cursor.small(2).is_some()
                        || !document
                            && cursor.is_any(1, &[Key::Month, Key::Quarter])
                            && cursor.numeral(2).is_some())
            }
            Some(Kind::Roman(_)) => true,
            _ => false,
        };
        if !first {
            return false;
        }
        cursor.at += 1;
        loop {
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
            if document || !(decimal || joined) || date {
                break;
            }
            cursor.at += 2;
        }
        true
    }

    /// "5 năm thực hiện", "giai đoạn 2", "kỳ họp thứ 15", "kỳ họp cuối năm (tháng 12)": how long or which, not when.
    pub fn counted_words(&mut self) -> bool {
        let cursor = &self.cursor;
        let celebrated = matches!(cursor.kind(0), Some(Kind::Number { .. }))
            && cursor.is(1, Key::Year)
            && cursor
                .previous()
                .is_some_and(|token| token.kind == Kind::Key(Key::About));
        if celebrated {
            let width = 2 + usize::from(cursor.is(2, Key::Day) && cursor.small(3).is_none());
            self.words(cursor.at, cursor.at + width);
            self.cursor.at += width;
            self.cited = true;
            return true;
        }
        let anniversary = cursor.small(0).is_some()
            && cursor.is_any(1, &[Key::Year, Key::Month])
            && (cursor.is_any(2, &[Key::Anniversary, Key::Manner]));
        let reviewed = cursor.small(0).is_some_and(|years| years > 1)
            && cursor.is(1, Key::Year)
            && cursor
                .previous()
                .is_some_and(|token| token.kind == Kind::Key(Key::Review))
            && (cursor.is_any(2, &[Key::In, Key::Before, Key::Latest, Key::By])
                || matches!(cursor.kind(2), Some(Kind::Mark(_) | Kind::Word)));
        let phase = cursor.is(0, Key::Stage)
            && matches!(
                cursor.kind(1),
                Some(Kind::Number { digits: 1, .. } | Kind::Roman(_))
            );
        let years = cursor.numeral(0).is_some()
            && cursor.is(1, Key::Year)
            && cursor.is_mark(2, &['('])
            && cursor.four_digits(3).is_some()
            && cursor.is_mark(4, &['-']);
        let session = self.items.last().is_some_and(|item| {
            matches!(item, Item::Words(at) if cursor.tokens[*at].kind == Kind::Key(Key::Session))
        }) && cursor.is(0, Key::Nth)
            && cursor.numeral(1).is_some();
        let named_session = matches!(self.items.last(), Some(Item::Words(at)) if cursor.tokens[*at].kind == Kind::Key(Key::Session))
            && cursor.is_any(0, &[Key::Middle, Key::Late])
            && cursor.is(1, Key::Year)
            && cursor.four_digits(2).is_none()
            && (2..10)
                .find(|ahead| {
                    !matches!(
                        cursor.kind(*ahead),
                        Some(Kind::Word | Kind::Key(Key::Issuer))
                    )
                })
                .is_some_and(|ahead| {
                    cursor.is_mark(ahead, &['(']) && cursor.time_follows(ahead + 1)
                });
        let width = match (
            anniversary,
            named_session || phase || session || years || reviewed,
        ) {
            (true, _) => 3,
            (_, true) => 2,
            _ => return false,
        };
        self.words(self.cursor.at, self.cursor.at + width);
        self.cursor.at += width;
        true
    }
}

impl Cursor<'_> {
    /// Whether the number here counts or names something: "100%", "02 hội nghị", "PAR INDEX 2019".
    pub fn harmless_number(&self) -> bool {
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
        let numbered = previous == Some(Kind::Word)
            && digits <= 2
            && self.is_mark(1, &[':'])
            && self.peek(2).is_some_and(|next| next.gap);
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
        let counts = counts || (self.is(1, Key::ReportPeriod) && self.kind(2) == Some(Kind::Word));
        let times = self.is(1, Key::Times)
            && matches!(self.kind(2), None | Some(Kind::Mark(')' | ':' | ';' | ',')));
        !limit
            && !self.ends_a_range()
            && (percent
                || numbered
                || times
                || hyphened
                || year_of_a_name
                || (counts && digits != 4))
    }

    /// "tháng 3-4": the second number of two that touch a dash.
    fn ends_a_range(&self) -> bool {
        self.at >= 2
            && self.tight(0)
            && matches!(
                self.tokens[self.at - 1],
                Token {
                    kind: Kind::Mark('-'),
                    gap: false,
                    ..
                }
            )
            && matches!(
                self.tokens[self.at - 2].kind,
                Kind::Number { digits: 1 | 2, .. }
            )
    }

    /// "COVID-19".
    fn is_hyphened(&self) -> bool {
        self.tight(0)
            && self.tokens[self.at - 1].kind == Kind::Mark('-')
            && !self.tokens[self.at - 1].gap
            && self.tokens[self.at - 2].kind == Kind::Word
    }
}
