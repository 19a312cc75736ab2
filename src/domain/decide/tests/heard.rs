//! What follows from a few words beside a question or below a list, read with the words as shipped.

use std::sync::LazyLock;

use super::asked::question;
use super::*;
use crate::domain::reply::{Reader, Writer};
use crate::domain::terse::Terse;
use crate::files::{Folder, load_reader, load_terse};

static READER: LazyLock<Reader> =
    LazyLock::new(|| load_reader(&Folder::lexicon()).expect("the lexicon is whole"));
static TERSE: LazyLock<Terse> =
    LazyLock::new(|| load_terse(&Folder::lexicon()).expect("the words are whole"));

pub(super) fn says(text: &str, situation: &Situation<'_>) -> Decision {
    hear(text, &reading(), situation)
}

pub(super) fn reading() -> Reading<'static> {
    static WRITER: LazyLock<Writer> = LazyLock::new(Writer::default);
    Reading {
        reader: &READER,
        terse: &TERSE,
        writer: &WRITER,
        asked_today: true,
    }
}

/// `II.2/1`, due 31/3, reported as done on 15/4, with this document; and who reported it.
pub(super) fn reported(document: Option<&str>) -> (Vec<Owed>, [OwnChange; 1]) {
    let mut owed = three();
    let before = Stand::of(&owed[1].obligation);
    owed[1].obligation.state = State::Done;
    owed[1].obligation.done_on = Some(day(4, 15));
    owed[1].document = document.map(str::to_owned);
    owed[1].claim = Some(Claim {
        event: 7,
        on: day(4, 15),
        said_on: today(),
        before,
    });
    let own = OwnChange {
        event: 7,
        obligation: ObligationId(2),
        before,
        after: Stand::of(&owed[1].obligation),
        on: day(4, 15),
        is_fresh: true,
        message: None,
    };
    (owed, [own])
}

pub(super) fn on_15_april<'a>(owed: &'a [Owed], own_changes: &'a [OwnChange]) -> Situation<'a> {
    Situation {
        today: day(4, 15),
        own_changes,
        ..situation(owed, &[])
    }
}

pub(super) fn done(on: NaiveDate, document: Option<&str>) -> What {
    What::Done {
        on,
        document: document.map(str::to_owned),
    }
}

pub(super) fn whats(decision: &Decision) -> Vec<What> {
    let changes = decision.changes.iter();
    changes.map(|change| change.what.clone()).collect()
}

#[test]
fn the_day_of_a_document_counts_as_if_it_had_stood_in_the_report() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    for (text, document) in [
        ("20/BC-UBND ngày 30/3", "20/BC-UBND"),
        ("số 15 ngày 30/3", "15/KH"),
        ("KH số 15, 30/3", "15/KH"),
        ("II.2 số 20/BC-UBND ngày 30/3", "20/BC-UBND"),
    ] {
        let decision = says(text, &waits);
        let anew = done(day(3, 30), Some(document));
        assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew], "{text}");
        assert_eq!(decision.changes[1].after.done_on, Some(day(3, 30)));
        assert!(decision.forgets);
        let was = decision.answer.recorded[0].was.clone().unwrap();
        assert_eq!((was.on, was.document), (day(4, 15), None));
        assert_eq!(decision.answer.recorded.len(), 1);
    }
    for text in ["20/BC-UBND", "20/BC-UBND ngày 15/4", "số 15", "15"] {
        let decision = says(text, &waits);
        assert!(
            matches!(&only_change(&decision).what, What::Evidence(_)),
            "{text}"
        );
        assert!(decision.forgets);
    }
    let future = says("20/BC-UBND ngày 30/4", &waits);
    assert!(
        !whats(&future)
            .iter()
            .any(|what| matches!(what, What::Done { .. })),
        "{future:#?}"
    );
}

#[test]
fn a_day_alone_moves_the_completion_and_the_number_is_still_asked_for() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    let decision = says("ngày 30/3", &waits);
    assert_eq!(
        whats(&decision),
        [What::Undo { event: 7 }, done(day(3, 30), None)]
    );
    assert_eq!(asked(&decision).kind, QuestionKind::Document);
    assert!(!decision.forgets);
}

#[test]
fn a_day_before_the_plan_is_refused_and_the_number_kept() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    let decision = says("20/BC-UBND ngày 30/3/2019", &waits);
    assert_eq!(decision.answer.refused[0].why, Why::BeforePlan);
    assert!(matches!(&only_change(&decision).what, What::Evidence(_)));
}

#[test]
fn a_completion_that_waits_for_the_monitor_gets_its_day_too() {
    let (mut owed, own) = reported(None);
    owed[1].acceptance = Acceptance::Confirm;
    owed[1].obligation.state = State::Open;
    owed[1].obligation.done_on = None;
    owed[1].obligation.pending = Some(Pending::Acceptance);
    let asks = question(QuestionKind::Document, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    let decision = says("20/BC-UBND ngày 30/3", &waits);
    assert_eq!(whats(&decision)[1], done(day(3, 30), Some("20/BC-UBND")));
    assert_eq!(decision.changes[1].after.pending, Some(Pending::Acceptance));
}

#[test]
fn a_number_that_comes_tomorrow_leaves_the_report_and_ends_the_question() {
    let asks = question(QuestionKind::Document, 2);
    let (owed, own) = reported(None);
    let waits = Situation {
        asked: Some(&asks),
        ..on_15_april(&owed, &own)
    };
    for text in ["mai có số", "thứ hai em gửi số ạ", "đang xin số"] {
        let decision = says(text, &waits);
        assert_eq!(decision.changes, [], "{text}");
        assert_eq!(
            (decision.answer.note, decision.forgets),
            (Some(Note::NumberLater), true)
        );
        assert_eq!(decision.answer.question, None);
    }
}

#[test]
fn until_when_is_answered_by_as_much_more_time() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[])
    };
    for (text, until) in [
        ("thêm 1 tuần", day(4, 7)),
        ("xin thêm 10 ngày ạ", day(4, 10)),
        ("xin tới cuối tháng 4", day(4, 30)),
        ("15/4", day(4, 15)),
    ] {
        let decision = says(text, &waits);
        let until = Some(until);
        assert_eq!(
            only_change(&decision).what,
            What::Extension { until },
            "{text}"
        );
        assert!(decision.forgets);
    }
    let decision = says("1 tuần nữa", &waits);
    assert_eq!(
        only_refusal(&decision),
        Why::NotLater,
        "17/3 is before 31/3"
    );
    assert!(!decision.forgets);
    let told = situation(&owed, &[]);
    let decision = says("II.2 xin gia hạn thêm 2 tuần vì chờ hướng dẫn", &told);
    let until = Some(day(4, 14));
    assert_eq!(only_change(&decision).what, What::Extension { until });
    assert_eq!(decision.answer.question, None);
}

#[test]
fn a_reason_alone_is_kept_and_the_day_is_still_asked_for() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[])
    };
    for text in ["vì chờ hướng dẫn của Bộ", "do chưa có kinh phí ạ"] {
        let decision = says(text, &waits);
        assert_eq!(
            only_change(&decision).what,
            What::Extension { until: None },
            "{text}"
        );
        assert_eq!(
            (decision.answer.note, decision.forgets),
            (Some(Note::ReasonKept), false)
        );
        assert_eq!(asked(&decision).kind, QuestionKind::Until);
    }
}

#[test]
fn a_reminder_that_is_put_off_beside_until_when_is_no_wish_for_time() {
    let owed = three();
    let asks = question(QuestionKind::Until, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..situation(&owed, &[ObligationId(1), ObligationId(2)])
    };
    let decision = says("để mai nhắc lại", &waits);
    assert_eq!(
        only_change(&decision).what,
        What::Snooze { until: day(3, 11) }
    );
    assert_eq!(only_change(&decision).obligation, ObligationId(2));
    assert!(!decision.forgets);
    let asks = question(QuestionKind::RemindOn, 2);
    let waits = Situation {
        asked: Some(&asks),
        ..waits
    };
    let decision = says("II.2/1 xin gia hạn đến 15/4", &waits);
    let until = Some(day(4, 15));
    assert_eq!(only_change(&decision).what, What::Extension { until });
}

#[test]
fn a_day_just_after_the_report_is_that_of_the_completion() {
    let (owed, own) = reported(None);
    let idle = on_15_april(&owed, &own);
    for text in ["số 21", "II.2/1 số 21"] {
        let decision = says(text, &idle);
        let What::Evidence(evidence) = &only_change(&decision).what else {
            panic!("{text}: {decision:#?}")
        };
        assert_eq!(evidence.document.as_deref(), Some("21/KH"), "{text}");
    }
    let decision = says("II.2/1 số 21 ngày 30/3", &idle);
    assert_eq!(whats(&decision)[1], done(day(3, 30), Some("21/KH")));
    let decision = says("chết, số 22 chứ", &idle);
    assert_eq!(whats(&decision)[1], done(day(4, 15), Some("22/KH")));
    let (owed, own) = reported(Some("5/KH"));
    let idle = on_15_april(&owed, &own);
    let decision = says("ngày 31/3 nhé", &idle);
    let anew = done(day(3, 31), Some("5/KH"));
    assert_eq!(whats(&decision), [What::Undo { event: 7 }, anew]);
    let later = says("lát em gửi số", &idle);
    assert_eq!(
        (later.changes.len(), later.answer.note),
        (0, Some(Note::Thanks))
    );
    let mut old = own;
    old[0].is_fresh = false;
    assert_eq!(whats(&says("ngày 31/3 nhé", &on_15_april(&owed, &old))), []);
}

#[test]
fn the_only_document_dates_the_completion_later_too_and_another_one_beside_it_does_not() {
    let (owed, own) = reported(None);
    let later = Situation {
        today: day(4, 20),
        ..on_15_april(&owed, &own)
    };
    let told = says("II.2/1 KH số 15/KH-STP ngày 17/4/2020", &later);
    let anew = whats(&told);
    assert!(
        matches!(anew.last(), Some(What::Done { on, .. }) if *on == day(4, 17)),
        "{anew:?}"
    );
    let (owed, own) = reported(Some("12/KH-STP"));
    let later = Situation {
        today: day(4, 20),
        ..on_15_april(&owed, &own)
    };
    let told = whats(&says(
        "II.2/1 gửi thêm CV số 15/STP-VP ngày 17/4/2020",
        &later,
    ));
    assert!(
        told.iter().all(|what| matches!(what, What::Evidence(_))),
        "{told:?}"
    );
}

#[test]
fn a_completion_of_long_ago_is_not_made_earlier() {
    let (owed, _) = reported(None);
    let later = Situation {
        today: day(6, 20),
        ..on_15_april(&owed, &[])
    };
    let told = says("II.2/1 KH số 15/KH-STP ngày 30/3/2020", &later);
    let anew = whats(&told);
    assert!(
        matches!(anew.as_slice(), [What::Evidence(_)]),
        "the number is kept, and its day dates nothing: {anew:?}"
    );
}

#[test]
fn a_doubtful_part_is_asked_back_and_the_others_are_recorded() {
    let owed = three();
    let decision = says(
        "I.2 nộp rồi nhưng thiếu biểu, II.2/1 đang làm, được 40%",
        &situation(&owed, &[]),
    );
    let recorded: Vec<_> = decision.changes.iter().map(|one| one.obligation).collect();
    assert_eq!(recorded, [ObligationId(2)], "{decision:#?}");
    assert!(matches!(only_change(&decision).what, What::Progress { .. }));
    let question = asked(&decision);
    assert_eq!(
        (question.kind, question.about.as_slice()),
        (QuestionKind::Sure, &[ObligationId(1)][..])
    );
}

#[test]
fn whoever_is_asked_which_task_is_meant_is_asked_too_whether_it_is_done() {
    let owed = three();
    let told: Vec<ObligationId> = owed.iter().map(Owed::id).collect();
    let idle = situation(&owed, &told);
    let decision = says("không dám nói xong", &idle);
    let which = asked(&decision);
    assert_eq!(which.kind, QuestionKind::Which);
    let waits = Situation {
        asked: Some(which),
        ..idle
    };
    let chosen = says("2", &waits);
    assert_eq!(chosen.changes, [], "{chosen:#?}");
    let whether = asked(&chosen);
    assert_eq!(whether.kind, QuestionKind::Sure);
    assert_eq!(whether.about.as_slice(), &which.about[1..2]);
    let named = says("II.2/1", &waits);
    assert_eq!(asked(&named).kind, QuestionKind::Sure, "{named:#?}");
    // "Not yet" to that is no word of another task.
    let waits = Situation {
        asked: Some(whether),
        ..idle
    };
    for text in ["chưa", "chưa ạ, đang làm", "chưa, mới 60%"] {
        let decision = says(text, &waits);
        let change = only_change(&decision);
        assert_eq!(change.obligation, whether.about[0], "{text}");
        assert!(matches!(&change.what, What::Progress { .. }), "{text}");
    }
    // What is plain needs no second question; the words that raised it are those that are kept.
    let decision = says("xong rồi ạ", &idle);
    let waits = Situation {
        asked: Some(asked(&decision)),
        ..idle
    };
    let chosen = says("2", &waits);
    assert!(matches!(only_change(&chosen).what, What::Done { .. }));
    assert_eq!(chosen.quote.as_deref(), Some("xong rồi ạ"));
}
