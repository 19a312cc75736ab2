//! What becomes of what an agency owed that was split: each of those that follow owes it.

use dondoc::app::amend::{Order, Scope};
use dondoc::app::verify::verify;
use dondoc::domain::amendment::Fate;
use dondoc::domain::obligation::{Pending, State};
use serde_json::json;

use super::amending::{given_to, order};
use super::stage::{Stage, loaded, to};
use crate::support::db::on_both_databases;

on_both_databases! {
    async fn what_passes_to_two_is_owed_by_both_in_one_step_and_comes_back_as_one(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.round_at("2020-03-16T07:30:00").await;
        stage.set_time("2020-03-16T10:00:00");
        let split = order("VI.5", &["STTTT"], given_to(&["STP", "STC"]));
        let would = stage.amends(&split, true).await.unwrap();
        assert_eq!(stage.of("VI.5", "STP").await, None, "a dry run changes nothing");
        let did = stage.amends(&split, false).await.unwrap();
        assert_eq!((&did.effects, &did.told), (&would.effects, &would.told));
        assert_eq!(did.effects.len(), 1);
        assert_eq!(did.effects[0].given, [("STP".into(), Fate::TakenOver), ("STC".into(), Fate::TakenOver)]);
        for heir in ["STP", "STC"] {
            let owed = stage.of("VI.5", heir).await.unwrap();
            assert_eq!((owed.state, owed.taken_from.clone()), (State::Open, Some("STTTT".into())), "{heir}");
        }
        let gone = stage.of("VI.5", "STTTT").await.unwrap();
        assert_eq!(gone.state, State::Cancelled);
        let line = stage.explained(("VI.5", 1), "STTTT").await;
        assert_eq!(line.given_to, ["STP".into(), "STC".into()]);
        assert_eq!(line.events.last().unwrap().entry.payload["counterpart"], json!(["STP", "STC"]));
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        let told = |address: &str, text: &str| to(&mails, address).iter().any(|mail| mail.text.contains(text));
        for (address, other) in [("cchc.stp@quangnam.example", "Sở Tài chính"), ("cchc.stc@quangnam.example", "Sở Tư pháp")] {
            let line = format!("Tiếp nhận từ Sở Thông tin và Truyền thông, cùng với {other}: VI.5");
            assert!(told(address, &line) && told(address, "\nLý do: Phòng, chống dịch.\n"), "{address}: {mails:#?}");
        }
        assert!(mails.iter().any(|mail| mail.text.contains("Chuyển cho Sở Tư pháp, Sở Tài chính: VI.5")), "{mails:#?}");
        let found = &verify(&stage.daemon.deliverer.db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));
        // The same files, read again, change nothing of it.
        let imported = stage.daemon.import(&loaded().contacts).await.unwrap();
        assert_eq!((imported.inserted, imported.vanished), (0, Vec::new()));

        stage.revokes(did.amendment).await.unwrap();
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Open);
        for heir in ["STP", "STC"] {
            assert_eq!(stage.of("VI.5", heir).await.unwrap().state, State::Cancelled, "{heir}");
        }
    }

    async fn what_one_of_two_has_done_keeps_it_with_both(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T10:00:00").await;
        let split = order("VI.5", &["STTTT"], given_to(&["STP", "STC"]));
        let did = stage.amends(&split, false).await.unwrap();
        stage.done("VI.5", 1, "STC", "2020-03-16").await;
        let kept = stage.revokes(did.amendment).await.unwrap_err();
        assert!(kept.to_string().contains("is done"), "{kept}");
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Cancelled);
        assert_eq!(stage.of("VI.5", "STP").await.unwrap().state, State::Open, "it is owed there as before");
    }

    async fn a_whole_agency_is_split_and_ends_and_each_part_finds_its_own(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "I.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..order("II.2", &[], given_to(&["SNV", "STC"]))
        };
        let did = stage.amends(&whole, false).await.unwrap();
        let fates = |task: &str| {
            let mut effects = did.effects.iter();
            effects.find(|one| one.before.milestone.task == task.into()).unwrap().given.clone()
        };
        assert_eq!(fates("II.2"), [("SNV".into(), Fate::Joined), ("STC".into(), Fate::Joined)]);
        assert_eq!(fates("I.2"), [("SNV".into(), Fate::TakenOver), ("STC".into(), Fate::TakenOver)]);
        for heir in ["SNV", "STC"] {
            let owed = stage.of("I.2", heir).await.unwrap();
            assert_eq!(owed.pending, Some(Pending::Extension), "{heir} waits for the same");
        }
        let found = &verify(&stage.daemon.deliverer.db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));
        stage.revokes(did.amendment).await.unwrap();
        assert_eq!(stage.of("I.2", "STP").await.unwrap().pending, Some(Pending::Extension));
        assert_eq!(stage.of("I.2", "STC").await.unwrap().state, State::Cancelled);
    }
}
