//! Periods that are named without a list of numbers: "cuối quý II", "6 tháng đầu năm", "cả năm", "trong năm".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::spans::Counted;
use super::term::{Body, Bound, Cycle, Day, Edge, Nth, Scale, Span, Year};

impl Cursor<'_> {
    /// One period, for "cuối …" and "tháng cuối …".
    pub fn one_span(&mut self) -> Parsed<Span> {
        let start = self.at;
        let counted = match self.kind(0) {
            Some(Kind::Key(Key::Quarter)) => Counted::Quarters,
            Some(Kind::Key(Key::Month)) => Counted::Months,
            Some(Kind::Key(Key::Year)) => {
                let year = self.year()?;
                if year == Year::Absent {
                    self.at += 1;
                }
                let year = if year == Year::Absent {
                    Year::Plan
                } else {
                    year
                };
                return Ok(Some(Span::one(Scale::Year, 1, 12, year)));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        if let Some(span) = self.element(start, counted)? {
            Ok(Some(span))
        } else {
            self.at = start;
            Ok(None)
        }
    }

    /// "cuối quý II", "giữa năm 2020", "cuối mỗi tháng", "nửa đầu tháng 6".
    pub fn edge(&mut self) -> Parsed<Body> {
        let start = self.at;
        let half = self.eat(Key::HalfOf);
        let edge = match self.kind(0) {
            Some(Kind::Key(Key::Early)) => Edge::Early,
            Some(Kind::Key(Key::Middle)) => Edge::Middle,
            Some(Kind::Key(Key::Late)) => Edge::Late,
            _ => {
                self.at = start;
                return Ok(None);
            }
        };
        self.at += 1;
        if !half {
            self.skip(&[Key::Of, Key::Plural]);
            let marked =
                self.eat(Key::Every) || self.tokens[self.at - 1].kind == Kind::Key(Key::Plural);
            if let Some(cycle) = self.unit_cycle()
                && (marked || (cycle != Cycle::Year && self.numeral(1).is_none()))
            {
                self.at += 1;
                return Ok(Some(Body::EdgeOfEach {
                    edge,
                    cycle,
                    marked,
                }));
            }
        }
        if !half && let Some(days) = self.edges_of_quarters(edge)? {
            return Ok(Some(days));
        }
        let Some(span) = self.one_span()? else {
            self.at = start;
            return Ok(None);
        };
        if !half {
            return Ok(Some(Body::EdgeOf(edge, span)));
        }
        let middle = |first, last| Span {
            scale: Scale::Months,
            first,
            last,
            ..span
        };
        let one = |span| {
            Ok(Some(Body::Spans {
                windows: vec![span],
                each: vec![span],
            }))
        };
        match (edge, span.scale) {
            (Edge::Early, Scale::Month) => Ok(Some(Body::EdgeOf(Edge::Middle, span))),
            (Edge::Late, Scale::Month) => Ok(Some(Body::EdgeOf(Edge::Late, span))),
            (Edge::Early, Scale::Year) => one(middle(1, 6)),
            (Edge::Late, Scale::Year) => one(middle(7, 12)),
            _ => self.refuse(start, "the middle of half a period"),
        }
    }

    /// "quý I, II và III" behind "cuối": the same edge of each, if there are several.
    fn edges_of_quarters(&mut self, edge: Edge) -> Parsed<Body> {
        let start = self.at;
        if !(self.is(0, Key::Quarter) && self.numeral(1).is_some()) {
            return Ok(None);
        }
        let mut ahead = *self;
        ahead.at += 2;
        ahead.year()?;
        let more = ahead.is_mark(0, &[',', '&']) || ahead.is(0, Key::And);
        let unit = 1 + usize::from(ahead.is(1, Key::Quarter));
        let roman = matches!(ahead.kind(unit), Some(Kind::Roman(1..=4)));
        if !(more && (roman || (unit == 2 && ahead.numeral(2).is_some()))) {
            return Ok(None);
        }
        if edge != Edge::Late && unit == 2 {
            return self.refuse(start, "a part of one quarter or of each");
        }
        let quarters = self.list_of_quarters(start)?;
        let days = quarters.into_iter().map(|span| match edge {
            Edge::Early => (Nth::First, span.first, span.first_year),
            Edge::Middle => (Nth::Number(15), span.first + 1, span.first_year),
            Edge::Late => (Nth::Last, span.last, span.last_year),
        });
        let days = days.map(|(day, month, year)| Day { day, month, year });
        Ok(Some(Body::Days(days.collect())))
    }

    /// The cycle named by the unit that stands here.
    pub fn unit_cycle(&self) -> Option<Cycle> {
        match self.kind(0)? {
            Kind::Key(Key::Week) => Some(Cycle::Week),
            Kind::Key(Key::Month) => Some(Cycle::Month),
            Kind::Key(Key::Quarter) => Some(Cycle::Quarter),
            Kind::Key(Key::Year | Key::WholeYear) => Some(Cycle::Year),
            _ => None,
        }
    }

    /// "6 tháng đầu năm 2020", "quý đầu năm" is not one.
    pub fn months_of_a_year(&mut self) -> Parsed<Span> {
        let start = self.at;
        let Some(count) = self
            .numeral(0)
            .filter(|_| self.is(1, Key::Month) && self.is_any(2, &[Key::Early, Key::Late]))
        else {
            return Ok(None);
        };
        if !(1..=12).contains(&count) {
            return self.refuse(start, "a year has twelve months");
        }
        let early = self.is(2, Key::Early);
        self.at += 3;
        self.eat(Key::Of);
        if self.is_any(0, &[Key::Quarter, Key::Month, Key::Stage]) {
            return self.refuse(start, "months of something that is not a year");
        }
        let year = self.year()?;
        if year == Year::Absent {
            self.eat(Key::Year);
        }
        let (first, last) = if early { (1, count) } else { (13 - count, 12) };
        Ok(Some(Span::one(Scale::Months, first, last, year)))
    }

    /// "hết năm", "đến hết năm", and nothing after it.
    fn closes_the_year(&self) -> bool {
        let before = Cursor {
            at: self.at.saturating_sub(1),
            ..*self
        };
        let over = ["hết", "đến hết", "cho đến hết", "tới hết"];
        let after = Cursor {
            at: self.at + 1,
            ..*self
        };
        over.iter().any(|word| before.is_word(0, word)) && after.ends_here()
    }

    /// "trong năm", "cả năm 2020", "năm nay", "năm sau".
    pub fn unnumbered_year(&mut self, bound: Bound) -> Parsed<Body> {
        let start = self.at;
        let whole = self.eat(Key::WholeYear);
        let year = if whole {
            self.four_digits(0).map_or(Year::Plan, Year::Number)
        } else if self.is(0, Key::Year) {
            self.year()?
        } else {
            return Ok(None);
        };
        if whole && year != Year::Plan {
            self.at += 1;
        }
        let year = match year {
            Year::Absent
                if bound == Bound::In
                    && !self.is_any(1, &[Key::Before, Key::After, Key::Next])
                    && self.small(1).is_none()
                    || bound == Bound::By && self.closes_the_year() =>
            {
                self.at += 1;
                Year::Plan
            }
            Year::Absent | Year::Every => {
                self.at = start;
                return Ok(None);
            }
            written => written,
        };
        let span = Span::one(Scale::Year, 1, 12, year);
        Ok(Some(Body::Spans {
            windows: vec![span],
            each: vec![span],
        }))
    }
}
