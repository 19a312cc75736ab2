//! The whole plan as a workbook: one sheet of counts, one for each group of agencies, and one of the plan's own words.
//!
//! A task is owed by many: a row names it in short, so that a plan prints on some sixty pages, and its cells stand as they
//! are written, once, on the last sheet.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::context::PlanRef;
use super::engine::{Messages, value};
use super::item_view::Day;
use super::problem::RenderError;
use super::register_context::{RegisterContext, RegisterGround, RegisterGroup, RegisterLine};
use super::text::{nfc, one_line, settle, shorten};
use crate::documents::{Cell, Column, Kind, Properties, Sheet, Workbook};
use crate::domain::register::Counts;
use crate::domain::resolution::Return;

/// What the template of a note is told.
#[derive(Serialize)]
struct NoteView<'a> {
    grounds: &'a [RegisterGround],
    is_extended: bool,
    extended_by: &'a str,
    pending: &'a str,
    until: Option<NaiveDate>,
    asked_by: Option<NaiveDate>,
    is_untold: bool,
    takes_back: Option<NaiveDate>,
    returned: Option<&'a Return>,
    refused_on: Option<NaiveDate>,
    refused_by: &'a str,
}

/// What the template of the lines above a sheet is told.
#[derive(Serialize)]
struct TitleView<'a> {
    plan: &'a PlanRef,
    issued_on: NaiveDate,
    today: NaiveDate,
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
        sheets.extend(self.tasks(context)?);
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
            today: context.today,
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
            Column::new(heading, 11.0, Kind::Number)
        };
        let mut columns = vec![
            self.column("number", 5.0, Kind::Number),
            self.column("group", 22.0, Kind::Text),
            self.column("agency", 30.0, Kind::Text),
            self.column("total", 12.0, Kind::Number),
            standing("done-on-time"),
            standing("done-late"),
            standing("open-on-time"),
            standing("open-late"),
            standing("waiting"),
            self.column("silent", 11.0, Kind::Number),
            self.column("undecided", 10.0, Kind::Number),
            self.column("undated", 12.5, Kind::Number),
            self.column("held", 11.0, Kind::Number),
            self.column("lines", 8.0, Kind::Number),
        ];
        let of_all = context.groups.iter().flat_map(|group| &group.agencies);
        let is_unclear = of_all.into_iter().any(|(_, counts)| counts.unclear > 0);
        if is_unclear {
            columns.insert(UNCLEAR, standing("unclear"));
        }
        let numbers = |counts: &Counts| {
            let mut cells: Vec<Cell> = numbers(counts).into();
            if is_unclear {
                cells.insert(UNCLEAR - NAMES, counts.unclear.into());
            }
            cells
        };
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
            self.column("number", 4.5, Kind::Number),
            self.column("agency", 16.0, Kind::Text),
            self.column("task", 8.0, Kind::Sign),
            self.column("content", 29.5, Kind::Text),
            self.column("product", 13.0, Kind::Text),
            self.column("deadline", 11.0, Kind::Text),
            self.column("due", 9.7, Kind::Date),
            self.column("amended", 9.7, Kind::Date),
            self.column("extended", 9.7, Kind::Date),
            self.column("done", 9.7, Kind::Date),
            self.column("status", 10.5, Kind::Text),
            self.column("days-late", 6.5, Kind::Number),
            self.column("documents", 10.0, Kind::Text),
            self.column("last-words", 15.5, Kind::Text),
            self.column("note", 12.0, Kind::Text),
        ];
        let rows = (1..).zip(&group.lines);
        let rows: Result<_, RenderError> =
            rows.map(|(number, line)| self.row(number, line)).collect();
        Ok(Sheet {
            name: if group.short.is_empty() {
                self.group_name(group).to_owned()
            } else {
                group.short.clone()
            },
            titles: self.titles(context, self.group_name(group))?,
            columns,
            rows: rows?,
            total: None,
        })
    }

    /// The cells of each task as the plan has them, once; `None` where nobody owes any.
    fn tasks(&self, context: &RegisterContext) -> Result<Option<Sheet>, RenderError> {
        let mut seen = HashSet::new();
        let lines = context.groups.iter().flat_map(|group| &group.lines);
        let mut lines: Vec<&RegisterLine> = lines.filter(|line| seen.insert(&line.id)).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        lines.sort_by_key(|line| line.place);
        let name = self.sheet_word("tasks");
        let row = |line: &&RegisterLine| {
            vec![
                Cell::text(&line.id),
                Cell::text(self.task_words(&line.content, &line.label)),
                Cell::text(&line.product),
                Cell::text(&line.deadline),
                Cell::text(&line.coordinate),
            ]
        };
        Ok(Some(Sheet {
            name: name.to_owned(),
            titles: self.titles(context, name)?,
            columns: vec![
                self.column("task", 9.0, Kind::Sign),
                self.column("content", 62.0, Kind::Text),
                self.column("product", 42.0, Kind::Text),
                self.column("deadline", 28.0, Kind::Text),
                self.column("coordinate", 38.0, Kind::Text),
            ],
            rows: lines.iter().map(row).collect(),
            total: None,
        }))
    }

    /// One of the official four words, or what stands where none of them fits, by its key.
    #[must_use]
    pub fn status_word(&self, key: &str) -> &str {
        let word = self.words.standing.get(key);
        let word = word.or_else(|| self.words.status.get(key));
        word.map_or("", String::as_str)
    }

    /// The words of a task, and below them what of it a row is about.
    #[must_use]
    pub fn task_words(&self, content: &str, label: &str) -> String {
        if label.is_empty() || content == label {
            return content.to_owned();
        }
        let name = self.words.column.get("milestone");
        let name = name.map_or("", String::as_str);
        format!("{content}\n{name}: {label}")
    }

    /// Why a row is not as the plan had it, and what it waits for; most have no note.
    fn note(&self, line: &RegisterLine) -> Result<String, RenderError> {
        let is_extended = line.is_extended();
        let has_note = !line.grounds.is_empty() || !line.pending.is_empty();
        if !has_note
            && !is_extended
            && !line.is_untold
            && line.returned.is_none()
            && line
                .asked_by
                .or(line.refused_on)
                .or(line.takes_back)
                .is_none()
        {
            return Ok(String::new());
        }
        let view = NoteView {
            grounds: &line.grounds,
            is_extended,
            extended_by: &line.extended_by,
            pending: &line.pending,
            until: line.until,
            asked_by: line.asked_by,
            is_untold: line.is_untold,
            takes_back: line.takes_back,
            returned: line.returned.as_ref(),
            refused_on: line.refused_on,
            refused_by: &line.refused_by,
        };
        let text = self.render("register/note.txt.j2", &value(&view))?;
        Ok(nfc(capitalised(text.trim())))
    }

    fn row(&self, number: u32, line: &RegisterLine) -> Result<Vec<Cell>, RenderError> {
        let extended = line.due_on.filter(|_| line.is_extended());
        let said = match line.said_on {
            Some(on) if !line.quote.is_empty() => {
                format!("“{}” ({})", line.quote.trim(), Day::of(on, on).full)
            }
            _ => line.quote.clone(),
        };
        Ok(vec![
            Cell::from(number),
            Cell::text(&line.agency),
            Cell::text(&line.id),
            Cell::text(self.task_words(&in_short(&line.content, 60), &in_short(&line.label, 40))),
            Cell::text(in_short(&line.product, 42)),
            Cell::text(in_short(&line.deadline, 36)),
            Cell::from(line.original_due_on),
            Cell::from(line.amended_due_on()),
            Cell::from(extended),
            Cell::from(line.done_on),
            Cell::text(capitalised(self.status_word(&line.word))),
            u32::try_from(line.days_late)
                .ok()
                .filter(|days| *days > 0)
                .map_or(Cell::Empty, Cell::from),
            Cell::text(line.documents.join(", ")),
            Cell::text(said),
            Cell::text(self.note(line)?),
        ])
    }
}

/// The columns of the summary before its numbers.
const NAMES: usize = 3;

/// Where the summary counts what was due before it was followed here, as long as there is any of it: behind the other words.
const UNCLEAR: usize = 9;

fn numbers(counts: &Counts) -> [Cell; 11] {
    [
        counts.total(),
        counts.done_on_time,
        counts.done_late,
        counts.open_on_time,
        counts.open_late,
        counts.waiting,
        counts.silent,
        counts.undecided,
        counts.undated,
        counts.held,
        counts.lines(),
    ]
    .map(Cell::from)
}

/// The first words of a cell, on one line.
fn in_short(text: &str, max: usize) -> String {
    shorten(&one_line(text), max).into_owned()
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
