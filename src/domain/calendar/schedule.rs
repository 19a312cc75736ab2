//! What differs from "Monday to Friday are worked", and how far a year's schedule can be relied on.

use chrono::{Datelike, NaiveDate, Weekday};

use super::law::{LawfulHolidays, LunarDates, provisional_year};

/// What is special about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// A weekday nobody works on.
    Off,
    /// A Saturday worked in exchange for a day off.
    Worked,
}

/// One day that differs from "Monday to Friday are worked".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// Off or worked.
    pub kind: DayKind,
    /// Name of the holiday, as people call it.
    pub name: String,
    /// Where that is written.
    pub source: String,
    /// False while only the law or a table of dates says so, not an official schedule.
    pub confirmed: bool,
}

/// The special days of one year, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearSchedule {
    /// The year all its days lie in.
    pub year: i32,
    /// How far the schedule can be relied on.
    pub status: YearStatus,
    /// Its special days.
    pub days: Vec<(NaiveDate, SpecialDay)>,
}

impl YearSchedule {
    /// The schedule the law gives a year for which none was published; nothing in it is confirmed.
    #[must_use]
    pub fn by_law(year: i32, law: &LawfulHolidays, lunar: Option<LunarDates>) -> Self {
        let source = law.source.clone();
        Self {
            year,
            status: match lunar {
                Some(_) => YearStatus::ByLaw { source },
                None => YearStatus::FixedOnly { source },
            },
            days: provisional_year(year, law, lunar),
        }
    }
}

/// How far the schedule of a year can be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YearStatus {
    /// Published for state offices.
    Official {
        /// Where it was published.
        source: String,
    },
    /// All holidays the law gives; when Tết lies and which days are swapped is not yet decided.
    ByLaw {
        /// The law.
        source: String,
    },
    /// Only the holidays with a fixed date: Tết and Giỗ Tổ of the year are not in the data.
    FixedOnly {
        /// The law.
        source: String,
    },
    /// Nothing but weekends is known.
    Absent,
}

/// Whether `day` is a Saturday or a Sunday.
pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
