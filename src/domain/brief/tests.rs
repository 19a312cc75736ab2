//! What one person hears on one day.

use super::*;
use crate::domain::ladder::{DayUnit, Rung, StartRung, StatusRung};
use crate::domain::tests::owed;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

fn ladder() -> Ladder {
    let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let rung = |id: &str, when, tell: &[Audience]| Rung {
        id: id.into(),
        when,
        tell: tell.to_vec(),
    };
    let before = |days| When::Before {
        days,
        unit: DayUnit::Working,
    };
    let late = |days| When::Late { days, every: None };
    Ladder {
        from: time(7),
        until: time(17),
        rungs: vec![
            rung("w1", before(1), &[Audience::Officer]),
            rung("late1", late(1), &[Audience::Officer, Audience::Head]),
            rung("late3", late(3), &Audience::ALL),
        ],
        status: StatusRung {
            id: "status".into(),
            before: 7,
            tell: vec![Audience::Officer],
        },
        start: StartRung::default(),
    }
}

/// Due on 31/3, followed from Monday 29/6 on, asked about up to Monday 13/7.
fn due_before() -> Obligation {
    Obligation {
        watch: Some(Watch {
            since: day(6, 29),
            settle_by: day(7, 13),
        }),
        ..owed()
    }
}

/// The rung, the urgency and the days left that are told on a day, if anything is.
fn told(one: &Obligation, audience: Audience, on: NaiveDate) -> Option<(String, Urgency, i64)> {
    let ladder = ladder();
    let candidate = Candidate {
        obligation: one,
        audience,
        concern: Concern::Ladder,
        told: None,
        said: None,
        wished: None,
        ladder: &ladder,
    };
    let found = brief(
        &"someone".into(),
        on,
        &[candidate],
        &[],
        &Calendar::default(),
    )?;
    let item = &found.items[0];
    Some((item.rung.to_string(), item.urgency, item.days_left.unwrap()))
}

#[test]
fn on_the_first_morning_the_officers_are_asked_and_nobody_is_accused() {
    let one = due_before();
    assert_eq!(
        told(&one, Audience::Officer, day(6, 29)),
        Some(("start".to_owned(), Urgency::Unclear, 10))
    );
    for above in [Audience::Head, Audience::Monitor, Audience::Leader] {
        assert_eq!(told(&one, above, day(6, 29)), None, "{above:?}");
        assert_eq!(told(&one, above, day(7, 13)), None, "{above:?}");
    }
}

#[test]
fn after_the_days_of_grace_the_silence_climbs_and_its_days_count_from_their_end() {
    let one = due_before();
    assert_eq!(
        told(&one, Audience::Head, day(7, 14)),
        Some(("late1".to_owned(), Urgency::Unanswered, -1))
    );
    assert_eq!(
        told(&one, Audience::Leader, day(7, 16)),
        Some(("late3".to_owned(), Urgency::Unanswered, -3))
    );
}

#[test]
fn what_got_another_day_is_like_anything_else() {
    let one = Obligation {
        due_on: Some(day(7, 10)),
        act_by: Some(day(7, 10)),
        ..due_before()
    };
    assert_eq!(
        told(&one, Audience::Officer, day(7, 9)),
        Some(("w1".to_owned(), Urgency::ThisWeek, 1))
    );
    assert_eq!(
        told(&one, Audience::Head, day(7, 13)),
        Some(("late1".to_owned(), Urgency::Late, -1))
    );
}
