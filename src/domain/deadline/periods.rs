//! Periods of reports that are listed by different names: "quý I, 6 tháng, 9 tháng và năm".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Body, Cycle, Scale, Span, Year};

impl Cursor<'_> {
    /// A list with at least one quarter and one longer period, each of them on its own.
    pub fn report_periods(&mut self) -> Parsed<Body> {
        let start = self.at;
        let mut each: Vec<Span> = Vec::new();
        loop {
            let before = self.at;
            let joined = self.eat_mark(&[',', '&']) | self.eat(Key::And);
            if joined == each.is_empty() {
                break;
            }
            let quarters = each.last().is_some_and(|span| span.scale == Scale::Quarter);
            let Some(span) = self.report_period(quarters)? else {
                self.at = before;
                break;
            };
            each.push(span);
        }
        let mixed = is_mixed(&each);
        if !mixed || self.is_mark(0, &['/', '-']) || self.is(0, Key::Until) {
            self.at = start;
            return Ok(None);
        }
        let named = each.iter().rposition(|span| span.last_year != Year::Absent);
        let year = named.map(|at| each[at].last_year);
        let ordered = each.windows(2).all(|pair| pair[0].last <= pair[1].last);
        let another = year.is_some_and(|year| year.number(self.plan_year) != self.plan_year);
        if another && !ordered {
            return self.refuse(start, "which of the periods the year is for");
        }
        let spans: Vec<Span> = each
            .iter()
            .map(|span| span.or_year(year.unwrap_or_default()))
            .collect();
        let longest = |span: &&Span| {
            let later = |other: &Span| other.last == span.last && other.first < span.first;
            !spans.iter().any(later)
        };
        let windows: Vec<Span> = spans.iter().filter(longest).copied().collect();
        Ok(Some(Body::Spans {
            each: windows.clone(),
            windows,
        }))
    }

    /// "quý I", "6 tháng đầu năm", "cả năm 2020"; only a number where quarters are being listed.
    fn report_period(&mut self, quarters: bool) -> Result<Option<Span>, NotUnderstood> {
        let start = self.at;
        let listed = quarters && matches!(self.kind(0), Some(Kind::Roman(1..=4)));
        if listed || (self.is(0, Key::Quarter) && self.numeral(1).is_some()) {
            self.at += usize::from(!listed);
            let Some(number @ 1..=4) = self.numeral(0) else {
                self.at = start;
                return Ok(None);
            };
            self.at += 1;
            let year = self.year()?;
            return Ok(Some(Span::one(
                Scale::Quarter,
                3 * number - 2,
                3 * number,
                year,
            )));
        }
        if let Some(months @ (6 | 9)) = self.numeral(0).filter(|_| self.is(1, Key::Month)) {
            if let Some(span) = self.months_of_a_year()? {
                return Ok((span.first == 1).then_some(span));
            }
            if self.is(2, Key::Times) || self.is_mark(2, &['/']) {
                return Ok(None);
            }
            self.at += 2;
            return Ok(Some(Span::one(Scale::Months, 1, months, Year::Absent)));
        }
        if self.is_any(0, &[Key::Year, Key::WholeYear]) {
            self.at += 1;
            let year = self.four_digits(0).map_or(Year::Absent, Year::Number);
            self.at += usize::from(year != Year::Absent);
            let ends = self.ends_here()
                || self.is_mark(0, &[',', ':', '('])
                || self.is_any(
                    0,
                    &[Key::Before, Key::Latest, Key::In, Key::Until, Key::And],
                );
            return Ok(ends.then(|| Span::one(Scale::Year, 1, 12, year)));
        }
        Ok(None)
    }
}

/// Whether quarters and longer periods stand side by side.
fn is_mixed(each: &[Span]) -> bool {
    let quarter = |span: &Span| span.scale == Scale::Quarter;
    each.iter().any(quarter) && !each.iter().all(quarter)
}

/// What comes round in such a list.
pub(super) fn cycles_of_list(body: &Body) -> Vec<Cycle> {
    let Body::Spans { each, .. } = body else {
        return Vec::new();
    };
    let cycle = |span: &Span| match span.last - span.first {
        2 => Cycle::Quarter,
        5 => Cycle::Half,
        8 => Cycle::Nine,
        _ => Cycle::Year,
    };
    if is_mixed(each) {
        each.iter().map(cycle).collect()
    } else {
        Vec::new()
    }
}
