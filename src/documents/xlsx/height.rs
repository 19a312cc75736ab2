//! How high a row must be: not every program that shows a workbook finds that out by itself.

use crate::documents::workbook::{Cell, Column};

/// Points of a line of a cell, with some room: Times New Roman of 11 points needs 12.7.
const LINE: f64 = 13.5;
/// The highest row that there is, in points.
const HIGHEST: f64 = 409.0;
/// Letters of a line for each unit of a column's width, which is a digit of the table's font: Vietnamese has 1.18, measured on the
/// cells of a plan. Bold letters are wider: 1.09.
const LETTERS: f64 = 1.15;
pub(super) const BOLD: f64 = 0.95;
/// What the two edges of a cell take of a column's width.
const EDGES: f64 = 0.8;
/// Room for the button of a filter, in characters.
const BUTTON: f64 = 2.0;

/// The height of a row.
pub(super) fn of_row(cells: &[Cell], columns: &[Column]) -> f64 {
    let texts = cells
        .iter()
        .zip(columns)
        .filter_map(|(cell, column)| match cell {
            Cell::Text(text) => Some(lines(text, (column.width - EDGES) * LETTERS)),
            _ => None,
        });
    height(texts.fold(1.0, f64::max))
}

/// The height of the row of headings.
pub(super) fn of_headings(columns: &[Column]) -> f64 {
    let texts = columns
        .iter()
        .map(|column| lines(&column.heading, (column.width - BUTTON) / BOLD));
    height(texts.fold(1.0, f64::max))
}

/// Into how many lines a text breaks, word by word, in a column of so many characters.
pub(super) fn lines(text: &str, width: f64) -> f64 {
    let mut lines = 0.0;
    for line in text.split('\n') {
        lines += 1.0;
        let mut used = 0.0;
        for word in line.split_whitespace() {
            let length = f64::from(u32::try_from(word.chars().count()).unwrap_or(u32::MAX));
            let gap = if used > 0.0 { 1.0 } else { 0.0 };
            if used + gap + length <= width {
                used += gap + length;
                continue;
            }
            // A word longer than a line is broken.
            let over = (length / width.max(1.0)).ceil().max(1.0);
            lines += if used > 0.0 { over } else { over - 1.0 };
            used = length - (over - 1.0) * width;
        }
    }
    lines
}

fn height(lines: f64) -> f64 {
    (lines * LINE + 2.0).min(HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_breaks_between_words_and_a_long_word_within() {
        for (text, width, expected) in [
            ("", 10.0, 1.0),
            ("mười ký tự", 10.0, 1.0),
            ("mười một ký tự", 10.0, 2.0),
            ("một\nhai\nba", 10.0, 3.0),
            ("khôngcókhoảngtrắngnàocả", 10.0, 3.0),
        ] {
            assert!((lines(text, width) - expected).abs() < 0.1, "{text}");
        }
        let long = Cell::text("vướng ".repeat(5000));
        let columns = [Column::new("", 20.0, crate::documents::Kind::Text)];
        assert!((of_row(&[long], &columns) - HIGHEST).abs() < 0.1);
    }
}
