//! What an answer must not add: questions that are answered already, lists in no order, numbers taken for what they are not.

use super::asked::question;
use super::heard::{reported, says};
use super::*;

/// The documents of what was recorded as done, task by task.
fn documents(decision: &Decision) -> Vec<(ObligationId, Option<&str>)> {
    let changes = decision.changes.iter();
    let done = changes.filter_map(|change| match &change.what {
        What::Done { document, .. } => Some((change.obligation, document.as_deref())),
        _ => None,
    });
    done.collect()
}

#[test]
fn numbers_behind_several_tasks_are_those_of_their_documents_in_order() {
    let mut owed = three();
    owed.push(super::owed(4, "VI.3", 1, ""));
    owed[3].is_document = false;
    let all = situation(&owed, &[]);
    let [first, second, other] = [1, 2, 4].map(ObligationId);
    let both = says("I.2, II.2/1 xong ngày 9/3, số 11, 12", &all);
    let found = documents(&both);
    assert_eq!(found.len(), 2, "{both:#?}");
    assert!(
        found[0].1.is_some_and(|one| one.starts_with("11")),
        "{found:?}"
    );
    assert!(
        found[1].1.is_some_and(|one| one.starts_with("12")),
        "{found:?}"
    );
    assert_eq!(both.answer.question, None);
    // The one that comes to no document has no number.
    let mixed = says("I.2, VI.3 và II.2/1 xong, số 11 và 12", &all);
    let mut found = documents(&mixed);
    found.sort_by_key(|(id, _)| *id);
    assert!(
        found[0].1.is_some_and(|one| one.starts_with("11")),
        "{found:?}"
    );
    assert!(
        found[1].1.is_some_and(|one| one.starts_with("12")),
        "{found:?}"
    );
    assert_eq!(
        found.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [first, second, other]
    );
    assert_eq!(found[2].1, None);
    // Nobody knows whose three numbers of two documents are: they are asked for, and nothing is asked to be chosen.
    let many = says("I.2, II.2/1 xong ngày 9/3, số 11, 12, 13", &all);
    let found = documents(&many);
    assert_eq!(found, [(first, None), (second, None)]);
    assert_eq!(asked(&many).kind, QuestionKind::Document);
    // Numbers of a list that was shown do not take them away.
    let shown = [first, second, other];
    let listed = Situation {
        numbered: &shown,
        shows_numbers: true,
        ..situation(&owed, &[])
    };
    let found = says("I.2, II.2/1 xong, số 2, 3", &listed);
    assert_eq!(documents(&found).len(), 2, "{found:#?}");
}

#[test]
fn a_number_alone_is_asked_about_where_it_may_be_a_place_in_a_list() {
    let (owed, own) = reported(None);
    let waits = question(QuestionKind::Document, 2);
    let shown = [1, 2, 3].map(ObligationId);
    let asks = Situation {
        asked: Some(&waits),
        own_changes: &own,
        ..super::heard::on_15_april(&owed, &own)
    };
    let listed = Situation {
        numbered: &shown,
        shows_numbers: true,
        ..asks
    };
    for (text, with) in [("2", &asks), ("2.", &asks), ("2", &listed), ("7", &asks)] {
        let decision = says(text, with);
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(decision.answer.note, Some(Note::BareNumber), "{text}");
        assert_eq!(decision.answer.question.as_ref(), Some(&waits));
    }
    for text in ["15", "02", "số 2", "2/KH-STP", "15 ngày 12/4"] {
        let decision = says(text, &listed);
        assert!(!decision.changes.is_empty(), "{text}: {decision:#?}");
    }
}

#[test]
fn a_day_that_does_not_exist_is_told_beside_the_document_that_was_asked_for() {
    let (owed, own) = reported(None);
    let waits = question(QuestionKind::Document, 2);
    let asks = Situation {
        asked: Some(&waits),
        ..super::heard::on_15_april(&owed, &own)
    };
    for text in [
        "KH số 12/KH-STP ngày 31/2",
        "II.2/1 xong, KH số 12/KH-STP ngày 31/2",
    ] {
        let decision = says(text, &asks);
        assert_eq!(decision.changes.len(), 1, "{text}: {decision:#?}");
        assert_eq!(decision.answer.note, Some(Note::NoSuchDay), "{text}");
    }
    let real = says("KH số 12/KH-STP ngày 14/4", &asks);
    assert_eq!(real.answer.note, None);
}

#[test]
fn what_is_late_and_due_soonest_is_offered_first_unless_a_list_was_shown() {
    let mut owed = three();
    owed[0].obligation.due_on = Some(day(12, 31));
    owed[1].obligation.due_on = None;
    owed[2].obligation.due_on = Some(day(1, 30));
    owed[2].obligation.opens_on = None;
    owed.push(super::owed(4, "VI.3", 1, ""));
    let all = owed.iter().map(Owed::id).collect::<Vec<_>>();
    let offered = |with: &Situation<'_>| asked(&says("xong", with)).about.clone();
    let by_due = [3, 4, 1].map(ObligationId);
    let found = offered(&situation(&owed, &[]));
    assert_eq!(found[..3], by_due, "{found:?}");
    let listed = Situation {
        numbered: &all,
        shows_numbers: true,
        ..situation(&owed, &[])
    };
    let found = offered(&listed);
    assert!(found.is_sorted(), "{found:?}");
}

#[test]
fn what_the_plan_says_is_told_of_the_task_that_is_named_or_else_by_number() {
    let owed = three();
    let told = [ObligationId(2)];
    let all = situation(&owed, &[]);
    for text in [
        "sản phẩm II.2/1 là chi",
        "II.2/1 nộp cái chi",
        "II.2/1 nộp cho ai rứa",
        "hoàn thành II.2/1 thì nộp cái gì",
        "cơ quan nào chủ trì II.2/1",
    ] {
        let decision = says(text, &all);
        assert_eq!(decision.changes, [], "{text}");
        assert!(
            decision.answer.shown.contains(&ObligationId(2)),
            "{text}: {decision:#?}"
        );
        assert_eq!(decision.answer.question, None, "{text}");
    }
    for text in ["sản phẩm là chi", "nộp cái gì", "nộp cho ai", "ai chủ trì"] {
        let of_one = says(text, &situation(&owed, &told));
        assert_eq!(of_one.answer.shown, told, "{text}");
        let of_several = says(text, &all);
        // What is due in half a year is not what somebody asks about.
        let near = [ObligationId(1), ObligationId(2)];
        assert_eq!(of_several.answer.listed, near, "{text}");
        assert_eq!(of_several.answer.note, Some(Note::AskByNumber), "{text}");
    }
    let decision = says("ngày ni có chi mới không", &situation(&owed, &told));
    assert_eq!(decision.answer.listed.len(), 3, "{decision:#?}");
    assert_eq!((decision.answer.note, decision.changes), (None, vec![]));
}

#[test]
fn whoever_asks_what_is_late_is_shown_that_and_nothing_else() {
    let owed = three();
    for text in [
        "có mấy việc trễ",
        "bao nhiêu việc quá hạn",
        "em còn mấy việc quá hạn",
        "có việc nào bị trễ không",
        "trễ mấy việc rồi",
    ] {
        let before = says(text, &situation(&owed, &[]));
        assert_eq!(before.answer.listed, [], "{text}: {before:#?}");
        assert_eq!(before.answer.note, Some(Note::NothingLate), "{text}");
        let since = Situation {
            today: day(4, 15),
            ..situation(&owed, &[])
        };
        let late = says(text, &since);
        let two = [ObligationId(1), ObligationId(2)];
        assert_eq!(late.answer.listed, two, "{text}: {late:#?}");
        assert_eq!(late.answer.note, Some(Note::OnlyLate), "{text}");
        assert_eq!(
            (late.changes, late.answer.question),
            (vec![], None),
            "{text}"
        );
    }
}

#[test]
fn a_question_is_answered_with_what_it_speaks_of_or_with_how_to_answer() {
    let mut owed = three();
    owed[0].content = "Đánh giá, xếp hạng công tác cải cách hành chính".to_owned();
    let shown = |text: &str, asks_how: bool| {
        let mut said = sure(Intent::Ask, &[]);
        said.details.asks = asks_how.then_some(crate::domain::reply::Asks::How);
        let told = [ObligationId(1), ObligationId(2)];
        decide(text, &said, &situation(&owed, &told)).answer
    };
    let told = shown(
        "việc đánh giá xếp hạng cải cách hành chính hạn khi nào",
        false,
    );
    assert_eq!(told.shown, [ObligationId(1)]);
    assert_eq!(shown("báo cáo thế nào em", true).note, Some(Note::Help));
    assert_eq!(shown("nộp trễ có sao không", false).listed.len(), 2);
    let all = says("còn việc gì không", &situation(&owed, &[])).answer;
    assert_eq!((all.listed.len(), all.note), (3, None));
    let by_number = Situation {
        numbered: &[ObligationId(2)],
        ..situation(&owed, &[])
    };
    let command = parse_command("/viec 1").unwrap();
    let answer = decide_command(&command, &by_number).answer;
    assert_eq!(answer.shown, [ObligationId(2)]);
}
