//! The milestones of a row: derived from its cells, or settled by a person in the plan file.

use chrono::{Datelike, NaiveDate};

use super::header::PlanDates;
use super::tasks::{Frame, Row};
use super::{leads, owners};
use crate::domain::deadline::{Context, Draft, parse_row};
use crate::domain::ids::{AgencyCode, MilestoneId};
use crate::domain::plan::{Milestone, MilestoneKind};
use crate::files::problem::Problems;
use crate::files::toml::{Field, Place, Table};

/// What settles a row that cannot be read.
fn settle(year: i32) -> String {
    format!(
        "give the row an explicit list: milestones = [ {{ label = \"…\", kind = \"due\", due_on = \"{year}-03-31\", opens_on = \"{year}-01-01\" }} ]"
    )
}

/// Further from the plan's year than this, a day is a slip of the pen.
const NEAR_YEARS: i32 = 5;

/// What settles whose a milestone is.
const LEADS: &str = "name in its lead cell or in `leads` who is meant, or give the row a list of milestones in which each says whose it is: \
    milestones = [ { due_on = \"2020-03-31\", leads = [\"STP\"] } ]";

/// Reads the cells of a row. A cell that is not understood leaves the row without milestones, and a warning.
pub(super) fn derived(
    row: &Row,
    leads: &[AgencyCode],
    at: &Place,
    frame: &Frame<'_>,
    problems: &mut Problems,
) -> Vec<Milestone> {
    let Some(dates) = row.dates else {
        return Vec::new();
    };
    let context = Context {
        year: dates.year,
        issued_on: Some(dates.issued_on),
        before: frame.header.before,
        calendar: frame.calendar,
    };
    let drafts = match parse_row(&row.deadline, &row.product, &context) {
        Ok(drafts) => drafts,
        Err(stopped) => {
            let problem = format!(
                "the deadline is not understood at “{}”: {}",
                stopped.words, stopped.reason
            );
            problems
                .warnings
                .push(row.deadline.at.problem(problem, settle(dates.year)));
            return Vec::new();
        }
    };
    let (tracked, old): (Vec<Draft>, Vec<Draft>) = drafts
        .into_iter()
        .partition(|draft| draft.due_on.is_none_or(|due| due >= dates.issued_on));
    if !old.is_empty() {
        let problem = format!(
            "{} is before the plan was issued ({}): not followed up",
            list(old.iter().filter_map(|draft| draft.due_on)),
            dates.issued_on
        );
        problems
            .warnings
            .push(row.deadline.at.problem(problem, settle(dates.year)));
    }
    let tracked: Vec<Draft> = tracked
        .into_iter()
        .map(|draft| opened_after_issue(draft, dates.issued_on))
        .collect();
    let outside = tracked
        .iter()
        .filter_map(|draft| draft.due_on)
        .filter(|due| due.year() != dates.year);
    warn_outside(outside, &row.deadline.at, dates, problems);
    if tracked.is_empty() && old.is_empty() {
        let problem = "the row gives no milestone";
        problems
            .warnings
            .push(at.problem(problem, settle(dates.year)));
    }
    let owned = owners::divide(tracked, leads, frame.directory);
    if let Some(nobody) = &owned.nobody {
        let problem = format!("“{nobody}” names nobody who leads the row: not followed up");
        problems
            .warnings
            .push(row.deadline.at.problem(problem, LEADS));
    }
    if let Some(label) = &owned.everybody {
        let problem = format!(
            "“{label}” is laid on all who lead the row, beside days that are some agencies' alone"
        );
        let remedy = format!("leave it if it is meant; otherwise {LEADS}");
        problems
            .warnings
            .push(row.deadline.at.problem(problem, remedy));
    }
    number(owned.drafts, row, frame)
}

/// What runs already on the day of issue opens on the day after it: a decision is signed during the day, and its agencies
/// are told of all that it begins in one brief. What is due on that very day stays.
fn opened_after_issue(mut draft: Draft, issued_on: NaiveDate) -> Draft {
    let after = issued_on.succ_opt();
    if let (Some(opens), Some(due), Some(after)) = (draft.opens_on, draft.due_on, after)
        && opens < after
        && after <= due
    {
        draft.opens_on = Some(after);
    }
    draft
}

/// One entry of an explicit list.
#[derive(Debug)]
struct Entry {
    at: Place,
    label: Option<Field<String>>,
    kind: MilestoneKind,
    due_on: Option<Field<NaiveDate>>,
    opens_on: Option<Field<NaiveDate>>,
    /// Whose it is, as codes; `None`: of all who lead the row.
    leads: Option<Vec<Field<String>>>,
}

/// The explicit list of a row.
#[derive(Debug)]
pub(super) struct Settled(Vec<Entry>);

impl Settled {
    /// Reads the list; what contradicts itself is an error.
    pub(crate) fn read(tables: Vec<Table<'_>>, problems: &mut Problems) -> Self {
        let read = |mut table: Table<'_>| {
            let kind: Option<Field<MilestoneKind>> = table.optional("kind");
            let kind_unreadable = kind.is_none() && table.has("kind");
            let entry = Entry {
                label: table.optional_text("label"),
                kind: kind.map_or(MilestoneKind::Due, |kind| kind.value),
                due_on: table.optional("due_on"),
                opens_on: table.optional("opens_on"),
                leads: table.list("leads"),
                at: table.place(),
            };
            // A date that is there and cannot be read has been reported as such.
            let has_due = table.has("due_on");
            table.finish();
            match (entry.kind, has_due) {
                _ if kind_unreadable => {}
                (MilestoneKind::Due, false) => {
                    problems.errors.push(entry.at.problem(
                        "a milestone that is due has no `due_on`",
                        "add due_on = \"2020-03-31\"",
                    ));
                }
                (MilestoneKind::Continuous | MilestoneKind::Event, true) => {
                    let problem = format!(
                        "a milestone of kind “{}” has no due date",
                        entry.kind.as_str()
                    );
                    problems.errors.push(
                        entry
                            .at
                            .problem(problem, "remove `due_on`, or write kind = \"due\""),
                    );
                }
                _ => {}
            }
            if let (Some(opens), Some(due)) = (&entry.opens_on, &entry.due_on)
                && opens.value > due.value
            {
                let problem = format!(
                    "it is due on {} and opens later, on {}",
                    due.value, opens.value
                );
                problems
                    .errors
                    .push(due.at.problem(problem, "exchange or correct the two dates"));
            }
            entry
        };
        Self(tables.into_iter().map(read).collect())
    }
}

/// The milestones of an explicit list, which replace the derived ones.
pub(super) fn settled(
    settled: Settled,
    row: &Row,
    leads: &[AgencyCode],
    frame: &Frame<'_>,
    problems: &mut Problems,
) -> Vec<Milestone> {
    let Some(dates) = row.dates else {
        return Vec::new();
    };
    for due in settled.0.iter().filter_map(|entry| entry.due_on.as_ref()) {
        if due.value < dates.issued_on {
            let problem = format!(
                "{} is before the plan was issued ({})",
                due.value, dates.issued_on
            );
            problems.errors.push(
                due.at
                    .problem(problem, "correct the date, or take the entry off the list"),
            );
        } else if due.year() != dates.year {
            warn_outside([due.value], &due.at, dates, problems);
        }
    }
    let mut drafts = Vec::new();
    for entry in settled.0 {
        let owners = entry.leads.as_deref().and_then(|listed| {
            let found = leads::listed(listed, frame.agencies, problems)?;
            if let Some(other) = found.iter().find(|code| !leads.contains(code)) {
                let problem = format!("{other} does not lead the row");
                problems.errors.push(entry.at.problem(problem, LEADS));
            }
            Some(found)
        });
        let draft = Draft {
            kind: entry.kind,
            label: entry.label.map(|label| label.value).unwrap_or_default(),
            written: row.deadline.value.clone(),
            opens_on: entry.opens_on.map(|opens| opens.value),
            due_on: entry.due_on.map(|due| due.value),
            rule: format!("settled in the plan file, line {}", entry.at.line),
        };
        drafts.push((draft, owners.unwrap_or_default()));
    }
    number(drafts, row, frame)
}

/// Numbers the milestones in order and adds what follows from the calendar.
fn number(drafts: Vec<(Draft, Vec<AgencyCode>)>, row: &Row, frame: &Frame<'_>) -> Vec<Milestone> {
    let single = drafts.len() == 1;
    let numbered = (1..=u16::MAX).zip(drafts);
    let milestone = |(number, (draft, owners)): (u16, (Draft, Vec<AgencyCode>))| {
        let act_by = draft
            .due_on
            .map(|due| frame.calendar.working_day_not_after(due));
        // In a week of holidays the last working day lies before it.
        let opens_on = draft.opens_on.or_else(|| opening(draft.kind, row));
        let opens_on = act_by.map_or(opens_on, |act_by| opens_on.map(|day| day.min(act_by)));
        Milestone {
            id: MilestoneId {
                task: row.id.clone(),
                number,
            },
            kind: draft.kind,
            label: label(&draft.label, row.label.as_deref(), single),
            written: draft.written,
            owners,
            opens_on,
            due_on: draft.due_on,
            act_by,
            rule: draft.rule,
        }
    };
    numbered.map(milestone).collect()
}

/// The row's own label; where it has several milestones, each keeps what tells it from the others: "Báo cáo kết quả"
/// and "quý I" give "Báo cáo kết quả quý I".
fn label(of_draft: &str, of_row: Option<&str>, single: bool) -> String {
    match of_row {
        None => of_draft.to_owned(),
        Some(of_row) if single || of_draft.is_empty() => of_row.to_owned(),
        Some(of_row) if of_draft.starts_with(char::is_uppercase) => format!("{of_row}: {of_draft}"),
        Some(of_row) => format!("{of_row} {of_draft}"),
    }
}

/// Status is asked each quarter of the year in which the window opens: for continuous work, the plan's year.
fn opening(kind: MilestoneKind, row: &Row) -> Option<NaiveDate> {
    let dates = row.dates.filter(|_| kind == MilestoneKind::Continuous)?;
    NaiveDate::from_ymd_opt(dates.year, 1, 1).map(|first| first.max(dates.issued_on))
}

fn warn_outside(
    dates: impl IntoIterator<Item = NaiveDate>,
    at: &Place,
    plan: PlanDates,
    problems: &mut Problems,
) {
    let (far, near): (Vec<NaiveDate>, Vec<NaiveDate>) = dates
        .into_iter()
        .partition(|day| (day.year() - plan.year).abs() > NEAR_YEARS);
    let year = plan.year;
    let are = |days: &[NaiveDate]| if days.len() == 1 { "is" } else { "are" };
    if !far.is_empty() {
        let problem = format!(
            "{} {} far from {year}, the year of the plan",
            list(far.iter().copied()),
            are(&far)
        );
        let remedy = format!("correct the year; otherwise {}", settle(year));
        problems.errors.push(at.problem(problem, remedy));
    }
    if !near.is_empty() {
        let problem = format!(
            "{} {} not in {year}, the year of the plan",
            list(near.iter().copied()),
            are(&near)
        );
        let remedy = format!("leave it if it is meant; otherwise {}", settle(year));
        problems.warnings.push(at.problem(problem, remedy));
    }
}

fn list(dates: impl IntoIterator<Item = NaiveDate>) -> String {
    let dates: Vec<String> = dates.into_iter().map(|date| date.to_string()).collect();
    dates.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn nothing_opens_on_the_day_of_issue() {
        let issued_on = day(1, 5);
        for (opens, due, expected) in [
            (day(1, 1), day(3, 31), day(1, 6)),
            (day(1, 5), day(3, 31), day(1, 6)),
            (day(1, 6), day(3, 31), day(1, 6)),
            (day(4, 1), day(6, 30), day(4, 1)),
            (day(1, 1), day(1, 5), day(1, 1)),
        ] {
            let draft = Draft {
                kind: MilestoneKind::Due,
                label: String::new(),
                written: String::new(),
                opens_on: Some(opens),
                due_on: Some(due),
                rule: String::new(),
            };
            let opened = opened_after_issue(draft, issued_on).opens_on;
            assert_eq!(opened, Some(expected), "{opens} {due}");
        }
    }
}
