//! Files without a word, and what is only read.

use super::*;
use crate::domain::inbound::File;

fn photo() -> [File; 1] {
    [File {
        id: "AgAD".to_owned(),
        name: None,
        media_type: Some("image/jpeg".to_owned()),
        size: Some(7),
        sha256: None,
        album: None,
    }]
}

fn proof(change: &Change) -> (i64, Option<&str>, usize) {
    let What::Evidence(evidence) = &change.what else {
        panic!("{change:?}")
    };
    let number = evidence.document.as_deref();
    (change.obligation.0, number, change.files.len())
}

#[test]
fn a_file_that_answers_the_question_for_a_number_proves_what_was_reported() {
    let mut owed = three();
    let decision = decide(
        "I.2 xong",
        &sure(Intent::Done, &["I.2"]),
        &situation(&owed, &[]),
    );
    let question = asked(&decision).clone();
    owed[0] = owed[0].standing(decision.changes[0].after);
    let files = photo();
    let with = Situation {
        asked: Some(&question),
        files: &files,
        ..situation(&owed, &[])
    };
    let decision = decide("", &sure(Intent::Unknown, &[]), &with);
    assert_eq!(proof(only_change(&decision)), (1, None, 1));
    assert!(!decision.forgets, "the number is welcome still");
    assert_eq!(decision.answer.question, None, "nothing is asked twice");
    let decision = decide("I.2 đây ạ", &sure(Intent::Ack, &["I.2"]), &with);
    assert_eq!(proof(only_change(&decision)), (1, None, 1));
}

#[test]
fn a_file_alone_completes_nothing_and_is_asked_about_where_it_may_belong_to_several() {
    let owed = three();
    let files = photo();
    let told = [ObligationId(1), ObligationId(2)];
    let with = Situation {
        files: &files,
        ..situation(&owed, &told)
    };
    let decision = decide("", &sure(Intent::Unknown, &[]), &with);
    assert_eq!(decision.changes, []);
    let question = asked(&decision).clone();
    assert_eq!(question.kind, QuestionKind::Which);
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &told)
    };
    let chosen = decide_choice(2, &with);
    let change = only_change(&chosen);
    assert_eq!(proof(change), (2, None, 1), "the file is not lost");
    assert_eq!(change.after, change.before);
    assert!(chosen.answer.recorded[0].files == 1);

    let only = [ObligationId(2)];
    let with = Situation {
        files: &files,
        ..situation(&owed, &only)
    };
    let decision = decide("", &sure(Intent::Unknown, &[]), &with);
    let change = only_change(&decision);
    assert_eq!(
        (proof(change), change.after.state),
        ((2, None, 1), State::Open)
    );
}

#[test]
fn the_files_of_words_that_are_asked_back_are_kept_with_the_answer() {
    let owed = three();
    let files = photo();
    let told = [ObligationId(1), ObligationId(2)];
    let with = Situation {
        files: &files,
        ..situation(&owed, &told)
    };
    let question = asked(&decide("xong rồi", &sure(Intent::Done, &[]), &with)).clone();
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &told)
    };
    let chosen = decide_choice(1, &with);
    assert_eq!(only_change(&chosen).files, files);
}

#[test]
fn what_is_read_is_noted_of_what_nobody_has_answered_and_changes_nothing() {
    let mut owed = three();
    owed[1].is_answered = true;
    let told = [ObligationId(1), ObligationId(2)];
    let decision = decide("ok em", &sure(Intent::Ack, &[]), &situation(&owed, &told));
    let change = only_change(&decision);
    assert_eq!(
        (change.obligation, &change.what),
        (ObligationId(1), &What::Ack)
    );
    assert_eq!(change.after, change.before);
    assert_eq!(decision.answer.recorded, []);
    assert_eq!(decision.answer.note, Some(Note::Thanks));
    let decision = decide(
        "II.2/2 đã nhận",
        &sure(Intent::Ack, &["II.2/2"]),
        &situation(&owed, &told),
    );
    assert_eq!(only_change(&decision).obligation, ObligationId(3));
}

#[test]
fn a_head_puts_off_nobodys_reminders() {
    let owed = three();
    let with = Situation {
        is_head: true,
        ..situation(&owed, &[ObligationId(1)])
    };
    let mut said = sure(Intent::Snooze, &["I.2"]);
    assert_eq!(only_refusal(&decide("", &said, &with)), Why::NotForHeads);
    said.date = Some(day(3, 16));
    assert_eq!(only_refusal(&decide("", &said, &with)), Why::NotForHeads);
}

#[test]
fn a_task_that_is_named_beside_a_file_is_the_one_that_it_proves() {
    let owed = three();
    let files = photo();
    let told = [ObligationId(1), ObligationId(2)];
    let with = Situation {
        files: &files,
        ..situation(&owed, &told)
    };
    let mut named = sure(Intent::Done, &["I.2"]);
    named.sure = false;
    let decision = decide("I.2", &named, &with);
    assert_eq!(proof(only_change(&decision)), (1, None, 1));
    assert_eq!(only_change(&decision).after.state, State::Open);
    let without = situation(&owed, &told);
    assert_eq!(decide("I.2", &named, &without).changes, []);
}

#[test]
fn what_comes_with_a_report_of_what_is_done_already_proves_it_further() {
    let mut owed = three();
    owed[0].obligation.state = State::Done;
    let files = photo();
    let with = Situation {
        files: &files,
        ..situation(&owed, &[])
    };
    let decision = decide("I.2 xong", &sure(Intent::Done, &["I.2"]), &with);
    assert_eq!(proof(only_change(&decision)), (1, None, 1));
    assert_eq!(decision.answer.refused, []);
    let without = situation(&owed, &[]);
    let refused = decide("I.2 xong", &sure(Intent::Done, &["I.2"]), &without);
    assert_eq!(only_refusal(&refused), Why::AlreadyDone);
}

#[test]
fn a_file_belongs_to_the_last_report_only_for_a_while() {
    let owed = three();
    let files = photo();
    let own = |is_fresh| OwnChange {
        event: 5,
        obligation: ObligationId(1),
        before: Stand::of(&owed[0].obligation),
        after: Stand::of(&owed[0].obligation),
        on: today(),
        is_fresh,
        message: None,
    };
    let told = [ObligationId(1), ObligationId(2)];
    let by = |own_changes: &[OwnChange]| {
        let with = Situation {
            files: &files,
            own_changes,
            ..situation(&owed, &told)
        };
        decide("", &sure(Intent::Unknown, &[]), &with)
    };
    assert_eq!(only_change(&by(&[own(true)])).obligation, ObligationId(1));
    assert_eq!(asked(&by(&[own(false)])).kind, QuestionKind::Which);
}

#[test]
fn a_new_file_beside_the_answer_joins_those_that_were_asked_about() {
    let owed = three();
    let files = photo();
    let told = [ObligationId(1), ObligationId(2)];
    let with = Situation {
        files: &files,
        ..situation(&owed, &told)
    };
    let question = asked(&decide("", &sure(Intent::Unknown, &[]), &with)).clone();
    let mut more = photo();
    more[0].id = "BQAD".to_owned();
    let with = Situation {
        files: &more,
        asked: Some(&question),
        ..situation(&owed, &told)
    };
    assert_eq!(only_change(&decide_choice(1, &with)).files.len(), 2);
}
