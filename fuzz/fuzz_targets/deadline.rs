//! Any "Thời gian hoàn thành" and "Sản phẩm" cells: what is understood is in order and is in the text.
//!
//! Input: a byte that chooses year, day of issue and reading of "trước", the deadline cell, and behind a tab the product.
#![no_main]

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use dondoc::domain::calendar::Calendar;
use dondoc::domain::deadline::{Context, Draft, parse_cell, parse_row};
use dondoc::domain::plan::{Before, MilestoneKind};
use dondoc::files::{Folder, load_schedules};
use dondoc_fuzz::{choice_and_text, is_made_of, is_near, is_written};
use libfuzzer_sys::fuzz_target;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    load_schedules(&Folder::schedules())
        .expect("the schedules that are built in")
        .calendar
});

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = choice_and_text(data) else {
        return;
    };
    let year = 2018 + i32::from(choice % 8);
    let context = Context {
        year,
        issued_on: (choice & 0x40 == 0)
            .then(|| NaiveDate::from_ymd_opt(year - 1, 12, 31).expect("a date")),
        before: if choice & 0x08 == 0 {
            Before::Exclusive
        } else {
            Before::Inclusive
        },
        calendar: &CALENDAR,
    };
    let (deadline, product) = text.split_once('\t').unwrap_or((text, ""));
    let cell = parse_cell(deadline, &context);
    match &cell {
        Ok(drafts) => check(drafts, deadline, &context),
        Err(stopped) => {
            assert!(
                is_made_of(&stopped.words, deadline),
                "{:?} is not in {deadline:?}",
                stopped.words
            );
            assert!(!stopped.reason.is_empty());
        }
    }
    assert_eq!(
        cell,
        parse_cell(&format!("  {deadline} "), &context),
        "blanks around a cell change nothing"
    );
    let row = parse_row(deadline, product, &context);
    assert_eq!(
        row.is_ok(),
        cell.is_ok(),
        "the product cell never fails a row, and never saves one"
    );
    if let Ok(drafts) = row {
        check(&drafts, text, &context);
    }
});

fn check(drafts: &[Draft], text: &str, context: &Context) {
    assert!(
        !drafts.is_empty(),
        "what is understood says something: {text:?}"
    );
    for draft in drafts {
        assert_eq!(
            draft.kind == MilestoneKind::Due,
            draft.due_on.is_some(),
            "{draft:?}"
        );
        assert!(!draft.rule.is_empty(), "{draft:?}");
        if let Some(due) = draft.due_on {
            assert!(
                draft.opens_on.is_some_and(|opens| opens <= due),
                "{text:?} {draft:?}"
            );
        }
        for day in [draft.opens_on, draft.due_on].into_iter().flatten() {
            // "Trước năm 2020" ends on the last day of a year that nobody wrote, "sau năm 2028" begins on the first of one, and
            // 715 days end where they end.
            let year = day.year();
            assert!(
                is_near(year, context.year)
                    || draft.rule.contains(" counted from ")
                    || (year - 1..=year + 1).any(|written| is_written(written, text)),
                "{text:?} {draft:?}"
            );
        }
        assert!(is_made_of(&draft.written, text), "{text:?} {draft:?}");
    }
}
