//! The shipped `schedules/calendar.toml`, year by year against `Calendar`.

mod shipped;

use chrono::{Datelike, NaiveDate};
use dondoc::domain::calendar::{Calendar, DayKind, SpecialDay, YearStatus, provisional_year};

use shipped::Shipped;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn each_year_has_its_first_last_and_odd_days() {
    let calendar = Shipped::read().calendar();
    for (day, worked, why) in [
        ("2020-01-01", false, "New Year"),
        ("2020-01-22", true, "last day before Tết"),
        ("2020-01-23", false, "first day of Tết"),
        ("2020-01-29", false, "last day of Tết"),
        ("2020-01-30", true, "first working day after Tết"),
        ("2020-09-03", true, "2/9 was one day"),
        ("2020-12-31", true, "last day"),
        ("2021-02-09", true, "last day before Tết"),
        ("2021-02-17", true, "first working day after Tết"),
        ("2021-05-03", false, "for Saturday 1/5"),
        ("2021-09-03", false, "second day of 2/9"),
        ("2022-01-03", false, "for Saturday 1/1"),
        ("2022-02-04", false, "last day of Tết"),
        ("2022-05-03", false, "for Sunday 1/5"),
        ("2022-09-01", false, "second day of 2/9"),
        ("2023-01-26", false, "for Tết on a weekend"),
        ("2023-05-03", false, "three holidays in a row"),
        ("2023-09-04", false, "for Saturday 2/9"),
        ("2023-12-29", true, "last day"),
        ("2024-04-29", false, "swapped"),
        ("2024-05-04", true, "the Saturday for 29/4"),
        ("2024-05-05", false, "the Sunday after it"),
        ("2025-01-27", false, "first day of Tết"),
        ("2025-04-26", true, "the Saturday for 2/5"),
        ("2025-05-02", false, "swapped"),
        ("2026-01-02", false, "swapped"),
        ("2026-01-10", true, "the Saturday for 2/1"),
        ("2026-04-27", false, "for Sunday 26/4"),
        ("2026-08-22", true, "the Saturday for 31/8"),
        ("2026-08-31", false, "swapped"),
        ("2026-11-23", true, "its swap is not announced"),
        ("2026-11-24", false, "Culture Day, new"),
        ("2027-02-11", false, "for Tết on a weekend, by law"),
        ("2027-11-24", false, "Culture Day, by law"),
        (
            "2050-05-02",
            false,
            "for Sunday 1/5, beyond the lunar table",
        ),
    ] {
        assert_eq!(calendar.is_working_day(date(day)), worked, "{day}: {why}");
    }
}

#[test]
fn the_deadlines_of_2020_fall_on_the_days_people_counted() {
    let calendar = Shipped::read().calendar();
    assert_eq!(
        calendar.term_of_days(date("2019-12-31"), 30),
        date("2020-01-30")
    );
    assert_eq!(
        calendar.working_day_not_after(date("2020-04-30")),
        date("2020-04-29")
    );
    assert_eq!(
        calendar.working_days_before(date("2020-01-30"), 7),
        date("2020-01-14")
    );
    assert_eq!(
        calendar.working_days_between(date("2019-12-31"), date("2020-12-31")),
        252
    );
}

/// "100 ngày làm việc, từ 10/7/2026 đến hết 30/11/2026" was written before 24/11 became a day off.
#[test]
fn from_10_july_to_30_november_2026_both_counted_there_are_99_working_days() {
    let calendar = Shipped::read().calendar();
    assert!(calendar.is_working_day(date("2026-07-10")));
    assert_eq!(
        calendar.working_days_between(date("2026-07-09"), date("2026-11-30")),
        99
    );
    assert_eq!(
        calendar.working_days_after(date("2026-07-09"), 99),
        date("2026-11-30")
    );
}

/// The schedules were copied from announcements, the rules from the law: apart from swaps each must give the other.
#[test]
fn official_years_are_what_the_law_gives_and_swaps() {
    let shipped = Shipped::read();
    for schedule in &shipped.listed {
        let mut law = shipped.law.clone();
        law.tet.days_before = if matches!(schedule.year, 2022 | 2026) {
            1
        } else {
            2
        };
        let lawful = provisional_year(schedule.year, &law, shipped.lunar_of(schedule.year));
        let lawful: Vec<_> = lawful
            .iter()
            .map(|(day, special)| (*day, special.name.as_str()))
            .collect();
        let is_swap = |special: &SpecialDay| special.name.starts_with("hoán đổi");
        let (swapped, official): (Vec<_>, Vec<_>) = schedule
            .days
            .iter()
            .filter(|(_, special)| special.kind == DayKind::Off)
            .partition(|(_, special)| is_swap(special));
        let official: Vec<_> = official
            .iter()
            .map(|(day, special)| (*day, special.name.as_str()))
            .collect();
        assert_eq!(official, lawful, "{}", schedule.year);
        let worked = schedule
            .days
            .iter()
            .filter(|(_, special)| special.kind == DayKind::Worked)
            .count();
        assert_eq!(
            swapped.len(),
            worked,
            "a swapped day has its Saturday in {}",
            schedule.year
        );
    }
}

#[test]
fn every_listed_day_lies_in_its_year_and_changes_something() {
    for schedule in Shipped::read().listed {
        let week = Calendar::default();
        for (day, special) in &schedule.days {
            assert_eq!(day.year(), schedule.year, "{day}");
            assert_eq!(
                week.is_working_day(*day),
                special.kind == DayKind::Off,
                "{day}"
            );
            assert!(special.confirmed, "{day}");
        }
    }
}

#[test]
fn tet_and_gio_to_are_known_to_2040_and_lie_where_the_moon_allows() {
    let shipped = Shipped::read();
    let years: Vec<_> = shipped.lunar.iter().map(|dates| dates.tet.year()).collect();
    assert_eq!(years, (2020..=2040).collect::<Vec<_>>());
    for dates in &shipped.lunar {
        let year = dates.tet.year();
        let between =
            |from: &str, to: &str| date(&format!("{year}-{from}"))..=date(&format!("{year}-{to}"));
        assert!(
            between("01-21", "02-20").contains(&dates.tet),
            "{}",
            dates.tet
        );
        assert!(
            between("03-30", "04-30").contains(&dates.gio_to),
            "{}",
            dates.gio_to
        );
        // Two months and nine days, or three months when one is doubled.
        let days = (dates.gio_to - dates.tet).num_days();
        assert!(matches!(days, 67..=69 | 96..=98), "{year}: {days}");
    }
}

#[test]
fn the_status_tells_official_years_from_those_by_law_and_those_not_in_the_data() {
    let shipped = Shipped::read();
    let source = shipped.law.source.clone();
    let calendar = shipped.calendar();
    for year in 2020..=2026 {
        assert!(
            matches!(calendar.year_status(year), YearStatus::Official { .. }),
            "{year}"
        );
    }
    assert_eq!(
        calendar.year_status(2027),
        &YearStatus::ByLaw {
            source: source.clone()
        }
    );
    assert_eq!(
        calendar.year_status(2040),
        &YearStatus::ByLaw {
            source: source.clone()
        }
    );
    assert_eq!(
        calendar.year_status(2041),
        &YearStatus::FixedOnly { source }
    );
    assert_eq!(calendar.year_status(2019), &YearStatus::Absent);
    let provisional = calendar.special_days(date("2027-01-01"), date("2027-12-31"));
    assert_eq!(
        provisional
            .filter(|(_, special)| !special.confirmed)
            .count(),
        12
    );
}
