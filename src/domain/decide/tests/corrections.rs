//! Numbers and days of documents that were told wrong, or come later.

use super::asked::question;
use super::heard::{done, on_15_april, reported, says, whats};
use super::*;

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
fn the_number_that_stands_called_wrong_is_asked_for_once_more() {
    let (owed, own) = reported(Some("20/BC-UBND"));
    let idle = on_15_april(&owed, &own);
    for text in ["ghi nhầm số 20/BC-UBND", "II.2 báo nhầm số 20"] {
        let decision = says(text, &idle);
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(asked(&decision).kind, QuestionKind::Document, "{text}");
    }
    // What is answered takes its place.
    let asks = question(QuestionKind::Document, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..idle
    };
    let decision = says("21/BC-UBND", &waits);
    let anew = done(day(4, 15), Some("21/BC-UBND"));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew]);
    // Whoever asks corrects nothing.
    let decision = says("15/3 chứ ạ?", &idle);
    assert!(decision.changes.is_empty(), "{decision:#?}");
}

#[test]
fn of_two_things_reported_at_once_none_is_corrected_unnamed() {
    let (mut owed, own) = reported(Some("20/BC-UBND"));
    let mut own = own.to_vec();
    owed[0].obligation.state = State::Done;
    owed[0].claim = owed[1].claim;
    own[0].message = Some("12".to_owned());
    own.push(OwnChange {
        obligation: owed[0].id(),
        event: 6,
        ..own[0].clone()
    });
    let decision = says("số đúng là 21/BC-UBND", &on_15_april(&owed, &own));
    assert_eq!(decision.changes, [], "{decision:#?}");
    let question = asked(&decision);
    assert_eq!(question.kind, QuestionKind::Which);
    let acts = |at: usize| question.options[at].iter().map(|act| act.what.clone());
    let anew = done(day(4, 15), Some("21/BC-UBND"));
    assert_eq!(
        acts(1).collect::<Vec<_>>(),
        [What::Undo { event: 7 }, anew.clone()]
    );
    // Which of them is answered by its number.
    let waits = Situation {
        asked: Some(question),
        ..on_15_april(&owed, &own)
    };
    assert_eq!(whats(&says("2", &waits))[1], anew);
}

#[test]
fn further_documents_prove_a_completion_that_is_said_anew() {
    let (mut owed, own) = reported(Some("20/BC-UBND"));
    owed[1].further = vec!["5/TB-UBND".to_owned()];
    let decision = says("nhầm, ngày 29/3", &on_15_april(&owed, &own));
    let proof = What::Evidence(Evidence {
        document: Some("5/TB-UBND".to_owned()),
        on: None,
    });
    let anew = done(day(3, 29), Some("20/BC-UBND"));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew, proof]);
}

#[test]
fn another_value_in_doubtful_words_takes_nothing_back_unasked() {
    let (owed, own) = reported(Some("20/BC-UBND"));
    let idle = on_15_april(&owed, &own);
    let decision = says("không phải 14/4 mà 13/4", &idle);
    let anew = done(day(4, 13), Some("20/BC-UBND"));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew]);
    let decision = says("không phải 14/4 đâu, 13/4 cơ", &idle);
    assert_eq!(decision.changes, [], "{decision:#?}");
    assert_eq!(asked(&decision).kind, QuestionKind::TakeBack);
}

#[test]
fn a_number_that_comes_a_day_later_belongs_to_the_only_report_that_lacks_one() {
    let (mut owed, own) = reported(None);
    let mut own = own.to_vec();
    own[0].is_fresh = false;
    let decision = says("20/BC-UBND ngày 30/3", &on_15_april(&owed, &own));
    let anew = done(day(3, 30), Some("20/BC-UBND"));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew]);
    // Of two nobody knows which; and without a number it is no such answer.
    let decision = says("30/3", &on_15_april(&owed, &own));
    assert!(decision.changes.is_empty(), "{decision:#?}");
    owed[0].obligation.state = State::Done;
    owed[0].claim = owed[1].claim;
    own.push(OwnChange {
        obligation: owed[0].id(),
        event: 6,
        ..own[0].clone()
    });
    let decision = says("20/BC-UBND ngày 30/3", &on_15_april(&owed, &own));
    assert!(decision.changes.is_empty(), "{decision:#?}");
    assert_eq!(asked(&decision).kind, QuestionKind::Which);
}

#[test]
fn the_day_of_a_wish_is_put_right_and_the_wish_stays() {
    let (mut owed, _) = reported(None);
    owed[1].obligation.state = State::Open;
    owed[1].obligation.done_on = None;
    owed[1].claim = None;
    let before = Stand::of(&owed[1].obligation);
    owed[1].obligation.pending = Some(Pending::Extension);
    let own = [OwnChange {
        event: 7,
        obligation: owed[1].id(),
        before,
        after: Stand::of(&owed[1].obligation),
        on: day(4, 15),
        is_fresh: true,
        message: None,
    }];
    let until = |date| What::Extension { until: Some(date) };
    for text in ["nhầm, 30/4", "ủa lộn, đến 30/4 nha"] {
        let decision = says(text, &on_15_april(&owed, &own));
        assert_eq!(whats(&decision), [until(day(4, 30))], "{text}");
    }
    let decision = says("nhầm", &on_15_april(&owed, &own));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }]);
    let decision = says("à 28/4 nghe", &on_15_april(&owed, &own));
    assert_eq!(whats(&decision), [until(day(4, 28))]);
    // Why it is wanted belongs to it as well.
    owed[1].asked = Some(day(4, 30));
    let decision = says("lí do dịch Covid", &on_15_april(&owed, &own));
    assert_eq!(whats(&decision), [until(day(4, 30))]);
}

#[test]
fn another_number_of_what_is_done_is_asked_about_and_never_dropped() {
    let (owed, own) = reported(Some("1/KH"));
    let situation = on_15_april(&owed, &own);
    for text in [
        "II.2/1 xong 10/KH-STP ngày 30/3",
        "II.2/1 số 10/KH-STP ngày 30/3",
    ] {
        let decision = says(text, &situation);
        assert_eq!(decision.changes, [], "{text}");
        let question = asked(&decision).clone();
        assert_eq!(
            (question.kind, question.options.len()),
            (QuestionKind::Replace, 3),
            "{text}"
        );
        let with = Situation {
            asked: Some(&question),
            ..situation
        };
        for replaced in [decide_choice(1, &with), says("đúng rồi", &with)] {
            let anew = done(day(3, 30), Some("10/KH-STP"));
            assert_eq!(whats(&replaced), [What::Undo { event: 7 }, anew], "{text}");
            let was = replaced.answer.recorded[0].was.clone().unwrap();
            assert_eq!(was.document.as_deref(), Some("1/KH"));
        }
        let added = decide_choice(2, &with);
        assert!(matches!(&only_change(&added).what, What::Evidence(one) if one.document.is_some()));
        assert_eq!(decide_choice(3, &with).answer.note, Some(Note::Kept));
    }
    let same = says("II.2/1 xong 1/KH", &situation);
    assert_eq!(same.answer.question, None, "{same:#?}");
}

#[test]
fn what_is_confirmed_takes_another_number_beside_its_own() {
    let (mut owed, own) = reported(Some("1/KH-STP"));
    owed[1].claim = None;
    let decision = says("II.2/1 xong 10/KH-STP ngày 30/3", &on_15_april(&owed, &own));
    let question = asked(&decision);
    assert_eq!(
        (question.kind, question.options.len()),
        (QuestionKind::Replace, 2)
    );
    assert!(matches!(question.options[0][0].what, What::Evidence(_)));
}
