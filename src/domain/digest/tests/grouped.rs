//! What of a digest is told together: by task, by agency, by what documents changed.

use super::*;

#[test]
fn what_documents_changed_makes_the_totals_of_two_digests_add_up() {
    let amends = |on: NaiveDate, state: State| Entry {
        on,
        stand: Some(Stood {
            state,
            done_on: None,
            pending: None,
        }),
        amends: Some(Amends::Forward),
        ..Entry::default()
    };
    let (before, within) = (day(3, 6), day(3, 11));
    let moved = |on| Entry {
        due_on: Some(day(5, 29)),
        ..amends(on, State::Open)
    };
    let back = Entry {
        due_on: Some(day(3, 31)),
        amends: Some(Amends::Back),
        ..amends(day(3, 12), State::Open)
    };
    let given = Entry {
        gives_away: true,
        ..amends(within, State::Cancelled)
    };
    let taken = Entry {
        begins: true,
        ..amends(within, State::Open)
    };
    let ledgers = [
        vec![moved(within)],
        vec![moved(before)],
        vec![moved(within), back],
        vec![amends(within, State::Suspended)],
        vec![
            amends(before, State::Suspended),
            amends(within, State::Open),
        ],
        vec![amends(within, State::Cancelled)],
        vec![given.clone()],
        vec![given],
        vec![taken],
        vec![said(within, false, None)],
    ];
    let all: Vec<_> = (1..)
        .zip(ledgers)
        .map(|(id, ledger)| (owed(id, "STP", day(3, 31)), ledger))
        .collect();
    let amended = Amended {
        moved: 1,
        suspended: 1,
        resumed: 1,
        cancelled: 1,
        transferred: 2,
        given_back: 0,
        taken: 1,
        begun: 0,
    };
    assert_eq!(of_monday(&all).amended, amended);
}

#[test]
fn tasks_of_one_day_that_as_many_owe_stand_in_the_order_of_the_plan() {
    let task = |mut one: Obligation, number| {
        one.milestone.number = number;
        (one, Vec::new())
    };
    let all = [
        task(owed(1, "STP", day(3, 12)), 10),
        task(owed(2, "SNN", day(3, 12)), 9),
    ];
    let digest = of_monday(&all);
    let numbers = |backwards: bool| -> Vec<u16> {
        let place = |id: &MilestoneId| i32::from(id.number) * if backwards { -1 } else { 1 };
        let tasks = by_task(&digest.newly_late, place).into_iter();
        tasks.map(|task| task.milestone.number).collect()
    };
    assert_eq!(numbers(false), [9, 10]);
    assert_eq!(numbers(true), [10, 9]);
}

#[test]
fn what_many_agencies_owe_late_is_one_task_with_all_of_them() {
    let task = |mut one: Obligation, number| {
        one.milestone.number = number;
        (one, Vec::new())
    };
    let all = [
        task(owed(1, "STP", day(3, 12)), 1),
        task(owed(2, "STP", day(3, 12)), 2),
        task(owed(3, "SNN", day(3, 12)), 2),
        task(owed(4, "SYT", day(3, 11)), 2), // with another day of its own
        // Who owes more, and for longer, does not come before who was given first.
        task(owed(5, "SNN", day(3, 10)), 3),
    ];
    let digest = of_monday(&all);
    let tasks: Vec<(String, i64, Vec<&str>)> = by_task(&digest.newly_late, |id| id.number)
        .into_iter()
        .map(|task| {
            let lines = task.lines.iter();
            let agencies = lines.map(|line| line.agency.as_str()).collect();
            (task.milestone.to_string(), task.days_late, agencies)
        })
        .collect();
    let task = |number: u16, days, agencies: &[&'static str]| {
        (format!("II.2/{number}"), days, agencies.to_vec())
    };
    let expected = [
        task(3, 4, &["SNN"]),
        task(2, 3, &["SYT"]),
        task(2, 2, &["STP", "SNN"]),
        task(1, 2, &["STP"]),
    ];
    assert_eq!(tasks, expected);
    let lines = digest.newly_late.iter().flat_map(|one| &one.lines);
    let silent = lines.filter(|line| line.is_silent()).count();
    assert_eq!(silent, digest.now.silent);
}

/// Due before it was followed from `since` on, and asked about until `settle_by`.
fn due_before(one: Obligation, since: NaiveDate, settle_by: NaiveDate) -> Obligation {
    Obligation {
        watch: Some(Watch { since, settle_by }),
        ..one
    }
}

#[test]
fn what_is_counted_from_different_days_is_not_one_task() {
    let task = |mut one: Obligation, number, entries: Vec<Entry>| {
        one.milestone.number = number;
        (one, entries)
    };
    let due = day(1, 30);
    let claim = Entry {
        asked: Some(Asked {
            day: Some(day(3, 10)),
            document: None,
            quote: "xong ngày 10/3".to_owned(),
            last: String::new(),
            on: day(3, 11),
        }),
        ..said(day(3, 11), false, Some(Pending::Acceptance))
    };
    let all = [
        task(
            due_before(owed(1, "STP", due), day(2, 24), day(3, 9)),
            1,
            vec![],
        ),
        task(
            due_before(owed(2, "SNN", due), day(2, 25), day(3, 11)),
            1,
            vec![],
        ),
        task(
            due_before(owed(3, "SYT", due), day(2, 25), day(3, 11)),
            1,
            vec![],
        ),
        // Of one due day, and of which the claimed completion ends the count.
        task(owed(4, "STP", day(3, 9)), 2, vec![]),
        task(owed(5, "SNN", day(3, 9)), 2, vec![claim]),
    ];
    let digest = of_monday(&all);
    let tasks: Vec<(u16, i64, Option<NaiveDate>, Vec<&str>)> =
        by_task(&digest.newly_late, |id| id.number)
            .into_iter()
            .map(|task| {
                let agencies = task.lines.iter().map(|line| line.agency.as_str()).collect();
                let LateTask {
                    milestone,
                    days_late,
                    asked_by,
                    ..
                } = task;
                (milestone.number, days_late, asked_by, agencies)
            })
            .collect();
    let expected = [
        (1, 5, Some(day(3, 9)), vec!["STP"]),
        (2, 5, None, vec!["STP"]),
        (1, 3, Some(day(3, 11)), vec!["SNN", "SYT"]),
        (2, 1, None, vec!["SNN"]),
    ];
    assert_eq!(tasks, expected);
}

#[test]
fn what_an_agency_owes_stands_by_how_long_it_is_late_and_not_by_its_day() {
    let long_ago = due_before(owed(1, "STP", day(1, 30)), day(2, 24), day(3, 6));
    let spoke = said(day(3, 10), false, None);
    let digest = of_monday(&[
        (long_ago, vec![spoke]),
        (owed(2, "STP", day(2, 28)), vec![]),
    ]);
    let [agency] = digest.long_late.as_slice() else {
        panic!("{:?}", digest.long_late);
    };
    let days: Vec<i64> = agency.lines.iter().map(|line| line.days_late).collect();
    assert_eq!(days, [11, 6]);
}
