//! What an edited message changes, case by case.

use super::*;
use crate::domain::decide::Evidence;
use crate::domain::decide::decide;
use crate::domain::decide::tests::{day, situation, sure, three};
use crate::domain::obligation::State;
use crate::domain::reply::{Intent, Part, Understanding};

/// 9/3, the day before the edit.
fn yesterday() -> NaiveDate {
    day(3, 9)
}

fn stand(state: State, done_on: Option<NaiveDate>) -> Stand {
    Stand {
        state,
        done_on,
        pending: None,
        snoozed_until: None,
    }
}

/// "II.2/1 xong" of yesterday, as event 7; the obligations as they stand since.
fn done() -> (Vec<Owed>, Vec<Earlier>) {
    let mut owed = three();
    owed[1].obligation.state = State::Done;
    owed[1].obligation.done_on = Some(yesterday());
    let earlier = Earlier {
        event: 7,
        obligation: ObligationId(2),
        what: What::Done {
            on: yesterday(),
            document: None,
        },
        before: stand(State::Open, None),
        after: stand(State::Done, Some(yesterday())),
        is_last: true,
        proves: false,
    };
    (owed, vec![earlier])
}

fn corrected(earlier: &[Earlier], owed: &[Owed], understood: &Understanding) -> Option<Decision> {
    let read = |as_if: &Situation<'_>| decide("", understood, as_if);
    correct(earlier, yesterday(), &situation(owed, &[]), read)
}

fn whats(decision: &Decision) -> Vec<(i64, &'static str)> {
    let changes = decision.changes.iter();
    changes
        .map(|one| (one.obligation.0, one.what.as_str()))
        .collect()
}

#[test]
fn the_same_words_change_nothing_and_keep_their_day() {
    let (owed, earlier) = done();
    assert_eq!(
        corrected(&earlier, &owed, &sure(Intent::Done, &["II.2/1"])),
        None
    );
}

#[test]
fn other_words_take_the_place_of_the_earlier_ones() {
    let (owed, earlier) = done();
    let half = Understanding {
        percent: Some(50),
        ..sure(Intent::Progress, &["II.2/1"])
    };
    let decision = corrected(&earlier, &owed, &half).unwrap();
    assert_eq!(whats(&decision), [(2, "undone"), (2, "progress")]);
    assert_eq!(decision.changes[0].what, What::Undo { event: 7 });
    assert_eq!(decision.changes[1].before, stand(State::Open, None));
    let recorded = &decision.answer.recorded;
    assert_eq!((recorded.len(), recorded[0].what.as_str()), (1, "progress"));
    assert!(decision.answer.corrects);
}

#[test]
fn another_task_is_recorded_and_the_wrong_one_is_taken_back() {
    let (owed, earlier) = done();
    let decision = corrected(&earlier, &owed, &sure(Intent::Done, &["I.2"])).unwrap();
    assert_eq!(whats(&decision), [(2, "undone"), (1, "done")]);
    let told: Vec<_> = decision
        .answer
        .recorded
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    assert_eq!(told, ["undone", "done"]);
}

#[test]
fn a_task_that_is_added_leaves_the_first_as_it_was() {
    let (owed, earlier) = done();
    let both = Understanding {
        parts: vec![
            Part {
                task: Some("II.2/1".to_owned()),
                intent: Intent::Done,
            },
            Part {
                task: Some("I.2".to_owned()),
                intent: Intent::Blocked,
            },
        ],
        ..sure(Intent::Done, &["II.2/1", "I.2"])
    };
    let decision = corrected(&earlier, &owed, &both).unwrap();
    assert_eq!(whats(&decision), [(1, "blocked")]);
}

#[test]
fn words_that_say_nothing_and_a_plain_mistake_take_back() {
    let (owed, earlier) = done();
    for (intent, note) in [
        (Intent::Unknown, Some(Note::NotUnderstood)),
        (Intent::Undo, None),
    ] {
        let decision = corrected(&earlier, &owed, &sure(intent, &[])).unwrap();
        assert_eq!(whats(&decision), [(2, "undone")]);
        assert_eq!(decision.answer.note, note);
    }
}

#[test]
fn what_somebody_changed_since_stays() {
    let (mut owed, mut earlier) = done();
    earlier[0].is_last = false;
    owed[1].obligation.state = State::Open;
    owed[1].obligation.done_on = None;
    let half = Understanding {
        percent: Some(50),
        ..sure(Intent::Progress, &["II.2/1"])
    };
    let decision = corrected(&earlier, &owed, &half).unwrap();
    assert_eq!(whats(&decision), []);
    assert_eq!(decision.answer.refused[0].why, Why::ChangedSince);
}

#[test]
fn the_number_of_a_document_is_put_right() {
    let (owed, _) = done();
    let evidence = |document: &str| {
        What::Evidence(Evidence {
            document: Some(document.to_owned()),
            on: None,
        })
    };
    let now = stand(State::Done, Some(yesterday()));
    let earlier = Earlier {
        event: 8,
        obligation: ObligationId(2),
        what: evidence("35/KH-STP"),
        before: now,
        after: now,
        is_last: true,
        proves: false,
    };
    let number = |doc: &str| Understanding {
        doc: Some(doc.to_owned()),
        ..sure(Intent::Unknown, &[])
    };
    let decision = corrected(std::slice::from_ref(&earlier), &owed, &number("36/KH-STP")).unwrap();
    assert_eq!(whats(&decision), [(2, "undone"), (2, "evidence")]);
    assert_eq!(decision.changes[1].what, evidence("36/KH-STP"));
    assert_eq!(corrected(&[earlier], &owed, &number("35/KH-STP")), None);
}

#[test]
fn an_edit_of_what_recorded_nothing_is_a_statement() {
    let owed = three();
    let decision = corrected(&[], &owed, &sure(Intent::Done, &["II.2/1"])).unwrap();
    assert_eq!(whats(&decision), [(2, "done")]);
    assert!(!decision.answer.corrects);
}
