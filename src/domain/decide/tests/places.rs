//! Tasks by their place in a list, and all of them at once.

use super::heard::says;
use super::*;

const TOLD: [ObligationId; 3] = [ObligationId(1), ObligationId(2), ObligationId(4)];

/// Three tasks were told, and II.2/2 was not.
fn four() -> Vec<Owed> {
    let mut owed = three();
    owed.push(super::owed(4, "III.1", 1, ""));
    owed
}

fn changed(decision: &Decision) -> Vec<(i64, &'static str)> {
    let changes = decision.changes.iter();
    changes
        .map(|one| (one.obligation.0, one.what.as_str()))
        .collect()
}

#[test]
fn a_place_chooses_an_answer_to_which_task() {
    let owed = four();
    let which = asked(&decide(
        "vướng",
        &sure(Intent::Blocked, &[]),
        &situation(&owed, &TOLD),
    ))
    .clone();
    let with = Situation {
        asked: Some(&which),
        numbered: which.numbered(),
        shows_numbers: true,
        ..situation(&owed, &TOLD)
    };
    for (text, id) in [
        ("cái thứ hai", 2),
        ("cái cuối ạ", 4),
        ("dạ việc đầu tiên", 1),
        ("cái thứ 3", 4),
        ("cai cuoi cung", 4),
    ] {
        assert_eq!(changed(&says(text, &with)), [(id, "blocked")], "{text}");
    }
    let beyond = says("cái thứ năm", &with);
    assert_eq!(beyond.changes, [], "{beyond:#?}");
}

#[test]
fn a_share_behind_a_plain_no_is_kept() {
    let owed = four();
    let mut said = sure(Intent::Done, &["II.2/1"]);
    said.sure = false;
    let waits = asked(&decide("chắc xong", &said, &situation(&owed, &TOLD))).clone();
    let with = Situation {
        asked: Some(&waits),
        ..situation(&owed, &TOLD)
    };
    for (text, share) in [
        ("dạ chưa, cỡ 40%", Some(40)),
        ("chưa, mới 60% thôi", Some(60)),
        ("chưa được 40% nữa", None),
    ] {
        let decision = says(text, &with);
        let What::Progress { percent, .. } = only_change(&decision).what else {
            panic!("{text}: {decision:#?}");
        };
        assert_eq!(percent, share, "{text}");
    }
}

#[test]
fn that_all_are_done_is_asked_and_that_all_are_under_way_is_recorded() {
    let owed = four();
    let with = situation(&owed, &TOLD);
    for text in [
        "xong cả 3 việc rồi",
        "xong hết trơn rồi",
        "cả ba việc đều xong rồi ạ",
        "tất cả xong rồi",
    ] {
        let decision = says(text, &with);
        assert_eq!(decision.changes, [], "{text}");
        let question = asked(&decision);
        assert_eq!(question.kind, QuestionKind::Sure, "{text}");
        assert_eq!(question.about, TOLD, "{text}");
    }
    let decision = says("tất cả đang làm", &with);
    assert_eq!(
        changed(&decision),
        [(1, "progress"), (2, "progress"), (4, "progress")]
    );
    for text in [
        "xong cả 4 việc rồi",
        "tất cả các phòng xong rồi",
        "xong hết bước một rồi",
    ] {
        let decision = says(text, &with);
        assert_eq!(decision.changes, [], "{text}");
        let asks_all = decision
            .answer
            .question
            .iter()
            .any(|one| one.about == TOLD && one.kind == QuestionKind::Sure);
        assert!(!asks_all, "{text}: {decision:#?}");
    }
}

#[test]
fn tasks_are_told_by_their_place_in_what_was_shown() {
    let owed = four();
    let listed = Situation {
        shows_numbers: true,
        ..situation(&owed, &TOLD)
    };
    let text = "hai việc đầu xong, việc cuối chưa";
    let shown = says(text, &listed);
    assert_eq!(changed(&shown), [(1, "done"), (2, "done"), (4, "progress")]);
    // A brief has no numbers: it is asked whether they were counted alike.
    let told = says(text, &situation(&owed, &TOLD));
    assert_eq!(told.changes, []);
    let question = asked(&told);
    assert_eq!(
        (question.kind, question.about.as_slice()),
        (QuestionKind::Sure, &TOLD[..])
    );
    let month = says("việc cuối tháng xong rồi", &listed);
    assert!(
        month.changes.iter().all(|one| one.obligation.0 != 4),
        "{month:#?}"
    );
}
