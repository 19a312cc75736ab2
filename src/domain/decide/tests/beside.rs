//! What a message says beside the word that decides: documents, days, per cents, periods and names of other work.

use std::sync::LazyLock;

use super::*;
use crate::domain::reply::Reader;
use crate::files::{Folder, load_reader};

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));

fn said(text: &str, owed: &[Owed]) -> Decision {
    let understood = READER.understand(text, today());
    assert!(understood.sure, "{text}: {understood:?}");
    decide(text, &understood, &situation(owed, &[]))
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
