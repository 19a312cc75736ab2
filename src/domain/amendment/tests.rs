//! What a document may change, case by case.

use proptest::prelude::*;

use super::*;
use crate::domain::tests::owed;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

/// Due on 31/3, open.
fn open() -> Obligation {
    Obligation {
        snoozed_until: Some(day(3, 20)),
        ..owed()
    }
}

fn asleep() -> Obligation {
    Obligation {
        kind: MilestoneKind::Event,
        opens_on: None,
        due_on: None,
        original_due_on: None,
        act_by: None,
        state: State::Asleep,
        snoozed_until: None,
        ..open()
    }
}

fn in_state(state: State) -> Obligation {
    Obligation { state, ..open() }
}

fn waiting(pending: Pending) -> Obligation {
    Obligation {
        pending: Some(pending),
        ..open()
    }
}

fn asked(until: Option<NaiveDate>, one: &Obligation, change: &Change) -> Result<Terms, Unfit> {
    let calendar = Calendar::default();
    let facts = Facts {
        calendar: &calendar,
        asked_until: until,
        rests: None,
        given_to: None,
    };
    amend(one, change, &facts)
}

fn amended(one: &Obligation, change: &Change) -> Result<Terms, Unfit> {
    asked(None, one, change)
}

const fn due(on: NaiveDate) -> Change {
    Change::Due { on }
}

#[test]
fn another_due_day_keeps_the_first_beside_it() {
    let terms = amended(&open(), &due(day(6, 28))).unwrap();
    // A Sunday: people act by the Friday before.
    assert_eq!(
        (terms.due_on, terms.act_by),
        (Some(day(6, 28)), Some(day(6, 26)))
    );
    let after = terms.applied_to(&open());
    assert_eq!(after.original_due_on, Some(day(3, 31)));
    assert_eq!((after.state, after.snoozed_until), (State::Open, None));
    assert_eq!(
        amended(&open(), &due(day(3, 31))),
        Err(Unfit::Same(day(3, 31)))
    );
    let late_window = Obligation {
        opens_on: Some(day(3, 1)),
        ..open()
    };
    assert_eq!(
        amended(&late_window, &due(day(2, 20))),
        Err(Unfit::BeforeOpening(day(3, 1)))
    );
}

#[test]
fn a_wish_for_more_time_is_granted_by_a_document_that_gives_as_much() {
    let wish = waiting(Pending::Extension);
    let pending = |until, on| asked(until, &wish, &due(on)).unwrap().pending;
    assert_eq!(pending(Some(day(4, 15)), day(4, 15)), None);
    assert_eq!(
        pending(Some(day(4, 15)), day(4, 10)),
        Some(Pending::Extension)
    );
    assert_eq!(
        pending(None, day(4, 10)),
        None,
        "a wish that names no day is content with any"
    );
}

#[test]
fn what_is_done_is_never_touched() {
    let done = Obligation {
        done_on: Some(day(3, 20)),
        ..in_state(State::Done)
    };
    let changes = [
        due(day(6, 30)),
        Change::Suspend,
        Change::Resume { due_on: None },
        Change::Cancel,
        Change::Begin {
            happened_on: day(3, 1),
            due_on: day(6, 1),
        },
        Change::Transfer {
            to: vec!["SNV".into()],
        },
    ];
    for change in changes {
        assert_eq!(amended(&done, &change), Err(Unfit::Done), "{change:?}");
    }
}

#[test]
fn suspended_and_cancelled_end_what_waits_and_resumed_is_owed_again() {
    let wish = waiting(Pending::Extension);
    for (change, state) in [
        (Change::Suspend, State::Suspended),
        (Change::Cancel, State::Cancelled),
    ] {
        let terms = amended(&wish, &change).unwrap();
        assert_eq!((terms.state, terms.pending), (state, None));
        assert_eq!(terms.due_on, Some(day(3, 31)), "the day is remembered");
        let again = terms.applied_to(&wish);
        let resumed = amended(&again, &Change::Resume { due_on: None }).unwrap();
        assert_eq!(
            (resumed.state, resumed.due_on),
            (State::Open, Some(day(3, 31)))
        );
        let later = Change::Resume {
            due_on: Some(day(6, 30)),
        };
        assert_eq!(amended(&again, &later).unwrap().due_on, Some(day(6, 30)));
    }
    let claimed = waiting(Pending::Acceptance);
    assert_eq!(amended(&claimed, &Change::Cancel), Err(Unfit::Claimed));
    assert_eq!(amended(&claimed, &Change::Suspend), Err(Unfit::Claimed));
    assert_eq!(
        amended(&open(), &Change::Resume { due_on: None }),
        Err(Unfit::Running)
    );
    assert_eq!(
        amended(&in_state(State::Suspended), &Change::Suspend),
        Err(Unfit::Suspended)
    );
    assert_eq!(
        amended(&in_state(State::Cancelled), &Change::Cancel),
        Err(Unfit::Cancelled)
    );
    assert_eq!(
        amended(&in_state(State::Suspended), &due(day(6, 30)))
            .unwrap()
            .state,
        State::Suspended,
        "a day that is moved meanwhile waits with it"
    );
}

#[test]
fn what_sleeps_wakes_by_its_event_and_by_nothing_else() {
    let event = Change::Begin {
        happened_on: day(4, 10),
        due_on: day(5, 31),
    };
    let begun = amended(&asleep(), &event).unwrap();
    assert_eq!(
        (begun.state, begun.opens_on),
        (State::Open, Some(day(4, 10)))
    );
    assert_eq!(
        (begun.due_on, begun.act_by),
        (Some(day(5, 31)), Some(day(5, 29)))
    );
    assert_eq!(
        begun.applied_to(&asleep()).original_due_on,
        Some(day(5, 31))
    );
    assert_eq!(amended(&open(), &event), Err(Unfit::NotAsleep));
    assert_eq!(amended(&asleep(), &due(day(5, 31))), Err(Unfit::Asleep));
    // Suspended in its sleep, it sleeps on when it is resumed.
    let held = amended(&asleep(), &Change::Suspend)
        .unwrap()
        .applied_to(&asleep());
    let resumed = amended(&held, &Change::Resume { due_on: None }).unwrap();
    assert_eq!((resumed.state, resumed.due_on), (State::Asleep, None));
}

#[test]
fn continuous_work_has_no_day_to_move() {
    let continuous = Obligation {
        kind: MilestoneKind::Continuous,
        due_on: None,
        original_due_on: None,
        act_by: None,
        ..open()
    };
    assert_eq!(
        amended(&continuous, &due(day(6, 30))),
        Err(Unfit::Continuous)
    );
    let held = amended(&continuous, &Change::Suspend)
        .unwrap()
        .applied_to(&continuous);
    let resume = Change::Resume {
        due_on: Some(day(6, 30)),
    };
    let resumed = amended(&held, &resume).unwrap();
    assert_eq!((resumed.state, resumed.due_on), (State::Open, None));
}

#[test]
fn what_was_given_away_is_gone() {
    let to = AgencyCode::new("STTTT");
    let given = amended(
        &open(),
        &Change::Transfer {
            to: vec![to.clone()],
        },
    )
    .unwrap();
    assert_eq!(given.state, State::Cancelled);
    let calendar = Calendar::default();
    let facts = Facts {
        calendar: &calendar,
        asked_until: None,
        rests: None,
        given_to: Some(std::slice::from_ref(&to)),
    };
    let gone = given.applied_to(&open());
    assert_eq!(
        amend(&gone, &Change::Resume { due_on: None }, &facts),
        Err(Unfit::Gone(vec![to]))
    );
    let own = Change::Transfer {
        to: vec!["STP".into(), "SNV".into()],
    };
    assert_eq!(amended(&open(), &own), Err(Unfit::SameAgency("STP".into())));
}

#[test]
fn only_the_latest_change_is_taken_back() {
    let first = Amended {
        was: Terms::of(&open()),
        now: amended(&open(), &due(day(4, 30))).unwrap(),
    };
    let after = first.now.applied_to(&open());
    assert_eq!(revoke(&after, &first), Ok(first.was));
    let later = amended(&after, &due(day(6, 30)))
        .unwrap()
        .applied_to(&after);
    assert_eq!(revoke(&later, &first), Err(Unfit::ChangedSince));
    let done = Obligation {
        state: State::Done,
        done_on: Some(day(4, 2)),
        ..after.clone()
    };
    assert_eq!(revoke(&done, &first), Err(Unfit::Done));
    // What was asked or claimed since is about the same obligation, and waits on.
    for pending in Pending::ALL {
        let asks = Obligation {
            pending: Some(pending),
            ..after.clone()
        };
        let waits = Terms {
            pending: Some(pending),
            ..first.was
        };
        assert_eq!(revoke(&asks, &first), Ok(waits), "{pending:?}");
    }
}

#[test]
fn what_was_decided_since_is_decided_when_a_document_is_taken_back() {
    let wish = waiting(Pending::Extension);
    let moved = Amended {
        was: Terms::of(&wish),
        now: asked(Some(day(4, 15)), &wish, &due(day(4, 10))).unwrap(),
    };
    let refused = Obligation {
        pending: None,
        ..moved.now.applied_to(&wish)
    };
    assert_eq!(revoke(&refused, &moved).unwrap().pending, None);
}

#[test]
fn a_claim_is_never_ended_with_what_it_is_about() {
    let resumed = Amended {
        was: Terms::of(&in_state(State::Suspended)),
        now: Terms::of(&open()),
    };
    let claimed = waiting(Pending::Acceptance);
    assert_eq!(revoke(&claimed, &resumed), Err(Unfit::Claimed));
    let wish = waiting(Pending::Extension);
    assert_eq!(revoke(&wish, &resumed), Ok(resumed.was));
}

#[test]
fn a_wish_rests_while_it_is_not_owed_and_waits_again_unless_the_new_day_grants_it() {
    let wish = waiting(Pending::Extension);
    let held = asked(Some(day(4, 15)), &wish, &Change::Suspend).unwrap();
    assert_eq!(held.pending, None);
    let held = held.applied_to(&wish);
    let resume = |due_on, until| {
        let calendar = Calendar::default();
        let facts = Facts {
            calendar: &calendar,
            asked_until: until,
            rests: Some(Pending::Extension),
            given_to: None,
        };
        amend(&held, &Change::Resume { due_on }, &facts)
            .unwrap()
            .pending
    };
    let waits = Some(Pending::Extension);
    assert_eq!(resume(None, Some(day(4, 15))), waits);
    assert_eq!(resume(None, None), waits, "the day it had grants nothing");
    assert_eq!(resume(Some(day(4, 10)), Some(day(4, 15))), waits);
    assert_eq!(resume(Some(day(4, 15)), Some(day(4, 15))), None);
}

#[test]
fn what_becomes_of_what_waits_has_a_word_for_every_change() {
    let wish = Terms::of(&waiting(Pending::Extension));
    let after = |kind, was: &Terms, now: Terms, is_taken_over| {
        Request::after(kind, was, &now, is_taken_over).map(|(_, becomes)| becomes)
    };
    let without = |state| Terms {
        state,
        pending: None,
        ..wish
    };
    let is = |kind, state, expected| {
        assert_eq!(after(kind, &wish, without(state), false), Some(expected));
    };
    is(Kind::Due, State::Open, Request::Answered);
    is(Kind::Suspended, State::Suspended, Request::Rests);
    is(Kind::Cancelled, State::Cancelled, Request::Ends);
    is(Kind::Transferred, State::Cancelled, Request::Ends);
    let gone = without(State::Cancelled);
    assert_eq!(
        after(Kind::Transferred, &wish, gone, true),
        Some(Request::Moves)
    );
    assert_eq!(
        after(Kind::Received, &gone, wish, false),
        Some(Request::Moves)
    );
    assert_eq!(after(Kind::Due, &wish, wish, false), Some(Request::Waits));
    assert_eq!(
        after(Kind::Revoked, &gone, wish, false),
        Some(Request::Returns)
    );
    assert_eq!(after(Kind::Due, &gone, gone, false), None);
    let theirs = Terms::of(&waiting(Pending::Reassignment));
    assert_eq!(
        after(Kind::Transferred, &theirs, gone, true),
        Some(Request::Answered)
    );
}

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
