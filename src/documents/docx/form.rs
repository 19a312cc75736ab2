//! The form of an official document: Nghị định 30/2020/NĐ-CP, phụ lục I.

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
    let (body, closing) = match letter.body.split_last() {
        Some((Block::Paragraph(closing), body)) if has_end => (body, Some(closing.as_str())),
        _ => (letter.body.as_slice(), None),
    };
    for block in body {
        write_block(&mut xml, block);
    }
    if has_end {
        end(&mut xml, letter, closing);
    }
    if let Some(annex) = &letter.annex {
        // A section ends with the paragraph that holds its properties.
        xml.push_str(&no_room(&section()));
        write_annex(&mut xml, annex);
    }
    // A document ends with a paragraph, never with a table.
    xml.push_str(&no_room(""));
    xml
}

/// An empty paragraph with these properties that takes no room to speak of: behind a table that fills a page it would
/// otherwise make an empty one.
fn no_room(properties: &str) -> String {
    format!(
        "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>\
         <w:rPr><w:sz w:val=\"2\"/><w:szCs w:val=\"2\"/></w:rPr>{properties}</w:pPr></w:p>"
    )
}

/// The annex: its label and its name in the middle, in italics below them what it belongs to.
fn write_annex(xml: &mut String, annex: &Annex) {
    centred(xml, &annex.label, bold(14));
    centred(xml, &annex.title, bold(14));
    centred(xml, &annex.with, italic(13));
    gap(xml, 8);
    for block in &annex.body {
        write_block(xml, block);
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
            for line in lines(&heading.superior, upright(13), widths[0]) {
                centred(xml, &line, upright(13));
            }
            let issuer = lines(&heading.issuer, bold(13), widths[0]);
            for line in &issuer {
                centred(xml, line, bold(13));
            }
            // A third to a half of the line above it.
            let last = issuer.last().map_or("", String::as_str);
            rule(
                xml,
                widths[0],
                length(last, bold(13)).min(widths[0]) * 2 / 5,
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

/// The pieces of a name in lines of `width`, as many in each as fit with room to spare: [`length`] knows it within some per cent.
fn lines(pieces: &[String], font: Font, width: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        let longer = lines.last().map(|line| format!("{line} {piece}"));
        let fits = longer.filter(|line| length(line, font) <= width * 96 / 100);
        match (lines.last_mut(), fits) {
            (Some(line), Some(longer)) => *line = longer,
            _ => lines.push(piece.clone()),
        }
    }
    lines
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

fn write_block(xml: &mut String, block: &Block) {
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
        Block::Paragraph(text) => plain(text).write(xml),
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

/// A paragraph of the text.
fn plain(text: &str) -> Paragraph<'_> {
    let mut paragraph = Paragraph::new(text, BODY, Justify::Both);
    paragraph.first_line = FIRST_LINE;
    paragraph.after = BETWEEN;
    paragraph.line = LINE;
    paragraph
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

/// The closing paragraph of the text; below it copies at the left, authority and title of the signer at the right, over room for
/// a signature. All of it is one table whose rows stay together, and with what ends the page: no signature stands alone on a
/// page. Word keeps a paragraph with the table behind it, `LibreOffice` does so not always.
fn end(xml: &mut String, letter: &Letter, closing: Option<&str>) {
    const LEFT_SIDE: u32 = TEXT / 2;
    let grid = Grid {
        widths: &[LEFT_SIDE, TEXT - LEFT_SIDE],
        ruled: false,
        repeated: 0,
        across: &[0],
    };
    let kept = |xml: &mut String, mut paragraph: Paragraph<'_>| {
        paragraph.keep_next = true;
        paragraph.write(xml);
    };
    grid.write(xml, 2, |xml, row, column| match (row, column) {
        (0, _) => {
            if let Some(text) = closing {
                kept(xml, plain(text));
            }
            kept(xml, Paragraph::new("", upright(12), Justify::Left));
        }
        (_, 0) => {
            let heading = Font {
                bold: true,
                ..italic(12)
            };
            let heading = Paragraph::new(&letter.copies_heading, heading, Justify::Left);
            kept(xml, heading);
            for copy in &letter.copies {
                kept(xml, Paragraph::new(copy, upright(11), Justify::Left));
            }
        }
        _ => {
            for line in &letter.signature {
                kept(xml, Paragraph::new(line, bold(14), Justify::Centre));
            }
            for _ in 0..SIGNED {
                kept(xml, Paragraph::new("", upright(14), Justify::Centre));
            }
        }
    });
}
