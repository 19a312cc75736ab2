//! A few words, case by case.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::*;
use crate::domain::reply::Reader;
use crate::files::{Folder, load_reader, load_terse};

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));
static TERSE: LazyLock<Terse> =
    LazyLock::new(|| load_terse(&Folder::lexicon()).expect("the words are whole"));

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

fn today() -> NaiveDate {
    day(4, 15)
}

fn given(text: &str) -> Option<(Option<String>, Option<NaiveDate>)> {
    let given = TERSE.given(
        text,
        &["II.2".to_owned()],
        "Kế hoạch kiểm tra",
        today(),
        &READER,
    );
    given.map(|given| (given.document, given.on))
}

fn corrected(text: &str, refs: &[&str]) -> Option<(Option<String>, Option<NaiveDate>)> {
    let refs: Vec<String> = refs.iter().map(|one| (*one).to_owned()).collect();
    let found = TERSE.corrected(text, &refs, today(), &READER);
    found.map(|found| (found.document, found.on))
}

#[test]
fn a_number_is_read_with_the_kind_of_the_product_and_its_day() {
    let document = |number: &str| Some(number.to_owned());
    for (text, expected) in [
        (
            "số 15 ngày 12/3",
            Some((document("15/KH"), Some(day(3, 12)))),
        ),
        ("15 ngày 12/3", Some((document("15/KH"), Some(day(3, 12))))),
        ("15, 12/3", Some((document("15/KH"), Some(day(3, 12))))),
        ("dạ 15 ạ", Some((document("15/KH"), None))),
        ("KH số 15", Some((document("15/KH"), None))),
        (
            "so 15 ngay 12/3",
            Some((document("15/KH"), Some(day(3, 12)))),
        ),
        (
            "quyết định 15 hôm qua",
            Some((document("15/QĐ"), Some(day(4, 14)))),
        ),
        (
            "BC số 7 ký ngày 30/3/2020",
            Some((document("7/BC"), Some(day(3, 30)))),
        ),
        ("II.2 số 15", Some((document("15/KH"), None))),
        ("ngày 12/3", Some((None, Some(day(3, 12))))),
        ("ký ngày 12 tháng 3", Some((None, Some(day(3, 12))))),
        ("15 ngày", None),
        ("15 ngày nữa", None),
        ("15 xã", None),
        ("được 15 văn bản rồi còn 2", None),
        ("số 15 ngày 20/4", None),
        ("mai có số", None),
        ("đang làm", None),
        ("II.3", None),
    ] {
        assert_eq!(given(text), expected, "{text}");
    }
}

#[test]
fn what_is_denied_makes_room_for_what_is_right() {
    for (text, expected) in [
        ("không phải 20/3 mà 18/3", Some((None, Some(day(3, 18))))),
        (
            "II.2 không phải ngày 20/3 mà là 18/3 ạ",
            Some((None, Some(day(3, 18)))),
        ),
        (
            "không phải số 5 mà số 6",
            Some((Some("6".to_owned()), None)),
        ),
        (
            "ko phải số 5/BC-STP mà là 6/BC-STP",
            Some((Some("6/BC-STP".to_owned()), None)),
        ),
        ("không phải 18/3", None),
        ("không phải mà", None),
        ("không phải việc này mà việc kia", None),
    ] {
        assert_eq!(corrected(text, &["II.2"]), expected, "{text}");
    }
}

#[test]
fn a_number_that_comes_later_is_none() {
    for text in [
        "mai có số",
        "chiều em gửi số",
        "thứ hai mới có số",
        "lát em bổ sung",
        "đang xin số",
        "chờ văn thư cấp số",
        "dạ mai em báo ạ",
        "mai co so",
        "chưa lấy số",
        "thứ hai em gửi số ạ",
    ] {
        assert!(TERSE.comes_later(text), "{text}");
    }
    for text in [
        "mai ký",
        "số 15",
        "mai xong",
        "mới lấy số 15",
        "đang trình",
        "có số rồi",
        "hôm qua lấy số rồi",
    ] {
        assert!(!TERSE.comes_later(text), "{text}");
    }
}

#[test]
fn what_was_told_wrong_is_told_right() {
    let document = |number: &str| Some(number.to_owned());
    for (text, refs, expected) in [
        (
            "số đúng là 21/BC-UBND",
            &[][..],
            Some((document("21/BC-UBND"), None)),
        ),
        ("nhầm, ngày 29/3", &[], Some((None, Some(day(3, 29))))),
        ("29/3 mới đúng", &[], Some((None, Some(day(3, 29))))),
        ("nhầm số, 21 mới đúng", &[], Some((document("21"), None))),
        (
            "sửa lại số 21 ngày 29/3 nhé",
            &[],
            Some((document("21"), Some(day(3, 29)))),
        ),
        (
            "II.2 ghi nhầm số, 21/BC-UBND ngày 29/3",
            &["II.2"],
            Some((document("21/BC-UBND"), Some(day(3, 29)))),
        ),
        (
            "dạ em gõ nhầm, đúng là 21/BC-UBND ạ",
            &[],
            Some((document("21/BC-UBND"), None)),
        ),
        ("chết, số 21 chứ", &[], Some((document("21"), None))),
        ("nham, ngay 29/3", &[], Some((None, Some(day(3, 29))))),
        ("nhầm", &[], None),
        ("nhầm II.2", &["II.2"], None),
        ("nhầm 2", &[], None),
        ("nhầm, chưa xong", &[], None),
        ("nhầm, 29/4 mới xong", &[], None),
        ("nhầm, ngày 29/4", &[], None),
        ("nhầm người rồi, hỏi phòng 21", &[], None),
        ("sai rồi, 15 ngày", &[], None),
        ("số 21/BC-UBND", &[], None),
    ] {
        assert_eq!(corrected(text, refs), expected, "{text}");
    }
}

#[test]
fn a_mistake_alone_is_one_and_what_was_mistaken_is_not_told() {
    for text in [
        "nhầm",
        "ủa ghi nhầm rồi",
        "dạ em báo nhầm ạ",
        "chết, nhắn lộn rồi anh",
    ] {
        assert!(TERSE.is_mistake(text), "{text}");
    }
    for text in [
        "nhầm II.2",
        "nhầm người",
        "sai số liệu",
        "chết rồi",
        "nhầm, chưa xong",
    ] {
        assert!(!TERSE.is_mistake(text), "{text}");
    }
}

#[test]
fn more_time_counts_from_the_due_day_and_time_from_now_from_today() {
    let due = day(4, 30);
    for (text, asked, expected) in [
        ("thêm 1 tuần", true, Some(day(5, 7))),
        ("xin thêm một tuần ạ", true, Some(day(5, 7))),
        ("them 10 ngay", true, Some(day(5, 10))),
        ("thêm khoảng 2 tuần nữa", true, Some(day(5, 14))),
        ("lùi 5 ngày", true, Some(day(5, 5))),
        ("1 tuần nữa", true, Some(day(4, 22))),
        ("nửa tháng nữa", true, Some(day(4, 30))),
        ("thêm nửa tháng", true, Some(day(5, 15))),
        ("1 tháng", true, Some(day(5, 30))),
        ("1 tháng", false, None),
        (
            "II.2 xin gia hạn thêm 1 tuần vì chờ hướng dẫn",
            false,
            Some(day(5, 7)),
        ),
        ("họp 2 tuần rồi mà chưa xong", false, None),
        ("thêm vài ngày", true, None),
        (
            "thêm 12 tháng",
            true,
            Some(NaiveDate::from_ymd_opt(2021, 4, 30).unwrap()),
        ),
        ("thêm 400 tháng", true, None),
        ("thêm 60 tuần", true, None),
        ("thêm 1 tuần hoặc thêm 2 tuần", true, None),
    ] {
        let shift = TERSE.shift(text, asked);
        assert_eq!(
            shift.and_then(|shift| shift.day(due, today())),
            expected,
            "{text}"
        );
    }
    let shift = TERSE.shift("thêm 1 tuần", true).unwrap();
    assert_eq!(
        shift.day(day(3, 31), today()),
        Some(day(4, 22)),
        "a day that is past is no wish"
    );
}

#[test]
fn numbers_of_a_list_are_called_tasks() {
    for (text, expected) in [
        (
            "1 xong, 2 nhắc lại thứ Hai",
            Some("việc 1 xong, việc 2 nhắc lại thứ Hai"),
        ),
        ("2 xong", Some("việc 2 xong")),
        ("1, 3 và 5 xong", Some("việc 1, việc 3 và việc 5 xong")),
        ("dạ 2 xong rồi", Some("dạ việc 2 xong rồi")),
        ("2 ngày nữa xong", None),
        ("3 tuần", None),
        ("9 xong", None),
        ("xong 2 xã", None),
        ("2/3 xong", None),
    ] {
        assert_eq!(TERSE.counted(text, 5).as_deref(), expected, "{text}");
    }
}

#[test]
fn all_but_some_is_said_of_all() {
    let refs = ["II.2".to_owned()];
    assert_eq!(
        TERSE.all_but("xong cả rồi trừ II.2", &refs),
        Some("xong cả rồi")
    );
    assert_eq!(
        TERSE.all_but("xong hết, chỉ còn II.2", &refs),
        Some("xong hết")
    );
    for text in [
        "xong II.2",
        "trừ II.2",
        "đã trừ kinh phí II.2",
        "xong cả rồi trừ II.2 đang vướng kinh phí",
    ] {
        assert_eq!(TERSE.all_but(text, &refs), None, "{text}");
    }
}

#[test]
fn files_are_said_to_belong_to_a_task() {
    let refs = ["II.3".to_owned()];
    for text in [
        "tệp của II.3",
        "ảnh vừa gửi là của II.3 nhé",
        "file này của II.3",
        "chuyển ảnh sang II.3",
    ] {
        assert!(TERSE.files_are_of(text, &refs), "{text}");
    }
    for text in ["II.3 xong", "ảnh II.3 mai gửi", "văn bản của II.3 đã ký"] {
        assert!(!TERSE.files_are_of(text, &refs), "{text}");
    }
}

#[test]
fn a_reason_is_one_only_where_it_begins_the_text() {
    assert!(TERSE.is_reason("vì chờ hướng dẫn của Bộ"));
    assert!(TERSE.is_reason("dạ do chưa có kinh phí"));
    assert!(!TERSE.is_reason("đến 15/4 vì chờ"));
    assert!(!TERSE.is_reason("vì sao"));
}

#[test]
fn a_text_is_its_pieces() {
    for text in [
        "",
        "một",
        "một, hai. ba\nbốn; 1,5 và 2.3",
        "xong.",
        ",,\n\n",
        "còn một",
    ] {
        assert_eq!(TERSE.pieces(text).concat(), text);
    }
    let found = TERSE.pieces("số 1.5, hai.ba; bốn còn năm");
    assert_eq!(found, ["số 1.5,", " hai.ba;", " bốn ", "còn năm"]);
}
