//! What waits for a decision when a document comes, or a decision of another kind: it is never dropped without a word.

use dondoc::app::verify::verify;
use dondoc::domain::amendment::Change;
use dondoc::domain::obligation::{Pending, State};
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::{Policy, Resolution};

use super::amending::{given_to, order, until};
use super::conversation::words;
use super::deciding::{order as decided, plan};
use super::stage::{Stage, day};
use crate::support::db::{TestDb, on_both_databases};

const WISH: &str = "II.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ";

/// STP has asked for more time until 15/4 for II.2/1.
async fn asked(test: TestDb) -> Stage {
    let stage = Stage::at(test, "2020-03-16T07:30:00").await;
    stage.round_at("2020-03-16T07:30:00").await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    stage.answers("2020-03-16T09:30:00", WISH).await;
    stage.set_time("2020-03-17T10:00:00");
    stage
}

impl Stage {
    /// What the officer of STP reads in the brief of that morning.
    async fn brief(&self, date: &str) -> String {
        let _ = self.chat.take();
        self.round_at(&format!("{date}T07:30:00")).await;
        let left = self.chat.take();
        let mut texts: Vec<String> = left.iter().map(|one| one.text.clone()).collect();
        texts.retain(|text| {
            ["Thay đổi theo", "Thôi áp dụng"]
                .iter()
                .any(|one| text.contains(one))
        });
        assert!(texts.len() <= 1, "{texts:#?}");
        texts.pop().unwrap_or_default()
    }

    /// What becomes of what was raised, by the last line of the ledger that says so.
    async fn becomes(&self, task: &str, agency: &str) -> Vec<String> {
        let explained = self.explained((task, 1), agency).await;
        let mut lines = explained.events.iter().rev();
        let raised = lines.find_map(|one| one.entry.payload["raised"].as_array().cloned());
        let raised = raised.into_iter().flatten();
        raised
            .map(|one| {
                format!(
                    "{} {}",
                    one["what"].as_str().unwrap(),
                    one["becomes"].as_str().unwrap()
                )
            })
            .collect()
    }

    async fn stands(&self) {
        let found = &verify(&self.daemon.deliverer.db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));
    }
}

on_both_databases! {
    async fn a_document_that_gives_the_day_that_was_asked_for_is_said_to_be_the_answer_once(test: TestDb) {
        let stage = asked(test).await;
        stage.amends(&order("II.2", &["STP"], until("2020-04-30")), false).await.unwrap();
        let text = stage.brief("2020-03-18").await;
        assert!(text.contains("đề nghị gia hạn đã gửi được giải quyết bằng văn bản này"), "{text}");
        assert_eq!(stage.brief("2020-03-19").await, "", "it is told once");
        assert_eq!(stage.becomes("II.2", "STP").await, ["extension-asked answered"]);
        stage.stands().await;
    }

    async fn a_document_that_gives_less_than_was_asked_for_leaves_the_wish_waiting_and_says_so(test: TestDb) {
        let stage = asked(test).await;
        stage.amends(&order("II.2", &["STP"], until("2020-04-10")), false).await.unwrap();
        assert_eq!(stage.of("II.2", "STP").await.unwrap().pending, Some(Pending::Extension));
        let text = stage.brief("2020-03-18").await;
        assert!(text.contains("đề nghị gia hạn đã gửi vẫn chờ quyết định"), "{text}");
    }

    async fn a_wish_rests_with_a_suspension_and_waits_again_when_it_is_resumed(test: TestDb) {
        let stage = asked(test).await;
        stage.amends(&order("II.2", &["STP"], Change::Suspend), false).await.unwrap();
        let text = stage.brief("2020-03-18").await;
        assert!(text.contains("Tạm dừng: II.2/1") && text.contains("đề nghị gia hạn đã gửi tạm gác"), "{text}");
        stage.set_time("2020-03-19T10:00:00");
        let resumed = order("II.2", &["STP"], Change::Resume { due_on: None });
        stage.amends(&resumed, false).await.unwrap();
        assert_eq!(stage.of("II.2", "STP").await.unwrap().pending, Some(Pending::Extension));
        let text = stage.brief("2020-03-20").await;
        assert!(text.contains("đề nghị gia hạn đã gửi trước đó tiếp tục chờ quyết định"), "{text}");
        assert_eq!(stage.becomes("II.2", "STP").await, ["extension-asked returns"]);
        stage.stands().await;
        // It is decided with the day that was asked for.
        let granted = decided(Resolution::Extend { until: None }, "");
        let settled = stage.settles("2020-03-20T14:00:00", &granted, false).await.unwrap();
        assert_eq!(settled.after.due_on, Some(day("2020-04-15")));
    }

    async fn a_suspension_that_is_taken_back_brings_the_wish_back(test: TestDb) {
        let stage = asked(test).await;
        let held = stage.amends(&order("II.2", &["STP"], Change::Suspend), false).await.unwrap();
        assert!(stage.brief("2020-03-18").await.contains("Tạm dừng: II.2/1"));
        stage.set_time("2020-03-18T10:00:00");
        stage.revokes(held.amendment).await.unwrap();
        assert_eq!(stage.of("II.2", "STP").await.unwrap().pending, Some(Pending::Extension));
        let text = stage.brief("2020-03-19").await;
        assert!(text.contains("đề nghị gia hạn đã gửi trước đó tiếp tục chờ quyết định"), "{text}");
    }

    async fn a_claim_outlasts_an_extension_and_the_extension_can_be_taken_back(test: TestDb) {
        let loaded = plan(Acceptance::Confirm, Policy::default());
        let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2/1 xong, KH số 12/KH-STP ngày 16/3").await;
        let granted = decided(Resolution::Extend { until: Some(day("2020-04-15")) }, "");
        let settled = stage.settles("2020-03-17T14:00:00", &granted, false).await.unwrap();
        assert_eq!((settled.after.due_on, settled.after.pending), (Some(day("2020-04-15")), Some(Pending::Acceptance)));
        stage.daemon.round(&dondoc::app::deliver::Halt::never()).await.unwrap();
        let left = stage.chat.take();
        let told = left.iter().find(|one| one.message_id.starts_with("<decision.")).unwrap();
        assert!(told.text.contains("Báo cáo hoàn thành đã gửi vẫn chờ xác nhận"), "{}", told.text);
        stage.stands().await;
        stage.set_time("2020-03-17T15:00:00");
        let db = &stage.daemon.deliverer.db;
        let setup = &stage.daemon.deliverer.setup;
        let what = dondoc::app::resolve::Revocation {
            task: "II.2".into(),
            milestone: Some(1),
            agency: "STP".into(),
            reason: None,
            by: None,
        };
        let clock = &stage.daemon.deliverer.clock;
        let (charge, origin) = (&setup.charges[0], &stage.daemon.deliverer.origin);
        let back = dondoc::app::resolve::take_back(db, setup, origin, charge, &what, clock.today(), clock.now(), false).await.unwrap();
        assert_eq!((back.after.due_on, back.after.pending), (Some(day("2020-03-31")), Some(Pending::Acceptance)));
        let accepted = decided(Resolution::Accept { on: None }, "");
        let settled = stage.settles("2020-03-18T14:00:00", &accepted, false).await.unwrap();
        assert_eq!((settled.after.state, settled.after.done_on), (State::Done, Some(day("2020-03-16"))));
        stage.stands().await;
    }

    async fn a_claim_outlasts_a_document_that_is_taken_back(test: TestDb) {
        let loaded = plan(Acceptance::Confirm, Policy::default());
        let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let moved = stage.amends(&order("II.2", &["STP"], until("2020-04-30")), false).await.unwrap();
        stage.answers("2020-03-17T09:30:00", "II.2/1 xong, KH số 12/KH-STP ngày 16/3").await;
        stage.revokes(moved.amendment).await.unwrap();
        let now = stage.of("II.2", "STP").await.unwrap();
        assert_eq!((now.due_on, now.pending), (Some(day("2020-03-31")), Some(Pending::Acceptance)));
        stage.stands().await;
    }

    async fn a_wish_goes_with_the_obligation_to_the_agency_that_takes_it_over(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.round_at("2020-03-16T07:30:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.linked("2020-03-16T09:05:00", "snv.officer", "71").await;
        let wish = "I.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ";
        stage.answers("2020-03-16T09:30:00", wish).await;
        stage.set_time("2020-03-17T10:00:00");
        let given = order("I.2", &["STP"], given_to(&["STC"]));
        let outcome = stage.amends(&given, false).await.unwrap();
        assert_eq!(stage.of("I.2", "STC").await.unwrap().pending, Some(Pending::Extension));
        let text = stage.brief("2020-03-18").await;
        assert!(text.contains("đề nghị gia hạn đã gửi chuyển theo việc này"), "{text}");
        stage.stands().await;
        // Whoever decides reads the words and the day, and may grant it.
        let (card, _) = stage.decides("2020-03-18T09:00:00", "71", words("quyết định")).await;
        assert!(card.text.contains("Sở Tài chính xin gia hạn đến 15/4/2020"), "{}", card.text);
        assert!(card.text.contains("chờ hướng dẫn của Bộ") && card.text.contains("(16/3)"), "{}", card.text);
        let (_, told) = stage.decides("2020-03-18T09:01:00", "71", words("1")).await;
        assert_eq!(stage.of("I.2", "STC").await.unwrap().due_on, Some(day("2020-04-15")));
        assert!(told.iter().any(|text| text.contains("đồng ý gia hạn")), "who asked hears it: {told:#?}");
        stage.stands().await;
        let kept = stage.revokes(outcome.amendment).await.unwrap_err();
        assert!(kept.to_string().contains("was changed since"), "{kept}");
    }

    async fn what_comes_back_from_another_agency_waits_again_unless_it_was_decided_there(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let wish = "I.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ";
        stage.answers("2020-03-16T09:30:00", wish).await;
        let given = order("I.2", &["STP"], given_to(&["STC"]));
        let outcome = stage.amends(&given, false).await.unwrap();
        stage.revokes(outcome.amendment).await.unwrap();
        let pending = async |agency: &str| stage.of("I.2", agency).await.unwrap().pending;
        assert_eq!((pending("STP").await, pending("STC").await), (Some(Pending::Extension), None));
        stage.stands().await;
        let again = order("I.2", &["STP"], given_to(&["SCT"]));
        let outcome = stage.amends(&again, false).await.unwrap();
        let refused = dondoc::app::resolve::Order {
            task: "I.2".into(),
            agency: "SCT".into(),
            ..decided(Resolution::Refuse, "Phải ban hành trong quý I")
        };
        stage.settles("2020-03-17T14:00:00", &refused, false).await.unwrap();
        stage.revokes(outcome.amendment).await.unwrap();
        assert_eq!(pending("STP").await, None, "it was refused");
        stage.stands().await;
    }

    async fn a_difficulty_is_named_and_goes_along(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "I.2 vướng, chưa có hướng dẫn của Bộ").await;
        let given = order("I.2", &["STP"], given_to(&["STC"]));
        stage.amends(&given, false).await.unwrap();
        assert_eq!(stage.becomes("I.2", "STP").await, ["blocked moves"]);
        let heir = stage.of("I.2", "STC").await.unwrap();
        assert_eq!(stage.ledger(&heir).await, ["received", "blocked"]);
        stage.stands().await;
    }
}
