//! Names and remarks that carry a date or number of their own, which is not the deadline: "Ngày Chuyển đổi số quốc gia
//! 10/10", "năm học 2024 - 2025", "(thời hạn cũ: 30/9)", "theo Luật … năm 2018", "20/24 tiêu chí".

use super::cursor::{Cursor, Parsed};
use super::guards::Name;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, Scan};
use super::term::{Body, Bound, Term, Year};

/// So many tokens a parenthesis about figures has at most.
const LONGEST_FIGURES: usize = 16;

impl Scan<'_> {
    /// "(thời hạn cũ: 30/9/2026)", "chốt số liệu từ ngày … đến ngày …": to the end of the parenthesis or sentence, or to
    /// where after a comma it is said by when something is sent.
    pub fn aside(&mut self) -> bool {
        let start = self.cursor.at;
        let opened = usize::from(self.cursor.is_mark(0, &['(']));
        let is_aside = self.cursor.is(opened, Key::Aside);
        if !is_aside && !self.describes_figures() && !self.says_it_again() {
            return false;
        }
        let close: &[char] = if opened == 1 { &[')'] } else { &[';', ')'] };
        self.cursor.at += 1 + opened;
        while self.cursor.peek(0).is_some() && !self.cursor.is_mark(0, close) {
            if opened == 0 && self.sends_behind_a_comma() {
                break;
            }
            self.cursor.at += 1;
        }
        self.cursor.at += usize::from(opened == 1 && self.cursor.peek(0).is_some());
        self.words(start, self.cursor.at);
        true
    }

    /// "vào ngày 12/02/2019 (tức ngày 08 Tết âm lịch)": behind a whole date, the same day by another calendar.
    fn says_it_again(&self) -> bool {
        let other = self.cursor.is_mark(0, &['(']) && self.cursor.is_word(1, "tức");
        let is_whole = |term: &Term| match &term.body {
            Body::Days(days) => days.iter().all(|day| matches!(day.year, Year::Number(_))),
            _ => false,
        };
        other && matches!(self.items.last(), Some(Item::Term(term)) if is_whole(term))
    }

    /// "trước ngày 31/7 (số liệu 6 tháng đầu năm)": behind a date, which figures are meant.
    fn describes_figures(&self) -> bool {
        let figures = self.cursor.is_mark(0, &['('])
            && self.cursor.is_word(1, "số")
            && self.cursor.is_word(2, "liệu");
        let dated = matches!(self.items.last(), Some(Item::Term(term)) if matches!(term.body, Body::Days(_)));
        let limits = [Key::Before, Key::Latest, Key::Deadline, Key::Until];
        figures
            && dated
            && (3..LONGEST_FIGURES)
                .take_while(|ahead| !self.cursor.is_mark(*ahead, &[')']))
                .all(|ahead| {
                    self.cursor.peek(ahead).is_some() && !self.cursor.is_any(ahead, &limits)
                })
    }

    /// ", gửi báo cáo trước ngày 28 hàng tháng".
    fn sends_behind_a_comma(&self) -> bool {
        let sends = ["gửi", "gửi về", "nộp"]
            .iter()
            .any(|verb| self.cursor.is_word(1, verb));
        self.cursor.is_mark(0, &[','])
            && (sends || self.cursor.is_any(1, &[Key::Report, Key::Latest]))
    }

    /// "Trước lũ: tháng 4; sau lũ: tháng 12": which of two things, not when.
    pub fn heading(&mut self) -> bool {
        let at = self.cursor.at;
        if !self.cursor.is_any(0, &[Key::Before, Key::After]) {
            return false;
        }
        let words = (1..5)
            .take_while(|ahead| self.cursor.kind(*ahead) == Some(Kind::Word))
            .count();
        if words == 0 || !self.cursor.is_mark(words + 1, &[':']) {
            return false;
        }
        self.words(at, at + words + 1);
        self.cursor.at += words + 1;
        true
    }

    /// "Trước, trong và sau Tết": the sides of a feast or session, which itself is the event; in a parenthesis behind a
    /// date, nothing but the occasion.
    pub fn around(&mut self) -> bool {
        let start = self.cursor.at;
        let mut cursor = self.cursor;
        if !cursor.sides() || !cursor.is(0, Key::Session) {
            return false;
        }
        let occasion = matches!(
            &self.items[..],
            [.., Item::Term(_), Item::Words(at)] if cursor.tokens[*at].kind == Kind::Mark('(')
        );
        let close = (cursor.at..cursor.tokens.len())
            .take_while(|at| {
                matches!(
                    cursor.tokens[*at].kind,
                    Kind::Word | Kind::Key(Key::Session)
                )
            })
            .last()
            .map_or(cursor.at, |at| at + 1);
        cursor.at = if occasion
            && matches!(
                cursor.tokens.get(close).map(|token| token.kind),
                Some(Kind::Mark(')'))
            ) {
            close
        } else {
            cursor.at
        };
        self.words(start, cursor.at);
        self.cursor.at = cursor.at;
        true
    }

    /// "Ngày Pháp luật Việt Nam 09/11": a day with a name, and the date that everybody knows it by.
    pub fn named_day(&mut self) -> Result<bool, NotUnderstood> {
        let start = self.cursor.at;
        let name = self
            .cursor
            .peek(1)
            .is_some_and(|next| next.kind == Kind::Word && next.capital);
        if !self.cursor.is_any(0, &[Key::Day, Key::Month]) || !name {
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
        let capital = self.cursor.peek(0).is_some_and(|token| token.capital);
        let month = self.cursor.is(0, Key::Month);
        let closed = match cursor.kind(0) {
            None | Some(Kind::Mark(')' | ',' | ';' | '.')) => true,
            Some(Kind::Mark('(' | ':')) => month,
            _ => false,
        };
        if capital && closed {
            self.names.push((start, Name::Day));
            self.words(start, cursor.at);
            self.cursor.at = cursor.at;
            return Ok(true);
        }
        if month {
            return Ok(false);
        }
        let opened = cursor.eat_mark(&['(']);
        let known_by_day = |date: Body| match date {
            Body::Days(days) => capital || days.iter().all(|day| day.year == Year::Absent),
            _ => false,
        };
        if !(matches!(cursor.kind(0), Some(Kind::Number { .. }))
            && cursor.is_mark(1, &['/', '-'])
            && cursor.days(Bound::By)?.is_some_and(known_by_day))
        {
            return Ok(false);
        }
        if opened && !cursor.eat_mark(&[')']) {
            return Ok(false);
        }
        if !opened && self.is_the_day_itself(&cursor) {
            return Ok(false);
        }
        self.cursor.at = cursor.at;
        self.names.push((start, Name::Day));
        self.words(start, self.cursor.at);
        Ok(true)
    }

    /// "Ngày Chuyển đổi số quốc gia 10/10/2024" and nothing else: a day of one year, by its name and its date.
    fn is_the_day_itself(&mut self, after: &Cursor) -> bool {
        let alone = matches!(self.items.last(), None | Some(Item::Hard(_)));
        let dated = after.at.checked_sub(5).map(|at| Cursor { at, ..*after });
        let date = dated.filter(|date| date.four_digits(4).is_some());
        let ends = matches!(after.kind(0), None | Some(Kind::Mark(';' | '.')));
        let Some(date) = date.filter(|_| alone && ends) else {
            return false;
        };
        self.words(self.cursor.at, date.at);
        self.cursor.at = date.at;
        true
    }

    /// "năm học 2024 - 2025", "học kỳ I".
    pub fn school(&mut self) -> bool {
        let start = self.cursor.at;
        while self.cursor.eat(Key::School) {
            let range = self.cursor.four_digits(0).is_some()
                && self.cursor.is_mark(1, &['-', '/'])
                && self.cursor.four_digits(2).is_some();
            let one = (self.cursor.numeral(0).is_some() || self.cursor.four_digits(0).is_some())
                && !self.cursor.is_mark(1, &['/', '.', '-']);
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
}

impl Cursor<'_> {
    /// "trước, trong và sau": steps over at least two of them.
    pub fn sides(&mut self) -> bool {
        let start = self.at;
        let sides = [Key::Before, Key::In, Key::After];
        let mut count = 0;
        while self.eat_any(&sides) {
            count += 1;
            let joint = self.is_mark(0, &[',', '/']) || self.is(0, Key::And);
            let ahead = 1 + usize::from(self.is_mark(0, &[',']) && self.is(1, Key::And));
            if !(joint && self.is_any(ahead, &sides)) {
                break;
            }
            self.at += ahead;
        }
        let after = self.at > start && self.tokens[self.at - 1].kind == Kind::Key(Key::After);
        if count < 2 || !after {
            self.at = start;
            return false;
        }
        true
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
            .any(|word| duty.is_word(0, word))
            || (ends && !self.is_mark(3, &['/', '-', '.']) && self.explains_always());
        let width = match (hours, self.small(2)) {
            (true, Some(24)) if hour => 4,
            (true, Some(24)) if ends => 3,
            (true, Some(7)) if duty => 3,
            _ => return false,
        };
        self.at += width;
        true
    }

    /// Whether "thường xuyên", or that and an open parenthesis, stands before this place.
    fn explains_always(&self) -> bool {
        let before = |back: usize| {
            let at = self.at.checked_sub(back)?;
            self.tokens.get(at).map(|token| token.kind)
        };
        let always = |kind| matches!(kind, Some(Kind::Key(Key::Continuous | Key::Daily)));
        always(before(1)) || (matches!(before(1), Some(Kind::Mark('(' | ','))) && always(before(2)))
    }

    /// "trừ tháng 6 và tháng 12", "riêng quý IV".
    pub fn exception(&mut self) -> Parsed<Body> {
        let start = self.at;
        let except = self.is(0, Key::Except);
        self.at += 1;
        self.skip(&[Key::Report, Key::Of]);
        if let Some(spans) = self.periods_by_place()? {
            return Ok(Some(if except {
                Body::Except(spans)
            } else {
                Body::Apart(spans)
            }));
        }
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
