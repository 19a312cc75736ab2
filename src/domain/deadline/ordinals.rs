//! Quarters by their place in the year: "quý cuối cùng của năm", "quý thứ hai năm 2024", "hai quý đầu năm".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::term::{Scale, Span, Year};

/// The place of a quarter, and the words it is said in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// "đầu", "cuối": "quý cuối năm" may be the end of the year as well.
    Loose(u32),
    /// "đầu tiên", "cuối cùng".
    Strict(u32),
    /// "thứ ba".
    Numbered(u32),
}

impl Cursor<'_> {
    /// One quarter, or the first or last two or three, of a year that must be named unless the quarter has its number.
    pub fn quarter_by_place(&mut self) -> Parsed<Span> {
        let start = self.at;
        let count = self
            .numeral(0)
            .filter(|count| (2..=3).contains(count) && self.is(1, Key::Quarter));
        self.at += usize::from(count.is_some());
        let within = self
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::In));
        let place = if self.eat(Key::Quarter) {
            self.place_in_year()
        } else {
            None
        };
        let Some(place) = place else {
            self.at = start;
            return Ok(None);
        };
        let of = self.at;
        self.skip(&[Key::Of, Key::In]);
        let (linked, named) = (self.at > of, self.is(0, Key::Year));
        let ends = self.ends_here() || self.is_mark(0, &[',']);
        let mut year = self.year()?;
        if named && year == Year::Absent {
            self.at += 1;
            year = Year::Plan;
        }
        let quarters = match (place, count) {
            (Place::Numbered(nth), None) if named || ends => Some((nth, nth)),
            (Place::Loose(nth), None) if named && (linked || year != Year::Plan) => {
                Some((nth, nth))
            }
            (Place::Strict(nth), None) if named => Some((nth, nth)),
            // "trong quý đầu năm", but not "quý cuối năm", which may be the year's end.
            (Place::Loose(1), None) if named && within => Some((1, 1)),
            (Place::Loose(1) | Place::Strict(1), Some(count)) if named => Some((1, count)),
            (Place::Loose(4) | Place::Strict(4), Some(count)) if named => Some((5 - count, 4)),
            _ => None,
        };
        let Some((first, last)) = quarters else {
            self.at = start;
            return Ok(None);
        };
        let scale = if first == last {
            Scale::Quarter
        } else {
            Scale::Months
        };
        Ok(Some(Span::one(scale, 3 * first - 2, 3 * last, year)))
    }

    fn place_in_year(&mut self) -> Option<Place> {
        for (loose, strict, nth) in [(Key::Early, Key::First, 1), (Key::Late, Key::Last, 4)] {
            if self.eat(strict) {
                return Some(Place::Strict(nth));
            }
            if self.eat(loose) {
                return Some(Place::Loose(nth));
            }
        }
        let nth = self.numeral(1).filter(|nth| (1..=4).contains(nth))?;
        if !self.eat(Key::Nth) {
            return None;
        }
        self.at += 1;
        Some(Place::Numbered(nth))
    }
}
