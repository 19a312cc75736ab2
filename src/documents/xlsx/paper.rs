//! How a sheet comes onto paper: A4, landscape, in letters that can be read.

use super::format::SIZE;
use crate::documents::workbook::Column;

/// The margin at the left and at the right, in inches.
pub(super) const SIDE: f64 = 0.4;
/// The smallest letters that are printed, in points.
const SMALLEST: f64 = 8.0;
/// The longer side of A4, in inches.
const LONG_SIDE: f64 = 11.693;
/// Pixels of an inch, by which Excel counts widths.
const INCH: f64 = 96.0;
/// Pixels of a unit of a column's width, and those that each column adds around its text.
const UNIT: f64 = 7.0;
const PADDING: f64 = 5.0;

/// Over how many pages a sheet goes from left to right: one, unless its letters would be printed smaller than
/// [`SMALLEST`]. Programs scale by whole percents.
pub(super) fn pages_across(columns: &[Column]) -> u16 {
    let wide: f64 = columns
        .iter()
        .map(|column| column.width * UNIT + PADDING)
        .sum();
    let page = (LONG_SIDE - 2.0 * SIDE) * INCH;
    let least = (SMALLEST / SIZE * 100.0).ceil() / 100.0;
    let widest = page / least;
    (1..u16::MAX)
        .find(|pages| wide <= f64::from(*pages) * widest)
        .unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Kind;

    #[test]
    fn a_sheet_goes_onto_one_page_as_long_as_its_letters_have_eight_points() {
        let columns = |count, width| vec![Column::new("", width, Kind::Text); count];
        // (11.693 - 0.8) inches are 1045.7 pixels, which 73 % of 1432.5 fill; 9 columns of 22 have 9 x 159 = 1431.
        assert_eq!(pages_across(&columns(9, 22.0)), 1);
        assert_eq!(pages_across(&columns(9, 22.1)), 2);
        assert_eq!(pages_across(&columns(18, 22.0)), 2);
        assert_eq!(pages_across(&[]), 1);
    }
}
