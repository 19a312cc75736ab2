use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn fixed(day: u32, month: u32, name: &str) -> FixedHoliday {
    FixedHoliday {
        day,
        month,
        name: name.into(),
        from_year: None,
        two_days_from_year: None,
    }
}

fn law() -> LawfulHolidays {
    LawfulHolidays {
        source: "Labour Code".into(),
        made_up: "for".into(),
        fixed: vec![
            fixed(1, 1, "New Year"),
            fixed(30, 4, "Victory"),
            fixed(1, 5, "Labour"),
            FixedHoliday {
                two_days_from_year: Some(2021),
                ..fixed(2, 9, "National")
            },
            FixedHoliday {
                from_year: Some(2026),
                ..fixed(24, 11, "Culture")
            },
        ],
        tet: TetHoliday {
            name: "Tet".into(),
            days: 5,
            days_before: 1,
        },
        gio_to: "Kings".into(),
    }
}

fn lunar(tet: &str, gio_to: &str) -> LunarDates {
    LunarDates {
        tet: date(tet),
        gio_to: date(gio_to),
    }
}

/// The year as "month-day name" lines.
fn listed(year: i32, lunar: Option<LunarDates>) -> Vec<String> {
    let days = provisional_year(year, &law(), lunar);
    days.iter()
        .map(|(day, special)| format!("{} {}", day.format("%m-%d"), special.name))
        .collect()
}

#[test]
fn a_year_by_law_has_fixed_and_lunar_holidays_and_makes_up_for_weekends() {
    assert_eq!(
        listed(2027, Some(lunar("2027-02-06", "2027-04-16"))),
        [
            "01-01 New Year",
            "02-05 Tet",
            "02-08 Tet",
            "02-09 Tet",
            "02-10 for Tet",
            "02-11 for Tet",
            "04-16 Kings",
            "04-30 Victory",
            "05-03 for Labour",
            "09-02 National",
            "09-03 National",
            "11-24 Culture",
        ]
    );
}

#[test]
fn without_lunar_dates_only_the_fixed_holidays_are_known() {
    assert_eq!(
        listed(2020, None),
        [
            "01-01 New Year",
            "04-30 Victory",
            "05-01 Labour",
            "09-02 National"
        ]
    );
}

#[test]
fn holidays_in_a_row_on_a_weekend_are_made_up_one_after_the_other() {
    // 2023: Kings on Saturday 29/4, Victory on Sunday, Labour on Monday.
    let days = listed(2023, Some(lunar("2023-01-22", "2023-04-29")));
    let spring: Vec<_> = days.iter().filter(|day| day.starts_with("05")).collect();
    assert_eq!(
        spring,
        ["05-01 Labour", "05-02 for Kings", "05-03 for Victory"]
    );
}

#[test]
fn two_holidays_on_one_day_are_one_day_off() {
    let days = listed(2025, Some(lunar("2025-01-29", "2025-04-30")));
    let spring: Vec<_> = days
        .iter()
        .filter(|day| day.starts_with("04") || day.starts_with("05"))
        .collect();
    assert_eq!(spring, ["04-30 Victory", "05-01 Labour"]);
}

#[test]
fn the_second_day_of_2_september_is_the_one_decided_from_2021_to_2026() {
    let cases = [
        (2020, "09-02 National", ""),
        (2021, "09-02 National", "09-03 National"),
        (2022, "09-01 National", "09-02 National"),
        (2023, "09-01 National", "09-04 for National"),
        (2024, "09-02 National", "09-03 National"),
        (2025, "09-01 National", "09-02 National"),
        (2026, "09-01 National", "09-02 National"),
        (2029, "09-03 National", "09-04 for National"),
    ];
    for (year, first, second) in cases {
        let mut days = listed(year, None)
            .into_iter()
            .filter(|day| day.starts_with("09"));
        assert_eq!(days.next().unwrap_or_default(), first, "{year}");
        assert_eq!(days.next().unwrap_or_default(), second, "{year}");
        assert_eq!(days.next(), None, "{year}");
    }
}

#[test]
fn a_holiday_counts_from_the_year_the_law_names() {
    assert!(!listed(2025, None).contains(&"11-24 Culture".to_owned()));
    assert!(listed(2026, None).contains(&"11-24 Culture".to_owned()));
}

#[test]
fn days_by_law_are_weekdays_off_in_order_and_none_is_confirmed() {
    for year in 1900..2200 {
        let days = provisional_year(year, &law(), None);
        assert!(days.is_sorted_by(|(a, _), (b, _)| a < b), "{year}");
        for (day, special) in days {
            assert!(!is_weekend(day) && day.year() == year, "{day}");
            assert!(special.kind == DayKind::Off && !special.confirmed, "{day}");
            assert_eq!(special.source, "Labour Code");
        }
    }
}

#[test]
fn a_year_or_a_day_that_does_not_exist_gives_no_holidays() {
    let mut odd = law();
    odd.fixed = vec![fixed(31, 2, "Never")];
    assert!(provisional_year(2027, &odd, None).is_empty());
    for year in [
        i32::MIN,
        i32::MAX,
        NaiveDate::MIN.year(),
        NaiveDate::MAX.year(),
    ] {
        let ends = LunarDates {
            tet: NaiveDate::MIN,
            gio_to: NaiveDate::MAX,
        };
        for (day, _) in provisional_year(year, &law(), Some(ends)) {
            assert!(!is_weekend(day));
        }
    }
}
