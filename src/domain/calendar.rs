//! Working days: weekends, public holidays, swapped days; counting and rolling.
//!
//! Guards DESIGN rules 4, 5 and 12. The data come from `schedules/calendar.toml`; this module only counts.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

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

/// The working calendar of the province.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, SpecialDay>,
}

impl Calendar {
    /// A calendar of weekends and these special days.
    pub fn new(days: impl IntoIterator<Item = (NaiveDate, SpecialDay)>) -> Self {
        Self {
            days: days.into_iter().collect(),
        }
    }

    /// The special days from `from` to `to`, both included.
    pub fn special_days(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        self.days
            .range(from..=to)
            .map(|(day, special)| (*day, special))
    }

    /// Whether offices are open on this day.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.days.get(&day).map(|special| special.kind) {
            Some(DayKind::Off) => false,
            Some(DayKind::Worked) => true,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The last working day not after `day`.
    #[must_use]
    pub fn working_day_not_after(&self, day: NaiveDate) -> NaiveDate {
        self.seek(day, NaiveDate::pred_opt)
    }

    /// The first working day not before `day`.
    #[must_use]
    pub fn working_day_not_before(&self, day: NaiveDate) -> NaiveDate {
        self.seek(day, NaiveDate::succ_opt)
    }

    /// The `n`-th working day after `day`; `day` itself is not counted. `n = 0` gives `day`.
    #[must_use]
    pub fn working_days_after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(day, |at, _| match at.succ_opt() {
            Some(next) => self.working_day_not_before(next),
            None => at,
        })
    }

    /// The `n`-th working day before `day`; `day` itself is not counted. `n = 0` gives `day`.
    #[must_use]
    pub fn working_days_before(&self, day: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(day, |at, _| match at.pred_opt() {
            Some(previous) => self.working_day_not_after(previous),
            None => at,
        })
    }

    /// How many working days lie after `from` up to and including `to`; negative when `to` is earlier.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let count = from
            .iter_days()
            .skip(1)
            .take_while(|day| *day <= to)
            .filter(|day| self.is_working_day(*day))
            .count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// End of a term of `n` calendar days counted from an event on `from`: the first day is not counted, and a last
    /// day that is not worked moves to the next working day (Civil Code 2015, art. 147 and 148).
    #[must_use]
    pub fn term_of_days(&self, from: NaiveDate, n: u32) -> NaiveDate {
        let last = from
            .checked_add_days(Days::new(u64::from(n)))
            .unwrap_or(NaiveDate::MAX);
        self.working_day_not_before(last)
    }

    fn seek(&self, day: NaiveDate, step: impl Fn(&NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
        let mut at = day;
        while !self.is_working_day(at) {
            match step(&at) {
                Some(next) => at = next,
                None => return at,
            }
        }
        at
    }
}
