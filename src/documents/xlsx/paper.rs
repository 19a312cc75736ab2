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
/// Pixels of a unit of a column's width, which is a digit of the table's letters: 7 in Excel, and as many as here in
/// `LibreOffice`. Each column adds some around its text.
const UNIT: f64 = 7.33;
const PADDING: f64 = 5.0;
/// How much of a page is filled at least; `LibreOffice` leaves up to 3.3 %, as measured on the sheets of a plan.
const FILLED: f64 = 0.96;

/// Over how many pages a sheet goes from left to right: one, unless its letters would be printed smaller than
/// [`SMALLEST`]. Programs scale by whole percents.
pub(super) fn pages_across(columns: &[Column]) -> u16 {
    let wide: f64 = columns
        .iter()
        .map(|column| column.width * UNIT + PADDING)
        .sum();
    let page = (LONG_SIDE - 2.0 * SIDE) * INCH * FILLED;
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
        // (11.693 - 0.8) inches are 1045.7 pixels, of which 1003.9 are filled by 73 % of 1375.2; 9 columns of 20 have 1364.4.
        assert_eq!(pages_across(&columns(9, 20.0)), 1);
        assert_eq!(pages_across(&columns(9, 20.3)), 2);
        assert_eq!(pages_across(&columns(18, 20.0)), 2);
        assert_eq!(pages_across(&[]), 1);
    }
}
