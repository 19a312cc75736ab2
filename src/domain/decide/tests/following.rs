//! A few words that go on with what was just spoken of.

use super::heard::says;
use super::unmarked::of_a_district;
use super::which::{four, talk};
use super::*;

const DONE: What = What::Done {
    on: match NaiveDate::from_ymd_opt(2020, 3, 10) {
        Some(day) => day,
        None => NaiveDate::MIN,
    },
    document: None,
};

#[test]
fn what_was_asked_to_be_under_way_may_be_done_since() {
    let owed = of_a_district();
    let done = talk(&owed, &["kế hoạch sếp đang ký", "sếp ký rồi"]);
    let change = only_change(&done);
    assert_eq!((change.obligation, &change.what), (ObligationId(1), &DONE));
    // In doubtful words it is asked.
    let perhaps = talk(&owed, &["kế hoạch sếp đang ký", "lãnh đạo ký rồi"]);
    assert_eq!(perhaps.changes, []);
    assert_eq!(
        (asked(&perhaps).kind, asked(&perhaps).then.len()),
        (QuestionKind::Sure, 0)
    );
    // Words that call another task are not said of this one.
    let other = talk(&owed, &["kế hoạch sếp đang ký", "báo cáo quý nộp rồi"]);
    assert_eq!(only_change(&other).obligation, ObligationId(2));
}

#[test]
fn a_report_told_once_more_is_asked_about_once() {
    let owed = of_a_district();
    let asked_once = talk(&owed, &["xong rồi", "lãnh đạo ký rồi"]);
    assert_eq!(asked(&asked_once).kind, QuestionKind::Which);
    assert_eq!(asked(&asked_once).then, []);
    let chosen = talk(&owed, &["xong rồi", "lãnh đạo ký rồi", "3"]);
    assert_eq!(only_change(&chosen).obligation, ObligationId(3));
    // What is not done is no report of what is.
    let apart = talk(&owed, &["xong rồi", "đang làm"]);
    assert_eq!(asked(&apart).then.len(), 1);
    let all = talk(&owed, &["xong rồi", "cả ba"]);
    assert_eq!(
        (asked(&all).kind, asked(&all).about.len()),
        (QuestionKind::Sure, 3)
    );
    let neither = talk(&owed, &["xong rồi", "cả hai"]);
    assert_eq!(neither.changes, []);
}

#[test]
fn what_was_recorded_a_moment_ago_is_gone_on_with() {
    let owed = of_a_district();
    let stand = Stand::of(&owed[0].obligation);
    let own = [OwnChange {
        event: 7,
        obligation: ObligationId(1),
        before: stand,
        after: stand,
        on: today(),
        is_fresh: true,
        message: None,
    }];
    let now = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    let share = says("được 90% rồi", &now);
    let change = only_change(&share);
    assert_eq!(change.obligation, ObligationId(1));
    assert!(matches!(
        change.what,
        What::Progress {
            percent: Some(90),
            ..
        }
    ));
    let there = says("vô sổ xong, số 66/KH-UBND", &now);
    assert_eq!(there.changes, []);
    assert_eq!(
        (asked(&there).kind, &asked(&there).about[..]),
        (QuestionKind::Sure, &[ObligationId(1)][..])
    );
    // The number of a report is none of a plan.
    let report = says("vô sổ xong, số 66/BC-UBND", &now);
    assert_ne!(asked(&report).about, [ObligationId(1)]);
    // What was taken back last is what they go on with.
    let undone = Situation {
        undone_lately: Some(ObligationId(2)),
        ..now
    };
    assert_eq!(
        only_change(&says("thứ Sáu gửi", &undone)).obligation,
        ObligationId(2)
    );
    assert_eq!(
        asked(&says("gửi rồi, số 12/BC-UBND", &undone)).about,
        [ObligationId(2)]
    );
    // Half an hour later nobody knows.
    let stale = [OwnChange {
        is_fresh: false,
        ..own[0].clone()
    }];
    let later = Situation {
        own_changes: &stale,
        ..now
    };
    assert_eq!(asked(&says("xong rồi", &later)).kind, QuestionKind::Which);
}

#[test]
fn a_report_whose_task_is_still_asked_is_not_lost_to_another_one() {
    let owed = four();
    let both = ["báo cáo nộp rồi số 5/BC-STP ngày 9/3", "danh mục còn vướng"];
    let second = talk(&owed, &both);
    assert_eq!(asked(&second).then.len(), 1);
    let first = talk(&owed, &[both[0], both[1], "1"]);
    assert_eq!(only_change(&first).obligation, ObligationId(4));
    assert_eq!(asked(&first).quote, both[0]);
    // The same once more, with no less, takes its place.
    let again = talk(&owed, &["em đang làm", "em đang làm, được 40%"]);
    assert_eq!(asked(&again).then, []);
    // With less, nothing of it is lost.
    let less = talk(&owed, &["em đang làm, được 40%", "em đang làm", "1"]);
    let under_way = What::Progress {
        percent: Some(40),
        expected_on: None,
        document: None,
    };
    assert_eq!(only_change(&less).what, under_way);
}
