//! What stands in the file, read back from its parts.

use std::io::{Cursor, Read as _};

use chrono::NaiveDate;

use super::*;
use crate::documents::workbook::Properties;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

fn workbook(sheets: Vec<Sheet>) -> Workbook {
    Workbook {
        properties: Properties {
            title: "Theo dõi <kế hoạch>".to_owned(),
            author: "Sở Nội vụ".to_owned(),
            made_at: day(3, 16).and_hms_opt(0, 30, 0).unwrap().and_utc(),
        },
        sheets,
    }
}

fn sheet(name: &str, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet {
        name: name.to_owned(),
        titles: vec!["Bảng theo dõi".to_owned(), "Đến ngày 16/3/2020".to_owned()],
        columns: vec![
            Column::new("Nhiệm vụ", 40.0, Kind::Text),
            Column::new("Hạn", 12.0, Kind::Date),
            Column::new("Số ngày", 9.0, Kind::Number),
        ],
        rows,
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut file = archive.by_name(name).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn text_of_people_is_never_a_formula() {
    let said = [
        "=1+1",
        "+84 905",
        "@SUM(A1)",
        "-2",
        "=HYPERLINK(\"http://x\")",
        "0123",
    ];
    let rows = said.iter().map(|one| vec![Cell::text(*one)]).collect();
    let bytes = xlsx(&workbook(vec![sheet("Tất cả", rows)])).unwrap();
    let page = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!page.contains("<f>"), "{page}");
    let strings = part(&bytes, "xl/sharedStrings.xml");
    for one in ["=1+1", "+84 905", "@SUM(A1)", "-2", "0123"] {
        assert!(strings.contains(&format!(">{one}</t>")), "{one}: {strings}");
    }
}

#[test]
fn a_title_that_looks_like_a_formula_is_a_title() {
    let mut one = sheet("Tất cả", Vec::new());
    one.titles = vec!["=1+1".to_owned(), "42".to_owned()];
    let bytes = xlsx(&workbook(vec![one])).unwrap();
    let page = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        !page.contains("<f>") && !page.contains("<v>42</v>"),
        "{page}"
    );
}

#[test]
fn markup_of_the_writer_stays_text() {
    let cell = Cell::text("<r><t>giả</t></r>");
    let bytes = xlsx(&workbook(vec![sheet("Tất cả", vec![vec![cell]])])).unwrap();
    let strings = part(&bytes, "xl/sharedStrings.xml");
    assert!(strings.contains("&lt;r&gt;&lt;t&gt;giả"), "{strings}");
}

#[test]
fn a_reply_of_any_length_fits_its_cell() {
    let cell = Cell::text("vướng ".repeat(20_000) + "\u{b}\u{0}");
    let bytes = xlsx(&workbook(vec![sheet("Tất cả", vec![vec![cell]])])).unwrap();
    let strings = part(&bytes, "xl/sharedStrings.xml");
    assert!(strings.contains("…</t>"));
    assert!(!strings.contains("_x00"), "control characters are gone");
}

#[test]
fn a_sheet_is_set_up_for_screen_and_paper() {
    let row = vec![Cell::text("II.2"), Cell::Date(day(3, 31)), Cell::from(4)];
    let bytes = xlsx(&workbook(vec![sheet("Sở, ban, ngành", vec![row])])).unwrap();
    let page = part(&bytes, "xl/worksheets/sheet1.xml");
    for piece in [
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "<pane ySplit=\"4\"",
        "<autoFilter ref=\"A4:C5\"",
        "&amp;P/&amp;N",
    ] {
        assert!(page.contains(piece), "{piece} is not in {page}");
    }
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("_xlnm.Print_Titles"), "{book}");
    assert!(book.contains("Sở, ban, ngành"), "{book}");
}

#[test]
fn a_sheet_without_rows_is_a_sheet() {
    let bytes = xlsx(&workbook(vec![sheet("Trống", Vec::new())])).unwrap();
    let page = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!page.contains("autoFilter"), "{page}");
    assert!(matches!(
        xlsx(&workbook(Vec::new())),
        Err(XlsxError::NoSheet)
    ));
}

#[test]
fn the_same_content_is_the_same_bytes() {
    let sheets = || {
        let rows = (1..200)
            .map(|number| {
                vec![
                    Cell::text(format!("việc {number}")),
                    Cell::Empty,
                    Cell::from(number),
                ]
            })
            .collect();
        vec![sheet("Một", rows), sheet("Hai", Vec::new())]
    };
    let (one, other) = (xlsx(&workbook(sheets())), xlsx(&workbook(sheets())));
    assert_eq!(one.unwrap(), other.unwrap());
}
