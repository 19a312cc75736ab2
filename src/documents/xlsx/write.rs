//! Workbook -> bytes.

use rust_xlsxwriter as excel;
use rust_xlsxwriter::{ColNum, DocProperties, RowNum, Worksheet};

use super::format::{Formats, Looks, font};
use super::height::{BOLD, lines, of_headings, of_row};
use super::name::Names;
use super::paper::{SIDE, pages_across};
use crate::documents::text::{printable, within};
use crate::documents::workbook::{Cell, Sheet, Workbook};

/// The longest text of a cell, in UTF-16 units.
const LONGEST: usize = 32_767;
/// Paper size A4, by Excel's number.
const A4: u8 = 9;
/// Page of pages: numbers only, for every language.
const FOOTER: &str = "&C&\"Times New Roman,Regular\"&P/&N";
/// Height of a row and width of a column that nobody has set, as Excel has them for letters of 11 points.
const ROW_PIXELS: u32 = 20;
const COLUMN_PIXELS: u32 = 64;
/// Height of one line of the first title, and of the others, in points.
const TITLE_HEIGHT: f64 = 20.0;
const SUBTITLE_HEIGHT: f64 = 16.0;

/// A workbook that is no XLSX file.
#[derive(Debug, thiserror::Error)]
pub enum XlsxError {
    /// It has no sheet.
    #[error("a workbook without a sheet")]
    NoSheet,
    /// Excel's limits are exceeded: 1,048,576 rows, 16,384 columns.
    #[error("sheet {sheet:?} is no sheet of an XLSX file")]
    Sheet {
        /// Its name.
        sheet: String,
        /// What was wrong.
        #[source]
        source: excel::XlsxError,
    },
    /// The file cannot be put together.
    #[error("the workbook is no XLSX file")]
    File(#[source] excel::XlsxError),
}

/// The bytes of a workbook: each sheet on A4, landscape, as wide as the page or as few pages as keep it legible, with its
/// headings frozen, filtered and repeated, and the number of the page at the foot.
///
/// # Errors
/// There is no sheet, or one is larger than Excel's largest.
pub fn xlsx(workbook: &Workbook) -> Result<Vec<u8>, XlsxError> {
    if workbook.sheets.is_empty() {
        return Err(XlsxError::NoSheet);
    }
    let properties = &workbook.properties;
    let mut file = excel::Workbook::new();
    file.set_properties(
        &DocProperties::new()
            .set_title(printable(&properties.title))
            .set_author(printable(&properties.author))
            .set_creation_datetime(&properties.made_at),
    );
    file.set_default_format(&font(), ROW_PIXELS, COLUMN_PIXELS)
        .map_err(XlsxError::File)?;
    let formats = Formats::new();
    let mut names = Names::default();
    for sheet in &workbook.sheets {
        let failed = |source| XlsxError::Sheet {
            sheet: sheet.name.clone(),
            source,
        };
        let page = file.add_worksheet();
        page.set_name(names.give(&sheet.name)).map_err(failed)?;
        write(page, sheet, &formats).map_err(failed)?;
    }
    file.save_to_buffer().map_err(XlsxError::File)
}

fn write(page: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), excel::XlsxError> {
    let last_column = ColNum::try_from(sheet.columns.len().saturating_sub(1))
        .map_err(|_| excel::XlsxError::RowColumnLimitError)?;
    for (number, column) in (0..).zip(&sheet.columns) {
        page.set_column_width(number, column.width)?;
    }
    let mut row: RowNum = 0;
    for (line, title) in sheet.titles.iter().enumerate() {
        let (format, height) = if line == 0 {
            (&formats.title, TITLE_HEIGHT)
        } else {
            (&formats.subtitle, SUBTITLE_HEIGHT)
        };
        let text = cell_text(title);
        if last_column == 0 {
            page.write_string_with_format(row, 0, &text, format)?;
        } else {
            page.merge_range(row, 0, row, last_column, "", format)?;
            // A range that is merged takes strings for numbers and formulas where they look so; a string does not.
            page.write_string_with_format(row, 0, &text, format)?;
        }
        let width: f64 = sheet.columns.iter().map(|column| column.width).sum();
        page.set_row_height(row, height * lines(&text, width / BOLD))?;
        row += 1;
    }
    if row > 0 {
        row += 1;
    }
    let heading = row;
    for (number, column) in (0..).zip(&sheet.columns) {
        let text = cell_text(&column.heading);
        page.write_string_with_format(heading, number, &text, &formats.heading)?;
    }
    page.set_row_height(heading, of_headings(&sheet.columns))?;
    for cells in &sheet.rows {
        row += 1;
        for (number, column) in (0..).zip(&sheet.columns) {
            let cell = cells.get(usize::from(number)).unwrap_or(&Cell::Empty);
            write_cell(page, (row, number), cell, formats.of(column.kind))?;
        }
        page.set_row_height(row, of_row(cells, &sheet.columns))?;
    }
    if row > heading {
        page.autofilter(heading, 0, row, last_column)?;
    }
    if let Some(cells) = &sheet.total {
        for (number, column) in (0..).zip(&sheet.columns) {
            let cell = cells.get(usize::from(number)).unwrap_or(&Cell::Empty);
            write_cell(page, (row + 1, number), cell, formats.sum(column.kind))?;
        }
    }
    page.set_freeze_panes(heading + 1, 0)?;
    page.set_repeat_rows(heading, heading)?;
    page.set_landscape().set_paper_size(A4);
    page.set_print_fit_to_pages(pages_across(&sheet.columns), 0);
    // Left, right, top, bottom, header, footer, in inches.
    page.set_margins(SIDE, SIDE, 0.6, 0.6, 0.3, 0.3);
    page.set_footer(FOOTER);
    Ok(())
}

fn write_cell(
    page: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    cell: &Cell,
    looks: Looks<'_>,
) -> Result<(), excel::XlsxError> {
    match cell {
        Cell::Empty => page.write_blank(row, column, looks.own)?,
        Cell::Text(text) => {
            page.write_string_with_format(row, column, cell_text(text), looks.text)?
        }
        Cell::Number(number) => page.write_number_with_format(row, column, *number, looks.own)?,
        Cell::Date(day) => page.write_date_with_format(row, column, day, looks.date)?,
    };
    Ok(())
}

/// What a cell can hold of a text.
fn cell_text(text: &str) -> String {
    let text = within(&printable(text), LONGEST - 1).into_owned();
    // The writer takes a string of this look for one it has formatted itself, and would write its marks as they are.
    if text.starts_with("<r>") {
        format!(" {text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
