//! How an obligation stood, told from its ledger.

mod due_before;

use super::*;
use crate::domain::tests::owed;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

/// Due on 31/3 by the plan, extended to 15/4 since.
fn extended() -> Obligation {
    Obligation {
        due_on: Some(day(4, 15)),
        act_by: Some(day(4, 15)),
        ..owed()
    }
}

fn stood(state: State, pending: Option<Pending>) -> Stood {
    Stood {
        state,
        done_on: None,
        pending,
    }
}

fn ledger() -> Vec<Entry> {
    let asked = Entry {
        on: day(4, 2),
        stand: Some(stood(State::Open, Some(Pending::Extension))),
        said: Some(Saying {
            on: day(4, 2),
            blocked: false,
            quote: "xin đến 15/4".to_owned(),
            takes_back: None,
            returned: None,
        }),
        ..Entry::default()
    };
    let granted = Entry {
        on: day(4, 8),
        stand: Some(stood(State::Open, None)),
        due_on: Some(day(4, 15)),
        ..Entry::default()
    };
    vec![asked, granted]
}

#[test]
fn a_day_knows_its_own_lines_and_not_those_after_it() {
    let at = |date| at_end_of(&extended(), &ledger(), day(4, date));
    assert_eq!((at(1).due_on, at(1).said), (Some(day(3, 31)), None));
    assert_eq!(at(1).stood.pending, None);
    assert_eq!(at(2).stood.pending, Some(Pending::Extension));
    assert_eq!(at(7).due_on, Some(day(3, 31)));
    assert_eq!(
        (at(8).due_on, at(8).stood.pending),
        (Some(day(4, 15)), None)
    );
}

#[test]
fn lateness_begins_after_the_due_day_and_ends_with_an_extension() {
    let late = |date| at_end_of(&extended(), &ledger(), day(4, date)).is_late(day(4, date));
    assert!(
        late(1) && !late(2) && !late(7),
        "from the 2nd on a decision is wanting"
    );
    assert!(!late(8) && !late(15) && late(16));
    let due = at_end_of(&extended(), &ledger(), day(3, 31));
    assert!(!due.is_late(day(3, 31)));
}

#[test]
fn silence_is_a_late_item_of_which_nothing_was_ever_said() {
    let silent = |date| at_end_of(&extended(), &ledger(), day(4, date)).is_silent(day(4, date));
    assert!(silent(1));
    assert!(!silent(2), "more time was asked for");
    assert!(!silent(16), "it has answered, if only before the new day");
    let mut early = ledger();
    early.truncate(1);
    early[0].on = day(3, 20);
    early[0].stand = Some(stood(State::Open, None));
    let at = at_end_of(&extended(), &early, day(4, 6));
    assert!(
        at.is_late(day(4, 6)) && !at.is_silent(day(4, 6)),
        "a word before the due day is a word"
    );
}

/// A claim of this day of April that waits, made on the 10th.
fn claimed(date: u32, month: u32) -> Entry {
    Entry {
        on: day(4, 10),
        stand: Some(stood(State::Open, Some(Pending::Acceptance))),
        asked: Some(Asked {
            on: day(4, 10),
            day: Some(day(month, date)),
            document: None,
            quote: "đã xong".to_owned(),
            last: String::new(),
        }),
        ..Entry::default()
    }
}

#[test]
fn a_claim_that_waits_is_no_lateness_unless_its_own_day_is_late() {
    let on = day(4, 20);
    let calendar = Calendar::default();
    let told = |entry: Entry| {
        let at = at_end_of(&owed(), &[entry], on);
        (at.word(on), at.days_late(on, &calendar))
    };
    let waits = Some(obligation::Standing::Waiting);
    let late = Some(obligation::Standing::OpenLate);
    assert_eq!(told(claimed(31, 3)), (waits, 0));
    assert_eq!(
        told(claimed(2, 4)),
        (late, 2),
        "up to the claim, not to today"
    );
    let before = at_end_of(&owed(), &[claimed(31, 3)], day(4, 9));
    assert_eq!(before.word(day(4, 9)), late, "nothing was claimed by then");
}

#[test]
fn a_wish_for_more_time_is_no_lateness_up_to_the_day_that_it_asks_for() {
    let wished = |until| Entry {
        on: day(4, 2),
        stand: Some(stood(State::Open, Some(Pending::Extension))),
        asked: Some(Asked {
            on: day(4, 2),
            day: until,
            document: None,
            quote: "xin thêm thời gian".to_owned(),
            last: String::new(),
        }),
        ..Entry::default()
    };
    let told = |until, date| {
        let at = at_end_of(&owed(), &[wished(until)], day(4, date));
        (at.word(day(4, date)), at.is_undecided())
    };
    let (waits, late) = (
        obligation::Standing::Waiting,
        obligation::Standing::OpenLate,
    );
    assert_eq!(told(Some(day(4, 10)), 10), (Some(waits), true));
    assert_eq!(
        told(Some(day(4, 10)), 11),
        (Some(late), true),
        "decided or not"
    );
    assert_eq!(
        told(None, 11),
        (Some(waits), true),
        "it is asked until when"
    );
}

#[test]
fn what_is_not_counted_is_told_why_by_one_rule() {
    use crate::domain::plan::MilestoneKind::{Continuous, Due};
    let of = |kind, state, is_owed, gives_away| {
        let one = Obligation {
            due_on: (kind == Due).then(|| day(3, 31)),
            original_due_on: (kind == Due).then(|| day(3, 31)),
            kind,
            ..owed()
        };
        let entry = Entry {
            on: day(4, 2),
            stand: Some(stood(state, None)),
            gives_away,
            ..Entry::default()
        };
        at_end_of(&one, &[entry], day(4, 3)).uncounted(kind, is_owed)
    };
    for (kind, state, is_owed, gives_away, why) in [
        (Due, State::Open, true, false, None),
        (Due, State::Done, false, false, None),
        (Due, State::Open, false, false, Some(Uncounted::Gone)),
        (
            Due,
            State::Cancelled,
            true,
            true,
            Some(Uncounted::Transferred),
        ),
        (
            Due,
            State::Cancelled,
            true,
            false,
            Some(Uncounted::Cancelled),
        ),
        (
            Continuous,
            State::Open,
            true,
            false,
            Some(Uncounted::Continuous),
        ),
        (
            Continuous,
            State::Done,
            true,
            false,
            Some(Uncounted::Continuous),
        ),
        (
            Continuous,
            State::Suspended,
            true,
            false,
            Some(Uncounted::Suspended),
        ),
        (
            Continuous,
            State::Cancelled,
            true,
            false,
            Some(Uncounted::Cancelled),
        ),
    ] {
        assert_eq!(
            of(kind, state, is_owed, gives_away),
            why,
            "{kind:?} {state:?}"
        );
    }
}

#[test]
fn what_a_later_line_gives_was_not_there_before_and_what_comes_back_was() {
    let given = |on, begins| Entry {
        on,
        begins,
        gives_away: !begins,
        stand: Some(stood(
            if begins {
                State::Open
            } else {
                State::Cancelled
            },
            None,
        )),
        ..Entry::default()
    };
    let told = |entries: &[Entry], date| {
        let kind = crate::domain::plan::MilestoneKind::Due;
        at_end_of(&owed(), entries, day(4, date)).uncounted(kind, true)
    };
    let taken = [given(day(4, 10), true)];
    assert_eq!(told(&taken, 9), Some(Uncounted::Ahead));
    assert_eq!(told(&taken, 10), None);
    let back = [given(day(4, 10), false), given(day(4, 14), true)];
    assert_eq!(told(&back, 9), None, "it was there all the while");
    assert_eq!(told(&back, 13), Some(Uncounted::Transferred));
    assert_eq!(told(&back, 14), None);
    let late = at_end_of(&owed(), &back, day(4, 9));
    assert!(late.is_late(day(4, 9)) && !late.is_ahead);
}

#[test]
fn what_was_taken_back_was_not_said() {
    let mut ledger = ledger();
    ledger.truncate(1);
    ledger.push(Entry {
        on: day(4, 3),
        stand: Some(stood(State::Open, None)),
        forgets: true,
        ..Entry::default()
    });
    let at = |date| at_end_of(&extended(), &ledger, day(4, date));
    assert!(at(2).said.is_some() && at(3).said.is_none());
    assert!(at(3).is_silent(day(4, 3)));
}

#[test]
fn a_document_stands_until_it_is_taken_back() {
    let given = |date, document: &str| Entry {
        on: day(4, date),
        document: Some(document.to_owned()),
        ..Entry::default()
    };
    let taken_back = Entry {
        on: day(4, 5),
        forgets: true,
        withdrawn: vec!["12/KH-STP".to_owned()],
        ..Entry::default()
    };
    let ledger = [
        given(2, "12/KH-STP"),
        given(3, "12/KH-STP"),
        given(4, "13/BC-STP"),
        taken_back,
    ];
    let at = |date| at_end_of(&extended(), &ledger, day(4, date)).documents;
    assert_eq!(at(1), [""; 0]);
    assert_eq!(at(4), ["12/KH-STP", "13/BC-STP"]);
    assert_eq!(at(5), ["13/BC-STP"]);
}

#[test]
fn what_is_suspended_was_not_late() {
    let held = Obligation {
        state: State::Suspended,
        ..extended()
    };
    assert!(!at_end_of(&held, &ledger(), day(4, 8)).is_late(day(4, 8)));
}

#[test]
fn an_amendment_that_is_taken_back_leaves_the_plan_its_day_and_not_that_of_an_extension() {
    let moves = |date, due_on| Entry {
        on: day(4, date),
        due_on: Some(due_on),
        ..Entry::default()
    };
    let amends = |date, due_on| Entry {
        amends: Some(Amends::Forward),
        ..moves(date, due_on)
    };
    let taken_back = |date, due_on| Entry {
        amends: Some(Amends::Back),
        ..moves(date, due_on)
    };
    let ledger = [
        amends(1, day(5, 10)),
        moves(2, day(5, 20)),
        amends(3, day(6, 30)),
        taken_back(4, day(5, 20)),
        taken_back(5, day(6, 30)),
    ];
    let plan_day = |date| plan_day_of(day(3, 31), &ledger, day(4, date));
    assert_eq!(plan_day(5), day(6, 30), "taken back itself");
    assert_eq!(
        [1, 2, 3, 4].map(plan_day),
        [day(5, 10), day(5, 10), day(6, 30), day(5, 10)]
    );
    let first = [
        moves(1, day(4, 15)),
        amends(2, day(5, 5)),
        taken_back(3, day(4, 15)),
    ];
    assert_eq!(plan_day_of(day(3, 31), &first, day(4, 9)), day(3, 31));
}

#[test]
fn a_day_that_a_document_gave_is_known_with_the_document_and_no_extension_is_one() {
    let moved = |date, due_on, by: &str, amends| Entry {
        on: day(4, date),
        due_on: Some(due_on),
        moved_by: Some(by.to_owned()),
        amends,
        ..Entry::default()
    };
    let ledger = [
        moved(1, day(4, 15), "45/SNV", None),
        moved(2, day(4, 30), "905/QĐ-UBND", Some(Amends::Forward)),
        moved(3, day(5, 15), "46/SNV", None),
    ];
    let by = |date| amended_day_of(day(3, 31), &ledger, day(4, date));
    assert_eq!(by(1), None);
    let amended = AmendedDay {
        on: day(4, 30),
        by: Some("905/QĐ-UBND".to_owned()),
    };
    assert_eq!([2, 3].map(by), [Some(amended.clone()), Some(amended)]);
}
