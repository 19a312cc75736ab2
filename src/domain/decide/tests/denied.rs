//! What is said not to be done just after it was reported, in words that name no task.

use super::heard::{on_15_april, reported, says, whats};
use super::*;

fn kind_and_first(decision: &Decision) -> (QuestionKind, i64) {
    let question = asked(decision);
    (question.kind, question.about[0].0)
}

#[test]
fn what_was_reported_last_is_asked_about_first_and_taken_back_once_it_is_chosen() {
    let (owed, own) = reported(Some("9/BC-STP"));
    let situation = on_15_april(&owed, &own);
    for text in [
        "chưa xong, sếp trả lại",
        "à quên, còn thiếu phụ lục",
        "sếp bắt sửa lại rồi",
        "chua ky dau a",
    ] {
        let decision = says(text, &situation);
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(
            kind_and_first(&decision),
            (QuestionKind::Which, 2),
            "{text}"
        );
        let question = asked(&decision).clone();
        assert!(
            question.offered() > 1,
            "what is open may be meant as well: {text}"
        );
        let with = Situation {
            asked: Some(&question),
            ..situation
        };
        let chosen = decide_choice(1, &with);
        assert!(
            matches!(
                whats(&chosen).as_slice(),
                [
                    What::Undo { event: 7 },
                    What::Progress { .. } | What::Blocked
                ]
            ),
            "{text}: {chosen:#?}"
        );
        assert_eq!(chosen.changes[1].after.state, State::Open);
    }
    // How another task stands denies nothing.
    let other = says("đang làm, được 60%", &situation);
    assert!(asked(&other).about.iter().all(|id| id.0 != 2), "{other:#?}");
}

#[test]
fn an_older_report_is_asked_about_where_the_words_speak_of_it() {
    let (mut owed, mut own) = reported(Some("9/BC-STP"));
    own[0].is_fresh = false;
    owed[1].content = "Báo cáo kết quả thực hiện quý I".to_owned();
    let situation = on_15_april(&owed, &own);
    let named = says("báo cáo quý I chưa nộp được", &situation);
    assert_eq!(kind_and_first(&named).1, 2);
    let unnamed = says("chưa xong, sếp trả lại", &situation);
    assert!(asked(&unnamed).about.iter().all(|id| id.0 != 2));
}

#[test]
fn to_the_receipt_of_a_report_a_denial_is_about_that_report() {
    let (owed, mut own) = reported(Some("9/BC-STP"));
    own[0].message = Some("inbox:7".to_owned());
    let told = [ObligationId(2)];
    let situation = Situation {
        replies_to: Some("inbox:7"),
        told: &told,
        ..on_15_april(&owed, &own)
    };
    let decision = says("chưa xong đâu", &situation);
    assert_eq!(kind_and_first(&decision), (QuestionKind::TakeBack, 2));
}

#[test]
fn a_mistake_that_denies_a_completion_is_about_the_report_while_a_list_is_open_too() {
    let (owed, own) = reported(Some("9/BC-STP"));
    let list = asked(&says("xong rồi", &on_15_april(&owed, &own))).clone();
    assert_eq!(list.kind, QuestionKind::Which);
    let situation = Situation {
        asked: Some(&list),
        ..on_15_april(&owed, &own)
    };
    let decision = says("ghi nhầm rồi, chưa xong", &situation);
    assert_eq!(kind_and_first(&decision), (QuestionKind::TakeBack, 2));
    assert_eq!(says("nhầm", &situation).answer.note, Some(Note::Dropped));
    // By its name it is taken back at once: the words say that the report was wrong.
    let named = says("II.2/1 chưa xong đâu, em nhầm", &situation);
    assert_eq!(whats(&named), [What::Undo { event: 7 }]);
}

#[test]
fn a_report_overtakes_the_question_that_waits_for_its_task() {
    let owed = three();
    let open = situation(&owed, &[]);
    let asked_of = |text: &str| asked(&says(text, &open)).clone();
    let (working, finished) = (asked_of("đang làm"), asked_of("xong rồi"));
    let after = |question: &Question, text: &str| {
        let waits = Situation {
            asked: Some(question),
            ..open
        };
        says(text, &waits).forgets
    };
    assert!(after(&working, "II.2/1 xong rồi"));
    assert!(after(&finished, "II.2/1 xong rồi"));
    // Of another task "xong" may still be said.
    assert!(!after(&finished, "II.2/1 đang làm"));
}
