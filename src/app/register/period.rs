//! Of what days a report is: quarter, half-year, year.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};

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

/// The days that a report is about, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

impl Period {
    /// The days of the report of a quarter of `year`; `None` for a year that no calendar has.
    #[must_use]
    pub fn of(quarter: Quarter, year: i32) -> Option<Self> {
        let first_month = match quarter.0 {
            2 | 4 => 1,
            number => number * 3 - 2,
        };
        Some(Self {
            first: NaiveDate::from_ymd_opt(year, first_month, 1)?,
            last: Self::end_of_month(year, quarter.0 * 3)?,
        })
    }

    /// The calendar quarter after this period.
    #[must_use]
    pub fn next_quarter(self) -> Option<Self> {
        let first = self.last.succ_opt()?;
        Some(Self {
            first,
            last: Self::end_of_month(first.year(), first.month() + 2)?,
        })
    }

    /// Whether it has that day.
    #[must_use]
    pub fn has(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    fn end_of_month(year: i32, month: u32) -> Option<NaiveDate> {
        let next = match month {
            12 => NaiveDate::from_ymd_opt(year + 1, 1, 1)?,
            month => NaiveDate::from_ymd_opt(year, month + 1, 1)?,
        };
        next.checked_sub_days(Days::new(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_year_stands_for_the_second_quarter_and_the_year_for_the_fourth() {
        let shown = |number| {
            let period = Period::of(Quarter(number), 2020).unwrap();
            let next = period.next_quarter().unwrap();
            format!("{} {} {}", period.first, period.last, next.last)
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
