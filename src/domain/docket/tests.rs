//! What is heard of the monitor's words, and what follows from them.

mod cases;
mod deciders;

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::directory::{Agency, AgencyGroup, Contact, Directory, Level, Role};
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::{Obligation, Pending};
use crate::domain::reply::Reader;
use crate::domain::resolution::{Past, Policy, Resolution};
use crate::files::{Folder, load_orders, load_reader};

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));
static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| load_orders(&Folder::lexicon()).expect("the phrases are whole"));

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

fn directory() -> Directory {
    let agency = |code: &str, name: &str| Agency {
        code: code.into(),
        name: name.into(),
        aliases: vec![code.into()],
        level: Level::Province,
        groups: vec!["so".into()],
    };
    let group = AgencyGroup {
        code: "so".into(),
        name: "Các Sở, ngành".into(),
        aliases: Vec::new(),
    };
    let agencies = vec![
        agency("SNV", "Sở Nội vụ"),
        agency("STP", "Sở Tư pháp"),
        agency("STC", "Sở Tài chính"),
        agency("HOIAN", "UBND thành phố Hội An"),
    ];
    Directory::new(agencies, vec![group])
}

fn heard(text: &str) -> Heard {
    hear(text, day(3, 17), &PHRASES, &READER, &[&directory()])
}

#[track_caller]
fn order(text: &str) -> Order {
    match heard(text) {
        Heard::Order(order) => order,
        other => panic!("{text}: {other:?}"),
    }
}

/// An order: its words, what is done, to which task of whom, until when and why.
type Told<'a> = (
    &'a str,
    Verb,
    &'a str,
    &'a str,
    Option<NaiveDate>,
    Option<&'a str>,
);

#[track_caller]
fn assert_told((text, verb, task, agency, until, reason): Told<'_>) {
    let heard = order(text);
    assert_eq!(heard.verb, verb, "{text}");
    assert_eq!(heard.task.as_deref(), Some(task), "{text}");
    let code = (!agency.is_empty()).then(|| AgencyCode::new(agency));
    assert_eq!(heard.agencies.first().cloned(), code, "{text}");
    assert_eq!(heard.day, until, "{text}");
    assert_eq!(heard.reason.as_deref(), reason, "{text}");
    assert_eq!(heard.plain, code.is_some(), "{text}");
}

#[test]
fn an_order_is_understood_to_its_last_word() {
    use Verb::{Approve, Extend, Refuse, Reject, Return};
    let april = Some(day(4, 15));
    for told in [
        (
            "đồng ý gia hạn II.2/1 của STP đến 15/4",
            Extend,
            "II.2/1",
            "STP",
            april,
            None,
        ),
        (
            "dong y gia han II.2/1 cua STP den 15/4",
            Extend,
            "II.2/1",
            "STP",
            april,
            None,
        ),
        (
            "Nhất trí cho Sở Tư pháp gia hạn II.2 đến ngày 15/4/2020 nhé",
            Extend,
            "II.2",
            "STP",
            april,
            None,
        ),
        (
            "duyet II.2 cua so tu phap",
            Approve,
            "II.2",
            "STP",
            None,
            None,
        ),
        (
            "không đồng ý II.2 STP vì phải kịp quý I",
            Reject,
            "II.2",
            "STP",
            None,
            Some("phải kịp quý I"),
        ),
        (
            "Không gia hạn II.2 của stp, lý do: đã gia hạn hai lần",
            Refuse,
            "II.2",
            "STP",
            None,
            Some("đã gia hạn hai lần"),
        ),
        (
            "trả lại II.2 của Sở Tư pháp vì thiếu phụ lục",
            Return,
            "II.2",
            "STP",
            None,
            Some("thiếu phụ lục"),
        ),
    ] {
        assert_told(told);
    }
}

#[test]
fn an_order_is_understood_in_other_words_too() {
    use Verb::{Accept, Extend, Return};
    let april = Some(day(4, 15));
    for told in [
        (
            "trả lại II.2 của Sở Tư pháp",
            Return,
            "II.2",
            "STP",
            None,
            None,
        ),
        (
            "xác nhận IV.1.b của STP",
            Accept,
            "IV.1.b",
            "STP",
            None,
            None,
        ),
        (
            "đồng ý gia hạn iv.1.b của stp đến 15/4",
            Extend,
            "IV.1.b",
            "STP",
            april,
            None,
        ),
        (
            "ĐỒNG Ý GIA HẠN IV.1.B CỦA SỞ TƯ PHÁP ĐẾN 15/4",
            Extend,
            "IV.1.b",
            "STP",
            april,
            None,
        ),
        (
            "trả lại IV.1.a của Sở Tư pháp vì thiếu phụ lục",
            Return,
            "IV.1.a",
            "STP",
            None,
            Some("thiếu phụ lục"),
        ),
        (
            "Xác nhận hoàn thành II.2 của UBND thành phố Hội An",
            Accept,
            "II.2",
            "HOIAN",
            None,
            None,
        ),
    ] {
        assert_told(told);
    }
}

#[test]
fn what_is_not_wholly_understood_is_in_doubt() {
    for text in [
        "đồng ý II.2 STP không?",
        "đồng ý II.2 STP với điều kiện trình trước 10/4",
        "đồng ý II.2 STP và STC",
        "đồng ý I.2 và II.2 của STP",
        "đồng ý mà không đồng ý II.2 STP",
        "xác nhận II.2 STP chưa xong",
        "gia hạn II.2 STP vì chờ hướng dẫn đến 15/4",
        "đồng ý gia hạn II.2 STP đến hết dịch",
        "trả lại hay xác nhận II.2 STP",
        "đồng ý II.2 của các Sở, ngành",
    ] {
        match heard(text) {
            Heard::Order(order) => assert!(!order.plain, "{text}: {order:?}"),
            Heard::Nothing | Heard::Show | Heard::Why(_) => {}
        }
    }
}

#[test]
fn what_is_said_of_several_agencies_at_once_is_known_as_such() {
    for text in [
        "gia hạn cho tất cả các huyện II.2/1 đến 30/4",
        "đồng ý gia hạn II.2 cho các sở đến 15/4",
        "dong y gia han II.2 cho cac huyen den 15/4",
        "gia hạn II.2 cho UBND cấp huyện đến 15/4",
    ] {
        let order = order(text);
        assert!(order.of_many && !order.plain, "{text}: {order:?}");
    }
    assert!(!order("đồng ý gia hạn II.2 của STP đến 15/4").of_many);
}

#[test]
fn a_report_of_the_monitors_own_is_no_order() {
    for text in [
        "II.2 xong, KH 12/KH-SNV ngày 20/3",
        "xong II.2",
        "II.2 xin gia hạn đến 15/4 vì chờ ý kiến STP",
        "đề nghị gia hạn II.2 đến 15/4",
        "STP đồng ý rồi, II.2 xong",
        "II.2 đang chờ ý kiến STC",
        "II.2 đã được UBND tỉnh phê duyệt",
        "ok",
        "nhầm",
        "/viec",
        "",
        "II.2 vướng, STP chưa đồng ý",
    ] {
        let found = heard(text);
        assert_eq!(found, Heard::Nothing, "{text}");
    }
}

#[test]
fn a_reason_alone_is_heard_with_the_agencies_that_it_names() {
    let why = |codes: &[&str]| Heard::Why(codes.iter().map(|code| (*code).into()).collect());
    for (text, expected) in [
        (
            "vì đã quá hạn, Sở Tư pháp phải ban hành ngay",
            why(&["STP"]),
        ),
        ("Lý do: chờ hướng dẫn", why(&[])),
        ("do STC và STP chưa gửi", why(&["STC", "STP"])),
        ("do STP chưa gửi số liệu nên II.2 đang chậm", Heard::Nothing),
    ] {
        assert_eq!(heard(text), expected, "{text}");
    }
}

#[test]
fn who_owns_the_task_is_heard_and_with_it_whether_another_agency_is_decided_on() {
    let own = AgencyCode::new("STP");
    for text in [
        "đồng ý gia hạn II.2/1 của STC đến 15/4",
        "đồng ý gia hạn II.2/1 STC đến 15/4",
        "STC II.2: đồng ý",
        "Nhất trí cho Sở Tài chính gia hạn II.2 đến 15/4",
        "trả lại II.2 của STC vì thiếu phụ lục",
        "II.2 của STC thì anh đồng ý nhé",
        "xác nhận IV.1.b của STC giúp tôi",
    ] {
        assert!(order(text).decides_for_another(&own), "{text}");
    }
    for text in [
        "đồng ý gia hạn II.2/1 của STP đến 15/4",
        "gia hạn II.2 đến 15/4",
        "II.2 thống nhất với STC",
        "xác nhận II.2 đã gửi STC",
    ] {
        let Heard::Order(order) = heard(text) else {
            continue;
        };
        assert!(!order.decides_for_another(&own), "{text}: {order:?}");
    }
    for (text, grants) in [
        ("đồng ý gia hạn II.2/1 của STP đến 15/4", true),
        ("đồng ý gia hạn II.2 đến 15/4", true),
        ("gia hạn II.2 đến 15/4", false),
        ("gia hạn II.2 của STP đến 15/4", false),
        ("đồng ý gia hạn II.2 của STC đến 15/4", false),
    ] {
        assert_eq!(order(text).grants_itself(&own), grants, "{text}");
    }
    let both = order("đồng ý II.2 của STP và STC");
    assert!(!both.plain && both.names_another(&own));
    assert_eq!(both.whose(&own), Some(&"STC".into()));
}

#[test]
fn a_task_that_is_written_otherwise_is_meant_and_in_doubt() {
    let written = order("đồng ý gia hạn việc II2 của STP đến 15/4");
    assert_eq!(
        (written.task.as_deref(), written.plain),
        (Some("II.2"), false)
    );
}

#[test]
fn what_waits_is_asked_for_by_a_word_alone() {
    for text in [
        "quyết định",
        "Quyết định.",
        "quyet dinh",
        "/quyetdinh",
        "/duyet",
        "/duyet@dondoc_bot",
        "duyệt",
        "xem quyết định",
    ] {
        assert_eq!(heard(text), Heard::Show, "{text}");
    }
    assert_ne!(heard("II.2 quyết định số 12/QĐ-SNV"), Heard::Show);
}

proptest! {
    /// No words make the ear panic.
    #[test]
    fn any_text_is_heard(text in "[ a-zđàáạêếồợ0-9II./,?-]{0,60}") {
        let _ = heard(&text);
    }
}
