//! What completes a report that is asked about, narrows what was said of all, or comes too soon.

use super::heard::{done, says};
use super::which::{four, talk};
use super::*;

#[test]
fn the_number_of_its_document_says_yes_to_a_completion() {
    let owed = four();
    for number in ["số 12/KH-STP ngày 9/3", "dạ kèm số 12/KH-STP ngày 9/3 ạ"] {
        let said = talk(&owed, &["kế hoạch ký rồi", number]);
        let change = only_change(&said);
        assert_eq!(change.obligation, ObligationId(1), "{number}");
        assert_eq!(change.what, done(day(3, 9), Some("12/KH-STP")), "{number}");
        assert_eq!(said.answer.question, None, "{number}");
    }
    for text in ["ngày 5/3 nhé", "lộn, ngày 5/3"] {
        let dated = talk(&owed, &["kế hoạch ký rồi", text]);
        assert_eq!(only_change(&dated).what, done(day(3, 5), None), "{text}");
    }
    // A report is no plan.
    let other = talk(&owed, &["kế hoạch ký rồi", "số 12/BC-STP ngày 9/3"]);
    assert_eq!(other.changes, []);
}

#[test]
fn why_and_until_when_say_yes_to_a_wish_and_what_drops_it_says_no() {
    let owed = four();
    let wish = "xin lùi kế hoạch tới 10/4";
    let until = |date| {
        let until = Some(day(4, date));
        What::Extension { until }
    };
    for (text, wanted) in [
        ("tháng 4", until(10)),
        ("lí do dịch covid", until(10)),
        ("tới 15/4 nhé", until(15)),
    ] {
        let said = talk(&owed, &[wish, text]);
        assert_eq!(only_change(&said).what, wanted, "{text}");
        assert_eq!(
            said.quote.as_deref(),
            Some(format!("{wish}; {}", text.trim()).as_str()),
        );
    }
    let dropped = talk(&owed, &[wish, "thôi khỏi lùi, làm kịp rồi"]);
    assert_eq!(dropped.changes, []);
    assert_eq!(dropped.answer.note, Some(Note::Dropped));
}

#[test]
fn what_is_left_out_in_words_is_not_said_to_be_done() {
    let owed = four();
    let asked_of = |texts: &[&str]| -> Vec<i64> {
        let said = talk(&owed, texts);
        let question = asked(&said);
        assert_eq!(question.kind, QuestionKind::Sure, "{texts:?}");
        question.about.iter().map(|id| id.0).collect()
    };
    assert_eq!(asked_of(&["xong hết trừ cái thanh tra"]), [1, 2, 4]);
    assert_eq!(
        asked_of(&["trừ báo cáo thanh tra, còn lại xong hết"]),
        [1, 2, 4]
    );
    assert_eq!(
        asked_of(&["chỉ còn kế hoạch, mấy cái kia xong rồi"]),
        [2, 3, 4]
    );
    // Which of two reports is left out nobody knows.
    assert_eq!(asked_of(&["xong hết trừ cái báo cáo"]), [1, 4]);
    assert_eq!(asked_of(&["xong hết trừ cái báo cáo quý"]), [1, 3, 4]);
    // It narrows what waits to be confirmed.
    let narrowed = ["trừ kế hoạch, còn lại xong hết", "trừ cái thanh tra"];
    assert_eq!(asked_of(&narrowed), [2, 4]);
}

#[test]
fn what_is_left_out_after_it_was_recorded_is_asked_to_be_taken_back() {
    let (owed, own) = super::heard::reported(None);
    let idle = super::heard::on_15_april(&owed, &own);
    let decision = says("trừ cái kế hoạch", &idle);
    assert_eq!(decision.changes, []);
    let question = asked(&decision);
    assert_eq!(question.kind, QuestionKind::TakeBack);
    assert_eq!(question.about, [ObligationId(2)]);
}

#[test]
fn a_periodic_report_before_half_of_its_period_is_asked_back() {
    let report = |id, number, label, (month, date)| {
        let mut report = owed(id, "IV.1.a", number, label);
        report.obligation.due_on = Some(day(month, date));
        report
    };
    let mut owed = vec![
        report(1, 1, "Báo cáo kết quả quý I", (3, 31)),
        report(2, 2, "Báo cáo kết quả quý II", (6, 30)),
    ];
    owed[1].obligation.opens_on = Some(day(4, 1));
    for text in ["IV.1.a/2 xong", "IV.1.a/1 xong ngày 5/1/2020"] {
        let decision = says(text, &situation(&owed, &[]));
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(asked(&decision).kind, QuestionKind::Sure, "{text}");
    }
    let decision = says("IV.1.a/1 xong", &situation(&owed, &[]));
    assert_eq!(only_change(&decision).obligation, ObligationId(1));
}

#[test]
fn a_month_in_which_it_was_due_does_not_tell_whether_it_was_in_time() {
    let mut owed = three();
    owed[0].obligation.due_on = Some(day(1, 30));
    let recorded = |texts: &[&str]| {
        let said = talk(&owed, texts);
        only_change(&said).what.clone()
    };
    let told = "I.2 ban hành từ tháng 1 rồi";
    let question = talk(&owed, &[told]);
    assert_eq!(question.changes, []);
    assert_eq!(asked(&question).kind, QuestionKind::InTime);
    assert_eq!(recorded(&[told, "1"]), done(day(1, 30), None));
    assert_eq!(recorded(&[told, "2"]), done(day(1, 31), None));
    assert_eq!(recorded(&[told, "ngày 15/1"]), done(day(1, 15), None));
    assert_eq!(
        recorded(&[told, "số 5/KH-STP ngày 15/1"]),
        done(day(1, 15), Some("5/KH-STP"))
    );
    assert_eq!(recorded(&[told, "đúng hạn nhé"]), done(day(1, 30), None));
    assert_eq!(recorded(&[told, "trễ ạ"]), done(day(1, 31), None));
    assert_eq!(
        recorded(&[told, "số 5/KH-STP ngày 20"]),
        done(day(1, 20), Some("5/KH-STP"))
    );
    // A day leaves nothing open, nor does a month that is over before it was due.
    assert_eq!(
        recorded(&["I.2 ban hành ngày 31/1"]),
        done(day(1, 31), None)
    );
    assert_eq!(
        recorded(&["II.2/1 ban hành từ tháng 2"]),
        done(day(2, 29), None)
    );
}

#[test]
fn a_number_that_no_list_shows_takes_nothing_back() {
    let (owed, own) = super::heard::reported(Some("34/KH-UBND"));
    let idle = super::heard::on_15_april(&owed, &own);
    let decision = says("thôi nhầm, số 43", &idle);
    let anew = done(day(4, 15), Some("43/KH-UBND"));
    let whats: Vec<&What> = decision.changes.iter().map(|one| &one.what).collect();
    assert_eq!(whats, [&What::Undo { event: 7 }, &anew]);
    let decision = says("nhầm cái số 43 kia rồi", &idle);
    assert_eq!(decision.changes, [], "{decision:#?}");
}
