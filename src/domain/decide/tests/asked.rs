//! What is said to a question that waits.

use super::*;
use crate::domain::inbound::File;
use crate::domain::reply::Says;

/// Says it while this question waits.
fn answer(understood: &Understanding, owed: &[Owed], question: &Question) -> Decision {
    let situation = Situation {
        asked: Some(question),
        ..situation(owed, &[])
    };
    decide("…", understood, &situation)
}

fn choose(number: usize, owed: &[Owed], question: &Question) -> Decision {
    let situation = Situation {
        asked: Some(question),
        ..situation(owed, &[])
    };
    decide_choice(number, &situation)
}

fn says(says: Says) -> Understanding {
    let mut said = sure(Intent::Unknown, &[]);
    said.sure = false;
    said.details.says = Some(says);
    said
}

pub(super) fn question(kind: QuestionKind, about: i64) -> Question {
    Question::new(kind, vec![ObligationId(about)], "xong rồi")
}

fn page() -> File {
    File {
        id: "AgAD".to_owned(),
        name: None,
        media_type: None,
        size: None,
        sha256: None,
        album: None,
    }
}

/// Twelve tasks, of which the first two were told today.
fn twelve() -> Vec<Owed> {
    (1..=12)
        .map(|id| owed(id, &format!("II.{id}"), 1, ""))
        .collect()
}

fn abouts(question: &Question) -> Vec<i64> {
    question.about.iter().map(|id| id.0).collect()
}

#[test]
fn which_task_offers_what_was_told_and_then_all_that_is_left_page_by_page() {
    let mut owed = twelve();
    owed[11].obligation.state = State::Done;
    let told = [ObligationId(1), ObligationId(2)];
    let first = decide(
        "đang vướng kinh phí",
        &sure(Intent::Blocked, &[]),
        &situation(&owed, &told),
    );
    let first = asked(&first);
    assert_eq!((abouts(first), first.rest.len()), (vec![1, 2], 9));
    assert_eq!(first.options.len(), 3, "two tasks, and the rest");
    assert!(first.options[2].is_empty());

    let second = choose(3, &owed, first);
    assert_eq!((&second.changes, second.answer.note), (&vec![], None));
    let second = asked(&second);
    assert_eq!(abouts(second), (3..=10).collect::<Vec<_>>());
    assert_eq!(
        (second.quote.as_str(), second.rest.len()),
        ("đang vướng kinh phí", 1)
    );

    let third = choose(9, &owed, second);
    let third = asked(&third);
    assert_eq!(
        (abouts(third), third.options.len()),
        (vec![11], 1),
        "what is done is not offered"
    );
    let change = choose(1, &owed, third);
    assert_eq!(only_change(&change).what, What::Blocked);
    assert_eq!(only_change(&change).obligation, ObligationId(11));
}

#[test]
fn of_a_task_that_is_named_only_its_own_milestones_are_offered() {
    let mut owed = twelve();
    owed.extend((20..32).map(|id| self::owed(id, "IV.1", u16::try_from(id).unwrap(), "")));
    let decision = decide(
        "IV.1 xong",
        &sure(Intent::Done, &["IV.1"]),
        &situation(&owed, &[]),
    );
    let question = asked(&decision);
    assert_eq!(abouts(question), (20..28).collect::<Vec<_>>());
    assert_eq!(question.rest, [28, 29, 30, 31].map(ObligationId));
}

#[test]
fn no_drops_the_question_and_keeps_what_is_recorded() {
    let owed = three();
    let no = says(Says::No);
    for (kind, note) in [
        (QuestionKind::TakeBack, Note::Kept),
        (QuestionKind::Until, Note::Kept),
        (QuestionKind::Sure, Note::Dropped),
        (QuestionKind::Which, Note::Dropped),
        (QuestionKind::Document, Note::NumberLater),
    ] {
        let decision = answer(&no, &owed, &question(kind, 2));
        assert_eq!(
            (decision.answer.note, decision.forgets),
            (Some(note), true),
            "{kind:?}"
        );
        assert_eq!(decision.changes, []);
    }
    let decision = decide("không", &no, &situation(&owed, &[]));
    assert_eq!(
        decision.answer.note,
        Some(Note::NothingAsked),
        "nothing was asked"
    );
}

#[test]
fn a_number_that_does_not_exist_yet_takes_no_completion_back() {
    let mut owed = three();
    owed[1].obligation.state = State::Done;
    owed[1].claim = Some(Claim {
        event: 7,
        on: today(),
        said_on: today(),
        before: Stand::of(&three()[1].obligation),
    });
    let mut no_number = sure(Intent::Progress, &[]);
    no_number.details.says = Some(Says::NoNumber);
    let decision = answer(&no_number, &owed, &question(QuestionKind::Document, 2));
    assert_eq!(decision.answer.note, Some(Note::NumberLater));
    assert_eq!(decision.changes, []);
}

#[test]
fn done_said_again_answers_whether_it_is_to_be_taken_back() {
    let owed = three();
    let asks = question(QuestionKind::TakeBack, 2);
    for refs in [&[][..], &["II.2"][..], &["II.2/1"][..]] {
        let decision = answer(&sure(Intent::Done, refs), &owed, &asks);
        assert_eq!(
            (decision.answer.note, decision.forgets),
            (Some(Note::Kept), true)
        );
    }
    let of_another = answer(&sure(Intent::Done, &["I.2"]), &owed, &asks);
    assert_eq!(only_change(&of_another).obligation, ObligationId(1));
    assert!(!of_another.forgets);
}

#[test]
fn a_report_about_the_task_that_was_asked_about_settles_the_question() {
    let owed = three();
    let decision = answer(
        &sure(Intent::Progress, &["II.2/1"]),
        &owed,
        &question(QuestionKind::Document, 2),
    );
    assert!(decision.forgets);
    let read = answer(
        &sure(Intent::Ack, &["II.2/1"]),
        &owed,
        &question(QuestionKind::Document, 2),
    );
    assert!(!read.forgets, "that it was read settles nothing");
}

#[test]
fn a_day_that_will_not_do_leaves_the_question_open() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let mut no_such_day = sure(Intent::Extension, &[]);
    no_such_day.details.no_day = true;
    let decision = answer(&no_such_day, &owed, &asks);
    assert_eq!(decision.answer.note, Some(Note::NoSuchDay));
    assert_eq!((asked(&decision), decision.forgets), (&asks, false));

    let mut too_early = sure(Intent::Extension, &[]);
    too_early.date = Some(day(3, 20));
    let decision = answer(&too_early, &owed, &asks);
    assert_eq!(only_refusal(&decision), Why::NotLater);
    assert!(!decision.forgets);

    let mut later = sure(Intent::Extension, &[]);
    later.date = Some(day(4, 15));
    let decision = answer(&later, &owed, &asks);
    assert_eq!(
        only_change(&decision).after.pending,
        Some(Pending::Extension)
    );
    assert!(decision.forgets);
}

#[test]
fn a_wish_for_a_day_in_no_calendar_is_asked_again_and_not_recorded() {
    let owed = three();
    let mut wish = sure(Intent::Extension, &["II.2/1"]);
    wish.details.no_day = true;
    let decision = decide("/giahan II.2/1 31/4", &wish, &situation(&owed, &[]));
    assert_eq!(decision.changes, []);
    assert_eq!(decision.answer.note, Some(Note::NoSuchDay));
    assert_eq!(asked(&decision).kind, QuestionKind::Until);
}

#[test]
fn dropping_without_a_question_takes_nothing_back() {
    let owed = three();
    let own = OwnChange {
        event: 5,
        obligation: ObligationId(1),
        before: Stand::of(&owed[0].obligation),
        after: Stand::of(&owed[0].obligation),
        on: today(),
        is_fresh: true,
        message: None,
    };
    let own_changes = [own];
    let idle = Situation {
        own_changes: &own_changes,
        ..situation(&owed, &[])
    };
    let decision = decide_command(&Command::Cancel, &idle);
    assert_eq!(decision.changes, []);
    assert_eq!(decision.answer.note, Some(Note::NothingAsked));
}

#[test]
fn a_head_who_gives_work_to_somebody_there_disowns_nothing() {
    let owed = three();
    let mut gives = sure(Intent::Reassign, &["II.2/1"]);
    gives.details.to_a_person = true;
    let by = |is_head| {
        let situation = Situation {
            is_head,
            ..situation(&owed, &[])
        };
        decide("đồng chí Lan phụ trách II.2/1", &gives, &situation)
    };
    let of_head = by(true);
    let change = only_change(&of_head);
    assert_eq!((&change.what, change.after), (&What::Handed, change.before));
    let mut disowns = gives.clone();
    disowns.details.to_a_person = false;
    let of_head = Situation {
        is_head: true,
        ..situation(&owed, &[])
    };
    let disowned = decide("II.2/1 không phải việc của Sở", &disowns, &of_head);
    assert_eq!(
        only_change(&disowned).what,
        What::Blocked,
        "the monitor hears of it"
    );
    assert_eq!(
        only_change(&by(false)).after.pending,
        Some(Pending::Reassignment),
        "an officer's word goes to the head"
    );
}

#[test]
fn a_question_in_words_is_answered_with_the_tasks_that_share_its_telling_words() {
    let content = |id, task: &str, words: &str| Owed {
        content: words.to_owned(),
        ..owed(id, task, 1, "")
    };
    let owed = [
        content(
            1,
            "I.2",
            "Xây dựng kế hoạch kiểm tra văn bản quy phạm pháp luật",
        ),
        content(2, "II.2", "Xây dựng kế hoạch rà soát thủ tục hành chính"),
        content(3, "V.1", "Xây dựng kế hoạch đào tạo bồi dưỡng công chức"),
        content(4, "V.6", "Báo cáo kết quả bồi dưỡng công chức cấp xã"),
    ];
    let shown = |text: &str| {
        let ids = decide(text, &sure(Intent::Ask, &[]), &situation(&owed, &[]))
            .answer
            .shown;
        ids.iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(shown("hạn rà soát là bao giờ em"), [2]);
    assert_eq!(
        shown("kế hoạch hạn bao giờ"),
        Vec::<i64>::new(),
        "all of them are plans"
    );
    assert_eq!(shown("bồi dưỡng công chức cấp xã ai làm"), [4]);
    assert_eq!(shown("bồi dưỡng công chức ai làm"), [3, 4]);
}

#[test]
fn which_task_waits_while_another_one_is_reported() {
    let owed = three();
    let which = Question {
        about: vec![ObligationId(1), ObligationId(2)],
        ..question(QuestionKind::Which, 1)
    };
    let decision = answer(&sure(Intent::Done, &["I.2"]), &owed, &which);
    assert_eq!(only_change(&decision).obligation, ObligationId(1));
    assert!(!decision.forgets, "its words still want a task");
}

#[test]
fn a_task_of_several_milestones_completes_none_of_them_by_its_name() {
    let mut owed = three();
    owed[2].obligation.opens_on = Some(day(1, 1));
    let told = [ObligationId(1), ObligationId(2), ObligationId(3)];
    let first = decide(
        "xong rồi",
        &sure(Intent::Done, &[]),
        &situation(&owed, &told),
    );
    let mut named = sure(Intent::Done, &["II.2"]);
    named.sure = false;
    let situation = Situation {
        asked: Some(asked(&first)),
        told: &told,
        ..situation(&owed, &[])
    };
    let decision = decide("II.2", &named, &situation);
    assert_eq!(decision.changes, []);
    assert_eq!(abouts(asked(&decision)), [2, 3]);

    // The files that came with the first words go on with them.
    let mut with_file = asked(&first).clone();
    for act in with_file.options.iter_mut().flatten() {
        act.files = vec![page()];
    }
    let situation = Situation {
        asked: Some(&with_file),
        ..situation
    };
    let decision = decide("II.2", &named, &situation);
    let mut acts = asked(&decision).options.iter().flatten();
    assert!(acts.all(|act| act.files.len() == 1), "{decision:#?}");
}

#[test]
fn a_picture_with_no_number_is_kept_all_the_same() {
    let mut owed = three();
    owed[1].obligation.state = State::Done;
    let files = [page()];
    let asks = question(QuestionKind::Document, 2);
    let situation = Situation {
        asked: Some(&asks),
        files: &files,
        ..situation(&owed, &[])
    };
    let decision = decide("chưa có số ạ", &says(Says::NoNumber), &situation);
    assert_eq!(only_change(&decision).files.len(), 1);
    assert_eq!(decision.answer.note, Some(Note::NumberLater));
}

#[test]
fn no_day_is_asked_for_where_none_would_do() {
    let mut owed = three();
    owed[1].obligation.due_on = None;
    owed[1].obligation.kind = MilestoneKind::Continuous;
    let mut wish = sure(Intent::Extension, &["II.2/1"]);
    wish.details.no_day = true;
    let decision = decide("…", &wish, &situation(&owed, &[]));
    assert_eq!(only_refusal(&decision), Why::NoDeadline);
    assert_eq!(decision.answer.question, None);
}
