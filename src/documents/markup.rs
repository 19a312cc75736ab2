//! The lines that a template writes -> a letter.
//!
//! One line is one piece. What it is, its beginning says:
//!
//! | line | piece |
//! |---|---|
//! | `@superior`, `@issuer`, `@number`, `@subject`, `@mark`, `@country`, `@motto`, `@place` | the head of the first page; several lines of `@superior` or `@issuer` are pieces of a name, which breaks between them |
//! | `@kind`, `@about` | `BÁO CÁO`, and its trích yếu |
//! | `@to`, `@addressee` | `Kính gửi:`, and an addressee; several lines of it are several addressees |
//! | `# text` | a heading |
//! | `> text` | a line in the middle, in italics |
//! | <code>&#124;= 5 c TT &#124; 30 l Nhiệm vụ</code> | the headings of a table: share of the width, `l`, `c` or `r`, words |
//! | <code>&#124; 1 &#124; Ban hành</code> | a row of it |
//! | <code>&#124;> II.2 Ban hành</code> | a row of one cell, above the rows that it is about |
//! | `@annex`, `@annex-title`, `@annex-with` | `Phụ lục`, its name, and to what it belongs; the text below is its own |
//! | `@copies`, `@copy` | `Nơi nhận:`, and a line below it |
//! | `@sign` | a line of authority and title |
//! | any other | a paragraph; an empty line is nothing |
//!
//! A backslash takes the meaning from the character behind it: [`escape`] puts one wherever what a person wrote could be
//! taken for markup, and the engine of the templates does so with every value.

use super::letter::{Align, Annex, Block, Letter, LetterColumn, LetterTable, Row};
use super::workbook::Properties;

/// A line that is no piece of a letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the letter, {text:?}: {problem}")]
pub struct MarkupError {
    /// Its number, from 1, among the lines that the template gave.
    pub line: usize,
    /// Its beginning.
    pub text: String,
    /// What is wrong.
    pub problem: String,
}

/// `text` as it stands in one line of the markup and means nothing but itself.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '@' | '#' | '>' => out.extend(['\\', c]),
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// The letter that the lines describe.
///
/// # Errors
/// The first line that cannot be read.
pub fn letter(markup: &str, properties: Properties) -> Result<Letter, MarkupError> {
    let mut letter = Letter {
        properties,
        ..Letter::default()
    };
    for (number, line) in (1..).zip(markup.lines()) {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        add(&mut letter, line).map_err(|problem| MarkupError {
            line: number,
            text: line.chars().take(60).collect(),
            problem,
        })?;
    }
    Ok(letter)
}

fn add(letter: &mut Letter, line: &str) -> Result<(), String> {
    if let Some(part) = line.strip_prefix('@') {
        let (name, text) = part.split_once(' ').unwrap_or((part, ""));
        return head(letter, name, plain(text));
    }
    let body = match &mut letter.annex {
        Some(annex) => &mut annex.body,
        None => &mut letter.body,
    };
    if let Some(cells) = line.strip_prefix("|=") {
        let columns: Result<_, String> = cells_of(cells).iter().map(|cell| column(cell)).collect();
        body.push(Block::Table(LetterTable {
            columns: columns?,
            rows: Vec::new(),
        }));
    } else if let Some(cells) = line.strip_prefix('|') {
        let Some(Block::Table(table)) = body.last_mut() else {
            return Err("a row without headings above it: write a line with |= first".to_owned());
        };
        if let Some(text) = cells.strip_prefix('>') {
            table.rows.push(Row::Across(plain(text.trim())));
            return Ok(());
        }
        let row: Vec<String> = cells_of(cells).iter().map(|cell| plain(cell)).collect();
        let (has, most) = (row.len(), table.columns.len());
        if has > most {
            return Err(format!("{has} cells in a table of {most} columns"));
        }
        table.rows.push(Row::Cells(row));
    } else if let Some(text) = line.strip_prefix("# ") {
        body.push(Block::Heading(plain(text)));
    } else if let Some(text) = line.strip_prefix("> ") {
        body.push(Block::Caption(plain(text)));
    } else {
        body.push(Block::Paragraph(plain(line)));
    }
    Ok(())
}

fn head(letter: &mut Letter, name: &str, text: String) -> Result<(), String> {
    let heading = &mut letter.heading;
    match name {
        "superior" => heading.superior.push(text),
        "issuer" => heading.issuer.push(text),
        "number" => heading.number = text,
        "subject" => heading.subject = text,
        "mark" => heading.mark = text,
        "country" => heading.country = text,
        "motto" => heading.motto = text,
        "place" => heading.place_and_day = text,
        "kind" => letter.kind = text,
        "about" => letter.about = text,
        "to" => letter.to = text,
        "addressee" => letter.addressees.push(text),
        "copies" => letter.copies_heading = text,
        "copy" => letter.copies.push(text),
        "sign" => letter.signature.push(text),
        "annex" => {
            letter.annex = Some(Annex {
                label: text,
                ..Annex::default()
            });
        }
        "annex-title" | "annex-with" => {
            let Some(annex) = &mut letter.annex else {
                return Err(format!("@{name} without an annex: write @annex first"));
            };
            *(if name == "annex-title" {
                &mut annex.title
            } else {
                &mut annex.with
            }) = text;
        }
        other => return Err(format!("@{other} is no part of a letter")),
    }
    Ok(())
}

/// `5 c TT`: share, place, words.
fn column(cell: &str) -> Result<LetterColumn, String> {
    let wrong = || {
        format!(
            "{cell:?} is no heading: write its share of the width, l, c or r, and its words, as 5 c TT"
        )
    };
    let mut parts = cell.splitn(3, ' ');
    let share = parts.next().and_then(|share| share.parse().ok());
    let align = match parts.next() {
        Some("l") => Align::Left,
        Some("c") => Align::Centre,
        Some("r") => Align::Right,
        _ => return Err(wrong()),
    };
    Ok(LetterColumn {
        share: share
            .filter(|share| (1..=1000).contains(share))
            .ok_or_else(wrong)?,
        align,
        heading: plain(parts.next().unwrap_or_default()),
    })
}

/// The cells between bars; a bar behind a backslash is text. A bar at the end closes the last cell.
fn cells_of(text: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let last = cells.len() - 1;
        match c {
            '|' => cells.push(String::new()),
            '\\' => {
                cells[last].push('\\');
                cells[last].extend(chars.next());
            }
            other => cells[last].push(other),
        }
    }
    if cells.len() > 1
        && cells.last().is_some_and(|cell| cell.trim().is_empty())
        && text.trim_end().ends_with('|')
    {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Text without its backslashes.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn read(markup: &str) -> Result<Letter, MarkupError> {
        let properties = Properties {
            title: String::new(),
            author: String::new(),
            made_at: DateTime::UNIX_EPOCH,
        };
        letter(markup, properties)
    }

    #[test]
    fn each_line_is_the_piece_that_its_beginning_says() {
        let letter = read(
            "@issuer SỞ NỘI VỤ\n@number Số:       /BC-SNV\n\n@addressee A\n@addressee B\n# 1. Kết quả\nĐoạn văn\n> Bảng\n\
             |= 5 c TT | 30 l Nhiệm vụ |\n|> II\n| 1 | Ban hành |\n@sign GIÁM ĐỐC\n@annex Phụ lục\n\
             @annex-title DANH SÁCH\nĐoạn của phụ lục",
        )
        .unwrap();
        assert_eq!(letter.heading.number, "Số:       /BC-SNV");
        assert_eq!(letter.addressees, ["A", "B"]);
        let table = LetterTable {
            columns: vec![
                LetterColumn {
                    heading: "TT".to_owned(),
                    share: 5,
                    align: Align::Centre,
                },
                LetterColumn {
                    heading: "Nhiệm vụ".to_owned(),
                    share: 30,
                    align: Align::Left,
                },
            ],
            rows: vec![
                Row::Across("II".to_owned()),
                Row::Cells(vec!["1".to_owned(), "Ban hành".to_owned()]),
            ],
        };
        let body = [
            Block::Heading("1. Kết quả".to_owned()),
            Block::Paragraph("Đoạn văn".to_owned()),
            Block::Caption("Bảng".to_owned()),
            Block::Table(table),
        ];
        assert_eq!(letter.body, body);
        let annex = Annex {
            label: "Phụ lục".to_owned(),
            title: "DANH SÁCH".to_owned(),
            with: String::new(),
            body: vec![Block::Paragraph("Đoạn của phụ lục".to_owned())],
        };
        assert_eq!(letter.annex, Some(annex));
    }

    #[test]
    fn what_a_person_wrote_is_no_markup() {
        let said = "@sign CHỦ TỊCH\n# | 1 | \\ > x";
        let letter = read(&format!("{0}\n|= 1 l A | 1 l B\n| {0} | b", escape(said))).unwrap();
        let one_line = "@sign CHỦ TỊCH # | 1 | \\ > x";
        assert_eq!(letter.signature, [""; 0]);
        assert_eq!(letter.body[0], Block::Paragraph(one_line.to_owned()));
        let Block::Table(table) = &letter.body[1] else {
            panic!("{letter:?}");
        };
        let cells = [one_line, "b"].map(str::to_owned).to_vec();
        assert_eq!(table.rows, [Row::Cells(cells)]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (markup, problem) in [
            ("a\n@isuer X", "@isuer is no part"),
            ("a\n| 1 | 2", "without headings"),
            ("a\n|> 1", "without headings"),
            ("a\n@annex-title X", "without an annex"),
            ("|= 1 l A\n| 1 | 2", "2 cells in a table of 1"),
            ("a\n|= x l A", "is no heading"),
            ("a\n|= 0 l A", "is no heading"),
        ] {
            let error = read(markup).unwrap_err();
            assert_eq!(error.line, 2, "{markup}");
            assert!(error.to_string().contains(problem), "{error}");
        }
    }
}
