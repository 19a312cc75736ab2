//! What the monitor may resolve, case by case.

use proptest::prelude::*;

use super::*;
use crate::domain::tests::owed;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

/// Due on 31/3, open.
fn open(pending: Option<Pending>) -> Obligation {
    Obligation { pending, ..owed() }
}

fn done() -> Obligation {
    Obligation {
        state: State::Done,
        done_on: Some(day(3, 20)),
        ..open(None)
    }
}

fn asked() -> Past {
    Past {
        asked_until: Some(day(4, 18)),
        ..Past::default()
    }
}

fn resolved(
    one: &Obligation,
    what: Resolution,
    past: Past,
    policy: Policy,
) -> Result<Resolved, Unfit> {
    let issued = NaiveDate::from_ymd_opt(2019, 12, 31).unwrap();
    resolve(
        one,
        what,
        past,
        policy,
        issued,
        day(3, 25),
        &Calendar::default(),
    )
}

fn extend(until: Option<NaiveDate>) -> Resolution {
    Resolution::Extend { until }
}

#[test]
fn the_day_that_was_asked_for_is_granted_unless_another_is_given() {
    let waits = open(Some(Pending::Extension));
    let granted = resolved(&waits, extend(None), asked(), Policy::default());
    // 18/4/2020 is a Saturday.
    let expected = Resolved::Extended {
        due_on: day(4, 18),
        act_by: day(4, 17),
    };
    assert_eq!(granted, Ok(expected));
    let other = resolved(&waits, extend(Some(day(4, 10))), asked(), Policy::default());
    let expected = Resolved::Extended {
        due_on: day(4, 10),
        act_by: day(4, 10),
    };
    assert_eq!(other, Ok(expected));
}

#[test]
fn what_nobody_asked_for_can_be_extended_to_a_day_that_is_given() {
    let one = open(None);
    assert!(
        resolved(
            &one,
            extend(Some(day(4, 30))),
            Past::default(),
            Policy::default()
        )
        .is_ok()
    );
    let without = resolved(&one, extend(None), Past::default(), Policy::default());
    assert_eq!(without, Err(Unfit::NoDay));
}

#[test]
fn a_wish_that_no_longer_waits_names_no_day() {
    let granted = resolved(&open(None), extend(None), asked(), Policy::default());
    assert_eq!(granted, Err(Unfit::NoDay));
}

#[test]
fn of_several_milestones_the_one_that_waits_is_meant() {
    let (claimed, asked) = (
        open(Some(Pending::Acceptance)),
        open(Some(Pending::Extension)),
    );
    let accept = Resolution::Accept { on: None };
    assert!(accept.fits(&claimed) && !accept.fits(&done()) && !accept.fits(&asked));
    assert!(Resolution::Refuse.fits(&asked) && !Resolution::Refuse.fits(&claimed));
    assert!(Resolution::Return.fits(&claimed) && Resolution::Return.fits(&done()));
    assert!(!Resolution::Return.fits(&asked) && !extend(None).fits(&done()));
}

#[test]
fn an_extension_ends_later_and_within_what_the_plan_allows() {
    let waits = open(Some(Pending::Extension));
    let earlier = resolved(&waits, extend(Some(day(3, 31))), asked(), Policy::default());
    assert_eq!(earlier, Err(Unfit::NotLater { due_on: day(3, 31) }));
    // Who was due in February is not helped by a day that is over by now.
    let late = Obligation {
        due_on: Some(day(2, 17)),
        ..open(Some(Pending::Extension))
    };
    let over = resolved(&late, extend(Some(day(3, 24))), asked(), Policy::default());
    let (day_over, today) = (day(3, 24), day(3, 25));
    assert_eq!(
        over,
        Err(Unfit::Past {
            day: day_over,
            today
        })
    );
    assert!(resolved(&late, extend(Some(today)), asked(), Policy::default()).is_ok());
    let until = Policy {
        latest: Some(day(4, 15)),
        ..Policy::default()
    };
    let beyond = resolved(&waits, extend(None), asked(), until);
    assert_eq!(beyond, Err(Unfit::TooLate { latest: day(4, 15) }));
    let twice = Policy {
        most: Some(2),
        ..Policy::default()
    };
    let third = Past {
        extended: 2,
        ..asked()
    };
    assert_eq!(
        resolved(&waits, extend(None), third, twice),
        Err(Unfit::TooOften { most: 2 })
    );
    assert!(
        resolved(
            &waits,
            extend(None),
            Past {
                extended: 1,
                ..asked()
            },
            twice
        )
        .is_ok()
    );
}

#[test]
fn only_a_wish_that_waits_can_be_refused() {
    let refused = |one: &Obligation| resolved(one, Resolution::Refuse, asked(), Policy::default());
    assert_eq!(
        refused(&open(Some(Pending::Extension))),
        Ok(Resolved::Refused)
    );
    assert_eq!(refused(&open(None)), Err(Unfit::NothingAsked));
    assert_eq!(refused(&done()), Err(Unfit::NotOpen));
}

#[test]
fn a_claim_is_accepted_on_the_day_that_was_claimed_or_another_in_the_past() {
    let claimed = open(Some(Pending::Acceptance));
    let past = Past {
        claimed_on: Some(day(3, 20)),
        ..Past::default()
    };
    let accept = |on| resolved(&claimed, Resolution::Accept { on }, past, Policy::default());
    assert_eq!(
        accept(None),
        Ok(Resolved::Accepted {
            done_on: day(3, 20)
        })
    );
    assert_eq!(
        accept(Some(day(3, 24))),
        Ok(Resolved::Accepted {
            done_on: day(3, 24)
        })
    );
    assert_eq!(
        accept(Some(day(3, 26))),
        Err(Unfit::BadDay { day: day(3, 26) })
    );
    let unclaimed = resolved(
        &open(None),
        Resolution::Accept { on: None },
        past,
        Policy::default(),
    );
    assert_eq!(unclaimed, Err(Unfit::NothingClaimed));
}

#[test]
fn a_completion_is_returned_whether_it_waits_or_stands() {
    let returned =
        |one: &Obligation| resolved(one, Resolution::Return, Past::default(), Policy::default());
    assert_eq!(
        returned(&open(Some(Pending::Acceptance))),
        Ok(Resolved::Returned)
    );
    assert_eq!(returned(&done()), Ok(Resolved::Returned));
    assert_eq!(returned(&open(None)), Err(Unfit::NothingClaimed));
}

#[test]
fn more_time_settles_no_claim() {
    let granted = Resolved::Extended {
        due_on: day(4, 15),
        act_by: day(4, 15),
    };
    let leaves = |waited| granted.leaves(Some(waited));
    assert_eq!(leaves(Pending::Extension), None);
    assert_eq!(leaves(Pending::Acceptance), Some(Pending::Acceptance));
    assert_eq!(leaves(Pending::Reassignment), Some(Pending::Reassignment));
    let accepted = Resolved::Accepted { done_on: day(4, 1) };
    assert_eq!(accepted.leaves(Some(Pending::Reassignment)), None);
}

fn decided(before: &Obligation, what: Resolved) -> Obligation {
    let mut after = before.clone();
    after.snoozed_until = None;
    match what {
        Resolved::Extended { due_on, act_by } => {
            (after.due_on, after.act_by) = (Some(due_on), Some(act_by));
            after.pending = what.leaves(before.pending);
        }
        Resolved::Refused => after.pending = None,
        Resolved::Accepted { done_on } => {
            (after.state, after.done_on, after.pending) = (State::Done, Some(done_on), None);
        }
        Resolved::Returned => {
            (after.state, after.done_on) = (State::Open, None);
            after.pending = before.pending.filter(|one| *one != Pending::Acceptance);
        }
    }
    after
}

fn former(one: &Obligation, what: Resolved) -> Former {
    Former {
        stand: Stand::of(one),
        due_on: one.due_on,
        left: what.leaves(one.pending),
    }
}

#[test]
fn what_changed_since_is_not_taken_back() {
    let before = open(Some(Pending::Extension));
    let granted = Resolved::Extended {
        due_on: day(4, 15),
        act_by: day(4, 15),
    };
    let after = decided(&before, granted);
    let calendar = Calendar::default();
    let revoked = |now: &Obligation| revoke(now, granted, former(&before, granted), &calendar);
    assert_eq!(revoked(&after), Ok(before.clone()));
    let done = Obligation {
        state: State::Done,
        done_on: Some(day(4, 1)),
        ..after.clone()
    };
    let asked_again = Obligation {
        pending: Some(Pending::Extension),
        ..after.clone()
    };
    let moved_again = Obligation {
        due_on: Some(day(5, 4)),
        ..after
    };
    for now in [done, asked_again, moved_again, before.clone()] {
        assert_eq!(revoked(&now), Err(Unfit::ChangedSince), "{now:?}");
    }
}

proptest! {
    /// Taking back restores what was decided upon, whatever it was.
    #[test]
    fn a_decision_that_is_taken_back_leaves_no_trace_on_the_obligation(
        waits in prop::sample::select(vec![None, Some(Pending::Extension), Some(Pending::Acceptance), Some(Pending::Reassignment)]),
        is_done in any::<bool>(),
        what in prop::sample::select(vec![
            Resolution::Extend { until: None }, Resolution::Refuse, Resolution::Accept { on: None }, Resolution::Return,
        ]),
    ) {
        let before = if is_done { done() } else { open(waits) };
        if let Ok(what) = resolved(&before, what, asked(), Policy::default()) {
            let after = decided(&before, what);
            let back = revoke(&after, what, former(&before, what), &Calendar::default());
            prop_assert_eq!(back, Ok(before));
        }
    }
}
