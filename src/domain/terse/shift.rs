//! "Thêm 1 tuần", "nửa tháng nữa": how much more time, and why.

use chrono::{Days, Months, NaiveDate};

use super::words::{Is, Sense, Terse, Unit};
use crate::domain::spelling::pieces;

/// So much more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    months: u32,
    days: u32,
    /// Whether it counts from the day on which it is written, and not from the day on which it is due.
    from_today: bool,
}

/// Half a month.
const HALF_MONTH: u32 = 15;

/// A wish for more days than this is none; a month counts for the longest.
const LONGEST: u32 = 400;

impl Shift {
    /// The day that is meant. More of a time that is over already counts from today.
    #[must_use]
    pub fn day(self, due_on: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let from = |day: NaiveDate| {
            let later = day.checked_add_months(Months::new(self.months))?;
            later.checked_add_days(Days::new(u64::from(self.days)))
        };
        if self.from_today {
            return from(today);
        }
        from(due_on)
            .filter(|day| *day > today)
            .or_else(|| from(today))
    }
}

const COUNTED: [Sense; 3] = [Sense::Days, Sense::Weeks, Sense::Months];

impl Terse {
    /// The time that a wish names: "xin gia hạn thêm 1 tuần vì …". Where it is asked until when, `asked`, a time alone says
    /// as much. `None` where it names none, or several.
    #[must_use]
    pub fn shift(&self, text: &str, asked: bool) -> Option<Shift> {
        let senses = [
            Sense::More,
            Sense::FromNow,
            Sense::Days,
            Sense::Weeks,
            Sense::Months,
            Sense::Half,
            Sense::About,
            Sense::Filler,
        ];
        let units = self.units(text, &senses);
        let found: Vec<Shift> = (0..units.len())
            .filter_map(|at| self.shift_at(&units, at, asked))
            .collect();
        match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The time whose unit stands at this place.
    fn shift_at(&self, units: &[Unit<'_>], at: usize, asked: bool) -> Option<Shift> {
        let is =
            |at: usize, senses: &[Sense]| units.get(at).is_some_and(|one| one.is_one_of(senses));
        if !is(at, &COUNTED) {
            return None;
        }
        let counts = at.checked_sub(1)?;
        let (months, days) = self.amount(&units[counts], &units[at])?;
        let before = (0..counts)
            .rev()
            .find(|at| !is(*at, &[Sense::About, Sense::Filler]));
        let is_more = before.is_some_and(|at| is(at, &[Sense::More]));
        let mut after = (at + 1..units.len()).filter(|at| !is(*at, &[Sense::About, Sense::Filler]));
        let next = after.next();
        let is_from_now = next.is_some_and(|at| is(at, &[Sense::FromNow]));
        let is_alone = asked && before.is_none() && next.is_none();
        (is_more || is_from_now || is_alone).then_some(Shift {
            months,
            days,
            from_today: is_from_now && !is_more,
        })
    }

    /// How many months and days.
    fn amount(&self, count: &Unit<'_>, counted: &Unit<'_>) -> Option<(u32, u32)> {
        let is_months = counted.is_one_of(&[Sense::Months]);
        if count.is_one_of(&[Sense::Half]) {
            return is_months.then_some((0, HALF_MONTH));
        }
        let number = self.count(count)?;
        let of_each = match counted.is {
            Is::Word(Sense::Months) => 31,
            Is::Word(Sense::Weeks) => 7,
            _ => 1,
        };
        let days = number.checked_mul(of_each)?;
        let amount = if is_months { (number, 0) } else { (0, days) };
        (1..=LONGEST).contains(&days).then_some(amount)
    }

    /// "Khỏi gia hạn", "không xin gia hạn II.2/1 nữa": whether a text says that more time is not wanted any more, and nothing else.
    /// `refs` are the tasks that it names.
    #[must_use]
    pub fn drops_wish(&self, text: &str, refs: &[String]) -> bool {
        let units = self.units(text, &[Sense::Drop, Sense::Wish, Sense::WishBeside]);
        let at = |sense| units.iter().position(|unit| unit.is_one_of(&[sense]));
        let is_named = |unit: &Unit<'_>| refs.iter().any(|one| one.eq_ignore_ascii_case(unit.text));
        let drops = at(Sense::Drop)
            .zip(at(Sense::Wish))
            .is_some_and(|(drop, wish)| drop < wish);
        let is_plain = |unit: &Unit<'_>| matches!(unit.is, Is::Word(_)) || is_named(unit);
        // "Không gia hạn ạ?" asks whether it was granted.
        drops && !text.contains('?') && units.iter().all(is_plain)
    }

    /// "Vì chờ hướng dẫn của Bộ": why, and nothing else.
    #[must_use]
    pub fn is_reason(&self, text: &str) -> bool {
        const LEAST_WORDS: usize = 3;
        let units = self.units(text, &[Sense::Because, Sense::Filler]);
        let first = units.iter().find(|unit| !unit.is_one_of(&[Sense::Filler]));
        first.is_some_and(|unit| unit.is_one_of(&[Sense::Because]))
            && pieces(text).len() >= LEAST_WORDS
    }
}
