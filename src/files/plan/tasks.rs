//! `[[task]]`: the rows, their cells as written.

use super::header::Header;
use super::{leads, milestones, secrecy};
use crate::domain::calendar::Calendar;
use crate::domain::directory::Directory;
use crate::domain::ids::TaskId;
use crate::domain::plan::Task;
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
    let leads: Option<Vec<Field<String>>> = table.list("leads");
    let settled = table.optional_tables("milestones");

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
    let at = table.place();
    table.finish();

    let settled = settled.map(|tables| milestones::Settled::read(tables, problems));
    let row = Row {
        id: TaskId::new(id?.value),
        product: product?,
        deadline: deadline?,
        label: label.map(|label| label.value),
    };
    let milestones = match settled {
        Some(settled) => milestones::settled(settled, &row, frame, problems),
        None => milestones::derived(&row, &at, frame, problems),
    };
    Some(Task {
        id: row.id,
        content: content?.value,
        product: row.product.value,
        deadline: row.deadline.value,
        lead: lead?.value,
        coordinate: coordinate?.value,
        note: note.map(|note| note.value),
        milestones,
        agencies: agencies?,
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
