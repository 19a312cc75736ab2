//! Working days: weekends, public holidays, swapped days; counting and rolling.
//!
//! Guards DESIGN rules 4, 5 and 12. The data come from `schedules/calendar.toml`, whose head describes them; this
//! module only counts, and works out from the law the years that have no schedule yet. It knows no clock and no zone.

mod law;
mod rank;
mod schedule;
mod working;

pub use law::{FixedHoliday, LawfulHolidays, LunarDates, TetHoliday, provisional_year};
pub use schedule::{DayKind, SpecialDay, YearSchedule, YearStatus};
pub use working::Calendar;
