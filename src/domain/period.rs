//! Stretches of the calendar that are scored or reported: quarter, half-year, year.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

/// A quarter; the report of the second is that of the half-year, and of the fourth that of the year (DESIGN rule 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter(u32);

impl Quarter {
    /// 1 to 4.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

impl FromStr for Quarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| (1..=4).contains(number));
        number
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no quarter: write 1, 2, 3 or 4"))
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A quarter or a year, of which what fell due is scored; or the days of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The year.
    pub year: i32,
    /// The quarter, from 1; `None`: the whole year.
    pub quarter: Option<u32>,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
}

impl Period {
    /// A quarter, from 1 to 4.
    #[must_use]
    pub fn of_quarter(year: i32, quarter: u32) -> Option<Self> {
        let from = NaiveDate::from_ymd_opt(
            year,
            (1..=4).contains(&quarter).then(|| quarter * 3 - 2)?,
            1,
        )?;
        let (month, last) = [(3, 31), (6, 30), (9, 30), (12, 31)][quarter as usize - 1];
        Some(Self {
            year,
            quarter: Some(quarter),
            from,
            to: NaiveDate::from_ymd_opt(year, month, last)?,
        })
    }

    /// The days of the report of a quarter: that of the second is the half-year's, that of the fourth the year's
    /// (DESIGN rule 7). `None` for a year that no calendar has.
    #[must_use]
    pub fn reported(year: i32, quarter: Quarter) -> Option<Self> {
        let days = Self::of_quarter(year, quarter.0)?;
        let first = Self::of_quarter(year, 1)?;
        let from = if quarter.0.is_multiple_of(2) {
            first.from
        } else {
            days.from
        };
        Some(Self { from, ..days })
    }

    /// The quarter after this period.
    #[must_use]
    pub fn next_quarter(&self) -> Option<Self> {
        let first = self.to.succ_opt()?;
        Self::of_quarter(first.year(), first.month0() / 3 + 1)
    }

    /// A whole year.
    #[must_use]
    pub fn of_year(year: i32) -> Option<Self> {
        Some(Self {
            year,
            quarter: None,
            from: NaiveDate::from_ymd_opt(year, 1, 1)?,
            to: NaiveDate::from_ymd_opt(year, 12, 31)?,
        })
    }

    /// Whether this day lies in it.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The day after it ended. It is counted up to this day unless another is asked for: only then is late what was due on
    /// its last day.
    #[must_use]
    pub fn day_after(&self) -> NaiveDate {
        self.to.checked_add_days(Days::new(1)).unwrap_or(self.to)
    }

    /// The day of which a period is counted when no other is asked for, by the ranking and by the reports: the one after it
    /// ended, or today while it lasts, for of what is to come nothing is known.
    #[must_use]
    pub fn counted_on(&self, today: NaiveDate) -> NaiveDate {
        self.day_after().min(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_year_stands_for_the_second_quarter_and_the_year_for_the_fourth() {
        let shown = |number| {
            let period = Period::reported(2020, Quarter(number)).unwrap();
            let next = period.next_quarter().unwrap();
            format!("{} {} {}", period.from, period.to, next.to)
        };
        assert_eq!(shown(1), "2020-01-01 2020-03-31 2020-06-30");
        assert_eq!(shown(2), "2020-01-01 2020-06-30 2020-09-30");
        assert_eq!(shown(3), "2020-07-01 2020-09-30 2020-12-31");
        assert_eq!(shown(4), "2020-01-01 2020-12-31 2021-03-31");
    }

    #[test]
    fn only_four_numbers_are_quarters() {
        assert_eq!("4".parse(), Ok(Quarter(4)));
        for wrong in ["0", "5", "I", "-1", ""] {
            assert!(wrong.parse::<Quarter>().is_err(), "{wrong}");
        }
    }
}
