//! Tasks, days and parts of a reply.

use chrono::NaiveDate;

use super::super::Intent;
use super::{READER, sent, understand};

#[test]
fn a_task_that_is_spoken_is_named_and_no_fraction() {
    for (text, task, intent) in [
        ("mục hai phần năm xong rồi nhé em", "V.2", Intent::Done),
        ("mục hai chấm năm nộp rồi", "II.5", Intent::Done),
        ("mục 4 phần 2 đã nộp hôm qua", "II.4", Intent::Done),
        ("mục ba phần hai chưa xong", "II.3", Intent::Progress),
    ] {
        let found = understand(text);
        assert_eq!(
            (found.refs, found.intent),
            (vec![task.to_owned()], intent),
            "{text}"
        );
    }
    for text in [
        "hai phần ba hồ sơ xong rồi",
        "mới xong hai phần năm công việc",
    ] {
        assert_eq!(understand(text).refs, [""; 0], "{text}");
    }
}

#[test]
fn what_comes_before_the_only_task_that_is_named_is_no_part_of_its_own() {
    for text in [
        "Vướng mặt bằng nên xin hoãn mục VI.12 tới 15/4",
        "Em lấy số xong rồi, thế là trả được bài III.11",
    ] {
        assert!(understand(text).parts.is_empty(), "{text}");
    }
    for text in [
        "Việc này xong, còn V.6 mới được 30%",
        "Cái ni xong rồi, VI.4 thì chưa làm",
    ] {
        assert_eq!(understand(text).parts.len(), 2, "{text}");
    }
}

#[test]
fn a_day_that_is_over_or_counted_from_the_deadline_is_no_date_ahead() {
    let day = |day| NaiveDate::from_ymd_opt(2020, 3, day);
    for (text, date) in [
        ("Ký nháy xong hôm thứ sáu", None),
        ("Tin sáng nay tui ghi xong là nhầm", None),
        ("Báo nhầm, thứ sáu mới xong", day(13)),
        ("xin thêm 5 ngày nữa", None),
        ("5 ngày nữa xong", day(15)),
    ] {
        assert_eq!(understand(text).date, date, "{text}");
    }
}

#[test]
fn what_one_denial_lists_is_denied_to_its_end() {
    let found = understand("Đã hoàn thành, không có khó khăn, vướng mắc.");
    assert!(found.intent == Intent::Done && found.sure, "{found:?}");
    let found = understand("Không có kinh phí, vướng mắc nằm ở đó");
    assert_eq!(found.intent, Intent::Blocked);
}

#[test]
fn a_period_that_ends_the_title_of_a_paper_is_no_day_ahead() {
    for text in [
        "Đã nộp báo cáo CCHC quý I cho Sở Nội vụ",
        "DA NOP BC CCHC QUY I CHO SO NOI VU",
    ] {
        let found = understand(text);
        assert!(
            found.intent == Intent::Done && found.sure,
            "{text}: {found:?}"
        );
    }
    for text in [
        "Đã trình kế hoạch, quý II ban hành",
        "Đã họp, báo cáo rà soát trong quý II xong",
    ] {
        assert_eq!(understand(text).intent, Intent::Progress, "{text}");
    }
}

#[test]
fn whoever_is_called_without_diacritics_denies_nothing() {
    let found = understand("xong het roi chi oi");
    assert!(found.intent == Intent::Done && found.sure, "{found:?}");
    let found = understand("da xong chi dau");
    assert!(!(found.intent == Intent::Done && found.sure), "{found:?}");
}

#[test]
fn what_is_asked_of_another_task_casts_no_doubt_on_the_one_that_is_finished() {
    let found = understand("II.1 xong. Còn II.2 nộp cho ai vậy anh?");
    assert!(found.intent == Intent::Done && found.sure, "{found:?}");
    for text in [
        "II.1 xong chưa anh? Còn II.2 nộp cho ai?",
        "III.2 xong rồi, III.3 phải hỏi Sở Y tế mới đúng",
    ] {
        let found = understand(text);
        assert!(
            !(found.intent == Intent::Done && found.sure),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn fewer_than_all_is_never_surely_done() {
    for text in [
        "Mười hai phòng thì tám phòng đã chấm điểm xong",
        "Đã xong 4 nội dung trên 6 nội dung",
        "Đã xong 4 nội dung trong 6 nội dung được giao",
    ] {
        let found = understand(text);
        assert!(
            !(found.intent == Intent::Done && found.sure),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_comma_in_the_place_of_the_point_names_a_task() {
    for (text, tasks) in [
        ("I,3 xong rồi ạ", vec!["I.3"]),
        ("II,6 xong", vec!["II.6"]),
        ("IV,1 và II,6 xong rồi", vec!["IV.1", "II.6"]),
        ("II.1,3 xong", vec!["II.1", "II.3"]),
        ("mục II,1 xong", vec!["II.1"]),
        ("xong phần I, 3 việc còn lại đang làm", vec![]),
        ("báo cáo quý I,2 bản, đã gửi", vec![]),
        ("đã giải ngân 1,5 tỷ", vec![]),
        ("nhóm I,5% hoàn thành", vec![]),
        ("v,3 thu tuc da xong", vec![]),
    ] {
        assert_eq!(understand(text).refs, tasks, "{text}");
    }
    let found = understand("II,1 xong");
    assert!(found.intent == Intent::Done && found.sure, "{found:?}");
}

#[test]
fn a_day_that_does_not_exist_is_no_sure_day_of_completion() {
    for text in [
        "I.9 đã xong từ 32/13",
        "I.9 đã xong ngày 31/11",
        "đã xong ngày 31/11",
        "I.9 xong hôm 30/2/2020",
    ] {
        let found = understand(text);
        assert!(found.date.is_none() && !found.sure, "{text}: {found:?}");
    }
    for text in [
        "I.9 đã hoàn thành ngày 30 tháng 2",
        "I.9 đã hoàn thành ngày 32/3/2020",
    ] {
        let found = understand(text);
        assert!(
            !(found.intent == Intent::Done && found.sure),
            "{text}: {found:?}"
        );
    }
    for text in ["I.9 đã xong ngày 29/2", "I.9 đã xong ngày 9 tháng 3"] {
        let found = understand(text);
        assert!(found.date.is_some() && found.sure, "{text}: {found:?}");
    }
}

#[test]
fn the_week_after_the_next_is_not_the_next() {
    let day = |month, day| NaiveDate::from_ymd_opt(2020, month, day);
    for (text, date) in [
        ("thứ Hai tuần sau nhắc lại II.2", day(3, 16)),
        ("thứ Hai tuần sau nữa nhắc lại II.2", day(3, 23)),
        ("II.2 xin gia hạn đến thứ Hai tuần sau nữa", day(3, 23)),
        ("II.2 xin gia han den thu hai tuan sau nua", day(3, 23)),
        ("II.2 xin gia hạn đến cuối tuần tới nữa", day(3, 27)),
        ("II.2 xin gia hạn đến hết tháng sau nữa", day(5, 31)),
    ] {
        assert_eq!(understand(text).date, date, "{text}");
    }
}

#[test]
fn what_a_commune_has_done_is_not_done_by_the_district_above_it() {
    let district = READER.writer(["Ủy ban nhân dân huyện Quế Sơn", "QUESON"]);
    let commune = READER.writer(["Ủy ban nhân dân xã Quế Lộc", "xã Quế Lộc"]);
    for text in [
        "II.2/1 bên xã xong rồi",
        "II.2/1 cấp xã đã xong",
        "II.2/1 xã Cẩm Thanh đã ban hành",
        "xã Quế Lộc nộp rồi",
        "báo cáo quý của thị trấn Ái Nghĩa đã nộp",
    ] {
        let found = READER.understand_from(text, sent(), &district);
        let is_done = found.intent == Intent::Done && found.sure;
        assert!(!is_done, "{text}: {found:#?}");
    }
    for text in [
        "bên xã xong rồi",
        "xã Quế Lộc nộp rồi",
        "II.2/1 xã em xong rồi",
    ] {
        let found = READER.understand_from(text, sent(), &commune);
        assert_eq!((found.intent, found.sure), (Intent::Done, true), "{text}");
    }
}
