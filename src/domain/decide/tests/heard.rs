//! What follows from a few words beside a question or below a list, read with the words as shipped.

use std::sync::LazyLock;

use super::asked::question;
use super::*;
use crate::domain::inbound::File;
use crate::domain::reply::{Reader, Writer};
use crate::domain::terse::Terse;
use crate::files::{Folder, load_reader, load_terse};

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));
static TERSE: LazyLock<Terse> =
    LazyLock::new(|| load_terse(&Folder::lexicon()).expect("the words are whole"));

fn says(text: &str, situation: &Situation<'_>) -> Decision {
    let reading = Reading {
        reader: &READER,
        terse: &TERSE,
        writer: &Writer::default(),
        asked_today: true,
    };
    hear(text, &reading, situation)
}

/// `II.2/1`, due 31/3, reported as done on 15/4, with this document; and who reported it.
fn reported(document: Option<&str>) -> (Vec<Owed>, [OwnChange; 1]) {
    let mut owed = three();
    let before = Stand::of(&owed[1].obligation);
    owed[1].obligation.state = State::Done;
    owed[1].obligation.done_on = Some(day(4, 15));
    owed[1].document = document.map(str::to_owned);
    owed[1].claim = Some(Claim {
        event: 7,
        on: day(4, 15),
        before,
    });
    let own = OwnChange {
        event: 7,
        obligation: ObligationId(2),
        before,
        after: Stand::of(&owed[1].obligation),
        on: day(4, 15),
        is_fresh: true,
        message: None,
    };
    (owed, [own])
}

fn on_15_april<'a>(owed: &'a [Owed], own_changes: &'a [OwnChange]) -> Situation<'a> {
    Situation {
        today: day(4, 15),
        own_changes,
        ..situation(owed, &[])
    }
}

fn done(on: NaiveDate, document: Option<&str>) -> What {
    What::Done {
        on,
        document: document.map(str::to_owned),
    }
}

fn whats(decision: &Decision) -> Vec<What> {
    let changes = decision.changes.iter();
    changes.map(|change| change.what.clone()).collect()
}

#[test]
fn the_day_of_a_document_counts_as_if_it_had_stood_in_the_report() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    for (text, document) in [
        ("20/BC-UBND ngày 30/3", "20/BC-UBND"),
        ("số 15 ngày 30/3", "15/KH"),
        ("KH số 15, 30/3", "15/KH"),
        ("II.2 số 20/BC-UBND ngày 30/3", "20/BC-UBND"),
    ] {
        let decision = says(text, &waits);
        let anew = done(day(3, 30), Some(document));
        assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew], "{text}");
        assert_eq!(decision.changes[1].after.done_on, Some(day(3, 30)));
        assert!(decision.forgets);
        let was = decision.answer.recorded[0].was.clone().unwrap();
        assert_eq!((was.on, was.document), (day(4, 15), None));
        assert_eq!(decision.answer.recorded.len(), 1);
    }
    for text in ["20/BC-UBND", "20/BC-UBND ngày 15/4", "số 15", "15"] {
        let decision = says(text, &waits);
        assert!(
            matches!(&only_change(&decision).what, What::Evidence(_)),
            "{text}"
        );
        assert!(decision.forgets);
    }
    let future = says("20/BC-UBND ngày 30/4", &waits);
    assert!(
        !whats(&future)
            .iter()
            .any(|what| matches!(what, What::Done { .. })),
        "{future:#?}"
    );
}

#[test]
fn a_day_alone_moves_the_completion_and_the_number_is_still_asked_for() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    let decision = says("ngày 30/3", &waits);
    assert_eq!(
        whats(&decision),
        [What::Undo { event: 7 }, done(day(3, 30), None)]
    );
    assert_eq!(asked(&decision).kind, QuestionKind::Document);
    assert!(!decision.forgets);
}

#[test]
fn a_day_before_the_plan_is_refused_and_the_number_kept() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    let decision = says("20/BC-UBND ngày 30/3/2019", &waits);
    assert_eq!(decision.answer.refused[0].why, Why::BeforePlan);
    assert!(matches!(&only_change(&decision).what, What::Evidence(_)));
}

#[test]
fn a_completion_that_waits_for_the_monitor_gets_its_day_too() {
    let (mut owed, own) = reported(None);
    owed[1].acceptance = Acceptance::Confirm;
    owed[1].obligation.state = State::Open;
    owed[1].obligation.done_on = None;
    owed[1].obligation.pending = Some(Pending::Acceptance);
    let asks = question(QuestionKind::Document, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    let decision = says("20/BC-UBND ngày 30/3", &waits);
    assert_eq!(whats(&decision)[1], done(day(3, 30), Some("20/BC-UBND")));
    assert_eq!(decision.changes[1].after.pending, Some(Pending::Acceptance));
}

#[test]
fn what_was_told_wrong_is_corrected_and_nothing_is_taken_back() {
    let (owed, own) = reported(Some("20/BC-UBND"));
    let idle = on_15_april(&owed, &own);
    for (text, on, document) in [
        ("số đúng là 21/BC-UBND", day(4, 15), "21/BC-UBND"),
        ("nhầm, số 21", day(4, 15), "21/BC-UBND"),
        ("nhầm, ngày 29/3", day(3, 29), "20/BC-UBND"),
        ("II.2 nhầm ngày, 29/3 mới đúng", day(3, 29), "20/BC-UBND"),
    ] {
        let decision = says(text, &idle);
        assert_eq!(
            whats(&decision),
            [What::Undo { event: 7 }, done(on, Some(document))],
            "{text}"
        );
        let was = decision.answer.recorded[0].was.as_ref().unwrap();
        assert_eq!(was.document.as_deref(), Some("20/BC-UBND"));
    }
    for text in ["nhầm", "nhầm, chưa xong", "nhầm, ngày 29/4 mới xong"] {
        let decision = says(text, &idle);
        let is_anew = |what: &What| matches!(what, What::Done { .. });
        assert!(
            !whats(&decision).iter().any(is_anew),
            "{text}: {decision:#?}"
        );
    }
}

#[test]
fn a_number_that_comes_tomorrow_leaves_the_report_and_ends_the_question() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    for text in ["mai có số", "thứ hai em gửi số ạ", "đang xin số"] {
        let decision = says(text, &waits);
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(
            (decision.answer.note, decision.forgets),
            (Some(Note::NumberLater), true)
        );
        assert_eq!(decision.answer.question, None);
    }
}

#[test]
fn until_when_is_answered_by_as_much_more_time() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[])
    };
    for (text, until) in [
        ("thêm 1 tuần", day(4, 7)),
        ("xin thêm 10 ngày ạ", day(4, 10)),
        ("xin tới cuối tháng 4", day(4, 30)),
        ("15/4", day(4, 15)),
    ] {
        let decision = says(text, &waits);
        let until = Some(until);
        assert_eq!(
            only_change(&decision).what,
            What::Extension { until },
            "{text}"
        );
        assert!(decision.forgets);
    }
    let decision = says("1 tuần nữa", &waits);
    assert_eq!(
        only_refusal(&decision),
        Why::NotLater,
        "17/3 is before 31/3"
    );
    assert!(!decision.forgets);
    let told = situation(&owed, &[]);
    let decision = says("II.2 xin gia hạn thêm 2 tuần vì chờ hướng dẫn", &told);
    let until = Some(day(4, 14));
    assert_eq!(only_change(&decision).what, What::Extension { until });
    assert_eq!(decision.answer.question, None);
}

#[test]
fn a_reason_alone_is_kept_and_the_day_is_still_asked_for() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[])
    };
    for text in ["vì chờ hướng dẫn của Bộ", "do chưa có kinh phí ạ"] {
        let decision = says(text, &waits);
        assert_eq!(
            only_change(&decision).what,
            What::Extension { until: None },
            "{text}"
        );
        assert_eq!(
            (decision.answer.note, decision.forgets),
            (Some(Note::ReasonKept), false)
        );
        assert_eq!(asked(&decision).kind, QuestionKind::Until);
    }
}

#[test]
fn a_reminder_that_is_put_off_beside_until_when_is_no_wish_for_time() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[ObligationId(1), ObligationId(2)])
    };
    let decision = says("để mai nhắc lại", &waits);
    assert_eq!(
        only_change(&decision).what,
        What::Snooze { until: day(3, 11) }
    );
    assert_eq!(only_change(&decision).obligation, ObligationId(2));
    assert!(!decision.forgets);
    let asks = question(QuestionKind::RemindOn, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..waits
    };
    let decision = says("II.2/1 xin gia hạn đến 15/4", &waits);
    let until = Some(day(4, 15));
    assert_eq!(only_change(&decision).what, What::Extension { until });
}

#[test]
fn a_bare_number_means_a_task_only_below_a_list_with_numbers() {
    let owed = three();
    let listed = [ObligationId(2), ObligationId(1)];
    let shown = Situation {
        shows_numbers: true,
        ..situation(&owed, &listed)
    };
    let decision = says("1 xong, 2 nhắc lại thứ Hai", &shown);
    let whats: Vec<(i64, &str)> = (decision.changes.iter())
        .map(|one| (one.obligation.0, one.what.as_str()))
        .collect();
    assert_eq!(whats, [(2, "done"), (1, "snoozed")]);
    assert_eq!(
        only_change(&says("2 xong", &shown)).obligation,
        ObligationId(1)
    );
    assert_eq!(
        only_change(&says("/xong 2", &shown)).obligation,
        ObligationId(1)
    );
    assert_eq!(says("2", &shown).answer.shown, [ObligationId(1)]);
    let only = [ObligationId(2)];
    let not_shown = situation(&owed, &only);
    for text in ["2 xong", "1 xong", "15 xong"] {
        let decision = says(text, &not_shown);
        assert_eq!(decision.changes, [], "{text}");
        assert!(decision.answer.question.is_some(), "{text}");
    }
}

#[test]
fn all_but_one_asks_about_all_the_others() {
    let mut owed = three();
    owed.push(self::owed(4, "V.1", 1, ""));
    let told = [1, 2, 4].map(ObligationId);
    let decision = says("xong cả rồi trừ II.2", &situation(&owed, &told));
    assert_eq!(decision.changes, []);
    let question = asked(&decision);
    assert_eq!(question.about, [1, 4].map(ObligationId));
    assert!(
        question.options[0]
            .iter()
            .all(|act| matches!(act.what, What::Done { .. }))
    );
}

#[test]
fn files_are_put_where_somebody_says_they_belong() {
    let owed = three();
    let file = |id: &str| File {
        id: id.to_owned(),
        name: None,
        media_type: None,
        size: None,
        sha256: None,
        album: None,
    };
    let sent = |event, obligation: Option<i64>| Sent {
        event,
        obligation: obligation.map(ObligationId),
        files: vec![file(&event.to_string())],
    };
    let of_one = [sent(9, Some(1))];
    let filed = Situation {
        sent: &of_one,
        ..situation(&owed, &[])
    };
    let decision = says("ảnh vừa gửi là của II.2/1", &filed);
    assert_eq!(only_change(&decision).obligation, ObligationId(2));
    assert_eq!(only_change(&decision).files, of_one[0].files);
    let (from, to) = (ObligationId(1), ObligationId(2));
    assert_eq!(decision.moves, Some(Moves { event: 9, from, to }));
    let of_none = [sent(12, None), sent(11, None), sent(9, Some(1))];
    let homeless = Situation {
        sent: &of_none,
        ..filed
    };
    let decision = says("tệp của I.2", &homeless);
    assert_eq!(only_change(&decision).files.len(), 2);
    assert_eq!(decision.moves, None);
    let none = says("tệp của I.2", &situation(&owed, &[]));
    assert_eq!(
        (none.changes.len(), none.answer.note),
        (0, Some(Note::NoFiles))
    );
}

#[test]
fn a_day_just_after_the_report_is_that_of_the_completion() {
    let (owed, own) = reported(None);
    let idle = on_15_april(&owed, &own);
    for text in ["số 21", "II.2/1 số 21"] {
        let decision = says(text, &idle);
        let What::Evidence(evidence) = &only_change(&decision).what else {
            panic!("{text}: {decision:#?}")
        };
        assert_eq!(evidence.document.as_deref(), Some("21/KH"), "{text}");
    }
    let decision = says("II.2/1 số 21 ngày 30/3", &idle);
    assert_eq!(whats(&decision)[1], done(day(3, 30), Some("21/KH")));
    let decision = says("chết, số 22 chứ", &idle);
    assert_eq!(whats(&decision)[1], done(day(4, 15), Some("22/KH")));
    let (owed, own) = reported(Some("5/KH"));
    let idle = on_15_april(&owed, &own);
    let decision = says("ngày 31/3 nhé", &idle);
    let anew = done(day(3, 31), Some("5/KH"));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew]);
    let later = says("lát em gửi số", &idle);
    assert_eq!(
        (later.changes.len(), later.answer.note),
        (0, Some(Note::Thanks))
    );
    let mut old = own;
    old[0].is_fresh = false;
    assert_eq!(whats(&says("ngày 31/3 nhé", &on_15_april(&owed, &old))), []);
}

#[test]
fn the_head_of_several_tasks_asks_which() {
    let owed = [
        owed(1, "IV.1.a", 1, ""),
        owed(2, "IV.1.b", 1, ""),
        owed(3, "IV.10", 1, ""),
    ];
    let decision = says("IV.1 đang vướng kinh phí", &situation(&owed, &[]));
    assert_eq!(asked(&decision).about, [1, 2].map(ObligationId));
}

#[test]
fn what_is_asked_beside_a_report_is_no_report() {
    let owed = three();
    let mut mixed = sure(Intent::Done, &["I.2", "II.2/1"]);
    let part = |task: &str, intent| Part {
        task: Some(task.to_owned()),
        intent,
    };
    mixed.parts = vec![part("I.2", Intent::Done), part("II.2/1", Intent::Ask)];
    let decision = decide(
        "I.2 xong, II.2/1 hạn bao giờ",
        &mixed,
        &situation(&owed, &[]),
    );
    assert_eq!(only_change(&decision).obligation, ObligationId(1));
    assert!(decision.answer.shown.contains(&ObligationId(2)));
}

#[test]
fn the_only_document_dates_the_completion_later_too_and_another_one_beside_it_does_not() {
    let (owed, own) = reported(None);
    let later = Situation {
        today: day(4, 20),
        ..on_15_april(&owed, &own)
    };
    let told = says("II.2/1 KH số 15/KH-STP ngày 17/4/2020", &later);
    let anew = whats(&told);
    assert!(
        matches!(anew.last(), Some(What::Done { on, .. }) if *on == day(4, 17)),
        "{anew:?}"
    );
    let (owed, own) = reported(Some("12/KH-STP"));
    let later = Situation {
        today: day(4, 20),
        ..on_15_april(&owed, &own)
    };
    let told = whats(&says(
        "II.2/1 gửi thêm CV số 15/STP-VP ngày 17/4/2020",
        &later,
    ));
    assert!(
        told.iter().all(|what| matches!(what, What::Evidence(_))),
        "{told:?}"
    );
}

#[test]
fn of_plans_that_number_alike_the_one_that_is_named_is_meant_and_otherwise_it_is_asked() {
    let mut owed = three();
    let mut other = owed[1].clone();
    other.obligation.id = ObligationId(9);
    other.obligation.plan = "next".into();
    other.plan_number = "215/KH-UBND".to_owned();
    owed.push(other);
    let all = situation(&owed, &[]);
    for intent in [
        "xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ",
        "đang làm, tuần sau trình",
    ] {
        let asked = says(&format!("II.2/1 {intent}"), &all);
        let question = asked.answer.question.as_ref().map(|question| question.kind);
        assert_eq!(question, Some(QuestionKind::Which), "{intent}");
        assert!(asked.changes.is_empty(), "{intent}");
    }
    for (text, meant) in [
        ("II.2/1 (4353) xin gia hạn đến 15/4", 2),
        ("4353 II.2/1 xin gia hạn đến 15/4", 2),
        ("II.2/1 (215/KH-UBND) xin gia hạn đến 15/4", 9),
        ("II.2/1 của kế hoạch 215/KH-UBND đã xong", 9),
    ] {
        let under = under_named_plan(text, &owed).unwrap();
        let told = says(
            text,
            &Situation {
                owed: &under,
                ..all
            },
        );
        let ids: Vec<i64> = told.changes.iter().map(|one| one.obligation.0).collect();
        let asked = told
            .answer
            .question
            .iter()
            .flat_map(|question| &question.about);
        let asked: Vec<i64> = asked.map(|id| id.0).collect();
        assert!(
            ids.iter().chain(&asked).all(|id| *id == meant) && ids.len() + asked.len() > 0,
            "{text}: {told:?}"
        );
        let numbers = told.changes.iter().map(|one| format!("{:?}", one.what));
        assert!(
            numbers.into_iter().all(|what| !what.contains("KH-UBND")),
            "{text}"
        );
    }
    let under = under_named_plan("II.2/1 (215/KH-UBND)", &owed).unwrap();
    let told = says(
        "II.2/1 (215/KH-UBND) xong, văn bản 12/KH-STP",
        &Situation {
            owed: &under,
            ..all
        },
    );
    assert!(
        matches!(whats(&told).as_slice(), [What::Done { document: Some(number), .. }] if number == "12/KH-STP"),
        "{told:?}"
    );
    assert!(under_named_plan("II.2/1 xong, số 12/KH-STP", &owed).is_none());
    assert!(under_named_plan("II.2/1 xong ngày 15/4", &owed).is_none());
}

#[test]
fn a_count_of_offices_or_papers_below_a_list_is_no_task_of_it() {
    let owed = three();
    let numbered = [ObligationId(1), ObligationId(2), ObligationId(3)];
    let below = Situation {
        numbered: &numbered,
        shows_numbers: true,
        ..situation(&owed, &[])
    };
    for text in [
        "2 xã đã hoàn thành",
        "3 phòng đã xong",
        "1 số việc đã xong",
        "3 đơn vị đã nộp xong",
        "2 cái xong rồi",
        "3 việc xong rồi",
    ] {
        assert_eq!(says(text, &below).changes, [], "{text}");
    }
    let done: Vec<i64> = says("2 xong rồi", &below)
        .changes
        .iter()
        .map(|one| one.obligation.0)
        .collect();
    assert_eq!(done, [2]);
}

#[test]
fn who_asks_for_a_paper_moves_no_file() {
    let owed = three();
    for text in [
        "cho em xin văn bản II.2",
        "ảnh này là của II.2?",
        "tài liệu II.2",
        "gửi em bản scan II.2",
    ] {
        let told = says(text, &situation(&owed, &[]));
        assert!(
            told.moves.is_none() && told.changes.is_empty(),
            "{text}: {told:?}"
        );
    }
}

#[test]
fn a_completion_of_long_ago_is_not_made_earlier() {
    let (owed, _) = reported(None);
    let later = Situation {
        today: day(6, 20),
        ..on_15_april(&owed, &[])
    };
    let told = says("II.2/1 KH số 15/KH-STP ngày 30/3/2020", &later);
    let anew = whats(&told);
    assert!(
        matches!(anew.as_slice(), [What::Evidence(_)]),
        "the number is kept, and its day dates nothing: {anew:?}"
    );
}
