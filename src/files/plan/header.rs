//! `[plan]` and `[[group]]`: what holds for every row.

use chrono::{Datelike, NaiveDate};

use super::secrecy;
use crate::domain::ids::{AgencyCode, PlanId};
use crate::domain::plan::{Acceptance, Before, Plan, Task, TaskGroup};
use crate::domain::resolution::{Decides, Policy};
use crate::files::agencies::Agencies;
use crate::files::problem::Problems;
use crate::files::toml::{Field, Table};
use crate::files::unique::Unique;

/// Years a plan may be for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// What a plan says about itself; what is missing has been reported.
#[derive(Debug, Default)]
pub(super) struct Header {
    id: Option<String>,
    number: Option<String>,
    title: Option<String>,
    issuer: Option<AgencyCode>,
    monitor: Option<AgencyCode>,
    acceptance: Acceptance,
    extensions: Policy,
    groups: Vec<TaskGroup>,
    /// How the plan means "trước".
    pub before: Before,
    /// Year and day of signature, when both are there and fit.
    pub dates: Option<PlanDates>,
}

/// The year of a plan and the day it was signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlanDates {
    /// The year it plans for.
    pub year: i32,
    /// Day of signature.
    pub issued_on: NaiveDate,
}

impl Header {
    /// Reads `[plan]` and every `[[group]]`.
    pub(crate) fn read(root: &mut Table<'_>, agencies: &Agencies, problems: &mut Problems) -> Self {
        let mut header = Self {
            groups: groups(root, problems),
            ..Self::default()
        };
        if let Some(table) = root.table("plan") {
            header.read_plan(table, agencies, problems);
        }
        if let Some(table) = root.optional_table("extensions") {
            header.read_extensions(table, problems);
        }
        header
    }

    fn read_plan(&mut self, mut table: Table<'_>, agencies: &Agencies, problems: &mut Problems) {
        let id = table.text("id").filter(|id| is_slug(id, problems));
        let number = table.text("number");
        let title = table.text("title");
        let issued_on: Option<Field<NaiveDate>> = table.required("issued_on");
        let year: Option<Field<i32>> = table.required("year");
        let mut agency = |key| {
            table
                .text(key)
                .and_then(|code| agencies.known(&code, problems))
        };
        self.issuer = agency("issuer");
        self.monitor = agency("monitor");
        self.before = table
            .optional("before")
            .map(|before| before.value)
            .unwrap_or_default();
        self.acceptance = table
            .optional("acceptance")
            .map(|needed| needed.value)
            .unwrap_or_default();
        problems.errors.extend(secrecy::of_table(&mut table));
        problems
            .errors
            .extend(number.as_ref().and_then(secrecy::of_number));
        problems
            .errors
            .extend(title.as_ref().and_then(secrecy::of_text));
        table.finish();
        self.dates = year
            .zip(issued_on)
            .and_then(|(year, issued_on)| fitting(&year, &issued_on, problems));
        self.id = id.map(|id| id.value);
        self.number = number.map(|number| number.value);
        self.title = title.map(|title| title.value);
    }

    /// How much more time may be granted, and by whom; without the table, as much of the plan's year as the monitor sees fit.
    fn read_extensions(&mut self, mut table: Table<'_>, problems: &mut Problems) {
        let decides: Option<Field<Decides>> = table.optional("decides");
        let most: Option<Field<u32>> = table.optional("most");
        let latest: Option<Field<NaiveDate>> = table.optional("latest");
        table.finish();
        if let (Some(latest), Some(dates)) = (&latest, self.dates)
            && latest.value <= dates.issued_on
        {
            let problem = format!(
                "no due day lies before {}, when the plan was issued",
                dates.issued_on
            );
            problems.errors.push(
                latest
                    .at
                    .problem(problem, "write the last day that an extension may reach"),
            );
        }
        self.extensions = Policy {
            decides: decides.map(|decides| decides.value).unwrap_or_default(),
            most: most.map(|most| most.value),
            latest: latest.map(|latest| latest.value),
        };
    }

    /// Whether the appendix has a group of that numeral.
    pub(crate) fn has_group(&self, id: &str) -> bool {
        self.groups.iter().any(|group| group.id == id)
    }

    /// The numerals of the groups.
    pub(crate) fn group_ids(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|group| group.id.as_str())
    }

    /// The plan, if it says everything about itself.
    pub(crate) fn into_plan(self, tasks: Vec<Task>) -> Option<Plan> {
        let PlanDates { year, issued_on } = self.dates?;
        Some(Plan {
            id: PlanId::new(self.id?),
            number: self.number?,
            title: self.title?,
            issued_on,
            year,
            issuer: self.issuer?,
            monitor: self.monitor?,
            before: self.before,
            acceptance: self.acceptance,
            extensions: Policy {
                latest: self.extensions.latest.or(last_day_of(year)),
                ..self.extensions
            },
            groups: self.groups,
            tasks,
        })
    }
}

fn groups(root: &mut Table<'_>, problems: &mut Problems) -> Vec<TaskGroup> {
    let mut ids = Unique::new("the group");
    let mut groups = Vec::new();
    for mut table in root.tables("group") {
        let id = table.text("id");
        let title = table.text("title");
        if let Some(id) = &id {
            problems
                .errors
                .extend(ids.add(id.value.clone(), id, &id.at));
        }
        problems
            .errors
            .extend(title.as_ref().and_then(secrecy::of_text));
        table.finish();
        groups.extend(id.map(|id| TaskGroup {
            id: id.value,
            title: title.map(|title| title.value).unwrap_or_default(),
        }));
    }
    groups
}

/// A plan for a year is signed between July of the year before and the end of the year.
fn fitting(
    year: &Field<i32>,
    issued_on: &Field<NaiveDate>,
    problems: &mut Problems,
) -> Option<PlanDates> {
    if !YEARS.contains(&year.value) {
        let remedy = format!("write a year from {} to {}", YEARS.start(), YEARS.end());
        problems.errors.push(
            year.at
                .problem(format!("the plan is for the year {}", year.value), remedy),
        );
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year.value - 1, 7, 1)?;
    if issued_on.value < first || issued_on.year() > year.value {
        let problem = format!(
            "a plan for {} was not issued on {}",
            year.value, issued_on.value
        );
        let remedy = format!(
            "correct `issued_on`, or `year` on line {}: issued from {first} to {}-12-31",
            year.at.line, year.value
        );
        problems.errors.push(issued_on.at.problem(problem, remedy));
        return None;
    }
    Some(PlanDates {
        year: year.value,
        issued_on: issued_on.value,
    })
}

fn last_day_of(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 12, 31)
}

fn is_slug(id: &Field<String>, problems: &mut Problems) -> bool {
    let fits = id
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits {
        let remedy = "write small letters, digits and dashes, as in quang-nam-2020";
        problems.errors.push(
            id.at
                .problem(format!("“{}” is not a plan's id", id.value), remedy),
        );
    }
    fits
}
