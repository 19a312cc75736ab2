//! What is heard of the monitor's words, and what follows from them.

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::directory::{Agency, AgencyGroup, Contact, Directory, Level, Role};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::plan::MilestoneKind;
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

#[test]
fn an_order_is_understood_to_its_last_word() {
    use Verb::{Accept, Approve, Extend, Refuse, Reject, Return};
    let april = Some(day(4, 15));
    for (text, verb, task, agency, until, reason) in [
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
        ("Gia hạn II.2 STP 15/4", Extend, "II.2", "STP", april, None),
        (
            "Nhất trí cho Sở Tư pháp gia hạn II.2 đến ngày 15/4/2020 nhé",
            Extend,
            "II.2",
            "STP",
            april,
            None,
        ),
        ("STP II.2: đồng ý", Approve, "II.2", "STP", None, None),
        ("Duyệt II.2 của so tu phap", Approve, "II.2", "", None, None),
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
        (
            "trả lại II.2 của Sở Tư pháp",
            Return,
            "II.2",
            "STP",
            None,
            None,
        ),
        ("xác nhận II.2 STP", Accept, "II.2", "STP", None, None),
        (
            "Xác nhận hoàn thành II.2 của UBND thành phố Hội An",
            Accept,
            "II.2",
            "HOIAN",
            None,
            None,
        ),
    ] {
        let heard = order(text);
        assert_eq!(heard.verb, verb, "{text}");
        assert_eq!(heard.task.as_deref(), Some(task), "{text}");
        let code = (!agency.is_empty()).then(|| AgencyCode::new(agency));
        assert_eq!(heard.agency, code, "{text}");
        assert_eq!(heard.day, until, "{text}");
        assert_eq!(heard.reason.as_deref(), reason, "{text}");
        assert_eq!(heard.plain, code.is_some(), "{text}");
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
            Heard::Nothing | Heard::Show => {}
        }
    }
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

#[test]
fn the_monitor_decides_and_nobody_grants_what_they_asked_for() {
    let contact = |agency: &str, role| Contact {
        id: "one".into(),
        agency: agency.into(),
        role,
        title: String::new(),
        channels: Vec::new(),
    };
    let may = |agency: &str, role, owing: &str| {
        may_decide(&contact(agency, role), &"SNV".into(), &owing.into())
    };
    for (agency, role, owing, expected) in [
        ("SNV", Role::Officer, "STP", true),
        ("SNV", Role::Head, "STP", true),
        ("SNV", Role::Deputy, "STP", true),
        ("SNV", Role::Officer, "SNV", false),
        ("SNV", Role::Head, "SNV", true),
        ("STP", Role::Head, "STP", false),
        ("UBND", Role::Head, "STP", false),
    ] {
        assert_eq!(
            may(agency, role, owing),
            expected,
            "{agency} {role:?} {owing}"
        );
    }
}

fn case(pending: Option<Pending>) -> Case {
    Case {
        obligation: Obligation {
            id: ObligationId(1),
            plan: "quang-nam-2020".into(),
            milestone: MilestoneId {
                task: "II.2".into(),
                number: 1,
            },
            agency: "STP".into(),
            kind: MilestoneKind::Due,
            opens_on: Some(day(1, 1)),
            due_on: Some(day(3, 31)),
            original_due_on: Some(day(3, 31)),
            act_by: Some(day(3, 31)),
            state: State::Open,
            done_on: None,
            pending,
            snoozed_until: None,
            taken_from: None,
        },
        past: Past {
            asked_until: Some(day(4, 15)),
            ..Past::default()
        },
        policy: Policy::default(),
        issued_on: NaiveDate::from_ymd_opt(2019, 12, 31).unwrap(),
        stamp: 7,
    }
}

#[test]
fn a_case_offers_what_the_plan_allows() {
    use Choice::{Decline, Grant, Later, OtherDay};
    let calendar = Calendar::default();
    let asks = case(Some(Pending::Extension));
    let with = |policy: Policy, past: Past| Case {
        past,
        policy,
        ..asks.clone()
    };
    let bounded = |most, latest| Policy { most, latest };
    let often = Past {
        extended: 1,
        ..asks.past
    };
    for (one, expected) in [
        (asks.clone(), vec![Grant, OtherDay, Decline, Later]),
        (
            with(Policy::default(), Past::default()),
            vec![OtherDay, Decline, Later],
        ),
        (
            with(bounded(None, Some(day(4, 10))), asks.past),
            vec![OtherDay, Decline, Later],
        ),
        (with(bounded(Some(1), None), often), vec![Decline, Later]),
        (case(Some(Pending::Acceptance)), vec![Grant, Decline, Later]),
        (case(None), vec![]),
        (case(Some(Pending::Reassignment)), vec![]),
    ] {
        assert_eq!(one.choices(day(3, 17), &calendar), expected);
    }
}

#[test]
fn a_choice_leads_to_a_decision_or_to_what_it_lacks() {
    let (asks, claims) = (
        case(Some(Pending::Extension)),
        case(Some(Pending::Acceptance)),
    );
    let resolve = |what| Step::Resolve(what, None);
    for (one, choice, expected) in [
        (
            &asks,
            Choice::Grant,
            resolve(Resolution::Extend { until: None }),
        ),
        (&asks, Choice::OtherDay, Step::Ask(Wants::Day)),
        (
            &asks,
            Choice::Decline,
            Step::Ask(Wants::Reason(Resolution::Refuse)),
        ),
        (&asks, Choice::Later, Step::Next),
        (
            &claims,
            Choice::Grant,
            resolve(Resolution::Accept { on: None }),
        ),
        (
            &claims,
            Choice::Decline,
            Step::Ask(Wants::Reason(Resolution::Return)),
        ),
    ] {
        assert_eq!(
            follow(one, Some(7), Turn::Choose(choice)),
            expected,
            "{choice:?}"
        );
        assert_eq!(
            follow(one, Some(6), Turn::Choose(choice)),
            Step::Stale,
            "{choice:?}"
        );
    }
    let reason = Turn::Reason(Resolution::Refuse, "muộn".to_owned());
    let refused = Step::Resolve(Resolution::Refuse, Some("muộn".to_owned()));
    assert_eq!(follow(&asks, Some(7), reason), refused);
    assert_eq!(follow(&asks, Some(7), Turn::Day(None)), Step::AskDayAgain);
}

#[test]
fn an_approval_means_what_waits() {
    let said = |pending, text: &str| follow(&case(pending), None, Turn::Say(order(text)));
    let (asks, claims) = (Some(Pending::Extension), Some(Pending::Acceptance));
    let resolve = |what| Step::Resolve(what, None);
    assert_eq!(
        said(asks, "đồng ý II.2 STP"),
        resolve(Resolution::Extend { until: None })
    );
    assert_eq!(
        said(claims, "đồng ý II.2 STP"),
        resolve(Resolution::Accept { on: None })
    );
    assert_eq!(
        said(claims, "không đồng ý II.2 STP"),
        Step::Ask(Wants::Reason(Resolution::Return))
    );
    assert_eq!(
        said(asks, "không đồng ý II.2 STP"),
        Step::Ask(Wants::Reason(Resolution::Refuse))
    );
    assert_eq!(said(None, "không đồng ý II.2 STP"), Step::Stale);
    assert_eq!(said(None, "đồng ý II.2 STP"), Step::Stale);
    assert_eq!(said(asks, "đồng ý II.2 STP không?"), Step::Show);
}

proptest! {
    /// Whatever is tapped that was offered on another state of the case changes nothing.
    #[test]
    fn nothing_is_decided_by_what_was_offered_before(
        pending in prop::sample::select(vec![None, Some(Pending::Extension), Some(Pending::Acceptance)]),
        choice in prop::sample::select(vec![Choice::Grant, Choice::OtherDay, Choice::Decline]),
        stamp in 0_i64..20,
    ) {
        let one = case(pending);
        let step = follow(&one, Some(stamp), Turn::Choose(choice));
        if stamp != one.stamp || pending.is_none() {
            prop_assert_eq!(step, Step::Stale);
        } else {
            prop_assert_ne!(step, Step::Stale);
        }
    }

    /// No words break the ear, and none without a verb is an order.
    #[test]
    fn any_text_is_heard(text in "[ a-zđàáạêếồợ0-9II./,?-]{0,60}") {
        let _ = heard(&text);
    }
}
