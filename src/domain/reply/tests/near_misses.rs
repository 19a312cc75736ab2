//! What comes near to a report that the task is done, each class with its near misses.

use std::sync::Arc;

use super::super::Intent;
use super::{READER, sent, understand};

fn is_surely_done(text: &str) -> bool {
    let found = understand(text);
    found.intent == Intent::Done && found.sure
}

fn parts(text: &str) -> Vec<(Option<String>, Intent)> {
    let parts = understand(text).parts.into_iter();
    parts.map(|part| (part.task, part.intent)).collect()
}

#[test]
fn what_was_made_for_another_year_is_not_surely_done() {
    for text in [
        "KH năm 2019 đã ban hành",
        "Kế hoạch kiểm soát thủ tục hành chính 2019 ban hành rồi ạ",
        "II.2 xong, KH 2019 đã gửi",
        "Đã ban hành từ năm 2019",
        "Hồi năm 2018 đã ban hành",
        "Kế hoạch số 45/KH-UBND năm 2019 đã ban hành",
        "Quyết định 88/QĐ-UBND ngày 12/5/2019 đã ban hành",
        "cái năm 2018 nộp rồi",
        "Quý trước nộp rồi",
    ] {
        assert!(!is_surely_done(text), "{text}");
    }
    // Reports, marks and reviews of a year are made in the next, and what is carried out has a year of its own.
    for text in [
        "Báo cáo CCHC năm 2019 đã nộp",
        "Đã ban hành Kế hoạch CCHC năm 2020",
        "Đã ban hành kế hoạch giai đoạn 2021-2025",
        "Kế hoạch số 7/KH-SNV ngày 30/12/2019 đã ban hành",
        "Đã nộp báo cáo kết quả thực hiện kế hoạch năm 2019",
        "đã ban hành kế hoạch theo QĐ 1234 năm 2019 của UBND tỉnh",
    ] {
        assert!(is_surely_done(text), "{text}");
    }
}

#[test]
fn a_paper_whose_day_is_still_to_come_is_not_surely_issued() {
    for text in [
        "Đã ban hành Kế hoạch số 12/KH-SNV ngày 20/3/2020",
        "KH 12/KH-SNV ngày 20/3 đã ban hành",
        "QĐ số 45 ngày 30/3/2020 đã ban hành",
        "công văn 12/CV-SNV ban hành ngày 15/3/2020",
    ] {
        assert!(!is_surely_done(text), "{text}");
    }
    for text in [
        "QĐ 12/QĐ-SNV ngày 9/3/2020 đã ban hành",
        "Đã ban hành Quyết định 45/QĐ-UBND ngày 2/3/2020, có hiệu lực từ ngày 20/3/2020",
        "Đã ban hành KH 12/KH-SNV, hạn là 20/3/2020",
    ] {
        assert!(is_surely_done(text), "{text}");
    }
}

#[test]
fn a_cross_or_an_hourglass_beside_a_word_of_completion_denies_it() {
    for text in ["xong 👎", "xong ❌", "hoàn thành ⏳", "✅ II.2, ❌ II.3"] {
        assert!(!is_surely_done(text), "{text}");
    }
    assert_eq!(understand("II.2 ❌").intent, Intent::Progress);
    assert_eq!(understand("II.3 ⌛").intent, Intent::Progress);
    assert!(is_surely_done("II.2 xong 🎉"));
    assert!(!is_surely_done("trên hệ thống ghi đã hoàn thành"));
    // "Từ đời nào" is "long ago" in the south.
    assert!(is_surely_done("xong từ đời nào rồi"));
}

#[test]
fn a_question_needs_no_mark() {
    for text in [
        "II.2 xong chưa",
        "xong chưa",
        "xong chưa vậy em",
        "đã nộp chưa anh",
        "anh làm xong II.2 chưa",
        "nhiệm vụ II.2 đã hoàn thành chưa",
        "đã có quyết định chưa ạ",
        "II.2 xong chua",
        "II.2 tới đâu rồi",
        "việc này đến đâu rồi",
    ] {
        assert_eq!(understand(text).intent, Intent::Ask, "{text}");
    }
    for text in [
        "chưa xong",
        "xong chưa được",
        "II.2 chưa",
        "II.2 em thì chưa",
        "II.2 xong II.9 chưa",
        "mua máy xong, lắp xong, cấu hình chưa",
        "ký rồi nhưng đóng dấu chưa",
    ] {
        assert_eq!(understand(text).intent, Intent::Progress, "{text}");
    }
}

#[test]
fn what_another_unit_that_is_known_has_done_is_not_the_writers() {
    let others = [
        "UBND huyện Tiên Phước",
        "Tiên Phước",
        "huyện Tiên Phước",
        "Sở KHCN",
        "Sở Xây dựng",
        "Sở Y tế",
        "Ủy ban nhân dân tỉnh Quảng Nam",
        "UBND tỉnh",
    ];
    let known = Arc::new(READER.units(others));
    let writer = READER.writer(["Sở Nội vụ", "SNV"]).among(&known);
    let is_sure = |text: &str| {
        let found = READER.understand_from(text, sent(), &writer);
        found.intent == Intent::Done && found.sure
    };
    for text in [
        "Tiên Phước nộp rồi",
        "tien phuoc nop roi",
        "Tiên Phước: II.2 xong rồi",
        "anh Tuấn bên Tiên Phước nộp rồi",
        "II.2 thì Tiên Phước ban hành rồi",
        "UBND huyện Tiên Phước đã nộp báo cáo",
        "Sở KHCN đã phát hành KH 12/KH-SKHCN",
        "KHCN đã ban hành kế hoạch",
        "Sở Xây dựng đã gửi báo cáo 56/BC-SXD",
        "Sở Y tế xin báo cáo: IV.1.b đã hoàn thành",
        "Sở Y tế báo IV.1.b xong rồi",
    ] {
        assert!(!is_sure(text), "{text}");
    }
    for text in [
        "Sở Nội vụ đã ban hành kế hoạch",
        "SNV đã phát hành KH 12/KH-SNV",
        "Kiểm tra Tiên Phước xong rồi, có thông báo kết luận 15/TB-SNV",
        "đã gửi huyện Tiên Phước và Sở Y tế rồi ạ",
        "UBND tỉnh đã phê duyệt tại QĐ số 678/QĐ-UBND",
    ] {
        assert!(is_sure(text), "{text}");
    }
    // Of nobody known, a unit that signs is the one that speaks.
    assert!(is_surely_done("Sở Xây dựng đã gửi báo cáo 56/BC-SXD"));
}

#[test]
fn a_share_of_the_work_is_no_day() {
    for (text, percent) in [
        ("3/4 rồi", None),
        ("được 2/3 công việc", None),
        ("2/3 công việc đã xong", None),
        ("xong 3/4 khối lượng", None),
        ("xong khoảng 2/3", None),
        ("đã hoàn thành 4/5", None),
        ("mới xong 2/3", None),
        ("làm được 3/4 rồi nha", None),
        ("xong 1/2", Some(50)),
        ("xong 1/2 rồi", Some(50)),
    ] {
        let found = understand(text);
        let read = (found.intent, found.percent, found.date);
        assert_eq!(read, (Intent::Progress, percent, None), "{text}");
    }
    for (text, date) in [
        ("nộp 2/3 rồi", (3, 2)),
        ("xong hôm 2/3", (3, 2)),
        ("dự kiến xong 3/4", (4, 3)),
        ("khoảng 3/4 em nộp", (4, 3)),
        ("3/4 mới xong", (4, 3)),
    ] {
        let day = chrono::NaiveDate::from_ymd_opt(2020, date.0, date.1);
        assert_eq!(understand(text).date, day, "{text}");
    }
    assert_eq!(understand("Bác nghỉ hưu từ 1/2 rồi cháu ơi").percent, None);
}

#[test]
fn what_has_just_happened_is_done_and_what_waits_or_is_only_a_part_is_not() {
    for text in [
        "mới xong",
        "mới xong sáng nay",
        "mới xong hôm qua",
        "hôm qua mới xong",
        "giờ mới xong",
        "II.2 mới xong chiều qua",
        "moi xong sang nay",
        "mới ban hành hôm qua",
        "sếp mới ký xong",
        "em mới nộp báo cáo rồi",
    ] {
        assert_eq!(understand(text).intent, Intent::Done, "{text}");
    }
    for text in [
        "mới xong phần 1",
        "mới xong dự thảo",
        "mới xong 50%",
        "mới xong II.9 thôi",
        "mới ký nháy",
        "thứ hai mới xong",
        "có tiền mới xong",
        "sếp về mới ký",
        "mới nộp được 2 báo cáo",
        "mới xong hai xã",
        "mới xong báo cáo",
        "mới nộp tháng 2",
    ] {
        assert_eq!(understand(text).intent, Intent::Progress, "{text}");
    }
}

#[test]
fn of_several_tasks_the_only_one_that_is_done_and_the_one_left_out_have_their_parts() {
    let named = |task: &str, intent| (Some(task.to_owned()), intent);
    let (done, open) = (Intent::Done, Intent::Progress);
    for (text, expected) in [
        (
            "II.9, II.10 thì mới xong II.9",
            vec![named("II.9", done), named("II.10", open)],
        ),
        (
            "II.2 với II.3 chỉ mới nộp II.3",
            vec![named("II.2", open), named("II.3", done)],
        ),
        (
            "xong cả rồi trừ II.2",
            vec![(None, done), named("II.2", open)],
        ),
        (
            "các mục xong hết ngoại trừ II.2 và II.9",
            vec![(None, done), named("II.2", open), named("II.9", open)],
        ),
        (
            "xong hết, còn II.2",
            vec![(None, done), named("II.2", open)],
        ),
        (
            "II.1, II.3 xong, trừ II.2",
            vec![
                named("II.1", done),
                named("II.3", done),
                named("II.2", open),
            ],
        ),
    ] {
        assert_eq!(parts(text), expected, "{text}");
        assert_eq!(understand(text).intent, open, "{text}");
    }
    // "Besides" leaves nothing out.
    assert_eq!(parts("Ngoài II.2, em cũng đã nộp xong II.3 hết rồi"), []);
    assert_eq!(
        understand("trừ mục II.2 xin dời tới 20/3, còn lại xong hết").intent,
        Intent::Extension
    );
}

#[test]
fn what_is_followed_by_a_step_to_come_is_no_sure_done() {
    for text in [
        "II.2 chốt rồi ký nữa thôi",
        "II.2 lấy số rồi ký sau",
        "II.2 làm xong rồi trình nữa thôi ạ",
        "II.2 nộp bản mềm trước rồi nha",
        "II.2 gửi bản scan trước rồi",
        "II.2 gửi file trước rồi ạ",
        "II.2 ký tắt rồi",
        "II.2 sém xong",
    ] {
        assert!(!is_surely_done(text), "{text}");
    }
    assert!(is_surely_done("II.2 nộp báo cáo trước rồi"));
}

#[test]
fn of_what_is_told_of_several_tasks_a_doubtful_done_is_no_sure_one() {
    for text in [
        "II.2 nộp rồi nhưng thiếu biểu, IV.1.a đang làm",
        "II.2 chốt rồi ký nữa thôi, IV.1.a đang làm",
        "I.2 chưa xong, II.2 không dám nói xong",
    ] {
        let found = understand(text);
        assert!(!found.sure, "{text}: {found:#?}");
    }
    // The others are as sure as they were.
    let found = understand("II.2 nộp rồi nhưng thiếu biểu, IV.1.a đang làm, được 40%");
    assert!(found.is_sure_of(Some(&"IV.1.a".to_owned())), "{found:#?}");
    assert!(!found.is_sure_of(Some(&"II.2".to_owned())));
    for text in [
        "II.2 xong, IV.1.a đang làm",
        "II.2 đã ban hành KH số 12/KH-SNV, IV.1.a xin gia hạn đến 15/4",
    ] {
        assert!(understand(text).sure, "{text}");
    }
}

#[test]
fn how_far_it_is_is_no_denial_of_the_share() {
    for text in [
        "chưa, mới 60%",
        "chưa mới 60%",
        "chua, moi 60%",
        "chưa, 60% thôi",
        "chưa xong, mới 60%",
    ] {
        let found = understand(text);
        assert_eq!(
            (found.intent, found.percent),
            (Intent::Progress, Some(60)),
            "{text}"
        );
    }
    assert_eq!(understand("không phải 60%").percent, None);
    assert_eq!(understand("45% chứ không phải 54%").percent, Some(45));
}

#[test]
fn what_is_told_of_another_unit_alone_is_never_sure_of_ones_own() {
    let known = Arc::new(READER.units(["Thăng Bình", "huyện Thăng Bình", "Hội An", "Núi Thành"]));
    let writer = READER.writer(["UBND huyện Núi Thành", "Núi Thành"]);
    let writer = writer.among(&known);
    for (text, intent) in [
        ("bên huyện Thăng Bình II.2/1 xong rồi đó", Intent::Progress),
        ("nhầm II.2/1 của Hội An", Intent::Undo),
    ] {
        let found = READER.understand_from(text, sent(), &writer);
        assert_eq!((found.intent, found.sure), (intent, false), "{text}");
        assert!(found.details.of_another, "{text}");
    }
    for text in ["nhầm II.2/1", "II.2/1 Thăng Bình xong rồi, bên em đang làm"] {
        let found = READER.understand_from(text, sent(), &writer);
        assert!(found.sure && !found.details.of_another, "{text}: {found:?}");
    }
}

#[test]
fn what_is_late_but_there_is_no_wish_for_more_time() {
    let found = understand("II.2/1 nộp chậm 2 ngày, KH 12/KH-UBND ngày 9/3");
    assert_eq!((found.intent, found.sure), (Intent::Done, false));
    let found = understand("Trễ 3 ngày nhưng báo cáo đã gửi hôm qua, mong thông cảm");
    assert_eq!(found.intent, Intent::Done);
    for text in [
        "xin nộp chậm 2 ngày",
        "II.2 nộp chậm 2 ngày được không",
        "xin lùi KH 12/KH-UBND ngày 9/3 thêm 2 ngày",
    ] {
        assert_eq!(understand(text).intent, Intent::Extension, "{text}");
    }
    let certain = READER.ruled("chắc chắn xong rồi", sent());
    assert_eq!(certain.intent, Intent::Done);
}
