//! What stands on which page, as `LibreOffice` lays it out.

use chrono::DateTime;
use dondoc::app::open;
use dondoc::documents::{Annex, Block, Heading, Letter, Properties, docx};
use dondoc::domain::delivery::Channel;
use dondoc::messages::{DigestContext, LetterContext};
use serde_json::Value;
use tempfile::TempDir;

use super::readers::laid_out;
use super::written::{of_kind, written};

/// The lines of each page, without the number at its top.
fn pages_of(text: &str) -> Vec<Vec<String>> {
    let pages = text.trim_end_matches('\u{c}').split('\u{c}').zip(1..);
    let lines = pages.map(|(page, number): (&str, usize)| {
        let lines = page.lines().map(str::trim).filter(|line| !line.is_empty());
        let number = number.to_string();
        lines
            .filter(|line| *line != number)
            .map(str::to_owned)
            .collect()
    });
    lines.collect()
}

fn blank() -> Letter {
    Letter {
        properties: Properties {
            title: String::new(),
            author: "Sở Nội vụ".to_owned(),
            made_at: DateTime::UNIX_EPOCH,
        },
        ..Letter::default()
    }
}

fn letter(paragraphs: usize, with_annex: bool) -> Letter {
    let line = "Sở Nội vụ tiếp tục theo dõi, đôn đốc các cơ quan, địa phương thực hiện nhiệm vụ được giao.";
    let mut body = vec![Block::Paragraph(line.to_owned()); paragraphs];
    body.push(Block::Paragraph("Sở Nội vụ kính báo cáo./.".to_owned()));
    Letter {
        heading: Heading {
            issuer: vec!["SỞ NỘI VỤ".to_owned()],
            ..Heading::default()
        },
        kind: "BÁO CÁO".to_owned(),
        body,
        copies_heading: "Nơi nhận:".to_owned(),
        copies: vec!["- Như trên;".to_owned(), "- Lưu: VT.".to_owned()],
        signature: vec!["GIÁM ĐỐC".to_owned()],
        annex: with_annex.then(|| Annex {
            label: "Phụ lục".to_owned(),
            title: "DANH SÁCH".to_owned(),
            with: "(Kèm theo Báo cáo)".to_owned(),
            body: vec![Block::Paragraph("I.1".to_owned())],
        }),
        ..blank()
    }
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn no_signature_stands_alone_and_no_page_is_empty_however_long_the_text() {
    let folder = TempDir::new().unwrap();
    let mut signed_on = Vec::new();
    for (paragraphs, with_annex) in (8..28).map(|number| (number, number % 2 == 0)) {
        let path = folder.path().join(format!("{paragraphs}.docx"));
        std::fs::write(&path, docx(&letter(paragraphs, with_annex)).unwrap()).unwrap();
        let pages = pages_of(&laid_out(&path));
        assert!(
            pages.iter().all(|page| !page.is_empty()),
            "{paragraphs}: {pages:#?}"
        );
        let signed = pages
            .iter()
            .position(|page| page.iter().any(|line| line.contains("Nơi nhận:")))
            .unwrap();
        let page = &pages[signed];
        let at = page
            .iter()
            .position(|line| line.contains("Nơi nhận:"))
            .unwrap();
        assert!(
            page[..at].concat().contains("kính báo cáo./."),
            "{paragraphs}: {page:#?}"
        );
        assert!(
            page.concat().contains("GIÁM ĐỐC"),
            "{paragraphs}: {page:#?}"
        );
        signed_on.push(signed);
    }
    signed_on.dedup();
    assert_eq!(
        signed_on,
        [0, 1],
        "lengths on both sides of the end of a page"
    );
    // The draft that had its signature alone on a page.
    for command in [
        "digest --week 2020-03-16",
        "draft report --quarter 1 --on 2020-03-16",
    ] {
        let (_folder, paths) = written(command);
        let pages = pages_of(&laid_out(of_kind(&paths, "docx")));
        let signed = pages
            .iter()
            .find(|page| page.iter().any(|line| line.contains("Nơi nhận:")))
            .unwrap();
        assert!(!signed[0].contains("Nơi nhận:"), "{command}: {signed:#?}");
        assert!(
            pages.iter().all(|page| !page.is_empty()),
            "{command}: {pages:#?}"
        );
    }
}

/// Names of agencies break where a reader would break them.
#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn the_name_of_every_agency_breaks_between_its_words() {
    let setup = open::load(None).unwrap().setup;
    let compounds = [
        "THÀNH PHỐ",
        "THỊ XÃ",
        "NHÂN DÂN",
        "KINH TẾ",
        "CÔNG NGHIỆP",
        "NÔNG THÔN",
        "XÃ HỘI",
        "MÔI TRƯỜNG",
        "CÔNG NGHỆ",
        "TRUYỀN THÔNG",
    ];
    let folder = TempDir::new().unwrap();
    let agencies = setup.charges[0].directory.agencies();
    for agency in agencies.filter(|agency| agency.name.chars().count() > 24) {
        let sample = std::fs::read_to_string(SAMPLES.replace("digest", "letter")).unwrap();
        let samples: Value = serde_json::from_str(&sample).unwrap();
        let mut context: LetterContext = serde_json::from_value(samples["own"].clone()).unwrap();
        context.sender.name.clone_from(&agency.name);
        let rendered = setup
            .messages
            .render_letter(&context, DateTime::UNIX_EPOCH)
            .unwrap();
        let path = folder.path().join(format!("{}.docx", agency.code));
        // The head alone: the right side holds nothing, so that each line is one of the name.
        let head = Letter {
            heading: Heading {
                issuer: rendered.heading.issuer.clone(),
                ..Heading::default()
            },
            ..blank()
        };
        std::fs::write(&path, docx(&head).unwrap()).unwrap();
        let pages = pages_of(&laid_out(&path));
        let whole = pages[0].join(" ");
        assert!(!whole.is_empty(), "{}", agency.name);
        assert_eq!(whole, rendered.heading.issuer.join(" "), "{}", agency.name);
        for both in compounds.iter().filter(|both| whole.contains(**both)) {
            assert!(
                pages[0].iter().any(|line| line.contains(both)),
                "{both}: {:?}",
                pages[0]
            );
        }
    }
}

const SAMPLES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/messages/vi/digest/samples.json"
);

/// The digest of UBND tỉnh with so many of each thing that it can name, each with a long name.
fn crowded(times: usize) -> DigestContext {
    let samples: Value = serde_json::from_str(&std::fs::read_to_string(SAMPLES).unwrap()).unwrap();
    let mut context = samples["leader"].clone();
    for name in [
        "newly_late",
        "long_late",
        "unchanged",
        "difficulties",
        "disowned",
        "decisions",
        "due_soon",
        "unreachable",
    ] {
        let Some(list) = context[name]
            .as_array()
            .filter(|list| !list.is_empty())
            .cloned()
        else {
            continue;
        };
        let many = list.iter().cycle().take(times).zip(1..);
        let distinct = many.map(|(one, number): (&Value, usize)| {
            let mut one = one.clone();
            for key in ["id", "name", "agency"] {
                if let Some(text) = one.get(key).and_then(Value::as_str) {
                    one[key] = match key {
                        "id" => format!("IV.{number}.b/1").into(),
                        _ => format!("{text} và Phát triển nông thôn số {number}").into(),
                    };
                }
            }
            if one.get("title").is_some() {
                one["title"] = "Xây dựng và tổ chức thực hiện kế hoạch cải cách hành chính của địa phương, đơn vị. ".repeat(3).into();
            }
            one
        });
        context[name] = distinct.collect::<Vec<_>>().into();
    }
    serde_json::from_value(context).unwrap()
}

#[test]
#[ignore = "needs LibreOffice, openpyxl and python-docx: see ./test"]
fn the_digest_of_the_leader_is_one_page_in_the_worst_week() {
    // A year in which nobody answers, and nobody could be told.
    for week in [
        "2020-02-03",
        "2020-04-06",
        "2020-07-06",
        "2020-10-05",
        "2020-12-28",
    ] {
        let (_folder, paths) = written(&format!("digest --as leader --week {week}"));
        let pages = pages_of(&laid_out(of_kind(&paths, "html")));
        assert_eq!(pages.len(), 1, "{week}: {pages:#?}");
        let text = pages[0].join(" ");
        assert!(
            text.contains("Quá hạn kéo dài") || week == "2020-02-03",
            "{week}: {text}"
        );
    }
    // A province with more of everything than a page holds.
    let messages = &open::load(None).unwrap().setup.messages;
    let folder = TempDir::new().unwrap();
    for times in [1, 3, 8, 40, 400] {
        let mail = messages
            .render_digest(crowded(times), Channel::Email)
            .unwrap();
        let path = folder.path().join(format!("{times}.html"));
        std::fs::write(&path, mail.html.unwrap()).unwrap();
        let pages = pages_of(&laid_out(&path));
        assert_eq!(pages.len(), 1, "{times} of each: {pages:#?}");
        assert!(pages[0].concat().contains("Trân trọng."), "{pages:#?}");
    }
}
