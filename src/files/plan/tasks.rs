//! `[[task]]`: the rows, their cells as written.

use chrono::NaiveDate;

use super::header::{Header, PlanDates};
use super::{leads, milestones, secrecy};
use crate::domain::calendar::Calendar;
use crate::domain::directory::Directory;
use crate::domain::ids::TaskId;
use crate::domain::plan::{Addition, Task};
use crate::files::agencies::Agencies;
use crate::files::nearest::did_you_mean;
use crate::files::problem::Problems;
use crate::files::toml::{Field, Table, Word};
use crate::files::unique::Unique;

/// What a row is read against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// What holds for every row.
    pub header: &'a Header,
    /// The agencies, with every way to write them.
    pub agencies: &'a Agencies,
    /// Their alias table.
    pub directory: &'a Directory,
    /// Working days.
    pub calendar: &'a Calendar,
}

/// Where in the decision a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// In the appendix, as a row of one of its groups.
    #[default]
    Appendix,
    /// In the text of the decision.
    Decision,
}

impl Word for Part {
    const WORDS: &'static [(&'static str, Self)] =
        &[("appendix", Self::Appendix), ("decision", Self::Decision)];
}

/// The cells of a row; what is missing has been reported.
#[derive(Debug)]
pub(super) struct Row {
    /// Its id.
    pub id: TaskId,
    /// "Sản phẩm".
    pub product: Field<String>,
    /// "Thời gian hoàn thành".
    pub deadline: Field<String>,
    /// What the milestones are called where the cell names nothing.
    pub label: Option<String>,
    /// The year of the plan, and the day of the document by which the row stands in it.
    pub dates: Option<PlanDates>,
}

/// Reads every `[[task]]`.
pub(super) fn read(root: &mut Table<'_>, frame: &Frame<'_>, problems: &mut Problems) -> Vec<Task> {
    let mut ids = Unique::new("the task");
    let tables = root.tables("task");
    if tables.is_empty() && root.is_whole() {
        let problem = "the plan has no task";
        let remedy = "add [[task]] for each row of its appendix";
        problems.errors.push(root.place().problem(problem, remedy));
    }
    tables
        .into_iter()
        .filter_map(|table| task(table, frame, &mut ids, problems))
        .collect()
}

fn task(
    mut table: Table<'_>,
    frame: &Frame<'_>,
    ids: &mut Unique<String>,
    problems: &mut Problems,
) -> Option<Task> {
    let id = table.text("id");
    let part: Option<Field<Part>> = table.optional("part");
    if let Some(id) = &id {
        table.call(id);
        problems
            .errors
            .extend(ids.add(id.value.clone(), id, &id.at));
        check_id(
            id,
            part.map(|part| part.value).unwrap_or_default(),
            frame.header,
            problems,
        );
    }
    let content = table.text("content");
    let product: Option<Field<String>> = table.required("product");
    let deadline: Option<Field<String>> = table.required("deadline");
    let lead: Option<Field<String>> = table.required("lead");
    let coordinate: Option<Field<String>> = table.required("coordinate");
    let note = table.optional_text("note");
    let label = table.optional_text("label");
    let own_report: Option<Field<bool>> = table.optional("own_report");
    let leads: Option<Vec<Field<String>>> = table.list("leads");
    let settled = table.optional_tables("milestones");
    let addition = addition(&mut table, frame.header.dates, problems);

    problems.errors.extend(secrecy::of_table(&mut table));
    let cells = [
        &content,
        &product,
        &deadline,
        &lead,
        &coordinate,
        &note,
        &label,
    ];
    problems
        .errors
        .extend(cells.into_iter().flatten().filter_map(secrecy::of_text));
    let agencies = lead.as_ref().map(|lead| {
        leads::agencies(
            lead,
            leads.as_deref(),
            frame.agencies,
            frame.directory,
            problems,
        )
    });
    if let Some(coordinate) = &coordinate {
        leads::misspelt_in(coordinate, frame.agencies, frame.directory, problems);
    }
    let at = table.place();
    table.finish();

    let settled = settled.map(|tables| milestones::Settled::read(tables, problems));
    let row = Row {
        id: TaskId::new(id?.value),
        product: product?,
        deadline: deadline?,
        label: label.map(|label| label.value),
        dates: frame.header.dates.map(|dates| PlanDates {
            issued_on: addition.as_ref().map_or(dates.issued_on, |one| one.on),
            ..dates
        }),
    };
    let all = agencies.as_deref().unwrap_or_default();
    let milestones = match settled {
        Some(settled) => milestones::settled(settled, &row, all, frame, problems),
        None => milestones::derived(&row, all, &at, frame, problems),
    };
    Some(Task {
        id: row.id,
        content: content?.value,
        product: row.product.value,
        deadline: row.deadline.value,
        lead: lead?.value,
        coordinate: coordinate?.value,
        note: note.map(|note| note.value),
        is_own_report: own_report.is_some_and(|one| one.value),
        addition,
        milestones,
        agencies: agencies?,
    })
}

/// `added_by` and `added_on` of a row that a later document added: its terms count from that day.
fn addition(
    table: &mut Table<'_>,
    plan: Option<PlanDates>,
    problems: &mut Problems,
) -> Option<Addition> {
    let by = table.optional_text("added_by");
    let on: Option<Field<NaiveDate>> = table.optional("added_on");
    let (by, on) = match (by, on) {
        (Some(by), Some(on)) => (by, on),
        (Some(by), None) if !table.has("added_on") => {
            let remedy = "add added_on = \"2020-04-15\", the day on which it was signed";
            let problem = "the document that added the row has no day";
            problems.errors.push(by.at.problem(problem, remedy));
            return None;
        }
        (None, Some(on)) if !table.has("added_by") => {
            let remedy = "add added_by = \"1234/QĐ-UBND\", the number of the document";
            let problem = "the day on which the row was added has no document";
            problems.errors.push(on.at.problem(problem, remedy));
            return None;
        }
        _ => return None,
    };
    if let Some(plan) = plan.filter(|plan| on.value < plan.issued_on) {
        let problem = format!(
            "{} is before the plan was issued ({})",
            on.value, plan.issued_on
        );
        let remedy =
            "correct the day, or leave out added_by and added_on for a row of the plan itself";
        problems.errors.push(on.at.problem(problem, remedy));
        return None;
    }
    Some(Addition {
        document: by.value,
        on: on.value,
    })
}

/// A row of the appendix is named after its group: `II.2` stands in group II.
fn check_id(id: &Field<String>, part: Part, header: &Header, problems: &mut Problems) {
    if id.contains(|c: char| c.is_whitespace() || c == '/') {
        let remedy = "write group and row, as in II.2";
        problems.errors.push(
            id.at
                .problem("a task's id has no spaces and no slash", remedy),
        );
    } else if part == Part::Appendix {
        let group = id.split('.').next().unwrap_or_default();
        if !header.has_group(group) {
            let otherwise = "add a [[group]] of that id, or part = \"decision\" for a duty of the decision's text";
            let remedy = did_you_mean(group, header.group_ids(), otherwise);
            problems.errors.push(
                id.at
                    .problem(format!("the plan has no group “{group}”"), remedy),
            );
        }
    }
}
