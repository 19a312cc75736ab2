//! What becomes of a wish or a claim when a document changes what it is about.

use super::*;

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
            early: EarlyDay::Refused,
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
