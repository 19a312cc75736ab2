//! What is asked of the plan, in words that no mark ends.

use super::super::Intent;
use super::understand;

/// The same without diacritics.
fn unmarked(text: &str) -> String {
    let plain = text
        .chars()
        .map(|c| c.to_string())
        .map(|c| crate::domain::spelling::plain(&c));
    plain.collect()
}

#[test]
fn what_the_plan_says_is_asked_and_never_done() {
    let asked = [
        "sản phẩm II.2/1 là gì",
        "sản phẩm của việc này là gì vậy",
        "sản phẩm hoàn thành là gì",
        "II.2 sản phẩm đầu ra là gì ạ",
        "hạn II.2 là ngày nào",
        "nộp cái gì",
        "nộp cho ai",
        "II.2 nộp cho ai",
        "II.2 nộp những gì",
        "gửi về đâu",
        "báo cáo này gửi cho ai",
        "II.2 phải nộp gì",
        "hoàn thành II.2 thì nộp cái gì",
        "ai chủ trì",
        "II.2 ai chủ trì vậy",
        "cơ quan nào chủ trì II.2",
        "bên nào chủ trì việc này",
        "ai phối hợp II.2",
        "phối hợp với ai",
        "có mấy việc trễ",
        "bao nhiêu việc quá hạn",
        "có bao nhiêu việc chưa xong",
        "trễ mấy việc",
        "việc nào quá hạn",
        "có mấy việc đến hạn tuần này",
        "hôm nay có gì mới không",
        "có việc mới không",
    ];
    for text in asked {
        assert_eq!(understand(text).intent, Intent::Ask, "{text}");
        let unmarked = unmarked(text);
        assert_eq!(understand(&unmarked).intent, Intent::Ask, "{unmarked}");
    }
    // As it is said in Quảng Nam.
    for text in [
        "sản phẩm II.2/1 là chi",
        "sản phẩm là chi rứa em",
        "II.2/1 nộp cái chi",
        "việc II.2 yêu cầu sản phẩm chi",
        "sở mình trễ mấy việc rồi",
        "ngày ni có chi mới không",
        "bữa ni có chi mới hông",
    ] {
        assert_eq!(understand(text).intent, Intent::Ask, "{text}");
    }
}

#[test]
fn a_report_with_the_same_words_is_no_question() {
    for (text, intent) in [
        (
            "sản phẩm II.2/1 là kế hoạch số 12/KH-STP đã ban hành",
            Intent::Done,
        ),
        ("II.2/1 nộp rồi, sản phẩm là báo cáo 5/BC-STP", Intent::Done),
        ("nộp cho Sở Nội vụ rồi", Intent::Done),
        ("mấy việc trễ đã xong hết", Intent::Done),
        ("còn mấy việc chưa xong", Intent::Progress),
        ("II.2 chị Lan chủ trì, đang làm", Intent::Progress),
        ("không phải sở em chủ trì", Intent::Reassign),
        ("có gì mới em báo lại", Intent::Ack),
        ("II.2 xong rồi, có gì anh gọi em", Intent::Done),
    ] {
        assert_eq!(understand(text).intent, intent, "{text}");
    }
}
