//! Periods: "Quý III, IV/2020", "Tháng 11 - 12/2025", "6 tháng đầu năm", "giai đoạn 2026 - 2030", "cuối năm".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::order::merged;
use super::outcome::NotUnderstood;
use super::term::{Body, Bound, Scale, Span, Year};

/// What the numbers of a list count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Months,
    Quarters,
    Years,
}

impl Cursor<'_> {
    /// A period, a list of periods, or a range of periods.
    pub fn spans(&mut self, bound: Bound) -> Parsed<Body> {
        if let Some(span) = self.months_of_a_year()? {
            return Ok(Some(Body::Spans {
                windows: vec![span],
                each: vec![span],
            }));
        }
        let start = self.at;
        let Some(counted) = self.head(bound) else {
            self.at = start;
            return self.unnumbered_year(bound);
        };
        let each = self.elements(start, counted)?;
        if self.is_any(0, &[Key::Month, Key::Quarter])
            && counted != Counted::Years
            && self.numeral(1).is_none()
            && !self.is_any(1, &[Key::Early, Key::Late])
        {
            return self.refuse(start, "two units of time with one number");
        }
        if each.is_empty() {
            self.at = start;
            return Ok(None);
        }
        if self.is_mark(0, &['/']) {
            return self.refuse(start, "a stroke that neither a year nor a list explains");
        }
        let windows = merged(&each, self.plan_year);
        Ok(Some(Body::Spans { windows, each }))
    }

    /// The words before the first number: "quý", "các năm", "giai đoạn", or nothing where the number speaks for itself.
    fn head(&mut self, bound: Bound) -> Option<Counted> {
        self.eat(Key::Plural);
        if self.heads_its_number() {
            let counted = if self.is(0, Key::Month) {
                Counted::Months
            } else {
                Counted::Quarters
            };
            self.at += 2;
            return Some(counted);
        }
        if self.is(0, Key::Quarter) && self.numeral(1).is_some() {
            self.at += 1;
            return Some(Counted::Quarters);
        }
        if self.is(0, Key::Month) && self.numeral(1).is_some() {
            self.at += 1;
            return Some(Counted::Months);
        }
        if self.small(0).is_some() && self.is(1, Key::Year) && self.four_digits(2).is_some() {
            self.at += 2;
            return Some(Counted::Years);
        }
        if self.is_any(0, &[Key::Stage, Key::Year]) {
            let ahead = 1 + usize::from(self.is(0, Key::Stage) && self.is(1, Key::Year));
            if self.four_digits(ahead).is_some() {
                self.at += ahead;
                return Some(Counted::Years);
            }
            return None;
        }
        if let Some(counted) = self.abbreviation() {
            self.at += 1;
            self.eat_mark(&['.']);
            return Some(counted);
        }
        self.bare_head(bound)
    }

    /// "Q1/2020", "T12/2020": the letter counts only with a number and a year behind it.
    fn abbreviation(&self) -> Option<Counted> {
        let token = self.peek(0).filter(|token| token.kind == Kind::Word)?;
        let counted = match &self.text[token.start..token.end] {
            "Q" | "q" => Counted::Quarters,
            "T" | "t" => Counted::Months,
            _ => return None,
        };
        let number = 1 + usize::from(self.is_mark(1, &['.']));
        let roman = matches!(self.kind(number), Some(Kind::Roman(1..=4)));
        let spaced = counted == Counted::Quarters && token.capital && number == 2 && roman;
        let named = self.numeral(number).is_some() && self.tight(number);
        (named || spaced).then_some(counted)
    }

    /// "Quý: II", "Tháng: 10/2023": the unit is the heading of its number.
    fn heads_its_number(&self) -> bool {
        let opens = self.peek(0).is_some_and(|token| token.new_line)
            || matches!(
                self.previous().map(|token| token.kind),
                Some(Kind::Mark(';' | '-' | '•'))
            );
        self.is_any(0, &[Key::Quarter, Key::Month])
            && self.is_mark(1, &[':'])
            && opens
            && self.numeral(2).is_some()
            && self.stands_alone(3)
    }

    /// Numbers without a unit: "2026 - 2027", "12/2020", "I/2020", "III, IV/2020".
    fn bare_head(&self, bound: Bound) -> Option<Counted> {
        let after_words = matches!(
            self.previous().map(|token| token.kind),
            Some(
                Kind::Word
                    | Kind::Code
                    | Kind::Key(Key::Number | Key::Document | Key::Counted | Key::Idiom | Key::Own)
            )
        );
        if after_words && bound == Bound::Bare {
            return None;
        }
        if self.four_digits(0).is_some() {
            let range = self.is_mark(1, &['-']) && self.four_digits(2).is_some();
            let alone = match self.kind(1) {
                None | Some(Kind::Mark(',' | ';' | ')') | Kind::Key(Key::And | Key::Or)) => true,
                Some(Kind::Mark('.')) => !self.tight(2),
                _ => bound != Bound::Bare && !matches!(self.kind(1), Some(Kind::Mark(_))),
            };
            let fresh = self.at == 0
                || bound != Bound::Bare
                || matches!(
                    self.previous().map(|token| token.kind),
                    Some(Kind::Mark(',' | ';' | ':' | '(' | '-' | '•'))
                );
            return (range || (alone && fresh)).then_some(Counted::Years);
        }
        let year_at = |from: usize| {
            self.is_mark(from, &['/', '-', '.']) && self.four_digits(from + 1).is_some()
        };
        if self.small(0).is_some() && year_at(1) && !self.is_mark(3, &['/']) {
            return Some(Counted::Months);
        }
        let joined = self.is_mark(1, &['-']) || self.is(1, Key::Until);
        let led = bound != Bound::Bare
            || self.at == 0
            || !after_words
                && self
                    .previous()
                    .is_some_and(|token| matches!(token.kind, Kind::Mark(_)));
        if self.small(0).is_some() && joined && led {
            let numbers = self.small(2).is_some() && year_at(3) && !self.is_mark(5, &['/']);
            let unit = bound == Bound::From && self.is(2, Key::Month) && self.numeral(3).is_some();
            if numbers || unit {
                return Some(Counted::Months);
            }
        }
        let mut ahead = 0;
        while matches!(self.kind(ahead), Some(Kind::Roman(1..=4))) {
            if year_at(ahead + 1) && self.is_mark(ahead + 1, &['/', '-']) {
                return Some(Counted::Quarters);
            }
            if !(self.is_mark(ahead + 1, &[',', '-']) || self.is(ahead + 1, Key::And)) {
                return None;
            }
            ahead += 2;
        }
        None
    }

    /// "quý I, II và IV/2020", each on its own; refused where they are a stretch.
    pub fn list_of_quarters(&mut self, start: usize) -> Result<Vec<Span>, NotUnderstood> {
        self.eat(Key::Quarter);
        let each = self.elements(start, Counted::Quarters)?;
        let stretch = |span: &Span| span.last != span.first + 2;
        if each.is_empty() || each.iter().any(stretch) {
            return self.refuse(start, "a part of several quarters");
        }
        Ok(each)
    }

    /// The list or range after the head.
    fn elements(&mut self, start: usize, counted: Counted) -> Result<Vec<Span>, NotUnderstood> {
        let mut each: Vec<Span> = Vec::new();
        let mut range = false;
        loop {
            let before = self.at;
            if !each.is_empty() {
                let marks: &[char] = if counted == Counted::Years {
                    &[',']
                } else {
                    &[',', '&', '+']
                };
                let listed = self.eat_mark(marks) || self.eat(Key::And);
                range = !listed && (self.eat_mark(&['-']) || self.eat(Key::Until));
                if !(listed || range) {
                    break;
                }
                if range {
                    self.eat(Key::Until);
                }
                if listed && counted != Counted::Years {
                    self.eat(Key::In);
                }
                if !self.element_follows(counted) {
                    self.at = before;
                    break;
                }
            }
            let Some(span) = self.element(start, counted)? else {
                self.at = before;
                break;
            };
            match each.last_mut() {
                Some(open) if range => {
                    open.last = span.last;
                    open.last_year = span.last_year;
                }
                _ => each.push(span),
            }
        }
        self.settle_spans(start, &mut each)?;
        Ok(each)
    }

    /// Steps over a repeated unit and says whether another number of the same list follows.
    fn element_follows(&mut self, counted: Counted) -> bool {
        let unit = match counted {
            Counted::Months => Key::Month,
            Counted::Quarters => Key::Quarter,
            Counted::Years => Key::Year,
        };
        self.eat(Key::Plural);
        let named = self.eat(unit);
        if counted == Counted::Years {
            return self.four_digits(0).is_some();
        }
        if self.abbreviation() == Some(counted) {
            self.at += 1;
            self.eat_mark(&['.']);
            return true;
        }
        let plain_quarter = matches!(self.kind(0), Some(Kind::Roman(_)));
        self.numeral(0).is_some()
            && (named || plain_quarter && counted == Counted::Quarters || self.stands_alone(1))
    }

    /// One number and its year.
    pub fn element(&mut self, start: usize, counted: Counted) -> Parsed<Span> {
        if counted == Counted::Years {
            let Some(year) = self.four_digits(0) else {
                return Ok(None);
            };
            self.at += 1;
            return Ok(Some(Span::one(Scale::Year, 1, 12, Year::Number(year))));
        }
        let Some(number) = self.numeral(0) else {
            return Ok(None);
        };
        self.at += 1;
        let span = match (counted, number) {
            (Counted::Quarters, 1..=4) => (Scale::Quarter, 3 * number - 2, 3 * number),
            (Counted::Months, 1..=12) => (Scale::Month, number, number),
            (Counted::Quarters, _) => return self.refuse(start, "a year has four quarters"),
            _ => return self.refuse(start, "a year has twelve months"),
        };
        let year = self.year()?;
        Ok(Some(Span::one(span.0, span.1, span.2, year)))
    }
}
