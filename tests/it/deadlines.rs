//! Deadline cells of other plans than the one that is shipped, read with the shipped calendar.

use chrono::NaiveDate;
use dondoc::domain::calendar::Calendar;
use dondoc::domain::deadline::{Context, Draft, NotUnderstood, parse_cell};
use dondoc::domain::plan::{Before, MilestoneKind};
use dondoc::files::{Folder, load_calendar};
use proptest::prelude::*;

const CLASSES_01: &str = include_str!("../data/deadlines_classes_01.tsv");
const CLASSES_02: &str = include_str!("../data/deadlines_classes_02.tsv");
const CLASSES_03: &str = include_str!("../data/deadlines_classes_03.tsv");
const CLASSES_04: &str = include_str!("../data/deadlines_classes_04.tsv");
const CLASSES_05: &str = include_str!("../data/deadlines_classes_05.tsv");
const CLASSES_06: &str = include_str!("../data/deadlines_classes_06.tsv");
const CLASSES_07: &str = include_str!("../data/deadlines_classes_07.tsv");
const FIRST_LOOK_01: &str = include_str!("../data/deadlines_first_look_01.tsv");
const FIRST_LOOK_02: &str = include_str!("../data/deadlines_first_look_02.tsv");
const FIRST_LOOK_03: &str = include_str!("../data/deadlines_first_look_03.tsv");
const FIRST_LOOK_04: &str = include_str!("../data/deadlines_first_look_04.tsv");
const FIRST_LOOK_05: &str = include_str!("../data/deadlines_first_look_05.tsv");
const FIRST_LOOK_06: &str = include_str!("../data/deadlines_first_look_06.tsv");
const FIRST_LOOK_07: &str = include_str!("../data/deadlines_first_look_07.tsv");
const FIRST_LOOK_08: &str = include_str!("../data/deadlines_first_look_08.tsv");
const FIRST_LOOK_09: &str = include_str!("../data/deadlines_first_look_09.tsv");
const FIRST_LOOK_10: &str = include_str!("../data/deadlines_first_look_10.tsv");
const FIRST_LOOK_11: &str = include_str!("../data/deadlines_first_look_11.tsv");
const FIRST_LOOK_12: &str = include_str!("../data/deadlines_first_look_12.tsv");
const FIRST_LOOK_13: &str = include_str!("../data/deadlines_first_look_13.tsv");
const FIRST_LOOK_14: &str = include_str!("../data/deadlines_first_look_14.tsv");
const FIRST_LOOK_15: &str = include_str!("../data/deadlines_first_look_15.tsv");
const OWN_01: &str = include_str!("../data/deadlines_own_01.tsv");
const OWN_02: &str = include_str!("../data/deadlines_own_02.tsv");
const OWN_03: &str = include_str!("../data/deadlines_own_03.tsv");
const OWN_04: &str = include_str!("../data/deadlines_own_04.tsv");
const OWN_05: &str = include_str!("../data/deadlines_own_05.tsv");

/// A labelled cell: `plan_year, issued_on, phrase, kind, due_on`.
struct Row<'a> {
    year: i32,
    issued_on: Option<NaiveDate>,
    phrase: String,
    kind: &'a str,
    due_on: Vec<NaiveDate>,
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    AsLabelled,
    NotUnderstood,
    Wrong,
}

/// The rows that have one reading.
fn rows(table: &str) -> Vec<Row<'_>> {
    let lines = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let [year, issued_on, phrase, kind, due_on, ..] =
                line.split('\t').collect::<Vec<_>>()[..]
            else {
                panic!("malformed row {line:?}");
            };
            Row {
                year: year.parse().unwrap(),
                issued_on: (!issued_on.is_empty()).then(|| issued_on.parse().unwrap()),
                phrase: phrase.replace("\\n", "\n"),
                kind,
                due_on: dates(due_on),
            }
        })
        .filter(|row| row.kind != "ambiguous")
        .collect()
}

fn dates(list: &str) -> Vec<NaiveDate> {
    let mut dates: Vec<NaiveDate> = list
        .split(',')
        .filter(|date| !date.is_empty())
        .map(|date| date.parse().unwrap())
        .collect();
    dates.sort();
    dates
}

fn verdict(row: &Row, found: &Result<Vec<Draft>, NotUnderstood>) -> Verdict {
    let Ok(drafts) = found else {
        return match row.kind {
            "none" => Verdict::AsLabelled,
            _ => Verdict::NotUnderstood,
        };
    };
    let mut due: Vec<NaiveDate> = drafts.iter().filter_map(|draft| draft.due_on).collect();
    due.sort();
    let has = |kind| drafts.iter().any(|draft| draft.kind == kind);
    let right = match row.kind {
        "none" => false,
        "continuous" => has(MilestoneKind::Continuous),
        "event" => has(MilestoneKind::Event) && !has(MilestoneKind::Continuous),
        "mixed" if row.due_on.is_empty() => {
            has(MilestoneKind::Continuous) && has(MilestoneKind::Event)
        }
        _ => has(MilestoneKind::Due),
    };
    if right && due == row.due_on {
        Verdict::AsLabelled
    } else {
        Verdict::Wrong
    }
}

/// Every cell with what it became, and the words for it if that is not what the label says.
fn read(table: &str) -> Vec<(Verdict, String)> {
    let calendar: Calendar = load_calendar(&Folder::schedules()).unwrap();
    rows(table)
        .iter()
        .map(|row| {
            let context = Context {
                year: row.year,
                issued_on: row.issued_on,
                before: Before::Exclusive,
                calendar: &calendar,
            };
            let found = parse_cell(&row.phrase, &context);
            let Row {
                year,
                phrase,
                kind,
                due_on,
                ..
            } = row;
            let words = format!("{year} {phrase:?} is {kind} {due_on:?}, not {found:#?}");
            (verdict(row, &found), words)
        })
        .collect()
}

fn list(cells: &[(Verdict, String)], wanted: Verdict) -> Vec<&str> {
    cells
        .iter()
        .filter(|(verdict, _)| *verdict == wanted)
        .map(|(_, words)| words.as_str())
        .collect()
}

#[test]
fn deadlines_of_other_plans_are_never_wrong_and_seldom_not_understood() {
    for (table, rows, unread) in [
        (FIRST_LOOK_01, 437, 8),
        (FIRST_LOOK_02, 272, 0),
        (FIRST_LOOK_03, 202, 3),
        (FIRST_LOOK_04, 211, 0),
        (FIRST_LOOK_05, 214, 0),
        (FIRST_LOOK_06, 253, 0),
        (FIRST_LOOK_07, 277, 6),
        (FIRST_LOOK_08, 294, 5),
        (FIRST_LOOK_09, 251, 9),
        (FIRST_LOOK_10, 250, 2),
        (FIRST_LOOK_11, 321, 7),
        (FIRST_LOOK_12, 633, 7),
        (FIRST_LOOK_13, 367, 10),
        (FIRST_LOOK_14, 329, 3),
        (FIRST_LOOK_15, 300, 15),
        (OWN_01, 151, 3),
        (OWN_02, 140, 2),
        (OWN_03, 98, 2),
        (OWN_04, 65, 0),
        (OWN_05, 81, 0),
    ] {
        let cells = read(table);
        let wrong = list(&cells, Verdict::Wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let silent = list(&cells, Verdict::NotUnderstood);
        assert!(
            silent.len() <= unread,
            "more than {unread} not understood: {}",
            silent.join("\n")
        );
        assert_eq!(cells.len(), rows);
    }
}

#[test]
fn each_class_of_deadline_is_read_and_its_near_misses_are_refused() {
    for (table, rows) in [
        (CLASSES_01, 170),
        (CLASSES_02, 261),
        (CLASSES_03, 59),
        (CLASSES_04, 237),
        (CLASSES_05, 117),
        (CLASSES_06, 139),
        (CLASSES_07, 57),
    ] {
        let cells = read(table);
        let failed: Vec<&str> = [Verdict::Wrong, Verdict::NotUnderstood]
            .into_iter()
            .flat_map(|verdict| list(&cells, verdict))
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        assert_eq!(cells.len(), rows);
    }
}

/// Words that open, bound or continue the description of an event.
const LEADS: &[&str] = &[
    "sau khi",
    "ngay sau khi",
    "trước khi",
    "khi",
    "trước kỳ họp",
    "tại kỳ họp",
    "sau đại hội",
    "theo kế hoạch",
    "10 ngày kể từ ngày",
    "15 ngày làm việc sau khi",
    "chậm nhất 05 ngày trước ngày",
    "trước ngày khai giảng",
    "trừ",
    "riêng",
    "nếu",
    "thời hạn",
    "bắt đầu",
    "kết thúc",
    "hằng quý",
    "hằng năm",
    "năm học",
    "kỷ niệm 70 năm",
    "24 giờ",
    "Ngày",
    "tuần 2 tháng 4",
    "trung tuần",
    "thứ Hai hằng tuần",
    "sớm nhất",
    "tháng 6 đến khi",
    "sinh năm",
    "trước, trong và sau",
    "hằng ngày",
    "hằng năm, từ",
    "trước ngày 10;",
    "không gia hạn",
    "ngay từ",
    "hạn cuối nộp hồ sơ là",
    "sau đợt 1 từ",
    "trong 3 ngày từ ngày",
    "chậm nhất năm ngày trước ngày",
    "số liệu",
    "theo chỉ đạo tại cuộc họp ngày",
    "hồ sơ tiếp nhận trước",
    "không báo cáo",
    "rút ngắn 05 ngày",
];
const MIDDLES: &[&str] = &[
    "",
    "ban hành",
    "Bộ Nội vụ",
    "HĐND tỉnh",
    "kết thúc",
    "quý",
    "của",
    ",",
    "(",
    ":",
    "và",
    "tổ chức hội nghị",
    "năm 2024",
    "thứ 3",
    "để trình",
    "20/24 tiêu chí",
    "là hạn cuối",
    ", tức ngày 10 tháng Giêng",
    "; hoàn thành trước",
    "đến nay",
];

proptest! {
    #[test]
    fn a_full_date_is_a_due_day_or_the_cell_is_refused(
        leads in prop::collection::vec(prop::sample::select(LEADS), 1..3),
        middles in prop::collection::vec(prop::sample::select(MIDDLES), 0..4),
        (day, month) in (13_u32..=28, 1_u32..=12),
        tail in prop::sample::select(MIDDLES),
    ) {
        let calendar = Calendar::default();
        let context = Context {
            year: 2024,
            issued_on: None,
            before: Before::Inclusive,
            calendar: &calendar,
        };
        let date = NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        let cell = format!("{} {} {day}/{month}/2024 {tail}", leads.join(" "), middles.join(" "));
        // "Còn hiệu lực từ 13/1/2024 đến nay": what has gone on until now is no deadline.
        let words: Vec<&str> = cell.split_whitespace().collect();
        let until_now = format!("từ {day}/{month}/2024 đến nay");
        if !words.join(" ").contains(&until_now)
            && let Ok(drafts) = parse_cell(&cell, &context)
        {
            let accounted = drafts.iter().any(|draft| {
                draft.due_on.or(draft.opens_on).is_some() || draft.label.contains("/2024")
            });
            prop_assert!(accounted, "{date} is lost in {cell:?}: {drafts:#?}");
            for draft in &drafts {
                prop_assert!(draft.due_on.is_none_or(|due| draft.opens_on.is_some_and(|opens| opens <= due)));
            }
        }
    }
}
