//! Paragraphs and their letters.
//!
//! The children of `w:pPr` and `w:rPr` stand in the order of the schema: Word refuses a file in which they do not.

use std::fmt::Write as _;

use crate::documents::text::{printable, within};

/// The longest text of one paragraph, in UTF-16 units: a book's chapter, and far below what Word takes.
const LONGEST: usize = 32_000;

/// Where a paragraph stands between its margins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Justify {
    Left,
    Centre,
    Right,
    Both,
}

/// How letters look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Font {
    /// Points.
    pub(super) size: u32,
    pub(super) bold: bool,
    pub(super) italic: bool,
}

/// Upright letters of a size in points.
pub(super) const fn upright(size: u32) -> Font {
    Font {
        size,
        bold: false,
        italic: false,
    }
}

/// Bold letters of a size in points.
pub(super) const fn bold(size: u32) -> Font {
    Font {
        size,
        bold: true,
        italic: false,
    }
}

/// Italics of a size in points.
pub(super) const fn italic(size: u32) -> Font {
    Font {
        size,
        bold: false,
        italic: true,
    }
}

/// A paragraph; lengths in twentieths of a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paragraph<'a> {
    pub(super) text: &'a str,
    pub(super) font: Font,
    pub(super) justify: Justify,
    pub(super) first_line: u32,
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) before: u32,
    pub(super) after: u32,
    /// Distance of lines, in 240ths of a single one.
    pub(super) line: u32,
    /// Stays on the page of what follows.
    pub(super) keep_next: bool,
    /// A rule on top of it; it is then as low as the rule needs.
    pub(super) ruled: bool,
}

impl<'a> Paragraph<'a> {
    /// A paragraph with nothing around it.
    pub(super) fn new(text: &'a str, font: Font, justify: Justify) -> Self {
        Self {
            text,
            font,
            justify,
            first_line: 0,
            left: 0,
            right: 0,
            before: 0,
            after: 0,
            line: 240,
            keep_next: false,
            ruled: false,
        }
    }

    pub(super) fn write(&self, xml: &mut String) {
        xml.push_str("<w:p><w:pPr>");
        if self.keep_next {
            xml.push_str("<w:keepNext/>");
        }
        if self.ruled {
            xml.push_str(
                "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/></w:pBdr>",
            );
        }
        let rule = if self.ruled { "exact" } else { "auto" };
        let _ = write!(
            xml,
            "<w:spacing w:before=\"{}\" w:after=\"{}\" w:line=\"{}\" w:lineRule=\"{rule}\"/>",
            self.before, self.after, self.line
        );
        let _ = write!(
            xml,
            "<w:ind w:left=\"{}\" w:right=\"{}\" w:firstLine=\"{}\"/>",
            self.left, self.right, self.first_line
        );
        let justify = match self.justify {
            Justify::Left => "left",
            Justify::Centre => "center",
            Justify::Right => "right",
            Justify::Both => "both",
        };
        let _ = write!(xml, "<w:jc w:val=\"{justify}\"/><w:rPr>");
        look(xml, self.font);
        xml.push_str("</w:rPr></w:pPr>");
        run(xml, self.text, self.font);
        xml.push_str("</w:p>");
    }
}

/// A run of letters.
fn run(xml: &mut String, text: &str, font: Font) {
    if text.is_empty() {
        return;
    }
    xml.push_str("<w:r><w:rPr>");
    look(xml, font);
    xml.push_str("</w:rPr>");
    let text = printable(text);
    for (number, line) in within(&text, LONGEST).split('\n').enumerate() {
        if number > 0 {
            xml.push_str("<w:br/>");
        }
        for (number, piece) in line.split('\t').enumerate() {
            if number > 0 {
                xml.push_str("<w:tab/>");
            }
            xml.push_str("<w:t xml:space=\"preserve\">");
            escape(xml, piece);
            xml.push_str("</w:t>");
        }
    }
    xml.push_str("</w:r>");
}

fn look(xml: &mut String, font: Font) {
    if font.bold {
        xml.push_str("<w:b/><w:bCs/>");
    }
    if font.italic {
        xml.push_str("<w:i/><w:iCs/>");
    }
    let half_points = font.size * 2;
    let _ = write!(
        xml,
        "<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/>"
    );
}

/// Text between tags or in an attribute.
pub(super) fn escape(xml: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            other => xml.push(other),
        }
    }
}
