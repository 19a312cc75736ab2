//! How the cells of a sheet look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::documents::workbook::Kind;

const FONT: &str = "Times New Roman";
/// Points of the table.
pub(super) const SIZE: f64 = 11.0;
/// Points of the first title line.
const TITLE_SIZE: f64 = 14.0;

/// The formats of one workbook.
#[derive(Debug)]
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) subtitle: Format,
    pub(super) heading: Format,
    row: Row,
    sum: Row,
}

/// The formats of one row, by the kind of a column.
#[derive(Debug)]
struct Row {
    text: Format,
    sign: Format,
    number: Format,
    decimal: Format,
    date: Format,
}

/// How the cells of one column look in one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looks<'a> {
    /// What is of the column's own kind.
    pub(super) own: &'a Format,
    /// Text.
    pub(super) text: &'a Format,
    /// A day.
    pub(super) date: &'a Format,
}

impl Row {
    fn new(cell: &Format) -> Self {
        let centred = cell.clone().set_align(FormatAlign::Center);
        Self {
            // "@" is Excel's format of text: editing the cell does not make a formula of it either.
            text: cell
                .clone()
                .set_align(FormatAlign::Left)
                .set_num_format("@"),
            sign: centred.clone().set_num_format("@"),
            number: centred.clone().set_num_format("#,##0"),
            decimal: centred.clone().set_num_format("#,##0.0"),
            date: centred.set_num_format("dd/mm/yyyy"),
        }
    }

    fn looks(&self, kind: Kind) -> Looks<'_> {
        let own = match kind {
            Kind::Text => &self.text,
            Kind::Sign => &self.sign,
            Kind::Number => &self.number,
            Kind::Decimal => &self.decimal,
            Kind::Date => &self.date,
        };
        let text = match kind {
            Kind::Text => &self.text,
            _ => &self.sign,
        };
        Looks {
            own,
            text,
            date: &self.date,
        }
    }
}

/// The letters of the table. They are the workbook's own, too: a unit of width is a digit of these.
pub(super) fn font() -> Format {
    Format::new().set_font_name(FONT).set_font_size(SIZE)
}

impl Formats {
    pub(super) fn new() -> Self {
        let font = font();
        let middle = |format: Format| {
            format
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        let cell = font
            .clone()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        Self {
            title: middle(font.clone().set_bold().set_font_size(TITLE_SIZE)),
            subtitle: middle(font.clone().set_italic()),
            heading: middle(font.set_bold().set_border(FormatBorder::Thin))
                .set_background_color(Color::RGB(0x00DD_E5EE)),
            row: Row::new(&cell),
            sum: Row::new(&cell.set_bold()),
        }
    }

    /// Of a column's cells.
    pub(super) fn of(&self, kind: Kind) -> Looks<'_> {
        self.row.looks(kind)
    }

    /// Of a column's cell in the row of sums.
    pub(super) fn sum(&self, kind: Kind) -> Looks<'_> {
        self.sum.looks(kind)
    }
}
