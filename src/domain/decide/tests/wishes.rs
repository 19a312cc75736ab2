//! What is wished for, taken back or asked, and what changes nothing.

use super::*;

#[test]
fn what_another_agency_owes_does_not_exist() {
    let owed = three();
    let decision = decide("", &sure(Intent::Done, &["VII.1"]), &situation(&owed, &[]));
    assert_eq!(only_refusal(&decision), Why::NotOwed);
    // A number that was shown to nobody means nothing: it is asked which is meant.
    let decision = decide("", &sure(Intent::Done, &["#99"]), &situation(&owed, &[]));
    assert_eq!(decision.changes, []);
    assert_eq!(asked(&decision).kind, QuestionKind::Which);
}

#[test]
fn more_time_is_a_wish_and_must_be_later_than_the_deadline() {
    let owed = three();
    let mut said = sure(Intent::Extension, &["I.2"]);
    said.date = Some(day(4, 15));
    let change = only_change(&decide("", &said, &situation(&owed, &[]))).clone();
    assert_eq!(
        (change.after.state, change.after.pending),
        (State::Open, Some(Pending::Extension))
    );
    said.date = Some(day(3, 31));
    assert_eq!(
        only_refusal(&decide("", &said, &situation(&owed, &[]))),
        Why::NotLater
    );
    said.date = None;
    let decision = decide("", &said, &situation(&owed, &[]));
    assert_eq!(
        asked(&decision).kind,
        QuestionKind::Until,
        "the wish is kept, the day is asked for"
    );
    let question = asked(&decision).clone();
    let mut answer = sure(Intent::Extension, &[]);
    answer.date = Some(day(4, 20));
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &[])
    };
    let answered = decide("20/4", &answer, &with);
    assert_eq!(
        only_change(&answered).what,
        What::Extension {
            until: Some(day(4, 20))
        }
    );
    assert!(answered.forgets);
}

#[test]
fn a_reminder_is_never_put_off_past_the_last_day() {
    let mut owed = three();
    let mut said = sure(Intent::Snooze, &["I.2"]);
    said.date = Some(day(4, 20));
    let decision = decide("", &said, &situation(&owed, &[]));
    assert_eq!(
        only_change(&decision).what,
        What::Snooze { until: day(3, 31) }
    );
    assert!(decision.answer.recorded[0].capped);
    said.date = None;
    assert_eq!(
        asked(&decide("", &said, &situation(&owed, &[]))).kind,
        QuestionKind::RemindOn
    );
    said.date = Some(today());
    let later_today = decide("", &said, &situation(&owed, &[]));
    assert_eq!(
        only_change(&later_today).what,
        What::Snooze { until: day(3, 11) }
    );
    owed[0].obligation.act_by = Some(today());
    assert_eq!(
        only_refusal(&decide("", &said, &situation(&owed, &[]))),
        Why::TooLateToSnooze
    );
}

#[test]
fn a_mixed_message_is_recorded_part_by_part() {
    let owed = three();
    let mut said = sure(Intent::Extension, &["I.2", "II.2"]);
    said.date = Some(day(4, 15));
    said.parts = vec![
        Part {
            task: Some("I.2".to_owned()),
            intent: Intent::Done,
        },
        Part {
            task: Some("II.2".to_owned()),
            intent: Intent::Extension,
        },
    ];
    let decision = decide("", &said, &situation(&owed, &[]));
    let changes: Vec<_> = decision
        .changes
        .iter()
        .map(|change| (change.obligation.0, change.what.clone()))
        .collect();
    assert_eq!(
        changes,
        [
            (
                1,
                What::Done {
                    on: today(),
                    document: None
                }
            ),
            (
                2,
                What::Extension {
                    until: Some(day(4, 15))
                }
            )
        ],
        "the date belongs to the wish, not to the completion"
    );
}

#[test]
fn the_last_change_is_taken_back_within_a_week_unless_somebody_changed_it_since() {
    let mut owed = three();
    let before = Stand::of(&owed[0].obligation);
    owed[0].obligation.state = State::Done;
    owed[0].obligation.done_on = Some(day(3, 9));
    let after = Stand::of(&owed[0].obligation);
    let mut last = OwnChange {
        event: 77,
        obligation: ObligationId(1),
        before,
        after,
        on: day(3, 9),
        is_fresh: true,
        message: None,
    };
    let take_back = |owed: &[Owed], last: &OwnChange| {
        let with = Situation {
            own_changes: std::slice::from_ref(last),
            ..situation(owed, &[])
        };
        decide("nhầm", &sure(Intent::Undo, &[]), &with)
    };
    let change = only_change(&take_back(&owed, &last)).clone();
    assert_eq!(
        (change.what, change.after),
        (What::Undo { event: 77 }, before)
    );
    last.on = day(3, 2);
    assert_eq!(
        take_back(&owed, &last).answer.note,
        Some(Note::NothingToUndo)
    );
    last.on = day(3, 9);
    owed[0].obligation.done_on = Some(day(3, 8));
    assert_eq!(only_refusal(&take_back(&owed, &last)), Why::ChangedSince);
}

#[test]
fn what_is_over_or_asleep_is_left_alone() {
    let mut owed = three();
    for (state, why) in [
        (State::Done, Why::AlreadyDone),
        (State::Cancelled, Why::Held),
        (State::Suspended, Why::Held),
        (State::Asleep, Why::Asleep),
    ] {
        owed[0].obligation.state = state;
        owed[0].obligation.done_on = (state == State::Done).then(today);
        for intent in [
            Intent::Done,
            Intent::Progress,
            Intent::Blocked,
            Intent::Extension,
        ] {
            let decision = decide("", &sure(intent, &["I.2"]), &situation(&owed, &[]));
            assert_eq!(only_refusal(&decision), why, "{state:?} {intent:?}");
        }
    }
}

#[test]
fn continuous_work_is_reported_and_never_over() {
    let mut owed = three();
    owed[0].obligation.kind = MilestoneKind::Continuous;
    owed[0].obligation.due_on = None;
    owed[0].obligation.act_by = None;
    let decision = decide("", &sure(Intent::Done, &["I.2"]), &situation(&owed, &[]));
    assert_eq!(only_change(&decision).after.state, State::Open);
    let decision = decide(
        "",
        &sure(Intent::Extension, &["I.2"]),
        &situation(&owed, &[]),
    );
    assert_eq!(only_refusal(&decision), Why::NoDeadline);
}

#[test]
fn questions_and_commands_are_answered_from_the_plan_and_change_nothing() {
    let owed = three();
    let decision = decide(
        "hạn khi nào?",
        &sure(Intent::Ask, &["II.2"]),
        &situation(&owed, &[]),
    );
    assert_eq!(
        (decision.changes.len(), decision.answer.shown.as_slice()),
        (0, [ObligationId(2), ObligationId(3)].as_slice())
    );
    let listed = decide_command(&Command::List, &situation(&owed, &[]));
    assert_eq!(listed.answer.listed.len(), 3);
    let help = decide_command(&Command::Help, &situation(&owed, &[]));
    assert_eq!(help.answer.note, Some(Note::Help));
    let nothing = decide_command(&Command::List, &situation(&[], &[]));
    assert_eq!(nothing.answer.note, Some(Note::NothingOpen));
}

#[test]
fn commands_are_commands_or_sentences() {
    for (text, expected) in [
        ("/viec", Ok(Command::List)),
        ("/viec@dondoc_bot", Ok(Command::List)),
        ("/VIEC ii.2", Ok(Command::Show("II.2".to_owned()))),
        ("/trogiup", Ok(Command::Help)),
        ("/huy", Ok(Command::Cancel)),
        ("/hủy", Ok(Command::Cancel)),
        ("/huỷ", Ok(Command::Cancel)),
        ("/việc", Ok(Command::List)),
        ("/xong II.2", Err("II.2 xong".to_owned())),
        ("/giahan II.2 15/4", Err("xin gia hạn II.2 15/4".to_owned())),
        ("II.2 xong", Err("II.2 xong".to_owned())),
    ] {
        assert_eq!(parse_command(text), expected, "{text}");
    }
}

#[test]
fn a_wish_that_takes_the_place_of_another_says_so() {
    let mut owed = three();
    owed[0].obligation.pending = Some(Pending::Extension);
    let decision = decide(
        "",
        &sure(Intent::Reassign, &["I.2"]),
        &situation(&owed, &[]),
    );
    assert_eq!(
        decision.answer.recorded[0].replaces,
        Some(Pending::Extension)
    );
    owed[0].obligation.pending = Some(Pending::Reassignment);
    let mut said = sure(Intent::Extension, &["I.2"]);
    said.date = Some(day(4, 15));
    let decision = decide("", &said, &situation(&owed, &[]));
    assert_eq!(
        decision.answer.recorded[0].replaces,
        Some(Pending::Reassignment)
    );
    let again = decide(
        "",
        &sure(Intent::Reassign, &["I.2"]),
        &situation(&owed, &[]),
    );
    assert_eq!(again.answer.recorded[0].replaces, None);
}

#[test]
fn a_day_that_is_in_no_calendar_is_named_and_asked_for() {
    let owed = three();
    let mut said = sure(Intent::Extension, &["I.2"]);
    said.details.no_day = true;
    let decision = decide("", &said, &situation(&owed, &[]));
    assert_eq!(decision.answer.note, Some(Note::NoSuchDay));
    assert_eq!(asked(&decision).kind, QuestionKind::Until);
    said.sure = false;
    let decision = decide("", &said, &situation(&owed, &[]));
    assert_eq!(
        (decision.changes.len(), asked(&decision).kind),
        (0, QuestionKind::Until)
    );
}

#[test]
fn what_was_recorded_before_a_question_stands_when_the_question_is_dropped() {
    let owed = three();
    for (said, note) in [
        (sure(Intent::Done, &["I.2"]), Note::Kept),
        (sure(Intent::Extension, &["I.2"]), Note::Kept),
        (sure(Intent::Done, &[]), Note::Dropped),
    ] {
        let told = [ObligationId(1), ObligationId(2)];
        let question = asked(&decide("", &said, &situation(&owed, &told))).clone();
        let with = Situation {
            asked: Some(&question),
            ..situation(&owed, &told)
        };
        let dropped = decide_command(&Command::Cancel, &with);
        assert_eq!((dropped.answer.note, dropped.forgets), (Some(note), true));
    }
}

#[test]
fn a_name_alone_answers_which_task_and_never_says_that_it_is_done() {
    let owed = three();
    let told = [ObligationId(1), ObligationId(2)];
    let question = asked(&decide(
        "xong rồi",
        &sure(Intent::Done, &[]),
        &situation(&owed, &told),
    ))
    .clone();
    let blocked = Question {
        options: question
            .options
            .iter()
            .map(|acts| {
                let blocked = acts.iter().map(|act| Act {
                    what: What::Blocked,
                    ..act.clone()
                });
                blocked.collect()
            })
            .collect(),
        quote: "đang vướng kinh phí".to_owned(),
        ..question
    };
    let with = Situation {
        asked: Some(&blocked),
        ..situation(&owed, &told)
    };
    for (text, named, meant) in [("II.2/1", "II.2/1", 2), ("II.2/2 em", "II.2/2", 3)] {
        let mut bare = sure(Intent::Done, &[named]);
        bare.sure = false;
        let decision = decide(text, &bare, &with);
        let change = only_change(&decision);
        assert_eq!(
            (change.obligation.0, &change.what),
            (meant, &What::Blocked),
            "{text}"
        );
        assert!(decision.forgets);
    }
    let mut bare = sure(Intent::Done, &["I.2"]);
    bare.sure = false;
    let decision = decide("I.2", &bare, &situation(&owed, &told));
    assert_eq!(decision.answer.question, None);
    assert_eq!(decision.answer.shown, [ObligationId(1)]);
    let decision = decide("I.2 xong", &sure(Intent::Done, &["I.2"]), &with);
    assert!(
        matches!(only_change(&decision).what, What::Done { .. }),
        "it says more"
    );
}

#[test]
fn a_day_to_until_when_is_that_day_whatever_stands_beside_it() {
    let mut owed = three();
    owed[1].obligation.due_on = Some(day(3, 11));
    owed[1].obligation.act_by = Some(day(3, 11));
    let asks = super::asked::question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[])
    };
    let decision = super::heard::says("tuần sau nghe", &waits);
    assert!(matches!(
        only_change(&decision).what,
        What::Extension { until: Some(_) }
    ));
}
