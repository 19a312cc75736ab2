//! Which obligations a period counts, by which day.

use super::*;

#[test]
fn an_extension_moves_the_period_and_the_first_day_is_scored_too() {
    let extended = owed(1, "STP", day(3, 31)).extended(day(3, 25), day(4, 15));
    let before = of_quarter(std::slice::from_ref(&extended));
    assert_eq!(before.left_out[0].2, LeftOut::MovedBeyond);
    assert_eq!(before.nothing_due.len(), 1);

    let in_second = |one: Written| {
        let ranking = ranked(&[one], &rules(), quarter(2), quarter(2).day_after());
        only(&ranking).clone()
    };
    let late = in_second(extended.clone().done(day(4, 16)));
    assert_eq!(
        (
            late.count(Standing::DoneLate),
            late.days_late(),
            late.extended()
        ),
        (1, 1, 1)
    );
    let in_time = in_second(extended.clone().done(day(4, 15)));
    assert_eq!(in_time.count(Standing::DoneOnTime), 1);
    let kept = |score: &Score| {
        score
            .parts
            .iter()
            .find(|one| one.part == Part::PlanDay)
            .unwrap()
            .share
            .part
    };
    assert_eq!(kept(&in_time), 0, "more time was needed");
    let early = in_second(extended.clone().done(day(3, 31)));
    assert_eq!(
        (kept(&early), early.extended()),
        (1, 1),
        "it was given and not needed"
    );
}

#[test]
fn an_extension_after_the_day_does_not_change_the_quarter_before() {
    let late = owed(1, "STP", day(3, 30)).extended(day(4, 6), day(4, 15));
    let first = of_quarter(std::slice::from_ref(&late));
    assert_eq!(only(&first).count(Standing::OpenLate), 1);
    let again = ranked(&[late], &rules(), quarter(1), day(4, 7));
    assert_eq!(again.count_left_out(LeftOut::MovedBeyond), 1);
}

#[test]
fn a_completion_recorded_later_counts_from_the_day_it_was_recorded() {
    let mut late_news = owed(1, "STP", day(3, 31)).done(day(3, 31));
    late_news.entries[0].on = day(4, 2);
    let written = [late_news];
    assert_eq!(only(&of_quarter(&written)).count(Standing::OpenLate), 1);
    let recounted = ranked(&written, &rules(), quarter(1), day(4, 3));
    assert_eq!(only(&recounted).count(Standing::DoneOnTime), 1);
}

#[test]
fn what_has_no_day_or_is_held_is_left_out_with_its_reason() {
    let mut continuous = owed(1, "STP", day(3, 31));
    continuous.obligation.kind = MilestoneKind::Continuous;
    let mut asleep = owed(2, "STP", day(3, 31));
    asleep.obligation.kind = MilestoneKind::Event;
    asleep.obligation.state = State::Asleep;
    for one in [&mut continuous, &mut asleep] {
        (one.obligation.due_on, one.obligation.original_due_on) = (None, None);
    }
    let held = |id, state| {
        let mut one = owed(id, "STP", day(3, 31));
        one.obligation.state = state;
        one
    };
    let mut given = owed(8, "STP", day(3, 31)).amended(day(3, 2), State::Cancelled, day(3, 31));
    given.entries.last_mut().unwrap().gives_away = true;
    let mut gone = owed(5, "STP", day(3, 31));
    gone.is_owed = false;
    let mut kept = owed(6, "STP", day(3, 31)).done(day(3, 30));
    kept.is_owed = false;
    let written = [
        continuous,
        asleep,
        held(3, State::Suspended),
        held(4, State::Cancelled),
        gone,
        kept,
        owed(7, "SXD", day(2, 3)),
        given,
    ];
    let joined = Rules {
        joined: vec![Joined {
            agency: "SXD".into(),
            on: day(2, 4),
            document: "15/NQ-HĐND".to_owned(),
        }],
        ..rules()
    };
    let ranking = ranked(&written, &joined, quarter(1), day(4, 1));
    let why: Vec<LeftOut> = ranking.left_out.iter().map(|(_, _, why)| *why).collect();
    assert_eq!(
        why,
        [
            LeftOut::Continuous,
            LeftOut::Asleep,
            LeftOut::Suspended,
            LeftOut::Cancelled,
            LeftOut::Gone,
            LeftOut::BeforeJoining,
            LeftOut::Transferred
        ]
    );
    let (score, _) = ranking.find(&"STP".into()).unwrap();
    assert_eq!(
        score.count(Standing::DoneOnTime),
        1,
        "what was done stays done"
    );
}

#[test]
fn a_document_that_moves_the_day_is_the_plan_itself_and_an_extension_after_it_is_not() {
    let amended = owed(1, "STP", day(3, 31)).amended(day(3, 2), State::Open, day(4, 15));
    let second = |one: &Written| {
        let ranking = ranked(std::slice::from_ref(one), &rules(), quarter(2), day(7, 1));
        let mark = only(&ranking).marks[0].clone();
        (mark.due_on, mark.original_due_on, mark.is_extended())
    };
    assert_eq!(second(&amended), (day(4, 15), day(3, 31), false));
    let extended = amended.extended(day(4, 10), day(4, 30));
    assert_eq!(second(&extended), (day(4, 30), day(3, 31), true));
    // A suspension names the day that was in force, and makes no extension the plan's own.
    let held = extended.amended(day(4, 20), State::Suspended, day(4, 30));
    let resumed = held.clone().amended(day(5, 4), State::Open, day(4, 30));
    assert_eq!(second(&resumed), (day(4, 30), day(3, 31), true));
    let ranking = ranked(&[held], &rules(), quarter(2), day(7, 1));
    assert_eq!(ranking.count_left_out(LeftOut::Suspended), 1);
}

#[test]
fn who_takes_over_what_is_overdue_does_not_answer_for_it_and_who_gave_it_away_neither() {
    let mut gave = owed(1, "STP", day(3, 10)).amended(day(3, 20), State::Cancelled, day(3, 10));
    gave.obligation.state = State::Cancelled;
    let took = |id, due_on| {
        let mut one = owed(id, "STC", day(3, 10)).amended(day(3, 20), State::Open, due_on);
        one.entries[0].begins = true;
        one
    };
    let ranking = of_quarter(&[gave, took(2, day(3, 10)), took(3, day(3, 30))]);
    let why: Vec<LeftOut> = ranking.left_out.iter().map(|(_, _, why)| *why).collect();
    assert_eq!(why, [LeftOut::Cancelled, LeftOut::BeforeJoining]);
    assert_eq!(ranking.find(&"STC".into()).unwrap().0.due(), 1);
}

#[test]
fn what_is_given_later_is_no_part_of_the_quarter_before_and_what_comes_back_is_its_own() {
    let mut took = owed(1, "STC", day(3, 10)).amended(day(4, 20), State::Open, day(3, 10));
    took.entries[0].begins = true;
    let before = of_quarter(std::slice::from_ref(&took));
    assert_eq!(
        before.left_out,
        [],
        "there was nothing that waited for an event"
    );
    let after = ranked(&[took], &rules(), quarter(1), day(4, 21));
    assert_eq!(after.count_left_out(LeftOut::BeforeJoining), 1);

    let back = |gave, back| {
        let mut one = owed(2, "STP", day(3, 10)).given_away(gave);
        one = one.amended(back, State::Open, day(3, 10));
        one.entries[1].begins = true;
        ranked(&[one], &rules(), quarter(1), day(4, 21))
    };
    let own = back(day(4, 10), day(4, 14));
    assert_eq!(only(&own).count(Standing::OpenLate), 1);
    let meanwhile = back(day(3, 2), day(3, 20));
    assert_eq!(meanwhile.count_left_out(LeftOut::BeforeJoining), 1);
}

#[test]
fn an_event_that_has_not_come_has_no_day_and_has_one_once_it_has() {
    let mut begun = owed(1, "STP", day(3, 31)).amended(day(3, 2), State::Open, day(3, 31));
    begun.obligation.kind = MilestoneKind::Event;
    let written = [begun];
    let asleep = ranked(&written, &rules(), quarter(4), day(3, 1));
    assert_eq!(asleep.count_left_out(LeftOut::Asleep), 1);
    assert_eq!(only(&of_quarter(&written)).count(Standing::OpenLate), 1);
}

#[test]
fn an_agency_that_gave_its_tasks_away_did_not_have_nothing_due() {
    let ranking = of_quarter(&[
        owed(1, "STP", day(1, 30)).given_away(day(2, 17)),
        owed(2, "STC", day(6, 30)),
        owed(3, "SXD", day(1, 30)).done(day(1, 30)),
        owed(4, "SXD", day(1, 30)).given_away(day(2, 17)),
    ]);
    let of = |scores: &[Score]| -> Vec<AgencyCode> {
        scores.iter().map(|score| score.agency.clone()).collect()
    };
    assert_eq!(of(&ranking.given_away), ["STP".into()]);
    assert_eq!(of(&ranking.nothing_due), ["STC".into()]);
    assert_eq!(of(&ranking.too_few), ["SXD".into()]);
    assert!(
        ranking
            .find(&"STP".into())
            .is_some_and(|(_, place)| place.is_none())
    );
    assert_eq!(ranking.scores().count(), 3);

    // Of whom something else is still to come in the quarter, that is said.
    let gave_one = [
        owed(1, "STP", day(1, 30)).given_away(day(2, 17)),
        owed(2, "STP", day(3, 31)),
    ];
    let ranking = ranked(&gave_one, &rules(), quarter(1), day(3, 10));
    assert_eq!(of(&ranking.given_away), []);
    assert_eq!(of(&ranking.nothing_due), ["STP".into()]);
}
