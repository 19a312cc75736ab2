//! The whole plan as a workbook: one sheet of counts, and one for each group of agencies.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::context::PlanRef;
use super::engine::{Messages, value};
use super::item_view::Day;
use super::problem::RenderError;
use super::text::{nfc, one_line, quotable, settle};
use crate::documents::{Cell, Column, Kind, Properties, Sheet, Workbook};
use crate::domain::register::Counts;

/// One obligation in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterLine {
    /// `II.2/1`.
    pub id: String,
    /// The milestone's label, or the content of the task.
    pub title: String,
    /// "Nội dung công việc", verbatim.
    #[serde(default)]
    pub content: String,
    /// The milestone's label; empty where the plan names nothing.
    #[serde(default)]
    pub label: String,
    /// "Sản phẩm", verbatim.
    #[serde(default)]
    pub product: String,
    /// "Thời gian hoàn thành", verbatim.
    #[serde(default)]
    pub deadline: String,
    /// "Cơ quan phối hợp", verbatim.
    #[serde(default)]
    pub coordinate: String,
    /// Name of the agency.
    pub agency: String,
    /// `done-late`, or `continuous` where none of the four words fits.
    #[serde(default)]
    pub word: String,
    /// Its due day, extensions included.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// Its due day by the plan.
    #[serde(default)]
    pub original_due_on: Option<NaiveDate>,
    /// Day of completion.
    #[serde(default)]
    pub done_on: Option<NaiveDate>,
    /// Working days late.
    #[serde(default)]
    pub days_late: i64,
    /// Numbers of its documents.
    #[serde(default)]
    pub documents: Vec<String>,
    /// What was said of it last.
    #[serde(default)]
    pub quote: String,
    /// On which day.
    #[serde(default)]
    pub said_on: Option<NaiveDate>,
    /// `extension`, `acceptance` or `reassignment`; empty when it waits for nothing.
    #[serde(default)]
    pub pending: String,
    /// Until when more time is asked for.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl RegisterLine {
    /// What people and plans wrote, each on one line, for a letter.
    pub(super) fn clean(&mut self) {
        self.title = one_line(&self.title);
        self.product = one_line(&self.product);
        self.deadline = one_line(&self.deadline);
        self.quote = quotable(&self.quote);
        for document in &mut self.documents {
            *document = quotable(document);
        }
    }
}

/// All that the workbook holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterContext {
    /// The last day that it counts.
    pub until: NaiveDate,
    /// The plan.
    pub plan: PlanRef,
    /// The day of the decision.
    pub issued_on: NaiveDate,
    /// Whose workbook it is.
    pub author: String,
    /// The groups of agencies, in order.
    pub groups: Vec<RegisterGroup>,
}

/// A group of agencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterGroup {
    /// Its name; empty for the agencies of no group.
    pub name: String,
    /// A shorter name for the sheet, where there is one.
    pub short: String,
    /// Its agencies, each with its numbers.
    pub agencies: Vec<(String, Counts)>,
    /// What they owe, agency by agency.
    pub lines: Vec<RegisterLine>,
}

impl RegisterContext {
    /// A small one, on which the template is tried.
    pub(super) fn example() -> Self {
        Self {
            until: NaiveDate::default(),
            plan: PlanRef {
                number: "1/KH".to_owned(),
                title: "Kế hoạch".to_owned(),
            },
            issued_on: NaiveDate::default(),
            author: String::new(),
            groups: Vec::new(),
        }
    }
}

/// What the template of the lines above a sheet is told.
#[derive(Serialize)]
struct TitleView<'a> {
    plan: &'a PlanRef,
    issued_on: NaiveDate,
    until: NaiveDate,
    sheet: &'a str,
}

impl Messages {
    /// The workbook of a plan, that says of itself that it was made `at`.
    ///
    /// # Errors
    /// The template of the titles reads what does not exist; [`Messages::check`] finds that at start-up.
    pub fn render_register(
        &self,
        context: &RegisterContext,
        made_at: DateTime<Utc>,
    ) -> Result<Workbook, RenderError> {
        let mut sheets = vec![self.summary(context)?];
        for group in &context.groups {
            sheets.push(self.group(context, group)?);
        }
        Ok(Workbook {
            properties: Properties {
                title: sheets[0].titles.first().cloned().unwrap_or_default(),
                author: context.author.clone(),
                made_at,
            },
            sheets,
        })
    }

    /// What the file of the register is called, before its extension.
    #[must_use]
    pub fn file_name(&self, which: &str, plan_number: &str, day: NaiveDate) -> String {
        let word = self.words.file.get(which).map_or(which, String::as_str);
        let number = plan_number.replace(['/', '\\'], "-");
        format!("{word} {number} {}", day.format("%d-%m-%Y"))
    }

    fn titles(&self, context: &RegisterContext, sheet: &str) -> Result<Vec<String>, RenderError> {
        let view = TitleView {
            plan: &context.plan,
            issued_on: context.issued_on,
            until: context.until,
            sheet,
        };
        let text = settle(&self.render("register/titles.txt.j2", &value(&view))?);
        let lines = text.lines().filter(|line| !line.is_empty());
        Ok(lines.map(|line| nfc(line.to_owned())).collect())
    }

    fn column(&self, name: &str, width: f64, kind: Kind) -> Column {
        let heading = self.words.column.get(name).map_or(name, String::as_str);
        Column::new(heading, width, kind)
    }

    fn sheet_word<'a>(&'a self, name: &'a str) -> &'a str {
        self.words.sheet.get(name).map_or(name, String::as_str)
    }

    /// The name of a group in a cell.
    fn group_name<'a>(&'a self, group: &'a RegisterGroup) -> &'a str {
        if group.name.is_empty() {
            self.sheet_word("others")
        } else {
            &group.name
        }
    }

    fn summary(&self, context: &RegisterContext) -> Result<Sheet, RenderError> {
        let standing = |name: &str| {
            let heading = capitalised(self.words.standing.get(name).map_or(name, String::as_str));
            Column::new(heading, 12.0, Kind::Number)
        };
        let columns = vec![
            self.column("number", 5.0, Kind::Number),
            self.column("group", 28.0, Kind::Text),
            self.column("agency", 36.0, Kind::Text),
            self.column("total", 13.0, Kind::Number),
            standing("done-on-time"),
            standing("done-late"),
            standing("open-on-time"),
            standing("open-late"),
            self.column("silent", 12.0, Kind::Number),
            self.column("undecided", 11.0, Kind::Number),
        ];
        let mut rows = Vec::new();
        let mut sum = Counts::default();
        for group in &context.groups {
            for (agency, counts) in &group.agencies {
                sum = sum.with(counts);
                let number = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
                let mut row = vec![
                    Cell::from(number),
                    Cell::text(self.group_name(group)),
                    Cell::text(agency),
                ];
                row.extend(numbers(counts));
                rows.push(row);
            }
        }
        let mut total = vec![
            Cell::Empty,
            Cell::Empty,
            Cell::text(self.sheet_word("total")),
        ];
        total.extend(numbers(&sum));
        Ok(Sheet {
            name: self.sheet_word("summary").to_owned(),
            titles: self.titles(context, "")?,
            columns,
            rows,
            total: Some(total),
        })
    }

    fn group(
        &self,
        context: &RegisterContext,
        group: &RegisterGroup,
    ) -> Result<Sheet, RenderError> {
        let columns = vec![
            self.column("number", 5.0, Kind::Number),
            self.column("agency", 16.0, Kind::Text),
            self.column("task", 8.0, Kind::Sign),
            self.column("content", 31.0, Kind::Text),
            self.column("milestone", 14.0, Kind::Text),
            self.column("product", 16.0, Kind::Text),
            self.column("deadline", 13.0, Kind::Text),
            self.column("due", 10.5, Kind::Date),
            self.column("extended", 10.5, Kind::Date),
            self.column("done", 10.5, Kind::Date),
            self.column("status", 12.0, Kind::Text),
            self.column("days-late", 8.0, Kind::Number),
            self.column("documents", 12.0, Kind::Text),
            self.column("last-words", 25.0, Kind::Text),
            self.column("note", 12.0, Kind::Text),
            self.column("coordinate", 15.0, Kind::Text),
        ];
        let rows = (1..).zip(&group.lines);
        Ok(Sheet {
            name: if group.short.is_empty() {
                self.group_name(group).to_owned()
            } else {
                group.short.clone()
            },
            titles: self.titles(context, self.group_name(group))?,
            columns,
            rows: rows.map(|(number, line)| self.row(number, line)).collect(),
            total: None,
        })
    }

    fn row(&self, number: u32, line: &RegisterLine) -> Vec<Cell> {
        let extended = line.due_on.filter(|_| line.due_on != line.original_due_on);
        let word = self.words.standing.get(&line.word);
        let word = word.or_else(|| self.words.status.get(&line.word));
        let said = match line.said_on {
            Some(on) if !line.quote.is_empty() => {
                format!("“{}” ({})", line.quote.trim(), Day::of(on, on).full)
            }
            _ => line.quote.clone(),
        };
        let pending = self.words.pending.get(&line.pending);
        let note = match (pending, line.until) {
            (Some(pending), Some(until)) => format!("{} ({})", pending, Day::of(until, until).full),
            (Some(pending), None) => pending.clone(),
            (None, _) => String::new(),
        };
        vec![
            Cell::from(number),
            Cell::text(&line.agency),
            Cell::text(&line.id),
            Cell::text(&line.content),
            Cell::text(&line.label),
            Cell::text(&line.product),
            Cell::text(&line.deadline),
            Cell::from(line.original_due_on),
            Cell::from(extended),
            Cell::from(line.done_on),
            Cell::text(capitalised(word.map_or("", String::as_str))),
            u32::try_from(line.days_late)
                .ok()
                .filter(|days| *days > 0)
                .map_or(Cell::Empty, Cell::from),
            Cell::text(line.documents.join(", ")),
            Cell::text(said),
            Cell::text(capitalised(&note)),
            Cell::text(&line.coordinate),
        ]
    }
}

fn numbers(counts: &Counts) -> [Cell; 7] {
    [
        counts.total(),
        counts.done_on_time,
        counts.done_late,
        counts.open_on_time,
        counts.open_late,
        counts.silent,
        counts.undecided,
    ]
    .map(Cell::from)
}

/// With a capital at the beginning.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    first.map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests;
