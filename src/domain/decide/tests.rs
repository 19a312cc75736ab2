//! What follows from what people say, case by case.

mod asked;
mod beside;
mod confirmed;
mod corrections;
mod denied;
mod files;
mod following;
mod going_on;
mod heard;
mod in_words;
mod noise;
mod places;
mod shown;
mod taking_back;
mod unmarked;
mod which;
mod wishes;

use chrono::NaiveDate;

use super::*;
use crate::domain::ids::{MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::plan::{Acceptance, MilestoneKind};
use crate::domain::reply::{Details, Intent, Part, Understanding};

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
            milestone: MilestoneId {
                task: task.into(),
                number,
            },
            ..crate::domain::tests::owed()
        },
        content: format!("Nội dung của {task}"),
        label: label.to_owned(),
        product: "Kế hoạch".to_owned(),
        plan_number: "4353/QĐ-UBND".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2019, 12, 31).unwrap(),
        acceptance: Acceptance::Trust,
        is_document: true,
        document: None,
        further: Vec::new(),
        is_answered: false,
        claim: None,
        asked: None,
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
        details: Details::default(),
    }
}

pub(super) fn situation<'a>(owed: &'a [Owed], told: &'a [ObligationId]) -> Situation<'a> {
    Situation {
        today: today(),
        owed,
        told,
        numbered: told,
        shows_numbers: false,
        more_time: None,
        denies: false,
        asked: None,
        own_changes: &[],
        replies_to: None,
        files: &[],
        sent: &[],
        is_head: false,
        of_a_time: &[],
        just_undone: None,
        undone_lately: None,
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
    known[0].document = Some("12/KH-STP".to_owned());
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
    let gone = decide_choice(1, &situation(&owed, &[]));
    assert_eq!(gone.changes, [], "a button whose question is gone");
    assert_eq!(gone.answer.note, Some(Note::OldButton));
    let mut moved = three();
    moved[0].obligation.due_on = Some(day(4, 15));
    let with = Situation {
        asked: Some(&question),
        ..situation(&moved, &[])
    };
    assert_eq!(only_refusal(&decide_choice(1, &with)), Why::ChangedSince);
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
