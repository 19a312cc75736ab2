//! The days off that the law gives a year, before the Prime Minister has decided on its schedule.
//!
//! Labour Code 2019, art. 111.3 and 112. What is decided anew each year follows a documented default, so nothing
//! here counts as confirmed.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::schedule::{DayKind, SpecialDay, is_weekend};

/// What the law fixes; the names come from `schedules/calendar.toml`, as people read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawfulHolidays {
    /// The law.
    pub source: String,
    /// The words put before the name of a holiday that is made up on another day.
    pub made_up: String,
    /// Holidays of the solar calendar.
    pub fixed: Vec<FixedHoliday>,
    /// The lunar New Year.
    pub tet: TetHoliday,
    /// Name of the one day off on 10/3 of the lunar calendar.
    pub gio_to: String,
}

/// A holiday with the same date every year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedHoliday {
    /// Day of the month.
    pub day: u32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Name of the holiday.
    pub name: String,
    /// The first year in which it is off; none: always.
    pub from_year: Option<i32>,
    /// The first year in which a second day is off, the one before or after; none: never.
    pub two_days_from_year: Option<i32>,
}

/// The days off at Tết.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TetHoliday {
    /// Name of the holiday.
    pub name: String,
    /// How many days are off: 5.
    pub days: u32,
    /// How many of them lie before the first day of the lunar year: 1 or 2, decided each year.
    pub days_before: u32,
}

/// The lunar holidays of one year in the solar calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LunarDates {
    /// First day of the lunar year.
    pub tet: NaiveDate,
    /// 10/3 of the lunar calendar.
    pub gio_to: NaiveDate,
}

/// The weekdays off that the law gives `year`, in order and none of them confirmed: the fixed holidays and, where
/// their dates are known, Tết and Giỗ Tổ.
///
/// A holiday on a Saturday or Sunday is made up on the next day that is still worked (art. 111.3). In 2027, with Tết
/// on Saturday 6/2 and one day of it before: 5, 8 and 9/2, then 10 and 11/2 for the weekend.
#[must_use]
pub fn provisional_year(
    year: i32,
    law: &LawfulHolidays,
    lunar: Option<LunarDates>,
) -> Vec<(NaiveDate, SpecialDay)> {
    let mut holidays = BTreeMap::new();
    let fixed = law.fixed.iter().flat_map(|holiday| holiday.days_in(year));
    for (day, name) in fixed.chain(lunar.into_iter().flat_map(|dates| law.lunar_days(dates))) {
        holidays.entry(day).or_insert(name);
    }
    let (weekend, mut off): (BTreeMap<_, _>, BTreeMap<_, _>) = holidays
        .into_iter()
        .map(|(day, name)| (day, name.to_owned()))
        .partition(|(day, _)| is_weekend(*day));
    for (day, name) in weekend {
        let free = day
            .iter_days()
            .find(|day| !is_weekend(*day) && !off.contains_key(day));
        if let Some(free) = free {
            off.insert(free, format!("{} {name}", law.made_up));
        }
    }
    off.into_iter()
        .map(|(day, name)| (day, law.day_off(name)))
        .collect()
}

impl LawfulHolidays {
    fn lunar_days(&self, dates: LunarDates) -> impl Iterator<Item = (NaiveDate, &str)> {
        let first = dates
            .tet
            .checked_sub_days(Days::new(self.tet.days_before.into()));
        let days = usize::try_from(self.tet.days).unwrap_or(usize::MAX);
        first
            .into_iter()
            .flat_map(move |first| first.iter_days().take(days))
            .map(|day| (day, self.tet.name.as_str()))
            .chain([(dates.gio_to, self.gio_to.as_str())])
    }

    fn day_off(&self, name: String) -> SpecialDay {
        SpecialDay {
            kind: DayKind::Off,
            name,
            source: self.source.clone(),
            confirmed: false,
        }
    }
}

impl FixedHoliday {
    fn days_in(&self, year: i32) -> impl Iterator<Item = (NaiveDate, &str)> {
        let in_force = |from: Option<i32>| from.is_some_and(|from| from <= year);
        let day = NaiveDate::from_ymd_opt(year, self.month, self.day)
            .filter(|_| self.from_year.is_none() || in_force(self.from_year));
        let second = day
            .filter(|_| in_force(self.two_days_from_year))
            .and_then(second_day);
        day.into_iter()
            .chain(second)
            .map(|day| (day, self.name.as_str()))
    }
}

/// The day before or after a holiday of two days: the one that is a weekday and joins the weekend where one does,
/// otherwise the day before. This is what was decided for 2/9 in each year from 2021 (Thursday: 3/9) to 2026
/// (Wednesday: 1/9).
fn second_day(holiday: NaiveDate) -> Option<NaiveDate> {
    match holiday.weekday() {
        Weekday::Sun | Weekday::Mon | Weekday::Thu => holiday.succ_opt(),
        Weekday::Tue | Weekday::Wed | Weekday::Fri | Weekday::Sat => holiday.pred_opt(),
    }
}

#[cfg(test)]
mod tests;
