use super::*;
use crate::domain::calendar::TetHoliday;

mod properties;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn special(kind: DayKind) -> SpecialDay {
    SpecialDay {
        kind,
        name: "holiday".into(),
        source: "test".into(),
        confirmed: true,
    }
}

fn calendar(off: &[&str], worked: &[&str]) -> Calendar {
    let off = off.iter().map(|day| (date(day), special(DayKind::Off)));
    let worked = worked
        .iter()
        .map(|day| (date(day), special(DayKind::Worked)));
    Calendar::new(off.chain(worked))
}

fn may_2024() -> Calendar {
    calendar(&["2024-04-29", "2024-04-30", "2024-05-01"], &["2024-05-04"])
}

fn law() -> LawfulHolidays {
    LawfulHolidays {
        source: "law".into(),
        made_up: "for".into(),
        fixed: Vec::new(),
        tet: TetHoliday {
            name: "Tet".into(),
            days: 5,
            days_before: 1,
        },
        gio_to: "Kings".into(),
    }
}

#[test]
fn days_off_and_saturdays_worked_override_the_week() {
    let calendar = may_2024();
    for (day, worked) in [
        ("2024-04-26", true),
        ("2024-04-27", false),
        ("2024-04-29", false),
        ("2024-05-02", true),
        ("2024-05-04", true),
        ("2024-05-05", false),
    ] {
        assert_eq!(calendar.is_working_day(date(day)), worked, "{day}");
    }
}

#[test]
fn rolling_and_counting_skip_days_off_and_use_saturdays_worked() {
    let calendar = may_2024();
    assert_eq!(
        calendar.working_day_not_after(date("2024-05-01")),
        date("2024-04-26")
    );
    assert_eq!(
        calendar.working_day_not_before(date("2024-04-27")),
        date("2024-05-02")
    );
    assert_eq!(
        calendar.working_days_after(date("2024-04-26"), 3),
        date("2024-05-04")
    );
    assert_eq!(
        calendar.working_days_after(date("2024-04-30"), 0),
        date("2024-04-30")
    );
    assert_eq!(
        calendar.working_days_before(date("2024-05-06"), 1),
        date("2024-05-04")
    );
    assert_eq!(
        calendar.working_days_before(date("2024-05-05"), 4),
        date("2024-04-26")
    );
    assert_eq!(
        calendar.working_days_between(date("2024-04-26"), date("2024-05-06")),
        4
    );
    assert_eq!(
        calendar.working_days_between(date("2024-05-06"), date("2024-04-26")),
        -4
    );
}

#[test]
fn a_term_ends_on_its_last_day_or_the_next_working_day() {
    let calendar = may_2024();
    assert_eq!(
        calendar.term_of_days(date("2024-04-01"), 25),
        date("2024-04-26")
    );
    assert_eq!(
        calendar.term_of_days(date("2024-04-01"), 26),
        date("2024-05-02")
    );
    assert_eq!(
        calendar.term_of_days(date("2024-04-26"), 0),
        date("2024-04-26")
    );
}

#[test]
fn special_days_of_a_reversed_range_are_none() {
    let calendar = may_2024();
    assert_eq!(
        calendar
            .special_days(date("2024-04-30"), date("2024-05-04"))
            .count(),
        3
    );
    assert_eq!(
        calendar
            .special_days(date("2024-05-04"), date("2024-04-30"))
            .count(),
        0
    );
}

#[test]
fn a_holiday_listed_on_a_sunday_takes_nothing_from_the_count() {
    let calendar = calendar(&["2024-05-05"], &["2024-05-06"]);
    assert_eq!(
        calendar.working_days_between(date("2024-05-03"), date("2024-05-10")),
        5
    );
}

#[test]
fn the_law_fills_years_without_a_schedule_and_the_status_says_so() {
    let status = YearStatus::Official {
        source: "decision".into(),
    };
    let days = vec![(date("2026-02-16"), special(DayKind::Off))];
    let listed = YearSchedule {
        year: 2026,
        status: status.clone(),
        days,
    };
    let lunar =
        [("2026-02-17", "2026-04-26"), ("2027-02-06", "2027-04-16")].map(|(tet, gio_to)| {
            LunarDates {
                tet: date(tet),
                gio_to: date(gio_to),
            }
        });
    let calendar = Calendar::with_years([listed], &law(), &lunar);

    let source = || "law".to_owned();
    assert_eq!(calendar.year_status(2025), &YearStatus::Absent);
    assert_eq!(calendar.year_status(2026), &status);
    assert_eq!(
        calendar.year_status(2027),
        &YearStatus::ByLaw { source: source() }
    );
    assert_eq!(
        calendar.year_status(2028),
        &YearStatus::FixedOnly { source: source() }
    );
    assert_eq!(
        calendar.year_status(2087),
        &YearStatus::FixedOnly { source: source() }
    );
    assert_eq!(calendar.year_status(2088), &YearStatus::Absent);
    assert!(!calendar.is_working_day(date("2026-02-16")));
    assert!(
        calendar.is_working_day(date("2026-02-17")),
        "an official year gets nothing from the law"
    );
    assert!(!calendar.is_working_day(date("2027-02-11")));
}

#[test]
fn a_calendar_without_data_knows_weekends_only() {
    let empty = Calendar::with_years([], &law(), &[]);
    assert_eq!(empty, Calendar::default());
    assert_eq!(empty.year_status(2026), &YearStatus::Absent);
    assert_eq!(
        empty.working_days_between(date("2026-01-05"), date("2026-01-12")),
        5
    );
}

#[test]
fn every_question_is_answered_at_the_ends_of_the_range_of_dates() {
    let (first, last) = (NaiveDate::MIN, NaiveDate::MAX);
    let (second, before_last) = (first.succ_opt().unwrap(), last.pred_opt().unwrap());
    let off =
        |days: &[NaiveDate]| Calendar::new(days.iter().map(|day| (*day, special(DayKind::Off))));
    for calendar in [
        Calendar::default(),
        off(&[first, second, before_last, last]),
    ] {
        assert_eq!(calendar.working_days_after(last, 1), last);
        assert_eq!(calendar.working_days_after(first, u32::MAX), last);
        assert_eq!(calendar.working_days_before(first, 1), first);
        assert_eq!(calendar.working_days_before(last, u32::MAX), first);
        assert_eq!(calendar.term_of_days(last, u32::MAX), last);
        assert_eq!(calendar.working_day_not_before(last), last);
        assert_eq!(calendar.working_day_not_after(first), first);
        let whole = calendar.working_days_between(first, last);
        assert!(whole > 130_000_000, "{whole}");
        assert_eq!(calendar.working_days_between(last, first), -whole);
    }
}
