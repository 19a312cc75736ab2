//! What the letters say, and that what people wrote cannot change it.

use std::fmt::Write as _;

use super::super::tests::snapshot;
use super::*;
use crate::documents::{Block, Row};

fn shown(letter: &Letter) -> String {
    let mut out = String::new();
    let heading = &letter.heading;
    let head = [
        &heading.superior.join(" / "),
        &heading.issuer.join(" / "),
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
    for (name, context) in &messages.samples.letters {
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

/// Of Times New Roman at the 12 points of a table, between rules 16 cm apart, each cell with 1.5 mm at either side.
#[test]
fn a_day_stands_on_one_line_of_its_cell() {
    let messages = Messages::load(None).unwrap();
    let is_day =
        |word: &&str| word.matches('/').count() == 2 && !word.contains(char::is_alphabetic);
    let length = |word: &str| -> f64 {
        let of = |c: char| if c.is_ascii_digit() { 0.5 } else { 0.28 };
        word.chars().map(of).sum::<f64>() * 12.0
    };
    for (name, context) in &messages.samples.letters {
        let letter = messages
            .render_letter(context, DateTime::UNIX_EPOCH)
            .unwrap();
        let annex = letter.annex.iter().flat_map(|annex| &annex.body);
        for block in letter.body.iter().chain(annex) {
            let Block::Table(table) = block else { continue };
            let whole: u32 = table.columns.iter().map(|column| column.share).sum();
            let rows = table.rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => Some(cells),
                Row::Across(_) => None,
            });
            for (column, cell) in rows.flat_map(|cells| table.columns.iter().zip(cells)) {
                let width = 453.5 * f64::from(column.share) / f64::from(whole) - 8.5;
                for day in cell.split([' ', '(', ')', ';', ',']).filter(is_day) {
                    let heading = &column.heading;
                    assert!(length(day) <= width, "{name}, {heading}: {day} breaks");
                }
            }
        }
    }
}

#[test]
fn a_single_task_is_named_and_not_counted_as_one_more() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.samples.letters["weekly-long"].clone();
    let first = context.late_tasks[0].clone();
    let task = |number: usize| LetterTask {
        id: format!("VII.{number}"),
        ..first.clone()
    };
    let of = |count: usize| (1..=count).map(task).collect::<Vec<_>>();
    for (count, more) in [(9, None), (10, Some("- 2 nhiệm vụ khác: "))] {
        context.late_tasks = of(count);
        let letter = messages
            .render_letter(&context, DateTime::UNIX_EPOCH)
            .unwrap();
        let text = shown(&letter);
        match more {
            None => assert!(
                text.contains("- VII.9 ") && !text.contains("nhiệm vụ khác"),
                "{text}"
            ),
            Some(more) => assert!(text.contains(more) && !text.contains("- VII.9 "), "{text}"),
        }
    }
}

#[test]
fn a_reminder_gives_the_day_and_the_words_that_the_plan_has_for_it() {
    let messages = Messages::load(None).unwrap();
    let letter = messages
        .render_letter(&messages.samples.letters["reminder"], DateTime::UNIX_EPOCH)
        .unwrap();
    let text = shown(&letter);
    for told in [
        "| 28/02/2020 (gia hạn, hạn theo Kế hoạch 30/01/2020); theo Kế hoạch: “chậm nhất 30 ngày kể từ ngày ban hành” |",
        // The words of the clause that gives the day, which need not stand in the cell of the deadline.
        "| 13/3/2020 (điều chỉnh theo 905/QĐ-UBND, hạn theo Kế hoạch 31/3/2020); theo Kế hoạch: “trong quý I” |",
        "| 12/3/2020 |",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(!text.contains("Năm 2020;"), "{text}");
}

#[test]
fn the_last_line_of_the_copies_names_the_unit_that_drafts_or_leaves_room_for_it() {
    let messages = Messages::load(None).unwrap();
    for (name, context) in &messages.samples.letters {
        let letter = messages
            .render_letter(context, DateTime::UNIX_EPOCH)
            .unwrap();
        let last = letter.copies.last().unwrap();
        let own = "- Lưu: VT, …….";
        let expected = if name.starts_with("own") {
            own
        } else {
            "- Lưu: VT, CCHC."
        };
        assert_eq!(last, expected, "{name}");
    }
}

#[test]
fn what_people_wrote_is_no_part_of_the_form() {
    let messages = Messages::load(None).unwrap();
    let mut context = messages.samples.letters["weekly"].clone();
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
    let mut context = messages.samples.letters["reminder"].clone();
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

#[test]
fn a_name_in_the_head_breaks_before_the_kind_of_a_place_and_before_and() {
    let pieces = |name: &str| {
        let messages = Messages::load(None).unwrap();
        let mut context = messages.samples.letters["own"].clone();
        context.sender.name = name.to_owned();
        let letter = messages.render_letter(&context, DateTime::UNIX_EPOCH);
        letter.unwrap().heading.issuer.join(" / ")
    };
    for (name, broken) in [
        (
            "UBND thành phố Hội An",
            "ỦY BAN NHÂN DÂN / THÀNH PHỐ HỘI AN",
        ),
        ("UBND thị xã Điện Bàn", "ỦY BAN NHÂN DÂN / THỊ XÃ ĐIỆN BÀN"),
        ("UBND xã Tam Thanh", "ỦY BAN NHÂN DÂN / XÃ TAM THANH"),
        (
            "Sở Nông nghiệp và Phát triển nông thôn",
            "SỞ NÔNG NGHIỆP / VÀ PHÁT TRIỂN NÔNG THÔN",
        ),
        (
            "Sở Lao động - Thương binh và Xã hội",
            "SỞ LAO ĐỘNG - / THƯƠNG BINH / VÀ XÃ HỘI",
        ),
        ("Bảo hiểm xã hội tỉnh", "BẢO HIỂM XÃ HỘI TỈNH"),
    ] {
        assert_eq!(pieces(name), broken, "{name}");
    }
}
