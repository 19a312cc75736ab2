use chrono::NaiveTime;
use proptest::prelude::*;

use super::*;
use crate::domain::brief::dates_of;
use crate::domain::calendar::{DayKind, SpecialDay};
use crate::domain::ladder::{Rung, StartRung, StatusRung};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("an ISO date")
}

fn calendar(off: &[NaiveDate]) -> Calendar {
    Calendar::new(off.iter().map(|day| {
        let special = SpecialDay {
            kind: DayKind::Off,
            name: String::new(),
            source: String::new(),
            confirmed: true,
        };
        (*day, special)
    }))
}

/// A ladder of one rung.
fn ladder(when: When) -> Ladder {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
    Ladder {
        from: time(7),
        until: time(17),
        rungs: vec![Rung {
            id: "one".into(),
            when,
            tell: vec![Audience::Officer],
        }],
        status: StatusRung {
            id: "status".into(),
            before: 7,
            tell: vec![Audience::Officer],
        },
        start: StartRung {
            every: 3,
            tell: vec![Audience::Head],
            ..StartRung::default()
        },
    }
}

fn owed(opens_on: Option<NaiveDate>, due_on: Option<NaiveDate>, calendar: &Calendar) -> Obligation {
    Obligation {
        kind: if due_on.is_some() {
            MilestoneKind::Due
        } else {
            MilestoneKind::Continuous
        },
        opens_on,
        due_on,
        original_due_on: due_on,
        act_by: due_on.map(|due| calendar.working_day_not_after(due)),
        ..crate::domain::tests::owed()
    }
}

fn whens() -> impl Strategy<Value = When> {
    let unit = prop_oneof![Just(DayUnit::Calendar), Just(DayUnit::Working)];
    prop_oneof![
        Just(When::Opens),
        (0_u32..40, unit).prop_map(|(days, unit)| When::Before { days, unit }),
        (1_u32..15, proptest::option::of(1_u32..8))
            .prop_map(|(days, every)| When::Late { days, every }),
    ]
}

/// A day of 2020 or so.
fn days() -> impl Strategy<Value = NaiveDate> {
    (0_u64..500).prop_map(|after| day("2019-12-01") + Days::new(after))
}

proptest! {
    /// The two reckonings, forwards and backwards, were written apart and agree.
    #[test]
    fn a_rung_falls_on_the_days_on_which_the_ladder_counts_it(
        when in whens(), opens in proptest::option::of(days()), due in days(), on in days(),
        off in proptest::collection::vec(days(), 0..40),
    ) {
        let calendar = calendar(&off);
        let on = calendar.working_day_not_before(on);
        let ladder = ladder(when);
        let one = owed(opens, Some(due), &calendar);
        let counted = ladder.fallen(&dates_of(&one), Audience::Officer, None, on, &calendar);
        let counted = counted.is_some_and(|fallen| fallen.on == on);
        let rungs = falling(&ladder, on, due, &calendar);
        let found = rungs.iter().find(|one| one.rung.as_str() == "one");
        let falls = found.is_some_and(|rung| rung.falls_on(&one, &calendar));
        prop_assert_eq!(falls, counted, "{:?} of {:?} on {}", when, one, on);
        if let Some(rung) = found.filter(|_| falls) {
            let is_read = rung.due(&calendar).iter().any(|span| span.has(due))
                || rung.opening().is_some_and(|span| opens.is_some_and(|day| span.has(day)));
            prop_assert!(is_read, "the days that are looked for hold it: {:?}", rung);
        }
    }

    #[test]
    fn a_status_is_asked_on_the_days_on_which_the_ladder_asks_it(
        opens in days(), on in days(), off in proptest::collection::vec(days(), 0..40),
    ) {
        let calendar = calendar(&off);
        let on = calendar.working_day_not_before(on);
        let ladder = ladder(When::Opens);
        let one = owed(Some(opens), None, &calendar);
        let counted = ladder.fallen(&dates_of(&one), Audience::Officer, None, on, &calendar);
        let counted = counted.is_some_and(|fallen| fallen.on == on);
        let rungs = falling(&ladder, on, on, &calendar);
        prop_assert_eq!(rungs.iter().any(|rung| rung.falls_on(&one, &calendar)), counted);
    }
}

proptest! {
    /// The same of what was due before it was followed.
    #[test]
    fn what_was_due_before_is_asked_and_late_on_the_days_on_which_the_ladder_counts_it(
        when in whens(), due in days(), after in 1_u64..120, on in days(), grace in 0_u32..15,
        off in proptest::collection::vec(days(), 0..40),
    ) {
        let calendar = calendar(&off);
        let on = calendar.working_day_not_before(on);
        let mut ladder = ladder(when);
        ladder.start.grace = grace;
        let since = calendar.working_day_not_before(due + Days::new(after));
        let one = Obligation {
            watch: Some(ladder.start.watch(since, &calendar)),
            ..owed(None, Some(due), &calendar)
        };
        let rungs = falling(&ladder, on, due, &calendar);
        for (rung, audience) in [("one", Audience::Officer), ("start", Audience::Head)] {
            let counted = ladder.fallen(&dates_of(&one), audience, None, on, &calendar);
            let counted = counted.is_some_and(|fallen| fallen.on == on);
            let found = rungs.iter().find(|one| one.rung.as_str() == rung);
            let falls = found.is_some_and(|rung| rung.falls_on(&one, &calendar));
            prop_assert_eq!(falls, counted, "{} of {:?} on {}", rung, one, on);
        }
    }
}

#[test]
fn what_was_due_before_a_holiday_is_late_on_the_day_after_it() {
    let calendar = calendar(&[day("2020-04-30"), day("2020-05-01")]);
    let ladder = ladder(When::Late {
        days: 1,
        every: None,
    });
    let rungs = falling(&ladder, day("2020-05-04"), day("2020-01-01"), &calendar);
    let spans = rungs[0].due(&calendar);
    let expected = Span {
        first: day("2020-04-29"),
        last: day("2020-05-03"),
    };
    assert_eq!(spans, [expected]);
    let late = owed(None, Some(day("2020-04-30")), &calendar);
    assert!(rungs[0].falls_on(&late, &calendar));
    let done = Obligation {
        state: State::Done,
        ..late
    };
    assert!(!rungs[0].falls_on(&done, &calendar));
}
