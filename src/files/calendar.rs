//! `calendar.toml`, as its own head describes it -> the working calendar.

use chrono::{Datelike, NaiveDate, Weekday};

use super::problem::{Problem, Problems};
use super::source::Folder;
use super::toml::{Document, Field, Place, Table, Word};
use super::unique::Unique;
use crate::domain::calendar::{
    Calendar, DayKind, FixedHoliday, LawfulHolidays, LunarDates, SpecialDay, TetHoliday,
    YearSchedule, YearStatus,
};

/// Years the file may speak of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// How a schedule came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Official,
    ByLaw,
}

impl Word for Status {
    const WORDS: &'static [(&'static str, Self)] =
        &[("official", Self::Official), ("by-law", Self::ByLaw)];
}

/// Reads the calendar of a folder of schedules.
///
/// # Errors
/// Every problem of the file.
pub fn load_calendar(folder: &Folder) -> Result<Calendar, Problems> {
    let mut problems = Problems::default();
    let calendar = read(folder, &mut problems);
    problems.admit(calendar).map(|(calendar, _)| calendar)
}

/// Reads the calendar as far as it can be read.
pub(super) fn read(folder: &Folder, problems: &mut Problems) -> Option<Calendar> {
    let source = folder.read("calendar.toml", problems)?;
    let document = Document::parse(&source);
    let mut found = Problems::default();
    let mut root = document.root();
    let mut years = Unique::new("the year");
    let mut days = Unique::new("the day");
    let schedules: Vec<YearSchedule> = root
        .tables("year")
        .into_iter()
        .filter_map(|table| schedule(table, &mut years, &mut days, &mut found))
        .collect();
    let law = root.table("fixed").and_then(|table| law(table, &mut found));
    let mut years = Unique::new("the year");
    let lunar: Vec<LunarDates> = root
        .tables("lunar")
        .into_iter()
        .filter_map(|table| lunar(table, &mut years, &mut found))
        .collect();
    root.finish();
    problems.extend(found);
    problems.extend(document.into_problems());
    Some(Calendar::with_years(schedules, &law?, &lunar))
}

fn schedule(
    mut table: Table<'_>,
    years: &mut Unique<i32>,
    taken: &mut Unique<NaiveDate>,
    problems: &mut Problems,
) -> Option<YearSchedule> {
    let year = year(&mut table, years, problems);
    let status: Option<Field<Status>> = table.required("status");
    let source = table.text("source");
    let mut days = Vec::new();
    for (key, kind) in [("off", DayKind::Off), ("worked", DayKind::Worked)] {
        for mut entry in table.tables(key) {
            let on: Option<Field<NaiveDate>> = entry.required("on");
            let name = entry.text("name");
            let confirmed = entry
                .optional("confirmed")
                .is_none_or(|confirmed| confirmed.value);
            entry.finish();
            let Some(on) = on else { continue };
            let problem = year
                .and_then(|year| misplaced(&on, year, kind))
                .or_else(|| taken.add(on.value, &on.to_string(), &on.at));
            problems.errors.extend(problem);
            let special = SpecialDay {
                kind,
                name: name.map(|name| name.value).unwrap_or_default(),
                source: source
                    .as_ref()
                    .map(|source| source.value.clone())
                    .unwrap_or_default(),
                confirmed: confirmed
                    && status
                        .as_ref()
                        .is_none_or(|status| status.value == Status::Official),
            };
            days.push((on.value, special));
        }
    }
    table.finish();
    let source = source?.value;
    let status = match status?.value {
        Status::Official => YearStatus::Official { source },
        Status::ByLaw => YearStatus::ByLaw { source },
    };
    Some(YearSchedule {
        year: year?,
        status,
        days,
    })
}

/// A day off is a weekday of the schedule's year, a worked one a Saturday or Sunday.
fn misplaced(on: &Field<NaiveDate>, year: i32, kind: DayKind) -> Option<Problem> {
    if on.year() != year {
        return Some(on.at.problem(
            format!("{} is not in {year}", on.value),
            "put the day under its own year",
        ));
    }
    let weekend = matches!(on.weekday(), Weekday::Sat | Weekday::Sun);
    match kind {
        DayKind::Off if weekend => {
            let remedy =
                "list the weekday off in its place, or nothing: weekends are off by themselves";
            Some(on.at.problem(
                format!("{} is a {} and off anyway", on.value, on.weekday()),
                remedy,
            ))
        }
        DayKind::Worked if !weekend => {
            let remedy = "list the Saturday or Sunday that is worked in exchange";
            Some(on.at.problem(
                format!("{} is a {} and worked anyway", on.value, on.weekday()),
                remedy,
            ))
        }
        _ => None,
    }
}

fn law(mut table: Table<'_>, problems: &mut Problems) -> Option<LawfulHolidays> {
    let source = table.text("source");
    let made_up = table.text("made_up");
    let fixed = table
        .tables("days")
        .into_iter()
        .filter_map(|entry| holiday(entry, problems))
        .collect();
    let tet = table.table("tet").and_then(|entry| tet(entry, problems));
    let gio_to = table.table("gio_to").and_then(|mut entry| {
        let name = entry.text("name");
        entry.finish();
        name
    });
    table.finish();
    Some(LawfulHolidays {
        source: source?.value,
        made_up: made_up?.value,
        fixed,
        tet: tet?,
        gio_to: gio_to?.value,
    })
}

fn tet(mut table: Table<'_>, problems: &mut Problems) -> Option<TetHoliday> {
    let name = table.text("name");
    let mut number = |key, most| {
        let number: Field<u32> = table.required(key)?;
        within(&number, 1, most, problems)
    };
    let (days, days_before) = (number("days", 31), number("days_before", 31));
    table.finish();
    Some(TetHoliday {
        name: name?.value,
        days: days?,
        days_before: days_before?,
    })
}

fn holiday(mut table: Table<'_>, problems: &mut Problems) -> Option<FixedHoliday> {
    let day: Option<Field<u32>> = table.required("day");
    let month: Option<Field<u32>> = table.required("month");
    let name = table.text("name");
    let from_year = table.optional("from_year").map(|year| year.value);
    let two_days_from_year = table.optional("two_days_from_year").map(|year| year.value);
    table.finish();
    let (day, month) = (day?, month?);
    if NaiveDate::from_ymd_opt(2020, month.value, day.value).is_none() {
        let problem = format!("there is no day {}/{}", day.value, month.value);
        problems.errors.push(
            day.at
                .problem(problem, "write day = 1 to 31 and month = 1 to 12"),
        );
        return None;
    }
    Some(FixedHoliday {
        day: day.value,
        month: month.value,
        name: name?.value,
        from_year,
        two_days_from_year,
    })
}

fn lunar(
    mut table: Table<'_>,
    years: &mut Unique<i32>,
    problems: &mut Problems,
) -> Option<LunarDates> {
    let year = year(&mut table, years, problems);
    let mut date = |key| {
        let date: Field<NaiveDate> = table.required(key)?;
        if year.is_some_and(|year| date.year() != year) {
            let problem = format!("{} is not in the year of this entry", date.value);
            problems
                .errors
                .push(date.at.problem(problem, "correct the date or `year`"));
        }
        Some(date.value)
    };
    let (tet, gio_to) = (date("tet"), date("gio_to"));
    table.finish();
    Some(LunarDates {
        tet: tet?,
        gio_to: gio_to?,
    })
}

fn year(table: &mut Table<'_>, years: &mut Unique<i32>, problems: &mut Problems) -> Option<i32> {
    let year: Field<i32> = table.required("year")?;
    table.call(&year.to_string());
    let problem = if YEARS.contains(&year.value) {
        years.add(year.value, &year.to_string(), &year.at)
    } else {
        let problem = format!("{} is not a year this file can speak of", year.value);
        let remedy = format!("write a year from {} to {}", YEARS.start(), YEARS.end());
        Some(year.at.problem(problem, remedy))
    };
    let fits = problem.is_none();
    problems.errors.extend(problem);
    fits.then_some(year.value)
}

/// The number, if it lies from `least` to `most`.
pub(super) fn within(
    number: &Field<u32>,
    least: u32,
    most: u32,
    problems: &mut Problems,
) -> Option<u32> {
    let fits = (least..=most).contains(&number.value);
    if !fits {
        let at: &Place = &number.at;
        problems.errors.push(at.problem(
            format!("{} is out of range", number.value),
            format!("write {least} to {most}"),
        ));
    }
    fits.then_some(number.value)
}
