//! The table as clerks give it back.

use super::*;

fn words() -> StocktakeWords {
    load_stocktake_words(&Folder::lexicon()).unwrap()
}

fn read(text: &str) -> Stocktake {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, text).unwrap();
    words().read(&path)
}

fn problems(found: &Stocktake) -> Vec<String> {
    let errors = found.problems.errors.iter();
    errors
        .map(|one| format!("{}: {}; {}", one.line, one.problem, one.remedy))
        .collect()
}

fn row(task: &str) -> StocktakeRow {
    StocktakeRow {
        plan: "4353/QĐ-UBND".to_owned(),
        task: task.to_owned(),
        agency: "STP".to_owned(),
        name: "Sở Tư pháp".to_owned(),
        content: "- Ban hành \"Kế hoạch\"; sửa đổi".to_owned(),
        due_on: NaiveDate::from_ymd_opt(2020, 3, 31).unwrap(),
    }
}

#[test]
fn what_was_written_is_read_back_with_what_was_filled_in() {
    let text = words().write(&[row("II.2/1"), row("IV.1.b"), row("I.2/1")]);
    assert!(text.starts_with('\u{feff}'), "Excel knows UTF-8 by it");
    assert!(
        text.contains("\"'- Ban hành"),
        "no cell begins a formula: {text}"
    );
    let empty = ";\"\";\"\";\"\";\"\"";
    let filled = text
        .replacen(empty, ";XONG;20/3/2020;12/KH-STP;", 1)
        .replacen(empty, ";chua xong;;;đang trình", 1);
    let found = read(&filled);
    assert_eq!(problems(&found), [""; 0]);
    let said: Vec<&Said> = found.lines.iter().map(|line| &line.said).collect();
    let done = Said::Done {
        on: NaiveDate::from_ymd_opt(2020, 3, 20).unwrap(),
        document: Some("12/KH-STP".to_owned()),
    };
    assert_eq!(said, [&done, &Said::Open { document: None }]);
    assert_eq!(found.lines[1].note, "đang trình");
    assert_eq!((found.lines[0].line, found.unanswered), (2, 1));
}

#[test]
fn a_table_that_excel_saved_in_its_own_way_is_read() {
    let text = "\u{feff}Tình trạng,Mã việc,Mã cơ quan,Ngày hoàn thành,Số văn bản,Thừa\r\n\
                xong,II.2/1,STP,20-03-2020,\"12/KH-STP\",x\r\n,,,,,\r\n\r\nđã xong,IV.1.b,STP,2020-01-20,,\r\n";
    let found = read(text);
    assert_eq!(problems(&found), [""; 0]);
    let lines: Vec<usize> = found.lines.iter().map(|line| line.line).collect();
    assert_eq!(lines, [2, 5]);
}

#[test]
fn every_problem_of_every_line_is_told_at_once() {
    let text = "Mã việc;Mã cơ quan;Tình trạng;Ngày hoàn thành;Số văn bản\n\
                II.2/1;STP;xogn;20/13/2020;\n\
                II.2/2;STP;xong;20/3;\n\
                ;STP;xong;20/3/2020;\n\
                IV.1.b;STP;xong;;chưa có\n\
                I.2/1;STP;;20/3/2020;\n\
                I.2/2;STP;chưa;20/3/2020;\n\
                II.3;STP;30/2;;\n\
                II.4;STP;xong;30/2/2020;\n";
    let told = problems(&read(text));
    let begins = [
        "2: “xogn” says not how it stands; did you mean",
        "2: “20/13/2020” is no day",
        "3: “20/3” is no day; write day, month and year, as 20/3/2020",
        "4: the cell is empty",
        "5: it is done, and not said on which day",
        "5: “chưa có” is no number of a document",
        "6: a day or a document is given, and not how it stands",
        "7: “chưa”, and yet a day of completion is given",
        "8: “30/2” says not how it stands; write “xong” or “chưa”",
        "9: “30/2/2020” is no day",
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for (told, begin) in told.iter().zip(begins) {
        assert!(told.starts_with(begin), "{told}");
    }
}

#[test]
fn another_table_is_refused_and_says_what_is_missing() {
    let told = problems(&read("a;b\n1;2\n"));
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told[0].contains("“Mã việc”"), "{}", told[0]);
    assert!(problems(&read("\u{feff}\n;;\n"))[0].contains("the table is empty"));
    assert!(problems(&read("Mã việc;\"x\n1;2\n"))[0].starts_with("1: a quotation mark"));
}

#[test]
fn two_headings_of_one_column_are_a_problem() {
    let found = read(
        "Mã việc,Mã cơ quan,Tình trạng,Ngày văn bản,Ngày hoàn thành,Số văn bản\nII.2/1,STP,xong,1/3/2020,20/3/2020,\n",
    );
    assert_eq!(
        problems(&found),
        [
            "1: “Ngày văn bản” and “Ngày hoàn thành” head the same column; take the one out that does not say how things stand"
        ]
    );
    assert_eq!(found.lines, []);
}

#[test]
fn a_table_of_one_line_is_no_table() {
    let found = read("Mã việc,Mã cơ quan,Tình trạng,Ngày hoàn thành,Số văn bản\n\n");
    assert!(
        problems(&found)[0].starts_with("1: no line stands below the headings"),
        "{found:?}"
    );
}

#[test]
fn nothing_is_dropped_that_stands_beside_what_is_not_done() {
    let head = "Mã việc;Mã cơ quan;Tình trạng;Ngày hoàn thành;Số văn bản;Ghi chú\n";
    let found = read(&format!(
        "{head}II.2/1;STP;chưa;;45/STP-VP;đang trình\nI.2/1;STP;;;;hỏi lại\nI.3;STP;;;;\n"
    ));
    assert_eq!(problems(&found), [""; 0]);
    let lines = found.lines.iter();
    let lines: Vec<(&Said, &str)> = lines.map(|one| (&one.said, one.note.as_str())).collect();
    let document = Some("45/STP-VP".to_owned());
    assert_eq!(
        lines,
        [
            (&Said::Open { document }, "đang trình"),
            (&Said::Nothing, "hỏi lại")
        ]
    );
    assert_eq!(found.unanswered, 2, "how it stands is said of one");
    let told = problems(&read(&format!(
        "{head}II.2/1;STP;chưa;;chưa có;\nI.3;STP;;;12/KH;hỏi\n"
    )));
    assert!(
        told[0].starts_with("2: “chưa có” is no number of a document; write it as on the document"),
        "{told:#?}"
    );
    assert!(
        told[1].starts_with("3: a day or a document is given, and not how it stands"),
        "{told:#?}"
    );
}

#[test]
fn a_mark_that_nothing_closes_hides_no_other_problem() {
    let text = "Mã việc;Mã cơ quan;Tình trạng;Ngày hoàn thành;Số văn bản\nI.3;STP;xog;;\nII.2/1;STP;\"xong;;\nI.2/1;STP;chưa;;\n";
    let told = problems(&read(text));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("2: “xog” says not how it stands"));
    assert!(told[1].starts_with("3: a quotation mark opens here that nothing closes"));
}

#[test]
fn a_table_larger_than_any_other_file_is_read_back() {
    let rows: Vec<StocktakeRow> = (1..=80_000)
        .map(|number| row(&format!("VI.{number}")))
        .collect();
    let text = words().write(&rows);
    assert!(text.len() > 8 * 1024 * 1024, "{}", text.len());
    let found = read(&text);
    assert_eq!(problems(&found), [""; 0]);
    assert_eq!((found.lines.len(), found.unanswered), (0, rows.len()));
}
