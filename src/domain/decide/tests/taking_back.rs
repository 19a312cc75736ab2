//! What is taken back, and what is only said not to be done.

use super::heard::{on_15_april, reported, says};
use super::*;
use crate::domain::decide::{Claim, OwnChange};

fn done(owed: &mut Owed, event: i64) -> OwnChange {
    let before = Stand::of(&owed.obligation);
    owed.obligation.state = State::Done;
    owed.obligation.done_on = Some(today());
    owed.claim = Some(Claim {
        event,
        on: today(),
        said_on: today(),
        before,
    });
    OwnChange {
        event,
        obligation: owed.id(),
        before,
        after: Stand::of(&owed.obligation),
        on: today(),
        is_fresh: true,
        message: Some(format!("inbox:{event}")),
    }
}

#[test]
fn what_may_deny_the_report_of_a_moment_ago_offers_to_take_it_back() {
    let (owed, own) = reported(None);
    let idle = on_15_april(&owed, &own);
    for text in [
        "mới bản nháp thôi anh",
        "ghi lại là đang làm",
        "ủa, tui có nói xong mô",
        "đừng ghi hoàn thành vội",
    ] {
        let decision = says(text, &idle);
        assert_eq!(decision.changes, [], "{text}");
        let offered = &asked(&decision).options[0][0];
        assert_eq!(offered.what, What::Undo { event: 7 }, "{text}");
    }
}

#[test]
fn a_mistake_that_names_a_work_is_about_the_report_of_that() {
    let mut owed = super::which::four();
    let mut own = Vec::new();
    for (at, event) in [(1, 8), (0, 7)] {
        let before = Stand::of(&owed[at].obligation);
        owed[at].obligation.state = State::Done;
        owed[at].claim = Some(Claim {
            event,
            on: today(),
            said_on: today(),
            before,
        });
        own.push(OwnChange {
            event,
            obligation: owed[at].id(),
            before,
            after: Stand::of(&owed[at].obligation),
            on: today(),
            is_fresh: true,
            message: None,
        });
    }
    let idle = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    let of_plan = says("nhầm cái kế hoạch", &idle);
    assert_eq!(only_change(&of_plan).what, What::Undo { event: 7 });
    let of_last = says("nhầm cái báo cáo", &idle);
    assert_eq!(only_change(&of_last).what, What::Undo { event: 8 });
}

#[test]
fn a_mistake_said_to_a_question_drops_it_and_takes_nothing_back() {
    let mut owed = three();
    let own = [done(&mut owed[0], 9)];
    for kind in [QuestionKind::Sure, QuestionKind::Which] {
        let asks = super::asked::question(kind, 2);
        let with = Situation {
            own_changes: &own,
            asked: Some(&asks),
            ..situation(&owed, &[])
        };
        let decision = decide("nhầm", &sure(Intent::Undo, &[]), &with);
        assert_eq!(decision.answer.note, Some(Note::Dropped), "{kind:?}");
        assert_eq!((decision.changes, decision.forgets), (vec![], true));
        let other = decide("I.2 nhầm", &sure(Intent::Undo, &["I.2"]), &with);
        assert_ne!(other.answer.note, Some(Note::Dropped), "{kind:?}");
    }
}

#[test]
fn all_that_one_message_changed_of_an_obligation_is_taken_back_newest_first() {
    let mut owed = three();
    let last = done(&mut owed[0], 9);
    let asked = Stand {
        pending: Some(Pending::Extension),
        ..last.before
    };
    let first = OwnChange {
        event: 8,
        before: last.before,
        after: asked,
        ..last.clone()
    };
    let last = OwnChange {
        before: asked,
        ..last
    };
    let open = first.before;
    let own = [last, first];
    let with = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    let decision = decide("nhầm", &sure(Intent::Undo, &[]), &with);
    let events: Vec<What> = decision
        .changes
        .iter()
        .map(|one| one.what.clone())
        .collect();
    assert_eq!(events, [What::Undo { event: 9 }, What::Undo { event: 8 }]);
    assert_eq!(decision.changes[1].after, open);
    assert_eq!(decision.answer.recorded.len(), 1, "told once");
}

#[test]
fn what_is_said_beside_a_mistake_is_recorded_only_where_it_is_sure() {
    let mut owed = three();
    let own = [done(&mut owed[0], 9)];
    let with = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    let name = |at: usize| owed[at].obligation.milestone.to_string();
    let part = |at, intent| Part {
        task: Some(name(at)),
        intent,
    };
    let mut said = sure(Intent::Undo, &[]);
    said.refs = vec![name(0), name(1)];
    said.parts = vec![part(0, Intent::Undo), part(1, Intent::Done)];
    let both = decide("nhầm, cái kia mới xong", &said, &with);
    assert_eq!(both.changes.len(), 2, "{both:#?}");
    said.sure = false;
    let decision = decide("nhầm, cái kia mới xong", &said, &with);
    let changed: Vec<_> = decision.changes.iter().map(|one| one.obligation).collect();
    assert_eq!(changed, [owed[0].id()], "{decision:#?}");
    assert_eq!(asked(&decision).kind, QuestionKind::Sure);
}

#[test]
fn of_what_is_named_and_was_not_reported_nothing_else_is_taken_back() {
    let mut owed = three();
    let own = [done(&mut owed[0], 9)];
    let with = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    let decision = decide("II.2/1 nhầm", &sure(Intent::Undo, &["II.2/1"]), &with);
    assert_eq!(only_refusal(&decision), Why::NothingToUndo);
    let decision = decide("nhầm V.9", &sure(Intent::Undo, &["V.9"]), &with);
    assert_eq!(only_refusal(&decision), Why::NotOwed);
}

#[test]
fn a_claim_that_is_contradicted_changes_nothing_until_it_is_answered() {
    for pending in [None, Some(Pending::Acceptance)] {
        let mut owed = three();
        let open = Stand::of(&owed[0].obligation);
        if pending.is_some() {
            owed[0].obligation.pending = pending;
            owed[0].claim = Some(Claim {
                event: 9,
                on: today(),
                said_on: today(),
                before: open,
            });
        } else {
            done(&mut owed[0], 9);
        }
        for intent in [Intent::Progress, Intent::Blocked, Intent::Reassign] {
            let said = sure(intent, &["I.2"]);
            let decision = decide("I.2 chưa xong", &said, &situation(&owed, &[]));
            assert_eq!(
                (&decision.changes, &decision.answer.refused),
                (&vec![], &vec![])
            );
            let question = asked(&decision);
            assert_eq!(question.kind, QuestionKind::TakeBack);
            let with = Situation {
                asked: Some(question),
                ..situation(&owed, &[])
            };
            let taken = decide_choice(1, &with);
            assert_eq!(taken.changes.len(), 2, "{taken:#?}");
            assert_eq!(taken.changes[0].what, What::Undo { event: 9 });
            assert_eq!(taken.changes[0].after, open);
            assert_eq!(taken.changes[1].before, open);
            let left = decide_choice(2, &with);
            assert_eq!((left.changes, left.answer.note), (vec![], Some(Note::Kept)));
        }
    }
}

#[test]
fn a_claim_that_was_confirmed_meanwhile_is_not_taken_back_by_an_old_button() {
    let mut owed = three();
    done(&mut owed[0], 9);
    let said = sure(Intent::Progress, &["I.2"]);
    let question = asked(&decide("", &said, &situation(&owed, &[]))).clone();
    owed[0].claim = None;
    let with = Situation {
        asked: Some(&question),
        ..situation(&owed, &[])
    };
    let late = decide_choice(1, &with);
    assert_eq!(late.changes, []);
    assert!(
        late.answer
            .refused
            .iter()
            .all(|one| one.why == Why::ChangedSince)
    );
}

#[test]
fn a_number_that_counts_nothing_is_asked_about_and_names_no_row() {
    let owed = three();
    let decision = decide(
        "việc 3 xong",
        &sure(Intent::Done, &["#3"]),
        &situation(&owed, &[]),
    );
    assert_eq!(decision.changes, []);
    assert_eq!(asked(&decision).kind, QuestionKind::Which);
    let listed = [ObligationId(3), ObligationId(1)];
    let with = Situation {
        numbered: &listed,
        ..situation(&owed, &[])
    };
    let decision = decide("việc 2 xong", &sure(Intent::Done, &["#2"]), &with);
    assert_eq!(only_change(&decision).obligation, ObligationId(1));
}

#[test]
fn who_works_on_what_was_called_anothers_does_not_call_it_that_any_more() {
    let mut owed = three();
    let waits = |pending, says: Intent, owed: &mut [Owed]| {
        owed[0].obligation.pending = pending;
        let decision = decide("", &sure(says, &["I.2"]), &situation(owed, &[]));
        let replaces = decision.answer.recorded[0].replaces;
        (only_change(&decision).after.pending, replaces)
    };
    let disowned = Some(Pending::Reassignment);
    assert_eq!(
        waits(disowned, Intent::Progress, &mut owed),
        (None, disowned)
    );
    // What prevents the work may be just that; and a wish for more time waits on.
    assert_eq!(
        waits(disowned, Intent::Blocked, &mut owed),
        (disowned, None)
    );
    let wished = Some(Pending::Extension);
    assert_eq!(waits(wished, Intent::Progress, &mut owed), (wished, None));
}

#[test]
fn after_a_week_a_completion_is_the_monitors_to_give_back_whoever_claimed_it() {
    let mut owed = three();
    let mut own = done(&mut owed[0], 9);
    for (days, is_own) in [(8, true), (8, false), (7, false)] {
        let said_on = today() - chrono::TimeDelta::days(days);
        own.on = said_on;
        let claim = owed[0].claim.as_mut().unwrap();
        claim.said_on = said_on;
        let own = std::slice::from_ref(&own);
        let with = Situation {
            own_changes: if is_own { own } else { &[] },
            ..situation(&owed, &[])
        };
        let decision = decide("nhầm I.2", &sure(Intent::Undo, &["I.2"]), &with);
        if days > 7 {
            assert_eq!(only_refusal(&decision), Why::NothingToUndo, "{is_own}");
            assert_eq!(decision.answer.question, None);
        } else {
            assert_eq!(asked(&decision).kind, QuestionKind::TakeBack);
        }
    }
}

#[test]
fn of_a_mistake_beside_another_task_each_keeps_its_own_details() {
    let mut owed = three();
    let own = [done(&mut owed[1], 9)];
    let with = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    let text = "II.2/1 nhầm, chưa ký; I.2 xin gia hạn đến 10/4";
    let decision = super::heard::says(text, &with);
    let mistaken = |one: &&Change| one.obligation == ObligationId(2);
    let taken_back: Vec<_> = decision.changes.iter().filter(mistaken).collect();
    assert_eq!(taken_back.len(), 1, "{decision:#?}");
    assert_eq!(taken_back[0].what, What::Undo { event: 9 });
    let until = What::Extension {
        until: Some(day(4, 10)),
    };
    let asked = decision.answer.question.iter();
    let offered = asked.flat_map(|question| question.options.iter().flatten());
    let mut wishes = offered.map(|act| (act.obligation, act.what.clone()));
    let recorded = decision.changes.iter();
    let mut recorded = recorded.map(|one| (one.obligation, one.what.clone()));
    let wish = (ObligationId(1), until);
    assert!(
        recorded.any(|one| one == wish) || wishes.any(|one| one == wish),
        "{decision:#?}"
    );
}

#[test]
fn a_share_of_one_task_is_not_that_of_another() {
    let mut owed = three();
    let _ = done(&mut owed[1], 9);
    let mut said = sure(Intent::Extension, &["II.2/1", "I.2"]);
    said.parts = vec![
        Part {
            task: Some("II.2/1".to_owned()),
            intent: Intent::Progress,
        },
        Part {
            task: Some("I.2".to_owned()),
            intent: Intent::Extension,
        },
    ];
    said.percent = Some(40);
    said.date = Some(day(4, 10));
    let decision = decide("…", &said, &situation(&owed, &[]));
    let acts = &asked(&decision).options[0];
    assert_eq!(
        acts[1].what,
        What::Progress {
            percent: None,
            expected_on: None,
            document: None
        }
    );
}

#[test]
fn a_wish_for_more_time_that_is_not_wanted_any_more_is_taken_back() {
    let mut owed = three();
    let before = Stand::of(&owed[1].obligation);
    owed[1].obligation.pending = Some(Pending::Extension);
    let own = [OwnChange {
        event: 9,
        obligation: ObligationId(2),
        before,
        after: Stand::of(&owed[1].obligation),
        on: today(),
        is_fresh: true,
        message: None,
    }];
    let with = Situation {
        own_changes: &own,
        ..situation(&owed, &[])
    };
    for text in [
        "khỏi gia hạn",
        "thôi khỏi gia hạn ạ",
        "không xin gia hạn II.2/1 nữa",
        "rút đề nghị gia hạn II.2/1 giúp em",
        "thoi khoi gia han nua",
    ] {
        let decision = super::heard::says(text, &with);
        let change = only_change(&decision);
        assert_eq!(change.what, What::Undo { event: 9 }, "{text}");
        assert_eq!(change.after.pending, None, "{text}");
    }
    for text in [
        "không gia hạn ạ?",
        "không được gia hạn",
        "không xin gia hạn I.2 nữa",
    ] {
        let decision = super::heard::says(text, &with);
        assert!(
            !decision
                .changes
                .iter()
                .any(|one| matches!(one.what, What::Undo { .. })),
            "{text}"
        );
    }
}
