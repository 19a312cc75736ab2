//! What a message says beside the word that decides: documents, days, per cents, periods and names of other work.

use std::sync::LazyLock;

use super::*;
use crate::domain::reply::Reader;
use crate::files::{Folder, load_reader};

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));

fn said(text: &str, owed: &[Owed]) -> Decision {
    said_on(today(), text, owed)
}

fn said_on(today: NaiveDate, text: &str, owed: &[Owed]) -> Decision {
    let understood = READER.understand(text, today);
    assert!(understood.sure, "{text}: {understood:?}");
    let situation = Situation {
        today,
        ..situation(owed, &[])
    };
    decide(text, &understood, &situation)
}

fn whats(decision: &Decision) -> Vec<(i64, &What)> {
    let changes = decision.changes.iter();
    changes
        .map(|change| (change.obligation.0, &change.what))
        .collect()
}

fn done(on: NaiveDate, document: Option<&str>) -> What {
    What::Done {
        on,
        document: document.map(str::to_owned),
    }
}

fn progress(percent: u8) -> What {
    What::Progress {
        percent: Some(percent),
        expected_on: None,
        document: None,
    }
}

/// `owed` as a work of its own kind.
fn work(id: i64, task: &str, content: &str, product: &str) -> Owed {
    Owed {
        content: content.to_owned(),
        product: product.to_owned(),
        ..owed(id, task, 1, "")
    }
}

#[test]
fn each_task_keeps_the_document_the_day_and_the_percent_that_are_said_of_it() {
    let owed = three();
    let decision = said(
        "I.2 xong, KH số 5/KH-STP ngày 6/3/2020; II.2 đang làm, được 40%",
        &owed,
    );
    let first = done(day(3, 6), Some("5/KH-STP"));
    assert_eq!(whats(&decision), [(1, &first), (2, &progress(40))]);
    assert_eq!(decision.answer.question, None, "its number has been given");

    let decision = said(
        "I.2 xong, KH số 5/KH-STP ngày 6/3/2020; II.2/1 xin gia hạn đến 15/4",
        &owed,
    );
    let later = What::Extension {
        until: Some(day(4, 15)),
    };
    assert_eq!(whats(&decision), [(1, &first), (2, &later)]);
}

#[test]
fn two_tasks_that_are_done_have_each_their_own_document() {
    let owed = three();
    for text in [
        "I.2 xong BC 1/BC-SYT; II.2/1 xong KH 2/KH-SYT",
        "I.2 xong BC 1/BC-SYT và II.2/1 xong KH 2/KH-SYT",
        "I.2 xong, BC 1/BC-SYT. II.2/1 xong, KH 2/KH-SYT",
    ] {
        let decision = said(text, &owed);
        let (first, second) = (
            done(today(), Some("1/BC-SYT")),
            done(today(), Some("2/KH-SYT")),
        );
        assert_eq!(
            whats(&decision),
            [(1, &first), (2, &second)],
            "{text}: {decision:#?}"
        );
    }
    let decision = said("I.2, II.2/1 xong, KH 2/KH-SYT ngày 6/3", &owed);
    let both = done(day(3, 6), Some("2/KH-SYT"));
    assert_eq!(whats(&decision), [(1, &both), (2, &both)]);
}

#[test]
fn each_percent_belongs_to_the_task_before_it() {
    let owed = three();
    for text in ["I.2 được 40%, II.2/1 được 60%", "I.2 40%, II.2/1 60%"] {
        let understood = READER.understand(text, today());
        let sure = Understanding {
            sure: true,
            ..understood
        };
        let decision = decide(text, &sure, &situation(&owed, &[]));
        assert_eq!(
            whats(&decision),
            [(1, &progress(40)), (2, &progress(60))],
            "{text}"
        );
    }
}

#[test]
fn what_names_other_work_is_not_the_only_one_that_is_open() {
    let mut owed = vec![
        work(9, "I.9", "Tổng kết công tác cải cách hành chính", "Báo cáo"),
        work(1, "I.1", "Tuyển dụng viên chức", "Kế hoạch"),
    ];
    owed[1].obligation.state = State::Done;
    for text in [
        "Kế hoạch tuyển dụng xong rồi",
        "Đã ban hành kế hoạch tuyển dụng",
        "Tuyển dụng xong rồi",
    ] {
        let decision = said(text, &owed);
        assert_eq!(decision.changes, [], "{text}");
        let question = asked(&decision);
        assert_eq!(
            (question.kind, question.about.as_slice()),
            (QuestionKind::Sure, [ObligationId(9)].as_slice()),
            "{text}"
        );
    }
    for text in ["xong rồi", "báo cáo xong rồi", "Tổng kết xong rồi"] {
        assert_eq!(
            only_change(&said(text, &owed)).obligation.0,
            9,
            "{text}: it is its own"
        );
    }
}

#[test]
fn what_names_other_work_is_not_the_only_one_that_was_told_of() {
    let owed = [
        work(9, "I.9", "Tổng kết công tác cải cách hành chính", "Báo cáo"),
        work(1, "I.1", "Tuyển dụng viên chức", "Kế hoạch"),
    ];
    let text = "Kế hoạch tuyển dụng xong rồi";
    let understood = READER.understand(text, today());
    let decision = decide(text, &understood, &situation(&owed, &[ObligationId(9)]));
    assert_eq!(decision.changes, [], "{decision:#?}");
    assert!(decision.answer.question.is_some());
}

#[test]
fn the_kind_of_a_document_does_not_choose_among_different_tasks() {
    let owed = [
        owed(1, "I.1", 1, ""),
        owed(2, "II.2", 1, "Ban hành Kế hoạch"),
    ];
    let decision = said("xong rồi nhé, KH số 12/KH-SYT ngày 6/3/2020", &owed);
    assert_eq!(decision.changes, []);
    let question = asked(&decision);
    assert_eq!(
        (question.kind, question.about.as_slice()),
        (
            QuestionKind::Which,
            [ObligationId(1), ObligationId(2)].as_slice()
        )
    );
}

#[test]
fn a_milestone_that_does_not_exist_is_asked_back() {
    let owed = three();
    let decision = said("I.2/7 xong", &owed);
    assert_eq!(decision.changes, []);
    assert_eq!(
        (asked(&decision).kind, asked(&decision).about.as_slice()),
        (QuestionKind::Sure, [ObligationId(1)].as_slice())
    );
    let decision = said("II.2/7 xong", &owed);
    assert_eq!(decision.changes, []);
    assert_eq!(
        (asked(&decision).kind, asked(&decision).about.as_slice()),
        (
            QuestionKind::Which,
            [ObligationId(2), ObligationId(3)].as_slice()
        )
    );
    assert_eq!(only_change(&said("I.2/1 xong", &owed)).obligation.0, 1);
}

#[test]
fn a_period_that_does_not_fit_the_milestone_that_is_left_is_asked_back() {
    let mut owed = vec![owed(1, "I.2", 1, ""), owed(2, "I.2", 2, "")];
    owed[0].obligation.state = State::Done;
    owed[1].obligation.due_on = Some(day(12, 31));
    let november = day(11, 29);
    for text in [
        "I.2 hoàn thành trong quý II",
        "I.2 đã hoàn thành trong tháng 6",
        "I.2 đã gửi báo cáo quý II",
        "Đã hoàn thành trong quý II",
    ] {
        let decision = said_on(november, text, &owed);
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(
            (asked(&decision).kind, asked(&decision).about.as_slice()),
            (QuestionKind::Sure, [ObligationId(2)].as_slice()),
            "{text}"
        );
    }
    for text in [
        "I.2/2 hoàn thành trong quý II",
        "I.2 đã gửi báo cáo tháng 12",
        "I.2 xong rồi",
    ] {
        let decision = said_on(november, text, &owed);
        assert_eq!(only_change(&decision).after.state, State::Done, "{text}");
    }
}
