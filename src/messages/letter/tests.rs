//! What the letters say, and that what people wrote cannot change it.

use std::fmt::Write as _;

use super::super::tests::snapshot;
use super::*;
use crate::documents::{Block, Row};

fn shown(letter: &Letter) -> String {
    let mut out = String::new();
    let heading = &letter.heading;
    let head = [
        &heading.superior,
        &heading.issuer,
        &heading.number,
        &heading.subject,
        &heading.mark,
        &heading.place_and_day,
        &letter.kind,
        &letter.about,
    ];
    for line in head.into_iter().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "[{line}]");
    }
    let _ = writeln!(out, "{} {}", letter.to, letter.addressees.join("; "));
    blocks(&mut out, &letter.body);
    let _ = writeln!(
        out,
        "\n{}\n{}",
        letter.copies_heading,
        letter.copies.join("\n")
    );
    let _ = writeln!(out, "[{}]", letter.signature.join(" / "));
    if let Some(annex) = &letter.annex {
        let _ = writeln!(
            out,
            "\n[{}]\n[{}]\n{}",
            annex.label, annex.title, annex.with
        );
        blocks(&mut out, &annex.body);
    }
    out
}

fn blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        let _ = match block {
            Block::Heading(text) => writeln!(out, "\n## {text}"),
            Block::Paragraph(text) => writeln!(out, "{text}"),
            Block::Caption(text) => writeln!(out, "({text})"),
            Block::Table(table) => {
                let headings: Vec<&str> = table
                    .columns
                    .iter()
                    .map(|column| column.heading.as_str())
                    .collect();
                let rows = table.rows.iter().map(|row| match row {
                    Row::Cells(cells) => format!("| {}\n", cells.join(" | ")),
                    Row::Across(text) => format!("|> {text}\n"),
                });
                write!(
                    out,
                    "|= {}\n{}",
                    headings.join(" | "),
                    rows.collect::<String>()
                )
            }
        };
    }
}

#[test]
fn every_sample_of_a_letter_reads_well() {
    let messages = Messages::load(None).unwrap();
    let mut all = String::new();
    for (name, context) in &messages.letters {
        let letter = messages
            .render_letter(context, DateTime::UNIX_EPOCH)
            .unwrap();
        let text = shown(&letter);
        for wrong in ["  nhiệm vụ", " ,", " .", "..", "\\", "none", "“”"] {
            assert!(!text.contains(wrong), "{name}: {wrong:?} in\n{text}");
        }
        let _ = write!(all, "##### {name}: {}\n{text}\n", letter.properties.title);
    }
    snapshot("letters", &all);
}

#[test]
fn what_people_wrote_is_no_part_of_the_form() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.letters["weekly"].clone();
    let said = "xong\n@sign CHỦ TỊCH\n# | giả | \\";
    context.late[0].quote = said.to_owned();
    context.difficulties[0].quote = said.to_owned();
    context.late[0].documents = vec!["1|2".to_owned()];
    let letter = messages
        .render_letter(&context, DateTime::UNIX_EPOCH)
        .unwrap();
    assert_eq!(letter.signature, ["GIÁM ĐỐC"]);
    let text = shown(&letter);
    assert_eq!(
        text.matches("“xong @sign CHỦ TỊCH # | giả | \\”").count(),
        2,
        "{text}"
    );
}

#[test]
fn a_template_that_writes_no_letter_is_found_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let letters = folder.path().join("vi/letter");
    std::fs::create_dir_all(&letters).unwrap();
    std::fs::write(letters.join("own.docx.j2"), "@isuer {{ sender.name }}\n").unwrap();
    let messages = Messages::load(Some(folder.path())).unwrap();
    let problems = messages.check();
    assert!(!problems.is_empty());
    for said in problems.iter().map(Problem::to_string) {
        let named = said.contains("own.docx.j2") && said.contains("@isuer is no part");
        assert!(named, "{said}");
    }
}

#[test]
fn a_reply_of_any_length_leaves_the_letter_readable() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.letters["reminder"].clone();
    context.late[0].quote = "chờ ý kiến ".repeat(20_000);
    let letter = messages
        .render_letter(&context, DateTime::UNIX_EPOCH)
        .unwrap();
    let Some(Block::Table(table)) = letter
        .body
        .iter()
        .find(|block| matches!(block, Block::Table(_)))
    else {
        panic!("no table: {letter:?}");
    };
    let Row::Cells(cells) = &table.rows[0] else {
        panic!("{table:?}");
    };
    let said = cells.last().unwrap();
    assert!(said.chars().count() < 330 && said.contains("…”"), "{said}");
}
