//! What `dondoc` writes opens elsewhere, whole, in the form it must have.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, NaiveDate};
use dondoc::documents::{Cell, Column, Kind, Properties, Sheet, Workbook, xlsx};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::readers::{laid_out, openpyxl, python_docx, smallest_letters};

/// Runs a command that writes into a folder of its own; gives the paths that it printed.
pub(super) fn written(arguments: &str) -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dondoc"))
        .args(arguments.split(' '))
        .args(["--out", "."])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let paths = printed
        .lines()
        .map(|line| folder.path().join(line))
        .collect();
    (folder, paths)
}

pub(super) fn of_kind<'a>(paths: &'a [PathBuf], extension: &str) -> &'a Path {
    let is_it = |path: &&PathBuf| path.extension().is_some_and(|found| found == extension);
    paths.iter().find(is_it).unwrap()
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn the_workbook_of_a_digest_has_its_sheets_filters_and_pages() {
    let (_folder, paths) = written("digest --week 2020-03-16");
    let path = of_kind(&paths, "xlsx");
    let sheets = openpyxl(path);
    let names: Vec<&str> = sheets
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Tổng hợp",
            "Các Sở, Ban, ngành",
            "UBND cấp huyện",
            "Cơ quan khác",
            "Nội dung nhiệm vụ"
        ]
    );
    for sheet in sheets.as_array().unwrap() {
        assert_eq!(sheet["formulas"], 0);
        assert_eq!(
            (&sheet["landscape"], &sheet["paper"]),
            (&json!("landscape"), &json!(9))
        );
        assert_eq!(sheet["fit"], json!([true, 1, 0]));
        let rows = sheet["rows"].as_array().unwrap();
        // The sheet of the plan's own words begins with the id of each.
        let is_heading = |row: &Value| row[0] == "TT" || row[0] == "Số hiệu";
        let heading = rows.iter().position(is_heading).unwrap() + 1;
        assert_eq!(sheet["freeze"], format!("A{}", heading + 1));
        assert_eq!(
            sheet["repeat"].as_str().unwrap().replace('$', ""),
            format!("{heading}:{heading}")
        );
        assert!(
            sheet["filter"]
                .as_str()
                .unwrap()
                .starts_with(&format!("A{heading}:"))
        );
    }
    let of_agencies = &sheets[1];
    assert!(
        of_agencies["dates"].as_u64().unwrap() > 100,
        "due days are days, not words"
    );
    let text = of_agencies["rows"].to_string();
    for word in [
        "Đang thực hiện trong hạn",
        "Đang thực hiện quá hạn",
        "Thường xuyên",
        "Sở Tư pháp",
    ] {
        assert!(text.contains(word), "{word}");
    }
    assert_legible(path);
    let pages = laid_out(path);
    assert!(pages.contains("BẢNG THEO DÕI THỰC HIỆN"));
    let printed = pages.matches('\u{c}').count();
    assert!(printed < 90, "{printed} pages of A4 for 848 rows");
    let second = pages.split('\u{c}').nth(3).unwrap();
    assert!(
        second.contains("Nội dung công việc"),
        "headings are repeated: {second}"
    );
}

/// Of one page from left to right, in letters of eight points or more.
fn assert_legible(book: &Path) {
    for sheet in openpyxl(book).as_array().unwrap() {
        assert_eq!(sheet["fit"], json!([true, 1, 0]), "{}", sheet["name"]);
    }
    let smallest = smallest_letters(book);
    assert!(smallest >= 8.0, "{smallest} points in {}", book.display());
}

fn assert_form(letter: &Value) {
    assert_eq!(letter["page"], json!([210, 297]));
    assert_eq!(letter["margins"], json!([20, 20, 30, 15]));
    assert_eq!(letter["first_differs"], true);
    assert_eq!(letter["font"], "Times New Roman");
    let head = letter["tables"][0]["rows"].to_string();
    for part in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số:          /",
        "DỰ THẢO",
    ] {
        assert!(head.contains(part), "{part} in {head}");
    }
    // Head and signatures stand in tables of their own; what is long follows as an annex.
    let tables = letter["tables"].as_array().unwrap();
    let signs = |table: &&Value| table["rows"].to_string().contains("Nơi nhận:");
    assert_eq!(tables[1..].iter().filter(signs).count(), 1);
    for table in tables[1..].iter().filter(|table| !signs(table)) {
        assert_eq!(table["repeated"], 1);
    }
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn the_draft_of_a_digest_has_the_form_of_an_official_document() {
    let (_folder, paths) = written("digest --week 2020-03-16");
    let path = of_kind(&paths, "docx");
    let letter = python_docx(path);
    assert_form(&letter);
    assert_eq!(
        letter["created"], "2020-03-15T17:00:00",
        "midnight in Vietnam, whenever it is made"
    );
    assert!(
        letter["title"]
            .as_str()
            .unwrap()
            .starts_with("BÁO CÁO Tình hình thực hiện")
    );
    let pages = laid_out(path);
    let pages: Vec<&str> = pages.split('\u{c}').collect();
    assert!(
        !pages[0].trim_start().starts_with('1'),
        "no number on the first page"
    );
    assert_eq!(
        pages[1].trim_start().lines().next(),
        Some("2"),
        "{}",
        pages[1]
    );
    assert!(pages[0].contains("Kính gửi: Ủy ban nhân dân tỉnh Quảng Nam"));
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn letters_on_request_have_it_too() {
    for (arguments, said) in [
        (
            "draft reminder SYT --on 2020-03-16",
            "Sở Nội vụ đề nghị Sở Y tế:",
        ),
        (
            "draft report --quarter 1 --on 2020-04-01",
            "Trong quý tiếp theo có",
        ),
        (
            "draft report HOIAN --quarter 1 --on 2020-04-01",
            "Trong kỳ, UBND thành phố Hội An chủ trì",
        ),
    ] {
        let (_folder, paths) = written(arguments);
        let letter = python_docx(&paths[0]);
        assert_form(&letter);
        let text = letter["paragraphs"].to_string();
        assert!(text.contains(said), "{arguments}: {text}");
        assert!(!laid_out(&paths[0]).is_empty());
    }
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn the_proposals_of_a_ranking_are_two_pages_and_their_evidence_an_annex() {
    // Of a year in which nobody answers: every agency is proposed for criticism, with all that it owes.
    for (arguments, most) in [
        ("rank --quarter 1 --on 2020-06-01", 10),
        ("rank --year --on 2021-01-15", 20),
    ] {
        let (_folder, paths) = written(arguments);
        let path = of_kind(&paths, "docx");
        assert_form(&python_docx(path));
        let pages = laid_out(path);
        let pages: Vec<&str> = pages.split('\u{c}').collect();
        let annex = pages
            .iter()
            .position(|page| page.contains("KẾT QUẢ XẾP HẠNG VÀ CĂN CỨ ĐỀ NGHỊ"));
        assert_eq!(annex, Some(2), "{pages:#?}");
        assert!(pages[1].contains("Nơi nhận:"), "{}", pages[1]);
        let first: Vec<&str> = pages[0].split_whitespace().collect();
        let cited = "Quyết định số 4353/QĐ-UBND ngày 31 tháng 12 năm 2019 của UBND tỉnh Quảng Nam";
        assert!(first.join(" ").contains(cited), "{first:?}");
        assert!(pages.len() <= most, "{} pages", pages.len());
        assert_legible(of_kind(&paths, "xlsx"));
    }
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn what_people_wrote_is_read_back_as_they_wrote_it() {
    let said = [
        "=1+1",
        "@SUM(A1)",
        "+84 905 123 456",
        "-3",
        "<r><t>x</t></r>",
        "_x0041_",
        "một\nhai",
        "0012",
    ];
    let rows = said
        .iter()
        .map(|text| vec![Cell::text(*text), Cell::Date(NaiveDate::default())]);
    let workbook = Workbook {
        properties: Properties {
            title: "=1".to_owned(),
            author: "Sở Nội vụ".to_owned(),
            made_at: DateTime::UNIX_EPOCH,
        },
        sheets: vec![Sheet {
            name: "Sở NN/PTNT".to_owned(),
            titles: vec!["=2+2".to_owned()],
            columns: vec![
                Column::new("=3", 30.0, Kind::Text),
                Column::new("", 12.0, Kind::Date),
            ],
            rows: rows.collect(),
            total: None,
        }],
    };
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("said.xlsx");
    std::fs::write(&path, xlsx(&workbook).unwrap()).unwrap();
    let sheet = &openpyxl(&path)[0];
    assert_eq!(sheet["name"], "Sở NN-PTNT");
    assert_eq!(sheet["formulas"], 0);
    let rows = sheet["rows"].as_array().unwrap();
    let read: Vec<&str> = rows[3..]
        .iter()
        .map(|row| row[0].as_str().unwrap().trim_start())
        .collect();
    assert_eq!(read, said);
}
