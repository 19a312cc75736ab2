//! Working days as numbers, so that counting them needs no walk from day to day.

use chrono::{Datelike, NaiveDate};

use super::schedule::{DayKind, SpecialDay, is_weekend};

/// Numbers the working days: the rank of a day is how many of them there are since 1/1/0001, itself included;
/// negative before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranks {
    /// The special days that change something, in order.
    shifts: Vec<Shift>,
}

/// A special day that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shift {
    day: NaiveDate,
    /// What the special days up to it add to the weekdays.
    sum: i64,
    /// Its rank.
    rank: i64,
}

impl Ranks {
    /// The numbering for these special days, given in order.
    pub(super) fn new<'a>(days: impl IntoIterator<Item = (&'a NaiveDate, &'a SpecialDay)>) -> Self {
        let mut sum = 0;
        let mut shifts = Vec::new();
        for (day, special) in days {
            match (special.kind, is_weekend(*day)) {
                (DayKind::Off, false) => sum -= 1,
                (DayKind::Worked, true) => sum += 1,
                (DayKind::Off, true) | (DayKind::Worked, false) => continue,
            }
            shifts.push(Shift {
                day: *day,
                sum,
                rank: weekdays_until(*day) + sum,
            });
        }
        Self { shifts }
    }

    /// The rank of `day`; a day off has the rank of the working day before it.
    pub(super) fn rank(&self, day: NaiveDate) -> i64 {
        let passed = self.shifts.partition_point(|shift| shift.day <= day);
        weekdays_until(day) + self.shift_of_first(passed)
    }

    /// The first day of this rank or a higher one; the nearest end of the range of dates when there is none.
    pub(super) fn day_of(&self, rank: i64) -> NaiveDate {
        let passed = self.shifts.partition_point(|shift| shift.rank < rank);
        let weekday = nth_weekday(rank - self.shift_of_first(passed));
        // Only a weekend day worked can come before the weekday found, for it is the one special day that adds a rank.
        self.shifts
            .get(passed)
            .map_or(weekday, |shift| weekday.min(shift.day))
    }

    /// What the first `passed` special days add together.
    fn shift_of_first(&self, passed: usize) -> i64 {
        passed
            .checked_sub(1)
            .and_then(|last| self.shifts.get(last))
            .map_or(0, |shift| shift.sum)
    }
}

/// Mondays to Fridays from 1/1/0001, a Monday, up to and including `day`; none or negative before it.
fn weekdays_until(day: NaiveDate) -> i64 {
    let since_monday = i64::from(day.num_days_from_ce()) - 1;
    since_monday.div_euclid(7) * 5 + (since_monday.rem_euclid(7) + 1).min(5)
}

/// The first day for which [`weekdays_until`] is `n`; the nearest end of the range of dates when there is none.
fn nth_weekday(n: i64) -> NaiveDate {
    let since_monday = (n - 1).div_euclid(5) * 7 + (n - 1).rem_euclid(5);
    let day = i32::try_from(since_monday + 1)
        .ok()
        .and_then(NaiveDate::from_num_days_from_ce_opt);
    day.unwrap_or(if n < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    })
}
