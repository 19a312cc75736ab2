//! Several tasks in one message that are called by their words.

use super::heard::says;
use super::which::four;
use super::*;

fn of_each(decision: &Decision) -> Vec<(i64, What)> {
    let changes = decision.changes.iter();
    changes
        .map(|change| (change.obligation.0, change.what.clone()))
        .collect()
}

#[test]
fn each_line_of_a_list_is_a_piece_and_is_quoted_as_it_was_written() {
    let mut owed = four();
    owed[3].label = "Kế hoạch kiểm tra, rà soát văn bản quy phạm pháp luật".to_owned();
    let text = "Kính gửi Sở Nội vụ,\nSở Tư pháp báo cáo tình hình như sau:\n1. Kế hoạch kiểm tra, rà soát văn bản \
                quy phạm: đã ban hành (KH 05/KH-STP ngày 9/3/2020).\n2. Báo cáo thanh tra: đang hoàn thiện.\n3. Báo cáo quý I: \
                dự kiến gửi ngày 30/3.";
    let decision = says(text, &situation(&owed, &[]));
    let changed: Vec<(i64, &What)> = decision
        .changes
        .iter()
        .map(|one| (one.obligation.0, &one.what))
        .collect();
    let under_way = |expected_on| What::Progress {
        percent: None,
        expected_on,
        document: None,
    };
    let plan = What::Done {
        on: day(3, 9),
        document: Some("05/KH-STP".to_owned()),
    };
    let sent = under_way(Some(day(3, 30)));
    let expected = [(4, &plan), (3, &under_way(None)), (2, &sent)];
    assert_eq!(changed, expected, "{decision:#?}");
    assert_eq!(decision.answer.question, None);
}

#[test]
fn a_line_of_a_list_that_names_no_task_is_not_told_of_the_next() {
    let text = "- Đề án tinh giản: đang hoàn thiện\n- Báo cáo thanh tra: đã gửi, số 5/BC-STP";
    let decision = says(text, &situation(&four(), &[]));
    assert_eq!(decision.changes.len(), 1, "{decision:#?}");
    assert_eq!(asked(&decision).quote, "Đề án tinh giản: đang hoàn thiện");
}

#[test]
fn what_is_said_of_each_is_recorded_of_each() {
    let plan = owed(1, "II.2", 1, "Kế hoạch rà soát thủ tục hành chính");
    let report = owed(2, "IV.1.a", 1, "Báo cáo quý I về cải cách hành chính");
    let other = owed(3, "V.3", 1, "Danh mục vị trí việc làm");
    let both = [plan, report, other];
    let situation = situation(&both, &[]);
    let done = |document: Option<&str>, on| What::Done {
        on,
        document: document.map(str::to_owned),
    };
    let found = says(
        "kế hoạch rà soát chờ ký, báo cáo quý I nộp rồi số 9/BC-UBND ngày 2/3",
        &situation,
    );
    let found = of_each(&found);
    assert!(matches!(found[0], (1, What::Progress { .. })), "{found:?}");
    assert_eq!(found[1..], [(2, done(Some("9/BC-UBND"), day(3, 2)))]);
    let found = says(
        "Kế hoạch rà soát thủ tục số 3/KH-STC đã xong. Còn báo cáo quý I đang tổng hợp",
        &situation,
    );
    let found = of_each(&found);
    assert_eq!(found[..1], [(1, done(Some("3/KH-STC"), today()))]);
    assert!(
        matches!(found[1..], [(2, What::Progress { .. })]),
        "{found:?}"
    );
    // The work is done, and of the plan it is asked.
    let found = says(
        "Việc rà soát thủ tục đã xong. Còn báo cáo quý I đang tổng hợp",
        &situation,
    );
    assert!(
        matches!(of_each(&found)[..], [(2, What::Progress { .. })]),
        "{found:?}"
    );
    assert_eq!(asked(&found).about, [ObligationId(1)]);
    let found = says(
        "kế hoạch rà soát ký rồi số 12/KH-STC ngày 2/3 còn báo cáo quý I thì chưa",
        &situation,
    );
    let found = of_each(&found);
    assert_eq!(found[..1], [(1, done(Some("12/KH-STC"), day(3, 2)))]);
    assert!(
        matches!(found[1..], [(2, What::Progress { document: None, .. })]),
        "{found:?}"
    );
    // "Báo cáo … chưa" may be a question, and records nothing.
    let found = says(
        "Kế hoạch rà soát thủ tục số 3/KH-STC đã xong. Báo cáo quý I chưa",
        &situation,
    );
    assert_eq!(of_each(&found), [(1, done(Some("3/KH-STC"), today()))]);
    // One task, and what is only cited, are no two.
    let found = says("theo kế hoạch, báo cáo quý I nộp rồi", &situation);
    assert_eq!(of_each(&found), [(2, done(None, today()))]);
    // In doubtful words nothing is finished.
    let found = says(
        "kế hoạch rà soát xong phần em, báo cáo quý I nộp rồi",
        &situation,
    );
    assert_eq!(of_each(&found), [(2, done(None, today()))]);
    assert!(found.answer.question.is_some());
}
