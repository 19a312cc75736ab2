//! The workbook, cell by cell.

use super::*;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

fn context(lines: Vec<RegisterLine>) -> RegisterContext {
    let counts = Counts {
        open_late: 1,
        silent: 1,
        ..Counts::default()
    };
    let group = |name: &str, short: &str, lines| RegisterGroup {
        name: name.to_owned(),
        short: short.to_owned(),
        agencies: vec![("Sở Y tế".to_owned(), counts)],
        lines,
    };
    RegisterContext {
        today: day(3, 16),
        plan: PlanRef {
            number: "4353/QĐ-UBND".to_owned(),
            title: "Kế hoạch công tác cải cách hành chính năm 2020".to_owned(),
        },
        issued_on: day(1, 2),
        author: "Sở Nội vụ".to_owned(),
        groups: vec![
            group("UBND các huyện, thị xã, thành phố", "UBND cấp huyện", lines),
            group("", "", Vec::new()),
        ],
    }
}

fn book(lines: Vec<RegisterLine>) -> Workbook {
    let messages = Messages::load(None).unwrap();
    messages
        .render_register(&context(lines), DateTime::UNIX_EPOCH)
        .unwrap()
}

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        _ => "",
    }
}

#[test]
fn an_obligation_is_one_row_with_its_official_word_and_both_days() {
    let line = RegisterLine {
        id: "II.2/1".to_owned(),
        content: "Rà soát thủ tục hành chính.".to_owned(),
        label: "Ban hành Kế hoạch".to_owned(),
        agency: "Sở Y tế".to_owned(),
        word: "open-late".to_owned(),
        due_on: Some(day(2, 28)),
        original_due_on: Some(day(1, 30)),
        plan_due_on: Some(day(2, 14)),
        grounds: vec![ground("due-amended", "")],
        extended_by: "45/SNV".to_owned(),
        days_late: 11,
        documents: vec!["1/KH-SYT".to_owned(), "2/BC-SYT".to_owned()],
        quote: "=1+1\nchờ ký".to_owned(),
        said_on: Some(day(3, 10)),
        pending: "extension".to_owned(),
        until: Some(day(4, 15)),
        ..RegisterLine::default()
    };
    let book = book(vec![line]);
    let sheet = &book.sheets[1];
    let row = &sheet.rows[0];
    assert_eq!(row.len(), sheet.columns.len());
    assert_eq!(
        text(&row[3]),
        "Rà soát thủ tục hành chính.\nViệc cần hoàn thành: Ban hành Kế hoạch"
    );
    let days = [day(1, 30), day(2, 14), day(2, 28)].map(Cell::Date);
    assert_eq!(
        row[6..9],
        days,
        "the plan's, the document's, the extension's"
    );
    assert_eq!(text(&row[10]), "Đang thực hiện quá hạn");
    assert_eq!(row[11], Cell::Number(11.0));
    assert_eq!(text(&row[12]), "1/KH-SYT, 2/BC-SYT");
    assert_eq!(text(&row[13]), "“=1+1\nchờ ký” (10/3/2020)");
    assert_eq!(
        text(&row[14]),
        "Điều chỉnh thời hạn theo 905/QĐ-UBND ngày 17/3/2020; gia hạn theo 45/SNV; \
         đề nghị gia hạn, chờ quyết định (15/4/2020)"
    );
}

fn ground(kind: &str, agency: &str) -> RegisterGround {
    RegisterGround {
        kind: kind.to_owned(),
        document: "905/QĐ-UBND".to_owned(),
        signed_on: Some(day(3, 17)),
        agency: agency.to_owned(),
    }
}

#[test]
fn what_is_not_as_the_plan_had_it_names_its_document() {
    let noted = |word: &str, kind: &str, agency: &str| RegisterLine {
        word: word.to_owned(),
        due_on: Some(day(4, 30)),
        original_due_on: Some(day(3, 31)),
        plan_due_on: Some(day(4, 30)),
        grounds: vec![ground(kind, agency)],
        ..RegisterLine::default()
    };
    let book = book(vec![
        noted("open-on-time", "due-amended", ""),
        noted("transferred", "transferred", "Sở Y tế"),
        noted("suspended", "suspended", ""),
        noted("cancelled", "cancelled", ""),
        noted("open-on-time", "received", "Sở Nội vụ"),
    ]);
    let rows = &book.sheets[1].rows;
    let shown: Vec<[&str; 2]> = rows
        .iter()
        .map(|row| [text(&row[10]), text(&row[14])])
        .collect();
    let by = "theo 905/QĐ-UBND ngày 17/3/2020";
    let expected = [
        (
            "Đang thực hiện trong hạn",
            format!("Điều chỉnh thời hạn {by}"),
        ),
        ("Chuyển cơ quan khác", format!("Chuyển Sở Y tế {by}")),
        ("Tạm dừng", format!("Tạm dừng {by}")),
        ("Không thực hiện", format!("Thôi thực hiện {by}")),
        (
            "Đang thực hiện trong hạn",
            format!("Nhận từ Sở Nội vụ {by}"),
        ),
    ];
    let expected: Vec<[&str; 2]> = expected
        .iter()
        .map(|(word, note)| [*word, note.as_str()])
        .collect();
    assert_eq!(shown, expected);
    assert!(
        rows.iter().all(|row| row[8] == Cell::Empty),
        "a day that a document moved is no extension"
    );
}

#[test]
fn a_plan_that_nobody_owes_anything_of_is_a_workbook_of_one_sheet() {
    let messages = Messages::load(None).unwrap();
    let empty = RegisterContext {
        groups: Vec::new(),
        ..context(Vec::new())
    };
    let book = messages
        .render_register(&empty, DateTime::UNIX_EPOCH)
        .unwrap();
    assert_eq!(book.sheets.len(), 1);
    assert!(book.sheets[0].rows.is_empty());
    let bytes = crate::documents::xlsx(&book).unwrap();
    assert!(bytes.starts_with(b"PK"));
}

#[test]
fn each_group_has_its_sheet_and_the_first_sums_them_up() {
    let book = book(Vec::new());
    let names: Vec<&str> = book
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    assert_eq!(names, ["Tổng hợp", "UBND cấp huyện", "Cơ quan khác"]);
    let total = book.sheets[0].total.as_ref().unwrap();
    assert_eq!(text(&total[2]), "Tổng cộng");
    assert_eq!(
        (&total[3], &total[7]),
        (&Cell::Number(2.0), &Cell::Number(2.0))
    );
    assert_eq!(
        book.sheets[1].titles.last().unwrap(),
        "UBND các huyện, thị xã, thành phố"
    );
}

#[test]
fn a_file_is_named_by_its_plan_and_day_and_opens_no_folder() {
    let messages = Messages::load(None).unwrap();
    let name = messages.file_name("register", "4353/QĐ-UBND", day(3, 16));
    assert_eq!(name, "Bảng theo dõi 4353-QĐ-UBND 16-03-2020");
}
