//! What stands in the file, read back from its parts.

use std::io::{Cursor, Read as _};

use super::*;
use crate::documents::letter::{Align, Annex, Block, Heading, LetterColumn, LetterTable, Row};
use crate::documents::workbook::Properties;

fn letter() -> Letter {
    let column = |heading: &str, share, align| LetterColumn {
        heading: heading.to_owned(),
        share,
        align,
    };
    Letter {
        properties: Properties {
            title: "Báo cáo & <dự thảo>".to_owned(),
            author: "Sở Nội vụ".to_owned(),
            made_at: DateTime::UNIX_EPOCH,
        },
        heading: Heading {
            superior: vec!["UBND TỈNH QUẢNG NAM".to_owned()],
            issuer: vec!["SỞ NỘI VỤ".to_owned()],
            number: "Số:       /BC-SNV".to_owned(),
            country: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".to_owned(),
            motto: "Độc lập - Tự do - Hạnh phúc".to_owned(),
            place_and_day: "Quảng Nam, ngày      tháng 3 năm 2020".to_owned(),
            ..Heading::default()
        },
        kind: "BÁO CÁO".to_owned(),
        about: "Tình hình thực hiện kế hoạch".to_owned(),
        to: "Kính gửi:".to_owned(),
        addressees: vec!["UBND tỉnh Quảng Nam".to_owned()],
        body: vec![
            Block::Paragraph("“<w:b/> & \"xong\"”\u{0}\ndòng hai".to_owned()),
            Block::Table(LetterTable {
                columns: vec![
                    column("TT", 1, Align::Centre),
                    column("Cơ quan", 5, Align::Left),
                ],
                rows: vec![Row::Cells(vec!["1".to_owned()])],
            }),
        ],
        copies_heading: "Nơi nhận:".to_owned(),
        copies: vec!["- Như trên;".to_owned(), "- Lưu: VT.".to_owned()],
        signature: vec!["GIÁM ĐỐC".to_owned()],
        annex: None,
    }
}

fn bytes() -> Vec<u8> {
    docx(&letter()).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut file = archive.by_name(name).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_people_wrote_is_text_and_not_markup() {
    let xml = part(&bytes(), "word/document.xml");
    let said = "“&lt;w:b/&gt; &amp; &quot;xong&quot;”</w:t><w:br/>";
    assert!(xml.contains(said), "{xml}");
    assert!(!xml.contains('\u{0}'));
    let core = part(&bytes(), "docProps/core.xml");
    assert!(core.contains("Báo cáo &amp; &lt;dự thảo&gt;"), "{core}");
}

#[test]
fn the_page_is_a4_and_its_number_is_not_on_the_first() {
    let bytes = bytes();
    let xml = part(&bytes, "word/document.xml");
    assert!(xml.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"));
    let margins = "w:top=\"1134\" w:right=\"851\" w:bottom=\"1134\"";
    assert!(
        xml.contains(margins) && xml.contains("w:left=\"1701\""),
        "not below 20, 15 and 30 mm"
    );
    assert!(xml.contains("<w:titlePg/>"));
    assert!(part(&bytes, "word/header1.xml").contains(" PAGE "));
    assert!(!part(&bytes, "word/header2.xml").contains("PAGE"));
}

#[test]
fn headings_of_a_table_are_repeated_and_short_rows_are_filled() {
    let xml = part(&bytes(), "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 1);
    let cells = xml.matches("<w:tc>").count();
    assert_eq!(cells, xml.matches("</w:tc>").count());
    assert_eq!(cells, 4 + 4 + 3, "head, table, end");
}

#[test]
fn an_annex_has_pages_of_its_own_and_rows_that_stand_above_others() {
    let table = LetterTable {
        columns: ["TT", "Cơ quan", "Hạn"]
            .map(|heading| LetterColumn {
                heading: heading.to_owned(),
                share: 1,
                align: Align::Left,
            })
            .to_vec(),
        rows: vec![
            Row::Across("II.2 Ban hành kế hoạch".to_owned()),
            Row::Cells(vec!["1".to_owned(), "Sở Y tế".to_owned()]),
        ],
    };
    let with_annex = Letter {
        annex: Some(Annex {
            label: "Phụ lục".to_owned(),
            title: "DANH SÁCH".to_owned(),
            with: "(Kèm theo Báo cáo)".to_owned(),
            body: vec![Block::Table(table)],
        }),
        ..letter()
    };
    let xml = part(&docx(&with_annex).unwrap(), "word/document.xml");
    assert_eq!(xml.matches("<w:sectPr>").count(), 2);
    assert_eq!(xml.matches("<w:pgNumType w:start=\"1\"/>").count(), 2);
    let signed = xml.find("GIÁM ĐỐC").unwrap();
    assert!(
        signed < xml.find("Phụ lục").unwrap(),
        "behind the signature"
    );
    let (_, table) = xml.split_once("(Kèm theo").unwrap();
    assert_eq!(table.matches("<w:tc>").count(), 3 + 1 + 3);
    assert_eq!(table.matches("<w:gridSpan w:val=\"3\"/>").count(), 1);
}

#[test]
fn the_same_letter_is_the_same_bytes() {
    assert_eq!(bytes(), bytes());
}

/// The lines of the head's left side.
fn name_of(pieces: &[&str]) -> Vec<String> {
    let mut letter = letter();
    letter.heading.superior = Vec::new();
    letter.heading.issuer = pieces.iter().map(ToString::to_string).collect();
    let text = part(&docx(&letter).unwrap(), "word/document.xml");
    let (first_cell, _) = text.split_once("</w:tc>").unwrap();
    let texts = first_cell.split("<w:t xml:space=\"preserve\">").skip(1);
    let texts = texts.map(|rest| rest.split('<').next().unwrap().to_owned());
    texts.collect()
}

#[test]
fn a_name_longer_than_a_line_breaks_between_its_pieces_only() {
    let short = ["ỦY BAN NHÂN DÂN", "TỈNH"];
    assert_eq!(name_of(&short), ["ỦY BAN NHÂN DÂN TỈNH"]);
    let city = ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HỘI AN"];
    assert_eq!(name_of(&city), city);
    let three = ["SỞ LAO ĐỘNG -", "THƯƠNG BINH", "VÀ XÃ HỘI"];
    assert_eq!(name_of(&three), ["SỞ LAO ĐỘNG -", "THƯƠNG BINH VÀ XÃ HỘI"]);
}

#[test]
fn the_closing_paragraph_stands_in_the_table_of_the_signature_whose_rows_stay_together() {
    let mut letter = letter();
    let closing = "Sở Nội vụ kính báo cáo./.";
    letter.body.push(Block::Paragraph(closing.to_owned()));
    let text = part(&docx(&letter).unwrap(), "word/document.xml");
    let (_, end) = text.rsplit_once("<w:tbl>").unwrap();
    let (table, after) = end.split_once("</w:tbl>").unwrap();
    assert!(
        table.contains(closing) && table.contains("GIÁM ĐỐC"),
        "{table}"
    );
    let paragraphs = table.matches("<w:p>").count();
    assert_eq!(table.matches("<w:keepNext/>").count(), paragraphs);
    assert_eq!(table.matches("<w:cantSplit/>").count(), 2);
    assert!(
        after.contains("w:line=\"20\" w:lineRule=\"exact\""),
        "{after}"
    );
}
