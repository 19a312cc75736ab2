//! What stands around a report, beside it, or only supposes it.

use chrono::NaiveDate;

use super::super::{Intent, Part};
use super::{understand, without_diacritics};

fn is_surely_done(text: &str) -> bool {
    let found = understand(text);
    let parts = found.parts.iter().any(|part| part.intent == Intent::Done);
    found.sure && (found.intent == Intent::Done || parts)
}

#[test]
fn what_is_only_seen_takes_nothing_of_what_is_said_of_its_neighbour() {
    for text in [
        "II.2/1 rõ rồi ạ\nIV.1.a/1 kẹt do chưa có số liệu",
        "Việc II.2/1 nhất trí\n\nViệc IV.1.a/1 kẹt do chưa có số liệu",
        "II.2/1 ok\n\nIV.1.a/1 kẹt do chưa có số liệu",
    ] {
        let read = understand(text);
        let parts: Vec<_> = read
            .parts
            .iter()
            .map(|part| (part.task.as_deref(), part.intent))
            .collect();
        let each = [
            (Some("II.2/1"), Intent::Ack),
            (Some("IV.1.a/1"), Intent::Blocked),
        ];
        assert_eq!(parts, each, "{text}");
    }
    for text in [
        "II.2/1 ok\nIV.1.a/1 xong rồi",
        "II.2/1: ok\nIV.1.a/1: xong rồi",
        "II.2/1 ok, IV.1.a/1 nộp rồi số 5/BC-STC",
    ] {
        let read = understand(text);
        let is_of_first = |task: &Option<String>| task.as_deref() == Some("II.2/1");
        let is_done = |part: &Part| is_of_first(&part.task) && part.intent == Intent::Done;
        let is_doubted = read.details.doubted.iter().any(is_of_first);
        let is_whole = read.parts.is_empty() && read.intent == Intent::Done;
        let claims_it = is_whole || read.parts.iter().any(is_done);
        assert!(!claims_it || is_doubted, "{text}: {read:#?}");
    }
}

#[test]
fn the_heading_of_a_quoted_mail_ends_the_own_words() {
    let quoted = "II.2 đã xong từ 2/3, đề nghị gạch tên";
    for heading in [
        "________________________________\nTừ: Đôn đốc\nĐã gửi: Thứ Ba, 10 Tháng Ba 2020 07:30\nĐến: Phòng Nội vụ\nChủ đề: II.2",
        "Từ: Đôn đốc\nĐã gửi: Thứ Ba, 10 Tháng Ba 2020 07:30\nĐến: Phòng Nội vụ\nChủ đề: II.2",
        "Từ: Đôn đốc\nGửi: 10 tháng 3 năm 2020 07:30\nTới: Phòng Nội vụ\nCc: An\nTiêu đề: II.2",
        "Gửi: Thứ Ba, 10/3/2020 07:30\nĐến: Phòng Nội vụ\nTiêu đề: II.2",
        "Tu: Don doc\nDa gui: Thu Ba, 10/3/2020 07:30\nDen: Phong Noi vu\nChu de: II.2",
        "Vào Th 3, 10 thg 3, 2020 vào lúc 07:30 Đôn đốc\n<bot@noivu.example> đã viết:",
        "Vào Th 3, 10 thg 3, 2020 vào lúc 07:30 Đôn đốc <bot@noivu.example> đã viết:",
    ] {
        let found = understand(&format!("V.3 em đang soạn ạ.\n\n{heading}\n\n{quoted}"));
        assert_eq!(found, understand("V.3 em đang soạn ạ."), "{heading}");
    }
    // A report by fields is no heading.
    let found = understand("Ngày: 5/3\nTình trạng: đã hoàn thành\nVướng mắc: không");
    assert_eq!(found.intent, Intent::Done);
}

#[test]
fn whoever_signs_and_where_and_when_tell_nothing_of_the_work() {
    for text in [
        "Việc IV.2 em sẽ cho làm ngay.\nTL. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\nHội An, ngày 10/3/2020",
        "Phòng đang tổng hợp.\nĐiện Bàn, ngày 05 tháng 3 năm 2020\nNgười ký: Dung\nĐã ký",
        "Đơn vị đang triển khai.\nKT. TRƯỞNG PHÒNG\nPHÓ TRƯỞNG PHÒNG\n(Đã ký)",
    ] {
        let found = understand(text);
        assert_ne!(found.intent, Intent::Done, "{text}");
        assert_eq!(found.date, None, "{text}");
    }
    let found = understand("V.3 đã nghiệm thu hôm 6/3.\nTam Kỳ, ngày 10/3/2020");
    assert_eq!(found.date, NaiveDate::from_ymd_opt(2020, 3, 6));
    let found = understand("Đã xong, ngày 5/3/2020");
    assert!(found.sure && found.date == NaiveDate::from_ymd_opt(2020, 3, 5));
}

#[test]
fn the_ground_of_a_work_is_no_report_of_it() {
    for text in [
        "Thực hiện Kế hoạch số 15/KH-UBND ngày 05/3/2020, đơn vị đã triển khai",
        "Căn cứ Quyết định số 20/QĐ-UBND ngày 02/3/2020, phòng đã phân công cán bộ",
    ] {
        let found = understand(text);
        assert!(!is_surely_done(text) && found.date.is_none(), "{found:?}");
    }
    let text = "Thực hiện Kế hoạch số 15/KH-UBND ngày 05/3/2020, đơn vị đã hoàn thành báo cáo";
    assert!(is_surely_done(text), "{:?}", understand(text));
}

#[test]
fn the_date_that_is_written_out_beside_a_weekday_is_meant() {
    let day = |month, day| NaiveDate::from_ymd_opt(2020, month, day);
    for (text, date) in [
        ("Nhắc lại em vào thứ hai, ngày 23/3", day(3, 23)),
        ("Xin lùi hạn đến thứ tư, ngày 08/4/2020", day(4, 8)),
        ("Kế hoạch đã ký hôm thứ tư, ngày 26/2", day(2, 26)),
        ("báo cáo xong hôm thứ hai (02/3)", day(3, 2)),
        ("Xin dời đến thứ sáu, 20/3/2020", day(3, 20)),
        (
            "Đã ban hành ngày 31 tháng 12 năm 2019",
            NaiveDate::from_ymd_opt(2019, 12, 31),
        ),
        ("thứ sáu trình, 16/3 phát hành", day(3, 16)),
        (
            "Nhắc lần thứ 4, hôm 09/3 phòng đã gửi báo cáo rồi",
            day(3, 9),
        ),
    ] {
        assert_eq!(understand(text).date, date, "{text}");
    }
    // The twelfth is a Thursday.
    for text in [
        "Đã nộp hôm thứ ba, ngày 5/3",
        "Xin lùi đến thứ tư, 12/3",
        "xong thứ hai (3/3)",
    ] {
        assert!(!understand(text).sure, "{text}");
    }
}

#[test]
fn what_would_be_finished_if_is_not() {
    for text in [
        "Giá mà hôm qua sếp ký thì giờ đã xong",
        "Giá hôm qua có dấu thì nay đã phát hành rồi",
        "Mà sếp ở nhà thì ký xong từ hôm qua rồi",
        "Có tiền thì đã làm xong từ đời nào",
        "Không có dịch thì đã tổ chức xong hôm 5/3",
        "Ví dụ em nộp ngày 5/3 thì đã xong đúng hạn",
        "Biết vậy em nộp từ tuần trước rồi",
        "Xong anh báo",
        "Rồi, xong tui nhắn",
        "Hoàn thành rồi thì báo ai",
    ] {
        for text in [without_diacritics(text), text.to_owned()] {
            assert!(!is_surely_done(&text), "{text}: {:?}", understand(&text));
        }
    }
    let text = "II.2 thì xong rồi";
    assert!(is_surely_done(text), "{text}: {:?}", understand(text));
}

#[test]
fn a_question_within_a_list_says_nothing_is_finished() {
    for text in [
        "I.2 xong chưa thì em không rõ, I.3 đang làm",
        "V.1 ký hay chưa em không biết, V.2 đã trình",
    ] {
        let found = understand(text);
        let done = found.parts.iter().any(|part| part.intent == Intent::Done);
        assert!(found.intent != Intent::Done && !done, "{text}: {found:?}");
    }
}

#[test]
fn a_part_of_the_product_and_the_first_of_several_are_not_the_whole() {
    for text in [
        "Trang web đã xong giao diện",
        "Sổ tay đã xong bìa",
        "Sổ tay xong nội dung",
        "Kế hoạch đã xong phụ lục",
        "đã xong biểu số 2",
        "Chương 2 đã hoàn thành",
        "Lớp 1 đã bế giảng",
        "Lớp đầu tiên tổ chức xong hôm 5/3",
        "Cuộc kiểm tra đầu tiên hoàn thành ngày 4/3",
        "Hội nghị thứ nhất tổ chức hôm 5/3",
        "Gói thầu số 1 đã nghiệm thu",
        "Đã ký biên bản họp ngày 5/3",
        "Đã nộp lên phòng Tư pháp",
        "Năm 2019 đã hoàn thành",
        "xong luôn, mất file rồi",
    ] {
        assert!(!is_surely_done(text), "{text}: {:?}", understand(text));
    }
    for text in [
        "Cả lớp 1 và lớp 2 đều đã bế giảng",
        "Kế hoạch giai đoạn 2021-2025 đã ban hành ngày 5/3",
        "việc 112 huyện đã nộp bản giấy lẫn bản mềm",
    ] {
        assert!(is_surely_done(text), "{text}: {:?}", understand(text));
    }
}

#[test]
fn what_is_denied_to_be_left_casts_no_doubt_on_what_is_finished() {
    for text in [
        "Kế hoạch đã được ban hành, không còn khâu nào phải thực hiện",
        "Đã nộp báo cáo, đơn vị không còn việc phải làm",
        "Chúng tôi đã thực hiện xong VI.8, không phải mới chỉ xong dự thảo",
        "Việc 182 và việc 183 đều đã nộp, chị xóa giúp em khỏi danh sách",
        "Em làm xong rồi, không có chi vướng hết trơn",
        "Đã thực hiện xong, sẽ gửi bản giấy sau",
        "Đã ký số và phát hành, bản giấy mai gửi",
        "xong rồi, chưa thấy ai khen",
    ] {
        assert!(is_surely_done(text), "{text}: {:?}", understand(text));
    }
    for text in [
        "Không còn kinh phí, phần mềm đã nghiệm thu",
        "Đã xong dự thảo, không còn việc phải làm",
        "Đã họp, bản giấy mai gửi",
    ] {
        assert!(!is_surely_done(text), "{text}: {:?}", understand(text));
    }
}

#[test]
fn days_are_told_from_what_only_looks_like_one() {
    let day = |day| NaiveDate::from_ymd_opt(2020, 3, day);
    for (text, date) in [
        ("duoc mot nua", None),
        ("dung nhac nua, khi nao xong toi tu bao", None),
        (
            "chủ nhựt em ngồi làm tới khuya, xong với nộp luôn rồi",
            day(8),
        ),
        ("Da hoan thanh dung han hom mung 3", day(3)),
        (
            "Dự kiến thứ tư tuần sau phát hành, ngày mai họp chốt",
            day(18),
        ),
        (
            "Tờ trình đã nằm ở Văn phòng từ thứ năm, em vẫn đợi ký",
            None,
        ),
        (
            "Đã trình ký, nhưng đến sáng nay văn bản chưa được ký ban hành",
            None,
        ),
        ("Chủ tịch ký hôm thứ sáu, phát hành luôn trong ngày", day(6)),
        ("Việc số 58 đã kết thúc từ ngày 09/3/2020", day(9)),
    ] {
        assert_eq!(understand(text).date, date, "{text}");
    }
    assert_eq!(understand("duoc mot nua").percent, Some(50));
}

#[test]
fn marks_of_full_width_are_marks_like_others() {
    for (text, intent) in [
        ("II.2 xong chưa？", Intent::Ask),
        ("xong rồi。", Intent::Done),
    ] {
        assert_eq!(understand(text).intent, intent, "{text}");
    }
    for text in ["。", "！。？", "`。\\", "xong。。。"] {
        let _ = understand(text);
    }
}

/// What is understood of each task, in order of mention.
fn of_each(text: &str) -> Vec<(String, Intent)> {
    let found = understand(text);
    if found.parts.is_empty() {
        let refs = found.refs.into_iter();
        return refs.map(|task| (task, found.intent)).collect();
    }
    let parts = found.parts.into_iter();
    parts
        .map(|part| (part.task.unwrap_or_default(), part.intent))
        .collect()
}

#[test]
fn numbers_that_a_sender_gives_to_lines_name_nothing() {
    for (list, second) in [
        ("1. II.2 đã ban hành\n2. V.3 chưa ký", Intent::Progress),
        (
            "1) II.2 đã ban hành\n2) V.3 xin đến 10/4",
            Intent::Extension,
        ),
        (
            "(1) II.2 đã ban hành; (2) V.3 vướng kinh phí",
            Intent::Blocked,
        ),
        (
            "Báo cáo:\n1. II.2: đã ban hành\n2. V.3: 60%",
            Intent::Progress,
        ),
        (
            "Thứ nhất, II.2 đã ban hành\nThứ hai, V.3 chưa ký",
            Intent::Progress,
        ),
        (
            "Một là II.2 đã ban hành\nHai là V.3 chưa ký",
            Intent::Progress,
        ),
    ] {
        let found = of_each(list);
        let expected = [
            ("II.2".to_owned(), Intent::Done),
            ("V.3".to_owned(), second),
        ];
        assert_eq!(found, expected, "{list}");
    }
    let documents = understand("1. II.2: đã trình ký\n2. V.3: đã ban hành KH 22/KH-SCT ngày 5/3");
    let of_tasks = &documents.details.of_tasks;
    assert_eq!(of_tasks[0].1.document, None);
    assert_eq!(of_tasks[1].1.document.as_deref(), Some("22/KH-SCT"));
    // Where the lines name no task, the numbers are all there is.
    assert_eq!(understand("1. xong\n2. chưa").parts, []);
}

#[test]
fn how_far_a_task_is_is_said_of_it_alone() {
    for (text, second) in [
        ("II.2 60%, V.3 vướng kinh phí", Intent::Blocked),
        ("II.2 60%, V.3 xin đến 10/4", Intent::Extension),
        (
            "II.2: 60%\nV.3: không phải việc của sở em",
            Intent::Reassign,
        ),
        ("II.2 60%, V.3 nộp rồi", Intent::Done),
    ] {
        let found = of_each(text);
        let expected = [
            ("II.2".to_owned(), Intent::Progress),
            ("V.3".to_owned(), second),
        ];
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn of_several_that_seem_done_each_is_as_sure_as_alone() {
    for text in [
        "II.2 gửi lên trên rồi, chưa thấy nói chi. V.3 xong rồi",
        "II.2 ban hành rồi mà sai thẩm quyền nên phải làm lại, V.3 xong",
        "II.2 đang hoàn tất hồ sơ, V.3 xong rồi",
        "V.3 xong rồi, II.2 xong phần em",
    ] {
        let found = understand(text);
        let (first, other) = (Some("II.2".to_owned()), Some("V.3".to_owned()));
        let is_done = of_each(text).contains(&("II.2".to_owned(), Intent::Done));
        assert!(!(is_done && found.is_sure_of(first.as_ref())), "{text}");
        assert!(found.is_sure_of(other.as_ref()), "{text}");
    }
    for text in [
        "II.2 xong rồi, V.3 cũng xong rồi",
        "II.2 đã ban hành KH 12/KH-SCT. V.3 đã nộp BC 5/BC-SCT",
        "II.2, V.3 xong cả rồi",
    ] {
        assert!(is_surely_done(text), "{text}");
    }
    let shared = of_each("II.2 xong, còn V.3 không phải việc của tụi em");
    let expected = [("II.2", Intent::Done), ("V.3", Intent::Reassign)];
    assert_eq!(
        shared,
        expected.map(|(task, intent)| (task.to_owned(), intent))
    );
}

#[test]
fn what_is_said_of_one_task_is_not_said_of_its_silent_neighbour() {
    for text in [
        "II.2: 31/3\nV.3: đã ban hành số 5/BC-STC ngày 4/3",
        "II.2 từ từ, V.3 xong rồi",
        "1. II.2: thứ sáu\n2. V.3: nộp rồi",
        "- II.2: để coi\n- V.3: nộp rồi số 4/BC-STC",
        "II.2: ?\nV.3: nộp rồi",
        "II.2 từ từ, V.3 xin đến 6/4",
        "II.2: để coi\nV.3: vướng kinh phí",
    ] {
        let found = understand(text);
        let silent = Some("II.2".to_owned());
        let told = of_each(text).into_iter().find(|(task, _)| task == "II.2");
        let is_told =
            told.is_some_and(|(_, intent)| !matches!(intent, Intent::Progress | Intent::Ack));
        assert!(
            !(is_told && found.is_sure_of(silent.as_ref())),
            "{text}: {found:?}"
        );
    }
    // Names in a row are told of together.
    for text in [
        "II.2, V.3: xong cả rồi",
        "Từ II.2 đến II.3 đã xong",
        "II.2\nV.3\nđã xong hết rồi",
    ] {
        assert!(is_surely_done(text), "{text}");
    }
}
