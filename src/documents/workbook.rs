//! A workbook as its maker thinks of it: sheets of typed columns and rows.

use chrono::{DateTime, NaiveDate, Utc};

/// What a file tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// What it is.
    pub title: String,
    /// Who made it: the agency.
    pub author: String,
    /// When; given by the caller, so that the same content is the same bytes.
    pub made_at: DateTime<Utc>,
}

/// A workbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbook {
    /// What it tells of itself.
    pub properties: Properties,
    /// Its sheets, in order. A workbook has at least one.
    pub sheets: Vec<Sheet>,
}

/// A sheet: title lines, one row of headings that stays in sight and is repeated on each printed page, and rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name. What Excel does not take in a name is replaced; a name that is taken gets a number.
    pub name: String,
    /// Lines above the table: the first bold, the others in italics.
    pub titles: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Each with a cell for every column; cells at the end may be missing.
    pub rows: Vec<Vec<Cell>>,
    /// A row of sums below them, in bold; neither filtered nor sorted with them.
    pub total: Option<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// In characters of the sheet's font, as Excel counts it.
    pub width: f64,
    /// How its cells are shown.
    pub kind: Kind,
}

impl Column {
    /// A column of `kind`, `width` characters wide.
    pub fn new(heading: impl Into<String>, width: f64, kind: Kind) -> Self {
        Self {
            heading: heading.into(),
            width,
            kind,
        }
    }
}

/// How the cells of a column are shown. A cell of another type is allowed: "Thường xuyên" in a column of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// At the left, broken into lines.
    Text,
    /// Short words or signs, in the middle.
    Sign,
    /// Whole numbers, in the middle.
    Number,
    /// Numbers with one place behind the comma, in the middle.
    Decimal,
    /// `dd/mm/yyyy`, in the middle.
    Date,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, always as text: `=1+1` of a reply stays what it says and is never calculated.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, that can be sorted and filtered by.
    Date(NaiveDate),
}

impl Cell {
    /// A text; an empty one is no cell.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }
}

impl From<Option<NaiveDate>> for Cell {
    fn from(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}
