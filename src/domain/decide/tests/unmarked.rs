//! Tasks of a real plan that are called by the words that everybody uses for them.

use super::which::talk;
use super::*;

/// What a district owes in the first quarter, in the words of the plan, and some of what comes later.
pub(super) fn of_a_district() -> Vec<Owed> {
    let one = |id, task, number, label: &str, content: &str| Owed {
        content: content.to_owned(),
        product: String::new(),
        ..owed(id, task, number, label)
    };
    let rules = "Ban hành Kế hoạch đúng thời gian quy định và nâng cao chất lượng rà soát, đánh giá thủ tục hành chính của tỉnh. Ban \
                 hành phương án đơn giản hóa và kiến nghị đơn giản hóa thủ tục hành chính.";
    let carry_out = "Căn cứ vào nhiệm vụ, nội dung của kế hoạch này và chức năng, nhiệm vụ được phân công chủ động xây dựng kế \
                     hoạch, tổ chức thực hiện các nhiệm vụ được phân công trong kế hoạch; định kỳ hằng quý báo cáo kết quả thực \
                     hiện về Sở Nội vụ để tổng hợp báo cáo Ủy ban nhân dân tỉnh theo dõi, chỉ đạo.";
    let inspect = "Tăng cường công tác tự thanh tra, kiểm tra, giám sát tình hình thực hiện cải cách hành chính tại các cơ quan, \
                   đơn vị và báo cáo kết quả về Uỷ ban nhân dân tỉnh (qua Sở Nội vụ) định kỳ hằng quý, 6 tháng, 9 tháng và năm.";
    let mut owed = vec![
        one(1, "II.2", 1, "Ban hành Kế hoạch", rules),
        one(2, "IV.1.a", 1, "Báo cáo kết quả thực hiện quý I", carry_out),
        one(
            3,
            "IV.1.c",
            1,
            "Báo cáo kết quả tự thanh tra, kiểm tra, giám sát quý I",
            inspect,
        ),
        one(4, "II.2", 2, "Phương án", rules),
        one(
            5,
            "IV.1.a",
            2,
            "Báo cáo kết quả thực hiện quý II",
            carry_out,
        ),
        one(
            6,
            "IV.1.c",
            2,
            "Báo cáo kết quả tự thanh tra, kiểm tra, giám sát quý II",
            inspect,
        ),
        one(
            7,
            "III.3",
            1,
            "",
            "Tiếp tục điều chỉnh vị trí việc làm sau khi sắp xếp lại tổ chức bộ máy của các cơ quan, đơn vị.",
        ),
    ];
    for later in &mut owed[3..] {
        later.obligation.opens_on = Some(day(4, 1));
        later.obligation.due_on = Some(day(6, 30));
        later.obligation.original_due_on = Some(day(6, 30));
        later.obligation.act_by = Some(day(6, 30));
    }
    owed
}

/// What is recorded of each, and after it what is asked: "1 done, 2 open; Sure 3". Several messages stand between bars.
fn told(texts: &str) -> String {
    let owed = of_a_district();
    let texts: Vec<&str> = texts.split(" | ").collect();
    let decision = talk(&owed, &texts);
    let changes = decision.changes.iter().map(|change| {
        let what = match &change.what {
            What::Done { document: None, .. } => "done".to_owned(),
            What::Done {
                document: Some(document),
                ..
            } => format!("done {document}"),
            What::Progress {
                expected_on: Some(day),
                ..
            } => format!("open {}", day.format("%-d/%-m")),
            What::Progress { .. } => "open".to_owned(),
            What::Extension { .. } => "more time".to_owned(),
            other => format!("{other:?}"),
        };
        format!("{} {what}", change.obligation.0)
    });
    let recorded: Vec<String> = changes.collect();
    let question = decision.answer.question.iter();
    let asked = question.flat_map(|first| std::iter::once(first).chain(&first.then));
    let asked = asked
        .filter(|one| one.kind != QuestionKind::Document)
        .map(|one| {
            let about: Vec<String> = one.about.iter().map(|id| id.0.to_string()).collect();
            format!("; {:?} {}", one.kind, about.join("+"))
        });
    recorded.join(", ") + &asked.collect::<String>()
}

fn are_told(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(told(text), *expected, "{text}");
    }
}

#[test]
fn the_report_of_a_quarter_is_the_one_that_is_of_nothing_else() {
    are_told(&[
        ("báo cáo quý xong rồi", "2 done"),
        ("báo cáo quý I nộp rồi, số 15/BC-UBND", "2 done 15/BC-UBND"),
        ("bc quy 1 nop roi nhe", "2 done"),
        ("báo cáo định kỳ gửi rồi", "2 done"),
        ("đã gửi báo cáo quý I về Sở Nội vụ", "2 done"),
        // What tells more of it tells of another one, or of none that is owed.
        ("báo cáo tự thanh tra quý I nộp rồi", "3 done"),
        ("báo cáo tài chính quý I nộp rồi", "; Which 2+3"),
        ("báo cáo quý về phòng chống dịch gửi rồi", "; Which 2+3"),
        ("báo cáo nộp rồi", "; Which 2+3"),
    ]);
}

#[test]
fn a_letter_is_its_lines_whatever_marks_them() {
    are_told(&[
        (
            "Kính gửi các anh chị,\nEm gửi báo cáo ạ:\nKế hoạch rà soát - đã ký 5/3 - số 11/KH-UBND\nBáo cáo quý I - chưa \
             có\nTự thanh tra - đã gửi 6/3 - số 12/BC-UBND",
            "1 done 11/KH-UBND, 2 open, 3 done 12/BC-UBND",
        ),
        (
            "Kính gửi: Sở Nội vụ\nThực hiện công văn đôn đốc, UBND huyện xin báo cáo:\n- Kế hoạch rà soát: đã ban hành (số \
             21/KH-UBND, 8/3);\n- Báo cáo quý I: chưa xong;\n- Báo cáo tự thanh tra: đã gửi (số 22/BC-UBND).",
            "1 done 21/KH-UBND, 2 open, 3 done 22/BC-UBND",
        ),
        (
            "Kính gửi Sở Nội vụ,\nUBND huyện báo cáo như sau:\n+ Kế hoạch rà soát TTHC: ban hành ngày 2/3\n+ Báo cáo tự thanh \
             tra: đang tổng hợp, thứ Sáu xong\n+ Báo cáo quý: chưa\nTrân trọng!",
            "1 done, 3 open 13/3, 2 open",
        ),
        (
            "em báo cáo anh:\n1) kế hoạch rà soát: xong, số 3/KH-UBND\n2) vị trí việc làm: đang làm",
            "1 done 3/KH-UBND, 7 open",
        ),
        (
            "Kế hoạch rà soát: đang làm\nBáo cáo quý I: đã ký, chờ phát hành\nEm cảm ơn ạ!",
            "1 open, 2 open",
        ),
        // Lines that name no task are of the one above them.
        ("Kế hoạch:\n- đã ký 2/3\n- số 11/KH-UBND", "; Sure 1"),
    ]);
}

#[test]
fn what_is_said_of_the_rest_is_said_of_what_nothing_else_is_said_of() {
    are_told(&[
        (
            "hai cái kia xong, còn báo cáo quý thứ hai nộp",
            "2 open 16/3; Sure 1+3",
        ),
        (
            "ba cái tới hạn 31/3 thì hai cái kia xong, còn báo cáo quý thứ hai",
            "2 open 16/3; Sure 1+3",
        ),
        (
            "kế hoạch rà soát xong rồi, mấy cái kia đang làm",
            "1 done, 2 open, 3 open",
        ),
        ("II.2/1 xong, hai cái kia chưa", "1 done, 2 open, 3 open"),
        ("II.2/1 chưa, còn lại xong hết", "1 open; Sure 2+3"),
        ("trừ kế hoạch ra là xong hết", "; Sure 2+3"),
        (
            "em gửi hai báo cáo rồi, còn kế hoạch đang ký",
            "; Which 2+3; Sure 1",
        ),
    ]);
}

#[test]
fn names_that_a_word_joins_share_what_is_said() {
    are_told(&[
        (
            "kế hoạch rà soát và báo cáo quý: xong, tự thanh tra: xin lùi đến 10/4",
            "1 done, 2 done, 3 more time",
        ),
        (
            "kế hoạch rà soát với báo cáo quý xong rồi",
            "1 done, 2 done",
        ),
        (
            "kế hoạch rà soát, báo cáo quý và tự thanh tra đều đang làm",
            "1 open, 2 open, 3 open",
        ),
        // Of a plan that nothing tells from others it is asked.
        ("kế hoạch với báo cáo quý xong rồi", "2 done; Sure 1"),
    ]);
}

#[test]
fn what_is_unclear_of_one_task_is_not_said_of_its_neighbour() {
    are_told(&[
        (
            "dạ kế hoạch thì bị sếp bắt viết lại, còn báo cáo quý thì ok rồi, gửi hôm qua rồi",
            "2 done; Sure 1",
        ),
        (
            "kế hoạch rà soát xong, báo cáo quý chưa, tự thanh tra đang làm",
            "1 done, 3 open",
        ),
    ]);
}

#[test]
fn a_plan_that_was_agreed_to_is_asked_about() {
    are_told(&[
        ("II.2/1 duyệt xong rồi", "; Sure 1"),
        ("II.2/1 thông qua rồi", "; Sure 1"),
        ("II.2/1 được phê duyệt, số 5/KH-UBND", "1 done 5/KH-UBND"),
        ("II.2/1 sếp duyệt rồi, phát hành rồi", "1 done"),
        ("II.2/1 chờ duyệt", "1 open"),
    ]);
}

#[test]
fn an_answer_that_says_more_than_a_name_chooses_nothing() {
    are_told(&[
        ("xong rồi | trừ kế hoạch", "; Sure 2+3"),
        ("xong rồi | cả ba trừ báo cáo quý", "; Sure 1+3"),
        ("xong rồi | trừ 1", "; Sure 2+3"),
        ("xong rồi | 1 và 3, còn 2 chưa", "1 done, 3 done"),
        ("xong rồi | 1, còn 2 chưa", "1 done"),
        ("xong rồi | ngoài 2 ra", "; Sure 1+3"),
        ("xin lùi đến 15/4 | trừ kế hoạch", "; Sure 2+3"),
        ("xong rồi | kế hoạch thì không", "; Which 1+2+3"),
        ("xong rồi | 1 chưa", "; Which 1+2+3"),
        ("xong rồi | 2 thì chưa", "; Which 1+2+3; Which 1+2+3"),
        ("xong rồi | để tôi kiểm tra báo cáo quý đã", "; Which 1+2+3"),
        (
            "xong rồi | báo cáo quý thì để sau",
            "; Which 1+2+3; RemindOn 2",
        ),
        ("xong rồi | báo cáo tháng", "; Which 1+2+3"),
        // A name is one, whatever stands beside it without meaning anything.
        ("xong rồi | cái báo cáo quý ấy", "2 done"),
        ("xong rồi | ke hoach ra soat", "1 done"),
        ("xong rồi | số 2", "2 done"),
    ]);
}

#[test]
fn documents_of_another_time_or_for_others_are_no_report_of_this_quarter() {
    are_told(&[
        ("báo cáo năm 2019 nộp rồi", "; Which 2+3"),
        ("báo cáo tháng 3 nộp rồi", "; Which 2+3"),
        ("báo cáo quý II xong", "; Which 2+3"),
        ("đã phát hành văn bản", "; Which 1+2+3"),
    ]);
    let ordered = told("đã ban hành văn bản chỉ đạo các phường làm báo cáo quý");
    assert!(!ordered.contains("done"), "{ordered}");
}

#[test]
fn of_two_quarters_that_are_open_the_first_is_meant_unless_one_is_named() {
    let mut owed = of_a_district();
    owed[4].obligation.opens_on = Some(day(1, 1));
    let meant = |text: &str| only_change(&talk(&owed, &[text])).obligation.0;
    assert_eq!(meant("báo cáo quý xong rồi"), 2);
    assert_eq!(meant("báo cáo quý I xong rồi"), 2);
}

#[test]
fn what_is_left_is_not_what_is_done() {
    are_told(&[
        ("xong 2 việc rồi, còn tự thanh tra", "3 open; Sure 1+2"),
        ("xong rồi, chỉ còn kế hoạch", "; Sure 2+3"),
        ("làm xong hết chỉ thiếu báo cáo quý", "; Sure 1+3"),
        ("trừ báo cáo quý ra thì xong", "; Sure 1+3"),
        ("xong rồi, còn mỗi kế hoạch", "; Sure 2+3"),
        ("riêng kế hoạch thì xong rồi", "; Sure 1"),
    ]);
}

#[test]
fn the_heading_of_a_letter_is_no_report() {
    are_told(&[(
        "Kính gửi Sở Nội vụ\nUBND huyện báo cáo tiến độ các nhiệm vụ đến 31/3/2020 như sau:\n1. Kế hoạch rà soát: đã ban hành số \
         3/KH-UBND\n2. Báo cáo tự thanh tra: đang làm\n3. Báo cáo quý I: sẽ gửi ngày 30/3",
        "1 done 3/KH-UBND, 3 open, 2 open 30/3",
    )]);
}

#[test]
fn what_is_said_of_another_task_answers_no_question() {
    are_told(&[(
        "báo cáo quý I đã gửi chưa chắc | còn kế hoạch chờ sếp đi họp về",
        "; Sure 1; Sure 2",
    )]);
}
