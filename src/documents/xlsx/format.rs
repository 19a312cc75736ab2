//! How the cells of a sheet look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::documents::workbook::Kind;

const FONT: &str = "Times New Roman";
/// Points of the table.
const SIZE: f64 = 11.0;
/// Points of the first title line.
const TITLE_SIZE: f64 = 14.0;

/// The formats of one workbook.
#[derive(Debug)]
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) subtitle: Format,
    pub(super) heading: Format,
    text: Format,
    sign: Format,
    number: Format,
    decimal: Format,
    date: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let font = Format::new().set_font_name(FONT).set_font_size(SIZE);
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
        let centred = cell.clone().set_align(FormatAlign::Center);
        let right = cell.clone().set_align(FormatAlign::Right);
        Self {
            title: middle(font.clone().set_bold().set_font_size(TITLE_SIZE)),
            subtitle: middle(font.clone().set_italic()),
            heading: middle(font.set_bold().set_border(FormatBorder::Thin))
                .set_background_color(Color::RGB(0x00DD_E5EE)),
            // "@" is Excel's format of text: editing the cell does not make a formula of it either.
            text: cell
                .clone()
                .set_align(FormatAlign::Left)
                .set_num_format("@"),
            sign: centred.clone().set_num_format("@"),
            number: right.clone().set_num_format("#,##0"),
            decimal: right.set_num_format("#,##0.0"),
            date: centred.set_num_format("dd/mm/yyyy"),
        }
    }

    /// Of a column's own cells.
    pub(super) fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text => &self.text,
            Kind::Sign => &self.sign,
            Kind::Number => &self.number,
            Kind::Decimal => &self.decimal,
            Kind::Date => &self.date,
        }
    }

    /// Of text in a column of `kind`.
    pub(super) fn of_text(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text => &self.text,
            _ => &self.sign,
        }
    }
}
