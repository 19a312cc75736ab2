//! Tables: those that place text side by side, and those with rules.

use std::fmt::Write as _;

/// A table; widths in twentieths of a point.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    pub(super) widths: &'a [u32],
    /// Whether its cells have rules around them.
    pub(super) ruled: bool,
    /// How many rows at its top are repeated on each page.
    pub(super) repeated: usize,
    /// The rows that are one cell across all columns.
    pub(super) across: &'a [usize],
}

impl Grid<'_> {
    /// Writes the table: `cell` writes the paragraphs of a row's cell.
    pub(super) fn write(
        &self,
        xml: &mut String,
        rows: usize,
        mut cell: impl FnMut(&mut String, usize, usize),
    ) {
        let total: u32 = self.widths.iter().sum();
        let _ = write!(
            xml,
            "<w:tbl><w:tblPr><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>"
        );
        if self.ruled {
            xml.push_str("<w:tblBorders>");
            for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
                let _ = write!(
                    xml,
                    "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"
                );
            }
            xml.push_str("</w:tblBorders>");
        }
        let padding = if self.ruled { 85 } else { 0 };
        let _ = write!(
            xml,
            "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{padding}\" w:type=\"dxa\"/>\
             <w:right w:w=\"{padding}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>"
        );
        for width in self.widths {
            let _ = write!(xml, "<w:gridCol w:w=\"{width}\"/>");
        }
        xml.push_str("</w:tblGrid>");
        for row in 0..rows {
            xml.push_str("<w:tr><w:trPr><w:cantSplit/>");
            if row < self.repeated {
                xml.push_str("<w:tblHeader/>");
            }
            xml.push_str("</w:trPr>");
            let is_across = self.across.binary_search(&row).is_ok();
            let widths = if is_across { &[total][..] } else { self.widths };
            for (column, width) in widths.iter().enumerate() {
                let _ = write!(xml, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>");
                if is_across {
                    let _ = write!(xml, "<w:gridSpan w:val=\"{}\"/>", self.widths.len());
                }
                if row < self.repeated {
                    xml.push_str("<w:vAlign w:val=\"center\"/>");
                }
                xml.push_str("</w:tcPr>");
                cell(xml, row, column);
                xml.push_str("</w:tc>");
            }
            xml.push_str("</w:tr>");
        }
        xml.push_str("</w:tbl>");
    }
}

/// Parts `total` by the shares of its columns, to the last twentieth of a point.
pub(super) fn parted(total: u32, shares: &[u32]) -> Vec<u32> {
    let sum: u32 = shares.iter().sum::<u32>().max(1);
    let mut widths: Vec<u32> = shares.iter().map(|share| total * share / sum).collect();
    let rest = total - widths.iter().sum::<u32>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}
