//! Deadline cells of other plans than the one that is shipped, read with the shipped calendar.

use chrono::NaiveDate;
use dondoc::domain::calendar::Calendar;
use dondoc::domain::deadline::{Context, Draft, NotUnderstood, parse_cell};
use dondoc::domain::plan::{Before, MilestoneKind};
use dondoc::files::{Folder, load_calendar};

const OTHER_PLANS: &str = include_str!("../data/deadlines_other_plans.tsv");
const FRESH: &str = include_str!("../data/deadlines_fresh.tsv");
const CLASSES: &str = include_str!("../data/deadlines_classes.tsv");

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
    for (table, rows) in [(OTHER_PLANS, 437), (FRESH, 151)] {
        let cells = read(table);
        let wrong = list(&cells, Verdict::Wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let silent = list(&cells, Verdict::NotUnderstood);
        assert!(
            silent.len() * 100 <= cells.len(),
            "more than 1 of 100 not understood: {}",
            silent.join("\n")
        );
        assert_eq!(cells.len(), rows);
    }
}

#[test]
fn each_class_of_deadline_is_read_and_its_near_misses_are_refused() {
    let cells = read(CLASSES);
    let failed: Vec<&str> = [Verdict::Wrong, Verdict::NotUnderstood]
        .into_iter()
        .flat_map(|verdict| list(&cells, verdict))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(cells.len() >= 145);
}
