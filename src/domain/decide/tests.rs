//! What follows from what people say, case by case.

use chrono::NaiveDate;

use super::*;
use crate::domain::ids::{MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::plan::{Acceptance, MilestoneKind};
use crate::domain::reply::{Intent, Part, Understanding};

pub(super) fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

const TODAY: (u32, u32) = (3, 10);

pub(super) fn today() -> NaiveDate {
    day(TODAY.0, TODAY.1)
}

/// `II.2/1`, due 31/3, open, a document, trusted.
pub(super) fn owed(id: i64, task: &str, number: u16, label: &str) -> Owed {
    Owed {
        obligation: Obligation {
            id: ObligationId(id),
            plan: "quang-nam-2020".into(),
            milestone: MilestoneId {
                task: task.into(),
                number,
            },
            agency: "STP".into(),
            kind: MilestoneKind::Due,
            opens_on: Some(day(1, 1)),
            due_on: Some(day(3, 31)),
            original_due_on: Some(day(3, 31)),
            act_by: Some(day(3, 31)),
            state: State::Open,
            done_on: None,
            pending: None,
            snoozed_until: None,
            taken_from: None,
        },
        content: format!("Nội dung của {task}"),
        label: label.to_owned(),
        product: "Kế hoạch".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2019, 12, 31).unwrap(),
        acceptance: Acceptance::Trust,
        is_document: true,
        has_document: false,
    }
}

pub(super) fn three() -> Vec<Owed> {
    let mut later = owed(3, "II.2", 2, "Ban hành Phương án");
    later.obligation.opens_on = Some(day(4, 1));
    later.obligation.due_on = Some(day(9, 14));
    later.obligation.act_by = Some(day(9, 14));
    vec![
        owed(1, "I.2", 1, ""),
        owed(2, "II.2", 1, "Ban hành Kế hoạch"),
        later,
    ]
}

pub(super) fn sure(intent: Intent, refs: &[&str]) -> Understanding {
    Understanding {
        intent,
        sure: true,
        refs: refs.iter().map(|one| (*one).to_owned()).collect(),
        percent: None,
        date: None,
        doc: None,
        parts: Vec::new(),
    }
}

pub(super) fn situation<'a>(owed: &'a [Owed], told: &'a [ObligationId]) -> Situation<'a> {
    Situation {
        today: today(),
        owed,
        told,
        asked: None,
        last_change: None,
    }
}

fn only_change(decision: &Decision) -> &Change {
    assert_eq!(decision.changes.len(), 1, "{decision:#?}");
    &decision.changes[0]
}

fn only_refusal(decision: &Decision) -> Why {
    assert_eq!(decision.changes, [], "{decision:#?}");
    assert_eq!(decision.answer.refused.len(), 1, "{decision:#?}");
    decision.answer.refused[0].why
}

fn asked(decision: &Decision) -> &Question {
    decision.answer.question.as_ref().expect("a question")
}

#[test]
fn a_sure_completion_is_recorded_and_its_document_asked_for_once() {
    let owed = three();
    let decision = decide(
        "I.2 xong",
        &sure(Intent::Done, &["I.2"]),
        &situation(&owed, &[]),
    );
    let change = only_change(&decision);
    assert_eq!(
        (change.after.state, change.after.done_on),
        (State::Done, Some(today()))
    );
    assert_eq!(asked(&decision).kind, QuestionKind::Document);

    let mut with_number = sure(Intent::Done, &["I.2"]);
    with_number.doc = Some("12/KH-STP".to_owned());
    let decision = decide("I.2 xong, KH 12", &with_number, &situation(&owed, &[]));
    assert_eq!(decision.answer.question, None);

    let mut known = three();
    known[0].has_document = true;
    let decision = decide(
        "I.2 xong",
        &sure(Intent::Done, &["I.2"]),
        &situation(&known, &[]),
    );
    assert_eq!(
        decision.answer.question, None,
        "a number that is known is not asked for"
    );
}

#[test]
fn a_completion_that_is_not_sure_changes_nothing_and_is_asked_back() {
    let owed = three();
    let mut doubtful = sure(Intent::Done, &["I.2"]);
    doubtful.sure = false;
    let decision = decide("I.2 xong chăng", &doubtful, &situation(&owed, &[]));
    assert_eq!(decision.changes, []);
    let question = asked(&decision).clone();
    assert_eq!(
        (question.kind, question.options.len()),
        (QuestionKind::Sure, 3)
    );
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &[])
    };
    assert_eq!(
        only_change(&decide_choice(1, &with)).after.state,
        State::Done
    );
    let other = decide_choice(2, &with);
    assert!(matches!(only_change(&other).what, What::Progress { .. }));
    assert_eq!(decide_choice(3, &with).answer.note, Some(Note::Dropped));
    assert_eq!(
        decide_choice(9, &with).answer.question,
        Some(question.clone()),
        "asked again"
    );
}

#[test]
fn a_button_belongs_to_one_state_of_one_obligation() {
    let mut owed = three();
    let mut doubtful = sure(Intent::Done, &["I.2"]);
    doubtful.sure = false;
    let question = asked(&decide("?", &doubtful, &situation(&owed, &[]))).clone();
    owed[0].obligation.pending = Some(Pending::Extension);
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &[])
    };
    assert_eq!(only_refusal(&decide_choice(1, &with)), Why::ChangedSince);
    let without = situation(&owed, &[]);
    assert_eq!(
        decide_choice(1, &without).changes,
        [],
        "a button whose question is gone"
    );
}

#[test]
fn a_claim_waits_where_the_plan_wants_it_confirmed() {
    let mut owed = three();
    owed[0].acceptance = Acceptance::Confirm;
    let decision = decide(
        "xong",
        &sure(Intent::Done, &["I.2"]),
        &situation(&owed, &[]),
    );
    let change = only_change(&decision);
    assert_eq!(
        (change.after.state, change.after.pending),
        (State::Open, Some(Pending::Acceptance))
    );
    owed[0].obligation.pending = Some(Pending::Acceptance);
    let again = decide(
        "xong",
        &sure(Intent::Done, &["I.2"]),
        &situation(&owed, &[]),
    );
    assert_eq!(only_refusal(&again), Why::AlreadyDone, "a double tap");
}

#[test]
fn the_day_of_completion_lies_between_the_plan_and_today() {
    let owed = three();
    let mut said = sure(Intent::Done, &["I.2"]);
    said.date = Some(day(3, 6));
    let decision = decide("", &said, &situation(&owed, &[]));
    assert_eq!(only_change(&decision).after.done_on, Some(day(3, 6)));
    said.date = NaiveDate::from_ymd_opt(2019, 3, 6);
    assert_eq!(
        only_refusal(&decide("", &said, &situation(&owed, &[]))),
        Why::BeforePlan
    );
    said.date = Some(day(3, 20));
    let forecast = decide("", &said, &situation(&owed, &[]));
    assert!(
        matches!(only_change(&forecast).what, What::Progress { expected_on: Some(on), .. } if on == day(3, 20)),
        "nobody has completed anything in the future"
    );
}

#[test]
fn several_milestones_of_a_task_are_told_apart() {
    let mut owed = three();
    let done = sure(Intent::Done, &["II.2"]);
    let meant = |owed: &[Owed], told: &[ObligationId], said: &Understanding| {
        only_change(&decide("", said, &situation(owed, told)))
            .obligation
            .0
    };
    assert_eq!(meant(&owed, &[], &done), 2, "the other has not opened yet");
    assert_eq!(meant(&owed, &[], &sure(Intent::Done, &["II.2/2"])), 3);
    assert_eq!(
        meant(&owed, &[], &sure(Intent::Done, &["ii.2/pa"])),
        3,
        "by the first letters of its label"
    );
    owed[2].obligation.opens_on = Some(day(1, 1));
    assert_eq!(
        meant(&owed, &[ObligationId(3)], &done),
        3,
        "the one that the brief told"
    );
    let mut numbered = done.clone();
    numbered.doc = Some("12/KH-STP".to_owned());
    assert_eq!(
        meant(&owed, &[], &numbered),
        2,
        "the one that the kind of document names"
    );
    let decision = decide("", &done, &situation(&owed, &[]));
    assert_eq!(
        asked(&decision).kind,
        QuestionKind::Which,
        "in doubt it asks"
    );
    assert_eq!(
        meant(&owed, &[], &sure(Intent::Blocked, &["II.2"])),
        2,
        "a difficulty is about the nearest"
    );
}

#[test]
fn without_a_reference_the_only_one_told_is_meant_or_it_is_asked_which() {
    let owed = three();
    let said = sure(Intent::Done, &[]);
    let decision = decide("xong rồi", &said, &situation(&owed, &[ObligationId(2)]));
    assert_eq!(only_change(&decision).obligation, ObligationId(2));
    let told = [ObligationId(1), ObligationId(2)];
    let decision = decide("xong rồi", &said, &situation(&owed, &told));
    let question = asked(&decision).clone();
    assert_eq!(
        (question.kind, question.about.as_slice()),
        (QuestionKind::Which, told.as_slice())
    );
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &told)
    };
    let chosen = decide_choice(2, &with);
    assert_eq!(only_change(&chosen).obligation, ObligationId(2));
    assert!(chosen.forgets);
    let second = decide(
        "việc 2 xong",
        &sure(Intent::Done, &["#2"]),
        &situation(&owed, &told),
    );
    assert_eq!(
        only_change(&second).obligation,
        ObligationId(2),
        "by its place in the brief"
    );
}

#[test]
fn what_another_agency_owes_does_not_exist() {
    let owed = three();
    let decision = decide("", &sure(Intent::Done, &["VII.1"]), &situation(&owed, &[]));
    assert_eq!(only_refusal(&decision), Why::NotOwed);
    let decision = decide("", &sure(Intent::Done, &["#99"]), &situation(&owed, &[]));
    assert_eq!(only_refusal(&decision), Why::NotOwed);
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
    let mut last = LastChange {
        event: 77,
        obligation: ObligationId(1),
        before,
        after,
        on: day(3, 9),
    };
    let take_back = |owed: &[Owed], last: &LastChange| {
        let with = Situation {
            last_change: Some(last),
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
        ("/xong II.2", Err("II.2 xong".to_owned())),
        ("/giahan II.2 15/4", Err("xin gia hạn II.2 15/4".to_owned())),
        ("II.2 xong", Err("II.2 xong".to_owned())),
    ] {
        assert_eq!(parse_command(text), expected, "{text}");
    }
}
