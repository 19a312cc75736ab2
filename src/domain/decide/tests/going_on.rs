//! What a message leaves open is asked, one question after the other.

use super::*;

/// I.2, II.2/1, II.2/2, III.1 and III.2; the last two were told today.
fn five() -> Vec<Owed> {
    let mut owed = three();
    owed.push(super::owed(4, "III.1", 1, ""));
    owed.push(super::owed(5, "III.2", 1, ""));
    owed
}

const TOLD: [ObligationId; 2] = [ObligationId(4), ObligationId(5)];

fn part(task: Option<&str>, intent: Intent) -> Part {
    Part {
        task: task.map(str::to_owned),
        intent,
    }
}

/// "I.2 vướng kinh phí, II.2/1 chắc xong, cái kia đang làm".
fn three_things() -> Understanding {
    let mut said = sure(Intent::Blocked, &["I.2", "II.2/1"]);
    said.parts = vec![
        part(Some("I.2"), Intent::Blocked),
        part(None, Intent::Progress),
        part(Some("II.2/1"), Intent::Done),
    ];
    said.sure = false;
    said.details.doubted = vec![Some("II.2/1".to_owned())];
    said
}

fn kinds(question: &Question) -> Vec<QuestionKind> {
    let then = question.then.iter();
    std::iter::once(question)
        .chain(then)
        .map(|one| one.kind)
        .collect()
}

#[test]
fn of_two_questions_the_second_is_asked_once_the_first_is_answered() {
    let owed = five();
    let decision = decide("…", &three_things(), &situation(&owed, &TOLD));
    assert_eq!(
        only_change(&decision).what,
        What::Blocked,
        "what is plain is recorded at once"
    );
    let first = asked(&decision).clone();
    assert_eq!(kinds(&first), [QuestionKind::Which, QuestionKind::Sure]);
    assert!(first.of_part);

    let with = Situation {
        asked: Some(&first),
        ..situation(&owed, &TOLD)
    };
    let answered = decide_choice(2, &with);
    assert_eq!(only_change(&answered).obligation, ObligationId(5));
    let second = asked(&answered);
    assert_eq!(kinds(second), [QuestionKind::Sure]);
    assert_eq!((second.about[0].0, second.quote.as_str()), (2, "…"));
    let with = Situation {
        asked: Some(second),
        ..situation(&owed, &TOLD)
    };
    let done = decide_choice(1, &with);
    assert_eq!(only_change(&done).after.state, State::Done);
}

#[test]
fn what_waits_is_asked_too_where_the_first_question_is_dropped_or_makes_room() {
    let owed = five();
    let decision = decide("…", &three_things(), &situation(&owed, &TOLD));
    let first = asked(&decision).clone();
    let with = Situation {
        asked: Some(&first),
        ..situation(&owed, &TOLD)
    };
    let dropped = super::heard::says("/huy", &with);
    assert_eq!(kinds(asked(&dropped)), [QuestionKind::Sure]);
    let other = super::heard::says("III.1 anh em coi như xong rồi", &with);
    let other = asked(&other);
    let abouts: Vec<i64> = other.then.iter().map(|one| one.about[0].0).collect();
    // The question that was put before is still one, and so is what waited behind it.
    assert_eq!((other.about[0].0, abouts), (4, vec![4, 2]));
    // What was reported by itself meanwhile is not asked any more.
    let mut since = five();
    since[1].obligation.state = State::Done;
    let with = Situation {
        owed: &since,
        ..with
    };
    assert_eq!(decide_choice(2, &with).answer.question, None);
}

#[test]
fn what_may_be_passed_over_is_asked_last() {
    let owed = five();
    let mut said = sure(Intent::Snooze, &["I.2", "II.2/1"]);
    said.parts = vec![
        part(Some("I.2"), Intent::Snooze),
        part(Some("II.2/1"), Intent::Done),
    ];
    said.sure = false;
    said.details.doubted = vec![Some("II.2/1".to_owned())];
    let decision = decide("…", &said, &situation(&owed, &TOLD));
    let first = asked(&decision);
    assert_eq!(kinds(first), [QuestionKind::Sure, QuestionKind::RemindOn]);
}

/// "Is II.2/1 done?", with a list of I.2 and II.2/1 shown since.
fn asks_whether(below_list: bool) -> Question {
    let mut said = sure(Intent::Done, &["II.2/1"]);
    said.sure = false;
    let owed = five();
    let decision = decide("chắc xong", &said, &situation(&owed, &[]));
    Question {
        below_list,
        listed: vec![ObligationId(1), ObligationId(2)],
        ..asked(&decision).clone()
    }
}

#[test]
fn whoever_looks_asks_or_thanks_is_reminded_of_what_waits_and_has_not_answered_it() {
    let owed = five();
    let waits = asks_whether(false);
    let told = [ObligationId(1)];
    let with = Situation {
        asked: Some(&waits),
        ..situation(&owed, &told)
    };
    for text in [
        "/viec",
        "/viec I.2",
        "/trogiup",
        "I.2 hạn ngày nào ạ?",
        "cảm ơn em nhiều",
    ] {
        let decision = super::heard::says(text, &with);
        assert_eq!(decision.changes, [], "{text}");
        assert!(
            decision.answer.again && !decision.forgets,
            "{text}: {decision:#?}"
        );
        assert_eq!(decision.answer.question.as_ref(), Some(&waits), "{text}");
    }
    let yes = super::heard::says("đúng rồi", &with);
    assert_eq!(only_change(&yes).obligation, ObligationId(2));
}

#[test]
fn below_a_list_that_was_shown_since_a_number_is_that_of_the_list() {
    let owed = five();
    let waits = asks_whether(true);
    let with = Situation {
        asked: Some(&waits),
        numbered: waits.numbered(),
        shows_numbers: true,
        ..situation(&owed, &[])
    };
    let shown = super::heard::says("1", &with);
    assert_eq!(
        (shown.changes.len(), shown.answer.shown.as_slice()),
        (0, &[ObligationId(1)][..])
    );
    let mut which = asked(&decide(
        "vướng kinh phí",
        &sure(Intent::Blocked, &[]),
        &situation(&owed, &TOLD),
    ))
    .clone();
    which.below_list = true;
    which.listed = vec![ObligationId(1), ObligationId(2)];
    let with = Situation {
        asked: Some(&which),
        numbered: which.numbered(),
        ..with
    };
    for text in ["2", "việc 2"] {
        let chosen = super::heard::says(text, &with);
        assert_eq!(only_change(&chosen).obligation, ObligationId(2), "{text}");
    }
}
