//! The table of `dondoc stocktake`: written for a person to fill in, and read back.
//!
//! Only what stands in the cells is read here; whether the plan has such a task is for whoever knows the plan. What is wrong with
//! one line hides nothing of the others.

mod column;
mod table;

use std::iter;
use std::path::Path;

use chrono::{Datelike, NaiveDate};

use column::Column;
pub use table::{Said, Stocktake, StocktakeLine, StocktakeRow};

use super::csv;
use super::nearest::{did_you_mean, quoted};
use super::problem::Problems;
use super::source::{Folder, Source};
use super::toml::Document;
use crate::domain::spelling;

/// The largest table that is read back, in bytes: one of a nation (300,000 obligations) has less than half of them.
pub const LARGEST_TABLE: u64 = 256 * 1024 * 1024;

/// The file of its words.
const FILE: &str = "stocktake.toml";

/// The headings of the table, and the words for what may stand in it.
#[derive(Clone, Debug, Default)]
pub struct StocktakeWords {
    headings: Vec<(Column, Vec<String>)>,
    is_done: Vec<String>,
    is_open: Vec<String>,
}

/// Reads the words of a folder.
///
/// # Errors
/// Every problem of the file.
pub fn load_stocktake_words(folder: &Folder) -> Result<StocktakeWords, Problems> {
    let mut problems = Problems::default();
    let mut words = StocktakeWords::default();
    if let Some(source) = folder.read(FILE, &mut problems) {
        let document = Document::parse(&source);
        let mut root = document.root();
        let mut list = |key: &'static str| -> Vec<String> {
            let text = root.text(key).map(|text| text.value).unwrap_or_default();
            text.split(',').map(|one| one.trim().to_owned()).collect()
        };
        for (key, column) in Column::ALL {
            words.headings.push((column, list(key)));
        }
        words.is_done = list("is_done");
        words.is_open = list("is_open");
        root.finish();
        problems.extend(document.into_problems());
    }
    problems.admit(Some(words)).map(|(words, _)| words)
}

impl StocktakeWords {
    /// The heading that is written over a column.
    fn heading(&self, column: Column) -> &str {
        let found = self.headings.iter().find(|(one, _)| *one == column);
        found
            .and_then(|(_, names)| names.first())
            .map_or("", String::as_str)
    }

    /// The table with these rows, for spreadsheets: UTF-8 with the mark by which Excel knows it.
    #[must_use]
    pub fn write(&self, rows: &[StocktakeRow]) -> String {
        let headings = Column::ALL.map(|(_, column)| self.heading(column).to_owned());
        let cells = rows.iter().map(|row| {
            let cells = Column::ALL.map(|(_, column)| match column {
                Column::Plan => row.plan.clone(),
                Column::Task => row.task.clone(),
                Column::Agency => row.agency.clone(),
                Column::Name => row.name.clone(),
                Column::Content => row.content.clone(),
                Column::Due => row.due_on.format("%d/%m/%Y").to_string(),
                Column::Status | Column::Done | Column::Document | Column::Note => String::new(),
            });
            cells.to_vec()
        });
        let mut text = csv::written(iter::once(headings.to_vec()).chain(cells));
        text.insert(0, '\u{feff}');
        text
    }

    /// Reads a table that was filled in. What is wrong stands beside what is not.
    #[must_use]
    pub fn read(&self, file: &Path) -> Stocktake {
        let mut found = Stocktake {
            file: file.to_owned(),
            ..Stocktake::default()
        };
        let source = Source::read_up_to(LARGEST_TABLE, file, &mut found.problems);
        let Some(source) = source else {
            return found;
        };
        let mut rows = csv::rows(&source.text);
        let head = match rows.next() {
            Some(Ok(head)) => head,
            Some(Err(line)) => {
                found.unclosed(line);
                return found;
            }
            None => {
                let remedy = "`dondoc stocktake --out FILE` writes one to be filled in";
                found.wrong(1, "", "the table is empty".to_owned(), remedy);
                return found;
            }
        };
        let places = self.places(&head, &mut found);
        if !found.problems.is_fine() {
            return found;
        }
        let mut below = 0;
        for row in rows {
            below += 1;
            match row {
                Ok(row) => self.read_row(&row, &places, &mut found),
                Err(line) => found.unclosed(line),
            }
        }
        if below == 0 {
            let problem = "no line stands below the headings".to_owned();
            let remedy = "save the table anew as CSV (UTF-8), with a line for each obligation";
            found.wrong(head.line, "", problem, remedy);
        }
        found
    }

    /// In which place each column stands.
    fn places(&self, head: &csv::Row, found: &mut Stocktake) -> Vec<(Column, usize)> {
        let mut places: Vec<(Column, usize)> = Vec::new();
        for (column, names) in &self.headings {
            let is_it = |cell: &String| names.iter().any(|name| folded(name) == folded(cell));
            let cells = head.cells.iter().enumerate();
            let mut headed = cells.filter(|(_, cell)| is_it(cell));
            let first = headed.next();
            if let (Some((_, first)), Some((_, second))) = (first, headed.next()) {
                let problem = format!("“{first}” and “{second}” head the same column");
                let remedy = "take the one out that does not say how things stand";
                found.wrong(head.line, "", problem, remedy);
            }
            places.extend(first.map(|(place, _)| (*column, place)));
        }
        for column in Column::NEEDED {
            if places.iter().all(|(one, _)| *one != column) {
                let heading = self.heading(column);
                let problem = format!("there is no column “{heading}”");
                let remedy = "leave the first line as `dondoc stocktake --out FILE` wrote it, and save as CSV (UTF-8)";
                found.wrong(head.line, "", problem, remedy);
            }
        }
        places
    }

    fn read_row(&self, row: &csv::Row, places: &[(Column, usize)], found: &mut Stocktake) {
        let cell = |column: Column| -> &str {
            let place = places.iter().find(|(one, _)| *one == column);
            place
                .and_then(|(_, place)| row.cells.get(*place))
                .map_or("", String::as_str)
        };
        let line = row.line;
        let (task, agency) = (cell(Column::Task), cell(Column::Agency));
        let before = found.problems.errors.len();
        for (column, value) in [(Column::Task, task), (Column::Agency, agency)] {
            if value.is_empty() {
                let heading = self.heading(column);
                let problem = "the cell is empty".to_owned();
                let remedy = "take the line from a table that `dondoc stocktake --out FILE` wrote";
                found.wrong(line, heading, problem, remedy);
            }
        }
        let note = cell(Column::Note);
        let said = self.read_said(line, &cell, found);
        if found.problems.errors.len() > before {
            return;
        }
        found.unanswered += usize::from(said.is_none());
        let only_note = (!note.is_empty()).then_some(Said::Nothing);
        if let Some(said) = said.or(only_note) {
            found.lines.push(StocktakeLine {
                line,
                plan: cell(Column::Plan).to_owned(),
                task: task.to_owned(),
                agency: agency.to_owned(),
                said,
                note: note.to_owned(),
            });
        }
    }

    /// How the line says that it stands, if it does.
    fn read_said<'c>(
        &self,
        line: usize,
        cell: &impl Fn(Column) -> &'c str,
        found: &mut Stocktake,
    ) -> Option<Said> {
        let (status, done, document) = (
            cell(Column::Status),
            cell(Column::Done),
            cell(Column::Document),
        );
        let heading = self.heading(Column::Status);
        let is_among = |words: &[String]| words.iter().any(|word| folded(word) == folded(status));
        let (first_done, first_open) = (first(&self.is_done), first(&self.is_open));
        if is_among(&self.is_done) {
            let on = self.read_day(line, done, found);
            let document = self.read_document(line, document, found);
            return Some(Said::Done { on: on?, document });
        }
        let is_filled = !done.is_empty() || !document.is_empty();
        if status.is_empty() {
            if is_filled {
                let problem = "a day or a document is given, and not how it stands".to_owned();
                let remedy =
                    format!("write “{first_done}” if it is done, or leave all three empty");
                found.wrong(line, heading, problem, remedy);
            }
            return None;
        }
        if !is_among(&self.is_open) {
            let known = self.is_done.iter().chain(&self.is_open).map(String::as_str);
            let otherwise = format!("write {}", quoted([first_done, first_open]));
            let problem = format!("“{status}” says not how it stands");
            found.wrong(
                line,
                heading,
                problem,
                did_you_mean(status, known, &otherwise),
            );
            // Whatever was meant, what stands beside it is looked at too.
            if !done.is_empty() {
                self.read_day(line, done, found);
            }
            self.read_document(line, document, found);
            return None;
        }
        if !done.is_empty() {
            let problem = format!("“{status}”, and yet a day of completion is given");
            let remedy = format!("write “{first_done}” if it is done, or take the day out");
            found.wrong(line, heading, problem, remedy);
        }
        let document = self.read_document(line, document, found);
        Some(Said::Open { document })
    }

    /// The day of a completion.
    fn read_day(&self, line: usize, text: &str, found: &mut Stocktake) -> Option<NaiveDate> {
        let day = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
            .into_iter()
            .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
            .filter(|day| (1900..=9999).contains(&day.year()));
        if day.is_none() {
            let problem = if text.is_empty() {
                "it is done, and not said on which day".to_owned()
            } else {
                format!("“{text}” is no day")
            };
            let remedy = "write day, month and year, as 20/3/2020";
            found.wrong(line, self.heading(Column::Done), problem, remedy);
        }
        day
    }

    /// The number of a document; every number has a digit.
    fn read_document(&self, line: usize, text: &str, found: &mut Stocktake) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        if !text.chars().any(|letter| letter.is_ascii_digit()) {
            let problem = format!("“{text}” is no number of a document");
            let remedy = "write it as on the document, 12/KH-SNV, or leave the cell empty";
            found.wrong(line, self.heading(Column::Document), problem, remedy);
        }
        Some(text.to_owned())
    }
}

fn first(words: &[String]) -> &str {
    words.first().map_or("", String::as_str)
}

/// As it is compared: without capitals, diacritics and punctuation.
fn folded(text: &str) -> String {
    let words = spelling::words(text).into_iter();
    let words: Vec<String> = words.map(|word| spelling::plain(&word.key)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests;
