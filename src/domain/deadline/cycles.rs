//! What comes round again: "hằng quý", "định kỳ 6 tháng, năm", "theo quý", "01 lần/năm".

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::lexicon::Key;
use super::term::{Body, Cycle};

impl Cursor<'_> {
    /// A list of cycles.
    pub fn cycles(&mut self) -> Parsed<Body> {
        let start = self.at;
        if let Some(frequency) = self.frequency()? {
            return Ok(Some(frequency));
        }
        if let Some(each) = self.all_of_a_year() {
            return Ok(Some(each));
        }
        let periodic = self.eat(Key::Periodic);
        if periodic {
            if self.is(0, Key::Is) && self.is(1, Key::Manner) {
                self.at += 2; // "định kỳ được thực hiện hằng quý"
            }
            self.eat_any(&[Key::By, Key::In, Key::Report]);
            self.eat_mark(&['(', ':']);
        }
        let mut marked = periodic;
        let mut cycles = Vec::new();
        loop {
            let before = self.at;
            if !cycles.is_empty() {
                let joined = self.eat_mark(&[',', '/', '&', '+']) | self.eat(Key::And);
                if !joined {
                    break;
                }
                self.eat(Key::Periodic);
            }
            let every = self.eat(Key::Every)
                | (self.is(0, Key::By) && !self.is(1, Key::Stage) && self.eat(Key::By));
            let every = every | self.eat(Key::Every);
            let Some((cycle, width)) = self.cycle(every || periodic || !cycles.is_empty()) else {
                self.at = before;
                break;
            };
            self.at += width;
            self.once();
            marked |= every;
            cycles.push(cycle);
        }
        if cycles.is_empty() {
            self.at = start;
            return Ok(None);
        }
        if cycles.contains(&Cycle::Week) {
            return self.refuse(start, "it is not said on which day of the week");
        }
        let counted = matches!(
            self.tokens[start].kind,
            Kind::Number { .. } | Kind::Key(Key::Numeral(_))
        );
        let unclear = counted && !matches!(cycles[..], [Cycle::Half | Cycle::Nine]);
        if !marked && cycles.len() == 1 && (unclear || !self.owned(start)) {
            self.at = start;
            return Ok(None);
        }
        Ok(Some(Body::Cycles { cycles, marked }))
    }

    /// The cycle that begins here and how many tokens it takes.
    pub fn cycle(&self, listed: bool) -> Option<(Cycle, usize)> {
        if let Some(months) = self.numeral(0)
            && self.is(1, Key::Month)
            && !self.is_any(2, &[Key::Early, Key::Late])
            && !(self.numeral(2).is_some() && self.four_digits(2).is_none() && !self.is_times(3))
        {
            return match months {
                1 => Some((Cycle::Month, 2)),
                3 => Some((Cycle::Quarter, 2)),
                6 => Some((Cycle::Half, 2)),
                9 => Some((Cycle::Nine, 2)),
                12 => Some((Cycle::Year, 2)),
                _ => None,
            };
        }
        if listed && self.is(0, Key::Stage) && self.four_digits(1).is_none() {
            return Some((Cycle::Stage, 1));
        }
        let last_of_list = listed
            && !self.time_follows(2)
            && !self.is_any(
                2,
                &[
                    Key::From,
                    Key::After,
                    Key::When,
                    Key::Anniversary,
                    Key::Manner,
                ],
            );
        if self.numeral(0) == Some(1) && self.is_any(1, &[Key::Quarter, Key::Year]) {
            let cycle = if self.is(1, Key::Quarter) {
                Cycle::Quarter
            } else {
                Cycle::Year
            };
            return (last_of_list || self.is_mark(2, &['/'])).then_some((cycle, 2));
        }
        if self.is(0, Key::HalfOf) && self.is(1, Key::Year) {
            let plain = !self.is_any(2, &[Key::Early, Key::Late]) && self.four_digits(2).is_none();
            return plain.then_some((Cycle::Half, 2));
        }
        let cycle = self.unit_cycle()?;
        let numbered = self.numeral(1).is_some() && !self.is_times(2) && !self.is(2, Key::Month)
            || self.four_digits(1).is_some();
        let placed = self.is_any(1, &[Key::Early, Key::Late, Key::Nth]) && cycle != Cycle::Quarter;
        (!numbered && !placed).then_some((cycle, 1))
    }

    /// "các quý trong năm", "các tháng của năm 2014": each of them; the year stays if it has a number.
    fn all_of_a_year(&mut self) -> Option<Body> {
        let (plural, unit) = (
            self.is(0, Key::Plural),
            self.is_any(1, &[Key::Month, Key::Quarter]),
        );
        if !(plural && unit && self.is_any(2, &[Key::In, Key::Of]) && self.is(3, Key::Year)) {
            return None;
        }
        let cycle = if self.is(1, Key::Month) {
            Cycle::Month
        } else {
            Cycle::Quarter
        };
        let numbered = self.four_digits(4).is_some();
        let plain =
            !numbered && !self.is_any(4, &[Key::After, Key::Next, Key::Before, Key::Adjacent]);
        self.at += match (numbered, plain) {
            (true, _) => 2,
            (_, true) => 4,
            _ => return None,
        };
        Some(Body::Cycles {
            cycles: vec![cycle],
            marked: true,
        })
    }

    /// Whether a single bare unit is what a report is about: "báo cáo quý", "tổng kết năm".
    fn owned(&self, start: usize) -> bool {
        let half = matches!(
            self.tokens[start].kind,
            Kind::Number { .. } | Kind::Key(Key::Numeral(_))
        );
        let before = start.checked_sub(1).map(|at| self.tokens[at].kind);
        let figures = start >= 2 && {
            let place = Cursor {
                at: start - 2,
                ..*self
            };
            place.is_word(0, "số") && place.is_word(1, "liệu")
        };
        // "Quý: II" names one of them.
        let numbered = matches!(self.kind(1), Some(Kind::Number { .. } | Kind::Roman(_)));
        let headed = self.is_mark(0, &[':']) && (start > 0 || !numbered);
        half || headed
            || figures
            || matches!(
                before,
                Some(Kind::Key(Key::Report | Key::Review | Key::Periodic))
            )
            || (self.reports && matches!(before, Some(Kind::Mark(_) | Kind::Key(Key::And))))
    }

    /// "lần", "đợt", "cuộc".
    fn is_times(&self, ahead: usize) -> bool {
        self.is(ahead, Key::Times)
            || ["đợt", "cuộc", "kỳ"]
                .iter()
                .any(|word| self.is_word(ahead, word))
    }

    /// "01 lần", "một lần" after "mỗi quý".
    fn once(&mut self) {
        let slash = usize::from(self.is_mark(0, &['/']));
        let times = self.is_times(slash + 1);
        if self.numeral(slash) == Some(1) && times {
            self.at += slash + 2;
        } else if slash == 1 && self.is(1, Key::Times) {
            self.at += 2;
        }
    }

    /// "01 lần/quý", "6 tháng/lần", "6 tháng một lần".
    pub fn frequency(&mut self) -> Parsed<Body> {
        let start = self.at;
        if let Some(times) = self.numeral(0)
            && self.is(1, Key::Times)
        {
            self.at += 2;
            let joined =
                self.eat_mark(&['/']) | self.eat_any(&[Key::In, Key::Every]) | self.eat(Key::Every);
            let cycle = self
                .unit_cycle()
                .map(|cycle| (cycle, 1))
                .or_else(|| self.cycle(true))
                .filter(|_| joined);
            if let Some((cycle, width)) = cycle {
                self.at += width;
                if times != 1 {
                    return self.refuse(start, "it is not said when each of the times is");
                }
                if cycle == Cycle::Week {
                    return self.refuse(start, "it is not said on which day of the week");
                }
                return Ok(Some(Body::Cycles {
                    cycles: vec![cycle],
                    marked: true,
                }));
            }
            self.at = start;
            return Ok(None);
        }
        if let Some((cycle, width)) = self.cycle(false) {
            let slash = usize::from(self.is_mark(width, &['/']));
            let many = self
                .numeral(width + slash)
                .filter(|_| self.is(width + slash + 1, Key::Times));
            if many.is_some_and(|times| times != 1) {
                self.at += width + slash + 1;
                return self.refuse(start, "it is not said when each of the times is");
            }
            if (slash == 1 && self.is(width + 1, Key::Times)) || many.is_some() {
                self.at += width;
                self.once();
                if cycle == Cycle::Week {
                    return self.refuse(start, "it is not said on which day of the week");
                }
                return Ok(Some(Body::Cycles {
                    cycles: vec![cycle],
                    marked: true,
                }));
            }
        }
        Ok(None)
    }
}
