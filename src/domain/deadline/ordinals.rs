//! Quarters by their place in the year: "quý cuối cùng của năm", "quý thứ hai năm 2024", "hai quý đầu năm".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::term::{Scale, Span, Year};

const QUARTER: Kind = Kind::Key(Key::Quarter);

impl Cursor<'_> {
    /// One quarter, or the first or last quarters, of a year that must be named unless the quarter is counted.
    pub fn quarter_by_place(&mut self) -> Parsed<Span> {
        let start = self.at;
        let count = self
            .numeral(0)
            .filter(|count| (2..=3).contains(count) && self.is(1, Key::Quarter));
        self.at += 1 + usize::from(count.is_some());
        let quarters = match (count, self.place_in_year()) {
            (Some(count), Some((1, false))) => Some((1, count)),
            (Some(count), Some((4, false))) => Some((5 - count, 4)),
            (None, Some((nth, counted))) if self.tokens[start].kind == QUARTER => {
                let year = self.is_any(0, &[Key::Of, Key::In, Key::Year]);
                (year || (counted && (self.ends_here() || self.is_mark(0, &[',']))))
                    .then_some((nth, nth))
            }
            _ => None,
        };
        if let Some((first, last)) = quarters {
            self.skip(&[Key::Of, Key::In]);
            let named = self.is(0, Key::Year);
            let year = self.year()?;
            if named && year == Year::Absent {
                self.at += 1;
            }
            let year = if named && year == Year::Absent {
                Year::Plan
            } else {
                year
            };
            if named || (count.is_none() && year == Year::Absent) {
                let scale = if first == last {
                    Scale::Quarter
                } else {
                    Scale::Months
                };
                return Ok(Some(Span::one(scale, 3 * first - 2, 3 * last, year)));
            }
        }
        self.at = start;
        Ok(None)
    }

    /// "đầu tiên" (1), "cuối cùng" (4), "thứ ba": which quarter, and whether by a number.
    fn place_in_year(&mut self) -> Option<(u32, bool)> {
        if self.eat_any(&[Key::Early, Key::First]) {
            self.eat(Key::First);
            return Some((1, false));
        }
        if self.eat_any(&[Key::Late, Key::Last]) {
            self.eat(Key::Last);
            return Some((4, false));
        }
        let nth = self.numeral(1).filter(|nth| (1..=4).contains(nth))?;
        if !self.eat(Key::Nth) {
            return None;
        }
        self.at += 1;
        Some((nth, true))
    }
}
