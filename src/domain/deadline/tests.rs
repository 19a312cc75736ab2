mod properties;

use chrono::NaiveDate;

use super::{Context, Draft, parse_cell, parse_row};
use crate::domain::calendar::{Calendar, DayKind, SpecialDay};
use crate::domain::plan::{Before, MilestoneKind};

const PLAN_01: &str = include_str!("../../../tests/data/deadlines_plan_01.tsv");
const PLAN_02: &str = include_str!("../../../tests/data/deadlines_plan_02.tsv");
const PLAN_03: &str = include_str!("../../../tests/data/deadlines_plan_03.tsv");

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date in ISO form")
}

/// Weekends, and the days off of the years from which the tables count terms.
fn calendar() -> Calendar {
    let off = "2020-01-01 2020-01-23 2020-01-24 2020-01-27 2020-01-28 2020-01-29 2022-01-31 2022-02-01 2022-02-02 2022-02-03 2022-02-04";
    Calendar::new(off.split(' ').map(|text| {
        let special = SpecialDay {
            kind: DayKind::Off,
            name: String::new(),
            source: String::new(),
            confirmed: true,
        };
        (day(text), special)
    }))
}

fn context(calendar: &Calendar, year: i32, issued_on: Option<NaiveDate>) -> Context<'_> {
    Context {
        year,
        issued_on,
        before: Before::Exclusive,
        calendar,
    }
}

/// The cell read for the plan of Quảng Nam for 2020.
fn read(cell: &str) -> Vec<Draft> {
    parse_cell(cell, &context(&calendar(), 2020, Some(day("2019-12-31")))).expect("understood")
}

fn refused(cell: &str) -> String {
    let calendar = calendar();
    let error = parse_cell(cell, &context(&calendar, 2020, None)).expect_err("not understood");
    assert!(error.to_string().contains("`milestones`"), "{error}");
    error.reason
}

fn dues(drafts: &[Draft]) -> String {
    let dues: Vec<String> = drafts
        .iter()
        .filter_map(|draft| draft.due_on)
        .map(|due| due.to_string())
        .collect();
    dues.join(",")
}

fn labels(drafts: &[Draft]) -> Vec<&str> {
    drafts.iter().map(|draft| draft.label.as_str()).collect()
}

/// `plan_year, issued_on, phrase, kind, due_on`; what went wrong, if anything did.
fn check(fields: &[&str]) -> Option<String> {
    let [year, issued_on, phrase, kind, due_on, ..] = fields else {
        return Some(format!("malformed row {fields:?}"));
    };
    let calendar = calendar();
    let context = context(
        &calendar,
        year.parse().expect("a year"),
        issued_on.parse().ok(),
    );
    let phrase = phrase.replace("\\n", "\n");
    let found = parse_cell(&phrase, &context);
    let has = |kind| {
        found
            .as_ref()
            .is_ok_and(|drafts| drafts.iter().any(|draft| draft.kind == kind))
    };
    let due = found.as_deref().map(dues).unwrap_or_default();
    let right = due == *due_on
        && match *kind {
            "none" => found.is_err(),
            "continuous" => has(MilestoneKind::Continuous),
            "event" => has(MilestoneKind::Event) && !has(MilestoneKind::Continuous),
            _ => has(MilestoneKind::Due),
        };
    (!right).then(|| format!("{year} {phrase:?} is {kind} {due_on}, not {found:#?}"))
}

#[test]
fn every_labelled_example_is_understood_as_labelled() {
    let rows = PLAN_01
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let wrong: Vec<String> = rows
        .filter(|row| row[3] != "ambiguous")
        .filter_map(|row| check(&row))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_held_out_clause_is_understood_as_labelled() {
    let rows = PLAN_02
        .lines()
        .skip(1)
        .map(|line| line.split('\t').skip(1).collect::<Vec<_>>());
    let wrong: Vec<String> = rows.filter_map(|row| check(&row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_plan_of_quang_nam_gives_its_milestones() {
    let calendar = calendar();
    let context = context(&calendar, 2020, Some(day("2019-12-31")));
    let mut count = 0;
    for line in PLAN_03.lines().skip(1) {
        let [id, deadline, product, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("malformed row {line:?}");
        };
        let drafts = parse_row(
            &deadline.replace("\\n", "\n"),
            &product.replace("\\n", "\n"),
            &context,
        )
        .expect(id);
        let found: Vec<String> = drafts
            .iter()
            .map(|draft| {
                let when = draft
                    .due_on
                    .map_or_else(|| draft.kind.as_str().to_owned(), |due| due.to_string());
                format!("{when} {}", draft.label).trim().to_owned()
            })
            .collect();
        assert_eq!(found.join(" | "), expected, "{id}");
        count += 1;
    }
    assert_eq!(count, 52);
}

#[test]
fn dated_clauses_of_the_product_cell_join_the_row() {
    let calendar = calendar();
    let context = context(&calendar, 2020, Some(day("2019-12-31")));
    let row =
        |deadline: &str, product: &str| parse_row(deadline, product, &context).expect("understood");
    let drafts = row(
        "Năm 2020",
        "Ban hành Kế hoạch trong quý I, Phương án trước 15/9 - Thực hiện: Thường xuyên",
    );
    assert_eq!(dues(&drafts), "2020-03-31,2020-09-14,2020-12-31");
    assert_eq!(
        labels(&drafts),
        ["Ban hành Kế hoạch", "Phương án", "Thực hiện"]
    );
    assert!(drafts[2].rule.contains("rest of the row"));
    for product in [
        "Quyết định của UBND tỉnh",
        "Kế hoạch của UBND tỉnh về tuyên truyền cải cách hành chính năm 2020",
        "Báo cáo sơ kết 6 tháng đầu năm 2020",
        "Báo cáo số liệu tính đến 31/12/2019",
        "Báo cáo tháng 12/2020",
        "theo Quyết định 2922/QĐ-UBND ngày 27/9/2018",
        "trước 31/4",
        "Kế hoạch; Báo cáo kết quả hằng quý",
    ] {
        assert_eq!(
            dues(&row("Quý IV/2020", product)),
            "2020-12-31",
            "{product}"
        );
    }
    assert_eq!(
        dues(&row(
            "Quý IV/2020",
            "Kế hoạch ban hành trước ngày 30/10/2020; báo cáo"
        )),
        "2020-10-29,2020-12-31"
    );
    assert_eq!(
        dues(&row("Quý I/2020", "Kế hoạch ban hành trong quý I/2020")),
        "2020-03-31"
    );
    assert!(parse_row("Theo quy định", "Kế hoạch trong quý I", &context).is_err());
}

#[test]
fn an_inclusive_plan_counts_the_day_itself_but_not_the_next_period() {
    let calendar = calendar();
    let context = Context {
        before: Before::Inclusive,
        ..context(&calendar, 2020, None)
    };
    let due = |cell| dues(&parse_cell(cell, &context).expect("understood"));
    assert_eq!(due("trước ngày 15/9"), "2020-09-15");
    assert_eq!(due("trước ngày 15/12 hằng năm"), "2020-12-15");
    assert_eq!(due("trước tháng 6"), "2020-05-31");
}

#[test]
fn windows_open_with_their_period_or_with_the_plan() {
    let opens = |cell: &str| read(cell)[0].opens_on.expect("a window").to_string();
    assert_eq!(opens("Quý II/2020"), "2020-04-01");
    assert_eq!(opens("Quý III, IV/2020"), "2020-07-01");
    assert_eq!(opens("trước 15/9"), "2020-01-01");
    assert_eq!(
        opens("từ ngày 1/3/2020 đến trước ngày 15/4/2020"),
        "2020-03-01"
    );
    assert_eq!(opens("ngày 20 tháng cuối quý"), "2020-01-01");
    let calendar = calendar();
    let late = parse_cell(
        "trước ngày 15/9",
        &context(&calendar, 2020, Some(day("2020-04-11"))),
    )
    .expect("understood");
    assert_eq!(late[0].opens_on, Some(day("2020-04-12")));
    let overdue = parse_cell(
        "trước ngày 15/3",
        &context(&calendar, 2020, Some(day("2020-04-11"))),
    )
    .expect("understood");
    assert_eq!(overdue[0].opens_on, overdue[0].due_on);
}

#[test]
fn a_label_is_the_clause_in_its_own_words() {
    assert_eq!(
        labels(&read(
            "- Ban hành Kế\nhoạch tháng 4/2020\n- Báo cáo theo quý, 6 tháng, năm"
        )),
        [
            "Ban hành Kế hoạch",
            "Báo cáo 6 tháng",
            "Báo cáo quý III",
            "Báo cáo năm"
        ]
    );
    assert_eq!(
        labels(&read("Quý I: xây dựng Kế hoạch; Quý IV: sơ kết, tổng kết")),
        ["xây dựng Kế hoạch", "sơ kết, tổng kết"]
    );
    assert_eq!(
        labels(&read(
            "Báo cáo quý I trước ngày 15/3, quý II trước ngày 15/6"
        )),
        ["Báo cáo quý I", "Báo cáo quý II"]
    );
    assert_eq!(labels(&read("Hoàn thành trước30/6")), [""]);
    assert_eq!(
        labels(&read(
            "hoàn thành trong tháng 11, triển khai trong tháng 12"
        )),
        ["hoàn thành", "triển khai"]
    );
    assert_eq!(
        labels(&read(
            "theo Quyết định 2922/QĐ-UBND ngày 27/9/2018, xong trong quý II"
        )),
        ["Quyết định 2922/QĐ-UBND ngày 27/9/2018, xong"]
    );
}

#[test]
fn reports_on_a_plan_begin_with_the_plan_and_progress_reports_with_the_year() {
    assert_eq!(
        dues(&read("Ban hành Kế hoạch tháng 4/2020; báo cáo hằng quý")),
        "2020-04-30,2020-06-30,2020-09-30,2020-12-31"
    );
    assert_eq!(
        dues(&read("Hoàn thành trong năm 2020; báo cáo hằng quý")),
        "2020-12-31,2020-03-31,2020-06-30,2020-09-30,2020-12-31"
    );
    let calendar = calendar();
    let late = parse_cell(
        "Hằng quý",
        &context(&calendar, 2020, Some(day("2020-04-11"))),
    )
    .expect("understood");
    assert_eq!(dues(&late), "2020-06-30,2020-09-30,2020-12-31");
}

#[test]
fn a_rule_names_what_was_done_with_a_short_month() {
    let drafts = read("Ngày 31 hằng tháng");
    assert_eq!(drafts[1].due_on, Some(day("2020-02-29")));
    assert!(drafts[1].rule.contains("shorter"), "{}", drafts[1].rule);
}

#[test]
fn what_is_not_covered_is_refused_with_its_reason() {
    for (cell, reason) in [
        ("31/4/2020", "no such day"),
        ("Trước ngày 30/2", "no such day"),
        ("ngày 29/2/2021", "no such day"),
        ("Tháng 13/2020", "twelve months"),
        ("Quý V/2020", "four quarters"),
        ("Quý I/20", "four digits"),
        ("trước 30/6/19", "four digits"),
        ("Quý III hoặc quý IV", "choose"),
        ("Cuối quý III, đầu quý IV/2020", "several dates"),
        ("Không thường xuyên", "deny"),
        ("khoảng tháng 6", "deny or blur"),
        ("Tuần đầu tháng 7", "counted in two ways"),
        ("Thứ Hai, ngày 15/9", "not on that day"),
        ("Trong tháng này", "day of signing"),
        ("02 lần/năm", "each of the times"),
        ("Kế hoạch năm 2020", "belong to the name"),
        ("Năm học 2020 - 2021", "calendar"),
        ("Báo cáo 6 tháng", "months may be a term"),
        ("Quý I/2020; gửi báo cáo", "no date"),
        ("Tháng 11/12/2020", "four digits"),
        ("Quý I/II/2020", "stroke"),
        ("hỗ trợ 24/7", "belongs to no date"),
        (
            "trước ngày 20/11/2020 và hàng tháng",
            "day of the repetition",
        ),
        ("Sở Nội vụ", "no date"),
        ("", "no date"),
    ] {
        let found = refused(cell);
        assert!(found.contains(reason), "{cell:?}: {found}");
    }
}
