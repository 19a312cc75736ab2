//! `dondoc calendar`: the days of a year that are not like others.

use std::io::{self, Write};

use anyhow::Context as _;
use chrono::NaiveDate;
use serde::Serialize;

use super::config_file::ConfigFile;
use super::exit::Exit;
use crate::domain::calendar::{Calendar, DayKind, YearStatus};
use crate::files::load_calendar;

/// Options of `dondoc calendar`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dondoc calendar 2026\n  dondoc calendar 2027 --json | jq -r '.days[].on'"
)]
pub struct CalendarArgs {
    /// The year
    #[arg(value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: i32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// The days of a year; the JSON of `dondoc calendar --json`.
#[derive(Debug, Serialize)]
struct Overview {
    year: i32,
    status: &'static str,
    source: Option<String>,
    note: Option<&'static str>,
    days: Vec<Day>,
}

#[derive(Debug, Serialize)]
struct Day {
    on: NaiveDate,
    weekday: String,
    kind: &'static str,
    name: String,
    source: String,
    confirmed: bool,
}

/// Prints the days off and the swapped working days of a year.
///
/// # Errors
/// That the configuration or the calendar has problems, or that nothing can be written.
pub fn run(args: &CalendarArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let config = args
        .config
        .load()
        .context("cannot read the configuration")?;
    let calendar = load_calendar(&config.schedules).context("cannot read the calendar")?;
    let overview = Overview::of(args.year, &calendar);
    if args.json {
        serde_json::to_writer(&mut *out, &overview)?;
        writeln!(out)?;
    } else {
        overview.print(out)?;
    }
    Ok(Exit::Fine)
}

impl Overview {
    fn of(year: i32, calendar: &Calendar) -> Self {
        let (status, source, note) = match calendar.year_status(year) {
            YearStatus::Official { source } => ("official", Some(source), None),
            YearStatus::ByLaw { source } => (
                "by-law",
                Some(source),
                Some(
                    "The official schedule of this year is not in calendar.toml: these days follow from the law and \
                    from the dates of Tết and Giỗ Tổ. They are provisional; swaps are not known.",
                ),
            ),
            YearStatus::FixedOnly { source } => (
                "fixed-only",
                Some(source),
                Some(
                    "The official schedule of this year is not in calendar.toml, nor are its Tết and Giỗ Tổ: only the \
                    holidays with a fixed date are known. They are provisional.",
                ),
            ),
            YearStatus::Absent => (
                "absent",
                None,
                Some("calendar.toml does not reach this year: only weekends are known."),
            ),
        };
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN);
        let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX);
        let days = calendar.special_days(first, last).map(|(on, special)| Day {
            on,
            weekday: on.format("%a").to_string(),
            kind: match special.kind {
                DayKind::Off => "off",
                DayKind::Worked => "worked",
            },
            name: special.name.clone(),
            source: special.source.clone(),
            confirmed: special.confirmed,
        });
        Self {
            year,
            status,
            source: source.cloned(),
            note,
            days: days.collect(),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}: {}", self.year, self.status)?;
        if let Some(source) = &self.source {
            writeln!(out, "source: {source}")?;
        }
        if let Some(note) = self.note {
            writeln!(out, "{note}")?;
        }
        for (kind, title) in [("off", "Days off"), ("worked", "Worked in exchange")] {
            let days: Vec<&Day> = self.days.iter().filter(|day| day.kind == kind).collect();
            if days.is_empty() {
                continue;
            }
            writeln!(out, "\n{title}")?;
            for day in days {
                let doubt = if day.confirmed {
                    ""
                } else {
                    "  (not confirmed)"
                };
                let source = if Some(&day.source) == self.source.as_ref() {
                    ""
                } else {
                    day.source.as_str()
                };
                writeln!(
                    out,
                    "  {} {}  {}{doubt}  {source}",
                    day.on, day.weekday, day.name
                )?;
            }
        }
        Ok(())
    }
}
