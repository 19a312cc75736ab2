//! What stands beside a deadline and says it again, or says what it is: "(18 tháng Giêng năm Ất Tỵ)", "hạn cuối nộp lệ
//! phí là", "sau đợt 1", and the figures that are only counted from one day to another.

use super::guards::has_own_year;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, Scan};
use super::term::{Body, Bound};
use super::terms::is_range;

/// How many words a name beside a deadline may have.
const LONGEST_NAME: usize = 12;

/// The years of the lunar calendar: one of these before one of those.
const STEMS: &[&str] = &[
    "giáp", "ất", "bính", "đinh", "mậu", "kỷ", "canh", "tân", "nhâm", "quý",
];
const BRANCHES: &[&str] = &[
    "tý", "sửu", "dần", "mão", "thìn", "tỵ", "ngọ", "mùi", "thân", "dậu", "tuất", "hợi",
];

impl Scan<'_> {
    /// "Các số liệu giai đoạn 2016 - 2021 tính từ tháng 9/2016 đến …", "Kỳ báo cáo 6 tháng: từ ngày 15/12/2020 đến …":
    /// what is counted, to the end of the sentence.
    pub fn figures(&mut self) -> bool {
        let cursor = &self.cursor;
        let start = cursor.at;
        let figures = cursor.is_word(0, "số") && cursor.is_word(1, "liệu");
        let period = cursor.is_word(0, "kỳ báo cáo") && self.items.is_empty();
        if !(figures || period) {
            return false;
        }
        let counted = |ahead: usize| {
            let from = ["từ", "tính từ"]
                .iter()
                .any(|word| cursor.is_word(ahead, word));
            let verb = ["tính", "lấy", "chốt"]
                .iter()
                .any(|word| cursor.is_word(ahead - 1, word));
            from && (period || verb || cursor.is_word(ahead, "tính từ"))
        };
        let bounded = (1..LONGEST_NAME)
            .take_while(|ahead| {
                !cursor.is_mark(*ahead, &[',', ';', '(', ')'])
                    && !cursor.is_any(*ahead, &[Key::Before, Key::Latest, Key::Until])
            })
            .any(counted);
        if !bounded {
            return false;
        }
        while self.cursor.peek(0).is_some() && !self.cursor.is_mark(0, &[';', ')']) {
            let deadline = [
                Key::Filler,
                Key::Finish,
                Key::Latest,
                Key::Before,
                Key::Report,
            ];
            if self.cursor.is_mark(0, &[',']) && self.cursor.is_any(1, &deadline) {
                break;
            }
            self.cursor.at += 1;
        }
        self.words(start, self.cursor.at);
        true
    }

    /// "(từ ngày 16 đến hết ngày 18 tháng Giêng năm Ất Tỵ)", ", tức ngày 10 tháng 3 âm lịch": a day that was just
    /// written with its year, in the other calendar.
    pub fn lunar(&mut self) -> bool {
        let mut cursor = self.cursor;
        let Some(Item::Term(term)) = self.items.last_mut() else {
            return false;
        };
        let solar = matches!(
            term.body,
            Body::Days(_) | Body::DaySpan(..) | Body::FromTo(..)
        );
        if !solar || !has_own_year(&term.body) || term.to != cursor.at {
            return false;
        }
        let opened = cursor.eat_mark(&['(']);
        if !opened {
            cursor.eat_mark(&[',']);
        }
        let said = cursor.is_word(0, "tức") || cursor.is_word(0, "nhằm");
        if !(opened || said) {
            return false;
        }
        let (mut marked, mut numbered) = (false, false);
        while let Some(kind) = cursor.kind(0) {
            let word = |words: &[&str]| words.iter().any(|word| cursor.is_word(0, word));
            let follows = |words: &[&str]| words.iter().any(|word| cursor.is_word(1, word));
            let width = if word(STEMS) && follows(BRANCHES) {
                marked = true;
                2
            } else {
                match kind {
                    Kind::Key(Key::Foreign) => {
                        marked = true;
                        1
                    }
                    Kind::Number { digits, .. } => {
                        numbered |= digits <= 2;
                        1
                    }
                    Kind::Mark('/' | '-')
                    | Kind::Key(
                        Key::Day
                        | Key::Month
                        | Key::Year
                        | Key::From
                        | Key::Until
                        | Key::Is
                        | Key::Numeral(_),
                    ) => 1,
                    Kind::Word if word(&["tức", "nhằm"]) => 1,
                    _ => break,
                }
            };
            cursor.at += width;
        }
        let closed = if opened {
            cursor.eat_mark(&[')'])
        } else {
            cursor.ends_here() || cursor.is_mark(0, &[','])
        };
        if !(closed && marked && numbered) {
            return false;
        }
        term.to = cursor.at;
        self.cursor.at = cursor.at;
        true
    }

    /// "Hạn cuối nộp lệ phí là" before a date, "là hạn cuối" behind one.
    pub fn named_limit(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let noun = ["hạn cuối", "hạn chót", "hạn cuối cùng"]
            .iter()
            .any(|word| self.cursor.is_word(0, word));
        if !noun {
            return Ok(false);
        }
        if self.closes_a_date() {
            self.words(start, start + 1);
            self.cursor.at += 1;
            return Ok(true);
        }
        let mut cursor = self.cursor;
        cursor.at += 1;
        while cursor.at < start + LONGEST_NAME
            && matches!(
                cursor.kind(0),
                Some(
                    Kind::Word
                        | Kind::Key(
                            Key::Document
                                | Key::Report
                                | Key::Issue
                                | Key::Issuer
                                | Key::Filler
                                | Key::Idiom
                                | Key::Of
                                | Key::Number
                                | Key::Finish
                        )
                )
            )
        {
            cursor.at += 1;
        }
        let named = cursor.at > start + 1 && cursor.is_word(0, "là");
        let end = cursor.at + 1;
        cursor.at = end;
        let dated = |body: &Body| {
            matches!(
                body,
                Body::Days(_) | Body::Spans { .. } | Body::Count { .. }
            )
        };
        if !(named
            && cursor
                .dated()?
                .is_some_and(|(prefix, body)| prefix.bound <= Bound::Before && dated(&body)))
        {
            return Ok(false);
        }
        self.words(start, end);
        self.cursor.at = end;
        Ok(true)
    }

    /// Whether "là" and, before it, a bare day stand in front of this word, and no other time behind it.
    fn closes_a_date(&self) -> bool {
        let [.., Item::Term(day), Item::Words(at)] = &self.items[..] else {
            return false;
        };
        let is = super::cursor::Cursor {
            at: *at,
            ..self.cursor
        };
        day.bound == Bound::Bare
            && matches!(day.body, Body::Days(_))
            && is.is_word(0, "là")
            && at + 1 == self.cursor.at
            && matches!(
                self.cursor.kind(1),
                None | Some(
                    Kind::Word | Kind::Key(Key::Filler) | Kind::Mark(';' | '.' | ',' | ')')
                )
            )
    }

    /// "tiêm bổ sung sau đợt 1 từ 23-1-2018 đến hết tháng 6-2018": the stretch cannot be that of the round, because
    /// the round has been given its own.
    pub fn after_round(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let Some(round) = self
            .cursor
            .numeral(2)
            .filter(|_| self.cursor.is(0, Key::After) && self.cursor.is_word(1, "đợt"))
        else {
            return Ok(false);
        };
        let mut cursor = self.cursor;
        cursor.at += 3;
        let stretch =
            cursor.is(0, Key::From) && cursor.dated()?.is_some_and(|(_, body)| is_range(&body));
        let given = self.items.windows(3).rev().take(LONGEST_NAME).any(|items| {
            let [Item::Words(noun), Item::Words(_), Item::Term(term)] = items else {
                return false;
            };
            let place = super::cursor::Cursor {
                at: *noun,
                ..self.cursor
            };
            place.is_word(0, "đợt") && place.numeral(1) == Some(round) && is_range(&term.body)
        });
        if !(stretch && given) {
            return Ok(false);
        }
        self.words(start, start + 3);
        self.cursor.at += 3;
        Ok(true)
    }
}
