//! What follows below a list with numbers, where some are left out, of files that are put somewhere, and beside other plans.

use super::heard::{says, whats};
use super::*;
use crate::domain::inbound::File;

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
    assert_eq!(
        decision.moves,
        Some(Moves {
            events: vec![9],
            from,
            to
        })
    );
    let of_none = [sent(12, None), sent(11, None), sent(9, Some(1))];
    let homeless = Situation {
        sent: &of_none,
        ..filed
    };
    let decision = says("tệp của I.2", &homeless);
    assert_eq!(only_change(&decision).files.len(), 2);
    assert_eq!(decision.moves, None);
    // Of an album each picture came by itself; older files stay where they are.
    let picture = |event, obligation| {
        let mut picture = sent(event, obligation);
        picture.files[0].album = Some("a".to_owned());
        picture
    };
    let album = [
        picture(15, Some(1)),
        picture(14, Some(1)),
        sent(12, None),
        sent(9, Some(1)),
    ];
    let decision = says(
        "tệp của II.2/1",
        &Situation {
            sent: &album,
            ..filed
        },
    );
    assert_eq!(only_change(&decision).files.len(), 2);
    assert_eq!(
        decision.moves,
        Some(Moves {
            events: vec![15, 14],
            from,
            to
        })
    );
    let none = says("tệp của I.2", &situation(&owed, &[]));
    assert_eq!(
        (none.changes.len(), none.answer.note),
        (0, Some(Note::NoFiles))
    );
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
fn what_is_told_of_the_rest_is_not_told_of_the_task_that_is_left_out() {
    // "Xong hết trừ I.2" to a message that told of I.2 alone.
    let owed = three();
    let mut said = sure(Intent::Progress, &["I.2"]);
    said.parts = vec![
        Part {
            task: None,
            intent: Intent::Done,
        },
        Part {
            task: Some("I.2".to_owned()),
            intent: Intent::Progress,
        },
    ];
    let decision = decide("", &said, &situation(&owed, &[ObligationId(1)]));
    let mut changes = decision.changes.iter();
    assert!(
        changes.all(|change| matches!(change.what, What::Progress { .. })),
        "{:?}",
        decision.changes
    );
    assert_eq!(decision.changes.len(), 1);
}

#[test]
fn lines_with_numbers_of_their_own_answer_the_tasks_of_a_brief_in_their_order() {
    let owed = three();
    let told: Vec<ObligationId> = owed.iter().map(Owed::id).collect();
    let of_brief = Situation {
        numbered: &told,
        ..situation(&owed, &told)
    };
    let decision = says(
        "1. xong, KH số 5/KH-STP\n2. đang làm, được 50%\n3. xin gia hạn đến 20/9",
        &of_brief,
    );
    let recorded: Vec<_> = decision.changes.iter().map(|one| one.obligation).collect();
    assert_eq!(recorded, told, "{decision:#?}");
    assert!(matches!(decision.changes[0].what, What::Done { .. }));
    assert!(matches!(
        decision.changes[1].what,
        What::Progress {
            percent: Some(50),
            ..
        }
    ));
    assert!(matches!(decision.changes[2].what, What::Extension { .. }));
    // Of two lines nobody knows whether they are of the first two.
    let decision = says("1. xong\n2. đang làm", &of_brief);
    assert_eq!(decision.changes, [], "{decision:#?}");
}

#[test]
fn several_answers_to_which_task_are_taken_together() {
    let owed = three();
    let told: Vec<ObligationId> = owed.iter().map(Owed::id).collect();
    let idle = situation(&owed, &told);
    let decision = says("xong rồi ạ", &idle);
    let waits = Situation {
        asked: Some(asked(&decision)),
        ..idle
    };
    let offered = asked(&decision).offered();
    for (text, count) in [("1, 2", 2), ("1 và 2 ạ", 2), ("2", 1)] {
        let chosen = says(text, &waits);
        assert_eq!(chosen.changes.len(), count, "{text}: {chosen:#?}");
    }
    // So much at once is asked back; and what is counted chooses nothing.
    for text in [format!("cả {offered}"), "tất cả ạ".to_owned()] {
        let chosen = says(&text, &waits);
        assert_eq!(chosen.changes, [], "{text}");
        let question = asked(&chosen);
        assert_eq!(
            (question.kind, question.about.len()),
            (QuestionKind::Sure, offered),
            "{text}"
        );
    }
    let counted = says("1 xã và 2 huyện", &waits);
    assert_eq!(counted.changes, [], "{counted:#?}");
}
