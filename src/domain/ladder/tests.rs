use super::*;
use crate::domain::calendar::{DayKind, SpecialDay};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("an ISO date")
}

/// 2020 with the days off that matter here.
fn calendar() -> Calendar {
    let off = [
        "2020-01-01",
        "2020-01-23",
        "2020-01-24",
        "2020-01-27",
        "2020-01-28",
        "2020-01-29",
        "2020-04-30",
        "2020-05-01",
    ];
    Calendar::new(off.into_iter().map(|text| {
        let special = SpecialDay {
            kind: DayKind::Off,
            name: String::new(),
            source: String::new(),
            confirmed: true,
        };
        (day(text), special)
    }))
}

fn ladder() -> Ladder {
    use Audience::{Head, Leader, Monitor, Officer};
    let rung = |id: &str, when, tell: &[Audience]| Rung {
        id: id.into(),
        when,
        tell: tell.to_vec(),
    };
    let working = |days| When::Before {
        days,
        unit: DayUnit::Working,
    };
    Ladder {
        from: NaiveTime::from_hms_opt(7, 30, 0).expect("a time"),
        until: NaiveTime::from_hms_opt(17, 0, 0).expect("a time"),
        rungs: vec![
            rung("opens", When::Opens, &[Officer]),
            rung(
                "d30",
                When::Before {
                    days: 30,
                    unit: DayUnit::Calendar,
                },
                &[Officer],
            ),
            rung("w7", working(7), &[Officer, Head]),
            rung("w1", working(1), &[Officer, Head]),
            rung("day", working(0), &[Officer, Head]),
            rung(
                "late1",
                When::Late {
                    days: 1,
                    every: None,
                },
                &[Officer, Head],
            ),
            rung(
                "late3",
                When::Late {
                    days: 3,
                    every: None,
                },
                &[Officer, Head, Monitor],
            ),
            rung(
                "weekly",
                When::Late {
                    days: 10,
                    every: Some(5),
                },
                &[Officer, Head, Monitor, Leader],
            ),
        ],
        status: StatusRung {
            id: "status".into(),
            before: 7,
            tell: vec![Officer],
        },
        start: StartRung::default(),
    }
}

fn due(opens: &str, due: &str) -> Dates {
    let due = day(due);
    Dates {
        kind: MilestoneKind::Due,
        opens_on: Some(day(opens)),
        due_on: Some(due),
        act_by: Some(calendar().working_day_not_after(due)),
        due_before: None,
    }
}

/// Due on 31/3 and followed from Monday 29/6 on, with ten working days of grace: up to Monday 13/7.
fn due_before() -> Dates {
    let watch = ladder().start.watch(day("2020-06-29"), &calendar());
    Dates {
        due_before: Some(watch),
        ..due("2020-01-01", "2020-03-31")
    }
}

#[test]
fn what_was_due_before_is_asked_weekly_and_climbs_from_the_last_day_of_grace() {
    assert_eq!(
        walk(&due_before(), "2020-06-28", 7),
        [
            "2020-06-29",
            "2020-07-06",
            "2020-07-13",
            "2020-07-14",
            "2020-07-16",
            "2020-07-27",
            "2020-08-03"
        ]
    );
    let heard = |on: &str| -> Vec<String> {
        let told = |audience: &Audience| {
            let fallen = ladder().fallen(&due_before(), *audience, None, day(on), &calendar())?;
            Some(format!("{}: {}", audience.as_str(), fallen.rung))
        };
        Audience::ALL.iter().filter_map(told).collect()
    };
    assert_eq!(heard("2020-06-26"), [""; 0], "nobody could be told yet");
    assert_eq!(heard("2020-06-29"), ["officer: start"]);
    assert_eq!(heard("2020-07-13"), ["officer: start"]);
    assert_eq!(heard("2020-07-14"), ["officer: late1", "head: late1"]);
    assert_eq!(
        heard("2020-07-24"),
        ["officer: late3", "head: late3", "monitor: late3"]
    );
    assert_eq!(heard("2020-07-27").last().unwrap(), "leader: weekly");
}

#[test]
fn what_was_due_before_is_told_once_a_week_and_no_day_is_lost_by_an_outage() {
    let fallen = |told: Option<&str>, today: &str| {
        let told = told.map(day);
        let found = ladder().fallen(
            &due_before(),
            Audience::Officer,
            told,
            day(today),
            &calendar(),
        );
        found.map(|found| found.on.to_string())
    };
    assert_eq!(fallen(Some("2020-06-29"), "2020-07-03"), None);
    assert_eq!(
        fallen(Some("2020-06-29"), "2020-07-09").as_deref(),
        Some("2020-07-06")
    );
}

#[test]
fn an_earlier_ladder_without_a_start_has_the_usual_one() {
    let mut text = serde_json::to_value(ladder()).unwrap();
    text.as_object_mut().unwrap().remove("start");
    assert_eq!(serde_json::from_value::<Ladder>(text).unwrap(), ladder());
}

fn walk(dates: &Dates, from: &str, count: usize) -> Vec<String> {
    let (ladder, calendar) = (ladder(), calendar());
    std::iter::successors(ladder.next_day(dates, day(from), &calendar), |on| {
        ladder.next_day(dates, *on, &calendar)
    })
    .take(count)
    .map(|on| on.to_string())
    .collect()
}

#[test]
fn the_last_week_before_tet_comes_before_the_holiday() {
    let plan = due("2020-01-01", "2020-01-30");
    assert_eq!(
        walk(&plan, "2019-12-31", 6),
        [
            "2020-01-02",
            "2020-01-14",
            "2020-01-22",
            "2020-01-30",
            "2020-01-31",
            "2020-02-04"
        ]
    );
}

#[test]
fn a_rung_before_the_window_opens_is_dropped() {
    let fallen = ladder().fallen(
        &due("2020-03-25", "2020-03-31"),
        Audience::Officer,
        None,
        day("2020-03-26"),
        &calendar(),
    );
    assert_eq!(fallen.map(|found| found.rung), Some("opens".into()));
}

#[test]
fn lateness_counts_working_days_from_the_due_day() {
    let april = due("2020-04-01", "2020-04-30");
    assert_eq!(walk(&april, "2020-04-28", 2), ["2020-04-29", "2020-05-04"]);
}

#[test]
fn the_last_rung_repeats_every_week() {
    let plan = due("2020-01-01", "2020-03-31");
    assert_eq!(
        walk(&plan, "2020-04-13", 3),
        ["2020-04-14", "2020-04-21", "2020-04-28"]
    );
}

#[test]
fn after_an_outage_only_the_most_urgent_rung_is_kept() {
    let plan = due("2020-01-01", "2020-03-31");
    let fallen = ladder().fallen(
        &plan,
        Audience::Officer,
        Some(day("2020-03-01")),
        day("2020-04-02"),
        &calendar(),
    );
    assert_eq!(
        fallen,
        Some(Fallen {
            rung: "late1".into(),
            opening: false,
            on: day("2020-04-01")
        })
    );
}

#[test]
fn who_was_told_today_is_not_told_again() {
    let plan = due("2020-01-01", "2020-03-31");
    assert_eq!(
        ladder().fallen(
            &plan,
            Audience::Officer,
            Some(day("2020-03-31")),
            day("2020-03-31"),
            &calendar()
        ),
        None
    );
}

#[test]
fn the_monitor_hears_from_the_third_day_late_and_the_leader_from_the_tenth() {
    let plan = due("2020-01-01", "2020-03-31");
    let rung = |audience, on: &str| {
        ladder()
            .fallen(&plan, audience, None, day(on), &calendar())
            .map(|found| found.rung.to_string())
    };
    assert_eq!(rung(Audience::Monitor, "2020-04-02"), None);
    assert_eq!(
        rung(Audience::Monitor, "2020-04-03"),
        Some("late3".to_owned())
    );
    assert_eq!(rung(Audience::Leader, "2020-04-13"), None);
    assert_eq!(
        rung(Audience::Leader, "2020-04-14"),
        Some("weekly".to_owned())
    );
}

#[test]
fn the_status_of_continuous_work_is_asked_once_a_quarter() {
    let work = Dates {
        due_before: None,
        kind: MilestoneKind::Continuous,
        opens_on: Some(day("2020-01-01")),
        due_on: None,
        act_by: None,
    };
    assert_eq!(
        walk(&work, "2020-01-01", 9),
        ["2020-03-20", "2020-06-19", "2020-09-21", "2020-12-22"]
    );
    let stale = ladder().fallen(
        &work,
        Audience::Officer,
        None,
        day("2020-05-10"),
        &calendar(),
    );
    assert_eq!(
        stale, None,
        "a quarter that has ended is not asked about by a daemon that starts later"
    );
}

#[test]
fn the_next_day_is_never_skipped_and_never_a_day_off() {
    let (ladder, calendar) = (ladder(), calendar());
    let plan = due("2020-01-01", "2020-04-30");
    for today in day("2020-01-01").iter_days().take(200) {
        let Some(next) = ladder.next_day(&plan, today, &calendar) else {
            panic!("the weekly rung never ends")
        };
        assert!(calendar.is_working_day(next), "{next} is a day off");
        let heard = |audience| {
            ladder
                .fallen(&plan, audience, Some(today), next, &calendar)
                .is_some()
        };
        assert!(
            Audience::ALL.into_iter().any(heard),
            "nobody hears on {next}"
        );
        let early = next.pred_opt().expect("in range");
        assert!(!Audience::ALL.into_iter().any(|a| {
            ladder
                .fallen(&plan, a, Some(today), early, &calendar)
                .is_some()
        }));
    }
}

#[test]
fn unasked_messages_leave_on_working_days_within_the_hours() {
    let at = |text: &str| text.parse::<NaiveDateTime>().expect("a time");
    for (asked, granted) in [
        ("2020-03-16T06:00:00", "2020-03-16T07:30:00"),
        ("2020-03-16T09:15:00", "2020-03-16T09:15:00"),
        ("2020-03-20T17:00:01", "2020-03-23T07:30:00"),
        ("2020-01-22T20:00:00", "2020-01-30T07:30:00"),
        ("2020-01-25T10:00:00", "2020-01-30T07:30:00"),
    ] {
        assert_eq!(
            ladder().next_sending_time(at(asked), &calendar()),
            at(granted),
            "{asked}"
        );
    }
}
