//! A quarter or a year of the calendar.

use chrono::{Days, NaiveDate};
use serde::Serialize;

/// A quarter or a year: what fell due in it is scored.
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

    /// The morning after it ended: the day on which it is counted, unless another is asked for.
    #[must_use]
    pub fn morning_after(&self) -> NaiveDate {
        self.to.checked_add_days(Days::new(1)).unwrap_or(self.to)
    }
}
