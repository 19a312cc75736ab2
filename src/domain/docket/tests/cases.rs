//! What a case offers, and what follows from a choice.

use super::*;
use crate::domain::tests::owed;

fn case(pending: Option<Pending>) -> Case {
    Case {
        obligation: Obligation { pending, ..owed() },
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
    let bounded = |most, latest| Policy {
        most,
        latest,
        ..Policy::default()
    };
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
}

#[test]
fn only_words_that_tell_something_are_a_reason() {
    for reason in [
        "phải xong sớm",
        "Văn bản gửi kèm là dự thảo",
        "chờ đến 30/4 thì quá muộn",
        "mới đạt 50%",
        "van ban la du thao",
        "thứ Hai mới có kinh phí",
        "việc này của huyện",
    ] {
        assert!(PHRASES.is_reason(reason), "{reason}");
    }
    for nothing in [
        "30/4",
        "thứ Sáu",
        "thu sau",
        "Chủ nhật",
        "tuần sau nhé",
        "đến thứ Sáu tuần sau",
        "gia hạn đến cuối tháng",
        "đến ngày 30/4",
        "ngày 30 tháng 4",
        "gia hạn đến 30/4 nhé",
        "dong y den 30/4",
        "1. Không",
        "2 2",
        "x x",
        "ok",
        "muộn",
    ] {
        assert!(!PHRASES.is_reason(nothing), "{nothing}");
    }
}

#[test]
fn an_approval_with_a_day_for_its_reason_is_asked_about() {
    let order = order("đồng ý gia hạn II.2/1 của STP vì 30/4");
    assert!(!order.plain && order.reason.is_none(), "{order:?}");
}

#[test]
fn every_answer_has_one_number() {
    let calendar = Calendar::default();
    let asks = case(Some(Pending::Extension));
    let numbers = asks.choices(day(3, 17), &calendar).into_iter();
    assert_eq!(
        numbers.map(Choice::number).collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
}
