//! An official letter as its maker thinks of it: the parts of Nghị định 30/2020/NĐ-CP, phụ lục I, in their order.

use super::workbook::Properties;

/// A letter or a report. A part that is empty is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// What the file tells of itself.
    pub properties: Properties,
    /// Country, agency, number, place and day.
    pub heading: Heading,
    /// Name of the kind of document, in capitals: `BÁO CÁO`. A công văn has none.
    pub kind: String,
    /// Trích yếu below it, in bold.
    pub about: String,
    /// What stands before the addressees: `Kính gửi:`.
    pub to: String,
    /// The addressees; one stands in the line of `to`, more stand below it.
    pub addressees: Vec<String>,
    /// The text.
    pub body: Vec<Block>,
    /// What stands above the copies: `Nơi nhận:`.
    pub copies_heading: String,
    /// Who gets a copy, a line each.
    pub copies: Vec<String>,
    /// Authority and title of who will sign, in capitals, a line each: `KT. GIÁM ĐỐC`, `PHÓ GIÁM ĐỐC`. The name is
    /// left to who signs.
    pub signature: Vec<String>,
    /// What is too long for the text, on pages of its own behind the signature.
    pub annex: Option<Annex>,
}

/// A phụ lục.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annex {
    /// `Phụ lục`.
    pub label: String,
    /// Its name, in capitals.
    pub title: String,
    /// The document that it belongs to: `(Kèm theo Báo cáo số …)`.
    pub with: String,
    /// What it holds.
    pub body: Vec<Block>,
}

/// The head of the first page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// The superior of the agency, in capitals and in the pieces between which it may break; empty where it has none.
    pub superior: Vec<String>,
    /// The agency, likewise.
    pub issuer: Vec<String>,
    /// `Số:       /BC-SNV`.
    pub number: String,
    /// `V/v …`, of a công văn.
    pub subject: String,
    /// What marks a paper that nobody has signed: `DỰ THẢO`.
    pub mark: String,
    /// Quốc hiệu.
    pub country: String,
    /// Tiêu ngữ.
    pub motto: String,
    /// `Quảng Nam, ngày     tháng 3 năm 2020`.
    pub place_and_day: String,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading, in bold.
    Heading(String),
    /// A paragraph, justified, its first line indented.
    Paragraph(String),
    /// A line in italics in the middle: what a table holds.
    Caption(String),
    /// A table.
    Table(LetterTable),
}

/// A table, its headings repeated on every page that it goes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterTable {
    /// The columns; together they are as wide as the text.
    pub columns: Vec<LetterColumn>,
    /// In their order.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A cell for every column; cells at the end may be missing.
    Cells(Vec<String>),
    /// One cell as wide as the table, in bold: what the rows below it are about.
    Across(String),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterColumn {
    /// What stands above it.
    pub heading: String,
    /// Its share of the width, in any unit that the columns have in common.
    pub share: u32,
    /// Where its cells stand.
    pub align: Align,
}

/// Where text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}
