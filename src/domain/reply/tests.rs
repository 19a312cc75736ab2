//! The reader against labelled replies, and what must hold for every text.

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::clean::clean;
use super::*;
use crate::files::{Folder, load_reader};
mod labelled;
mod named;
mod near_misses;
mod questions;
mod says;
mod structure;
mod topics;

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));

fn sent() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 3, 10).unwrap()
}

fn understand(text: &str) -> Understanding {
    READER.understand(text, sent())
}

#[test]
fn replies_that_only_look_done_are_never_surely_done() {
    for text in [
        "chưa xong",
        "sắp xong rồi",
        "II.2/1 Bộ ban hành rồi",
        "II.2/1 Chính phủ mới ban hành rồi",
        "II.2/1 chốt xong nội dung rồi",
        "IV.1.a/1 chốt xong số liệu rồi",
        "chắc chắn xong",
        "II.2 chắc chắn mai xong",
        "Bản cam kết cần ba bên ký, hai bên ký rồi, còn Kho bạc",
        "V.2 có 5 hạng mục, xong 3",
        "Đóng dấu gửi đi rồi... à không, mới là bản dự thảo",
        "ban hành rồi nhé, không, nhầm, năm nay mới lấy ý kiến",
        "xong chưa?",
        "xong dự thảo rồi",
        "mai xong",
        "bên STP xong rồi",
        "xong đâu mà xong",
        "nếu sếp ký thì xong",
        "chờ sếp ký là xong",
        "hết tiền rồi",
        "xong em sẽ báo",
        "gần xong",
        "phòng Tài chính hoàn thành phần họ, còn phòng mình thì chưa",
        "Trả lời \"xong\" là được hả?",
        "> II.2 hoàn thành chưa?\nđang làm ạ",
        "ký nháy rồi",
        "trình rồi, chờ ký",
        "làm xong phần một",
        "chua xong",
        "xong roi a?",
        "Hồ sơ vẫn còn chờ thẩm định, bên em nộp từ 2/3",
        "xong 2/3 rồi",
        "Dự thảo vẫn nằm chờ ở phòng Nội vụ, mình gởi hôm 28/2",
        "Ít bữa nữa xong",
        "cuwha xong a oi",
        "trưa nay phát hành",
        "Mục IV.6, IV.7 đã nhận thông báo ạ",
        "Em chuyển phòng rồi, anh hỏi chị Thư nhé",
        "Xong đời rồi",
        "Con bé nhà tớ hoàn thành lớp mẫu giáo rồi",
        "Chưa họp, nhưng phòng đã trang trí xong",
        "Làm xong 2 mục trong 5 mục",
        "Phát phiếu rồi, giờ ngồi gom",
        "Có làm đâu mà xong",
        "xong việc này em làm",
        "Đã hoàn thành 60%",
        "Đã gửi phiếu cho 18 xã",
        "Tình trạng: chưa xong\nVướng mắc: không",
        "8/10 thôn đã họp xong, báo cáo đã gửi",
        "gửi rồi, nhờ anh xem lại rồi em trình ký",
        "xong hết việc khác rồi, giờ làm tới việc này",
        "Rồi em nộp",
        "Dạ rồi anh",
        "Em nộp chủ tịch rồi",
        "gửi anh Tâm ký rồi",
        "Đã có 15 xã gửi báo cáo",
        "Vâng xong ngay ạ",
        "Xong xuôi em thưa lại",
        "xong việc này đã",
        "chưa xong, anh kiểm tra giúp",
        "Bên Sở Nội vụ đã gửi 30/SNV-CCHC",
        "Kinh phí đã được duyệt",
        "Đã có công văn nhắc các đơn vị nộp báo cáo",
        "Đã giải quyết xong phần mặt bằng",
        "da hop xong, cho ket luan",
        "bc xong roi cho ky",
        "Đã nhập 200 hồ sơ",
        "Thôi coi như nộp rồi nha anh",
        "Chuyển anh Nam rồi nhé",
        "HDND thong qua roi, cho van phong ra nghi quyet",
        "phan cua So Tai chinh xong roi",
        "Đã báo chậm tiến độ rồi",
        "Tưởng xong, ai dè Sở trả về",
        "II.18 giao Sở Tài chính chủ trì rồi, II.19 đã ban hành",
        "IV.1 trả về cho văn phòng theo dõi, IV.2 nộp hôm qua",
        "Xong đợt kiểm tra thứ nhất rồi",
        "đợt khảo sát 1 đã xong",
        "Không có đơn vị nào nộp",
        "Không có khó khăn gì nhưng chưa làm xong",
        "gửi báo cáo trước khi chị nhắc lại nhé",
        "Em gửi rồi, anh nhận được chưa ạ?",
        "Trước đây đã ban hành, nay hết hiệu lực phải ban hành lại",
        "Thế là xong hả anh?",
        "Việc 301 chưa xong, việc 305 cũng vậy",
        "Vâng, hoàn thành rồi, trong mơ ấy ạ",
        "Đã nhận nhiệm vụ \"hoàn thành công bố TTHC cấp xã\"",
        "Đừng nhắc nữa tới thứ sáu, II.5 xong rồi",
    ] {
        let found = understand(text);
        assert!(
            !(found.intent == Intent::Done && found.sure),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn plain_reports_are_surely_done() {
    for text in [
        "II.2 xong rồi ạ",
        "Đã hoàn thành, KH số 12/KH-SNV ngày 6/3",
        "da nop bao cao roi anh",
        "✅ VII.10",
        "Kế hoạch đã ban hành hôm thứ sáu",
        "xong rồi nhé chị",
        "Đã xong em nhé.\n\nGửi từ iPhone của tôi",
        "LẦN THỨ BA TÔI TRẢ LỜI: ĐÃ HOÀN THÀNH!!!",
        "Xong cả rồi, chả còn gì phải làm nữa đâu",
        "III-7: đã thực hiện xong, đề nghị tất toán",
        "xong hết 5 việc",
        "Bực thật sự, hoàn thành xong hết rồi còn réo",
        "da dong dau va gui van thu phat hanh",
        "Tình trạng: đã xong\nVướng mắc: không\nĐề nghị gia hạn: không",
        "Việc này đã hoàn thành ạ",
        "Đã gửi báo cáo, nếu thiếu biểu nào chị báo em bổ sung ạ",
        "Hoàn thành nhiệm vụ, đề nghị xóa khỏi danh sách nhắc",
        "Da gui qua Zalo cho anh Vu roi a",
        "Đề án vị trí việc làm trình rồi và được duyệt hôm 2/3 ạ",
        "xong 9/3 rồi",
        "Đã chấm xong 18/18 đơn vị và công bố xếp hạng trên cổng thông tin",
        "Không vướng gì cả, xong đúng hẹn 28/02",
        "cả ba việc IV.8, IV.9, IV.10 đều đã giải quyết dứt điểm",
        "Đã rà soát, tổng hợp và gửi báo cáo",
        "Em đã scan gửi qua Zalo nhóm rồi ạ",
        "II.2 nộp rồi, còn II.3 thì nộp theo mẫu nào ạ?",
        "II.2 xong rồi ạ, II.3 em đã nhận, sẽ làm",
        "Tiến độ: 100%",
        "Mấy việc tháng 3 xong hết rồi",
        "Đã chốt, đã ra thông báo kết luận số 15/TB-VP. Coi như khép lại việc này.",
        "Kế hoạch đã ban hành, không gặp khó khăn gì",
        "Đã giải quyết xong, không còn hồ sơ nào trễ hạn",
        "Đã thực hiện xong đợt tự kiểm tra, có báo cáo số 12/BC-UBND",
        "III.4 nộp rồi, có cần gửi thêm bản cứng không ạ?",
        "Bot nhắc nhầm rồi, III.2 đã ban hành tuần trước",
        "Hồ sơ nghỉ hưu đã giải quyết xong",
        "Ba việc chị nhắc bên em đều xong: VI.1, VI.4, VI.5",
        "Việc 301, việc 302 đã hoàn tất, việc 305 cũng vậy",
        "Thế là xong nhỉ, báo cáo đã nộp Sở",
        "Lần trước em xin gia hạn, giờ thì em nộp rồi ạ",
        "SỞ TÀI CHÍNH ĐÃ BAN HÀNH QUY CHẾ CHI TIÊU, MỤC V.2 HOÀN THÀNH",
        "Lắp bảng điện tử xong hết rồi, bữa nào rảnh mời anh ghé thăm",
        "Xong việc VI.5 rồi nghe, còn chi nữa không em?",
        "Khỏi nhắc nữa chị ơi, I.5 xong từ tháng trước rồi",
        "Đã ban hành kế hoạch \"Nâng cao chỉ số cải cách hành chính\" hôm qua",
    ] {
        let found = understand(text);
        assert!(
            found.intent == Intent::Done && found.sure,
            "{text}: {found:?}"
        );
    }
}

#[test]
fn what_the_writers_own_unit_has_done_is_done_and_what_another_has_is_not() {
    let writer = READER.writer(["Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", "Sở VH,TT&DL"]);
    for text in [
        "Sở Văn hóa, Thể thao và Du lịch đã ban hành kế hoạch",
        "Sở Văn hóa Thể thao và Du lịch đã nộp báo cáo",
        "svhttdl đã ban hành KH rồi ạ",
        "bên Sở VH,TT&DL xong rồi",
        "so van hoa, the thao va du lich da nop bao cao",
    ] {
        let found = READER.understand_from(text, sent(), &writer);
        assert!(
            found.intent == Intent::Done && found.sure,
            "{text}: {found:?}"
        );
    }
    for text in [
        "Sở Tài chính đã ban hành kế hoạch",
        "Sở Tài chính đã gửi Sở Văn hóa, Thể thao và Du lịch rồi",
        "Sở Văn hóa, Thể thao và Du lịch chưa xong",
        "STC xong rồi, SVHTTDL chưa",
    ] {
        let found = READER.understand_from(text, sent(), &writer);
        assert_ne!(found.intent, Intent::Done, "{text}");
    }
    let anybody = understand("Sở Văn hóa Thể thao và Du lịch đã nộp báo cáo");
    assert!(!(anybody.intent == Intent::Done && anybody.sure));
    // A name of two letters may be any abbreviation.
    assert_eq!(READER.writer(["VP"]), Writer::default());
}

#[test]
fn words_that_differ_in_diacritics_are_not_mixed_up_in_accented_text() {
    // "hạn" asks for more time, "hàn" welds; "mai" is tomorrow, "mãi" is forever.
    assert_eq!(understand("Xin gia hạn đến 20/3").intent, Intent::Extension);
    assert_eq!(understand("Thợ hàn đã về").date, None);
    assert_eq!(understand("Mai nhắc lại em nhé").date, sent().succ_opt());
    assert_eq!(understand("Nhớ mãi nhé anh").date, None);
}

#[test]
fn what_is_not_understood_is_never_sure() {
    for text in ["", " ", "\n", "…", "xyz", "🎉"] {
        let found = understand(text);
        assert!(
            found.intent != Intent::Unknown || !found.sure,
            "{text:?} {found:?}"
        );
    }
    assert_eq!(understand(" ").intent, Intent::Unknown);
}

#[test]
fn a_megabyte_of_anything_is_read() {
    for piece in [
        "xong ",
        "a",
        "II.2, ",
        "15/4 ",
        "không chưa ",
        "\u{301}",
        ">",
        "9",
        "ạ\n",
        "🎉",
        "-",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let found = understand(&text);
        assert!(!found.sure, "{piece}: what is cut off is never sure");
    }
}

#[test]
fn several_tasks_have_a_part_each() {
    let found = understand("IV.4 em xong rồi, IV.5 em mới làm một phần, IV.6 em chưa bắt đầu");
    let parts: Vec<_> = found
        .parts
        .iter()
        .map(|part| (part.task.as_deref().unwrap(), part.intent))
        .collect();
    assert_eq!(
        parts,
        [
            ("IV.4", Intent::Done),
            ("IV.5", Intent::Progress),
            ("IV.6", Intent::Progress)
        ]
    );
    assert_eq!(found.intent, Intent::Progress);
}

/// Texts made of words that matter, and of any characters.
fn texts() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "xong",
        "rồi",
        "chưa",
        "không",
        "đã",
        "nộp",
        "hoàn thành",
        "II.2",
        "mai",
        "15/4",
        "?",
        ",",
        ".",
        "nếu",
        "chờ",
        "ký",
        "dự thảo",
        "xin",
        "gia hạn",
        "em",
        "anh",
        "sẽ",
        "báo cáo",
        "12/KH-SNV",
        "85%",
        "\n",
        "roi",
        "chua",
        "thứ sáu",
        "còn",
        "số",
        "vướng",
        "kinh phí",
        "✅",
        "hoanf",
        "xonggg",
        "đâu",
        "ban hành",
    ]);
    prop_oneof![
        prop::collection::vec(word, 0..14).prop_map(|words| words.join(" ")),
        any::<String>(),
        ("\\PC", 1_usize..3000).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

fn without_diacritics(text: &str) -> String {
    text.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            c => c,
        })
        .collect()
}

#[test]
fn what_grows_when_it_is_composed_is_cut_at_the_same_length() {
    let once = clean(&"\u{a5e}".repeat(5000), |_| false);
    assert!(once.cut && once.text.len() <= 16 * 1024);
    let twice = clean(&once.text, |_| false);
    assert_eq!(twice.text, once.text);
    assert!(!twice.cut);
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_the_same_twice(text in texts()) {
        prop_assert_eq!(understand(&text), understand(&text));
    }

    #[test]
    fn a_text_means_the_same_composed_and_decomposed(text in texts()) {
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(understand(&composed), understand(&decomposed));
    }

    #[test]
    fn a_quoted_line_changes_nothing(text in texts(), quoted in "[^\n\r\u{b}\u{c}\u{85}\u{2028}\u{2029}]{0,40}") {
        prop_assert_eq!(understand(&format!("{text}\n> {quoted}")), understand(&text));
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(text in texts()) {
        let once = clean(&text, |_| false);
        prop_assert_eq!(clean(&once.text, |_| false).text, once.text);
    }

    #[test]
    fn a_denied_completion_is_never_surely_done(
        before in prop::sample::select(vec!["", "Dạ ", "II.2 ", "Em ", "Báo cáo ", "Việc này em "]),
        not in prop::sample::select(vec!["chưa", "không", "chẳng", "chưa hề", "chưa thể", "đâu có"]),
        done in prop::sample::select(vec!["xong", "hoàn thành", "nộp", "ban hành", "làm xong", "hoàn tất"]),
        after in prop::sample::select(vec!["", " ạ", " anh ơi", " đâu", " được", " nhé chị", ", đang làm"]),
        form in 0..4_u8,
    ) {
        let text = format!("{before}{not} {done}{after}");
        let text = match form {
            0 => text,
            1 => text.to_uppercase(),
            2 => without_diacritics(&text),
            _ => without_diacritics(&text).to_uppercase(),
        };
        let found = understand(&text);
        prop_assert!(!(found.intent == Intent::Done && found.sure), "{}: {:?}", text, found);
    }

    #[test]
    fn case_does_not_change_the_intent_of_plain_words(
        text in prop::sample::select(vec![
            "đã hoàn thành nhiệm vụ", "xin gia hạn đến 20/3", "mai nhắc lại nhé", "chưa có kinh phí", "em đang làm",
            "việc này không phải của phòng em", "đã nhận được, cảm ơn",
        ]),
    ) {
        prop_assert_eq!(understand(text).intent, understand(&text.to_uppercase()).intent);
    }
}
