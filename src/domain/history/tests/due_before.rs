//! What was due before anybody followed it here.

use super::*;

/// Due on 31/3, followed from Monday 29/6 on, asked about up to Monday 13/7.
fn due_before() -> Obligation {
    let watch = Watch {
        since: day(6, 29),
        settle_by: day(7, 13),
    };
    Obligation {
        watch: Some(watch),
        ..owed()
    }
}

#[test]
fn what_was_due_before_is_not_late_before_the_days_of_grace_are_over_and_late_from_then_on() {
    use crate::domain::obligation::Standing::{OpenLate, Unclear};

    let told = |month, date| {
        let standing = at_end_of(&due_before(), &[], day(month, date));
        let on = day(month, date);
        (
            standing.word(on).unwrap(),
            standing.days_late(on, &Calendar::default()),
            standing.asked_by(on),
        )
    };
    assert_eq!(told(6, 28), (Unclear, 0, None), "before it was followed");
    assert_eq!(told(6, 29), (Unclear, 0, None));
    assert_eq!(told(7, 13), (Unclear, 0, None));
    assert_eq!(told(7, 14), (OpenLate, 1, Some(day(7, 13))));
    assert_eq!(told(7, 27), (OpenLate, 10, Some(day(7, 13))));
    let row = due_before();
    assert_eq!(row.standing(day(7, 13), None), Some(Unclear));
    assert_eq!(row.standing(day(7, 14), None), Some(OpenLate));
}

#[test]
fn what_was_due_before_is_judged_by_the_day_on_which_it_was_done() {
    use crate::domain::obligation::Standing::{DoneLate, DoneOnTime};

    let reported = |done_on| {
        let done = Entry {
            on: day(7, 1),
            stand: Some(Stood {
                state: State::Done,
                done_on: Some(done_on),
                pending: None,
            }),
            ..Entry::default()
        };
        let standing = at_end_of(&due_before(), &[done], day(7, 1));
        let late = standing.days_late(day(7, 20), &Calendar::default());
        (standing.word(day(7, 20)).unwrap(), late)
    };
    assert_eq!(reported(day(3, 20)), (DoneOnTime, 0));
    assert_eq!(reported(day(4, 10)), (DoneLate, 8));
    assert_eq!(reported(day(7, 1)), (DoneLate, 66));
}

#[test]
fn more_time_makes_of_what_was_due_before_one_like_any_other() {
    use crate::domain::obligation::Standing::{OpenLate, OpenOnTime, Waiting};

    let asked = Entry {
        on: day(7, 1),
        stand: Some(stood(State::Open, Some(Pending::Extension))),
        ..Entry::default()
    };
    let granted = Entry {
        on: day(7, 2),
        stand: Some(stood(State::Open, None)),
        due_on: Some(day(7, 8)),
        ..Entry::default()
    };
    let entries = [asked, granted];
    let word = |date| at_end_of(&due_before(), &entries, day(7, date)).word(day(7, date));
    assert_eq!(word(1), Some(Waiting));
    assert_eq!(word(8), Some(OpenOnTime));
    assert_eq!(
        word(9),
        Some(OpenLate),
        "no grace beyond the day that was granted"
    );
}
