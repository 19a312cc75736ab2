//! Which days a document may give.

use super::*;

#[test]
fn a_due_day_lies_behind_the_plan_and_the_event() {
    let (issued_on, today) = (day(1, 2), day(4, 13));
    let bounds = Bounds {
        issued_on,
        latest: day(12, 31),
        today,
        past: PastDay::Refused,
        far: FarDay::Refused,
    };
    let check = |change: Change| change.check_days(&bounds);
    let begin = |happened_on, due_on| Change::Begin {
        happened_on,
        due_on,
    };
    let past = BadDay::Past {
        day: day(4, 12),
        today,
    };
    assert_eq!(check(due(day(4, 12))), Err(past));
    assert_eq!(check(due(today)), Ok(()), "it can still be kept");
    let past = Bounds {
        past: PastDay::Meant,
        ..bounds
    };
    let meant = |change: Change| change.check_days(&past);
    assert_eq!(
        meant(due(day(3, 1))),
        Ok(()),
        "a document is recorded late too"
    );
    let early = BadDay::TooEarly {
        day: day(1, 1),
        earliest: issued_on,
    };
    assert_eq!(meant(due(day(1, 1))), Err(early));
    assert_eq!(check(begin(day(4, 10), day(5, 31))), Ok(()));
    assert_eq!(
        check(begin(day(4, 14), day(5, 31))),
        Err(BadDay::NotYet(day(4, 14)))
    );
    let before_event = BadDay::TooEarly {
        day: day(4, 9),
        earliest: day(4, 10),
    };
    assert_eq!(check(begin(day(4, 10), day(4, 9))), Err(before_event));
    assert_eq!(check(Change::Suspend), Ok(()));
}

#[test]
fn a_due_day_beyond_the_plan_is_said_with_purpose() {
    let latest = day(12, 31);
    let bounds = Bounds {
        issued_on: day(1, 2),
        latest,
        today: day(4, 13),
        past: PastDay::Refused,
        far: FarDay::Refused,
    };
    let slip = NaiveDate::from_ymd_opt(2200, 6, 30).unwrap();
    assert_eq!(due(latest).check_days(&bounds), Ok(()));
    let far = BadDay::Far { day: slip, latest };
    assert_eq!(due(slip).check_days(&bounds), Err(far));
    let resume = Change::Resume { due_on: Some(slip) };
    assert_eq!(resume.check_days(&bounds), Err(far));
    let meant = Bounds {
        far: FarDay::Meant,
        ..bounds
    };
    assert_eq!(due(slip).check_days(&meant), Ok(()));
}

fn changes() -> impl Strategy<Value = Change> {
    let days = || (0_u64..400).prop_map(|days| day(1, 1) + chrono::Days::new(days));
    prop_oneof![
        days().prop_map(|on| Change::Due { on }),
        Just(Change::Suspend),
        proptest::option::of(days()).prop_map(|due_on| Change::Resume { due_on }),
        Just(Change::Cancel),
        (days(), days()).prop_map(|(happened_on, due_on)| Change::Begin {
            happened_on,
            due_on
        }),
        Just(Change::Transfer {
            to: vec!["SNV".into()],
        }),
    ]
}

proptest! {
    #[test]
    fn every_change_that_was_made_can_be_taken_back(
        sleeps in any::<bool>(),
        changes in proptest::collection::vec(changes(), 1..12),
    ) {
        let mut one = if sleeps { asleep() } else { open() };
        let first = one.original_due_on;
        for change in changes {
            let Ok(now) = amended(&one, &change) else { continue };
            let was = Terms::of(&one);
            let after = now.applied_to(&one);
            prop_assert_eq!(revoke(&after, &Amended { was, now }), Ok(was));
            prop_assert_eq!(after.act_by.is_some(), after.due_on.is_some());
            prop_assert!(after.act_by <= after.due_on);
            if first.is_some() {
                prop_assert_eq!(after.original_due_on, first);
            }
            // What is asleep has no day, and what is open has one.
            match after.state {
                State::Asleep => prop_assert_eq!(after.due_on, None),
                State::Open => prop_assert!(after.due_on.is_some()),
                _ => {}
            }
            one = after;
        }
    }
}

#[test]
fn a_document_was_signed_before_it_is_recorded_and_after_what_it_changes() {
    let (issued_on, today) = (day(1, 2), day(4, 13));
    let bounds = Bounds {
        issued_on,
        latest: day(12, 31),
        today,
        past: PastDay::Refused,
        far: FarDay::Refused,
    };
    let transfer = Change::Transfer {
        to: vec!["STP".into()],
    };
    let year_before = NaiveDate::from_ymd_opt(2019, 1, 2).unwrap();
    for (change, earliest) in [
        (due(day(5, 1)), issued_on),
        (Change::Suspend, issued_on),
        (transfer, year_before),
    ] {
        let check = |day| change.check_signed(day, &bounds);
        assert_eq!(check(today), Ok(()));
        assert_eq!(check(earliest), Ok(()));
        let day = today.succ_opt().unwrap();
        assert_eq!(check(day), Err(BadDay::Unsigned { day, today }));
        let day = earliest.pred_opt().unwrap();
        assert_eq!(check(day), Err(BadDay::SignedTooEarly { day, earliest }));
    }
}
