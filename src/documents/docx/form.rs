//! The form of an official document: Nghị định 30/2020/NĐ-CP, phụ lục I.

use std::fmt::Write as _;

use super::paragraph::{Font, Justify, Paragraph, bold, italic, upright};
use super::section::section;
use super::table::{Grid, parted};
use super::width::length;
use crate::documents::letter::{Align, Annex, Block, Heading, Letter, LetterTable, Row};

/// Twentieths of a point, of which an inch of 25.4 mm has 1,440; rounded up: the least that the form allows is not undercut.
const fn mm(millimetres: u32) -> u32 {
    (millimetres * 14_400).div_ceil(254)
}

/// A4 and its margins: top and bottom 20-25 mm, left 30-35, right 15-20.
pub(super) const PAGE: (u32, u32) = (11_906, 16_838);
pub(super) const TOP: u32 = mm(20);
pub(super) const BOTTOM: u32 = mm(20);
pub(super) const LEFT: u32 = mm(30);
pub(super) const RIGHT: u32 = mm(15);
pub(super) const TEXT: u32 = PAGE.0 - LEFT - RIGHT;

/// The page's number.
pub(super) const PAGE_NUMBER: u32 = 13;
const BODY: Font = upright(14);
const TABLE: u32 = 12;
/// Indent of a paragraph's first line: 1 or 1.27 cm.
const FIRST_LINE: u32 = 720;
/// Six points between paragraphs.
const BETWEEN: u32 = 120;
/// Lines of a text, between single and one and a half.
const LINE: u32 = 264;
/// Empty lines for a signature and a seal.
const SIGNED: usize = 4;

/// The body of the document.
pub(super) fn body(letter: &Letter) -> String {
    let mut xml = String::new();
    head(&mut xml, &letter.heading);
    gap(&mut xml, 13);
    title(&mut xml, letter);
    addressees(&mut xml, letter);
    let has_end = !letter.copies.is_empty() || !letter.signature.is_empty();
    let last = letter.body.len().saturating_sub(1);
    for (number, block) in letter.body.iter().enumerate() {
        // No signature stands alone on a page.
        write_block(&mut xml, block, has_end && number == last);
    }
    if has_end {
        let mut before = Paragraph::new("", upright(12), Justify::Left);
        before.keep_next = true;
        before.write(&mut xml);
        end(&mut xml, letter);
    }
    if let Some(annex) = &letter.annex {
        // A section ends with the paragraph that holds its properties.
        let section = section();
        let _ = write!(xml, "<w:p><w:pPr>{section}</w:pPr></w:p>");
        write_annex(&mut xml, annex);
    }
    // A document ends with a paragraph, never with a table; this one takes no room of its own.
    gap(&mut xml, 1);
    xml
}

/// The annex: its label and its name in the middle, in italics below them what it belongs to.
fn write_annex(xml: &mut String, annex: &Annex) {
    centred(xml, &annex.label, bold(14));
    centred(xml, &annex.title, bold(14));
    centred(xml, &annex.with, italic(13));
    gap(xml, 8);
    for block in &annex.body {
        write_block(xml, block, false);
    }
}

fn gap(xml: &mut String, size: u32) {
    Paragraph::new("", upright(size), Justify::Left).write(xml);
}

fn centred(xml: &mut String, text: &str, font: Font) {
    Paragraph::new(text, font, Justify::Centre).write(xml);
}

/// A rule of `length` in the middle of `width`.
fn rule(xml: &mut String, width: u32, length: u32) {
    let side = width.saturating_sub(length) / 2;
    let mut paragraph = Paragraph::new("", upright(2), Justify::Centre);
    paragraph.left = side;
    paragraph.right = side;
    paragraph.before = 50;
    paragraph.line = 60;
    paragraph.ruled = true;
    paragraph.write(xml);
}

/// Agency and number at the left, country, place and day at the right.
fn head(xml: &mut String, heading: &Heading) {
    const LEFT_SIDE: u32 = mm(68);
    let widths = [LEFT_SIDE, TEXT - LEFT_SIDE];
    let grid = Grid {
        widths: &widths,
        ruled: false,
        repeated: 0,
        across: &[],
    };
    grid.write(xml, 2, |xml, row, column| match (row, column) {
        (0, 0) => {
            if !heading.superior.is_empty() {
                centred(xml, &heading.superior, upright(13));
            }
            centred(xml, &heading.issuer, bold(13));
            // A third to a half of the line above it.
            rule(
                xml,
                widths[0],
                shortest_line(&heading.issuer, widths[0]) * 2 / 5,
            );
        }
        (0, _) => {
            centred(xml, &heading.country, bold(12));
            centred(xml, &heading.motto, bold(13));
            rule(xml, widths[1], length(&heading.motto, bold(13)));
        }
        (_, 0) => {
            spaced(xml, &heading.number, upright(13));
            if !heading.subject.is_empty() {
                centred(xml, &heading.subject, upright(12));
            }
            if !heading.mark.is_empty() {
                spaced(xml, &heading.mark, bold(13));
            }
        }
        _ => spaced(xml, &heading.place_and_day, italic(13)),
    });
}

fn spaced(xml: &mut String, text: &str, font: Font) {
    let mut paragraph = Paragraph::new(text, font, Justify::Centre);
    paragraph.before = 60;
    paragraph.write(xml);
}

/// The length of a name, or of its line when it breaks.
fn shortest_line(name: &str, width: u32) -> u32 {
    length(name, bold(13)).min(width)
}

fn title(xml: &mut String, letter: &Letter) {
    if !letter.kind.is_empty() {
        let mut kind = Paragraph::new(&letter.kind, bold(14), Justify::Centre);
        kind.keep_next = true;
        kind.write(xml);
    }
    if !letter.about.is_empty() {
        centred(xml, &letter.about, bold(14));
        let last = letter.about.lines().last().unwrap_or_default();
        let longest = TEXT * 2 / 3;
        rule(
            xml,
            TEXT,
            (length(last, bold(14)).min(longest) * 2 / 5).max(mm(20)),
        );
    }
    if !letter.kind.is_empty() || !letter.about.is_empty() {
        gap(xml, 8);
    }
}

fn addressees(xml: &mut String, letter: &Letter) {
    let (to, all) = (&letter.to, &letter.addressees);
    match all.as_slice() {
        [] => return,
        [one] => centred(xml, &format!("{to} {one}"), BODY),
        several => {
            let mut line = Paragraph::new(to, BODY, Justify::Left);
            line.left = mm(30);
            line.keep_next = true;
            line.write(xml);
            for one in several {
                let mut line = Paragraph::new(one, BODY, Justify::Left);
                line.left = mm(45);
                line.write(xml);
            }
        }
    }
    gap(xml, 8);
}

fn write_block(xml: &mut String, block: &Block, keep_next: bool) {
    match block {
        Block::Heading(text) => {
            let mut heading = Paragraph::new(text, bold(14), Justify::Both);
            heading.first_line = FIRST_LINE;
            heading.before = BETWEEN;
            heading.after = BETWEEN;
            heading.line = LINE;
            heading.keep_next = true;
            heading.write(xml);
        }
        Block::Paragraph(text) => {
            let mut paragraph = Paragraph::new(text, BODY, Justify::Both);
            paragraph.first_line = FIRST_LINE;
            paragraph.after = BETWEEN;
            paragraph.line = LINE;
            paragraph.keep_next = keep_next;
            paragraph.write(xml);
        }
        Block::Caption(text) => {
            let mut caption = Paragraph::new(text, italic(13), Justify::Centre);
            caption.before = BETWEEN;
            caption.after = 60;
            caption.keep_next = true;
            caption.write(xml);
        }
        Block::Table(table) => write_table(xml, table),
    }
}

fn write_table(xml: &mut String, table: &LetterTable) {
    let shares: Vec<u32> = table.columns.iter().map(|column| column.share).collect();
    let rows = (1..).zip(&table.rows);
    let across: Vec<usize> = rows
        .filter(|(_, row)| matches!(row, Row::Across(_)))
        .map(|(number, _)| number)
        .collect();
    let grid = Grid {
        widths: &parted(TEXT, &shares),
        ruled: true,
        repeated: 1,
        across: &across,
    };
    grid.write(xml, table.rows.len() + 1, |xml, row, number| {
        let column = &table.columns[number];
        let mut paragraph = match row.checked_sub(1).map(|row| &table.rows[row]) {
            None => Paragraph::new(&column.heading, bold(TABLE), Justify::Centre),
            Some(Row::Across(text)) => {
                let mut paragraph = Paragraph::new(text, bold(TABLE), Justify::Left);
                // What it is about stands on the same page.
                paragraph.keep_next = true;
                paragraph
            }
            Some(Row::Cells(cells)) => {
                let text = cells.get(number).map_or("", String::as_str);
                let justify = match column.align {
                    Align::Left => Justify::Left,
                    Align::Centre => Justify::Centre,
                    Align::Right => Justify::Right,
                };
                Paragraph::new(text, upright(TABLE), justify)
            }
        };
        paragraph.before = 40;
        paragraph.after = 40;
        paragraph.write(xml);
    });
    gap(xml, 6);
}

/// Copies at the left, authority and title of the signer at the right, over room for a signature.
fn end(xml: &mut String, letter: &Letter) {
    const LEFT_SIDE: u32 = TEXT / 2;
    let grid = Grid {
        widths: &[LEFT_SIDE, TEXT - LEFT_SIDE],
        ruled: false,
        repeated: 0,
        across: &[],
    };
    grid.write(xml, 1, |xml, _, column| {
        if column == 0 {
            let heading = Font {
                bold: true,
                ..italic(12)
            };
            Paragraph::new(&letter.copies_heading, heading, Justify::Left).write(xml);
            for copy in &letter.copies {
                Paragraph::new(copy, upright(11), Justify::Left).write(xml);
            }
        } else {
            for line in &letter.signature {
                centred(xml, line, bold(14));
            }
            for _ in 0..SIGNED {
                gap(xml, 14);
            }
        }
    });
}
