//! What answers "which task?" in words, and what becomes of one that is asked before another is answered.

use super::heard::says;
use super::*;

/// A plan and two reports, all due on 31/3, and a list that is due later.
pub(super) fn four() -> Vec<Owed> {
    let report = |id, task, label| Owed {
        product: "Báo cáo".to_owned(),
        ..owed(id, task, 1, label)
    };
    vec![
        owed(1, "II.2", 1, "Kế hoạch rà soát"),
        report(2, "IV.1.a", "Báo cáo kết quả thực hiện quý I"),
        report(3, "IV.1.c", "Báo cáo tự thanh tra quý I"),
        owed(4, "V.3", 1, "Danh mục vị trí việc làm"),
    ]
}

fn ids(question: &Question) -> Vec<i64> {
    question.about.iter().map(|id| id.0).collect()
}

/// What follows from these words, one after the other.
pub(super) fn talk(owed: &[Owed], texts: &[&str]) -> Decision {
    let mut last = Decision::default();
    for text in texts {
        let waits = last.answer.question.clone();
        last = says(
            text,
            &Situation {
                asked: waits.as_ref(),
                ..situation(owed, &[])
            },
        );
    }
    last
}

#[test]
fn only_the_tasks_of_which_the_words_speak_are_offered() {
    let owed = four();
    let reports = talk(&owed, &["báo cáo nộp rồi số 5/BC-STP ngày 9/3"]);
    assert_eq!(ids(asked(&reports)), [2, 3]);
    let plan = talk(&owed, &["kế hoạch còn chờ ký"]);
    let plan = asked(&plan);
    assert_eq!((plan.kind, ids(plan)), (QuestionKind::Sure, vec![1]));
    assert_eq!(plan.rest.len(), 3);
    // "No" asks which of the others.
    let other = talk(&owed, &["kế hoạch còn chờ ký", "không phải"]);
    assert_eq!(ids(asked(&other)), [2, 3, 4]);
}

#[test]
fn words_of_a_task_choose_it_or_leave_fewer() {
    let owed = four();
    let chosen = talk(&owed, &["em đang làm", "cái thanh tra ấy"]);
    assert_eq!(only_change(&chosen).obligation, ObligationId(3));
    let fewer = talk(&owed, &["em đang làm", "cái báo cáo"]);
    assert_eq!(ids(asked(&fewer)), [2, 3]);
    let chosen = talk(&owed, &["em đang làm", "cái báo cáo", "thanh tra"]);
    assert_eq!(only_change(&chosen).obligation, ObligationId(3));
    // The report that is of nothing but its quarter.
    let chosen = talk(&owed, &["em đang làm", "cái báo cáo quý"]);
    assert_eq!(only_change(&chosen).obligation, ObligationId(2));
    // What says something of its own is no choice.
    let other = talk(&owed, &["em đang làm", "thanh tra thì xong rồi"]);
    assert_eq!(other.changes, []);
    assert_eq!(asked(&other).then.len(), 1);
}

#[test]
fn several_tasks_answer_which_and_of_the_unclear_one_it_is_asked() {
    let owed = four();
    for text in [
        "kế hoạch với báo cáo thanh tra",
        "cả hai: kế hoạch, báo cáo thanh tra",
    ] {
        let both = talk(&owed, &["em đang làm", text]);
        let changed: Vec<i64> = both.changes.iter().map(|one| one.obligation.0).collect();
        assert_eq!(changed, [1, 3], "{text}");
    }
    let partly = talk(&owed, &["em đang làm", "kế hoạch với báo cáo"]);
    assert_eq!(only_change(&partly).obligation, ObligationId(1));
    assert_eq!(ids(asked(&partly)), [2, 3]);
}

#[test]
fn what_is_stuck_beside_what_is_finished_is_asked_apart() {
    let both = talk(&four(), &["xong kế hoạch, vướng báo cáo"]);
    let plan = asked(&both);
    assert_eq!((plan.kind, ids(plan)), (QuestionKind::Sure, vec![1]));
    let report = &plan.then[0];
    assert_eq!(
        (report.kind, ids(report)),
        (QuestionKind::Which, vec![2, 3])
    );
}

#[test]
fn the_signs_of_documents_speak_of_no_task() {
    let mut owed = four();
    owed[3].content = "Kế hoạch số 15 về sắp xếp một số đơn vị sự nghiệp của STP".to_owned();
    let said = talk(&owed, &["số 14/KH-STP và 15/BC-STP"]);
    assert_eq!(said.changes, []);
    assert_eq!(asked(&said).kind, QuestionKind::Which);
}

#[test]
fn a_count_is_no_day_of_the_month() {
    let owed = four();
    let said = talk(&owed, &["xong rồi", "hai cái"]);
    let question = asked(&said);
    let done_on = |act: &Act| match act.what {
        What::Done { on, .. } => Some(on),
        _ => None,
    };
    let days: Vec<_> = question.options.iter().flatten().map(done_on).collect();
    assert!(
        days.iter().all(|day| *day == Some(today())),
        "{question:#?}"
    );
}

#[test]
fn the_number_of_a_plan_is_offered_to_no_report() {
    let owed = four();
    let said = talk(&owed, &["em gửi báo cáo ạ: đã ký hôm qua, số 11/KH-STP"]);
    let offered = asked(&said);
    let plans = [ObligationId(1)];
    assert!(
        said.changes.is_empty() && offered.about.iter().all(|id| plans.contains(id)),
        "{said:#?}"
    );
}

#[test]
fn what_the_report_lacks_is_added_to_it() {
    let owed = four();
    let numbered = talk(&owed, &["xong rồi", "số 41/BC-STP ngày 9/3"]);
    let numbered = asked(&numbered);
    assert_eq!(ids(numbered), [2, 3], "a report is no plan");
    let done = What::Done {
        on: day(3, 9),
        document: Some("41/BC-STP".to_owned()),
    };
    assert_eq!(numbered.options[0][0].what, done);
    assert_eq!(numbered.quote, "xong rồi; số 41/BC-STP ngày 9/3");
    let chosen = talk(&owed, &["xong rồi", "số 41/BC-STP ngày 9/3", "2"]);
    let change = only_change(&chosen);
    assert_eq!((change.obligation, &change.what), (ObligationId(3), &done));
    let wished = talk(&owed, &["cho xin thêm thời gian", "8/4", "1"]);
    let until = Some(day(4, 8));
    assert_eq!(only_change(&wished).what, What::Extension { until });
}

#[test]
fn two_tasks_in_words_that_do_not_tell_which_are_asked_apart() {
    let owed = four();
    let text = "báo cáo thanh tra xin tới 3/4, báo cáo quý I nộp rồi số 5/BC-STP";
    let both = talk(&owed, &[text]);
    let until = Some(day(4, 3));
    let (on, document) = (today(), Some("5/BC-STP".to_owned()));
    let recorded: Vec<(i64, &What)> = both
        .changes
        .iter()
        .map(|change| (change.obligation.0, &change.what))
        .collect();
    assert_eq!(
        recorded,
        [
            (3, &What::Extension { until }),
            (2, &What::Done { on, document })
        ]
    );
    // With fewer words it is asked, each in its own.
    let one = talk(&owed, &["báo cáo thanh tra xin tới 3/4, báo cáo nộp rồi"]);
    assert_eq!(only_change(&one).obligation, ObligationId(3));
    let waits = asked(&one);
    assert_eq!(waits.quote, "báo cáo nộp rồi");
    assert_eq!((waits.kind, ids(waits)), (QuestionKind::Sure, vec![2]));
    let second = talk(&owed, &["kế hoạch chờ ký, báo cáo nộp rồi"]);
    assert_eq!(second.changes, []);
    assert_eq!(
        (ids(asked(&second)), asked(&second).then.len()),
        (vec![1], 1)
    );
    // What goes on about the same task is no other one.
    let one = talk(&owed, &["báo cáo quý I nộp rồi, báo cáo số 5/BC-STP"]);
    assert_eq!(asked(&one).then, []);
}

#[test]
fn the_number_of_each_report_is_asked_for_and_given_to_the_one_it_fits() {
    let owed = four();
    let done = talk(&owed, &["II.2/1, IV.1.a/1 xong"]);
    let waits = asked(&done).clone();
    assert_eq!((ids(&waits), waits.then.len()), (vec![1], 1));
    let mut since = owed.clone();
    for (one, change) in since.iter_mut().zip(&done.changes) {
        one.claim = Some(Claim {
            event: one.id().0,
            on: today(),
            said_on: today(),
            before: change.before,
        });
        one.obligation.state = State::Done;
        one.obligation.done_on = Some(today());
    }
    let later = Situation {
        asked: Some(&waits),
        ..situation(&since, &[])
    };
    let report = says("15/BC-STP", &later);
    assert_eq!(only_change(&report).obligation, ObligationId(2));
    assert_eq!(ids(asked(&report)), [1]);
    let plan = says("15/KH-STP", &later);
    assert_eq!(only_change(&plan).obligation, ObligationId(1));
    assert_eq!(ids(asked(&plan)), [2]);
}

#[test]
fn a_document_that_has_not_left_is_no_number_that_comes_later() {
    let (owed, own) = super::heard::reported(Some("8/KH-STP"));
    let just_now = super::heard::on_15_april(&owed, &own);
    for text in ["chưa gửi nghe anh", "chưa có gửi", "hông kịp nộp"] {
        let denied = says(text, &just_now);
        assert_ne!(denied.answer.note, Some(Note::Thanks), "{text}");
        assert!(denied.answer.question.is_some(), "{text}: {denied:#?}");
    }
    let later = says("lát em gửi số", &just_now);
    assert_eq!(later.answer.note, Some(Note::Thanks));
}

#[test]
fn the_same_document_with_another_day_moves_the_day() {
    let (owed, own) = super::heard::reported(Some("8/KH-STP"));
    let again = says(
        "II.2/1 xong, số 8/KH-STP ngày 9/4",
        &super::heard::on_15_april(&owed, &own),
    );
    let done = again.changes.last().map(|change| change.what.clone());
    let document = Some("8/KH-STP".to_owned());
    let on = day(4, 9);
    assert_eq!(done, Some(What::Done { on, document }));
}

#[test]
fn words_that_most_tasks_share_or_that_name_other_work_choose_nothing() {
    let owed = four();
    for text in [
        "Báo cáo anh, kế hoạch ký rồi ạ",
        "em báo cáo 1 việc: kế hoạch xong",
        "đợt thanh tra quý I làm xong rồi",
        "báo cáo thanh tra, giải quyết khiếu nại quý I nộp rồi",
        "kế hoạch thanh tra quý I đã ban hành",
    ] {
        let heard = talk(&owed, &[text]);
        assert_eq!(heard.changes, [], "{text}");
        assert!(heard.answer.question.is_some(), "{text}: {heard:#?}");
    }
}

#[test]
fn what_is_told_of_each_of_several_is_recorded_in_turn() {
    let owed = four();
    for text in [
        "Em báo cáo 3 việc:\n1) kế hoạch: xong\n2) báo cáo quý: chưa\n3) tự thanh tra: đang làm",
        "Em báo cáo 3 việc:\na) kế hoạch: rồi\nb) báo cáo quý: chưa\nc) tự thanh tra: đang",
    ] {
        let mut heard = talk(&owed, &[text]);
        let mut changed = heard.changes.clone();
        while let Some(waits) = heard.answer.question.clone() {
            heard = decide_choice(
                1,
                &Situation {
                    asked: Some(&waits),
                    ..situation(&owed, &[])
                },
            );
            changed.extend(heard.changes.clone());
            if waits.options.is_empty() {
                break;
            }
        }
        let done = |change: &&Change| change.what.completes();
        let done: Vec<i64> = changed
            .iter()
            .filter(done)
            .map(|one| one.obligation.0)
            .collect();
        assert!(!done.contains(&2) && !done.contains(&3), "{text}: {done:?}");
    }
}

#[test]
fn another_task_in_the_place_of_the_one_reported_just_now_is_recorded_and_that_one_asked_about() {
    let (owed, own) = super::heard::reported(None);
    let heard = says("lộn, I.2 xong", &super::heard::on_15_april(&owed, &own));
    assert_eq!(only_change(&heard).obligation, ObligationId(1));
    let waits = asked(&heard);
    assert_eq!((waits.kind, ids(waits)), (QuestionKind::TakeBack, vec![2]));
}

#[test]
fn yesterday_before_a_mistake_gives_no_day() {
    let (owed, own) = super::heard::reported(None);
    let heard = says(
        "hôm qua em báo nhầm",
        &super::heard::on_15_april(&owed, &own),
    );
    assert!(matches!(only_change(&heard).what, What::Undo { .. }));
}

#[test]
fn what_one_of_several_is_taken_out_of_is_asked_of_the_others() {
    let owed = four();
    let all = sure(Intent::Done, &["II.2/1", "IV.1.a/1", "IV.1.c/1"]);
    let all = Understanding { sure: false, ..all };
    let first = decide("xong cả", &all, &situation(&owed, &[]));
    let waits = asked(&first).clone();
    let with = Situation {
        asked: Some(&waits),
        ..situation(&owed, &[])
    };
    let denied = says("IV.1.c/1 chưa xong", &with);
    let left = denied.answer.question.as_ref().unwrap_or(&waits);
    let mut then = std::iter::once(left).chain(&left.then);
    let again = then
        .find(|one| one.quote == "xong cả")
        .expect("it still waits");
    let with = Situation {
        asked: Some(again),
        ..situation(&owed, &[])
    };
    let rest = decide_choice(1, &with);
    let mut done = rest.changes.iter().map(|change| change.obligation.0);
    assert!(done.all(|id| id != 3), "{rest:#?}");
}

#[test]
fn a_mistake_that_names_a_task_means_that_one() {
    let (owed, own) = super::heard::reported(None);
    let heard = says(
        "nhầm I.2, chưa xong",
        &super::heard::on_15_april(&owed, &own),
    );
    let waits = heard.answer.question.as_ref();
    assert!(
        waits.is_none_or(|one| one.kind != QuestionKind::TakeBack),
        "{heard:#?}"
    );
}

#[test]
fn the_answers_of_a_question_keep_their_numbers_when_one_task_is_reported_meanwhile() {
    let owed = four();
    let first = talk(&owed, &["em đang làm"]);
    let shown = asked(&first).clone();
    let blocked = talk(&owed, &["em đang làm", "còn vướng kinh phí", "1"]);
    let change = only_change(&blocked).clone();
    let again = asked(&blocked);
    assert_eq!((&again.quote, ids(again)), (&shown.quote, ids(&shown)));
    let mut since = owed.clone();
    since[0] = since[0].standing(change.after);
    let chosen = |number| {
        let with = Situation {
            asked: Some(again),
            ..situation(&since, &[])
        };
        decide_choice(number, &with)
    };
    assert_eq!(only_change(&chosen(2)).obligation, ObligationId(2));
    assert_eq!(only_change(&chosen(1)).obligation, ObligationId(1));
    // While it is only repeated in a line, the numbers are those that were shown.
    let done = talk(&owed, &["xong rồi"]);
    let waits = asked(&done).clone();
    let with = Situation {
        asked: Some(&waits),
        ..situation(&owed, &[])
    };
    let wish = says("II.2/1 xin gia hạn đến 8/4", &with);
    assert_eq!(only_change(&wish).obligation, ObligationId(1));
    let left = wish.answer.question.as_ref().unwrap_or(&waits);
    assert_eq!(left.option(2), waits.option(2));
}
