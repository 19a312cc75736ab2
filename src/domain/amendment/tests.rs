//! What a document may change, case by case.

mod days;
mod raised;

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
        early: EarlyDay::Refused,
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
fn what_was_done_late_by_its_due_day_is_in_time_by_a_later_one() {
    let done = |on| Obligation {
        done_on: Some(on),
        ..in_state(State::Done)
    };
    let late = done(day(4, 10));
    let moved = amended(&late, &due(day(4, 30))).unwrap();
    assert_eq!((moved.state, moved.due_on), (State::Done, Some(day(4, 30))));
    let after = moved.applied_to(&late);
    assert_eq!(
        (after.done_on, after.original_due_on),
        (Some(day(4, 10)), Some(day(3, 31)))
    );
    // It is as late as before, or as punctual.
    for (one, on) in [(&late, day(4, 5)), (&done(day(3, 20)), day(4, 30))] {
        assert_eq!(amended(one, &due(on)), Err(Unfit::Done));
    }
    // Files that are put right are right for all.
    let calendar = Calendar::default();
    let facts = Facts {
        calendar: &calendar,
        asked_until: None,
        rests: None,
        given_to: None,
        early: EarlyDay::Corrected,
    };
    assert!(amend(&done(day(3, 20)), &due(day(4, 30)), &facts).is_ok());
}

#[test]
fn who_was_granted_more_time_keeps_it() {
    let granted = Obligation {
        due_on: Some(day(5, 15)),
        ..open()
    };
    assert_eq!(
        amended(&granted, &due(day(4, 30))),
        Err(Unfit::Later(day(5, 15)))
    );
    assert!(amended(&granted, &due(day(5, 20))).is_ok());
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
    // Asleep again, it has no day of its own: the next event gives it.
    let owed = begun.applied_to(&asleep());
    let again = Terms::of(&asleep()).applied_to(&owed);
    assert_eq!((again.due_on, again.original_due_on), (None, None));
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
        early: EarlyDay::Refused,
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
    // It was in time by that document alone.
    let again = revoke(&done, &first).unwrap();
    assert_eq!((again.state, again.due_on), (State::Done, Some(day(3, 31))));
    let in_time = Obligation {
        done_on: Some(day(3, 20)),
        ..done
    };
    assert_eq!(revoke(&in_time, &first), Err(Unfit::Done));
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
