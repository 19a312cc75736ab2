//! What a Monday's digest says, from ledgers written by hand.

use super::*;
use crate::domain::history::{Amends, Asked, Stood};
use crate::domain::obligation::Watch;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

/// What the digest of Monday 16/3 looks back on.
const WEEK: Span = Span {
    since: NaiveDate::from_ymd_opt(2020, 3, 8).unwrap(),
    until: NaiveDate::from_ymd_opt(2020, 3, 15).unwrap(),
};

#[test]
fn a_digest_begins_where_the_one_before_it_ended() {
    let mornings = [day(1, 20), day(1, 30), day(2, 3), day(2, 10)];
    let spans: Vec<Span> = mornings
        .windows(2)
        .map(|pair| Span::between(pair[0], pair[1]))
        .collect();
    assert!(spans.windows(2).all(|pair| pair[0].until == pair[1].since));
    assert_eq!((spans[0].from(), spans[0].until), (day(1, 20), day(1, 29)));
    let weeks: Vec<bool> = spans.iter().map(Span::is_week).collect();
    assert_eq!(weeks, [false, false, true]);
    let back = Span::between(day(2, 12), day(2, 10));
    assert!(back.since < back.until, "a clock that went back");
}

fn owed(id: i64, agency: &str, due_on: NaiveDate) -> Obligation {
    Obligation {
        id: ObligationId(id),
        milestone: MilestoneId {
            task: "II.2".into(),
            number: u16::try_from(id).unwrap(),
        },
        agency: agency.into(),
        due_on: Some(due_on),
        original_due_on: Some(due_on),
        act_by: Some(due_on),
        ..crate::domain::tests::owed()
    }
}

fn done(on: NaiveDate) -> Entry {
    Entry {
        on,
        stand: Some(Stood {
            state: State::Done,
            done_on: Some(on),
            pending: None,
        }),
        ..Entry::default()
    }
}

fn said(on: NaiveDate, blocked: bool, pending: Option<Pending>) -> Entry {
    Entry {
        on,
        stand: Some(Stood {
            state: State::Open,
            done_on: None,
            pending,
        }),
        due_on: None,
        said: Some(Saying {
            on,
            blocked,
            quote: "lời của đầu mối".to_owned(),
        }),
        ..Entry::default()
    }
}

fn of_monday(all: &[(Obligation, Vec<Entry>)]) -> Digest {
    let accounts: Vec<_> = all
        .iter()
        .map(|(obligation, entries)| Account {
            obligation,
            entries,
        })
        .collect();
    let issued = NaiveDate::from_ymd_opt(2019, 12, 31).unwrap();
    digest(&accounts, issued, WEEK, &Calendar::default())
}

fn province() -> Vec<(Obligation, Vec<Entry>)> {
    vec![
        (owed(1, "STP", day(3, 12)), vec![]), // newly late, silent
        (owed(2, "STP", day(2, 28)), vec![]), // late for long, silent
        (owed(3, "SNN", day(2, 14)), vec![]), // late for long, nothing changed
        (owed(4, "SYT", day(3, 10)), vec![done(day(3, 11))]), // done late, within the week
        (
            owed(5, "SYT", day(3, 20)),
            vec![said(day(3, 12), true, None)],
        ), // due soon, a difficulty
        (owed(6, "SNN", day(3, 31)), vec![]), // due later than two weeks
        (
            owed(7, "SXD", day(3, 27)),
            vec![said(day(3, 3), false, Some(Pending::Extension))],
        ),
    ]
}

#[test]
fn the_numbers_of_two_weeks_are_counted_from_one_ledger() {
    let digest = of_monday(&province());
    let now = Numbers {
        done: 1,
        late: 3,
        due_soon: 2,
        waiting: 1,
        past_due: 0,
        silent: 3,
        unclear: 0,
    };
    assert_eq!(digest.now, now);
    let before = Numbers {
        done: 0,
        late: 2,
        due_soon: 3,
        waiting: 1,
        past_due: 0,
        silent: 2,
        unclear: 0,
    };
    assert_eq!(digest.before, Some(before), "on 8/3");
}

#[test]
fn what_did_not_change_is_told_apart_from_what_did() {
    let digest = of_monday(&province());
    let agencies = |late: &[LateAgency]| -> Vec<String> {
        late.iter().map(|one| one.agency.to_string()).collect()
    };
    assert_eq!(agencies(&digest.newly_late), ["STP"]);
    assert_eq!(
        agencies(&digest.long_late),
        [""; 0],
        "what is new stands above"
    );
    let unchanged: Vec<_> = by_task(&digest.unchanged, |id| id.number)
        .into_iter()
        .map(|task| {
            let agencies: Vec<&str> = task.lines.iter().map(|one| one.agency.as_str()).collect();
            (task.milestone.number, task.days_late, agencies)
        })
        .collect();
    assert_eq!(unchanged, [(3, 21, vec!["SNN"]), (2, 11, vec!["STP"])]);
    let mut silent = digest.unchanged.iter().flat_map(|one| &one.lines);
    assert!(silent.all(Line::is_silent));
    assert_eq!(
        digest.newly_late[0].lines[0].days_late, 2,
        "from Thursday to the Monday on which it is told, as in the briefs of that morning"
    );
}

#[test]
fn an_agency_that_spoke_is_not_unchanged() {
    let mut all = province();
    all[2].1.push(said(day(3, 10), false, None));
    let digest = of_monday(&all);
    let named = |code: &AgencyCode| code.to_string();
    let unchanged: Vec<String> = digest
        .unchanged
        .iter()
        .map(|one| named(&one.agency))
        .collect();
    let told: Vec<String> = digest
        .long_late
        .iter()
        .map(|one| named(&one.agency))
        .collect();
    assert_eq!(
        (unchanged, told),
        (vec!["STP".to_owned()], vec!["SNN".to_owned()])
    );
    assert_eq!(digest.now.silent, 2);
}

#[test]
fn difficulties_and_decisions_keep_the_words() {
    let digest = of_monday(&province());
    let ids = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.obligation.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&digest.difficulties), [5]);
    assert_eq!(ids(&digest.decisions), [7]);
    assert_eq!(
        digest.difficulties[0].said.as_ref().unwrap().quote,
        "lời của đầu mối"
    );
}

#[test]
fn a_difficulty_of_the_week_stands_in_it_whatever_was_said_after() {
    let told = |entries: Vec<Entry>| -> Vec<(Option<NaiveDate>, Option<NaiveDate>)> {
        let digest = of_monday(&[(owed(5, "SYT", day(3, 20)), entries)]);
        let on = |said: &Option<Saying>| said.as_ref().map(|said| said.on);
        digest
            .difficulties
            .iter()
            .map(|line| (on(&line.said), on(&line.later)))
            .collect()
    };
    let blocked = |on| Entry {
        number: i64::from(chrono::Datelike::ordinal(&on)),
        ..said(on, true, None)
    };
    let (of_week, after) = (blocked(day(3, 10)), said(day(3, 12), false, None));
    assert_eq!(
        told(vec![of_week.clone(), after.clone()]),
        [(Some(day(3, 10)), Some(day(3, 12)))]
    );
    assert_eq!(told(vec![of_week.clone()]), [(Some(day(3, 10)), None)]);
    assert_eq!(
        told(vec![blocked(day(3, 3)), after]),
        [],
        "of the week before, and answered since"
    );
    assert_eq!(told(vec![of_week, done(day(3, 12))]), [], "solved");
}

#[test]
fn what_an_agency_says_is_anothers_is_a_group_of_its_own() {
    let mut all = province();
    all[2]
        .1
        .push(said(day(3, 3), false, Some(Pending::Reassignment)));
    let digest = of_monday(&all);
    let ids: Vec<i64> = digest
        .disowned
        .iter()
        .map(|line| line.obligation.0)
        .collect();
    assert_eq!(ids, [3]);
    assert_eq!(
        digest.now.waiting, 1,
        "no day and no completion is asked for"
    );
}

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
        taken: 1,
        begun: 0,
    };
    assert_eq!(of_monday(&all).amended, amended);
}

#[test]
fn the_next_two_weeks_are_told_by_milestone() {
    let digest = of_monday(&province());
    let due: Vec<_> = digest.due_soon.iter().map(|one| one.due_on).collect();
    assert_eq!(due, [day(3, 20), day(3, 27)]);
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

#[test]
fn a_plan_of_this_week_has_no_numbers_of_the_last() {
    let first = owed(1, "STP", day(3, 31));
    let accounts = [Account {
        obligation: &first,
        entries: &[],
    }];
    let digest = digest(&accounts, day(3, 10), WEEK, &Calendar::default());
    assert_eq!(digest.before, None);
}

#[test]
fn what_is_done_all_year_waits_and_reports_difficulties_but_is_never_late() {
    let all_year = |id, entries| {
        let obligation = Obligation {
            kind: crate::domain::plan::MilestoneKind::Continuous,
            due_on: None,
            original_due_on: None,
            act_by: None,
            ..owed(id, "STP", day(3, 12))
        };
        (obligation, entries)
    };
    let digest = of_monday(&[
        all_year(1, vec![said(day(3, 10), false, Some(Pending::Acceptance))]),
        all_year(2, vec![said(day(3, 11), true, None)]),
        all_year(3, vec![done(day(3, 12))]),
        all_year(4, vec![]),
        (
            owed(5, "SNN", day(3, 31)),
            vec![said(day(3, 11), false, Some(Pending::Extension))],
        ),
    ]);
    let numbers = Numbers {
        waiting: 2,
        ..Numbers::default()
    };
    assert_eq!(digest.now, numbers);
    let ids = |lines: &[Line]| -> Vec<(i64, Option<NaiveDate>)> {
        let lines = lines.iter();
        lines.map(|line| (line.obligation.0, line.due_on)).collect()
    };
    // What has a day is more urgent.
    assert_eq!(ids(&digest.decisions), [(5, Some(day(3, 31))), (1, None)]);
    assert_eq!(ids(&digest.difficulties), [(2, None)]);
    assert!(digest.newly_late.is_empty() && digest.long_late.is_empty());
}
