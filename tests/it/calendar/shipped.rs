//! Reads the shipped calendar for its tests, strictly and without a word on what is wrong.

use chrono::Datelike;
use dondoc::domain::calendar::{
    Calendar, DayKind, FixedHoliday, LawfulHolidays, LunarDates, SpecialDay, TetHoliday,
    YearSchedule, YearStatus,
};
use toml_span::Value;

use super::date;

const SHIPPED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/schedules/calendar.toml"
));

/// The file as domain values; panics on anything its head does not describe.
pub struct Shipped {
    pub listed: Vec<YearSchedule>,
    pub law: LawfulHolidays,
    pub lunar: Vec<LunarDates>,
}

impl Shipped {
    pub fn read() -> Self {
        let file = toml_span::parse(SHIPPED).unwrap();
        let fixed = at(&file, "fixed");
        let tet = at(fixed, "tet");
        Self {
            listed: list(&file, "year").iter().map(schedule).collect(),
            law: LawfulHolidays {
                source: text(fixed, "source"),
                made_up: text(fixed, "made_up"),
                fixed: list(fixed, "days").iter().map(holiday).collect(),
                tet: TetHoliday {
                    name: text(tet, "name"),
                    days: number(tet, "days").unwrap(),
                    days_before: number(tet, "days_before").unwrap(),
                },
                gio_to: text(at(fixed, "gio_to"), "name"),
            },
            lunar: list(&file, "lunar")
                .iter()
                .map(|entry| LunarDates {
                    tet: date(&text(entry, "tet")),
                    gio_to: date(&text(entry, "gio_to")),
                })
                .collect(),
        }
    }

    pub fn calendar(self) -> Calendar {
        Calendar::with_years(self.listed, &self.law, &self.lunar)
    }

    pub fn lunar_of(&self, year: i32) -> Option<LunarDates> {
        self.lunar
            .iter()
            .find(|dates| dates.tet.year() == year)
            .copied()
    }
}

fn at<'v, 'de>(table: &'v Value<'de>, key: &str) -> &'v Value<'de> {
    table
        .pointer(&format!("/{key}"))
        .unwrap_or_else(|| panic!("no {key}"))
}

fn list<'v, 'de>(table: &'v Value<'de>, key: &str) -> &'v [Value<'de>] {
    table
        .pointer(&format!("/{key}"))
        .map_or(&[], |value| value.as_array().unwrap())
}

fn text(table: &Value<'_>, key: &str) -> String {
    at(table, key).as_str().unwrap().to_owned()
}

fn number<N: TryFrom<i64, Error: std::fmt::Debug>>(table: &Value<'_>, key: &str) -> Option<N> {
    let value = table.pointer(&format!("/{key}"))?;
    Some(N::try_from(value.as_integer().unwrap()).unwrap())
}

fn holiday(entry: &Value<'_>) -> FixedHoliday {
    FixedHoliday {
        day: number(entry, "day").unwrap(),
        month: number(entry, "month").unwrap(),
        name: text(entry, "name"),
        from_year: number(entry, "from_year"),
        two_days_from_year: number(entry, "two_days_from_year"),
    }
}

fn schedule(entry: &Value<'_>) -> YearSchedule {
    let source = text(entry, "source");
    assert_eq!(text(entry, "status"), "official");
    let days = [("off", DayKind::Off), ("worked", DayKind::Worked)]
        .into_iter()
        .flat_map(|(key, kind)| list(entry, key).iter().map(move |day| (kind, day)));
    YearSchedule {
        year: number(entry, "year").unwrap(),
        days: days
            .map(|(kind, day)| {
                let confirmed = day
                    .pointer("/confirmed")
                    .is_none_or(|value| value.as_bool().unwrap());
                let special = SpecialDay {
                    kind,
                    name: text(day, "name"),
                    source: source.clone(),
                    confirmed,
                };
                (date(&text(day, "on")), special)
            })
            .collect(),
        status: YearStatus::Official { source },
    }
}
