//! A ranking as files: a workbook with the places and the evidence behind them, and a draft of the monitor's letter.
//!
//! What a sheet holds, its words and the order of its columns stand in `ranking/workbook.json.j2`; here its text becomes
//! typed cells.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::engine::{Messages, value};
use super::problem::{Problem, RenderError};
use super::ranking_context::RankingContext;
use super::text::nfc;
use crate::documents::{Cell, Column, Kind, Letter, Properties, Sheet, Workbook, markup};

const WORKBOOK: &str = "ranking/workbook.json.j2";
const LETTER: &str = "letter/ranking.docx.j2";

/// What the template of a workbook writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBook {
    title: String,
    sheets: Vec<WrittenSheet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSheet {
    name: String,
    titles: Vec<String>,
    columns: Vec<(String, f64, WrittenKind)>,
    rows: Vec<Vec<WrittenCell>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenKind {
    Text,
    Sign,
    Number,
    Decimal,
    Date,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenCell {
    Empty(()),
    Number(f64),
    Date { day: NaiveDate },
    Text(String),
}

impl From<WrittenSheet> for Sheet {
    fn from(sheet: WrittenSheet) -> Self {
        let column = |(heading, width, kind): (String, f64, WrittenKind)| {
            let kind = match kind {
                WrittenKind::Text => Kind::Text,
                WrittenKind::Sign => Kind::Sign,
                WrittenKind::Number => Kind::Number,
                WrittenKind::Decimal => Kind::Decimal,
                WrittenKind::Date => Kind::Date,
            };
            Column::new(nfc(heading), width, kind)
        };
        let cell = |cell: WrittenCell| match cell {
            WrittenCell::Empty(()) => Cell::Empty,
            WrittenCell::Number(number) => Cell::Number(number),
            WrittenCell::Date { day } => Cell::Date(day),
            WrittenCell::Text(text) => Cell::text(nfc(text)),
        };
        let row = |row: Vec<WrittenCell>| row.into_iter().map(cell).collect();
        Self {
            name: sheet.name,
            titles: sheet.titles.into_iter().map(nfc).collect(),
            columns: sheet.columns.into_iter().map(column).collect(),
            rows: sheet.rows.into_iter().map(row).collect(),
            total: None,
        }
    }
}

impl Messages {
    /// The workbook of a ranking, that says of itself that it was made `at`.
    ///
    /// # Errors
    /// A template reads what does not exist, or writes no workbook; [`Messages::check`] finds that at start-up.
    pub fn ranking_workbook(
        &self,
        context: &RankingContext,
        made_at: DateTime<Utc>,
    ) -> Result<Workbook, RenderError> {
        let text = self.render(WORKBOOK, &value(&context.cleaned()))?;
        let book: WrittenBook =
            serde_json::from_str(&text).map_err(|error| self.unfit(WORKBOOK, &error))?;
        Ok(Workbook {
            properties: Properties {
                title: nfc(book.title),
                author: context.monitor.clone(),
                made_at,
            },
            sheets: book.sheets.into_iter().map(Sheet::from).collect(),
        })
    }

    /// The draft of the monitor's proposals to the issuer (the plan's part IV.2): no number, no signature, no person.
    ///
    /// # Errors
    /// As [`Messages::ranking_workbook`].
    pub fn ranking_letter(
        &self,
        context: &RankingContext,
        made_at: DateTime<Utc>,
    ) -> Result<Letter, RenderError> {
        let text = nfc(self.render(LETTER, &value(&context.cleaned()))?);
        let properties = Properties {
            title: String::new(),
            author: context.monitor.clone(),
            made_at,
        };
        let mut letter =
            markup::letter(&text, properties).map_err(|error| self.unfit(LETTER, &error))?;
        letter.properties.title = format!("{} {}", letter.kind, letter.about);
        Ok(letter)
    }

    /// A template that writes what is no file.
    fn unfit(&self, template: &str, error: &dyn std::error::Error) -> RenderError {
        let path = format!("vi/{template}");
        let shown = self.files.get(&path).map_or(&path, |file| &file.shown);
        let remedy = "write it as the embedded file does";
        RenderError(Problem::of_file(shown, error.to_string(), remedy))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::tests::{assert_well_written, snapshot};
    use super::*;
    use crate::documents::{Block, docx, xlsx};

    #[test]
    fn agencies_that_all_have_the_same_points_are_not_told_apart() {
        let messages = Messages::load(None).unwrap();
        let (_, context) = messages
            .samples
            .rankings
            .iter()
            .find(|(_, one)| !one.tables.is_empty())
            .unwrap();
        let mut context = context.clone();
        let first = context.tables[0].agencies[0].clone();
        let told = |context: &RankingContext| {
            let letter = messages
                .ranking_letter(context, DateTime::UNIX_EPOCH)
                .unwrap();
            format!("{:?}", letter.body)
        };
        context.tables[0].agencies = vec![first.clone(), first.clone()];
        let both = told(&context);
        assert!(both.contains("xếp hạng 2 cơ quan, đều đạt "), "{both}");
        context.tables[0].agencies.truncate(1);
        let one = told(&context);
        assert!(one.contains("xếp hạng 1 cơ quan, đạt "), "{one}");
    }

    #[test]
    fn every_sample_gives_a_workbook_and_a_letter() {
        let messages = Messages::load(None).unwrap();
        let mut shown = String::new();
        for (name, context) in &messages.samples.rankings {
            let book = messages
                .ranking_workbook(context, DateTime::UNIX_EPOCH)
                .unwrap();
            for sheet in &book.sheets {
                let columns = sheet.columns.len();
                assert!(
                    sheet.rows.iter().all(|row| row.len() == columns),
                    "{name} {}",
                    sheet.name
                );
                let _ = writeln!(
                    shown,
                    "##### {name}: {}\n{}",
                    sheet.name,
                    sheet.titles.join("\n")
                );
                let headings = sheet.columns.iter().map(|column| column.heading.as_str());
                let _ = writeln!(shown, "{}", headings.collect::<Vec<_>>().join(" | "));
                for row in &sheet.rows {
                    let cells = row.iter().map(|cell| match cell {
                        Cell::Empty => String::new(),
                        Cell::Text(text) => text.clone(),
                        Cell::Number(number) => number.to_string(),
                        Cell::Date(day) => day.to_string(),
                    });
                    let _ = writeln!(shown, "{}", cells.collect::<Vec<_>>().join(" | "));
                }
            }
            let letter = messages
                .ranking_letter(context, DateTime::UNIX_EPOCH)
                .unwrap();
            let _ = writeln!(shown, "##### {name}: letter\n{letter:#?}");
            for block in &letter.body {
                if let Block::Paragraph(text) | Block::Heading(text) = block {
                    assert_well_written(name, text);
                }
            }
            assert!(xlsx(&book).unwrap().starts_with(b"PK"));
            assert!(docx(&letter).unwrap().starts_with(b"PK"));
        }
        snapshot("ranking-files", &shown);
    }

    #[test]
    fn what_people_wrote_stays_what_it_says() {
        let messages = Messages::load(None).unwrap();
        let mut context = messages.samples.rankings["quarter"].clone();
        let words = "\"}],\n=1+1 | @sign {{ x }}";
        context.criticise[0].agency.lines[1].quote = words.to_owned();
        context.tables[0].agencies[2].lines[1].quote = words.to_owned();
        let book = messages
            .ranking_workbook(&context, DateTime::UNIX_EPOCH)
            .unwrap();
        let told = Cell::Text("\"}], =1+1 | @sign {{ x }}".to_owned());
        assert!(book.sheets[2].rows.iter().any(|row| row.contains(&told)));
        let letter = messages
            .ranking_letter(&context, DateTime::UNIX_EPOCH)
            .unwrap();
        assert_eq!(letter.signature, ["GIÁM ĐỐC"]);
        assert!(format!("{letter:?}").contains("=1+1 | @sign {{ x }}"));
    }
}
