//! The calendar: is a day worked, what comes before and after it, how many lie between.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::law::{LawfulHolidays, LunarDates};
use super::rank::Ranks;
use super::schedule::{DayKind, SpecialDay, YearSchedule, YearStatus, is_weekend};

/// How many years after the last one in the data still get the holidays with a fixed date.
const YEARS_BEYOND_DATA: i32 = 60;

/// The last year the law is asked about: the last with four digits.
const LAST_YEAR: i32 = 9999;

/// The working calendar of the province.
///
/// Every question has an answer on every date. Where the range of dates ends before the working day asked for, that
/// end is the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, SpecialDay>,
    ranks: Ranks,
    years: BTreeMap<i32, YearStatus>,
}

impl Calendar {
    /// A calendar of weekends and these special days, whose years are all [`YearStatus::Absent`]. Of two entries for
    /// one day the later counts.
    pub fn new(days: impl IntoIterator<Item = (NaiveDate, SpecialDay)>) -> Self {
        let days: BTreeMap<_, _> = days.into_iter().collect();
        Self {
            ranks: Ranks::new(&days),
            days,
            years: BTreeMap::new(),
        }
    }

    /// A calendar of these schedules; the law fills in every other year from the first in the data to 60 years after
    /// the last. Of two schedules or lunar dates for one year the later counts.
    pub fn with_years(
        listed: impl IntoIterator<Item = YearSchedule>,
        law: &LawfulHolidays,
        lunar: &[LunarDates],
    ) -> Self {
        let lunar: BTreeMap<i32, LunarDates> = lunar
            .iter()
            .map(|dates| (dates.tet.year(), *dates))
            .collect();
        let mut schedules: BTreeMap<i32, YearSchedule> = listed
            .into_iter()
            .map(|schedule| (schedule.year, schedule))
            .collect();
        let known = || schedules.keys().chain(lunar.keys()).copied();
        if let (Some(first), Some(last)) = (known().min(), known().max()) {
            let last = last.saturating_add(YEARS_BEYOND_DATA).min(LAST_YEAR);
            for year in first.max(1)..=last {
                schedules
                    .entry(year)
                    .or_insert_with(|| YearSchedule::by_law(year, law, lunar.get(&year).copied()));
            }
        }
        let (years, days): (BTreeMap<_, _>, Vec<_>) = schedules
            .into_values()
            .map(|schedule| ((schedule.year, schedule.status), schedule.days))
            .unzip();
        Self {
            years,
            ..Self::new(days.into_iter().flatten())
        }
    }

    /// How far the schedule of `year` can be relied on.
    #[must_use]
    pub fn year_status(&self, year: i32) -> &YearStatus {
        self.years.get(&year).unwrap_or(&YearStatus::Absent)
    }

    /// The special days from `from` to `to`, both included; none when `to` is earlier.
    pub fn special_days(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        let range = (from <= to).then(|| self.days.range(from..=to));
        range
            .into_iter()
            .flatten()
            .map(|(day, special)| (*day, special))
    }

    /// Whether offices are open on this day.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.days.get(&day).map(|special| special.kind) {
            Some(DayKind::Off) => false,
            Some(DayKind::Worked) => true,
            None => !is_weekend(day),
        }
    }

    /// The last working day not after `day`.
    #[must_use]
    pub fn working_day_not_after(&self, day: NaiveDate) -> NaiveDate {
        self.ranks.day_of(self.ranks.rank(day))
    }

    /// The first working day not before `day`.
    #[must_use]
    pub fn working_day_not_before(&self, day: NaiveDate) -> NaiveDate {
        if self.is_working_day(day) {
            day
        } else {
            self.working_days_after(day, 1)
        }
    }

    /// The `n`-th working day after `day`; `day` itself is not counted. `n = 0` gives `day`.
    #[must_use]
    pub fn working_days_after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            day
        } else {
            self.ranks.day_of(self.ranks.rank(day) + i64::from(n))
        }
    }

    /// The `n`-th working day before `day`; `day` itself is not counted. `n = 0` gives `day`.
    #[must_use]
    pub fn working_days_before(&self, day: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            return day;
        }
        let before = self.ranks.rank(day) - i64::from(self.is_working_day(day));
        self.ranks.day_of(before + 1 - i64::from(n))
    }

    /// How many working days lie after `from` up to and including `to`; negative when `to` is earlier.
    ///
    /// From Friday to the Monday after it: 1. Costs two binary searches, however far apart they are.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.ranks.rank(to) - self.ranks.rank(from)
    }

    /// How many working days `on` is after `due`, at least 1; 0 when it is not.
    #[must_use]
    pub fn working_days_late(&self, due: NaiveDate, on: NaiveDate) -> i64 {
        if on > due {
            self.working_days_between(due, on).max(1)
        } else {
            0
        }
    }

    /// End of a term of `n` calendar days counted from an event on `from`: the first day is not counted, and a last
    /// day that is not worked moves to the next working day (Civil Code 2015, art. 147 and 148). 30 days from
    /// 31/12/2019 end on 30/01/2020.
    #[must_use]
    pub fn term_of_days(&self, from: NaiveDate, n: u32) -> NaiveDate {
        let last = from
            .checked_add_days(Days::new(u64::from(n)))
            .unwrap_or(NaiveDate::MAX);
        self.working_day_not_before(last)
    }
}

#[cfg(test)]
mod tests;
